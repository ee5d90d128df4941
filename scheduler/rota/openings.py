"""What helpers may take, nearest first, and where people are missing: for the phone, the pages and the API."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.rules import HelperTerms, Refusal, ShiftTerms, beyond_wish, first_refusal, refusals
from scheduler.rota.terms import helper_terms, shifts_in
from scheduler.slots import Span

LOOK_AHEAD: Final = timedelta(weeks=4)


@dataclass(frozen=True, slots=True)
class Opening:
    """A place that a helper may take: a free one in a shift, or, with `swap_place_id`, one that its holder offers.

    `missing` counts the people whom the shift still needs; `beyond_wish`: it is more than the helper wished for that week.
    """

    shift_id: int
    during: Span
    organisation_id: int | None
    missing: int
    free: int
    beyond_wish: bool
    swap_place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Shortage:
    """A shift that lacks people: who may take a place in it, and how many others may not, by what stands in their way."""

    shift: ShiftTerms
    could_come: tuple[int, ...]
    why_not: Mapping[Refusal, int]


def open_places(
    session: Session, network_id: int, helper_id: int, *, now: datetime, until: datetime | None = None
) -> tuple[Opening, ...]:
    """The free places that this helper may take, by the rules of take_place, the nearest first."""
    span = Span(now, until or now + LOOK_AHEAD)
    helper = _helper(session, network_id, helper_id, span)
    if helper is None:
        return ()
    shifts = shifts_in(session, network_id, span)
    return tuple(_opening(shift, helper) for shift in shifts if first_refusal(shift, helper, now=now) is None)


def full_shifts(
    session: Session, network_id: int, helper_id: int, *, now: datetime, until: datetime | None = None
) -> tuple[Opening, ...]:
    """The full shifts for which this helper may wait, by the rules of ask_to_wait, the nearest first."""
    span = Span(now, until or now + LOOK_AHEAD)
    helper = _helper(session, network_id, helper_id, span)
    if helper is None:
        return ()
    shifts = shifts_in(session, network_id, span)
    return tuple(_opening(shift, helper) for shift in shifts if [*refusals(shift, helper, now=now)] == [Refusal.FULL])


def open_swaps(
    session: Session, network_id: int, helper_id: int, *, now: datetime, until: datetime | None = None
) -> tuple[Opening, ...]:
    """The places that others offer and that this helper may take, by the rules of take_swap, the nearest first."""
    span = Span(now, until or now + LOOK_AHEAD)
    helper = _helper(session, network_id, helper_id, span)
    if helper is None:
        return ()
    offered = {"network": network_id, "begins": span.begins, "ends": span.ends, "helper": helper_id}
    places = session.execute(_OFFERED, offered).all()
    shifts = {shift.id: shift for shift in shifts_in(session, network_id, span)} if places else {}
    return tuple(
        _opening(shifts[row.shift_id], helper, row.id)
        for row in places
        if not {*refusals(shifts[row.shift_id], helper, now=now)} - {Refusal.FULL}
    )


def shortages(
    session: Session, network_id: int, span: Span, *, now: datetime, organisation_id: int | None = None
) -> tuple[Shortage, ...]:
    """The published shifts of a span that have fewer people than they need, the nearest first, and why.

    Of one organisation: its own shifts and the pooled ones, and who of its helpers could come.
    """
    short = [
        shift
        for shift in shifts_in(session, network_id, span)
        if shift.missing and shift.published and not shift.cancelled and shift.during.ends > now
        if organisation_id is None or shift.organisation in (None, organisation_id)
    ]
    found = helper_terms(session, network_id, span) if short else ()
    helpers = tuple(helper for helper in found if organisation_id in (None, helper.organisation))
    return tuple(_shortage(shift, helpers, now) for shift in short)


_OFFERED = text("""
SELECT id, shift_id FROM place
WHERE network_id = :network AND state = 'held' AND swap_offered_at IS NOT NULL AND helper_id <> :helper
    AND during && tstzrange(:begins, :ends)
ORDER BY lower(during), swap_offered_at, id
""")


def _helper(session: Session, network_id: int, helper_id: int, span: Span) -> HelperTerms | None:
    return next(iter(helper_terms(session, network_id, span, [helper_id])), None)


def _opening(shift: ShiftTerms, helper: HelperTerms, swap_place_id: int | None = None) -> Opening:
    beyond = beyond_wish(shift.during, helper)
    return Opening(shift.id, shift.during, shift.organisation, shift.missing, shift.free, beyond, swap_place_id)


def _shortage(shift: ShiftTerms, helpers: tuple[HelperTerms, ...], now: datetime) -> Shortage:
    standing = {helper.id: first_refusal(shift, helper, now=now) for helper in helpers if helper.active}
    could_come = tuple(key for key, refusal in standing.items() if refusal is None)
    why_not = Counter(refusal for refusal in standing.values() if refusal is not None)
    return Shortage(shift, could_come, dict(why_not))
