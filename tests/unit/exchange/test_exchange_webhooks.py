"""What the product is sent: signed, complete, tried again, and given to the fallback when all fails."""

from urllib.parse import parse_qs, urlsplit

import pytest
from twilio.request_validator import RequestValidator

from ivr.exchange import Apology, Fault, Kind, WebhookResponse
from ivr.exchange.wav import silence, wav_of

ALWAYS = {"CallSid", "AccountSid", "From", "To", "CallStatus", "ApiVersion", "Direction"}


def validator(world):
    return RequestValidator(world.exchange.office.auth_token)


def test_every_webhook_carries_a_signature_that_twilio_would_accept(world):
    world.line.status_callback = "http://product.test/status"
    world.answers("/call", '<Record action="/turn/2" recordingStatusCallback="/recording"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Hei, minä tässä – ääkkösin", seconds=3).until_over()
    world.caller.text(world.line.number, "Hei")
    world.clock.run_for(10)
    assert len(world.product.seen) >= 4
    for request in world.product.seen:
        signature = request.headers["X-Twilio-Signature"]
        assert validator(world).validate(request.url, dict(request.form), signature)


def test_a_get_webhook_carries_its_parameters_in_the_signed_url(world):
    world.line.voice_method = "GET"
    world.line.voice_url += "?from=line"
    world.caller.dial(world.line.number)
    (request,) = world.product.seen
    assert (request.method, request.form) == ("GET", {})
    query = parse_qs(urlsplit(request.url).query)
    assert query["From"] == ["+358401112233"]
    assert query["from"] == ["line"]
    assert validator(world).validate(request.url, {}, request.headers["X-Twilio-Signature"])


def test_every_webhook_of_a_call_says_whose_call_it_is(world):
    world.answers("/call", '<Gather action="/turn/1" numDigits="1"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("1")
    for request in world.product.seen:
        assert set(request.form) >= ALWAYS
    assert world.product.forms("/call")[0]["CallStatus"] == "ringing"
    assert world.product.forms("/turn/1")[0]["CallStatus"] == "in-progress"


@pytest.mark.parametrize("caller_id", [None, "Restricted", "+266696687"])
def test_a_withheld_number_is_shown_as_the_network_shows_it(world, caller_id):
    world.caller.dial(world.line.number, withheld=True, caller_id=caller_id)
    assert world.product.forms("/call")[0]["From"] == (caller_id or "anonymous")


def test_the_line_is_told_when_a_call_is_over(world):
    world.line.status_callback = "http://product.test/status"
    world.answers("/call", "<Pause length='70'/><Say>Hei</Say><Pause length='70'/>")
    world.caller.dial(world.line.number).until_over()
    world.clock.run_for(1)
    (form,) = world.product.forms("/status")
    assert (form["CallStatus"], form["SequenceNumber"]) == ("completed", "0")
    assert (form["CallDuration"], form["Duration"]) == ("70", "2")


def test_a_lost_webhook_is_tried_once_more_with_the_same_token(world):
    world.exchange.faults.webhook(Fault.TIME_OUT, kind=Kind.VOICE)
    world.answers("/call", "<Say>Hei</Say>")
    call = world.caller.dial(world.line.number).until_over()
    assert call.words == "Hei"
    tokens = [request.headers["I-Twilio-Idempotency-Token"] for request in world.product.seen]
    assert len(tokens) == 2
    assert len(set(tokens)) == 1


def test_a_product_that_breaks_off_counts_as_lost(world):
    tries = []

    def break_once(request):
        tries.append(request)
        if len(tries) == 1:
            raise OSError("gone")
        return "<Response><Say>Hei</Say></Response>"

    world.answers("/call", break_once)
    assert world.caller.dial(world.line.number).until_over().words == "Hei"


def test_the_fallback_speaks_when_both_tries_are_lost(world):
    world.line.voice_fallback_url = "http://product.test/fallback"
    world.exchange.faults.webhook(Fault.DROP, kind=Kind.VOICE, times=2)
    world.answers("/fallback", "<Say>Sorry.</Say>")
    call = world.caller.dial(world.line.number).until_over()
    assert call.words == "Sorry."
    (form,) = world.product.forms("/fallback")
    assert (form["ErrorCode"], form["ErrorUrl"]) == ("11205", "http://product.test/call")


def test_the_fallback_speaks_when_a_turn_fails(world):
    world.line.voice_fallback_url = "http://product.test/fallback"
    world.answers("/call", '<Gather action="/turn/1" numDigits="1"/>')
    world.answers("/turn/1", WebhookResponse(500, "text/html", b""))
    world.answers("/fallback", "<Say>Sorry.</Say>")
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("1").until_over()
    assert call.words == "Sorry."
    assert world.product.forms("/fallback")[0]["ErrorUrl"] == "http://product.test/turn/1"


def test_the_caller_hears_an_apology_when_the_fallback_fails_too(world):
    world.line.voice_fallback_url = "http://product.test/fallback"
    for path in ("/call", "/fallback"):
        world.answers(path, WebhookResponse(500, "text/html", b""))
    call = world.caller.dial(world.line.number).until_over()
    assert call.heard == (Apology(11200),)


def test_a_redirected_action_loses_the_digits(world):
    world.answers("/call", '<Gather action="/turn/1" numDigits="1"/>')
    world.answers("/turn/1", WebhookResponse(302, "", b"", {"location": "/turn/2"}))
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("1")
    last = world.product.seen[-1]
    assert (last.method, urlsplit(last.url).path) == ("GET", "/turn/2")
    assert "Digits" not in parse_qs(urlsplit(last.url).query)


def test_redirects_without_end_are_given_up(world):
    world.answers("/call", WebhookResponse(302, "", b"", {"location": "/call"}))
    call = world.caller.dial(world.line.number).until_over()
    assert call.heard == (Apology(11215),)
    assert len(world.product.seen) == 11


def test_cookies_are_kept_during_a_call(world):
    body = b'<Response><Gather action="/turn/1" numDigits="1"/></Response>'
    world.answers("/call", WebhookResponse(200, "text/xml", body, {"set-cookie": "a=b; Path=/"}))
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.press("1")
    assert world.product.seen[-1].headers["Cookie"] == "a=b"


def test_a_played_sound_takes_as_long_as_it_lasts(world):
    world.answers("/call", "<Play>/greeting.wav</Play>")
    world.answers("/greeting.wav", WebhookResponse(200, "audio/wav", wav_of(silence(6.5))))
    call = world.caller.dial(world.line.number).until_over()
    assert (call.heard[0].url, call.heard[0].seconds) == ("http://product.test/greeting.wav", 6.5)
    assert not world.exchange.errors


def test_a_sound_that_is_not_there_is_passed_over_and_put_down(world):
    world.answers("/call", "<Play>/gone.wav</Play><Say>Hei</Say>")
    world.answers("/gone.wav", WebhookResponse(404, "text/plain", b""))
    call = world.caller.dial(world.line.number).until_over()
    assert call.words == "Hei"
    assert [error.code for error in world.exchange.errors] == [11200]
