"""A helper who would rather not come offers the place; whoever takes it first has it, and until then it stays theirs.

A swap is a mark on the place itself: however the shift is edited, the offer goes with it.
"""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.changes import ChangeKind
from scheduler.rota.holding import (
    Answer,
    hand_over,
    helpers_under_lock,
    hold_shift,
    note_place,
    place_ref,
    recheck_shift,
)
from scheduler.rota.rules import Refusal, refusals
from scheduler.rota.waits import serve_waiting
from scheduler.slots import Grid


def offer_swap(
    session: Session, place_id: int, helper_id: int, *, now: datetime, grid: Grid, actor: str | None = None
) -> Answer:
    """The helper asks for somebody to take their place, at any time before it ends; asking again changes nothing.

    Whoever waits for a place in that shift has it at once; the answer's `passed_to` is their new place.
    """
    place = place_ref(session, place_id)
    if place is None or place.helper_id != helper_id:
        return Answer(None, Refusal.NOT_HELD)
    if place.during.ends <= now:
        return Answer(None, Refusal.ENDED)
    hold = hold_shift(session, place.network_id, place.shift_id, now=now)
    if hold is None or session.execute(_OFFER, {"place": place_id, "now": now}).first() is None:
        return Answer(place_id)
    note_place(session, place, ChangeKind.SWAP_OFFERED, actor=actor or f"helper:{helper_id}", now=now)
    passed_to = serve_waiting(session, [hold], now=now, grid=grid)
    deficits = recheck_shift(session, hold, now=now, grid=grid) if passed_to else ()
    return Answer(place_id, deficits=deficits, passed_to=passed_to)


def withdraw_swap(
    session: Session, place_id: int, helper_id: int, *, now: datetime, actor: str | None = None
) -> Answer:
    """The helper comes after all; refused once somebody has taken the place."""
    place = place_ref(session, place_id)
    if place is None or place.helper_id != helper_id:
        return Answer(None, Refusal.NOT_HELD)
    if session.execute(_WITHDRAW, {"place": place_id}).first() is None:
        return Answer(None, Refusal.NOT_OFFERED)
    note_place(session, place, ChangeKind.SWAP_WITHDRAWN, actor=actor or f"helper:{helper_id}", now=now)
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
    taker = None if hold is None else next(iter(helpers_under_lock(session, hold, [helper_id])), None)
    if hold is None or taker is None:
        return Answer(None, Refusal.NOT_FOUND)
    # That the shift is full is no reason: the other leaves.
    standing = [refusal for refusal in refusals(hold.terms, taker, now=now) if refusal is not Refusal.FULL]
    if standing:
        return Answer(None, standing[0])
    taken = hand_over(session, hold, place, taker, now=now, grid=grid, actor=actor)
    if taken is None:
        return Answer(None, Refusal.NOT_OFFERED)
    return Answer(taken, deficits=recheck_shift(session, hold, now=now, grid=grid))


_OFFER = text("""
UPDATE place SET swap_offered_at = :now WHERE id = :place AND state = 'held' AND swap_offered_at IS NULL RETURNING id
""")
_WITHDRAW = text("""
UPDATE place SET swap_offered_at = NULL WHERE id = :place AND state = 'held' AND swap_offered_at IS NOT NULL
RETURNING id
""")
