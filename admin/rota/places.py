"""Places: whose they are, where they could go, and what each way of moving them would break or mend."""

from collections.abc import Callable
from dataclasses import replace

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked
from admin.api.reach import must_reach_helper
from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import transaction
from admin.people.choosing import AT_ONCE, fits
from admin.people.reading import row_of
from admin.rota.moves import address_of_move, held_place, shift_of_left, thought_of, worth_asking
from admin.rota.people import people_of
from admin.rota.room import asked, name_sought, rota
from admin.rota.shift_page import shift_page
from admin.rota.told import RotaSaid
from scheduler.rota.holding import Answer, PlaceRef
from scheduler.rota.moving import Move, Moved, move_place
from scheduler.rota.places import confirm_place, release_place
from scheduler.rota.rules import Refusal, local_day
from scheduler.rota.swaps import withdraw_swap
from tickets.rights import Right


@rota.get("/places/<int:place_id>")
@signed_in(Right.SEE_ROTA)
def place(place_id: int) -> ResponseReturnValue:
    """Show a place, whose it could be and where its helper could go."""
    return _place_page(place_id)


@rota.get("/places/<int:place_id>/targets")
@signed_in(Right.KEEP_ROTA)
def targets(place_id: int) -> ResponseReturnValue:
    """The same for whoever drags it: a line for each target."""
    with transaction() as session:
        who = asked(session)
        people = people_of(who)
        thought = thought_of(who, held_place(who, place_id) or abort(404), people)
    return render_template("rota/targets.html", thought=thought or abort(404), people=people)


@rota.post("/places/<int:place_id>/move")
@signed_in(Right.KEEP_ROTA)
def move(place_id: int) -> ResponseReturnValue:
    """Move a place; what would break something is asked about first, unless the answer comes with it."""
    shift_id, helper_id = row_of(request.form.get("shift")), row_of(request.form.get("helper"))
    if shift_id is None or helper_id is None:
        abort(400)
    wanted = Move(place_id, shift_id, helper_id, override="anyway" in request.form)
    asking = _asking(wanted)
    return _moved(wanted) if asking is None else asking


@rota.post("/places/<int:place_id>/release")
@signed_in(Right.KEEP_ROTA)
def release(place_id: int) -> ResponseReturnValue:
    """Take a helper out of a place."""
    return _changed(
        place_id,
        lambda who, was: release_place(who.session, who.network_id, was.id, **who.doing),
        done=RotaSaid.TAKEN_OUT,
        to=lambda was: url_for("rota.shift", shift_id=was.shift_id),
    )


@rota.post("/places/<int:place_id>/confirm")
@signed_in(Right.KEEP_ROTA)
def confirm(place_id: int) -> ResponseReturnValue:
    """Note that the helper has said that they come."""
    return _changed(
        place_id,
        lambda who, was: confirm_place(who.session, was.id, was.helper_id, **who.by),
        done=RotaSaid.CONFIRMED,
        to=lambda was: url_for("rota.place", place_id=was.id),
    )


@rota.post("/places/<int:place_id>/stays")
@signed_in(Right.KEEP_ROTA)
def stays(place_id: int) -> ResponseReturnValue:
    """The helper comes after all: the place is offered to nobody any more."""
    return _changed(
        place_id,
        lambda who, was: withdraw_swap(who.session, was.id, was.helper_id, **who.by),
        done=RotaSaid.STAYS,
        to=lambda was: url_for("rota.place", place_id=was.id),
    )


def _place_page(place_id: int, refusal: Refusal | None = None) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        ref, people = held_place(who, place_id), people_of(who)
        left = None if ref is not None else shift_of_left(who, place_id) or abort(404)
        thought = None if ref is None else thought_of(who, ref, people) or abort(404)
    if thought is None:
        return shift_page(left or 0, refusal=Refusal.NOT_HELD)
    sought, many = name_sought(), len(thought.others) > AT_ONCE
    others = tuple(one for one in thought.others if fits(sought, people.name(one.helper_id)))
    thought = replace(thought, others=others)
    held = next(one for one in thought.shift.places if one.id == place_id)
    told = {"held": held, "refusal": refusal, "keeps": holder().may(Right.KEEP_ROTA) is not None}
    page = render_template(
        "rota/place.html", thought=thought, people=people, now=who.now, sought=sought, many=many, **told
    )
    return page, 200 if refusal is None else 409


def _asking(wanted: Move) -> ResponseReturnValue | None:
    with transaction() as session:
        who = asked(session)
        was, people = held_place(who, wanted.place_id), people_of(who)
        thought = None if was is None or wanted.override else thought_of(who, was, people)
    target = None if thought is None else worth_asking(thought, wanted)
    if target is None or thought is None or target.barred:
        return None  # what is barred is refused by the rota itself, in its own words
    return render_template("rota/move.html", thought=thought, target=target, people=people, back="back" in request.form)


def _moved(wanted: Move) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        was = held_place(who, wanted.place_id)
        must_reach_helper(who, wanted.helper_id)
        answer = move_place(session, who.network_id, wanted, **who.doing)
    if was is None or not isinstance(answer, Moved):
        return _place_page(wanted.place_id, answer if isinstance(answer, Refusal) else Refusal.NOT_HELD)
    day = local_day(was.during.begins)
    if "back" in request.form:  # a move undone needs no way back from its way back
        said(RotaSaid.MOVED_BACK)
        return redirect(url_for("rota.week", day=day), 303)
    return redirect(url_for("rota.week", day=day, moved=address_of_move(answer.place_id, was)), 303)


def _changed(
    place_id: int, change: Callable[[Asked, PlaceRef], Answer], *, done: str, to: Callable[[PlaceRef], str]
) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        was = held_place(who, place_id)
        answer = Answer(None, Refusal.NOT_HELD) if was is None else change(who, was)
    if was is None or answer.refusal is not None:
        return _place_page(place_id, answer.refusal)
    said(done)
    return redirect(to(was), 303)
