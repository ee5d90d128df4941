"""The desk's pages: log a matter while its person is on the phone or at the counter, and give them a time."""

import secrets
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import grid, holder, signed_in
from admin.clock import within_reach
from admin.desk.matter_form import DeskMistake, Read, Typed, Wrong, read, typed_in
from admin.parts import now, transaction
from admin.public.form import NEED, Mistake, read_number
from admin.told import seal_of, told_now
from admin.wording import spoken_language
from scheduler.cases import Doing
from scheduler.desk import Logged, OpenMatters, Then, book_time, log_matter, open_matters, wait_for_time
from scheduler.free_times import free_times
from scheduler.promises import Promise
from scheduler.sight import ticket_for
from scheduler.waiting import Standing, standing
from tickets.e_services import e_services_of
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import actor_of
from tickets.vocabulary import AccessNeed, Device, DidThemselves, HeardOfUs, HelpForm, Outcome, TicketStatus, Topic

FIELD_OF: Final[Mapping[str, str]] = {"no_number": "number", "no_such_ticket": "same", "no_such_e_service": "e_service"}

logging = Blueprint("logging", __name__, url_prefix="/admin/desk")


class _RefusedError(Exception):
    """Nothing is kept of what was refused."""


@logging.get("")
@signed_in(Right.LOG_MATTERS)
def blank() -> ResponseReturnValue:
    """Show the form; with a ticket's code, for another matter of the same person."""
    typed = Typed(key=secrets.token_hex(8), language=spoken_language(), same=request.args.get("same", ""))
    return _form(Read(typed))


@logging.post("")
@signed_in(Right.LOG_MATTERS)
def log() -> ResponseReturnValue:
    """Log the matter, or show what the number has open; what was typed stays."""
    if "look" in request.form:
        return _look(typed_in(request.form))
    sent = read(request.form)
    if sent.matter is None:
        return _form(sent), 422
    try:
        with transaction() as session:
            matter = sent.matter
            logged = log_matter(session, holder(), matter.told, matter.then, matter.ending, doing())
            if not isinstance(logged, Logged):
                raise _RefusedError(logged)
    except _RefusedError as refused:
        return _form(replace(sent, mistakes=_mistake_of(str(refused)))), 422
    wants_time = sent.matter.then is Then.TIME and logged.status is not TicketStatus.CLOSED
    return redirect(url_for(".time" if wants_time else ".logged", code=logged.code), 303)


@logging.get("/<code>")
@signed_in(Right.LOG_MATTERS)
def logged(code: str) -> ResponseReturnValue:
    """Show how the matter stands, and the code to be told to whoever has just been promised a time."""
    with transaction() as session:
        ticket = _ticket(session, code)
        promise = told_now(session, ticket)
        place = standing(session, ticket.id)
    return render_template("desk/logged.html", ticket=ticket, promise=promise, standing=place)


@logging.get("/<code>/time")
@signed_in(Right.LOG_MATTERS)
def time(code: str) -> ResponseReturnValue:
    """Offer the free times, day by day."""
    return _times(code, None)


@logging.post("/<code>/time")
@signed_in(Right.LOG_MATTERS)
def promise(code: str) -> ResponseReturnValue:
    """Promise the time that suits; if somebody was faster, offer others."""
    starts_at = _moment(request.form.get("starts_at")) or abort(400)
    with transaction() as session:
        ticket = _ticket(session, code)
        made = book_time(session, ticket, starts_at, doing())
    if not isinstance(made, Promise):
        return _times(code, DeskMistake(made.value))
    return redirect(url_for(".logged", code=code, seal=seal_of(ticket, made.callback_id)), 303)


@logging.post("/<code>/waiting")
@signed_in(Right.LOG_MATTERS)
def wait(code: str) -> ResponseReturnValue:
    """No time suits: let the caller wait for one."""
    with transaction() as session:
        waits = wait_for_time(session, _ticket(session, code), doing())
    if not isinstance(waits, Standing):
        return _times(code, DeskMistake(waits.value))
    return redirect(url_for(".logged", code=code), 303)


def doing() -> Doing:
    """Who does it, when, and on which grid."""
    return Doing(now(), actor_of(holder()), grid())


def _look(typed: Typed) -> ResponseReturnValue:
    e164, mistake = read_number(typed.number)
    if e164 is None or mistake is not None:
        return _form(Read(typed, mistakes={"number": mistake or Mistake.NUMBER})), 422
    with transaction() as session:
        found = open_matters(session, holder(), e164, now=now())
    return _form(Read(typed), found)


def _form(form: Read, found: OpenMatters | None = None) -> str:
    with transaction() as session:
        services = e_services_of(session, holder().network_id)
    language = spoken_language()
    names = {code: one.name_in(language) for code, one in services.items() if one.active}
    return render_template(
        "desk/log.html",
        form=form,
        found=found,
        e_services=dict(sorted(names.items(), key=lambda pair: pair[1])),
        lists={"topic": Topic, "device": Device, "wished_form": HelpForm, "heard_of_us": HeardOfUs, "outcome": Outcome},
        themselves=DidThemselves,
        needs=AccessNeed,
        need=NEED,
        thens=Then,
    )


def _times(code: str, mistake: DeskMistake | None) -> ResponseReturnValue:
    after = _moment(request.args.get("after"))
    with transaction() as session:
        ticket = _ticket(session, code)
        free = free_times(session, ticket, after=after, now=now(), grid=grid())
    page = render_template("desk/times.html", ticket=ticket, free=free, later=after is not None, mistake=mistake)
    return page, 200 if mistake is None else 409


def _ticket(session: Session, code: str) -> Ticket:
    return ticket_for(session, holder(), code, Right.LOG_MATTERS, now=now()) or abort(404)


def _mistake_of(refusal: str) -> Mapping[str, Wrong]:
    known = next((mistake for mistake in DeskMistake if mistake == refusal), DeskMistake.NOT_NOW)
    return {FIELD_OF.get(refusal, "then"): known}


def _moment(text: str | None) -> datetime | None:
    try:
        return None if text is None else within_reach(text)
    except ValueError:
        abort(400)
