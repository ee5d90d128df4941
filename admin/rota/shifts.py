"""Shifts: new ones, changed ones, removed ones; whose places they are."""

from collections.abc import Callable

from flask import abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Asked
from admin.api.reach import confined_to, must_reach, must_reach_helper, must_reach_shift
from admin.auth import holder, signed_in
from admin.once import only_once
from admin.pages import said
from admin.parts import now, transaction
from admin.people.reading import number_of, row_of
from admin.rota.people import choosable, people_of
from admin.rota.room import asked, rota
from admin.rota.shift_page import Said, shift_page
from admin.rota.told import RotaSaid
from admin.rota.typed import Mistakes, TypedShift, TypedTerms, at_field
from admin.rota.view import day_of
from scheduler.rota.editing import Edit, Edited, cancel_shift, edit_shift
from scheduler.rota.effects import foreseen
from scheduler.rota.places import give_place
from scheduler.rota.rules import Refusal, local_day
from scheduler.rota.shifts import NewShift, ShiftRefusal, add_shift
from scheduler.rota.waits import leave_wait
from tickets.rights import Right


@rota.get("/shifts/new")
@signed_in(Right.KEEP_ROTA)
def new_shift() -> ResponseReturnValue:
    """Show an empty form, on the day that was looked at."""
    day = day_of(request.args.get("day")) or local_day(now())
    with transaction() as session:
        own = confined_to(asked(session), Right.KEEP_ROTA)
    hours, asks = holder().hours, TypedTerms(organisation=str(own or ""))
    return _new_page(TypedShift(day.isoformat(), f"{hours.opens:%H:%M}", f"{hours.closes:%H:%M}", asks))


@rota.post("/shifts/new")
@signed_in(Right.KEEP_ROTA)
def add() -> ResponseReturnValue:
    """Add a shift, published or as a draft."""
    typed = TypedShift.sent(request.form)
    if typed.mistakes:
        return _new_page(typed, typed.mistakes)
    with transaction() as session:
        answer = _added(asked(session), typed)
        if not isinstance(answer, ShiftRefusal):
            only_once(session, RotaSaid.SHIFT_ADDED, url_for("rota.week", day=typed.day))
    if isinstance(answer, ShiftRefusal):
        return _new_page(typed, at_field(answer, "day"))
    said(RotaSaid.SHIFT_ADDED)
    return redirect(url_for("rota.shift", shift_id=answer), 303)


@rota.get("/shifts/<int:shift_id>")
@signed_in(Right.SEE_ROTA)
def shift(shift_id: int) -> ResponseReturnValue:
    """Show a shift: who is in it, who waits, who could come."""
    return shift_page(shift_id)


@rota.post("/shifts/<int:shift_id>")
@signed_in(Right.KEEP_ROTA)
def change(shift_id: int) -> ResponseReturnValue:
    """Change what a shift asks for; what that would cost anybody is shown first."""
    typed = TypedShift.sent(request.form)
    if typed.mistakes:
        return shift_page(shift_id, Said(typed, typed.mistakes))
    sure = "anyway" in request.form
    edit = Edit(typed.terms, number_of(typed.version) or 0, override=sure)

    def make(who: Asked) -> Edited | ShiftRefusal:
        must_reach(who, Right.KEEP_ROTA, edit.terms.organisation_id, "organisation")
        return edit_shift(who.session, who.network_id, shift_id, edit, **who.doing)

    answer = _unless_it_costs(shift_id, make, sure=sure)
    if isinstance(answer, ShiftRefusal):
        # What somebody else changed meanwhile is shown as it is now; everything else stays as it was typed.
        stale = answer is ShiftRefusal.STALE
        return shift_page(shift_id, Said(None if stale else typed, at_field(answer, "day")))
    if isinstance(answer, Edited):
        return shift_page(shift_id, Said(typed, costs=answer))
    said(RotaSaid.SHIFT_CHANGED)
    return redirect(url_for("rota.shift", shift_id=shift_id), 303)


