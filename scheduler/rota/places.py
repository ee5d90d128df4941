"""Helpers who take places in shifts and leave them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from scheduler.coverage import lock_slots, recheck
from scheduler.rota.records import PlaceState, Shift
from scheduler.slots import MINUTE, Grid, Span, starts_of


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A helper's place, as far as the rota needs it to change it."""

    id: int
    network_id: int
    during: Span
    phase: int
    call: timedelta


_TAKE = text("""
WITH s AS (
    SELECT id, network_id, during, phase, call_minutes FROM shift WHERE id = :shift AND published_at IS NOT NULL
        AND most > (SELECT count(*) FROM place WHERE shift_id = shift.id AND state = 'held')
), p AS (
    INSERT INTO place (network_id, shift_id, helper_id, during, state, taken_at)
    SELECT s.network_id, s.id, h.id, s.during, 'held', :now FROM s, helper h
    JOIN shift w ON w.id = :shift
    WHERE h.id = :helper AND h.network_id = w.network_id AND h.active
        AND (w.kind IS NULL OR w.kind = h.kind) AND (w.language IS NULL OR w.language = ANY(h.languages))
        AND (w.organisation_id IS NULL OR w.organisation_id = h.organisation_id)
    ON CONFLICT DO NOTHING
    RETURNING id
)
SELECT p.id, s.network_id, lower(s.during) AS begins, upper(s.during) AS ends, s.phase,
    s.call_minutes FROM s, p
""")


def take_place(session: Session, shift_id: int, helper_id: int, *, now: datetime, grid: Grid) -> int | None:
    """The helper takes a place; None when the shift is full, not theirs to take, or they have one at that time already.

    Promises that had lost their helpers at its starts are matched anew.
    """
    session.execute(select(Shift.id).where(Shift.id == shift_id).with_for_update())
    row = session.execute(_TAKE, {"shift": shift_id, "helper": helper_id, "now": now}).first()
    if row is None:
        return None
    place = _place(row)
    starts = _coming_starts(place, now)
    lock_slots(session, place.network_id, starts)
    recheck(session, place.network_id, starts, now=now, grid=grid)
    return place.id


_PLACE = text("""
SELECT p.id, p.network_id, lower(p.during) AS begins, upper(p.during) AS ends, s.phase, s.call_minutes
FROM place p JOIN shift s ON s.id = p.shift_id WHERE p.id = :place AND p.state = 'held'
""")


def drop_place(session: Session, place_id: int, *, now: datetime, grid: Grid) -> tuple[int, ...]:
    """The helper leaves a place; the callbacks that nobody can keep now, which are in deficit from here on.

    Whom somebody else can ring back instead is rung back by somebody else, and nothing is said.
    """
    row = session.execute(_PLACE, {"place": place_id}).first()
    if row is None:
        return ()
    place = _place(row)
    starts = _coming_starts(place, now)
    # Slots first, as in every booking: so neither waits for the other.
    lock_slots(session, place.network_id, starts)
    session.execute(
        text("UPDATE place SET state = :dropped, dropped_at = :now WHERE id = :place AND state = 'held'"),
        {"dropped": PlaceState.DROPPED, "now": now, "place": place_id},
    )
    return recheck(session, place.network_id, starts, now=now, grid=grid)


def places_of(session: Session, helper_id: int, *, since: datetime) -> tuple[PlaceRef, ...]:
    """The places that a helper holds, from `since` on, the nearest first."""
    rows = session.execute(
        text("""
        SELECT p.id, p.network_id, lower(p.during) AS begins, upper(p.during) AS ends, s.phase, s.call_minutes
        FROM place p JOIN shift s ON s.id = p.shift_id
        WHERE p.helper_id = :helper AND p.state = 'held' AND upper(p.during) > :since ORDER BY begins
        """),
        {"helper": helper_id, "since": since},
    )
    return tuple(_place(row) for row in rows)


def _place(row: Row[Any]) -> PlaceRef:
    span = Span(row.begins, row.ends)
    return PlaceRef(row.id, row.network_id, span, row.phase, row.call_minutes * MINUTE)


def _coming_starts(place: PlaceRef, now: datetime) -> tuple[datetime, ...]:
    # What has begun is beyond the rota: somebody is on the phone about it, or it has failed already.
    return tuple(start for start in starts_of(place.during, place.phase, place.call) if start >= now)
