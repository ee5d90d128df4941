"""A helper who would rather not come offers the place; whoever takes it first has it, and until then it stays theirs.

A swap is a mark on the place itself: however the shift is edited, the offer goes with it.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.holding import Answer, ShiftHold, hold_helpers, hold_shift, recheck_shift, write_drop, write_place
from scheduler.rota.places import PlaceRef, place_ref
from scheduler.rota.rules import HelperTerms, Refusal, refusals
from scheduler.slots import Grid


def offer_swap(session: Session, place_id: int, helper_id: int, *, now: datetime, actor: str | None = None) -> Answer:
    """The helper asks for somebody to take their place, at any time before it ends; asking again changes nothing."""
    place = place_ref(session, place_id)
    if place is None or place.helper_id != helper_id:
        return Answer(None, Refusal.NOT_HELD)
    if place.during.ends <= now:
        return Answer(None, Refusal.ENDED)
    if session.execute(_OFFER, {"place": place_id, "now": now}).first() is not None:
        _note(session, place, ChangeKind.SWAP_OFFERED, actor=actor or f"helper:{helper_id}", now=now)
    return Answer(place_id)


def withdraw_swap(
    session: Session, place_id: int, helper_id: int, *, now: datetime, actor: str | None = None
) -> Answer:
    """The helper comes after all; refused once somebody has taken the place."""
    place = place_ref(session, place_id)
    if place is None or place.helper_id != helper_id:
        return Answer(None, Refusal.NOT_HELD)
    if session.execute(_WITHDRAW, {"place": place_id}).first() is None:
        return Answer(None, Refusal.NOT_OFFERED)
    _note(session, place, ChangeKind.SWAP_WITHDRAWN, actor=actor or f"helper:{helper_id}", now=now)
    return Answer(place_id)


def take_swap(
    session: Session, network_id: int, place_id: int, helper_id: int, *, now: datetime, grid: Grid, actor: str
) -> Answer:
    """The helper takes a place that another one offers, by the same rules as any; of many who ask at once, one gets it.

    The answer's place is their own new one. Whom the other had been chosen to ring back is matched anew.
    """
    place = place_ref(session, place_id)
    if place is None or place.network_id != network_id or not place.swap_offered:
        return Answer(None, Refusal.NOT_OFFERED)
    hold = hold_shift(session, network_id, place.shift_id, now=now)
    taker = None if hold is None else next(iter(hold_helpers(session, hold, [helper_id])), None)
    if hold is None or taker is None:
        return Answer(None, Refusal.NOT_FOUND)
    standing = why_not_swap(hold, taker, now=now)
    if standing is not None:
        return Answer(None, standing)
    return hand_over(session, hold, place, taker, now=now, grid=grid, actor=actor)


def why_not_swap(hold: ShiftHold, taker: HelperTerms, *, now: datetime) -> Refusal | None:
    """What keeps a helper from another's place in this shift; that it is full is no reason, for the other leaves."""
    standing = (refusal for refusal in refusals(hold.terms, taker, now=now) if refusal is not Refusal.FULL)
    return next(standing, None)


def hand_over(
    session: Session, hold: ShiftHold, place: PlaceRef, taker: HelperTerms, *, now: datetime, grid: Grid, actor: str
) -> Answer:
    """The offered place goes from its holder to the taker in one step; refused when it has gone to somebody already."""
    if session.execute(_STILL_OFFERED, {"place": place.id}).first() is None:
        return Answer(None, Refusal.NOT_OFFERED)
    write_drop(session, place.id, now=now)
    beyond = hold.terms.held > hold.terms.most
    taken = write_place(session, hold, taker.id, now=now, overridden=beyond)
    about = About(shift_id=hold.terms.id, place_id=taken, helper_id=taker.id)
    details = {"from_place": place.id, "from_helper": place.helper_id}
    note_change(session, hold.network_id, ChangeKind.SWAP_TAKEN, about, actor=actor, now=now, **details)
    return Answer(taken, deficits=recheck_shift(session, hold, now=now, grid=grid))


_OFFER = text("""
UPDATE place SET swap_offered_at = :now WHERE id = :place AND state = 'held' AND swap_offered_at IS NULL RETURNING id
""")
_WITHDRAW = text("""
UPDATE place SET swap_offered_at = NULL WHERE id = :place AND state = 'held' AND swap_offered_at IS NOT NULL
RETURNING id
""")
_STILL_OFFERED = text("""
SELECT id FROM place WHERE id = :place AND state = 'held' AND swap_offered_at IS NOT NULL FOR UPDATE
""")


def _note(session: Session, place: PlaceRef, kind: ChangeKind, *, actor: str, now: datetime) -> None:
    about = About(shift_id=place.shift_id, place_id=place.id, helper_id=place.helper_id)
    note_change(session, place.network_id, kind, about, actor=actor, now=now)
