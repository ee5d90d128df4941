"""After the call: how it went, in three taps; and another time where the matter needs more."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import grid, holder, signed_in
from admin.clock import within_reach
from admin.helper.mistakes import HelperMistake
from admin.helper.outcome_form import OTHERS, Account, OutcomeRead, Result, Told, read_outcome
from admin.helper.reading import points_to_refer_to
from admin.helper.said import HelperSaid
from admin.helper.said import tell as tell_next
from admin.helper.who import doing, helper, own_case
from admin.parts import now, transaction
from scheduler.cases import CaseRefusal
from scheduler.closing import close_ticket, refer
from scheduler.desk import book_time
from scheduler.free_times import FreeTimes, free_times
from scheduler.outcomes import Ending
from scheduler.promises import Promise
from scheduler.refining import Refinement, refine
from tickets.contents import add_note
from tickets.points import REFERRALS, ReferralPoint
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.vocabulary import BOOKABLE, DidThemselves, Outcome, TicketStatus, Topic

# What is told in words of its own; whatever else stands in the way, the case changed meanwhile.
TOLD_APART: Final = (CaseRefusal.ON_THE_PHONE, CaseRefusal.HAS_A_TIME, CaseRefusal.ANONYMISED, CaseRefusal.NOT_NOW)


class _RefusedError(Exception):
    """Nothing is kept of what was refused."""


@helper.get("/cases/<code>/outcome")
@signed_in(Right.WORK_TICKETS)
def outcome(code: str) -> ResponseReturnValue:
    """Ask how it went."""
    return _asked(code, OutcomeRead(Told()))


@helper.post("/cases/<code>/outcome")
@signed_in(Right.WORK_TICKETS)
def tell(code: str) -> ResponseReturnValue:
    """Keep how it went, all of it or nothing; said twice, it is said once."""
    closed = request.form.get("closed") == "1"
    sent = read_outcome(request.form, closed=closed)
    if sent.account is None:
        return _asked(code, sent), 422
    try:
        with transaction() as session:
            ticket = own_case(session, code, Right.WORK_TICKETS)
            if (ticket.status is TicketStatus.CLOSED) is not closed:
                tell_next(HelperSaid.OUTCOME_KNOWN)
                return redirect(url_for(".outcome", code=code), 303)
            _keep(session, ticket, sent.account)
    except _RefusedError as refused:
        return _refused(code, sent, CaseRefusal(str(refused)))
    return _gone_on(code, sent.account)


@helper.get("/cases/<code>/time")
@signed_in(Right.BOOK_TIMES)
def times(code: str) -> ResponseReturnValue:
    """Offer the free times for a case that has none, day by day."""
    return _times(code)


@helper.post("/cases/<code>/time")
@signed_in(Right.BOOK_TIMES)
def promise(code: str) -> ResponseReturnValue:
    """Promise the time that suits; the caller is told of it and of the code. If somebody was faster, offer others."""
    starts_at = _moment(request.form.get("starts_at", ""))
    if starts_at is None:
        tell_next(HelperSaid.TIME_GONE)
        return redirect(url_for(".times", code=code), 303)
    with transaction() as session:
        ticket = own_case(session, code, Right.BOOK_TIMES)
        made = book_time(session, ticket, starts_at, doing(), heard=False)
    tell_next(HelperSaid.TIME_PROMISED if isinstance(made, Promise) else HelperSaid.TIME_GONE)
    to = ".case" if isinstance(made, Promise) else ".times"
    return redirect(url_for(to, code=code), 303)


def _keep(session: Session, ticket: Ticket, account: Account) -> None:
    refusal = _refine(session, ticket, account)
    if account.note and add_note(session, ticket, account.note, **doing().by) is None:
        refusal = CaseRefusal.ANONYMISED
    if refusal is None and account.ending is not None:
        refusal = _end(session, ticket, account, account.ending)
    if refusal is not None:
        raise _RefusedError(refusal)


def _refine(session: Session, ticket: Ticket, account: Account) -> CaseRefusal | None:
    """What is told besides; of a closed case also what belongs to its end. What is left empty stays as it is."""
    told: set[str] = {"training_need"} if account.training else set()
    told |= {"topics"} if account.topics else set()
    if account.ending is None:
        told |= {"did_themselves"} if account.did is not None else set()
        told |= {"minutes"} if account.minutes is not None else set()
    refinement = Refinement(
        frozenset(told),
        topics=account.topics,
        training_need=account.training,
        did_themselves=account.did,
        minutes=account.minutes,
    )
    return refine(session, ticket, refinement, doing()) if told else None


def _end(session: Session, ticket: Ticket, account: Account, ending: Ending) -> CaseRefusal | None:
    if account.point_id is not None:
        point = session.get(ReferralPoint, account.point_id)
        if point is None or point.network_id != ticket.network_id or not point.active:
            return CaseRefusal.NO_SUCH_POINT
        if (refusal := refer(session, ticket, point.code, doing(), closes=False)) is not None:
            return refusal
        ending = replace(ending, outcome=point.outcome, referral_point=point.id)
    return close_ticket(session, ticket, ending, doing())


def _gone_on(code: str, account: Account) -> ResponseReturnValue:
    tell_next(HelperSaid.OUTCOME_SAVED)
    needs_more = account.ending is not None and account.ending.outcome is Outcome.OSITTAIN_JATKOAIKA
    if needs_more and holder().may(Right.BOOK_TIMES) is not None:
        return redirect(url_for(".times", code=code), 303)
    return redirect(_home(), 303)


def _home() -> str:
    """Where their day goes on; whoever rings nobody back took the case in the relay."""
    rings = holder().helper_id is not None and holder().may(Right.TAKE_PLACES) is not None
    return url_for(".today") if rings else url_for("relay.cases")


def _refused(code: str, sent: OutcomeRead, refusal: CaseRefusal) -> ResponseReturnValue:
    if refusal is CaseRefusal.NO_SUCH_POINT:
        return _asked(code, replace(sent, mistakes={"point": HelperMistake.POINT_GONE})), 422
    return _asked(code, sent, refusal if refusal in TOLD_APART else CaseRefusal.NOT_NOW), 409


def _asked(code: str, form: OutcomeRead, refusal: CaseRefusal | None = None) -> str:
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        near = points_to_refer_to(session, holder(), ticket)
    return render_template(
        "helper/outcome.html",
        ticket=ticket,
        form=form,
        refusal=refusal,
        points=[(one.id, one.name.text) for one in near],
        lists=_LISTS,
        closed=ticket.status is TicketStatus.CLOSED,
    )


_LISTS: Final[Mapping[str, tuple[str, ...]]] = {
    "result": tuple(Result),
    "other": OTHERS,
    "where": REFERRALS,
    "did": tuple(DidThemselves),
    "topics": tuple(Topic),
}


def _times(code: str) -> str:
    after = _moment(request.args.get("after", ""))
    with transaction() as session:
        ticket = own_case(session, code, Right.BOOK_TIMES)
        can = ticket.status in BOOKABLE and ticket.caller_index is not None
        free = free_times(session, ticket, after=after, now=now(), grid=grid()) if can else FreeTimes()
    return render_template(
        "helper/times.html", ticket=ticket, free=free, later=after is not None, can=can, home=_home()
    )


def _moment(typed: str) -> datetime | None:
    try:
        return within_reach(typed) if typed else None
    except ValueError:
        return None
