"""Helpers who would take a place in a full shift: whoever asked first gets the place that frees, at once.

Served in the transaction that frees the place, so that nobody comes in between. Who cannot have it when their turn comes
keeps their place in the line, and the reason is written beside it.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.holding import (
    Answer,
    ShiftHold,
    hand_over,
    helpers_under_lock,
    hold_shift,
    offered_in,
    recheck_shift,
    write_place,
)
from scheduler.rota.news import HelperNews, plan_reminders, tell_helper
from scheduler.rota.rules import WAITED_AHEAD, HelperTerms, Refusal, refusals
from scheduler.rota.terms import helper_terms
from scheduler.slots import Grid, Span

THE_LINE = "line"


@dataclass(frozen=True, slots=True)
class Wait:
    """A helper's waiting for a full shift; `position` is 1 for the first in line, `skipped` why they were passed over."""

    shift_id: int
    during: Span
    position: int
    skipped: Refusal | None


def ask_to_wait(
    session: Session, network_id: int, shift_id: int, helper_id: int, *, now: datetime, actor: str | None = None
) -> Answer:
    """The helper would take a place in a full shift; asking again keeps their place in the line."""
    hold = hold_shift(session, network_id, shift_id, now=now)
    helper = None if hold is None else next(iter(helpers_under_lock(session, hold, [helper_id])), None)
    if hold is None or helper is None:
        return Answer(None, Refusal.NOT_FOUND)
    standing = refusals(hold.terms, helper, now=now)
    if (other := _beside_full(standing)) is not None:
        return Answer(None, other)
    if not standing:
        return Answer(None, Refusal.NOT_FULL)
    values = {"shift": shift_id, "helper": helper_id, "now": now}
    if session.execute(_ASK, values).first() is not None:
        about = About(shift_id=shift_id, helper_id=helper_id)
        note_change(session, network_id, ChangeKind.WAIT_BEGUN, about, actor=actor or f"helper:{helper_id}", now=now)
    return Answer(None)


def leave_wait(
    session: Session, network_id: int, shift_id: int, helper_id: int, *, now: datetime, actor: str | None = None
) -> Answer:
    """The helper waits no more."""
    values = {"network": network_id, "shift": shift_id, "helper": helper_id}
    if session.execute(_LEAVE, values).first() is None:
        return Answer(None, Refusal.NOT_WAITING)
    about = About(shift_id=shift_id, helper_id=helper_id)
    note_change(session, network_id, ChangeKind.WAIT_ENDED, about, actor=actor or f"helper:{helper_id}", now=now)
    return Answer(None)


def waits_of(session: Session, helper_id: int, *, now: datetime) -> tuple[Wait, ...]:
    """What a helper waits for, the nearest first."""
    rows = session.execute(_WAITS, {"helper": helper_id, "now": now})
    return tuple(
        Wait(row.shift_id, Span(row.begins, row.ends), row.position, Refusal(row.skipped) if row.skipped else None)
        for row in rows
    )


def fill_from_waiting(
    session: Session, network_id: int, shifts: Collection[int], *, now: datetime, grid: Grid
) -> tuple[int, ...]:
    """Places have come free in these shifts by a change of the rota: whoever waits gets them. The new places."""
    found = [hold_shift(session, network_id, shift_id, now=now) for shift_id in sorted(shifts)]
    holds = [hold for hold in found if hold is not None]
    placed = serve_waiting(session, holds, now=now, grid=grid)
    for hold in holds if placed else ():
        recheck_shift(session, hold, now=now, grid=grid)
    return placed


def serve_waiting(session: Session, holds: Sequence[ShiftHold], *, now: datetime, grid: Grid) -> tuple[int, ...]:
    """Give what is free in these shifts, and what is offered for swap, to whoever waits; the new places.

    The caller matches the promises anew. Not so shortly before the shift that they might not hear of it.
    """
    open_ones = [hold for hold in holds if _may_be_served(hold, now)]
    lines = {hold.terms.id: _line(session, hold) for hold in open_ones}
    if open_ones:  # all who wait here at once, in the order of their ids: no two such changes wait for each other
        helpers_under_lock(session, open_ones[0], {helper for line in lines.values() for helper in line})
    return tuple(place for hold in open_ones for place in _serve(session, hold, lines[hold.terms.id], now, grid))


def _may_be_served(hold: ShiftHold, now: datetime) -> bool:
    shift = hold.terms
    return shift.published and not shift.cancelled and shift.during.begins >= now + WAITED_AHEAD


def _serve(session: Session, hold: ShiftHold, line: Sequence[int], now: datetime, grid: Grid) -> list[int]:
    offered = list(offered_in(session, hold.terms.id)) if line else []
    placed = []
    for key in line:
        if not hold.terms.free and not offered:
            break
        (helper,) = helper_terms(session, hold.network_id, hold.terms.during, [key])
        if (refusal := _beside_full(refusals(hold.terms, helper, now=now))) is not None:
            session.execute(_SKIP, {"shift": hold.terms.id, "helper": key, "reason": refusal})
        elif hold.terms.free:
            placed.append(_place(session, hold, helper, now, grid))
            hold = replace(hold, terms=replace(hold.terms, held=hold.terms.held + 1))
        elif taken := hand_over(session, hold, offered.pop(0), helper, now=now, grid=grid, actor=THE_LINE):
            placed.append(taken)
    return placed


def _place(session: Session, hold: ShiftHold, helper: HelperTerms, now: datetime, grid: Grid) -> int:
    place_id = write_place(session, hold, helper.id, now=now)
    about = About(shift_id=hold.terms.id, place_id=place_id, helper_id=helper.id)
    note_change(session, hold.network_id, ChangeKind.PLACE_TAKEN, about, actor=THE_LINE, now=now, waited="yes")
    tell_helper(session, place_id, HelperNews.PLACED, now=now, grid=grid)
    plan_reminders(session, [hold.reminder_of(place_id)], now=now, grid=grid)
    return place_id


def _beside_full(standing: Collection[Refusal]) -> Refusal | None:
    return next((refusal for refusal in standing if refusal is not Refusal.FULL), None)


_ASK = text("""
INSERT INTO shift_wait (shift_id, helper_id, asked_at, state) VALUES (:shift, :helper, :now, 'waiting')
ON CONFLICT DO NOTHING RETURNING id
""")
_LEAVE = text("""
UPDATE shift_wait w SET state = 'left' FROM shift s
WHERE s.id = w.shift_id AND s.network_id = :network AND s.id = :shift AND w.helper_id = :helper AND w.state = 'waiting'
RETURNING w.id
""")
_WAITS = text("""
SELECT w.shift_id, lower(s.during) AS begins, upper(s.during) AS ends, w.skipped,
    (SELECT count(*) FROM shift_wait o WHERE o.shift_id = w.shift_id AND o.state = 'waiting'
        AND (o.asked_at, o.id) <= (w.asked_at, w.id)) AS position
FROM shift_wait w JOIN shift s ON s.id = w.shift_id
WHERE w.helper_id = :helper AND w.state = 'waiting' AND upper(s.during) > :now AND s.cancelled_at IS NULL
ORDER BY lower(s.during), w.id
""")
_LINE = text("""
SELECT helper_id FROM shift_wait WHERE shift_id = :shift AND state = 'waiting' ORDER BY asked_at, id
""")
_SKIP = text("""
UPDATE shift_wait SET skipped = :reason WHERE shift_id = :shift AND helper_id = :helper AND state = 'waiting'
""")


def _line(session: Session, hold: ShiftHold) -> tuple[int, ...]:
    return tuple(session.scalars(_LINE, {"shift": hold.terms.id}))
