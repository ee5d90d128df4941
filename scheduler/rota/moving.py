"""A place goes to another helper, or its helper to another shift: one step, so that nobody comes in between."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.editing import starts_in
from scheduler.rota.effects import NO_EFFECT, Effect, hold_helpers, hold_starts, lock_rota, settle
from scheduler.rota.holding import PlaceRef, ShiftHold, place_ref, write_drop, write_place
from scheduler.rota.listing import ShiftCard, locked_shifts, shifts_by_id
from scheduler.rota.news import HelperNews, plan_reminders, tell_helper
from scheduler.rota.rules import OVERRIDABLE, HelperTerms, Refusal, ShiftTerms, beyond_a_coordinator, refusals
from scheduler.rota.terms import helper_terms
from scheduler.rota.waits import fill_from_waiting
from scheduler.rota.writing import Stamp
from scheduler.slots import Grid

MOVED: Final = "moved"


@dataclass(frozen=True, slots=True)
class Move:
    """A place, and where it shall be: in which shift, and whose.

    `override` sets capacity, rest, the most per week and what the helper said of their time aside.
    """

    place_id: int
    shift_id: int
    helper_id: int
    override: bool = False


@dataclass(frozen=True, slots=True)
class Moved:
    """The place as it is now, which rules were set aside for it, and what that did to promises."""

    place_id: int
    overridden: tuple[Refusal, ...] = ()
    effect: Effect = NO_EFFECT


def move_place(
    session: Session, network_id: int, move: Move, *, now: datetime, grid: Grid, actor: str
) -> Moved | Refusal:
    """The place is somewhere else from now on, and whoever it concerns is told; refused by the rules of every place.

    Whoever waits for the shift that is left gets the place there.
    """
    lock_rota(session, network_id)
    place = place_ref(session, move.place_id)
    if place is None or place.network_id != network_id:
        return Refusal.NOT_HELD
    if (place.shift_id, place.helper_id) == (move.shift_id, move.helper_id):
        return Moved(place.id)
    both = sorted({place.shift_id, move.shift_id})
    held = hold_starts(session, network_id, starts_in(shifts_by_id(session, network_id, both), now))
    shifts = {shift.id: shift for shift in locked_shifts(session, network_id, both)}
    source, target = shifts[place.shift_id], shifts.get(move.shift_id)
    hold_helpers(session, network_id, {place.helper_id, move.helper_id, *source.waiting})
    taker = None if target is None else _taker(session, network_id, target, move.helper_id)
    if target is None or taker is None:
        return Refusal.NOT_FOUND
    standing = _standing(place, target, taker, now)
    if (refusal := beyond_a_coordinator(standing, override=move.override)) is not None:
        return refusal
    if not write_drop(session, place.id, now=now):
        return Refusal.NOT_HELD
    aside = tuple(refusal for refusal in standing if refusal in OVERRIDABLE)
    moved = _carry_out(session, place, source, target, taker.id, aside, Stamp(actor, now, grid))
    return Moved(moved, aside, settle(session, held, now=now, grid=grid))


def terms_of(shift: ShiftCard) -> ShiftTerms:
    """A shift as the rules of the rota see it."""
    terms = shift.terms
    return ShiftTerms(
        shift.id,
        terms.during,
        shift.published,
        shift.cancelled,
        terms.needed,
        terms.most,
        len(shift.places),
        terms.organisation_id,
        terms.language,
        terms.kind,
    )


def standing_in_the_way(
    target: ShiftCard, taker: HelperTerms, *, leaves: PlaceRef | None, now: datetime
) -> tuple[Refusal, ...]:
    """What keeps somebody from a place in a shift when, in the same step, another place (or their own) is left."""
    shift = terms_of(target)
    if leaves is not None and leaves.shift_id == target.id:
        shift = replace(shift, held=shift.held - 1)
    if leaves is not None and leaves.helper_id == taker.id:
        taker = replace(taker, held=tuple(span for span in taker.held if span != leaves.during))
    return refusals(shift, taker, now=now)


def _standing(place: PlaceRef, target: ShiftCard, taker: HelperTerms, now: datetime) -> Sequence[Refusal]:
    over = (Refusal.ENDED,) if place.during.ends <= now else ()
    return (*over, *standing_in_the_way(target, taker, leaves=place, now=now))


def _taker(session: Session, network_id: int, target: ShiftCard, helper_id: int) -> HelperTerms | None:
    return next(iter(helper_terms(session, network_id, target.terms.during, [helper_id])), None)


def _carry_out(
    session: Session,
    place: PlaceRef,
    source: ShiftCard,
    target: ShiftCard,
    helper_id: int,
    aside: Sequence[Refusal],
    stamp: Stamp,
) -> int:
    """The new place; everything is held and looked at already."""
    network_id = place.network_id
    left = About(shift_id=place.shift_id, place_id=place.id, helper_id=place.helper_id)
    note_change(session, network_id, ChangeKind.PLACE_DROPPED, left, actor=stamp.actor, now=stamp.now, why=MOVED)
    hold = ShiftHold(network_id, terms_of(target), target.version, ())
    moved = write_place(session, hold, helper_id, now=stamp.now, overridden=bool(aside))
    given = About(shift_id=target.id, place_id=moved, helper_id=helper_id)
    details: dict[str, str | int] = {"from_place": place.id} | ({"overridden": " ".join(aside)} if aside else {})
    note_change(session, network_id, ChangeKind.PLACE_GIVEN, given, actor=stamp.actor, now=stamp.now, **details)
    if target.published:
        plan_reminders(session, [hold.reminder_of(moved)], now=stamp.now, grid=stamp.grid)
    _tell(session, place, moved, source, target, helper_id, stamp)
    if target.id != source.id and source.published:
        fill_from_waiting(session, network_id, [source.id], now=stamp.now, grid=stamp.grid)
    return moved


def _tell(
    session: Session,
    place: PlaceRef,
    moved: int,
    source: ShiftCard,
    target: ShiftCard,
    helper_id: int,
    stamp: Stamp,
) -> None:
    """One text a person: a helper who goes to another shift hears of the new one only. Of a draft nobody hears."""
    stays = helper_id == place.helper_id
    if source.published and not (stays and target.published):
        tell_helper(session, place.id, HelperNews.LOST, now=stamp.now, grid=stamp.grid)
    if target.published:
        news = HelperNews.MOVED if stays and source.published else HelperNews.GIVEN
        tell_helper(session, moved, news, now=stamp.now, grid=stamp.grid)
