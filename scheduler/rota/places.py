"""Helpers who take places in shifts, say that they come, and leave them; coordinators who give places and take them back.

One function for each thing a person does: the page, the API, the phone and the import call the same.
"""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.holding import (
    Answer,
    PlaceRef,
    ShiftHold,
    helpers_under_lock,
    hold_shift,
    note_place,
    place_ref,
    places_of,
    recheck_shift,
    write_drop,
    write_place,
)
from scheduler.rota.news import HelperNews, plan_reminders, tell_helper
from scheduler.rota.rules import OVERRIDABLE, HelperTerms, Refusal, beyond_a_coordinator, may_drop, refusals
from scheduler.rota.waits import serve_waiting
from scheduler.slots import Grid

__all__ = [
    "Answer",
    "PlaceRef",
    "Refusal",
    "confirm_place",
    "drop_place",
    "give_place",
    "place_ref",
    "places_of",
    "release_place",
    "take_place",
]


def take_place(
    session: Session, network_id: int, shift_id: int, helper_id: int, *, now: datetime, grid: Grid, actor: str
) -> Answer:
    """The helper takes a place in a published shift; the one they have in it already is the answer to asking twice.

    Promises that had lost their helpers at its starts are matched anew.
    """
    hold = hold_shift(session, network_id, shift_id, now=now)
    helper = _helper(session, hold, helper_id)
    if hold is None or helper is None:
        return Answer(None, Refusal.NOT_FOUND)
    if (mine := _place_in(session, shift_id, helper_id)) is not None:
        return Answer(mine)
    standing = refusals(hold.terms, helper, now=now)
    if standing:
        return Answer(None, standing[0])
    place_id = write_place(session, hold, helper_id, now=now)
    about = About(shift_id=shift_id, place_id=place_id, helper_id=helper_id)
    note_change(session, network_id, ChangeKind.PLACE_TAKEN, about, actor=actor, now=now)
    plan_reminders(session, [hold.reminder_of(place_id)], now=now, grid=grid)
    return Answer(place_id, deficits=recheck_shift(session, hold, now=now, grid=grid))


def give_place(
    session: Session,
    network_id: int,
    shift_id: int,
    helper_id: int,
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    override: bool = False,
) -> Answer:
    """A coordinator gives a helper a place, also in a draft and in a shift that goes on.

    `override` sets capacity, rest, the most per week and what the helper said of their time aside; which, is written down.
    """
    hold = hold_shift(session, network_id, shift_id, now=now)
    helper = _helper(session, hold, helper_id)
    if hold is None or helper is None:
        return Answer(None, Refusal.NOT_FOUND)
    standing = refusals(hold.terms, helper, now=now)
    if (refusal := beyond_a_coordinator(standing, override=override)) is not None:
        return Answer(None, refusal)
    aside = tuple(refusal for refusal in standing if refusal in OVERRIDABLE)
    place_id = write_place(session, hold, helper_id, now=now, overridden=bool(aside))
    about = About(shift_id=shift_id, place_id=place_id, helper_id=helper_id)
    overridden = {"overridden": " ".join(aside)} if aside else {}
    note_change(session, network_id, ChangeKind.PLACE_GIVEN, about, actor=actor, now=now, **overridden)
    if hold.terms.published:
        tell_helper(session, place_id, HelperNews.GIVEN, now=now, grid=grid)
        plan_reminders(session, [hold.reminder_of(place_id)], now=now, grid=grid)
    return Answer(place_id, deficits=recheck_shift(session, hold, now=now, grid=grid), overridden=aside)


def confirm_place(
    session: Session, place_id: int, helper_id: int, *, now: datetime, actor: str | None = None
) -> Answer:
    """The helper says that they come; saying it again changes nothing."""
    place = place_ref(session, place_id)
    if place is None or place.helper_id != helper_id:
        return Answer(None, Refusal.NOT_HELD)
    if place.during.ends <= now:
        return Answer(None, Refusal.ENDED)
    if session.execute(_CONFIRM, {"place": place_id, "now": now}).first() is not None:
        note_place(session, place, ChangeKind.PLACE_CONFIRMED, actor=actor or f"helper:{helper_id}", now=now)
    return Answer(place_id)


def drop_place(
    session: Session,
    place_id: int,
    *,
    now: datetime,
    grid: Grid,
    helper_id: int | None = None,
    actor: str | None = None,
) -> Answer:
    """A place is left. By the helper whose it is, if given: in time, else they offer it for swap. Without: by the line.

    Whom somebody else can ring back instead is rung back by somebody else, and nothing is said.
    """
    place = place_ref(session, place_id)
    if place is None or helper_id not in (None, place.helper_id):
        return Answer(None, Refusal.NOT_HELD)
    if helper_id is not None and not may_drop(place.during, now):
        return Answer(None, Refusal.TOO_LATE)
    by = "line" if helper_id is None else f"helper:{helper_id}"
    return _drop(session, place, now=now, grid=grid, actor=actor or by)


def release_place(session: Session, network_id: int, place_id: int, *, now: datetime, grid: Grid, actor: str) -> Answer:
    """A coordinator takes a helper out of a place, however late; the helper is told."""
    place = place_ref(session, place_id)
    if place is None or place.network_id != network_id:
        return Answer(None, Refusal.NOT_HELD)
    answer = _drop(session, place, now=now, grid=grid, actor=actor)
    if answer.place_id is not None and place.during.ends > now:
        tell_helper(session, place_id, HelperNews.LOST, now=now, grid=grid)
    return answer


def _drop(session: Session, place: PlaceRef, *, now: datetime, grid: Grid, actor: str) -> Answer:
    # Slots first, as in every booking: so neither waits for the other.
    hold = hold_shift(session, place.network_id, place.shift_id, now=now)
    if hold is None or not write_drop(session, place.id, now=now):
        return Answer(None, Refusal.NOT_HELD)
    note_place(session, place, ChangeKind.PLACE_DROPPED, actor=actor, now=now)
    hold = replace(hold, terms=replace(hold.terms, held=hold.terms.held - 1))
    passed_to = serve_waiting(session, [hold], now=now, grid=grid)
    return Answer(place.id, deficits=recheck_shift(session, hold, now=now, grid=grid), passed_to=passed_to)


_IN_SHIFT = text("SELECT id FROM place WHERE shift_id = :shift AND helper_id = :helper AND state = 'held'")
_CONFIRM = text("""
UPDATE place SET confirmed_at = :now WHERE id = :place AND state = 'held' AND confirmed_at IS NULL RETURNING id
""")


def _place_in(session: Session, shift_id: int, helper_id: int) -> int | None:
    found: int | None = session.scalar(_IN_SHIFT, {"shift": shift_id, "helper": helper_id})
    return found


def _helper(session: Session, hold: ShiftHold | None, helper_id: int) -> HelperTerms | None:
    return None if hold is None else next(iter(helpers_under_lock(session, hold, [helper_id])), None)
