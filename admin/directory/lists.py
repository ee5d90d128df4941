"""Many entries at once: a list is put in whole or not at all, foreseen row by row first, and given out in the same form."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from pydantic import BaseModel
from sqlalchemy.orm import Session

from admin.api.directory_out import GatheringOut, MaterialOut, PointOut
from admin.api.directory_shapes import GatheringIn, MaterialIn, PointIn
from admin.directory.mistakes import DirectoryMistake, Mistakes
from admin.directory_file import Kind, Row, Shape, Sheet
from admin.people.marks import mark_of
from scheduler.gatherings import put_gathering
from scheduler.rota.recurrence import RuleRefused
from scheduler.slots import HELSINKI
from tickets.entries import EntryRefusal, entries, entry_with, put_material, put_point
from tickets.gatherings import Gathering
from tickets.materials import Material
from tickets.points import ReferralPoint

COLUMN: Final = {
    EntryRefusal.UNKNOWN_ORGANISATION: "organisation",
    EntryRefusal.UNKNOWN_OWNER: "owner",
    EntryRefusal.UNKNOWN_E_SERVICE: "e_service",
}


class Fate(StrEnum):
    """What becomes of a line of a list."""

    ADDED = "added"
    CHANGED = "changed"
    LEFT = "left"
    WRONG = "wrong"


@dataclass(frozen=True, slots=True)
class Foretold:
    """A line of a list and what becomes of it: which fields change, or what is wrong with which column; `told` for the console."""

    line: int
    code: str
    name: str
    fate: Fate
    changes: Sequence[str] = ()
    mistakes: Mistakes | None = None
    told: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What a list would do; `mark` is another one as soon as it would do anything else, or to anything else."""

    kind: Kind
    lines: Sequence[Foretold]
    mark: str

    def of(self, fate: Fate) -> Sequence[Foretold]:
        """The lines of which this becomes."""
        return [one for one in self.lines if one.fate == fate]

    @property
    def does_something(self) -> bool:
        """Whether it can be accepted, and is not all there already."""
        return not self.of(Fate.WRONG) and len(self.of(Fate.LEFT)) < len(self.lines)


def put_list(session: Session, network_id: int, sheet: Sheet, now: datetime) -> Plan:
    """Put a list in, and tell what became of each line; where one is wrong, nothing of it may be committed."""
    lines = [Foretold(one.line, one.code, "", Fate.WRONG, mistakes=one.mistakes) for one in sheet.wrong]
    stood = list[object]()
    # Two who bring lists hold their entries in one order.
    for row in sorted(sheet.rows, key=lambda one: one.entry.code):
        before = _held(session, sheet.kind, network_id, row.entry.code)
        stood.append(None if before is None else before.changed_at)
        lines.append(_put_line(session, network_id, row, _facts(before), now))
    lines.sort(key=lambda one: one.line)
    mark = mark_of((lines, stood))
    return Plan(sheet.kind, lines, mark)


def put_entry(session: Session, network_id: int, entry: Shape, now: datetime) -> int | EntryRefusal | RuleRefused:
    """Put one entry in, or let the one of its code be so from now on; its number."""
    match entry:
        case PointIn():
            return put_point(session, network_id, entry.facts(_day(now)), now=now)
        case MaterialIn():
            return put_material(session, network_id, entry.facts(_day(now)), now=now)
        case GatheringIn():
            return put_gathering(session, network_id, entry.facts(), now=now)


def listed(
    session: Session, kind: Kind, network_id: int, now: datetime
) -> Sequence[PointOut] | Sequence[MaterialOut] | Sequence[GatheringOut]:
    """All entries of a kind as they are given out; what is held no more is left out."""
    match kind:
        case Kind.POINTS:
            return [PointOut.of(row, _day(now)) for row in entries(session, ReferralPoint, network_id)]
        case Kind.MATERIALS:
            return [MaterialOut.of(row, _day(now)) for row in entries(session, Material, network_id)]
        case Kind.GATHERINGS:
            held = entries(session, Gathering, network_id)
            return [GatheringOut.of(row, ()) for row in held if row.cancelled_at is None]


def _put_line(session: Session, network_id: int, row: Row, before: Mapping[str, object], now: datetime) -> Foretold:
    answer = put_entry(session, network_id, row.entry, now)
    code, name = row.entry.code, _name_of(row.entry)
    if isinstance(answer, RuleRefused):
        told = f"{answer.part}: {answer.fault.value.replace('_', ' ')}"
        return Foretold(row.line, code, name, Fate.WRONG, mistakes={"rrule": DirectoryMistake.RULE}, told=told)
    if isinstance(answer, EntryRefusal):
        return Foretold(row.line, code, name, Fate.WRONG, mistakes={COLUMN[answer]: DirectoryMistake.NUMBER_OF_ONE})
    if not before:
        return Foretold(row.line, code, name, Fate.ADDED)
    facts = row.entry.facts() if isinstance(row.entry, GatheringIn) else row.entry.facts(_day(now))
    changes = [one.name for one in fields(facts) if before[one.name] != getattr(facts, one.name)]
    return Foretold(row.line, code, name, Fate.CHANGED if changes else Fate.LEFT, changes)


def _held(session: Session, kind: Kind, network_id: int, code: str) -> ReferralPoint | Gathering | Material | None:
    """The entry of this code, held so that nobody changes it before we have."""
    row: ReferralPoint | Gathering | Material | None
    match kind:
        case Kind.POINTS:
            row = entry_with(session, ReferralPoint, network_id, code)
        case Kind.GATHERINGS:
            row = entry_with(session, Gathering, network_id, code)
        case Kind.MATERIALS:
            row = entry_with(session, Material, network_id, code)
    if row is not None:
        session.refresh(row, with_for_update=True)
    return row


def _facts(row: ReferralPoint | Material | Gathering | None) -> Mapping[str, object]:
    return {} if row is None else {column.key: getattr(row, column.key) for column in row.__table__.columns}


def _name_of(entry: BaseModel) -> str:
    return next((str(told) for name in ("name_fi", "name_sv", "title") if (told := getattr(entry, name, None))), "")


def _day(now: datetime) -> date:
    return now.astimezone(HELSINKI).date()
