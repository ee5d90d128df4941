"""Templates: weeks as they usually are, and the days on which one of their shifts does not come."""

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Refused
from admin.api.reach import confined_to, must_reach_network
from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from admin.people.choosing import Choice, choice_of
from admin.people.marks import as_seen, mark_of
from admin.rota.people import People, people_of
from admin.rota.room import asked, turn_away
from admin.rota.told import RotaSaid
from admin.rota.typed import Mistakes, RotaMistake, at_field, text_mistakes
from admin.rota.view import day_of
from admin.rota.weekly import TypedWeekly, plain
from scheduler.rota.effects import lock_rota
from scheduler.rota.recurrence import RuleRefused
from scheduler.rota.rules import local_day
from scheduler.rota.shifts import ShiftRefusal
from scheduler.rota.templates import (
    TemplateCard,
    TemplateShiftCard,
    add_template,
    add_template_shift,
    change_template_shift,
    last_day_of,
    leave_out,
    remove_template,
    remove_template_shift,
    rename_template,
    templates_of,
)
from tickets.rights import Right

templates = Blueprint("rota_templates", __name__, url_prefix="/admin/rota/templates")
templates.register_error_handler(Refused, turn_away)


@templates.get("")
@signed_in(Right.SEE_ROTA)
def every() -> ResponseReturnValue:
    """Show all templates, and a field for the name of a new one."""
    return _every_page()


@templates.post("")
@signed_in(Right.KEEP_ROTA)
def add() -> ResponseReturnValue:
    """Make a new template, still empty."""
    name = request.form.get("name", "").strip()
    mistakes = text_mistakes("name", name, RotaMistake.NO_NAME)
    if mistakes:
        return _every_page(name, mistakes)
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        made = add_template(session, who.network_id, name, **who.by)
    if isinstance(made, ShiftRefusal):
        return _every_page(name, at_field(made, "name"))
    said(RotaSaid.TEMPLATE_MADE)
    return redirect(url_for(".one", template_id=made), 303)


@templates.get("/<int:template_id>")
@signed_in(Right.SEE_ROTA)
def one(template_id: int) -> ResponseReturnValue:
    """Show a template's shifts, and a form for one more."""
    return _one_page(template_id)


@templates.post("/<int:template_id>/name")
@signed_in(Right.KEEP_ROTA)
def rename(template_id: int) -> ResponseReturnValue:
    """Give it another name."""
    name = request.form.get("name", "").strip()
    if mistakes := text_mistakes("name", name, RotaMistake.NO_NAME):
        return _one_page(template_id, mistakes=mistakes, name=name, seen=request.form.get("seen"))
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        lock_rota(session, who.network_id)
        stale = not as_seen(_card(templates_of(session, who.network_id), template_id).name)
        refusal = ShiftRefusal.STALE if stale else rename_template(session, who.network_id, template_id, name, **who.by)
    if refusal is not None:
        seen = None if stale else request.form.get("seen")
        return _one_page(template_id, mistakes=at_field(refusal, "name"), name=name, seen=seen)
    said(RotaSaid.TEMPLATE_RENAMED)
    return redirect(url_for(".one", template_id=template_id), 303)


@templates.post("/<int:template_id>/removal")
@signed_in(Right.KEEP_ROTA)
def remove(template_id: int) -> ResponseReturnValue:
    """Remove it, once that has been asked; what is published stays."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        lock_rota(session, who.network_id)
        card = _card(templates_of(session, who.network_id), template_id)
        stale = "sure" in request.form and not as_seen(card)
        sure = "sure" in request.form and not stale
        if sure:
            remove_template(session, who.network_id, template_id, **who.by)
        last = last_day_of(session, who.network_id, template_id)
    if not sure:
        told = {"card": card, "last": last, "stale": stale, "seen": mark_of(card)}
        return render_template("rota/template_removal.html", **told), 409 if stale else 200
    said(RotaSaid.TEMPLATE_REMOVED)
    return redirect(url_for(".every"), 303)


@templates.post("/<int:template_id>/shifts")
@signed_in(Right.KEEP_ROTA)
def add_shift(template_id: int) -> ResponseReturnValue:
    """Let one more shift come again."""
    typed = TypedWeekly.sent(request.form)
    if "look" in request.form:
        return _one_page(template_id, typed)
    if typed.mistakes:
        return _one_page(template_id, typed, typed.mistakes)
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        made = add_template_shift(session, who.network_id, template_id, typed.weekly, **who.by)
    if isinstance(made, ShiftRefusal | RuleRefused):
        return _one_page(template_id, typed, _mistakes(made))
    said(RotaSaid.TEMPLATE_CHANGED)
    return redirect(url_for(".one", template_id=template_id, _anchor=f"shift-{made}"), 303)


@templates.get("/<int:template_id>/shifts/<int:shift_id>")
@signed_in(Right.SEE_ROTA)
def shift(template_id: int, shift_id: int) -> ResponseReturnValue:
    """Show one of its shifts: when it comes, with whom, and when not."""
    return _shift_page(template_id, shift_id)


@templates.post("/<int:template_id>/shifts/<int:shift_id>")
@signed_in(Right.KEEP_ROTA)
def change_shift(template_id: int, shift_id: int) -> ResponseReturnValue:
    """Let it come otherwise from the next publication on."""
    typed = TypedWeekly.sent(request.form)
    if "look" in request.form:
        return _shift_page(template_id, shift_id, typed)
    if typed.mistakes:
        return _shift_page(template_id, shift_id, typed, typed.mistakes)
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        lock_rota(session, who.network_id)
        known = _shift_of(_card(templates_of(session, who.network_id), template_id), shift_id)
        stale = not as_seen(known.weekly)
        refusal = None if stale else change_template_shift(session, who.network_id, shift_id, typed.weekly, **who.by)
    if stale:
        return _shift_page(template_id, shift_id, mistakes=at_field(ShiftRefusal.STALE, "first_day"))
    if refusal is not None:
        return _shift_page(template_id, shift_id, typed, _mistakes(refusal))
    said(RotaSaid.TEMPLATE_CHANGED)
    return redirect(url_for(".one", template_id=template_id, _anchor=f"shift-{shift_id}"), 303)


@templates.post("/<int:template_id>/shifts/<int:shift_id>/removal")
@signed_in(Right.KEEP_ROTA)
def remove_shift(template_id: int, shift_id: int) -> ResponseReturnValue:
    """Let it come no more; what is published stays."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        remove_template_shift(session, who.network_id, shift_id, **who.by)
    said(RotaSaid.TEMPLATE_CHANGED)
    return redirect(url_for(".one", template_id=template_id), 303)


