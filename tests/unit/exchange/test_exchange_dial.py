"""Two phones on the exchange: ringing, screening, talking, and how it is told."""

import pytest

from ivr.exchange import CallStatus, Connected, RingingTone, Spoken, Waiting
from ivr.exchange.leg import Goto, MovedError

DIAL = (
    '<Dial callerId="+358942412345" action="/dialled" timeout="20" {more}><Number url="/screen" '
    'statusCallback="/status" statusCallbackEvent="initiated ringing answered completed">+358405556677</Number></Dial>'
)


@pytest.fixture(autouse=True)
def documents(world):
    world.answers("/call", "<Say>Wait.</Say>" + DIAL.format(more=""))
    world.answers("/screen", '<Gather numDigits="1" action="/accept"><Say>Press one.</Say></Gather><Hangup/>')
    world.answers("/accept", "")
    world.answers("/dialled", "<Say>Thank you.</Say>")


def outcome(world):
    (form,) = world.product.forms("/dialled")
    return form["DialCallStatus"], form["DialBridged"], form.get("DialCallDuration")


def test_two_people_talk_after_one_presses_one(world):
    world.helper.answers(after=3)
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    assert rung.until_asked() is Waiting.DIGITS
    assert call.waiting_for is None
    rung.press("1")
    assert (call.until_asked(), rung.until_asked()) == (Waiting.TALK, Waiting.TALK)
    call.speak("Hei", seconds=1)
    world.clock.run_for(30)
    assert rung.heard[-2:] == (Connected("+358942412345"), Spoken("Hei", 1, rung.heard[-1].sound))
    rung.hang_up()
    call.until_over()
    status, bridged, seconds = outcome(world)
    assert (status, bridged) == ("completed", "true")
    assert int(seconds) >= 30
    assert call.words == "Wait. Thank you."


def test_the_caller_hears_ringing_until_the_other_has_pressed_one(world):
    world.helper.answers(after=3)
    call = world.caller.dial(world.line.number)
    world.helper.until_rung().until_asked()
    assert call.heard[-1] == RingingTone()


def test_nobodys_own_number_is_shown_to_the_other(world):
    world.helper.answers()
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rung.until_asked()
    rung.press("1").until_asked()
    assert rung.shown_number == call.shown_number == world.line.number


def test_a_voicemail_never_takes_the_call(world):
    world.helper.has_voicemail(after=15)
    call = world.caller.dial(world.line.number)
    call.until_over()
    assert outcome(world)[:2] == ("completed", "false")
    assert not any(isinstance(heard, Connected | Spoken) for heard in call.heard)


@pytest.mark.parametrize(
    ("habit", "status"),
    [("does_not_answer", "no-answer"), ("is_busy", "busy"), ("fails", "failed")],
)
def test_a_phone_that_is_not_answered_is_told_as_it_was(world, habit, status):
    getattr(world.helper, habit)()
    world.caller.dial(world.line.number).until_over()
    assert outcome(world) == (status, "false", None)


def test_a_phone_rings_no_longer_than_asked_and_a_little(world):
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rang_at = world.clock.timer()
    rung.until_over()
    assert world.clock.timer() - rang_at == 25
    assert rung.status is CallStatus.NO_ANSWER
    call.until_over()


def test_someone_who_declines_is_busy(world):
    call = world.caller.dial(world.line.number)
    world.helper.until_rung().decline()
    call.until_over()
    assert outcome(world)[0] == "busy"


def test_a_phone_in_a_call_is_busy_for_another(world):
    world.answers("/call", "<Pause length='60'/><Say>Hello.</Say><Pause length='600'/>")
    world.helper.dial(world.line.number)
    world.clock.run_for(5)
    world.answers("/call", DIAL.format(more=""))
    world.caller.dial(world.line.number).until_over()
    assert outcome(world)[0] == "busy"


def test_a_caller_who_gives_up_stops_the_ringing(world):
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    call.hang_up()
    assert rung.status is CallStatus.CANCELED
    assert outcome(world)[:2] == ("canceled", "false")


