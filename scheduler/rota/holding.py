"""A shift under our lock, and the rows of its places: what every use case of the rota writes with.

The order of locks is the same everywhere: the slots, then the shift, then the helpers in the order of their ids.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from scheduler.coverage import lock_slots, recheck
from scheduler.rota.rules import HelperTerms, Refusal, ShiftTerms
from scheduler.rota.terms import helper_terms, shift_terms
from scheduler.slots import MINUTE, Grid, Span, starts_of


@dataclass(frozen=True, slots=True)
class Answer:
    """What the rota answers who takes, leaves, swaps or waits for a place.

    `place_id` is the place that it came to, None where it was refused; `deficits` are the callbacks at its times that
    nobody can keep now; `overridden` are the rules that a coordinator set aside.
    """

    place_id: int | None
    refusal: Refusal | None = None
    deficits: tuple[int, ...] = ()
    overridden: tuple[Refusal, ...] = ()


@dataclass(frozen=True, slots=True)
class ShiftHold:
    """A shift that nobody else changes until we commit, and its starts that are still to come, locked too."""

    network_id: int
    terms: ShiftTerms
    version: int
    starts: tuple[datetime, ...]


def hold_shift(session: Session, network_id: int, shift_id: int, *, now: datetime) -> ShiftHold | None:
    """Lock a shift and its coming slots; None when the network has no such shift."""
    while (seen := _timing(session, _TIMING, network_id, shift_id)) is not None:
        savepoint = session.begin_nested()
        # What has begun is beyond the rota: somebody is on the phone about it, or it has failed already.
        starts = tuple(start for start in starts_of(seen.during, seen.phase, seen.minutes * MINUTE) if start >= now)
        lock_slots(session, network_id, starts)
        if _timing(session, _TIMING_LOCKED, network_id, shift_id) == seen:
            savepoint.commit()
            terms = shift_terms(session, network_id, shift_id)
            return None if terms is None else ShiftHold(network_id, terms, seen.version, starts)
        savepoint.rollback()  # edited before we had its slots: those are not the ones to lock
    return None


def hold_helpers(session: Session, hold: ShiftHold, helpers: Collection[int]) -> tuple[HelperTerms, ...]:
    """Lock helpers, so that none takes another place meanwhile, and read what the rules ask about them."""
    session.execute(_LOCK_HELPERS, {"network": hold.network_id, "helpers": list(helpers)})
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
_LOCK_HELPERS = text("""
SELECT id FROM helper WHERE network_id = :network AND id = ANY(:helpers) ORDER BY id FOR NO KEY UPDATE
""")


def _timing(session: Session, statement: TextClause, network_id: int, shift_id: int) -> _Timing | None:
    row = session.execute(statement, {"shift": shift_id, "network": network_id}).first()
    return None if row is None else _Timing(Span(row.begins, row.ends), row.phase, row.call_minutes, row.version)
