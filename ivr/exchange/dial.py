"""<Dial>: ring other phones, play to the one that answers, bridge the two, say how it went."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from ivr.exchange.faults import Kind
from ivr.exchange.leg import ChildOver, Goto, Inline, Leg, MovedError, Subscription
from ivr.exchange.mail import post
from ivr.exchange.numbers import is_e164
from ivr.exchange.process import Signal, Steps, wait
from ivr.exchange.ringing import ChildAnswered, ChildReady, ring, talk
from ivr.exchange.twiml import Dial, Number
from ivr.exchange.values import CallOverError, CallStatus, Direction, RingingTone

Perform = Callable[[Leg, Goto | Inline], Steps[None]]

_BEST_FIRST = (
    CallStatus.COMPLETED,
    CallStatus.BUSY,
    CallStatus.NO_ANSWER,
    CallStatus.FAILED,
    CallStatus.CANCELED,
)


@dataclass(slots=True)
class _Outcome:
    """How a dial went; the child is the one that answered, or failing that the first."""

    status: CallStatus = CallStatus.FAILED
    children: list[Leg] = field(default_factory=list)
    answered: Leg | None = None
    bridged_at: float | None = None


@dataclass(frozen=True, slots=True)
class Performers:
    """What can be done with a dialled phone: play to it before the talk, or talk with it alone."""

    screen: Perform
    converse: Perform


def dial(leg: Leg, verb: Dial, performers: Performers) -> Steps[Goto | None]:
    """Where the call goes on after other phones were rung."""
    outcome = _Outcome()
    action = Goto(leg.absolute(verb.action), verb.method, Kind.ACTION) if verb.action else None
    try:
        if _allowed(leg, verb):
            yield from _ring_and_bridge(leg, verb, performers, outcome)
    except CallOverError:
        _settle(outcome)
        if action is not None:
            # The product is told how it went, but nobody hears its answer.
            yield from post(leg.letter(_with_outcome(action, outcome)))
        raise
    except MovedError:
        _end_children(outcome)
        raise
    _settle(outcome)
    return _with_outcome(action, outcome) if action is not None else None


def caller_id_of(leg: Leg, verb: Dial) -> str:
    """The number that the dialled phones are shown."""
    return verb.caller_id or leg.from_number


def _allowed(leg: Leg, verb: Dial) -> bool:
    office, caller_id = leg.office, caller_id_of(leg, verb)
    known = {leg.from_number, leg.to_number, *office.lines, *office.verified}
    if not is_e164(caller_id) or caller_id not in known:
        office.alert(13214, f"Dial: the caller ID {caller_id!r} may not be shown", leg.sid, leg.url)
        return False
    refused = [n.number for n in verb.numbers if not office.may_call(n.number)]
    if refused:
        office.alert(13227, f"Dial: no permission to call {refused}", leg.sid, leg.url)
    return not refused


def _ring_and_bridge(leg: Leg, verb: Dial, performers: Performers, outcome: _Outcome) -> Steps[None]:
    if not verb.answer_on_bridge:
        leg.answer()
    leg.hear(RingingTone(verb.ring_tone))
    outcome.children = [_place(leg, verb, number, performers) for number in verb.numbers]
    here = set(outcome.children)
    while here:
        signal = yield from wait(None, ChildAnswered, ChildReady, ChildOver)
        if isinstance(signal, ChildAnswered) and outcome.answered is None:
            outcome.answered = signal.child
            _end_others(outcome)
        elif isinstance(signal, ChildReady) and signal.child is outcome.answered:
            yield from _bridge(leg, verb, outcome, signal.child)
            here.clear()
        elif isinstance(signal, ChildOver):
            here.discard(signal.child)


def _bridge(leg: Leg, verb: Dial, outcome: _Outcome, child: Leg) -> Steps[None]:
    leg.answer()
    outcome.bridged_at = leg.office.agenda.timer()
    yield from talk(leg, child, verb.time_limit, star_ends=verb.hangup_on_star)
    _end_children(outcome)


def _place(leg: Leg, verb: Dial, number: Number, performers: Performers) -> Leg:
    subscription = None
    if number.status_url:
        url = leg.absolute(number.status_url)
        subscription = Subscription(url, number.status_method, number.status_events)
    child = Leg(
        office=leg.office,
        direction=Direction.OUTBOUND_DIAL,
        from_number=caller_id_of(leg, verb),
        to_number=number.number,
        phone=leg.office.handset(number.number),
        parent=leg,
        subscription=subscription,
    )
    screen = Goto(leg.absolute(number.url), number.method, Kind.SCREEN) if number.url else None
    child.process = leg.office.start(_child(child, verb, screen, performers))
    leg.office.agenda.after(0, child.process.start)
    return child


def _child(child: Leg, verb: Dial, screen: Goto | None, performers: Performers) -> Steps[None]:
    """The dialled leg's own part: ring, hear what is played to it, talk."""
    try:
        yield from _take_part(child, verb, screen, performers)
    except CallOverError as over:
        child.move(over.status)
    except MovedError as moved:
        child.away = True
        _signal_parent(child, ChildOver(child))
        yield from performers.converse(child, moved.goto)


def _take_part(child: Leg, verb: Dial, screen: Goto | None, performers: Performers) -> Steps[None]:
    yield from ring(child, verb.timeout)
    _signal_parent(child, ChildAnswered(child))
    if screen is not None:
        yield from performers.screen(child, screen)
    _signal_parent(child, ChildReady(child))
    if child.parent is not None:
        yield from talk(child, child.parent, None, star_ends=False)


def _signal_parent(child: Leg, signal: Signal) -> None:
    if child.parent is not None:
        child.parent.signal(signal)


def _end_others(outcome: _Outcome) -> None:
    for child in outcome.children:
        if child is not outcome.answered:
            child.end(CallStatus.CANCELED)


def _end_children(outcome: _Outcome) -> None:
    for child in outcome.children:
        if not child.away:
            child.end(CallStatus.COMPLETED if child.answered else CallStatus.CANCELED)


def _settle(outcome: _Outcome) -> None:
    _end_children(outcome)
    ends = {child.status for child in outcome.children}
    if outcome.answered is not None:
        ends = {CallStatus.COMPLETED}
    outcome.status = next((s for s in _BEST_FIRST if s in ends), CallStatus.FAILED)


def _with_outcome(action: Goto, outcome: _Outcome) -> Goto:
    params = [("DialCallStatus", outcome.status.value)]
    child = outcome.answered or next(iter(outcome.children), None)
    if child is not None:
        params.append(("DialCallSid", child.sid))
    if outcome.answered is not None:
        params.append(("DialCallDuration", str(round(outcome.answered.seconds))))
    params.append(("DialBridged", "true" if outcome.bridged_at is not None else "false"))
    return Goto(action.url, action.method, action.kind, tuple(params))
