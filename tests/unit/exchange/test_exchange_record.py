"""Messages on the exchange: beep, silence, keys, hanging up, and when the file is there."""

import io
import wave

import pytest

from ivr.exchange import Beep, Waiting
from ivr.exchange.recordings import RecordingStatus

RECORD = (
    '<Record action="/turn/2" finishOnKey="#" maxLength="180" timeout="5" recordingStatusCallback="/recording" '
    'recordingStatusCallbackEvent="in-progress completed absent"/>'
)


@pytest.fixture
def call(world):
    """A call that has heard the beep."""
    world.answers("/call", RECORD + "<Say>Nothing was said.</Say>")
    call = world.caller.dial(world.line.number)
    assert call.until_asked() is Waiting.RECORDING
    assert call.heard == (Beep(),)
    return call


def statuses(world):
    return [(f["RecordingStatus"], f["RecordingDuration"]) for f in world.product.forms("/recording")]


def test_a_message_ends_with_five_seconds_of_silence(world, call):
    call.speak("Tulostin ei toimi", seconds=12)
    call.until_over()
    (form,) = world.product.forms("/turn/2")
    assert (form["RecordingDuration"], form["Digits"]) == ("12", "")
    assert form["RecordingUrl"].endswith(f"/Recordings/{form['RecordingSid']}")
    assert world.exchange.recordings[0].words == "Tulostin ei toimi"


def test_the_file_is_ready_only_a_little_later(world, call):
    call.speak("Hei", seconds=3)
    world.clock.run_for(3)
    call.press("#")
    assert world.exchange.recordings[0].status is RecordingStatus.PROCESSING
    assert statuses(world) == [("in-progress", "0")]
    world.clock.run_for(3)
    assert world.exchange.recordings[0].status is RecordingStatus.COMPLETED
    assert statuses(world)[1:] == [("completed", "3")]


def test_the_finishing_key_ends_the_message(world, call):
    call.speak("Hei", seconds=3)
    world.clock.run_for(3)
    call.press("#")
    (form,) = world.product.forms("/turn/2")
    assert (form["Digits"], form["RecordingDuration"]) == ("#", "3")


def test_other_keys_do_not_end_the_message(world, call):
    call.speak("Hei", seconds=3).press("1")
    world.clock.run_for(2)
    assert call.waiting_for is Waiting.RECORDING


def test_any_key_ends_a_message_when_the_document_says_nothing(world):
    world.answers("/call", '<Record action="/turn/2"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Hei", seconds=2)
    world.clock.run_for(2)
    call.press("7")
    assert [form["Digits"] for form in world.product.forms("/turn/2")] == ["7"]


def test_hanging_up_in_the_middle_keeps_what_was_said(world, call):
    call.speak("Pitkä asia", seconds=30)
    world.clock.run_for(10)
    call.hang_up()
    (form,) = world.product.forms("/turn/2")
    assert (form["Digits"], form["RecordingDuration"], form["CallStatus"]) == ("hangup", "10", "completed")
    world.clock.run_for(5)
    assert statuses(world)[-1] == ("completed", "10")


def test_a_silent_caller_falls_through_to_the_next_verb(world, call):
    call.until_over()
    assert not world.product.forms("/turn/2")
    assert call.words == "Nothing was said."
    assert statuses(world) == [("in-progress", "0"), ("absent", "0")]


def test_a_message_is_cut_at_its_longest(world, call):
    call.speak("Hyvin pitkä asia", seconds=600)
    call.until_over()
    assert world.product.forms("/turn/2")[0]["RecordingDuration"] == "180"


def test_a_message_is_wav_of_telephone_quality(world, call):
    call.speak("Hei", seconds=4)
    call.until_over()
    with wave.open(io.BytesIO(world.exchange.recordings[0].wav())) as file:
        assert (file.getframerate(), file.getnchannels(), file.getsampwidth()) == (8000, 1, 2)
        assert file.getnframes() == 4 * 8000


def test_the_silence_before_the_first_word_is_trimmed(world, call):
    world.clock.run_for(3)
    call.speak("Hei", seconds=2)
    world.clock.run_for(4)
    call.speak("vielä", seconds=2)
    call.until_over()
    assert world.product.forms("/turn/2")[0]["RecordingDuration"] == "6"


def test_someone_who_types_what_they_say_is_not_cut_off(world, call):
    call.begin_to_speak()
    world.clock.run_for(40)
    assert call.waiting_for is Waiting.RECORDING
    call.finish_speaking(call.speech("Kirjoitin tämän", None, "fi-FI"))
    call.until_over()
    assert world.exchange.recordings[0].words == "Kirjoitin tämän"
    assert world.exchange.recordings[0].seconds == 1
