"""A helper's shifts: those they have, those they may take, swaps, waiting for a full one."""

from collections.abc import Callable
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.helper.said import HelperSaid, tell, tell_shift
from admin.helper.who import doing, helper, own_card
from admin.parts import now, transaction
from scheduler.cases import Doing
from scheduler.rota.availability import wishes_of
from scheduler.rota.holding import Answer, place_ref, places_of
from scheduler.rota.openings import Opening, full_shifts, open_places, open_swaps
from scheduler.rota.places import confirm_place, drop_place, take_place
from scheduler.rota.rules import WEEK, may_drop
from scheduler.rota.swaps import offer_swap, take_swap, withdraw_swap
from scheduler.rota.waits import ask_to_wait, leave_wait, waits_of
from tickets.directory import HelperCard
from tickets.rights import Right

MOST: Final = 50
FIRST: Final = 8
FAR: Final = 53 * WEEK  # no shift that one could have given up is further away
Does = Callable[[Session, HelperCard, int, Doing], Answer]


@helper.get("/shifts")
@signed_in(Right.TAKE_PLACES)
def own_shifts() -> ResponseReturnValue:
    """Show the shifts to come and what is waited for."""
    with transaction() as session:
        card = own_card(session)
        places, waits = places_of(session, card.id, since=now()), waits_of(session, card.id, now=now())
        left = _still_open(session, card, request.args.get("left"))
    return render_template(
        "helper/shifts.html",
        places=places[:MOST],
        waits=waits[:MOST],
        left=left,
        leaves={place.id for place in places if may_drop(place.during, now())},
        near={place.id for place in places if place.during.begins <= now() + WEEK},
        shown=MOST if "all" in request.args else FIRST,
    )


@helper.get("/openings")
@signed_in(Right.TAKE_PLACES)
def openings() -> ResponseReturnValue:
    """Show what may be taken over the coming weeks, by the rules that taking it asks."""
    with transaction() as session:
        card = own_card(session)
        asked = (session, card.network_id, card.id)
        free, offered, full = (find(*asked, now=now())[:MOST] for find in (open_places, open_swaps, full_shifts))
        waited = {wait.shift_id for wait in waits_of(session, card.id, now=now())}
        wishes = wishes_of(session, card.network_id, card.id)
    full = tuple(one for one in full if one.shift_id not in waited)
    return render_template("helper/openings.html", free=free, offered=offered, full=full, wishes=wishes)


@helper.post("/shifts/<int:number>/confirmation")
@signed_in(Right.TAKE_PLACES)
def confirm(number: int) -> ResponseReturnValue:
    """Say that one comes."""
    to = ".today" if request.form.get("from") == "today" else ".own_shifts"
    return _done(number, _confirm, HelperSaid.COMES, to)


@helper.post("/shifts/<int:number>/leaving")
@signed_in(Right.TAKE_PLACES)
def leave(number: int) -> ResponseReturnValue:
    """Give a place up, in time."""
    with transaction() as session:
        place = place_ref(session, number)
    left = None if place is None else place.shift_id
    return _done(number, _leave, HelperSaid.LEFT_SHIFT, ".own_shifts", left=left)


@helper.post("/shifts/<int:number>/swap")
@signed_in(Right.TAKE_PLACES)
def swap(number: int) -> ResponseReturnValue:
    """Ask for somebody to take the place; it stays one's own until then."""
    return _done(number, _offer, HelperSaid.SWAP_OFFERED, ".own_shifts")


@helper.post("/shifts/<int:number>/swap/withdrawal")
@signed_in(Right.TAKE_PLACES)
def keep(number: int) -> ResponseReturnValue:
    """Come after all."""
    return _done(number, _withdraw, HelperSaid.SWAP_WITHDRAWN, ".own_shifts")


@helper.post("/openings/<int:number>/taking")
@signed_in(Right.TAKE_PLACES)
def take(number: int) -> ResponseReturnValue:
    """Take a free place in a shift."""
    to = ".own_shifts" if request.form.get("from") == "shifts" else ".openings"
    return _done(number, _take, HelperSaid.SHIFT_TAKEN, to)


@helper.post("/openings/swaps/<int:number>/taking")
@signed_in(Right.TAKE_PLACES)
def take_over(number: int) -> ResponseReturnValue:
    """Take a place that another one offers."""
    return _done(number, _take_over, HelperSaid.SHIFT_TAKEN, ".openings")


@helper.post("/openings/<int:number>/waiting")
@signed_in(Right.TAKE_PLACES)
def wait(number: int) -> ResponseReturnValue:
    """Wait for a place in a full shift."""
    return _done(number, _wait, HelperSaid.WAITS_FOR_SHIFT, ".openings")


@helper.post("/openings/<int:number>/waiting/end")
@signed_in(Right.TAKE_PLACES)
def wait_no_more(number: int) -> ResponseReturnValue:
    """Wait no more."""
    return _done(number, _wait_no_more, HelperSaid.WAITS_NO_MORE, ".own_shifts")


def _done(number: int, does: Does, told: HelperSaid, to: str, *, left: int | None = None) -> ResponseReturnValue:
    """Do it, and show where it leads; what could not be done is said, beside how things stand now."""
    with transaction() as session:
        answer = does(session, own_card(session), number, doing())
    if answer.refusal is None:
        tell(told)
    else:
        tell_shift(answer.refusal)
    return redirect(url_for(to, left=left if answer.refusal is None else None), 303)


def _still_open(session: Session, card: HelperCard, shift: str | None) -> Opening | None:
    """The shift that was just given up, as long as its place is open for whoever gave it up."""
    if shift is None:
        return None
    free = open_places(session, card.network_id, card.id, now=now(), until=now() + FAR)
    return next((one for one in free if str(one.shift_id) == shift), None)


def _confirm(session: Session, card: HelperCard, place: int, does: Doing) -> Answer:
    return confirm_place(session, place, card.id, **does.by)


def _leave(session: Session, card: HelperCard, place: int, does: Doing) -> Answer:
    return drop_place(session, place, **does.by, grid=does.grid, helper_id=card.id)


def _offer(session: Session, card: HelperCard, place: int, does: Doing) -> Answer:
    return offer_swap(session, place, card.id, **does.by, grid=does.grid)


def _withdraw(session: Session, card: HelperCard, place: int, does: Doing) -> Answer:
    return withdraw_swap(session, place, card.id, **does.by)


def _take(session: Session, card: HelperCard, shift: int, does: Doing) -> Answer:
    return take_place(session, card.network_id, shift, card.id, **does.by, grid=does.grid)


def _take_over(session: Session, card: HelperCard, place: int, does: Doing) -> Answer:
    return take_swap(session, holder().network_id, place, card.id, **does.by, grid=does.grid)


def _wait(session: Session, card: HelperCard, shift: int, does: Doing) -> Answer:
    return ask_to_wait(session, card.network_id, shift, card.id, **does.by)


def _wait_no_more(session: Session, card: HelperCard, shift: int, does: Doing) -> Answer:
    return leave_wait(session, card.network_id, shift, card.id, **does.by)
