"""A shift under our lock, and the rows of its places: what every use case of the places writes with.

The order of locks is the same everywhere: the slots, then the shift, then the helpers in the order of their ids.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, TextClause, text
from sqlalchemy.orm import Session

from scheduler.coverage import lock_slots, recheck
from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.effects import coming_starts, hold_helpers
from scheduler.rota.news import HelperNews, plan_reminders, tell_helper
from scheduler.rota.rules import HelperTerms, Refusal, ShiftTerms
from scheduler.rota.terms import helper_terms, shift_terms
from scheduler.slots import Grid, Span


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rota answers who takes, leaves, swaps or waits for a place.

    `place_id` is the place that it came to, None where it was refused or is about none; `deficits` are the callbacks at its times that
    nobody can keep now; `overridden` are the rules that a coordinator set aside; `passed_to` are the places of those who
    waited and have one now.
    """

    place_id: int | None
    refusal: Refusal | None = None
    deficits: tuple[int, ...] = ()
    overridden: tuple[Refusal, ...] = ()
    passed_to: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class PlaceRef:
    """A place that a helper holds."""

    id: int
    network_id: int
    shift_id: int
    helper_id: int
    during: Span
    confirmed: bool
    swap_offered: bool


@dataclass(frozen=True, slots=True)
class ShiftHold:
    """A shift that nobody else changes until we commit, and its starts that are still to come, locked too."""

    network_id: int
    terms: ShiftTerms
    version: int
    starts: tuple[datetime, ...]

    def reminder_of(self, place_id: int) -> tuple[int, datetime, int]:
        """What a reminder of a place in it is planned by."""
        return place_id, self.terms.during.begins, self.version


def hold_shift(session: Session, network_id: int, shift_id: int, *, now: datetime) -> ShiftHold | None:
    """Lock a shift and its coming slots; None when the network has no such shift."""
    while (seen := _timing(session, _TIMING, network_id, shift_id)) is not None:
        savepoint = session.begin_nested()
        starts = coming_starts(seen.during, seen.phase, seen.minutes, now)
        lock_slots(session, network_id, starts)
        if _timing(session, _TIMING_LOCKED, network_id, shift_id) == seen:
            savepoint.commit()
            terms = shift_terms(session, network_id, shift_id)
            return None if terms is None else ShiftHold(network_id, terms, seen.version, starts)
        savepoint.rollback()  # edited before we had its slots: those are not the ones to lock
    return None


def helpers_under_lock(session: Session, hold: ShiftHold, helpers: Collection[int]) -> tuple[HelperTerms, ...]:
    """Lock helpers, so that none takes another place meanwhile, and read what the rules ask about them."""
    hold_helpers(session, hold.network_id, helpers)
    return helper_terms(session, hold.network_id, hold.terms.during, helpers)


def recheck_shift(session: Session, hold: ShiftHold, *, now: datetime, grid: Grid) -> tuple[int, ...]:
    """Match the promises of a shift's coming starts anew; the callbacks in deficit."""
    return recheck(session, hold.network_id, hold.starts, now=now, grid=grid)


_WRITE = text("""
WITH w AS (
    UPDATE shift_wait SET state = 'placed' WHERE shift_id = :shift AND helper_id = :helper AND state = 'waiting'
)
INSERT INTO place (network_id, shift_id, helper_id, during, state, taken_at, overridden)
SELECT network_id, id, :helper, during, 'held', :now, :overridden FROM shift WHERE id = :shift
RETURNING id
""")


def write_place(session: Session, hold: ShiftHold, helper_id: int, *, now: datetime, overridden: bool = False) -> int:
    """The place itself; whoever waited for it waits no more. Its id."""
    values = {"shift": hold.terms.id, "helper": helper_id, "now": now, "overridden": overridden}
    return int(session.scalars(_WRITE, values).one())


_DROP = text("""
UPDATE place SET state = 'dropped', dropped_at = :now WHERE id = :place AND state = 'held' RETURNING id
""")