@templates.post("/<int:template_id>/shifts/<int:shift_id>/days")
@signed_in(Right.KEEP_ROTA)
def change_day(template_id: int, shift_id: int) -> ResponseReturnValue:
    """Leave a day out, or let the shift come on it again."""
    day = day_of(request.form.get("day"))
    if day is None:
        return _shift_page(template_id, shift_id, mistakes={"day": RotaMistake.NOT_A_DAY})
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "template")
        refusal = leave_out(session, who.network_id, shift_id, day, out="back" not in request.form, **who.by)
    if refusal is not None:
        abort(404)
    said(RotaSaid.TEMPLATE_CHANGED)
    return redirect(url_for(".shift", template_id=template_id, shift_id=shift_id, _anchor="days"), 303)


def _every_page(name: str = "", mistakes: Mistakes | None = None) -> ResponseReturnValue:
    with transaction() as session:
        cards = templates_of(session, holder().network_id)
        mine = _mine(confined_to(asked(session), Right.KEEP_ROTA))
    page = render_template("rota/templates.html", cards=cards, name=name, mistakes=mistakes or {}, mine=mine)
    return page, 422 if mistakes else 200


def _one_page(
    template_id: int,
    typed: TypedWeekly | None = None,
    mistakes: Mistakes | None = None,
    name: str | None = None,
    seen: str | None = None,
) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        card, people = _card(templates_of(session, who.network_id), template_id), people_of(who)
        mine = _mine(confined_to(who, Right.KEEP_ROTA))
    typed = typed or TypedWeekly.blank(local_day(now()), who.holder.hours)
    told = {"typed": typed, "mistakes": mistakes or {}, "plain": plain, "mine": mine, "name": name}
    told |= {"seen": seen or mark_of(card.name), "choice": _choice(people, typed)}
    return render_template("rota/template.html", card=card, people=people, **told), 422 if mistakes else 200


def _shift_page(
    template_id: int, shift_id: int, typed: TypedWeekly | None = None, mistakes: Mistakes | None = None
) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        card, people = _card(templates_of(session, who.network_id), template_id), people_of(who)
        mine = _mine(confined_to(who, Right.KEEP_ROTA))
    found = _shift_of(card, shift_id)
    seen = request.form.get("seen") if typed else None
    shown = typed or TypedWeekly.of(found.weekly)
    told = {"typed": shown, "mistakes": mistakes or {}, "mine": mine, "choice": _choice(people, shown)}
    told |= {"seen": seen or mark_of(found.weekly), "day": request.form.get("day", "")}
    page = render_template("rota/template_shift.html", card=card, shift=found, people=people, **told)
    return page, 422 if mistakes else 200


def _choice(people: People, typed: TypedWeekly) -> Choice:
    """Who may hold the places: of many, those who fit the name that was typed, and those who are chosen already."""
    known = {one.id: one.name for one in people.helpers.values() if one.active or one.id in typed.helpers}
    return choice_of(known, request.form.get("helper_sought", ""), *typed.helpers)


def _card(cards: tuple[TemplateCard, ...], template_id: int) -> TemplateCard:
    return next((card for card in cards if card.id == template_id), None) or abort(404)


def _shift_of(card: TemplateCard, shift_id: int) -> TemplateShiftCard:
    return next((shift for shift in card.shifts if shift.id == shift_id), None) or abort(404)


def _mine(own: int | None) -> bool:
    """Whether they keep what all organisations share."""
    return own is None and holder().may(Right.KEEP_ROTA) is not None


def _mistakes(refusal: ShiftRefusal | RuleRefused) -> Mistakes:
    if isinstance(refusal, RuleRefused):
        return at_field(refusal.fault, "rule")
    if refusal is ShiftRefusal.NOT_FOUND:
        abort(404)
    return at_field(refusal, "first_day")
