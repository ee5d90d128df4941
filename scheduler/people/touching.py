"""What a change of people holds before it changes who can keep a promise: the slots of all whom it touches."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.effects import Held, coming_starts, hold_helpers, hold_starts, lock_rota
from scheduler.slots import Span
from tickets.errors import ContendedError

LOOKS: Final = 5


def hold_duty(session: Session, network_id: int, helpers: Collection[int], *, now: datetime) -> Held:
    """Hold the rota, these helpers and every slot to come at which one of them is on duty.

    Slots are held before helpers, as everywhere. Who takes one more place in between is looked for anew.
    Raises ContendedError if that never ends.
    """
    lock_rota(session, network_id)
    for _ in range(LOOKS):
        savepoint = session.begin_nested()
        held = hold_starts(session, network_id, starts_on_duty(session, helpers, now))
        hold_helpers(session, network_id, helpers)
        if starts_on_duty(session, helpers, now) <= set(held.starts):
            savepoint.commit()
            return held
        savepoint.rollback()
    raise ContendedError(f"network:{network_id}")


def hold_whole_rota(session: Session, network_id: int, *, now: datetime) -> Held:
    """The same for every helper of a network who has a place to come."""
    return hold_duty(session, network_id, session.scalars(_ALL, {"network": network_id}).all(), now=now)


def hold_organisation(session: Session, network_id: int, organisation_id: int, *, now: datetime) -> Held:
    """The same for every helper of one organisation."""
    values = {"network": network_id, "organisation": organisation_id}
    return hold_duty(session, network_id, session.scalars(_OF_ORGANISATION, values).all(), now=now)


def starts_on_duty(session: Session, helpers: Iterable[int], now: datetime) -> set[datetime]:
    """The starts to come of all published shifts in which one of these helpers has a place."""
    rows = session.execute(_SHIFTS, {"helpers": sorted(set(helpers)), "now": now})
    return {
        start
        for begins, ends, phase, minutes in rows
        for start in coming_starts(Span(begins, ends), phase, minutes, now)
    }


_SHIFTS = text("""
SELECT DISTINCT lower(p.during), upper(p.during), s.phase, s.call_minutes FROM place p JOIN shift s ON s.id = p.shift_id
WHERE p.helper_id = ANY(:helpers) AND p.state = 'held' AND upper(p.during) > :now
    AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
""")
_ALL = text("SELECT id FROM helper WHERE network_id = :network ORDER BY id")
_OF_ORGANISATION = text(
    "SELECT id FROM helper WHERE network_id = :network AND organisation_id = :organisation ORDER BY id"
)
