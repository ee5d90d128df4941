"""Who else sees a ticket, and how long it must be kept."""

from datetime import datetime, time
from typing import Final

from flask import render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import MOST_AT_ONCE, cases
from admin.cases.doing import CaseMistake, do, sent
from admin.cases.ticket import shown
from admin.cases.typed import day_typed, plain
from admin.parts import now, transaction
from scheduler import cases as working
from scheduler.cases import CaseRefusal, Doing
from scheduler.people.names import names_of
from scheduler.sight import sees
from scheduler.slots import DAY, HELSINKI
from tickets.holds import HoldRefusal, holds_of, place_hold, release_hold
from tickets.rights import Right
from tickets.ticket import Ticket

GIVES: Final = (Right.ASSIGN_TICKETS,)
HOLDS: Final = (Right.HOLD_TICKETS,)
LONGEST_REASON: Final = 2000


@cases.post("/tickets/<code>/organisations")
@signed_in(Right.ASSIGN_TICKETS)
def give(code: str) -> ResponseReturnValue:
    """Let another organisation see it, or make it theirs."""
    organisation, belongs = request.form.get("organisation", type=int), "belongs" in request.form
    if organisation is None:
        return shown(code, sent("give", {"organisation": CaseMistake.NOT_IN_LIST}))

    def let(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        return working.give(session, ticket, organisation, doing, belongs=belongs)

    return do(code, "give", GIVES, let, shown)


@cases.post("/tickets/<code>/organisations/<int:organisation>/back")
@signed_in(Right.ASSIGN_TICKETS)
def take_back(code: str, organisation: int) -> ResponseReturnValue:
    """The organisation sees it no more."""

    def take(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        return working.take_back(session, ticket, organisation, doing)

    return do(code, "takeback", GIVES, take, shown)


@cases.post("/tickets/<code>/hold")
@signed_in(Right.HOLD_TICKETS)
def hold(code: str) -> ResponseReturnValue:
    """Keep it, and all that belongs to it, until a day, that day included, whatever its term."""
    reason, day = plain(request.form, "reason"), day_typed(plain(request.form, "until"))
    mistakes = {
        "reason": CaseMistake.NO_REASON if not reason else None,
        "until": CaseMistake.DAY if day is None else None,
    }
    mistakes["reason"] = CaseMistake.TEXT_TOO_LONG if len(reason) > LONGEST_REASON else mistakes["reason"]
    if any(mistakes.values()) or day is None:
        return shown(code, sent("hold", mistakes))
    until = datetime.combine(day + DAY, time(), HELSINKI)

    def keep(session: Session, ticket: Ticket, doing: Doing) -> HoldRefusal | None:
        return place_hold(session, ticket.id, reason, until, **doing.by)

    return do(code, "hold", HOLDS, keep, shown)


@cases.post("/tickets/<code>/hold/end")
@signed_in(Right.HOLD_TICKETS)
def release(code: str) -> ResponseReturnValue:
    """End a hold before its day."""

    def end(session: Session, ticket: Ticket, doing: Doing) -> HoldRefusal | None:
        return release_hold(session, ticket.id, **doing.by)

    return do(code, "release", HOLDS, end, shown)


@cases.get("/holds")
@signed_in(Right.HOLD_TICKETS)
def holds() -> ResponseReturnValue:
    """Show what is held now, and why, a page at a time: what ends first before the others."""
    who, after = holder(), plain(request.args, "after") or None
    among = sees(who, Right.HOLD_TICKETS, now=now())
    with transaction() as session:
        held = holds_of(session, who.network_id, now=now(), among=among, most=MOST_AT_ONCE + 1, after=after)
        names = names_of(session, who.network_id, (one.placed_by for one in held))
    shown = held[:MOST_AT_ONCE]
    later = url_for(".holds", after=shown[-1].ticket_code) if len(held) > MOST_AT_ONCE else None
    may_read = who.may(Right.READ_TICKETS) is not None
    pages = {"first": url_for(".holds") if after else None, "later": later}
    return render_template("cases/holds.html", held=shown, names=names, may_read=may_read, **pages)
