"""REST: placing, seeing, redirecting and ending calls."""

from __future__ import annotations

from flask import Blueprint, Request, request

from ivr.exchange.faults import Kind
from ivr.exchange.leg import Goto, Inline, Leg, MovedError, Subscription
from ivr.exchange.numbers import is_e164
from ivr.exchange.office import Office
from ivr.exchange.placing import Order, call_out
from ivr.exchange.rest.errors import not_found, refused
from ivr.exchange.rest.form import Form
from ivr.exchange.rest.paging import PAGING, Json, happened_within, page_of
from ivr.exchange.rest.shapes import call_json
from ivr.exchange.twiml import EVENTS
from ivr.exchange.values import CallStatus

MOST_TWIML = 4000
MOST_RINGING_SECONDS = 600
_CREATE = (
    *("To", "From", "Url", "Method", "Twiml", "FallbackUrl", "FallbackMethod", "Timeout"),
    *("StatusCallback", "StatusCallbackEvent", "StatusCallbackMethod"),
)
_UPDATE = ("Status", "Url", "Method", "Twiml")
_FILTERS = (
    *("To", "From", "Status", "ParentCallSid", *PAGING),
    *(name + sign for name in ("StartTime", "EndTime") for sign in ("", "<", ">")),
)


def add_call_routes(blueprint: Blueprint, office: Office) -> None:
    """Answer /Calls and /Calls/{sid}."""

    @blueprint.post("/Calls.json")
    def place_call() -> tuple[Json, int]:
        form = Form(request.form, _CREATE)
        with office.lock:
            return call_json(call_out(office, _order(office, form))), 201

    @blueprint.get("/Calls.json")
    def list_calls() -> Json:
        Form(request.args, _FILTERS)
        with office.lock:
            found = [leg for leg in reversed(office.legs.values()) if _wanted(request, leg)]
            return page_of(request, "calls", found, call_json)

    @blueprint.get("/Calls/<sid>.json")
    def show_call(sid: str) -> Json:
        with office.lock:
            return call_json(_leg(office, sid))

    @blueprint.post("/Calls/<sid>.json")
    def change_call(sid: str) -> Json:
        form = Form(request.form, _UPDATE)
        with office.lock:
            leg = _leg(office, sid)
            _change(leg, form)
            return call_json(leg)


def _leg(office: Office, sid: str) -> Leg:
    if sid not in office.legs:
        raise not_found(f"/Calls/{sid}.json")
    return office.legs[sid]


def _order(office: Office, form: Form) -> Order:
    to, sender = form.needed("To", 21201), form.needed("From", 21213)
    if not is_e164(to):
        raise refused(21211, f"The phone number {to} is not a valid phone number")
    if not is_e164(sender):
        raise refused(21212, f"The From number {sender} is not a valid phone number")
    if sender not in office.lines and sender not in office.verified:
        raise refused(21210, f"The source phone number {sender} is not yet verified")
    if not office.may_call(to):
        raise refused(21215, f"Account not authorized to call {to}")
    return Order(
        to=to,
        from_number=sender,
        goto=_instructions(form),
        timeout=form.seconds("Timeout", 60, MOST_RINGING_SECONDS),
        fallback=_fallback(form),
        subscription=_subscription(form),
    )


def _instructions(form: Form) -> Goto | Inline:
    twiml, url = form.text("Twiml"), form.url("Url", 21205)
    if twiml:
        if len(twiml) > MOST_TWIML:
            raise refused(21205, f"Twiml is longer than {MOST_TWIML} characters")
        return Inline(twiml)
    if not url:
        raise refused(21205, "Url parameter is required")
    return Goto(url, form.method("Method"), Kind.VOICE)


def _fallback(form: Form) -> Goto | None:
    url = form.url("FallbackUrl", 21205)
    return Goto(url, form.method("FallbackMethod"), Kind.FALLBACK) if url else None


def _subscription(form: Form) -> Subscription | None:
    url, events = form.url("StatusCallback", 21609), form.words("StatusCallbackEvent")
    if not set(events) <= set(EVENTS):
        raise refused(21626, f"There is no such StatusCallbackEvent: {', '.join(events)}")
    if not url:
        return None
    return Subscription(url, form.method("StatusCallbackMethod"), events or ("completed",))


def _change(leg: Leg, form: Form) -> None:
    status = form.text("Status")
    if status:
        _end(leg, status)
        return
    goto = _instructions(form)
    if leg.status is not CallStatus.IN_PROGRESS or leg.process is None:
        raise refused(21220, "Call is not in-progress. Cannot redirect")
    leg.process.interrupt(MovedError(goto))


def _end(leg: Leg, status: str) -> None:
    if status not in ("completed", "canceled"):
        raise refused(21218, f"A call cannot be made {status}")
    if leg.answered and status == "canceled":
        raise refused(21220, "Call is in-progress. Cannot cancel")
    leg.end(CallStatus.COMPLETED if leg.answered else CallStatus.CANCELED)


def _wanted(request: Request, leg: Leg) -> bool:
    filters = {
        "To": leg.to_number,
        "From": leg.from_number,
        "Status": call_json(leg)["status"],
        "ParentCallSid": leg.parent.sid if leg.parent else "",
    }
    if any(request.args.get(name, value) != value for name, value in filters.items()):
        return False
    if not happened_within(request, "StartTime", leg.started_at or leg.created_at):
        return False
    return leg.ended_at is None or happened_within(request, "EndTime", leg.ended_at)
