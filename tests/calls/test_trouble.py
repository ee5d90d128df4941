"""Faults of ours, and of others: a clear answer, and nothing is lost."""

import pytest

from ivr.exchange.signature import sign
from tests.calls.days import LINE, MOBILE, PUBLIC, SWEDISH_LINE, TOKEN, Day

ROUTES = [
    *("/ivr/call", "/ivr/turn/1", "/ivr/helper/1", "/ivr/resident/1", "/ivr/announcement/1"),
    *("/ivr/fallback", "/ivr/status", "/ivr/recording", "/ivr/sms"),
]


def posted(day: Day, path: str, **form: str) -> str:
    """A request of the operator's own, however odd; what it was answered."""
    signature = sign(TOKEN, PUBLIC + path, form)
    answer = day.post(path, form, {"X-Twilio-Signature": signature})
    assert answer.status == 200, answer
    return answer.body.decode()


@pytest.mark.parametrize("path", ROUTES)
def test_a_stranger_is_refused_at_every_door(day: Day, path: str) -> None:
    form = {"CallSid": "CA1", "From": MOBILE, "To": LINE}
    assert day.post(path, form).status == 403
    assert day.post(path, form, {"X-Twilio-Signature": sign("another token", PUBLIC + path, form)}).status == 403
    changed = {**form, "From": "+358401112234"}
    assert day.post(path, changed, {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path, form)}).status == 403
    assert not day.tickets()


def test_a_number_that_is_no_line_of_ours_says_so_in_both_languages(day: Day) -> None:
    number = "+358942459999"
    day.exchange.add_line(number, day.addresses.call, fallback_url=day.addresses.fallback)
    caller = day.dials(line=number).hears("not_in_use")
    assert caller.call.over
    assert caller.languages == {"fi-FI", "sv-SE"}
    assert not day.tickets()


# Malformed parameters.


def test_a_call_without_its_sid_is_apologised_for_and_saved(day: Day) -> None:
    said = posted(day, "/ivr/call", From=MOBILE, To=LINE, CallStatus="ringing")
    assert "Anteeksi" in said
    assert 'language="sv-SE"' in said
    ticket = day.ticket()
    assert ticket.caller_index is not None
    assert ticket.status == "open"


@pytest.mark.parametrize("turn", ["abc", "1.5", "-1", "99999999999999999999", "½"])
def test_a_turn_that_is_no_number_loses_nothing(day: Day, turn: str) -> None:
    caller = day.dials().goes_forward(until="record_choice")
    said = posted(day, f"/ivr/turn/{turn}", CallSid=caller.call.sid, From=MOBILE, To=LINE, Digits="1")
    assert "<Response>" in said
    caller.hangs_up()
    assert day.ticket().topic == "PUHELIN"


def test_a_turn_of_a_call_that_we_never_answered_is_saved(day: Day) -> None:
    said = posted(day, "/ivr/turn/3", CallSid="CA" + "9" * 32, From=MOBILE, To=SWEDISH_LINE, Digits="1")
    assert "<Response>" in said
    assert (day.ticket().language, day.ticket().line_id) == ("sv", 2)


def test_a_recorder_that_talks_nonsense_costs_the_caller_nothing(day: Day) -> None:
    caller = day.dials().goes_forward(until="record")
    said = posted(
        day,
        "/ivr/turn/5",
        CallSid=caller.call.sid,
        From=MOBILE,
        To=LINE,
        RecordingSid="RE" + "1" * 32,
        RecordingDuration="xyz",
    )
    assert "Anteeksi" in said
    assert "Se, mitä kerroitte, on tallessa." in said
    assert day.ticket().topic == "PUHELIN"


def test_a_dial_that_talks_nonsense_does_not_lose_the_talk(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears().presses("1")
    day.rings(MOBILE).hears().presses("1")
    rung.call.until_asked()
    said = posted(
        day,
        "/ivr/turn/2",
        CallSid=rung.call.sid,
        From=LINE,
        To=helper.number,
        DialCallStatus="completed",
        DialCallDuration="x",
    )
    assert "<Response>" in said
    rung.hangs_up()
    day.passes(minutes=5)
    assert day.callback().state == "kept"
    assert day.ticket().status == "awaiting_outcome"


@pytest.mark.parametrize(
    ("path", "form"),
    [
        ("/ivr/status", {"CallSid": "CA1"}),
        ("/ivr/status", {"CallStatus": "completed"}),
        ("/ivr/status?helper=x", {"CallSid": "CA1", "CallStatus": "completed"}),
        ("/ivr/status?helper=999", {"CallSid": "CA1", "CallStatus": "completed"}),
        ("/ivr/status?resident=999", {"CallSid": "CA1", "CallStatus": "ringing"}),
        ("/ivr/recording", {"CallSid": "CA1"}),
        ("/ivr/recording", {"CallSid": "CA1", "RecordingSid": "RE1", "RecordingDuration": "long"}),
        ("/ivr/sms", {"Body": "PERU"}),
        ("/ivr/sms?message=x", {"MessageStatus": "delivered"}),
        ("/ivr/sms?message=1", {}),
    ],
)
def test_news_that_makes_no_sense_is_a_clear_400(day: Day, path: str, form: dict[str, str]) -> None:
    answer = day.post(path, form, {"X-Twilio-Signature": sign(TOKEN, PUBLIC + path, form)})
    assert answer.status == 400


@pytest.mark.parametrize("path", ["/ivr/helper/999", "/ivr/resident/999", "/ivr/announcement/999"])
def test_an_errand_that_we_do_not_know_is_apologised_for(day: Day, path: str) -> None:
    said = posted(day, path, CallSid="CA7", From=LINE, To=MOBILE)
    assert "<Response>" in said
    assert "Anteeksi" in said


def test_letters_among_the_keys_are_silence(day: Day) -> None:
    caller = day.dials().goes_forward(until="topic_choice")
    said = posted(day, "/ivr/turn/2", CallSid=caller.call.sid, From=MOBILE, To=LINE, Digits="<b>")
    assert "Tarvitsetteko lisää aikaa" in said
