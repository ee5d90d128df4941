"""A proposal beside the rota as it stands: what it means for each helper, and which shifts it would fill."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduler.autofill import Assignment, Share
from scheduler.autofill.propose import question_of
from scheduler.autofill.shares import shares_of
from scheduler.rota.filling import weeks_to_fill
from scheduler.rota.listing import ShiftCard, rota_of
from scheduler.rota.proposing import ProposalCard, Proposed
from scheduler.rota.rules import week_of
from scheduler.slots import Span


@dataclass(frozen=True, slots=True)
class HelperCompared:
    """A helper's share with the proposal, and the time on duty in those weeks that they hold and would have besides."""

    share: Share
    time_held: timedelta
    time_proposed: timedelta


@dataclass(frozen=True, slots=True)
class ShiftCompared:
    """A shift of the span, whom the proposal puts in or has been told to leave out, and how many it would lack still."""

    shift: ShiftCard
    proposed: tuple[Proposed, ...]
    missing: int


@dataclass(frozen=True, slots=True)
class Compared:
    """The two rotas side by side; shifts in the order of time."""

    helpers: tuple[HelperCompared, ...]
    shifts: tuple[ShiftCompared, ...]

    @property
    def missing_before(self) -> int:
        """How many people the shifts of the span lack."""
        return sum(one.shift.missing for one in self.shifts)

    @property
    def missing_after(self) -> int:
        """How many they would lack still."""
        return sum(one.missing for one in self.shifts)


def compared(session: Session, network_id: int, card: ProposalCard, *, now: datetime) -> Compared:
    """The rota of the proposal's span as it is, and as it would be without those who are left out."""
    shifts = [one for one in rota_of(session, network_id, card.during) if one.terms.during.begins > now]
    weeks = weeks_to_fill(session, network_id, card.during, now=now)
    question, ours = question_of(weeks.shifts, weeks.helpers), {shift.id for shift in shifts}
    known = {helper.id for helper in question.helpers}
    places = [one for one in card.places if not one.left_out and one.shift_id in ours and one.helper_id in known]
    shares = shares_of(question, [Assignment(place.shift_id, place.helper_id) for place in places])
    weeks_filled = set(question.weeks)
    held = {
        helper.id: sum((_length(one.during) for one in helper.holds if _week(one.during) in weeks_filled), timedelta())
        for helper in question.helpers
    }
    new = _times(shifts, ((place.shift_id, place.helper_id) for place in places))
    nothing = timedelta()
    helpers = (HelperCompared(one, held.get(one.helper, nothing), new.get(one.helper, nothing)) for one in shares)
    return Compared(tuple(helpers), tuple(_shift(one, card.places) for one in shifts))


def _times(shifts: Iterable[ShiftCard], seats: Iterable[tuple[int, int]]) -> dict[int, timedelta]:
    lengths = {shift.id: _length(shift.terms.during) for shift in shifts}
    times: dict[int, timedelta] = {}
    for shift_id, helper_id in seats:
        times[helper_id] = times.get(helper_id, timedelta()) + lengths[shift_id]
    return times


def _length(span: Span) -> timedelta:
    return span.ends - span.begins


def _week(span: Span) -> tuple[int, int]:
    return week_of(span.begins)


def _shift(shift: ShiftCard, places: Iterable[Proposed]) -> ShiftCompared:
    proposed = tuple(place for place in places if place.shift_id == shift.id)
    coming = sum(not place.left_out for place in proposed)
    return ShiftCompared(shift, proposed, max(0, shift.missing - coming))
