"""Ring now: the line rings the helper and connects them, or they ring by their own phone and say what came of it."""

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.helper.said import HelperSaid, tell, tell_ringing
from admin.helper.who import doing, helper, own_case
from admin.parts import now, transaction
from scheduler.ringing import (
    ENDS,
    OwnCall,
    OwnPromise,
    RingRefusal,
    own_call_ended,
    own_promise,
    ring_by_own_phone,
    ring_now,
    why_not_now,
)
from scheduler.sight import NoContact
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.vocabulary import AttemptResult


@helper.post("/cases/<code>/ring")
@signed_in(Right.WORK_TICKETS)
def ring(code: str) -> ResponseReturnValue:
    """Ring the helper's phone at once, and then the caller; pressed twice, it is one call."""
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        refusal = ring_now(session, ticket, holder().helper_id, doing())
    if refusal not in (None, RingRefusal.ALREADY):
        tell_ringing(refusal)
    return redirect(url_for(".call", code=code), 303)


@helper.get("/cases/<code>/call")
@signed_in(Right.WORK_TICKETS)
def call(code: str) -> ResponseReturnValue:
    """Show how far the call has come; when they have talked, the page goes on to how it went."""
    return _called("helper/call.html", code)


@helper.get("/cases/<code>/call/now")
@signed_in(Right.WORK_TICKETS)
def call_live(code: str) -> ResponseReturnValue:
    """The part of that page that changes."""
    return _called("helper/stage.html", code)


@helper.post("/cases/<code>/own-phone")
@signed_in(Right.WORK_TICKETS)
def own_phone(code: str) -> ResponseReturnValue:
    """Show the number to whoever may see it, and the code to be said first; from now on the call is theirs to tell of."""
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        answer = ring_by_own_phone(session, holder(), ticket, doing())
    if isinstance(answer, OwnCall):
        return render_template("helper/own_phone.html", ticket=ticket, call=answer, ends=ENDS)
    if isinstance(answer, NoContact):
        return render_template("helper/no_contact.html", ticket=ticket, reason=answer), 403
    tell_ringing(answer)
    return redirect(url_for(".call", code=code), 303)


@helper.post("/cases/<code>/own-phone/end")
@signed_in(Right.WORK_TICKETS)
def own_phone_ended(code: str) -> ResponseReturnValue:
    """Say what came of a call by one's own phone."""
    result = next((one for one in ENDS if one == request.form.get("result")), None)
    if result is None:
        tell(HelperSaid.SAY_WHAT_CAME)
        return redirect(url_for(".call", code=code), 303)
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        refusal = own_call_ended(session, ticket, holder().helper_id, result, doing())
    if refusal is None and result is AttemptResult.VASTASI:
        return redirect(url_for(".outcome", code=code), 303)
    if refusal is None:
        tell(HelperSaid.CALL_TOLD)
    else:
        tell_ringing(refusal)
    return redirect(url_for(".call", code=code), 303)


def _called(template: str, code: str) -> str:
    with transaction() as session:
        ticket = own_case(session, code, Right.WORK_TICKETS)
        promise = _promise(session, ticket)
    return render_template(
        template,
        ticket=ticket,
        promise=promise,
        why_not=why_not_now(promise, now=now()),
        ends=ENDS,
        may_see_contact=holder().may(Right.SEE_CONTACT) is not None,
    )


def _promise(session: Session, ticket: Ticket) -> OwnPromise | None:
    return own_promise(session, ticket.id, holder().helper_id, now=now())
