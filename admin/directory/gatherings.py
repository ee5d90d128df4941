"""What people can come to: tour stops and events, their days, and how the days went."""

from dataclasses import replace
from datetime import date
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.directory.choices import choices
from admin.directory.repeats import Repeats, chosen_in, rule_of
from admin.directory.shelf import GATHERINGS, Draft, draft_of, saved
from admin.directory.typed import Typed
from admin.directory.views import pages_of, sought_in
from admin.pages import said
from admin.parts import now, transaction
from scheduler.gatherings import call_off, cancel_gathering
from scheduler.people.organisations import organisation_names
from tickets.browsing import coming_first
from tickets.entries import EntryRefusal, entry_with
from tickets.gatherings import Gathering, GatheringKind
from tickets.listed import days_reported, next_days
from tickets.rights import Right
from tickets.vocabulary import Topic
from voice_prompts.language import Language

gatherings = Blueprint("gatherings", __name__, url_prefix="/admin/directory/gatherings")
BEGINS, ENDS = "10:00", "12:00"
BLANK: Final = {"begins": BEGINS, "ends": ENDS, "repeats": Repeats.ONCE.value, "kind": GatheringKind.TOUR_STOP.value}


@gatherings.get("")
@signed_in(Right.READ_DIRECTORY)
def every_gathering() -> ResponseReturnValue:
    """Show what there is to come to, the soonest first."""
    sought = sought_in()
    with transaction() as session:
        found = coming_first(session, holder().network_id, sought, now=now())
        days = next_days(session, [row.id for row in found.rows], now=now())
    return render_template(
        "directory/gatherings.html",
        rows=found.rows,
        days=days,
        pages=pages_of(sought, more=found.more),
        topics=Topic,
        may_edit=Right.EDIT_DIRECTORY in holder().rights,
    )


@gatherings.get("/<code>")
@signed_in(Right.READ_DIRECTORY)
def one_gathering(code: str) -> ResponseReturnValue:
    """Show a gathering with its next days and the days that are over."""
    return shown(code)


@gatherings.get("/new")
@signed_in(Right.EDIT_DIRECTORY)
def new_gathering() -> ResponseReturnValue:
    """Show the form for a gathering."""
    return _form(Draft(Typed(BLANK, {}), {}))


@gatherings.get("/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def edit_gathering(code: str) -> ResponseReturnValue:
    """Show a gathering's form as it stands."""
    with transaction() as session:
        row = entry_with(session, Gathering, holder().network_id, code) or abort(404)
        draft = draft_of(row, GATHERINGS.shape)
        repeats, until = chosen_in(row.rrule, row.first_day)
    told = {**draft.typed.one, "repeats": repeats.value, "until": until.isoformat() if until else ""}
    return _form(replace(draft, typed=Typed(told, draft.typed.several)))


@gatherings.post("/new")
@gatherings.post("/<code>/edit")
@signed_in(Right.EDIT_DIRECTORY)
def save_gathering(code: str | None = None) -> ResponseReturnValue:
    """Put a gathering in, or let it be so from now on; days that are over stay as they were."""
    sent = Draft(_with_rule(code), {}, code, request.form.get("seen", ""))
    with transaction() as session:
        answer = saved(session, GATHERINGS, holder().network_id, sent, now())
    if isinstance(answer, Draft):
        return _form(answer), 409 if answer.stale else 422
    said("entry_saved")
    return redirect(url_for(".one_gathering", code=answer), 303)


@gatherings.post("/<code>/cancel")
@signed_in(Right.EDIT_DIRECTORY)
def cancel(code: str) -> ResponseReturnValue:
    """Hold it no more."""
    with transaction() as session:
        found = cancel_gathering(session, holder().network_id, code, now=now())
    if not found:
        abort(404)
    said("gathering_cancelled")
    return redirect(url_for(".one_gathering", code=code), 303)


@gatherings.post("/<code>/days/<day>")
@signed_in(Right.EDIT_DIRECTORY)
def change_day(code: str, day: str) -> ResponseReturnValue:
    """Call a day off, or hold it after all."""
    off = "off" in request.form
    with transaction() as session:
        refusal = call_off(session, holder().network_id, code, day_in(day), now=now(), off=off)
    if refusal is EntryRefusal.UNKNOWN_ENTRY:
        abort(404)
    if off:
        said("day_called_off")
    else:
        said("day_held_after_all")
    return redirect(url_for(".one_gathering", code=code), 303)


def shown(code: str) -> str:
    """A gathering's page."""
    with transaction() as session:
        row = entry_with(session, Gathering, holder().network_id, code) or abort(404)
        coming = next_days(session, [row.id], now=now()).get(row.id, ())
        past = days_reported(session, row.id, now=now())
        kept_by = organisation_names(session, holder().network_id)
    repeats, until = chosen_in(row.rrule, row.first_day)
    return render_template(
        "directory/gatherings_one.html",
        row=row,
        coming=coming,
        past=past,
        kept_by=kept_by,
        repeats=repeats,
        until=until,
        may_edit=Right.EDIT_DIRECTORY in holder().rights,
        may_report=Right.ENTER_STATISTICS in holder().rights,
    )


def day_in(written: str) -> date:
    """A day of an address."""
    try:
        return date.fromisoformat(written)
    except ValueError:
        abort(404)


def _form(draft: Draft) -> str:
    with transaction() as session:
        chosen = choices(session)
    return render_template(
        "directory/gatherings_form.html",
        draft=draft,
        choices=chosen,
        kinds=GatheringKind,
        repeats=[one for one in Repeats if one is not Repeats.OTHERWISE or draft.typed["repeats"] == one],
        topics=Topic,
        languages=Language,
    )


def _with_rule(code: str | None) -> Typed:
    """What was sent, with how often it comes again as a rule."""
    typed = Typed.sent(request.form)
    with transaction() as session:
        row = None if code is None else entry_with(session, Gathering, holder().network_id, code)
        before = "" if row is None or row.rrule is None else row.rrule
    rule = rule_of(typed["repeats"], _day_or_none(typed["first_day"]), _day_or_none(typed["until"]), before)
    return Typed({**typed.one, "rrule": rule}, typed.several)


def _day_or_none(written: str) -> date | None:
    try:
        return date.fromisoformat(written.strip())
    except ValueError:
        return None
