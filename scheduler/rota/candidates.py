"""The shifts that a publication is about: a template's on some days, or those of another week."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from scheduler.rota.listing import ShiftCard, Terms, rota_of
from scheduler.rota.plans import Candidate, Verdict
from scheduler.rota.templates import TemplateCard, TemplateShiftCard
from scheduler.rota.writing import NewShift, ToWrite
from scheduler.slots import DAY, EPOCH, MINUTE, Grid, Span, instant_of, phase_of, span_on


@dataclass(frozen=True, slots=True)
class Days:
    """From a day to another, both included."""

    first: date
    last: date


def from_template(session: Session, template: TemplateCard, days: Days, grid: Grid) -> list[Candidate]:
    """The shifts of a template on these days, in the order of time; also those that are there already or left out."""
    there = _there(session, _OF_TEMPLATE, [shift.id for shift in template.shifts], days)
    found = [
        _candidate(shift, day, there, grid)
        for shift in template.shifts
        for day in shift.rule.days(days.first, days.last)
    ]
    return sorted(found, key=lambda candidate: candidate.new.during.begins)


def _candidate(shift: TemplateShiftCard, day: date, there: dict[tuple[int, date], Verdict], grid: Grid) -> Candidate:
    weekly = shift.weekly
    new = NewShift(
        span_on(day, weekly.begins, weekly.ends, grid.tz),
        None,
        weekly.needed,
        weekly.most,
        weekly.organisation_id,
        weekly.language,
        weekly.kind,
        weekly.call_minutes,
    )
    standing = there.get((shift.id, day)) or (Verdict.EXCEPTION if day in shift.left_out else None)
    return Candidate(new, weekly.helpers, day, shift.id, standing=standing)


def from_elsewhere(session: Session, network_id: int, shifts: Sequence[ToWrite], grid: Grid) -> list[Candidate]:
    """Shifts that somebody brings from elsewhere; what stands in the rota just like one of them is there already."""
    if not shifts:
        return []
    spans = [shift.new.during for shift in shifts]
    around = Span(min(span.begins for span in spans), max(span.ends for span in spans))
    alike = Counter(_looks(card.terms, card.phase, card.call_minutes) for card in rota_of(session, network_id, around))
    found = []
    for shift in sorted(shifts, key=lambda shift: shift.new.during.begins):
        looks = _looks(shift.new.terms, shift.new.held_phase, shift.new.call_minutes)
        known = Verdict.ALREADY_THERE if alike[looks] > 0 else None
        alike[looks] -= 1
        day = shift.new.during.begins.astimezone(grid.tz).date()
        found.append(Candidate(shift.new, shift.helpers, day, standing=known))
    return found


def from_week(session: Session, network_id: int, source: date, target: date, grid: Grid) -> list[Candidate]:
    """The shifts that begin in the week of `source`, as they would be in the week of `target`, in the order of time.

    What was copied before is there already, however it was changed since; so is what was laid there just like it.
    """
    there, days = _of_week(session, network_id, target, grid), _week_of(target)
    cards = _of_week(session, network_id, source, grid)
    copies = [_copy(card, days.first - _week_of(source).first, grid) for card in cards]
    copied = _there(session, _COPIES, [card.id for card in cards], days)
    published = _there(session, _OF_TEMPLATE, [card.template_shift_id or 0 for card in cards], days)
    alike = Counter(_looks(card.terms, card.phase, card.call_minutes) for card in there if not card.cancelled)
    found = []
    for copy in copies:
        known = copied.get((copy.copied_from_id or 0, copy.day)) or published.get(
            (copy.template_shift_id or 0, copy.day)
        )
        looks = _looks(copy.new.terms, copy.new.held_phase, copy.new.call_minutes)
        if alike[looks] > 0:
            alike[looks] -= 1
            known = known or Verdict.ALREADY_THERE
        found.append(replace(copy, standing=known))
    return _each_day_once(found)


def _each_day_once(copies: Iterable[Candidate]) -> list[Candidate]:
    """Of two copies of a template's shift on one day, moved there from another, only the first stands for that day."""
    stands: set[tuple[int, date]] = set()
    found = []
    for copy in copies:
        if copy.template_shift_id is not None and copy.standing is None:
            day = copy.template_shift_id, copy.day
            copy = replace(copy, template_shift_id=None if day in stands else copy.template_shift_id)  # noqa: PLW2901
            stands.add(day)
        found.append(copy)
    return found


def _copy(card: ShiftCard, away: timedelta, grid: Grid) -> Candidate:
    terms, call = card.terms, card.call_minutes * MINUTE
    begins = _moved(terms.during.begins, away, grid)
    during = Span(begins, _moved(terms.during.ends, away, grid))
    first_start = terms.during.begins + (EPOCH + card.phase * MINUTE - terms.during.begins) % call
    new = NewShift(
        during,
        phase_of(begins + (first_start - terms.during.begins), call),  # as long after its beginning as there
        terms.needed,
        terms.most,
        terms.organisation_id,
        terms.language,
        terms.kind,
        card.call_minutes,
    )
    day = begins.astimezone(grid.tz).date()
    helpers = tuple(place.helper_id for place in card.places)
    return Candidate(new, helpers, day, card.template_shift_id, copied_from_id=card.id)


def _moved(moment: datetime, away: timedelta, grid: Grid) -> datetime:
    local = moment.astimezone(grid.tz)
    return instant_of(local.date() + away, local.time(), grid.tz)


def _looks(terms: Terms, phase: int, call_minutes: int) -> tuple[object, ...]:
    return terms.during, terms.organisation_id, terms.language, terms.kind, phase, call_minutes


def _week_of(day: date) -> Days:
    monday = day - day.weekday() * DAY
    return Days(monday, monday + 6 * DAY)


def _of_week(session: Session, network_id: int, day: date, grid: Grid) -> tuple[ShiftCard, ...]:
    week = _week_of(day)
    span = Span(instant_of(week.first, time(), grid.tz), instant_of(week.last + DAY, time(), grid.tz))
    return tuple(shift for shift in rota_of(session, network_id, span) if shift.terms.during.begins >= span.begins)


_OF_TEMPLATE = text("""
SELECT template_shift_id AS origin, template_day AS day, cancelled_at IS NOT NULL AS cancelled FROM shift
WHERE template_shift_id = ANY(:ids) AND template_day BETWEEN :first AND :last
""")
_COPIES = text("""
SELECT copied_from_id AS origin, template_day AS day, cancelled_at IS NOT NULL AS cancelled FROM shift
WHERE copied_from_id = ANY(:ids) AND template_day BETWEEN :first AND :last
""")


def _there(session: Session, statement: TextClause, ids: Sequence[int], days: Days) -> dict[tuple[int, date], Verdict]:
    """What came of these on these days before: it stays, called off or not."""
    rows = session.execute(statement, {"ids": list(ids), "first": days.first, "last": days.last})
    return {(row.origin, row.day): Verdict.CANCELLED if row.cancelled else Verdict.ALREADY_THERE for row in rows}
