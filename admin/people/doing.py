"""How the pages about people ask for a change: by whom and when, refused beside its field, foreseen before it is made."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from flask import render_template, request
from sqlalchemy.orm import Session

from admin.api.operations import By, Doing
from admin.auth import grid, holder
from admin.parts import now, transaction
from scheduler.people.helpers import HelperChanged
from scheduler.people.leaving import Left
from scheduler.people.reach import PeopleRefusal
from scheduler.people.rules import RulesChanged
from scheduler.rota.editing import LostPlace
from scheduler.rota.effects import Effect, foreseen
from scheduler.rota.listing import ShiftCard, shift_card
from tickets.tokens import actor_of

T = TypeVar("T")
FORM: Final = "form"  # what is wrong with no single field
SURE: Final = "sure"
_R = PeopleRefusal
FIELD_OF: Final[Mapping[PeopleRefusal, str]] = {
    _R.ROLE_NOT_YOURS: "role",
    _R.NO_NAME: "name",
    _R.NAME_TAKEN: "name",
    _R.BAD_EMAIL: "email",
    _R.EMAIL_TAKEN: "email",
    _R.BAD_PHONE: "phone",
    _R.PHONE_TAKEN: "phone",
    _R.NEEDS_PHONE: "phone",
    _R.UNKNOWN_ORGANISATION: "organisation",
    _R.NEEDS_ORGANISATION: "organisation",
    _R.UNKNOWN_MUNICIPALITY: "serves",
    _R.NEEDS_LANGUAGE: "languages",
    _R.NOT_A_HELPER: "role",
    _R.IN_FUTURE: "signed_on",
    _R.IN_PAST: "required_from",
    _R.NO_TEXT: "text_fi",
}


class NotDoneError(Exception):
    """Nothing of the change is kept."""

    def __init__(self, refusal: PeopleRefusal | None) -> None:
        super().__init__(refusal)
        self.refusal = refusal

    @property
    def mistakes(self) -> dict[str, str]:
        """Where the form says so, and in which word."""
        field = FORM if self.refusal is None else FIELD_OF.get(self.refusal, FORM)
        return {field: f"people_{self.refusal}"}


class StaleError(NotDoneError):
    """Somebody else has changed it since the form was shown; nothing of the change is kept."""

    def __init__(self) -> None:
        super().__init__(None)

    @property
    def mistakes(self) -> dict[str, str]:
        """What the form says of it."""
        return {FORM: "people_changed_meanwhile"}


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What a change would do that somebody should know before it is made."""

    effect: Effect
    lost: tuple[ShiftCard, ...] = ()
    cases: tuple[str, ...] = ()

    @property
    def weighs(self) -> bool:
        """Whether a promise, a place or a case loses somebody by it."""
        return bool(self.effect.deficits or self.lost or self.cases)


def by() -> By:
    """By whom, and when."""
    return {"now": now(), "actor": actor_of(holder())}


def doing() -> Doing:
    """By whom, when, on which grid."""
    return {**by(), "grid": grid()}


def done(answer: T | PeopleRefusal | None) -> T | None:
    """What a change came to; NotDoneError where it came to nothing."""
    if isinstance(answer, PeopleRefusal):
        raise NotDoneError(answer)
    return answer


def settle(change: Callable[[Session], T | PeopleRefusal], *, ask: bool = False) -> Foreseen | None:
    """Make the change, unless it weighs (or is to be asked about anyway) and nobody has said yet that they are sure.

    What it would do then; None where it is done. Raises NotDoneError.
    """
    with transaction() as session:
        if SURE not in request.form:
            ahead = _told(session, foreseen(session, lambda: done(change(session))))
            if ahead.weighs or ask:
                return ahead
        done(change(session))
    return None


def confirm(ahead: Foreseen, back: str) -> str:
    """Ask once more, with what it would do; everything that was typed goes along."""
    return render_template("people/sure.html", ahead=ahead, typed=typed_again(), back=back)


def typed_again() -> list[tuple[str, str]]:
    """What was typed, for a form that asks once more."""
    return [(name, value) for name, value in request.form.items(multi=True) if name not in ("csrf", SURE)]


def _told(session: Session, came: object) -> Foreseen:
    match came:
        case Left():
            return Foreseen(came.effect, _shifts(session, came.lost), came.cases)
        case HelperChanged():
            return Foreseen(came.effect, _shifts(session, came.lost))
        case RulesChanged():
            return Foreseen(came.effect)
        case Effect():
            return Foreseen(came)
        case _:
            return Foreseen(Effect())


def _shifts(session: Session, lost: tuple[LostPlace, ...]) -> tuple[ShiftCard, ...]:
    found = (shift_card(session, holder().network_id, place.shift_id) for place in lost)
    return tuple(shift for shift in found if shift is not None)
