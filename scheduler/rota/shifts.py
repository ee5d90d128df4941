"""Shifts: spans with places to fill, as drafts and published."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_changes
from scheduler.rota.effects import Effect, coming_starts, hold_helpers, hold_promised, lock_rota, settle_added
from scheduler.rota.listing import Terms, locked_shifts, shifts_by_id
from scheduler.rota.news import plan_reminders
from scheduler.rota.writing import NewShift, Stamp, ToWrite, write_shifts
from scheduler.slots import MINUTE, Grid
from tickets.network import Helper, Organisation

__all__ = ["NewShift", "Published", "ShiftRefusal", "add_shift", "publish"]

LONGEST: Final = timedelta(hours=25)  # a whole day, also that of the autumn; a slip in a date must not make a month
THE_LINE: Final = "line"


class ShiftRefusal(StrEnum):
    """Why the rota cannot be changed like that; the values are in the API."""

    NOT_FOUND = "not_found"
    STALE = "stale"  # somebody else changed it after it was read
    CANCELLED = "cancelled"
    ENDED = "ended"
    NO_LENGTH = "no_length"  # it ends before it begins
    TOO_LONG = "too_long"
    BAD_NUMBERS = "bad_numbers"  # not 0 <= needed <= most, or calls that do not fit
    UNKNOWN_ORGANISATION = "unknown_organisation"
    UNKNOWN_HELPER = "unknown_helper"
    HELPER_NOT_FREE = "helper_not_free"  # they have a place elsewhere at that time
    TOO_MANY_HELD = "too_many_held"  # more helpers have places than there would be
    NAME_TAKEN = "name_taken"
    ALREADY_DONE = "already_done"  # undone, lifted or removed before


def add_shift(
    session: Session,
    network_id: int,
    new: NewShift,
    *,
    now: datetime,
    grid: Grid,
    published: bool = True,
    helpers: Collection[int] = (),
    actor: str = THE_LINE,
) -> int | ShiftRefusal:
    """A new shift, with these helpers in its places from the start, as whoever plans it wants them; its id.

    Promises that had lost their helpers at its starts are matched anew.
    """
    helpers = tuple(dict.fromkeys(helpers))
    refusal = why_not(session, network_id, new.terms, new.call_minutes, helpers)
    if refusal is not None:
        return refusal
    lock_rota(session, network_id)
    starts = coming_starts(new.during, new.held_phase, new.call_minutes, now) if published and helpers else ()
    held = hold_promised(session, network_id, starts)
    hold_helpers(session, network_id, helpers)
    if helpers and session.scalar(_ELSEWHERE, _span_of(new) | {"helpers": list(helpers)}):
        return ShiftRefusal.HELPER_NOT_FREE
    stamp = Stamp(actor, now, grid, published)
    (shift_id,) = write_shifts(session, network_id, [ToWrite(new, helpers)], stamp)
    if starts:
        settle_added(session, held, now=now, grid=grid)
    return shift_id


_ELSEWHERE = text("""
SELECT EXISTS (SELECT FROM place
    WHERE helper_id = ANY(:helpers) AND state = 'held' AND during && tstzrange(:begins, :ends))
""")


def _span_of(new: NewShift) -> dict[str, object]:
    return {"begins": new.during.begins, "ends": new.during.ends}


@dataclass(frozen=True, slots=True)
class Published:
    """Shifts that were drafts, and what offering from them did."""

    shifts: tuple[int, ...]
    effect: Effect


def publish(
    session: Session,
    network_id: int,
    *,
    until: datetime,
    now: datetime,
    grid: Grid,
    only: Collection[int] | None = None,
    organisation_id: int | None = None,
    actor: str = THE_LINE,
) -> Published:
    """Offer from the shifts that were drafts and begin before `until`: all of them, or `only` these; or one organisation's."""
    lock_rota(session, network_id)
    wanted = None if only is None else list(only)
    which = {"network": network_id, "only": wanted, "until": until, "organisation": organisation_id}
    drafts = session.scalars(_DRAFTS, which).all()
    starts = {
        start
        for shift in shifts_by_id(session, network_id, drafts)
        for start in coming_starts(shift.terms.during, shift.phase, shift.call_minutes, now)
    }
    held = hold_promised(session, network_id, starts)
    shifts = locked_shifts(session, network_id, drafts)
    session.execute(_PUBLISH, {"ids": drafts, "now": now})
    abouts = [About(shift_id=key) for key in drafts]
    note_changes(session, network_id, ChangeKind.PUBLISHED, abouts, actor=actor, now=now)
    places = [(place.id, shift.terms.during.begins, shift.version) for shift in shifts for place in shift.places]
    plan_reminders(session, places, now=now, grid=grid)
    return Published(tuple(drafts), settle_added(session, held, now=now, grid=grid))


_DRAFTS = text("""
SELECT id FROM shift WHERE network_id = :network AND published_at IS NULL AND cancelled_at IS NULL
    AND lower(during) < :until AND (CAST(:only AS bigint[]) IS NULL OR id = ANY(:only))
    AND (CAST(:organisation AS bigint) IS NULL OR organisation_id = :organisation)
ORDER BY id
""")
_PUBLISH = text("UPDATE shift SET published_at = :now WHERE id = ANY(:ids)")


def why_not(
    session: Session, network_id: int, terms: Terms, call_minutes: int, helpers: Collection[int] = ()
) -> ShiftRefusal | None:
    """Why no shift can be like that in this network; None when one can."""
    length = terms.during.ends - terms.during.begins
    if length <= timedelta(0):
        return ShiftRefusal.NO_LENGTH
    if length > LONGEST:
        return ShiftRefusal.TOO_LONG
    if not 0 <= terms.needed <= terms.most or not timedelta(0) < call_minutes * MINUTE <= length:
        return ShiftRefusal.BAD_NUMBERS
    return foreign(session, network_id, terms.organisation_id, helpers)


def foreign(
    session: Session, network_id: int, organisation_id: int | None, helpers: Collection[int] = ()
) -> ShiftRefusal | None:
    """Whether the organisation, or one of the helpers, is none of this network."""
    ours = select(Organisation.id).where(Organisation.id == organisation_id, Organisation.network_id == network_id)
    if organisation_id is not None and session.scalar(ours) is None:
        return ShiftRefusal.UNKNOWN_ORGANISATION
    theirs = select(func.count()).select_from(Helper).where(Helper.id.in_(helpers), Helper.network_id == network_id)
    if helpers and session.scalar(theirs) != len(set(helpers)):
        return ShiftRefusal.UNKNOWN_HELPER
    return None
