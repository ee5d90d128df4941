"""The telephone in the browser, as far as its pages and its JSON go."""

import pytest

from ivr.exchange import Waiting
from ivr.exchange.app import make_app
from ivr.exchange.page.directory import international, spaced
from ivr.exchange.wav import silence, wav_of

PHONE = "/phone/+358401112233"
HELPER = "/phone/+358405556677"


@pytest.fixture
def tab(world):
    """A browser tab without a screen."""
    return make_app(world.exchange).test_client()


@pytest.fixture
def state(tab):
    """What a phone's page is told."""

    def state(phone=PHONE, after=0):
        return tab.get(f"{phone}/events?after={after}").json

    return state


def test_the_page_lists_the_phones_of_the_demo_and_the_lines(tab):
    phones = [{"name": "Aino", "number": "+358401112233", "note": "soittaja"}]
    assert tab.post("/phone/directory", json=phones).json == {"phones": 1}
    page = tab.get("/phone").text
    assert 'href="/phone/+358401112233"' in page
    assert "040 111 2233" in page
    assert "Digituki" in page
    assert "<h1>Aino</h1>" in tab.get(PHONE).text


@pytest.mark.parametrize("junk", [{}, ["Aino"], [{"name": "Aino"}], [{"name": "A", "number": "040"}]])
def test_a_directory_that_is_none_is_refused(tab, junk):
    answer = tab.post("/phone/directory", json=junk)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_any_number_typed_is_a_phone(tab):
    assert tab.get("/phone?number=040 765 4321").location == "/phone/+358407654321"
    assert "ei ole puhelinnumero" in tab.get("/phone?number=hei").text
    assert tab.get("/phone/hei").status_code == 404


def test_the_page_allows_no_script_but_its_own(tab):
    answer = tab.get(PHONE)
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self'" in policy
    assert "unsafe" not in policy
    assert "<style" not in answer.text
    assert " style=" not in answer.text
    assert " onclick" not in answer.text


@pytest.mark.parametrize(
    "name", ["phone.js", "poll.js", "sound.js", "microphone.js", "tape.js", "phone.css", "icon.svg"]
)
def test_everything_the_page_needs_is_there(tab, name):
    with tab.get(f"/phone/static/{name}") as answer:
        assert answer.status_code == 200
        assert answer.data


def test_a_person_calls_listens_and_presses_a_key(world, tab, state):
    world.answers("/call", '<Gather action="/turn/1" numDigits="1"><Say language="fi-FI">Hei.</Say></Gather>')
    assert tab.post(f"{PHONE}/dial", json={"to": "09 4241 2345"}).status_code == 201
    world.clock.run_for(1)
    told = state()
    assert told["call"]["waiting"] == "digits"
    assert told["call"]["name"] == "Digituki"
    said = next(event for event in told["events"] if event["type"] == "said")
    assert (said["text"], said["language"]) == ("Hei.", "fi-FI")
    sound = tab.get(said["sound"])
    assert (sound.mimetype, sound.data[:4]) == ("audio/wav", b"RIFF")
    assert tab.post(f"{PHONE}/press", json={"keys": "1"}).json == {"cut": True}
    assert world.product.forms("/turn/1")[0]["Digits"] == "1"
    assert state()["call"] is None


def test_a_page_is_told_only_what_it_has_not_seen(world, tab, state):
    world.answers("/call", "<Say>Yksi.</Say><Say>Kaksi.</Say>")
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    first = state()
    world.clock.run_for(30)
    later = state(after=first["last"])
    assert [event.get("text") or event["type"] for event in later["events"]] == ["Kaksi.", "status"]


def test_a_withheld_number_is_withheld(world, tab):
    tab.post(f"{PHONE}/dial", json={"to": world.line.number, "withheld": "yes"})
    assert world.product.forms("/call")[0]["From"] == "anonymous"


def test_a_phone_makes_one_call_at_a_time(world, tab):
    world.answers("/call", "<Say>Hei</Say>")
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    assert tab.post(f"{PHONE}/dial", json={"to": world.line.number}).status_code == 409


