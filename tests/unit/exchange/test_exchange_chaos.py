"""Whatever people and the product do, in whatever order, the exchange keeps its own order."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.exchange import CallStatus, Fault, Kind
from ivr.exchange.leg import Inline, MovedError

KEYS = st.sampled_from("0123456789*#")
ACTS = st.one_of(
    st.tuples(st.just("press"), KEYS),
    st.tuples(st.sampled_from(["dial", "speak", "answer", "decline", "hang_up", "end", "move"]), st.booleans()),
    st.tuples(st.just("wait"), st.floats(0, 30)),
)
FAULTS = st.lists(
    st.tuples(
        st.sampled_from([Fault.DUPLICATE, Fault.DELAY, Fault.DROP, Fault.TIME_OUT, Fault.FAIL]),
        st.sampled_from(Kind),
        st.integers(1, 3),
    ),
    max_size=3,
)


@settings(max_examples=150, deadline=None)
@given(acts=st.lists(ACTS, max_size=25), faults=FAULTS)
def test_every_call_ends_once_and_every_end_is_told_once(make_world, acts, faults):
    world = busy_world(make_world())
    for fault, kind, nth in faults:
        world.exchange.faults.webhook(fault, kind=kind, nth=nth)
    for act, detail in acts:
        perform(world, act, detail)
    world.clock.run_for(8 * 3600)
    legs = world.exchange.office.legs.values()
    assert all(leg.status.over for leg in legs)
    assert world.exchange.next_event_at() is None
    told = Counter(form["CallSid"] for form in world.product.forms("/status"))
    broken = any(kind is Kind.STATUS for _, kind, _ in faults)
    assert broken or all(count == 1 for count in told.values())


def busy_world(world):
    world.line.status_callback = "http://product.test/status"
    number = '<Number url="/screen" statusCallback="/status">+358405556677</Number>'
    dial = f'<Dial callerId="+358942412345" action="/end" timeLimit="60">{number}</Dial>'
    world.answers("/call", f'<Gather action="/turn" numDigits="1"><Say>Hei</Say></Gather>{dial}')
    world.answers("/turn", f'<Record action="/call" maxLength="30" recordingStatusCallback="/rec"/>{dial}')
    world.answers("/screen", '<Gather action="/yes" numDigits="1"/><Hangup/>')
    return world


def perform(world, act, detail):
    phone = world.caller if detail is not False else world.helper
    call = phone.call
    if act == "wait":
        world.clock.run_for(detail)
    elif act == "dial" and call is None:
        phone.dial(world.line.number)
    elif call is not None and act == "press":
        for each in (world.caller.call, world.helper.call):
            if each is not None:
                each.press(detail)
    elif call is not None and act == "speak":
        call.speak("Hei", seconds=2)
    elif call is not None and act in ("answer", "decline", "hang_up"):
        getattr(call, act)()
    elif call is not None and act == "end":
        call.leg.end(CallStatus.COMPLETED)
    elif call is not None and act == "move" and call.leg.status is CallStatus.IN_PROGRESS:
        call.leg.process.interrupt(MovedError(Inline("<Response><Say>Muualla</Say></Response>")))
