"""The REST API, driven by Twilio's own client."""

from datetime import UTC, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.rest import Client

from ivr.exchange import CallStatus, RestFault, Waiting

RESIDENT = "+358401112233"


@pytest.fixture
def place(world, twilio):
    """Place a call to the resident from the line."""

    def place(**more):
        order = {"to": RESIDENT, "from_": world.line.number, "url": "http://product.test/ring"} | more
        return twilio.calls.create(**order)

    return place


def code_of(refused):
    return refused.value.status, refused.value.code


def test_a_call_is_placed_rung_and_talked_to(world, twilio, place):
    world.answers("/ring", "<Say>Hyvää päivää.</Say>")
    world.caller.answers(after=4)
    events = ["initiated", "ringing", "answered", "completed"]
    placed = place(status_callback="http://product.test/status", status_callback_event=events, timeout=40)
    assert (placed.status, placed.direction, placed.to) == ("queued", "outbound-api", RESIDENT)
    call = world.caller.until_rung().until_over()
    world.clock.run_for(1)
    assert call.words == "Hyvää päivää."
    told = [form["CallStatus"] for form in world.product.forms("/status")]
    assert told == ["initiated", "ringing", "in-progress", "completed"]
    fetched = twilio.calls(placed.sid).fetch()
    assert (fetched.status, fetched.duration) == ("completed", "1")
    assert fetched.start_time is not None


def test_only_the_end_is_told_when_no_events_are_asked_for(world, place):
    place(status_callback="http://product.test/status", timeout=10)
    world.clock.run_for(60)
    assert [form["CallStatus"] for form in world.product.forms("/status")] == ["no-answer"]


def test_a_call_can_carry_its_own_twiml(world, place):
    world.caller.answers()
    place(url=None, twiml='<Response><Gather numDigits="1"><Say>Hei</Say></Gather></Response>')
    call = world.caller.until_rung()
    assert call.until_asked() is Waiting.DIGITS


def test_a_call_that_rings_can_be_cancelled(world, twilio, place):
    placed = place()
    call = world.caller.until_rung()
    twilio.calls(placed.sid).update(status="canceled")
    assert call.status is CallStatus.CANCELED


def test_a_live_call_can_be_ended(world, twilio, place):
    world.answers("/ring", "<Say>Hei</Say><Pause length='60'/>")
    world.caller.answers()
    placed = place()
    call = world.caller.until_rung()
    world.clock.run_for(10)
    assert twilio.calls(placed.sid).update(status="completed").status == "completed"
    assert call.over


def test_a_live_call_can_be_sent_elsewhere(world, twilio, place):
    world.answers("/ring", "<Say>Hei</Say><Pause length='60'/>")
    world.answers("/elsewhere", "<Say>Tervetuloa</Say>")
    world.caller.answers()
    placed = place()
    call = world.caller.until_rung()
    world.clock.run_for(10)
    twilio.calls(placed.sid).update(url="http://product.test/elsewhere")
    assert call.until_over().words == "Hei Tervetuloa"


def test_a_call_that_is_not_live_cannot_be_sent_elsewhere(world, twilio, place):
    placed = place()
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls(placed.sid).update(url="http://product.test/elsewhere")
    assert code_of(refused) == (400, 21220)


def test_calls_are_found_by_number_and_time(world, twilio, place):
    place()
    world.clock.run_for(3600)
    later = place()
    world.clock.run_for(60)
    # The client writes Z after the time whatever its zone: only UTC is understood.
    after = world.clock.now().astimezone(UTC) - timedelta(minutes=5)
    assert [c.sid for c in twilio.calls.list(to=RESIDENT, start_time_after=after)] == [later.sid]
    assert len(twilio.calls.list(to=RESIDENT, start_time_before=after)) == 1
    assert len(twilio.calls.list(from_=world.line.number)) == 2
    assert twilio.calls.list(to="+358400000000") == []
    assert len(twilio.calls.list(status="no-answer")) == 1


def test_long_lists_come_in_pages(world, twilio, place):
    sids = [place().sid for _ in range(7)]
    assert [call.sid for call in twilio.calls.stream(page_size=3)] == sids[::-1]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "040"}, 21211),
        ({"to": "+46701234567"}, 21215),
        ({"from_": "+358409999999"}, 21210),
        ({"from_": "Digituki"}, 21212),
        ({"url": None}, 21205),
        ({"url": "not a url"}, 21205),
        ({"status_callback": "x", "status_callback_event": ["completed"]}, 21609),
        ({"status_callback_event": ["started"]}, 21626),
        ({"machine_detection": "Enable"}, 20001),
    ],
)
def test_a_wrong_order_is_refused_with_twilios_code(place, wrong, code):
    with pytest.raises(TwilioRestException) as refused:
        place(**wrong)
    assert code_of(refused) == (400, code)


def test_a_wrong_token_is_not_let_in(world, twilio):
    carrier = twilio.http_client
    stranger = Client(world.exchange.office.account_sid, "wrong", http_client=carrier)
    with pytest.raises(TwilioRestException) as refused:
        stranger.calls("CA" + "f" * 32).fetch()
    assert code_of(refused) == (401, 20003)


def test_what_is_not_there_is_not_found(twilio):
    with pytest.raises(TwilioRestException) as refused:
        twilio.calls("CA" + "f" * 32).fetch()
    assert code_of(refused) == (404, 20404)


def test_calls_wait_their_turn_where_the_account_is_slow(world, place):
    world.with_habits(calls_per_second=1)
    helper = world.helper
    placed_at = world.clock.timer()
    place()
    place(to=helper.number)
    helper.until_rung()
    assert world.clock.timer() - placed_at == pytest.approx(1.5)


def test_a_refused_request_does_nothing(world, twilio, place):
    world.exchange.faults.rest(RestFault.REFUSE, path="Calls.json", status=429, code=20429)
    with pytest.raises(TwilioRestException) as refused:
        place()
    assert code_of(refused) == (429, 20429)
    assert twilio.calls.list() == []
    assert place().sid


def test_a_call_is_placed_although_its_answer_is_lost(world, twilio, place):
    world.exchange.faults.rest(RestFault.LOSE_ANSWER, path="Calls.json")
    with pytest.raises(ConnectionError):
        place()
    assert len(twilio.calls.list(to=RESIDENT)) == 1
    assert world.caller.until_rung()


def test_a_call_is_placed_although_the_answer_is_an_error(world, twilio, place):
    world.exchange.faults.rest(RestFault.FAIL_AFTER, path="Calls.json", status=503)
    with pytest.raises(TwilioRestException) as refused:
        place()
    assert refused.value.status == 503
    assert len(twilio.calls.list(to=RESIDENT)) == 1
