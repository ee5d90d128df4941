"""The REST API, driven by Twilio's own client."""

import logging
from datetime import UTC, timedelta

import pytest
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.test import Client as WsgiClient

from ivr.exchange import CallStatus, RestFault, TextFate, Waiting
from ivr.exchange.app import make_app

RESIDENT = "+358401112233"


class InProcess(HttpClient):
    """Carries the client's requests straight to the WSGI app."""

    def __init__(self, app):
        super().__init__(logging.getLogger("twilio"), is_async=False)
        self._client = WsgiClient(app)

    def request(
        self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ):
        path = url.split("twilio.com", 1)[1]
        answer = self._client.open(path, method=method, query_string=params, data=data, headers=headers, auth=auth)
        return Response(answer.status_code, answer.get_data(as_text=True))


@pytest.fixture
def twilio(world):
    """Twilio's client, signed in to the exchange's account."""
    office = world.exchange.office
    app = make_app(world.exchange)
    return Client(office.account_sid, office.auth_token, http_client=InProcess(app))


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


def test_a_wrong_token_is_not_let_in(world):
    app = make_app(world.exchange)
    stranger = Client(world.exchange.office.account_sid, "wrong", http_client=InProcess(app))
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


@pytest.fixture
def recorded(world):
    """A call with a message of four seconds, just ended."""
    world.answers("/call", '<Record action="/done" timeout="5"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Hei", seconds=4)
    world.clock.run_for(4)
    call.press("#")
    return call


def test_a_recording_can_be_fetched_and_deleted_once_it_is_ready(world, twilio, recorded):
    (recording,) = twilio.recordings.list(call_sid=recorded.sid)
    assert (recording.status, recording.duration) == ("processing", "-1")
    with pytest.raises(TwilioRestException) as refused:
        recording.delete()
    assert code_of(refused) == (409, 20009)
    world.clock.run_for(3)
    (recording,) = twilio.calls(recorded.sid).recordings.list()
    assert (recording.status, recording.duration) == ("completed", "4")
    assert recording.delete()
    assert twilio.recordings.list() == []


def test_the_sound_of_a_recording_needs_signing_in(world, recorded):
    office = world.exchange.office
    client = WsgiClient(make_app(world.exchange))
    path = f"/2010-04-01/Accounts/{office.account_sid}/Recordings/{world.exchange.recordings[0].sid}.wav"
    auth = (office.account_sid, office.auth_token)
    assert client.get(path, auth=auth).status_code == 404
    world.clock.run_for(3)
    assert client.get(path).status_code == 401
    answer = client.get(path, auth=auth)
    assert (answer.mimetype, answer.data[:4]) == ("audio/x-wav", b"RIFF")


def test_a_text_reaches_a_mobile_and_is_told_as_delivered(world, twilio):
    sent = twilio.messages.create(
        to=RESIDENT, from_=world.line.number, body="Aika on varattu.", status_callback="http://product.test/sms-status"
    )
    assert (sent.status, sent.num_segments) == ("queued", "1")
    world.clock.run_for(5)
    assert [text.body for text in world.caller.texts] == ["Aika on varattu."]
    assert [f["MessageStatus"] for f in world.product.forms("/sms-status")] == ["sent", "delivered"]
    assert twilio.messages(sent.sid).fetch().status == "delivered"
    assert len(twilio.messages.list(to=RESIDENT)) == 1


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"to": "040"}, 21211),
        ({"from_": "+358409999999"}, 21606),
        ({"from_": "Aivan liian pitkä nimi"}, 21212),
        ({"body": "a" * 1601}, 21617),
        ({"to": "+46701234567"}, 21408),
    ],
)
def test_a_wrong_text_is_refused_with_twilios_code(world, twilio, wrong, code):
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(**{"to": RESIDENT, "from_": world.line.number, "body": "Hei"} | wrong)
    assert code_of(refused) == (400, code)


def test_a_landline_takes_no_texts(world, twilio):
    world.caller.text_fate = TextFate.REFUSED
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=RESIDENT, from_="Digituki", body="Hei")
    assert code_of(refused) == (400, 21614)
    world.caller.text_fate = TextFate.UNDELIVERED
    sent = twilio.messages.create(to=RESIDENT, from_="Digituki", body="Hei")
    world.clock.run_for(5)
    assert twilio.messages(sent.sid).fetch().error_code == 30006
    assert not world.caller.texts


def test_someone_who_texted_stop_is_left_alone_until_start(world, twilio):
    world.caller.text(world.line.number, "Stop")
    with pytest.raises(TwilioRestException) as refused:
        twilio.messages.create(to=RESIDENT, from_=world.line.number, body="Hei")
    assert code_of(refused) == (400, 21610)
    world.caller.text(world.line.number, "START")
    assert twilio.messages.create(to=RESIDENT, from_=world.line.number, body="Hei").sid


def test_a_number_is_found_and_pointed_elsewhere(world, twilio):
    (number,) = twilio.incoming_phone_numbers.list(phone_number=world.line.number)
    number.update(voice_url="http://product.test/new", sms_url="http://product.test/sms")
    world.answers("/new", "<Say>Uusi</Say>")
    assert world.caller.dial(world.line.number).until_over().words == "Uusi"


def test_a_number_can_be_bought(world, twilio):
    bought = twilio.incoming_phone_numbers.create(
        phone_number="+358942499999", voice_url="http://product.test/call", friendly_name="Toinen"
    )
    assert bought.friendly_name == "Toinen"
    world.answers("/call", "<Say>Hei</Say>")
    assert world.caller.dial("+358942499999").until_over().words == "Hei"


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
