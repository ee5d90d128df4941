"""Faults of ours, and of others: a clear answer, and nothing is lost."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from ivr.exchange import Apology, Fault, Kind
from ivr.exchange.signature import sign
from tests.calls.days import LINE, MOBILE, PUBLIC, SWEDISH_LINE, TOKEN, Day
from tests.calls.phones import Play
from tickets.store import Cipher, make_session_factory

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


# The database is away.


@pytest.fixture
def nowhere(cipher: Cipher) -> sessionmaker[Session]:
    """Sessions on a database that does not answer."""
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing", connect_args={"connect_timeout": 2})
    return make_session_factory(engine, cipher)


def test_with_the_database_away_a_call_is_answered_and_recorded_and_becomes_a_ticket(
    day: Day, nowhere: sessionmaker[Session]
) -> None:
    web, day.web = day.web, day.web_on(nowhere)
    day.forgiven = {11200}  # news that could not be noted
    caller = day.dials().hears("fallback_greeting", "fallback_record")
    assert caller.languages == {"fi-FI", "sv-SE"}
    caller.says("Numeroni on nolla neljä nolla. Tulostin ei toimi.").hears("fallback_thanks")
    day.passes(minutes=1)
    assert not day.tickets()
    day.web = web
    day.reconciles()
    ticket = day.ticket()
    assert (ticket.status, ticket.line_id) == ("open", 1)
    assert ticket.caller_index is not None
    assert [(one.ticket_id, one.state) for one in day.recordings()] == [(ticket.id, "stored")]
    assert not day.exchange.recordings
    day.reconciles()
    assert len(day.tickets()) == 1


def test_with_the_database_away_in_mid_call_what_was_told_before_is_kept_with_the_message(
    day: Day, nowhere: sessionmaker[Session]
) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record_choice")
    web, day.web = day.web, day.web_on(nowhere)
    day.forgiven = {11200}
    caller.presses("1").hears("fallback_greeting").says("Tulostin ei toimi.").hears("fallback_thanks")
    day.passes(minutes=1)
    day.web = web
    day.reconciles()
    ticket = day.ticket()
    assert ticket.topic == "PUHELIN"
    assert [(one.ticket_id, one.state) for one in day.recordings()] == [(ticket.id, "stored")]
    assert day.callback().ticket_id == ticket.id


def test_with_the_database_away_for_one_turn_the_call_is_told_truly(day: Day, nowhere: sessionmaker[Session]) -> None:
    caller = day.dials().goes_forward(until="offer_slot" if day.helper() else "")
    web, day.web = day.web, day.web_on(nowhere)
    caller.presses("1").hears("fallback_greeting").does_not_hear("booked")
    day.web = web
    caller.hangs_up()
    day.passes(minutes=1)
    assert day.ticket().status == "promised"  # the first time, once the line could see again
    assert day.templates() == ["booked"]


def test_a_withheld_call_while_the_database_was_away_is_a_ticket_with_its_message(
    day: Day, nowhere: sessionmaker[Session]
) -> None:
    web, day.web = day.web, day.web_on(nowhere)
    day.forgiven = {11200}
    day.dials(withheld=True).hears("fallback_record").says("Numeroni on nolla neljä nolla.").hears("fallback_thanks")
    day.passes(minutes=1)
    day.web = web
    day.reconciles()
    assert day.ticket().caller_index is None
    assert [one.ticket_id for one in day.recordings()] == [day.ticket().id]


# The web servers are away.


def test_a_call_while_the_web_servers_were_away_is_found_at_the_operator(day: Day) -> None:
    day.web_is_up = False
    day.forgiven = {11200, 11205}
    caller = day.dials()
    caller.call.until_over()
    assert any(isinstance(one, Apology) for one in caller.call.heard)
    day.web_is_up = True
    day.reconciles()
    assert day.ticket().caller_index is not None
    assert day.ticket().status == "open"


def test_web_servers_that_fail_in_mid_call_are_replaced_by_the_fallback(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record_choice")
    day.exchange.faults.webhook(Fault.FAIL, kind=Kind.ACTION)
    day.forgiven = {11200}
    caller.presses("1").hears("fallback_greeting").says("Tulostin ei toimi.").hears("fallback_thanks")
    day.passes(minutes=1)
    assert day.ticket().topic == "PUHELIN"
    assert [(one.ticket_id, one.state) for one in day.recordings()] == [(day.ticket().id, "stored")]
    assert len(day.callbacks()) == 1


def test_a_call_that_only_ever_met_the_fallback_is_a_ticket_with_its_message(day: Day) -> None:
    day.exchange.faults.webhook(Fault.FAIL, kind=Kind.VOICE)
    day.forgiven = {11200}
    day.dials().hears("fallback_greeting").says("Tulostin ei toimi.").hears("fallback_thanks")
    day.passes(minutes=1)
    day.reconciles()
    assert [(one.ticket_id, one.state) for one in day.recordings()] == [(day.ticket().id, "stored")]


def test_a_helpers_call_that_fails_on_our_side_is_tried_with_the_next_helper(day: Day) -> None:
    day.helper(), day.helper()
    promise = day.promise()
    day.exchange.faults.webhook(Fault.FAIL, kind=Kind.VOICE)
    day.forgiven = {11200}
    day.until(promise.starts_at)
    day.passes(seconds=2)
    (helper,) = day.fetch("SELECT helper_id FROM attempt")[0]
    day.rings(f"+35850{helper:07}").call.until_over()
    day.passes(seconds=10)
    assert len(day.attempts()) == 2
    assert day.results()[0] == "AUTTAJA_EI_VASTANNUT"


# A deploy in mid-call.


def change_script(day: Day, caller: Play, key: str = "topic") -> None:
    """A deploy: what the journal calls by one name, the script now calls by another."""
    with day.sessions.begin() as session:
        connection = session.connection()
        connection.exec_driver_sql("ALTER TABLE journal DISABLE TRIGGER USER")
        connection.exec_driver_sql("UPDATE journal SET key = 'subject' WHERE key = %s", (key,))
        connection.exec_driver_sql("ALTER TABLE journal ENABLE TRIGGER USER")


def test_a_deploy_in_mid_call_is_apologised_for_and_a_message_is_taken(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record_choice")
    change_script(day, caller, "postcode")
    caller.presses("1").hears("changed", "record").says("Tulostin ei toimi.").hears("request_saved_plain", "goodbye")
    day.passes(minutes=1)
    assert day.ticket().topic == "PUHELIN"  # what was told before the change is kept
    assert [(one.ticket_id, one.state) for one in day.recordings()] == [(day.ticket().id, "stored")]
    assert len(day.callbacks()) == 1


def test_a_deploy_before_anything_was_told_still_takes_the_message_and_rings_back(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice")
    change_script(day, caller, "look_up_caller")
    caller.presses("1").hears("changed", "record").says("Tulostin ei toimi.").hears("request_saved_plain", "goodbye")
    day.passes(minutes=1)
    assert [one.ticket_id for one in day.recordings()] == [day.ticket().id]
    assert day.callback().ticket_id == day.ticket().id


def test_a_deploy_after_the_booking_books_nothing_twice(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="another_matter")
    change_script(day, caller, "offer_slot")
    caller.presses("1").hears("changed", "goodbye")
    day.passes(minutes=1)
    assert len(day.callbacks()) == len(day.tickets()) == 1
    assert day.templates() == ["booked"]


def test_a_deploy_under_the_existing_time_says_that_it_stands(day: Day) -> None:
    day.helper()
    day.promise()
    caller = day.dials().hears().presses("1").hears("existing").presses("2").hears("offer_slot")
    change_script(day, caller, "find_time")
    caller.presses("1").hears("changed", "kept", "goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]


def test_a_webhook_that_comes_twice_after_a_deploy_is_answered_alike(day: Day) -> None:
    day.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.ACTION, times=None, seconds=1)
    caller = day.dials().goes_forward(until="record_choice")
    change_script(day, caller, "postcode")
    caller.presses("1").hears("changed", "record").says("Tulostin ei toimi.").hears("request_saved_plain")
    assert len(day.tickets()) == 1
