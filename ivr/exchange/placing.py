"""Beginning a call: from a phone to a line, or from the product to a phone."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.exchange.interpreter import converse
from ivr.exchange.leg import Goto, Handset, Inline, Leg, Subscription
from ivr.exchange.office import Office
from ivr.exchange.process import Steps, wait
from ivr.exchange.ringing import ring
from ivr.exchange.values import CallOverError, CallStatus, Direction, NotInUse


@dataclass(frozen=True, slots=True)
class Order:
    """What the product asks for when it places a call."""

    to: str
    from_number: str
    goto: Goto | Inline
    timeout: int = 60
    fallback: Goto | None = None
    subscription: Subscription | None = None


def call_in(office: Office, phone: Handset, shown: str, number: str) -> Leg:
    """A phone dials a number of the exchange; `shown` is what the product sees as the caller."""
    line = office.lines.get(number)
    leg = Leg(
        office=office,
        direction=Direction.INBOUND,
        from_number=shown,
        to_number=number,
        phone=phone,
        line=line,
    )
    if line is not None and line.status_callback:
        leg.subscription = Subscription(line.status_callback, line.status_callback_method)
    if line is not None and line.voice_fallback_url:
        leg.fallback = Goto(line.voice_fallback_url, line.voice_fallback_method)
    leg.move(CallStatus.RINGING)
    if line is None or not line.voice_url:
        steps = _unobtainable(leg)
    else:
        steps = converse(leg, Goto(line.voice_url, line.voice_method))
    leg.process = office.start(steps)
    leg.process.start()
    return leg


def call_out(office: Office, order: Order) -> Leg:
    """The product has a phone rung; the call waits its turn where calls are queued."""
    leg = Leg(
        office=office,
        direction=Direction.OUTBOUND_API,
        from_number=order.from_number,
        to_number=order.to,
        phone=office.handset(order.to),
        line=office.lines.get(order.from_number),
        subscription=order.subscription,
        fallback=order.fallback,
    )
    leg.process = office.start(_outgoing(leg, order))
    office.agenda.after(_turn(office), leg.process.start)
    return leg


def _outgoing(leg: Leg, order: Order) -> Steps[None]:
    try:
        yield from ring(leg, order.timeout)
    except CallOverError as over:
        leg.move(over.status)
        return
    yield from converse(leg, order.goto)


def _unobtainable(leg: Leg) -> Steps[None]:
    leg.hear(NotInUse("no such number"))
    yield from wait(3.0)
    leg.move(CallStatus.FAILED)


def _turn(office: Office) -> float:
    """How long a new call waits for its turn, in seconds."""
    rate = office.habits.calls_per_second
    if rate is None:
        return 0.0
    now = office.agenda.timer()
    at = max(now, office.next_call_at)
    office.next_call_at = at + 1 / rate
    return at - now
