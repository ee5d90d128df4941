"""Many shifts or places that came at once, and go at once when they should not have come."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.editing import LostPlace, call_off, starts_in, take_back
from scheduler.rota.effects import Effect, foreseen, hold_starts, lock_rota, settle
from scheduler.rota.listing import PlaceCard, ShiftCard, locked_shifts, shifts_by_id
from scheduler.rota.records import Batch, BatchKind
from scheduler.rota.rules import Refusal
from scheduler.rota.shifts import THE_LINE, ShiftRefusal
from scheduler.rota.writing import FIRST_VERSION
from scheduler.slots import Grid


class KeptBecause(StrEnum):
    """Why something of a batch stays although the batch is undone; the values are in the API."""

    BEGUN = "begun"
    EDITED = "edited"  # somebody changed the shift since
    TAKEN = "taken"  # somebody took a place in it since, or got one
    CONFIRMED = "confirmed"  # its helper said that they come


@dataclass(frozen=True, slots=True)
class Kept:
    """A shift of the batch that stays, or a place in another shift, because others have changed it since."""

    shift_id: int
    why: KeptBecause
    place_id: int | None = None


@dataclass(frozen=True, slots=True)
class Undone:
    """What went with a batch, what stays of it, and what that did to promises."""

    batch_id: int
    shifts: tuple[int, ...]
    lost: tuple[LostPlace, ...]
    kept: tuple[Kept, ...]
    effect: Effect


@dataclass(frozen=True, slots=True)
class BatchCard:
    """A batch as a list shows it; how many of its shifts and places stand."""

    id: int
    kind: BatchKind
    made_at: datetime
    actor: str
    undone: bool
    shifts: int
    places: int


def open_batch(session: Session, network_id: int, kind: BatchKind, *, actor: str, now: datetime) -> int:
    """A new batch; its id, for what is written next."""
    new = insert(Batch).values(network_id=network_id, kind=kind, made_at=now, actor=actor).returning(Batch.id)
    return session.scalars(new).one()


def undo(
    session: Session, network_id: int, batch_id: int, *, now: datetime, grid: Grid, actor: str
) -> Undone | ShiftRefusal:
    """Call off the shifts of a batch, and take back its places in other shifts; what others changed since stays."""
    lock_rota(session, network_id)
    batch = session.execute(_BATCH, {"id": batch_id, "network": network_id}).first()
    if batch is None:
        return ShiftRefusal.NOT_FOUND
    if batch.undone_at is not None:
        return ShiftRefusal.ALREADY_DONE
    ids = session.scalars(_TOUCHED, {"batch": batch_id}).all()
    held = hold_starts(session, network_id, starts_in(shifts_by_id(session, network_id, ids), now))
    going, losing, kept = _sort_out(locked_shifts(session, network_id, ids), batch_id, now)
    lost = (
        *call_off(session, network_id, going, now=now, grid=grid, actor=actor, batch_id=batch_id),
        *take_back(session, network_id, losing, now=now, grid=grid, actor=actor, batch_id=batch_id),
    )
    cancelled = tuple(shift.id for shift in going)
    session.execute(_UNDO, {"id": batch_id, "now": now})
    session.execute(_FREE_THEIR_DAYS, {"ids": list(cancelled)})
    about = About(batch_id=batch_id)
    note_change(session, network_id, ChangeKind.UNDONE, about, actor=actor, now=now, shifts=len(going), kept=len(kept))
    return Undone(batch_id, cancelled, lost, kept, settle(session, held, now=now, grid=grid))


def preview_undo(
    session: Session, network_id: int, batch_id: int, *, now: datetime, grid: Grid
) -> Undone | ShiftRefusal:
    """What undoing a batch would call off, keep, and leave without a helper; nothing is undone."""
    return foreseen(session, lambda: undo(session, network_id, batch_id, now=now, grid=grid, actor=THE_LINE))


_BATCH = text("SELECT undone_at FROM rota_batch WHERE id = :id AND network_id = :network")
_TOUCHED = text("""
SELECT id FROM shift WHERE batch_id = :batch AND cancelled_at IS NULL
UNION SELECT shift_id FROM place WHERE batch_id = :batch AND state = 'held' ORDER BY id
""")
_UNDO = text("UPDATE rota_batch SET undone_at = :now WHERE id = :id")
# So that the same days can be published, or the same week copied, anew.
_FREE_THEIR_DAYS = text("UPDATE shift SET template_day = NULL WHERE id = ANY(:ids)")


def batches_of(session: Session, network_id: int, *, limit: int = 20) -> tuple[BatchCard, ...]:
    """The batches of a network, the latest first."""
    rows = session.execute(_BATCHES, {"network": network_id, "limit": limit})
    return tuple(
        BatchCard(row.id, BatchKind(row.kind), row.made_at, row.actor, row.undone, row.shifts, row.places)
        for row in rows
    )


_BATCHES = text("""
SELECT b.id, b.kind, b.made_at, b.actor, b.undone_at IS NOT NULL AS undone,
    (SELECT count(*) FROM shift s WHERE s.batch_id = b.id AND s.cancelled_at IS NULL) AS shifts,
    (SELECT count(*) FROM place p WHERE p.batch_id = b.id AND p.state = 'held') AS places
FROM rota_batch b WHERE b.network_id = :network ORDER BY b.id DESC LIMIT :limit
""")


def _sort_out(
    shifts: Collection[ShiftCard], batch_id: int, now: datetime
) -> tuple[list[ShiftCard], list[LostPlace], tuple[Kept, ...]]:
    """The shifts that go, the places in other shifts that go, and what stays."""
    going: list[ShiftCard] = []
    losing: list[LostPlace] = []
    kept: list[Kept] = []
    for shift in shifts:
        why = _why_it_stays(shift, batch_id, now)
        if shift.batch_id != batch_id:
            for place in (place for place in shift.places if place.batch_id == batch_id):
                stays = _why_they_stay(shift, place, now)
                if stays is None:
                    losing.append(LostPlace(place.id, shift.id, place.helper_id, Refusal.CANCELLED))
                else:
                    kept.append(Kept(shift.id, stays, place.id))
        elif why is None:
            going.append(shift)
        else:
            kept.append(Kept(shift.id, why))
    return going, losing, tuple(kept)


def _why_it_stays(shift: ShiftCard, batch_id: int, now: datetime) -> KeptBecause | None:
    if shift.terms.during.begins <= now:
        return KeptBecause.BEGUN
    if shift.version != FIRST_VERSION:
        return KeptBecause.EDITED
    if any(place.batch_id != batch_id for place in shift.places):
        return KeptBecause.TAKEN
    return KeptBecause.CONFIRMED if any(place.confirmed for place in shift.places) else None


def _why_they_stay(shift: ShiftCard, place: PlaceCard, now: datetime) -> KeptBecause | None:
    if shift.terms.during.begins <= now:
        return KeptBecause.BEGUN
    return KeptBecause.CONFIRMED if place.confirmed else None
