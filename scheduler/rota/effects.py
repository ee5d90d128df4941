"""Changing who is on duty: what every such change holds first, what it did to the promises, what it would do.

The order in which a change takes its locks is the same everywhere: the network's rota (a coordinator's changes only), the
slots, the shifts, the helpers in the order of their ids. So nobody ever waits for another in a ring, as
long as a transaction makes one change.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final, TypeVar

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.coverage import lock_slots, recheck
from scheduler.records import IS_LIVE
from scheduler.slots import MINUTE, Grid, Span, starts_of
from scheduler.waiting import note_freed
from voice_prompts.language import Language

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Touched:
    """A promise that a change of the rota touched."""

    callback_id: int
    starts_at: datetime
    language: Language


@dataclass(frozen=True, slots=True)
class Effect:
    """What a change did to promises: these nobody can keep now, though somebody could; those somebody can again."""

    deficits: tuple[Touched, ...] = ()
    covered: tuple[Touched, ...] = ()


NO_EFFECT: Final = Effect()


@dataclass(frozen=True, slots=True)
class Held:
    """Slots under our lock, and the promises there that nobody could keep before the change."""

    network_id: int
    starts: tuple[datetime, ...]
    lacking: frozenset[int]


def foreseen(session: Session, change: Callable[[], T]) -> T:
    """What a change would do: it is made for real, and taken back; nothing of it stays, and no lock."""
    savepoint = session.begin_nested()
    try:
        return change()
    finally:
        savepoint.rollback()


def lock_rota(session: Session, network_id: int) -> None:
    """One coordinator's change of a network's shifts, templates and closures at a time."""
    session.execute(text("SELECT pg_advisory_xact_lock(hashtextextended('rota', :network))"), {"network": network_id})


def hold_starts(session: Session, network_id: int, starts: Iterable[datetime]) -> Held:
    """Hold these slots before who is on duty at them changes. Two statements."""
    held = tuple(sorted(set(starts)))
    if not held:
        return Held(network_id, (), frozenset())
    lock_slots(session, network_id, held)
    return Held(network_id, held, frozenset(session.scalars(_LACKING, {"network": network_id, "starts": list(held)})))


def hold_promised(session: Session, network_id: int, starts: Iterable[datetime]) -> Held:
    """The same before helpers are only added: that endangers nobody, so slots without a promise need not wait for it."""
    values = {"network": network_id, "starts": sorted(set(starts))}
    return hold_starts(session, network_id, session.scalars(_PROMISED, values).all() if values["starts"] else ())


_PROMISED = text(f"""
SELECT DISTINCT starts_at FROM callback
WHERE network_id = :network AND {IS_LIVE} AND starts_at = ANY(CAST(:starts AS timestamptz[]))
""")  # noqa: S608 - our own words
_LACKING = text("""
SELECT id FROM callback
WHERE network_id = :network AND state = 'deficit' AND starts_at = ANY(CAST(:starts AS timestamptz[]))
""")


def settle(session: Session, held: Held, *, now: datetime, grid: Grid) -> Effect:
    """Match the promises at the held slots anew, after the change; what it did to them."""
    lacking = frozenset(recheck(session, held.network_id, held.starts, now=now, grid=grid))
    changed = lacking ^ held.lacking
    if not changed:
        return NO_EFFECT
    rows = session.execute(_TOUCHED, {"ids": sorted(changed)}).all()
    touched = [Touched(row.id, row.starts_at, Language(row.language)) for row in rows]
    return Effect(
        deficits=tuple(one for one in touched if one.callback_id in lacking),
        covered=tuple(one for one in touched if one.callback_id not in lacking),
    )


_TOUCHED = text("SELECT id, starts_at, language FROM callback WHERE id = ANY(:ids) ORDER BY starts_at, id")


def hold_helpers(session: Session, network_id: int, helpers: Iterable[int]) -> None:
    """Nobody of these takes another place until we are done."""
    values = {"network": network_id, "helpers": sorted(set(helpers))}
    session.execute(
        text("SELECT FROM helper WHERE network_id = :network AND id = ANY(:helpers) ORDER BY id FOR NO KEY UPDATE"),
        values,
    )


def settle_added(session: Session, held: Held, *, now: datetime, grid: Grid) -> Effect:
    """The same after helpers were only added: whoever waits for a time may find one, also where nothing is promised yet."""
    note_freed(session, held.network_id, now=now)
    return settle(session, held, now=now, grid=grid)


def coming_starts(during: Span, phase: int, call_minutes: int, now: datetime) -> tuple[datetime, ...]:
    """The starts of a shift that have not begun; whatever has is beyond the rota."""
    return tuple(start for start in starts_of(during, phase, call_minutes * MINUTE) if start >= now)
