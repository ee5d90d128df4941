"""Places and material stand on shelves alike: looked through, put in, changed, looked at again, taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from enum import StrEnum
from typing import Generic, TypeVar

from pydantic import BaseModel
from sqlalchemy.orm import Session

from admin.api.directory_shapes import GatheringIn, MaterialIn, PointIn
from admin.directory.lists import put_entry
from admin.directory.mistakes import DirectoryMistake, Mistakes
from admin.directory.typed import SEVERAL, Typed, code_for, read
from admin.wording import municipality_name
from scheduler.rota.recurrence import RuleFault, RuleRefused
from scheduler.slots import HELSINKI
from tickets.entries import EntryRefusal, entry_with
from tickets.gatherings import Gathering
from tickets.materials import Material
from tickets.points import ReferralPoint

E = TypeVar("E", ReferralPoint, Material, Gathering)
Shape = PointIn | MaterialIn | GatheringIn
FIELD_OF: Mapping[EntryRefusal, str] = {
    EntryRefusal.UNKNOWN_ORGANISATION: "organisation",
    EntryRefusal.UNKNOWN_OWNER: "owner",
    EntryRefusal.UNKNOWN_E_SERVICE: "e_service",
}


@dataclass(frozen=True, slots=True)
class Shelf(Generic[E]):
    """One kind of entry: its rows, the shape in which it is put in, and what it is called by in a form."""

    name: str
    row: type[E]
    shape: type[Shape]
    names: Sequence[str]


POINTS = Shelf("points", ReferralPoint, PointIn, ("name_fi", "name_sv"))
MATERIALS = Shelf("materials", Material, MaterialIn, ("title",))
GATHERINGS = Shelf("gatherings", Gathering, GatheringIn, ("name_fi", "name_sv"))


@dataclass(frozen=True, slots=True)
class Draft:
    """An entry's form as it is shown: what is typed, what is wrong, which row it is, and how that was when it was read."""

    typed: Typed
    mistakes: Mistakes
    code: str | None = None
    seen: str = ""
    stale: bool = False


def draft_of(row: ReferralPoint | Material | Gathering, shape: type[Shape]) -> Draft:
    """The form of an entry as it stands."""
    values = {name: _told(name, _value_of(row, name)) for name in shape.model_fields if name not in SEVERAL}
    ticked = {name: list(getattr(row, name)) for name in SEVERAL if name in shape.model_fields}
    return Draft(Typed({**values, "review_due": ""}, ticked), {}, row.code, row.changed_at.isoformat())


def saved(session: Session, shelf: Shelf[E], network_id: int, sent: Draft, now: datetime) -> str | Draft:
    """The code under which what was sent stands from now on; or the form with what is wrong, or what it is now."""
    row = None if sent.code is None else _locked(session, shelf, network_id, sent.code)
    if sent.code is not None and row is None:
        return Draft(sent.typed, {}, stale=True)
    if row is not None and row.changed_at.isoformat() != sent.seen:
        return Draft(sent.typed, {}, row.code, row.changed_at.isoformat(), stale=True)
    code = sent.code or _new_code(session, shelf, network_id, sent.typed)
    entry = read(shelf.shape, sent.typed, {"code": code})
    if not isinstance(entry, BaseModel):
        return Draft(sent.typed, entry, sent.code, sent.seen)
    refusal = _put(session, network_id, entry, now)
    return code if not refusal else Draft(sent.typed, refusal, sent.code, sent.seen)


def today(now: datetime) -> date:
    """The day in Finland."""
    return now.astimezone(HELSINKI).date()


def _put(session: Session, network_id: int, entry: BaseModel, now: datetime) -> Mistakes:
    assert isinstance(entry, PointIn | MaterialIn | GatheringIn)
    answer = put_entry(session, network_id, entry, now)
    if isinstance(answer, EntryRefusal):
        return {FIELD_OF[answer]: DirectoryMistake.CHOICE}
    if isinstance(answer, RuleRefused):
        before = answer.fault is RuleFault.ENDS_BEFORE
        return {"until": DirectoryMistake.ENDS_BEFORE_FIRST} if before else {"repeats": DirectoryMistake.CHOICE}
    return {}


def _locked(session: Session, shelf: Shelf[E], network_id: int, code: str) -> E | None:
    row = entry_with(session, shelf.row, network_id, code)
    if row is not None:
        session.refresh(row, with_for_update=True)
    return row


def _new_code(session: Session, shelf: Shelf[E], network_id: int, typed: Typed) -> str:
    name = next((typed[name] for name in shelf.names if typed[name].strip()), "")
    return code_for(name, lambda code: entry_with(session, shelf.row, network_id, code) is not None)


def _value_of(row: object, name: str) -> object:
    known = {"owner": "owner_person_id", "organisation": "organisation_id"}.get(name, name)
    return getattr(row, known)


def _told(name: str, value: object) -> str:
    match value:
        case None | False:
            return ""
        case True:
            return "1"
        case time():
            return f"{value:%H:%M}"
        case date():
            return value.isoformat()
        case list():
            return ", ".join(municipality_name(one) if name == "serves" else _told(name, one) for one in value)
        case StrEnum():
            return value.value
        case _:
            return municipality_name(str(value)) if name == "municipality" else str(value)
