"""What is said on a leg is written along between <Start> and <Stop>, and told to the product."""

import json

import pytest

START = (
    '<Start><Transcription name="turn-1" track="inbound_track" statusCallbackUrl="/heard?turn=1" languageCode="fi-FI" '
    'partialResults="false" transcriptionEngine="google" profanityFilter="false"/></Start>'
)
STOP = '<Stop><Transcription name="turn-1"/></Stop>'
RECORD = '<Record action="/turn/1" timeout="5" maxLength="60" finishOnKey="#"/>'


def told(world):
    return world.product.forms("/heard")


def heard(world):
    return [json.loads(form["TranscriptionData"])["transcript"] for form in told(world) if "TranscriptionData" in form]


def test_each_stretch_of_speech_is_told_between_start_and_stop(world):
    world.answers("/call", START + RECORD)
    world.answers("/turn/1", STOP + '<Gather action="/turn/2"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Tulostin ei toimi.", seconds=3)
    world.clock.run_for(5)
    call.speak("Se vilkkuu.", seconds=2).until_asked()
    call.speak("Tätä ei kuulla.", seconds=2)
    world.clock.run_for(3)
    assert heard(world) == ["Tulostin ei toimi.", "Se vilkkuu."]
    assert [form["TranscriptionEvent"] for form in told(world)] == [
        "transcription-started", "transcription-content", "transcription-content",
    ]  # fmt: skip
    assert [form["SequenceId"] for form in told(world)] == ["1", "2", "3"]
    assert {form["LanguageCode"] for form in told(world)} == {"fi-FI"}
    assert {form["CallSid"] for form in told(world)} == {call.sid}
    assert world.exchange.errors == ()


def test_who_hangs_up_is_heard_no_more(world):
    world.answers("/call", START + RECORD)
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Kesken jäi", seconds=9)
    world.clock.run_for(2)
    call.hang_up()
    world.clock.run_for(20)
    assert heard(world) == []


def test_stopping_what_never_started_is_put_down(world):
    world.answers("/call", STOP + "<Say>Hei.</Say>")
    world.caller.dial(world.line.number).until_over()
    assert [alert.code for alert in world.exchange.errors] == [32700]


@pytest.mark.parametrize(
    "twiml",
    [
        "<Start/>",
        '<Start><Stream url="wss://x"/></Start>',
        '<Start><Transcription language="fi"/></Start>',
        '<Start><Transcription track="all"/></Start>',
        "<Stop><Transcription/></Stop>",
        "<Start>x</Start>",
    ],
)
def test_what_twilio_would_not_understand_is_refused(world, twiml):
    world.answers("/call", twiml)
    world.caller.dial(world.line.number).until_over()
    assert [alert.code for alert in world.exchange.errors] == [12200]
