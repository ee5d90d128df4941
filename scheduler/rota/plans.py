"""What a publication would make, and what it would leave out and why; who would be in the places.

Nothing is read or written here, and `now` is an argument.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from scheduler.rota.closures import ClosureCard
from scheduler.rota.rules import COORDINATORS, HelperTerms, Refusal, ShiftTerms, overlaps, refusals
from scheduler.rota.writing import NewShift
from scheduler.slots import Span, is_holiday

NOBODY_YET: Final = 0  # the id of a shift that is only planned


class Verdict(StrEnum):
    """What becomes of a shift in a publication; the values are in the API."""

    MADE = "made"
    ALREADY_THERE = "already_there"  # perhaps changed since: it stays as it is
    CANCELLED = "cancelled"  # it was there, and somebody called it off
    EXCEPTION = "exception"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    PAST = "past"
    SKIPPED = "skipped"  # the clock skips these hours that night


@dataclass(frozen=True, slots=True)
class Candidate:
    """A shift that a publication is about: what it would be, whose places they usually are, the template's day it stands for.

    `standing` says what is known of it before its day is looked at: there already, cancelled, or left out by a person.
    """

    new: NewShift
    helpers: tuple[int, ...]
    day: date
    template_shift_id: int | None = None
    copied_from_id: int | None = None
    standing: Verdict | None = None


@dataclass(frozen=True, slots=True)
class PlannedHelper:
    """Somebody who is usually there, and what keeps them from it this time; nothing, and they have the place."""

    helper_id: int
    why_not: Refusal | None = None
    closed: bool = False  # their organisation is closed then: the place is theirs, but nobody rings them


@dataclass(frozen=True, slots=True)
class PlannedShift:
    """A shift of the plan, what becomes of it, and who would be in it; `reason` is a closure's own."""

    candidate: Candidate
    verdict: Verdict
    helpers: tuple[PlannedHelper, ...] = ()
    reason: str = ""

    @property
    def new(self) -> NewShift:
        """What it would be."""
        return self.candidate.new

    @property
    def coming(self) -> tuple[int, ...]:
        """The helpers who would have a place."""
        return tuple(helper.helper_id for helper in self.helpers if helper.why_not is None)


def plan_days(
    candidates: Iterable[Candidate], closures: Collection[ClosureCard], *, now: datetime
) -> tuple[PlannedShift, ...]:
    """What becomes of each shift as far as its day decides; the helpers come later (seated)."""
    return tuple(_on_its_day(candidate, closures, now) for candidate in candidates)


def _on_its_day(candidate: Candidate, closures: Collection[ClosureCard], now: datetime) -> PlannedShift:
    new, reason = candidate.new, ""
    verdict = candidate.standing
    if verdict is None and new.during.begins >= new.during.ends:
        verdict = Verdict.SKIPPED
    if verdict is None and new.during.ends <= now:
        verdict = Verdict.PAST
    if verdict is None and is_holiday(candidate.day):
        verdict = Verdict.HOLIDAY
    if verdict is None and (closure := _closed_throughout(new, closures)) is not None:
        verdict, reason = Verdict.CLOSED, closure.reason
    helpers = tuple(PlannedHelper(key) for key in candidate.helpers)
    return PlannedShift(candidate, verdict or Verdict.MADE, helpers, reason)


def _closed_throughout(new: NewShift, closures: Collection[ClosureCard]) -> ClosureCard | None:
    return next(
        (
            closure
            for closure in closures
            if closure.organisation_id in (None, new.organisation_id)
            and closure.during.begins <= new.during.begins
            and new.during.ends <= closure.during.ends
        ),
        None,
    )


def seated(
    planned: Sequence[PlannedShift],
    helpers: Collection[HelperTerms],
    closures: Collection[ClosureCard],
    *,
    now: datetime,
) -> tuple[PlannedShift, ...]:
    """The same plan with each usual helper in their place, or what keeps them from it; earlier shifts go first.

    Nobody is put in two places at once by it, nor beyond rest and most places a week.
    """
    known = {helper.id: helper for helper in helpers}
    done: dict[int, PlannedShift] = {}
    for number, shift in sorted(enumerate(planned), key=lambda pair: pair[1].new.during.begins):
        if shift.verdict is Verdict.MADE:
            done[number] = replace(shift, helpers=_seat(shift, known, closures, now))
        else:
            done[number] = replace(shift, helpers=())
    return tuple(done[number] for number in range(len(planned)))


def _seat(
    shift: PlannedShift, known: dict[int, HelperTerms], closures: Collection[ClosureCard], now: datetime
) -> tuple[PlannedHelper, ...]:
    seats: list[PlannedHelper] = []
    for key in (helper.helper_id for helper in shift.helpers):
        helper = known.get(key)
        if helper is None:
            seats.append(PlannedHelper(key, Refusal.NOT_FOUND))
            continue
        held = sum(seat.why_not is None for seat in seats)
        found = refusals(_terms(shift.new, held), helper, now=now)
        standing = [refusal for refusal in found if refusal not in COORDINATORS]
        if not standing:
            known[key] = replace(helper, held=(*helper.held, shift.new.during))
        shut = _shut_out(shift.new.during, helper, closures)
        seats.append(PlannedHelper(key, next(iter(standing), None), closed=shut))
    return tuple(seats)


def _terms(new: NewShift, held: int) -> ShiftTerms:
    return ShiftTerms(
        NOBODY_YET,
        new.during,
        published=True,
        cancelled=False,
        needed=new.needed,
        most=new.most,
        held=held,
        organisation=new.organisation_id,
        language=new.language,
        kind=new.kind,
    )


def _shut_out(during: Span, helper: HelperTerms, closures: Collection[ClosureCard]) -> bool:
    return any(
        closure.organisation_id in (None, helper.organisation) and overlaps(closure.during, during)
        for closure in closures
    )