@rota.post("/shifts/<int:shift_id>/removal")
@signed_in(Right.KEEP_ROTA)
def remove(shift_id: int) -> ResponseReturnValue:
    """Take a shift out of the rota; whom that would leave without a helper is shown first."""
    version = number_of(request.form.get("version"))

    def make(who: Asked) -> Edited | ShiftRefusal:
        return cancel_shift(who.session, who.network_id, shift_id, expected_version=version, **who.doing)

    answer = _unless_it_costs(shift_id, make, sure="anyway" in request.form)
    if isinstance(answer, ShiftRefusal):
        return shift_page(shift_id, Said(mistakes=at_field(answer, "day")))
    if isinstance(answer, Edited):
        return shift_page(shift_id, Said(costs=answer, removing=True))
    said(RotaSaid.SHIFT_REMOVED)
    return redirect(url_for("rota.week", day=day_of(request.form.get("day")) or local_day(now())), 303)


@rota.post("/shifts/<int:shift_id>/places")
@signed_in(Right.KEEP_ROTA)
def give(shift_id: int) -> ResponseReturnValue:
    """Give a helper a place; with `anyway` also beyond wishes, rest and the number of places."""
    helper_id = row_of(request.form.get("helper")) or abort(400)
    with transaction() as session:
        who = asked(session)
        must_reach_helper(who, helper_id)
        sure = "anyway" in request.form
        answer = give_place(session, who.network_id, shift_id, helper_id, override=sure, **who.doing)
    return _told(shift_id, answer.refusal, RotaSaid.GIVEN)


@rota.post("/shifts/<int:shift_id>/waits")
@signed_in(Right.KEEP_ROTA)
def wait_no_more(shift_id: int) -> ResponseReturnValue:
    """Somebody who waited for a place waits no more."""
    helper_id = row_of(request.form.get("helper")) or abort(400)
    with transaction() as session:
        who = asked(session)
        must_reach_helper(who, helper_id)
        answer = leave_wait(session, who.network_id, shift_id, helper_id, **who.by)
    return _told(shift_id, answer.refusal, RotaSaid.WAITS_NO_MORE)


def _told(shift_id: int, refusal: Refusal | None, done: str) -> ResponseReturnValue:
    if refusal is not None:
        return shift_page(shift_id, refusal=refusal)
    said(done)
    return redirect(url_for("rota.shift", shift_id=shift_id), 303)


def _new_page(typed: TypedShift, mistakes: Mistakes | None = None) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        organisations = choosable(who, people_of(who))
        pooled = confined_to(who, Right.KEEP_ROTA) is None
    page = render_template(
        "rota/new_shift.html", typed=typed, mistakes=mistakes or {}, organisations=organisations, pooled=pooled
    )
    return page, 422 if mistakes else 200


def _added(who: Asked, typed: TypedShift) -> int | ShiftRefusal:
    terms = typed.terms
    if terms.during.ends <= who.now:
        return ShiftRefusal.ENDED
    must_reach(who, Right.KEEP_ROTA, terms.organisation_id, "organisation")
    new = NewShift(
        terms.during,
        needed=terms.needed,
        most=terms.most,
        organisation_id=terms.organisation_id,
        language=terms.language,
        kind=terms.kind,
        call_minutes=int(typed.asks.call),
    )
    return add_shift(who.session, who.network_id, new, published=not typed.draft, **who.doing)


def _unless_it_costs(
    shift_id: int, make: Callable[[Asked], Edited | ShiftRefusal], *, sure: bool
) -> Edited | ShiftRefusal | None:
    """Made, and None; or what it would cost, if somebody loses a place or a promise its helper and nobody is sure yet."""
    with transaction() as session:
        who = asked(session)
        if must_reach_shift(who, shift_id) is None:
            abort(404)
        seen = foreseen(session, lambda: make(who))
        if isinstance(seen, ShiftRefusal) or (not sure and (seen.lost or seen.effect.deficits)):
            return seen
        made = make(who)
    return made if isinstance(made, ShiftRefusal) else None
