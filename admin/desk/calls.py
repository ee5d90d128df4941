"""Calls looked for and looked into: a day's calls, and one call step by step as its journal tells it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any, Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select

from admin.api.operations import Asked
from admin.auth import holder, reaches_network, signed_in
from admin.desk.now import line_names
from admin.desk.views import asked_of
from admin.parts import now, transaction
from admin.wording import page_language
from ivr.calls import Became, CallLine, Wanted, calls_of, tickets_of_call, what_became
from ivr.journal import LiveCall, Part, calls_of_ids, read_journal
from ivr.journey import Ear, Journey, retold
from scheduler.rota.rules import local_day
from scheduler.sight import not_hidden, sees
from scheduler.slots import DAY, HELSINKI, Span, instant_of
from tickets.line_wording import catalogue_of
from tickets.retention import Kept, Term, terms_of
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view
from tickets.vocabulary import PageLanguage
from voice_prompts.catalogue import Catalogue

A_PAGE: Final = 50
GOING_ON: Final = {"on": True, "over": False}
calls = Blueprint("calls", __name__, url_prefix="/admin/calls")


@dataclass(frozen=True, slots=True)
class Looked:
    """Which calls are looked at; `line` is a number, `part` and `state` codes, empty for all."""

    day: date
    line: int | None
    part: Part | None
    state: str

    @property
    def wanted(self) -> Wanted:
        """The same, as calls are looked for."""
        span = Span(instant_of(self.day, time()), instant_of(self.day + DAY, time()))
        return Wanted(span, self.line, self.part, GOING_ON.get(self.state))

    def address(self, **changes: object) -> str:
        """The address of the same list, or of another one."""
        told: dict[str, Any] = {"day": self.day, "line": self.line, "part": self.part, "state": self.state or None}
        return url_for("calls.listed", **{**told, **changes})


@dataclass(frozen=True, slots=True)
class Told:
    """A call as it is looked into."""

    call: LiveCall
    journey: Journey
    became: tuple[Became, ...]
    line: str


@calls.get("")
@signed_in(Right.LIST_TICKETS)
def listed() -> ResponseReturnValue:
    """Show the calls of a day, the newest first: when, on which line, how long; not who rang."""
    looked = _looked()
    before = request.args.get("before", type=int)
    with transaction() as session:
        asked = asked_of(session)
        found = calls_of(session, asked.network_id, looked.wanted, before=before, limit=A_PAGE + 1)
        shown = found[:A_PAGE]
        codes, lines = _codes(asked, shown), line_names(asked)
    older = looked.address(before=shown[-1].id) if len(found) > A_PAGE else None
    may_look = holder().may(Right.READ_TICKETS) is not None
    about = {"looked": looked, "lines": lines, "parts": Part, "codes": codes, "may_look": may_look}
    return render_template("calls/listed.html", calls=shown, older=older, before=before, moment=now(), **about)


@calls.get("/<int:call_id>")
@signed_in(Right.READ_TICKETS)
def one(call_id: int) -> ResponseReturnValue:
    """Show a call step by step to whoever may read all of its matters; the look is written down."""
    with transaction() as session:
        asked = asked_of(session)
        told = told_of(asked, call_id)
        term = terms_of(session, asked.network_id)[Kept.CALLS]
    if told is None or isinstance(told, Forbidden):
        return _gone(term, is_there=told is not None)
    edits = told.call.line_id is not None and holder().may(Right.EDIT_PROMPTS) is not None
    return render_template("calls/one.html", told=told, term=term, edits=edits)


@dataclass(frozen=True, slots=True)
class Forbidden:
    """The call is there, and about something that they may not read."""


def told_of(asked: Asked, call_id: int) -> Told | Forbidden | None:
    """A call of the network, told again; None where there is none of this number any more."""
    call = next(iter(calls_of_ids(asked.session, asked.network_id, [call_id])), None)
    if call is None:
        return None
    journal = read_journal(asked.session, call)
    tickets = tickets_of_call(asked.session, call, journal)
    if not _may_read(asked, tickets):
        return Forbidden()
    for ticket_id in tickets or (None,):
        note_view(asked.session, asked.holder, Seen.TICKET, ticket_id, now=asked.now)
    ear = Ear(_catalogue(asked, call), hides=_hides(asked, tickets))
    became = what_became(asked.session, call, tickets)
    return Told(call, retold(call, journal, ear), became, line_names(asked).get(call.line_id or 0, ""))


@calls.app_template_filter()
def clock_s(moment: datetime) -> str:
    """The clock of a moment in Finland to the second, as one follows a call by it."""
    local = moment.astimezone(HELSINKI)
    return f"{local:%H:%M:%S}" if page_language() is PageLanguage.EN else f"{local.hour}.{local:%M.%S}"


def _may_read(asked: Asked, tickets: Collection[int]) -> bool:
    """All of its matters; what is about no ticket is read by who reads all of the network's."""
    if not tickets:
        return reaches_network(Right.READ_TICKETS)
    mine = sees(asked.holder, Right.READ_TICKETS, now=asked.now)
    reached = asked.session.scalars(select(Ticket.id).where(Ticket.id.in_(tickets), mine))
    return set(reached) == set(tickets)


def _hides(asked: Asked, tickets: Collection[int]) -> bool:
    found = asked.session.scalars(select(Ticket).where(Ticket.id.in_(tickets)))
    return any(not not_hidden(ticket, asked.holder) for ticket in found)


def _catalogue(asked: Asked, call: LiveCall) -> Catalogue:
    common = Catalogue.load()
    if call.line_id is None or not call.wording:
        return common
    return catalogue_of(asked.session, common, call.line_id, call.wording)


def _codes(asked: Asked, shown: Collection[CallLine]) -> dict[int, str]:
    """The codes of these calls' tickets that somebody may list."""
    ids = {ticket for call in shown for ticket in call.tickets}
    mine = sees(asked.holder, Right.LIST_TICKETS, now=asked.now)
    rows = asked.session.execute(select(Ticket.id, Ticket.code).where(Ticket.id.in_(ids), mine))
    return {row.id: row.code for row in rows}


def _looked() -> Looked:
    try:
        day = date.fromisoformat(request.args.get("day", ""))
        datetime.combine(day, time()) - DAY, datetime.combine(day, time()) + DAY
    except (ValueError, OverflowError):
        day = local_day(now())
    part, state = request.args.get("part"), request.args.get("state", "")
    return Looked(
        day,
        request.args.get("line", type=int),
        next((one for one in Part if one == part), None),
        state if state in GOING_ON else "",
    )


def _gone(term: Term, *, is_there: bool) -> ResponseReturnValue:
    if is_there:
        abort(403)
    return render_template("calls/gone.html", term=term), 404