def write_drop(session: Session, place_id: int, *, now: datetime) -> bool:
    """The helper holds the place no more; False when they did not."""
    return session.execute(_DROP, {"place": place_id, "now": now}).first() is not None


def hand_over(
    session: Session, hold: ShiftHold, place: PlaceRef, taker: HelperTerms, *, now: datetime, grid: Grid, actor: str
) -> int | None:
    """An offered place goes from its holder to the taker in one step, and both are told; None when somebody else has it."""
    if session.execute(_STILL_OFFERED, {"place": place.id}).first() is None:
        return None
    write_drop(session, place.id, now=now)
    taken = write_place(session, hold, taker.id, now=now, overridden=hold.terms.held > hold.terms.most)
    about = About(shift_id=hold.terms.id, place_id=taken, helper_id=taker.id)
    details = {"from_place": place.id, "from_helper": place.helper_id}
    note_change(session, hold.network_id, ChangeKind.SWAP_TAKEN, about, actor=actor, now=now, **details)
    tell_helper(session, place.id, HelperNews.SWAP_TAKEN, now=now, grid=grid)
    tell_helper(session, taken, HelperNews.SWAP_YOURS, now=now, grid=grid)
    plan_reminders(session, [hold.reminder_of(taken)], now=now, grid=grid)
    return taken


_STILL_OFFERED = text("""
SELECT id FROM place WHERE id = :place AND state = 'held' AND swap_offered_at IS NOT NULL FOR UPDATE
""")
_PLACE = """
SELECT id, network_id, shift_id, helper_id, lower(during) AS begins, upper(during) AS ends,
    confirmed_at IS NOT NULL AS confirmed, swap_offered_at IS NOT NULL AS swap_offered
FROM place WHERE state = 'held'
"""
_ONE = text(f"{_PLACE} AND id = :place")
_COMING = text(f"{_PLACE} AND helper_id = :helper AND upper(during) > :since ORDER BY lower(during)")
_OFFERED = text(f"{_PLACE} AND shift_id = :shift AND swap_offered_at IS NOT NULL ORDER BY swap_offered_at, id")


def place_ref(session: Session, place_id: int) -> PlaceRef | None:
    """A place, if somebody holds it."""
    row = session.execute(_ONE, {"place": place_id}).first()
    return None if row is None else _place(row)


def places_of(session: Session, helper_id: int, *, since: datetime) -> tuple[PlaceRef, ...]:
    """The places that a helper holds and that end after `since`, the nearest first."""
    rows = session.execute(_COMING, {"helper": helper_id, "since": since})
    return tuple(_place(row) for row in rows)


def offered_in(session: Session, shift_id: int) -> tuple[PlaceRef, ...]:
    """The places in a shift that their holders offer for swap, the longest offered first."""
    return tuple(_place(row) for row in session.execute(_OFFERED, {"shift": shift_id}))


def note_place(session: Session, place: PlaceRef, kind: ChangeKind, *, actor: str, now: datetime) -> None:
    """Write down what happened to a place."""
    about = About(shift_id=place.shift_id, place_id=place.id, helper_id=place.helper_id)
    note_change(session, place.network_id, kind, about, actor=actor, now=now)


def _place(row: Row[Any]) -> PlaceRef:
    during = Span(row.begins, row.ends)
    return PlaceRef(row.id, row.network_id, row.shift_id, row.helper_id, during, row.confirmed, row.swap_offered)


@dataclass(frozen=True, slots=True)
class _Timing:
    during: Span
    phase: int
    minutes: int
    version: int


_TIMING = text("""
SELECT lower(during) AS begins, upper(during) AS ends, phase, call_minutes, version FROM shift
WHERE id = :shift AND network_id = :network
""")
_TIMING_LOCKED = text(f"{_TIMING.text} FOR NO KEY UPDATE")


def _timing(session: Session, statement: TextClause, network_id: int, shift_id: int) -> _Timing | None:
    row = session.execute(statement, {"shift": shift_id, "network": network_id}).first()
    return None if row is None else _Timing(Span(row.begins, row.ends), row.phase, row.call_minutes, row.version)
