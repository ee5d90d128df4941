"""The REST API beyond calls, driven by Twilio's own client: recordings, texts, numbers."""

import pytest
from twilio.base.exceptions import TwilioRestException
from werkzeug.test import Client as WsgiClient

from ivr.exchange import TextFate
from ivr.exchange.app import make_app

RESIDENT = "+358401112233"


def code_of(refused):
    return refused.value.status, refused.value.code


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