def test_a_caller_who_hangs_up_ends_the_talk_for_both(world):
    world.helper.answers()
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rung.until_asked()
    rung.press("1").until_asked()
    world.clock.run_for(10)
    call.hang_up()
    assert rung.over
    assert outcome(world)[:2] == ("completed", "true")


def test_a_talk_ends_at_its_limit(world):
    world.answers("/call", DIAL.format(more='timeLimit="60"'))
    world.helper.answers()
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rung.until_asked()
    rung.press("1").until_asked()
    started = world.clock.timer()
    rung.until_over()
    assert world.clock.timer() - started == pytest.approx(60)
    call.until_over()


def test_the_product_is_told_of_each_step_of_the_dialled_call(world):
    world.helper.answers()
    world.caller.dial(world.line.number).until_over()
    forms = world.product.forms("/status")
    assert [form["CallStatus"] for form in forms] == ["initiated", "ringing", "in-progress", "completed"]
    assert [form["SequenceNumber"] for form in forms] == ["0", "1", "2", "3"]
    assert {form["Direction"] for form in forms} == {"outbound-dial"}
    assert all(form["ParentCallSid"] for form in forms)


def test_only_one_of_two_phones_is_bridged(world):
    third = world.exchange.phone("+358407778899")
    numbers = "<Number>+358405556677</Number><Number>+358407778899</Number>"
    world.answers("/call", f'<Dial callerId="+358942412345" action="/dialled">{numbers}</Dial>')
    world.helper.answers(after=8)
    third.answers(after=4)
    call = world.caller.dial(world.line.number)
    assert call.until_asked() is Waiting.TALK
    assert third.calls[0].status is CallStatus.IN_PROGRESS
    assert world.helper.calls[0].status is CallStatus.CANCELED


def test_a_foreign_caller_id_is_refused(world):
    world.answers("/call", '<Dial callerId="+358409999999" action="/dialled">+358405556677</Dial>')
    world.caller.dial(world.line.number).until_over()
    assert [error.code for error in world.exchange.errors] == [13214]
    assert outcome(world)[0] == "failed"


def test_a_call_abroad_needs_permission(world):
    world.answers("/call", '<Dial callerId="+358942412345">+46701234567</Dial>')
    world.caller.dial(world.line.number).until_over()
    assert [error.code for error in world.exchange.errors] == [13227]


def test_a_call_may_ring_until_the_bridge_answers_it(world):
    world.answers("/call", DIAL.format(more='answerOnBridge="true"'))
    world.helper.answers()
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rung.until_asked()
    assert call.status is CallStatus.RINGING
    rung.press("1")
    call.until_asked()
    assert call.status is CallStatus.IN_PROGRESS


def test_what_is_played_to_a_dialled_phone_may_not_dial_on(world):
    world.answers("/screen", "<Dial>+358407778899</Dial>")
    world.helper.answers()
    world.caller.dial(world.line.number).until_over()
    assert [error.code for error in world.exchange.errors] == [12200]
    assert outcome(world)[:2] == ("completed", "false")


def test_a_phone_sent_elsewhere_leaves_the_talk_and_lives_on(world):
    world.answers("/elsewhere", "<Say>Odottakaa.</Say><Pause length='30'/>")
    world.helper.answers()
    call = world.caller.dial(world.line.number)
    rung = world.helper.until_rung()
    rung.until_asked()
    rung.press("1").until_asked()
    rung.leg.process.interrupt(MovedError(Goto("http://product.test/elsewhere")))
    call.until_over()
    assert outcome(world)[:2] == ("completed", "true")
    assert rung.said[-1].text == "Odottakaa."
    assert not rung.over
    rung.until_over()


def test_a_dialled_call_cancelled_from_outside_lets_the_caller_go_on(world):
    call = world.caller.dial(world.line.number)
    world.helper.until_rung().leg.end(CallStatus.CANCELED)
    call.until_over()
    assert outcome(world)[0] == "canceled"
