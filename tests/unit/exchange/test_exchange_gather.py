"""Keys on the exchange: prompts, silence, and what the product is told."""

from ivr.exchange import Paused, Said, Waiting

ASK = '<Gather action="/turn/1" numDigits="1" timeout="7"><Say>Press one or two.</Say></Gather>'


def test_a_caller_hears_the_prompt_before_being_asked(world):
    world.answers("/call", ASK)
    call = world.caller.dial(world.line.number)
    assert call.until_asked() is Waiting.DIGITS
    assert [heard.text for heard in call.heard if isinstance(heard, Said)] == ["Press one or two."]


def test_the_key_pressed_reaches_the_action_url(world):
    world.answers("/call", ASK)
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("2")
    (form,) = world.product.forms("/turn/1")
    assert (form["Digits"], form["FinishedOnKey"], form["CallSid"]) == ("2", "", call.sid)


def test_a_key_pressed_in_the_middle_cuts_the_prompt_short(world):
    prompts = "<Say>One.</Say><Pause length='5'/><Say>Two.</Say>"
    world.answers("/call", f'<Gather numDigits="1" action="/turn/1">{prompts}</Gather>')
    call = world.caller.dial(world.line.number)
    world.clock.run_for(1)
    call.press("1")
    assert call.words == "One."
    assert isinstance(call.heard[-1], Paused)
    assert len(world.product.forms("/turn/1")) == 1


def test_silence_falls_through_to_the_next_verb(world):
    world.answers("/call", ASK + "<Say>Goodbye.</Say>")
    call = world.caller.dial(world.line.number)
    call.until_asked()
    asked_at = world.clock.timer()
    call.until_over()
    assert call.words == "Press one or two. Goodbye."
    assert 7 <= world.clock.timer() - asked_at < 9
    assert not world.product.forms("/turn/1")


def test_silence_is_an_answer_where_the_document_says_so(world):
    world.answers("/call", ASK.replace("timeout", 'actionOnEmptyResult="true" timeout'))
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.until_over()
    assert [form["Digits"] for form in world.product.forms("/turn/1")] == [""]


def test_several_digits_end_with_the_finishing_key(world):
    world.answers("/call", '<Gather action="/turn/1" timeout="5"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("20100#")
    assert [(f["Digits"], f["FinishedOnKey"]) for f in world.product.forms("/turn/1")] == [("20100", "#")]


def test_slow_fingers_end_with_the_timeout_after_the_last_digit(world):
    world.answers("/call", '<Gather action="/turn/1" timeout="5"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    for key in "201":
        world.clock.run_for(4)
        call.press(key)
    call.until_over()
    assert [form["Digits"] for form in world.product.forms("/turn/1")] == ["201"]


def test_keys_pressed_ahead_are_taken_by_the_next_question(world):
    world.answers("/call", ASK)
    world.answers("/turn/1", '<Gather action="/turn/2" numDigits="1"><Say>Next?</Say></Gather>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("12")
    assert [form["Digits"] for form in world.product.forms("/turn/2")] == ["2"]


def test_keys_pressed_while_the_line_speaks_outside_gather_are_lost(world):
    world.answers("/call", "<Say>A long welcome to you.</Say>" + ASK)
    call = world.caller.dial(world.line.number)
    call.press("1")
    assert call.until_asked() is Waiting.DIGITS
    assert not world.product.forms("/turn/1")


def test_without_an_action_the_same_document_is_asked_again(world):
    world.answers("/call", '<Gather numDigits="1"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("3")
    assert [form.get("Digits") for form in world.product.forms("/call")] == [None, "3"]


def test_hanging_up_at_a_question_asks_for_nothing_more(world):
    world.answers("/call", ASK)
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.hang_up()
    world.clock.run_for(60)
    assert len(world.product.seen) == 1
    assert call.over
    assert not world.exchange.errors


def test_breaks_and_slow_speech_take_their_time(world):
    slow = '<Say language="fi-FI"><prosody rate="50%">Aa bb cc dd ee ff gg</prosody><break time="700ms"/></Say>'
    world.answers("/call", f'<Gather numDigits="1">{slow}</Gather>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    (said,) = call.said
    assert said.text == "Aa bb cc dd ee ff gg"
    assert abs(world.clock.timer() - (20 / 14 * 2 + 0.7)) < 0.01


HEARS = '<Gather action="/turn/1" input="dtmf speech" language="fi-FI" hints="yksi" speechTimeout="2" numDigits="1" timeout="9"/>'


def test_what_is_said_reaches_the_action_url_after_a_little_silence(world):
    world.answers("/call", HEARS)
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("yksi", seconds=1)
    world.clock.run_for(2.5)
    assert world.product.forms("/turn/1") == []
    call.until_over()
    (form,) = world.product.forms("/turn/1")
    assert form["SpeechResult"] == "yksi"
    assert "Digits" not in form


def test_a_key_counts_though_somebody_is_speaking(world):
    world.answers("/call", HEARS)
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("öö", seconds=3)
    call.press("2").until_over()
    (form,) = world.product.forms("/turn/1")
    assert (form["Digits"], "SpeechResult" in form) == ("2", False)


def test_where_speech_is_not_asked_for_nobody_hears_it(world):
    world.answers("/call", '<Gather action="/turn/1" numDigits="1" timeout="3" actionOnEmptyResult="true"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("yksi", seconds=1).until_over()
    (form,) = world.product.forms("/turn/1")
    assert (form["Digits"], "SpeechResult" in form) == ("", False)
