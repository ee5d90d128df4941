"""TwiML that is not as Twilio wants it: put down as an error, and the caller hears an apology."""

import pytest

from ivr.exchange import Apology, CallStatus, NotInUse, WebhookResponse

ERRORS = {
    "<Sing/>": 12200,
    "<Say tone='high'>Hei</Say>": 12200,
    "<Gather><Record/></Gather>": 12200,
    "<Gather input='speech'/>": 12200,
    "<Gather numDigits='many'/>": 12200,
    "<Gather actionOnEmptyResult='True'/>": 12200,
    "<Record maxLength='1'/>": 12200,
    "<Record finishOnKey='x'/>": 12200,
    "<Record recordingStatusCallbackEvent='ready'/>": 12200,
    "<Dial>12</Dial>": 13224,
    "<Dial/>": 12200,
    "<Dial><Sip>a</Sip></Dial>": 12200,
    "<Pause length='-1'/>": 12200,
    "<Redirect method='PUT'>/x</Redirect>": 12200,
    "<Hangup>now</Hangup>": 12200,
    "<Say></Say>": 13520,
    "<Say language='sv-FI'>Hej</Say>": 12200,
    "<Say voice='Polly.Suvi-Neural' language='sv-SE'>Hej</Say>": 13520,
    "<Say voice='Nobody'>Hej</Say>": 13520,
    "<Say><audio/></Say>": 12200,
    "<Say><break time='11s'/>Hei</Say>": 12200,
    "<Say>" + "a" * 4097 + "</Say>": 13520,
    "loose words": 12200,
}


@pytest.mark.parametrize(("twiml", "code"), ERRORS.items(), ids=[key[:50] for key in ERRORS])
def test_what_twilio_would_refuse_is_refused_here(world, twiml, code):
    world.answers("/call", twiml)
    call = world.caller.dial(world.line.number).until_over()
    assert [error.code for error in world.exchange.errors] == [code]
    assert call.heard == (Apology(code),)


ANSWERS = {
    "not XML": (WebhookResponse(200, "text/xml", b"<Response>"), 12100),
    "not TwiML": (WebhookResponse(200, "text/xml", b"<html/>"), 12200),
    "JSON": (WebhookResponse(200, "application/json", b"{}"), 12300),
    "no content type": (WebhookResponse(200, "", b"<Response/>"), 12300),
    "too large": (WebhookResponse(200, "text/xml", b"<Response>" + b" " * 65536 + b"</Response>"), 11750),
    "a broken product": (WebhookResponse(500, "text/html", b"oops"), 11200),
}


@pytest.mark.parametrize("name", ANSWERS)
def test_an_answer_that_is_no_twiml_is_an_error(world, name):
    answer, code = ANSWERS[name]
    world.answers("/call", answer)
    call = world.caller.dial(world.line.number).until_over()
    assert call.heard == (Apology(code),)


def test_a_rejected_call_is_never_answered(world):
    world.answers("/call", "<Reject reason='busy'/>")
    call = world.caller.dial(world.line.number)
    assert (call.status, call.heard) == (CallStatus.BUSY, (NotInUse("busy"),))


def test_a_number_without_a_line_is_not_in_use(world):
    call = world.caller.dial("+358942499999").until_over()
    assert call.status is CallStatus.FAILED
    assert call.heard == (NotInUse("no such number"),)


def test_a_redirect_goes_on_with_another_document(world):
    world.answers("/call", "<Say>One.</Say><Redirect>/other</Redirect><Say>Never.</Say>")
    world.answers("/other", "<Say>Two.</Say><Hangup/><Say>Never.</Say>")
    call = world.caller.dial(world.line.number).until_over()
    assert call.words == "One. Two."
    assert call.status is CallStatus.COMPLETED


def test_documents_that_lead_round_in_a_circle_end_in_an_apology(world):
    world.answers("/call", "<Redirect>/call</Redirect>")
    call = world.caller.dial(world.line.number).until_over()
    assert call.heard == (Apology(11215),)


def test_a_sentence_said_three_times_is_heard_three_times(world):
    world.answers("/call", "<Say loop='3'>Hei.</Say>")
    assert world.caller.dial(world.line.number).until_over().words == "Hei. Hei. Hei."


def test_paragraphs_and_sentences_are_read_as_text(world):
    world.answers("/call", "<Say><p><s>Yksi.</s> <s>Kaksi.</s></p></Say>")
    assert world.caller.dial(world.line.number).until_over().words == "Yksi. Kaksi."