def test_a_typed_message_is_recorded(world, tab):
    world.answers("/call", '<Record action="/done"/>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(1)
    tab.post(f"{PHONE}/speaking", json={})
    world.clock.run_for(30)
    tab.post(f"{PHONE}/say", json={"text": "Tulostin ei toimi", "language": "fi-FI"})
    world.clock.run_for(20)
    assert world.exchange.recordings[0].words == "Tulostin ei toimi"
    assert len(world.product.forms("/done")) == 1


def test_a_message_through_the_microphone_is_recorded(world, tab):
    world.answers("/call", '<Record action="/done"/>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(1)
    sent = tab.post(f"{PHONE}/sound", data=wav_of(silence(3)), content_type="audio/wav")
    assert sent.status_code == 200
    world.clock.run_for(20)
    assert world.exchange.recordings[0].seconds == 3


def test_a_microphone_that_sends_no_wav_is_told_so(world, tab):
    world.answers("/call", '<Record action="/done"/>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(1)
    assert tab.post(f"{PHONE}/sound", data=b"junk", content_type="audio/wav").status_code == 400


@pytest.fixture
def bridged(world, tab, state):
    """The caller and the helper, talking."""
    world.answers("/call", '<Dial callerId="+358942412345"><Number>+358405556677</Number></Dial>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(2)
    assert state(HELPER)["call"]["rings"]
    tab.post(f"{HELPER}/answer", json={})
    assert state()["call"]["waiting"] == Waiting.TALK


@pytest.mark.usefixtures("bridged")
def test_typed_lines_are_spoken_to_the_other_end(tab, state):
    tab.post(f"{HELPER}/say", json={"text": "Hyvää päivää", "language": "fi-FI"})
    spoken = state()["events"][-1]
    assert (spoken["type"], spoken["text"]) == ("spoken", "Hyvää päivää")
    assert tab.get(spoken["sound"]).data[:4] == b"RIFF"


@pytest.mark.usefixtures("bridged")
def test_hanging_up_ends_the_talk_on_both_pages(tab, state):
    tab.post(f"{PHONE}/hang_up", json={})
    assert state()["call"] is None
    assert state(HELPER)["call"] is None


def test_a_call_can_be_declined(world, tab, state):
    world.answers("/call", '<Dial callerId="+358942412345"><Number>+358405556677</Number></Dial>')
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    world.clock.run_for(2)
    tab.post(f"{HELPER}/decline", json={})
    assert state(HELPER)["events"][-1]["status"] == "busy"


def test_texts_come_and_go(world, tab, state):
    world.line.sms_url = "http://product.test/sms"
    world.answers("/sms", "<Message>Peruttu.</Message>")
    tab.post(f"{PHONE}/text", json={"to": world.line.number, "text": "PERU"})
    world.clock.run_for(5)
    assert [event["text"] for event in state()["events"]] == ["PERU", "Peruttu."]


@pytest.mark.parametrize("act", ["answer", "hang_up", "press", "say", "speaking"])
def test_nothing_can_be_done_without_a_call(tab, act):
    assert tab.post(f"{PHONE}/{act}", json={}).status_code == 409


@pytest.mark.parametrize(
    ("act", "sent"), [("press", {"keys": "x"}), ("press", {}), ("say", {"text": "a", "language": "tlh"})]
)
def test_what_cannot_be_done_is_refused_with_a_reason(world, tab, act, sent):
    world.answers("/call", "<Say>Hei</Say>")
    tab.post(f"{PHONE}/dial", json={"to": world.line.number})
    answer = tab.post(f"{PHONE}/{act}", json=sent)
    assert answer.status_code == 400
    assert answer.json["error"]


def test_a_foreign_form_cannot_dial(world, tab):
    assert tab.post(f"{PHONE}/dial", data={"to": world.line.number}).status_code == 415
    assert not world.caller.calls


def test_the_page_shows_the_clock_of_the_exchange(state):
    assert state()["clock"] == "2026-11-24T10:00:00+02:00"


def test_numbers_are_understood_as_people_write_them():
    assert international("040 111-2233") == "+358401112233"
    assert international("00358 40 1112233") == "+358401112233"
    assert international("040") is None
    assert spaced("+358942412345") == "09 424 123 45"
    assert spaced("+358401234567") == "040 123 4567"
    assert spaced("+35825550100") == "02 555 0100"
    assert spaced("+46701234567") == "+46 70 123 45 67"
