"""The database or the web servers are away: the call is answered as well as it can be, and nothing is lost."""

import pytest
from sqlalchemy import create_engine
from sqlalchemy.orm import Session, sessionmaker

from ivr.exchange import Apology, Fault, Kind
from tests.calls.days import LINE, MOBILE, Day
from tickets.store import Cipher, make_session_factory


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


def test_a_text_that_gives_a_time_back_while_the_database_is_away_does_so_afterwards(
    day: Day, nowhere: sessionmaker[Session]
) -> None:
    helper = day.helper()
    promise = day.promise()
    web, day.web = day.web, day.web_on(nowhere)
    day.phone(MOBILE).text(LINE, "PERU")
    day.passes(seconds=30)
    assert "Luemme sen pian." in day.texts()[-1]
    assert "Vi läser det snart." in day.texts()[-1]
    day.web = web
    assert day.callback().state == "promised"
    day.reconciles()
    assert (day.callback().state, day.ticket().outcome) == ("cancelled", "PERUTTU")
    assert day.templates() == ["booked", "cancelled"]
    day.until(promise.starts_at)
    day.passes(minutes=15)
    assert day.rings_of(helper) == 0


def test_a_text_while_the_web_servers_are_away_is_read_afterwards_once(day: Day) -> None:
    day.web_is_up = False
    day.forgiven = {11205}
    day.phone(MOBILE).text(LINE, "Tulostin ei toimi.")
    day.passes(seconds=30)
    assert not day.tickets()
    day.web_is_up = True
    day.reconciles()
    assert (day.ticket().channel, day.ticket().status) == ("tekstiviesti", "open")
    assert day.templates() == ["saved"]
    day.reconciles()
    assert len(day.tickets()) == 1
    assert len(day.texts()) == 1


def test_a_text_that_was_taken_when_it_came_is_not_taken_again(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("2").goes_forward()
    day.phone(MOBILE).text(LINE, "PERU")
    day.phone(MOBILE).text(LINE, "Tulostin ei toimi.")
    day.passes(seconds=30)
    day.reconciles()
    assert [one.state for one in day.callbacks()] == ["promised", "cancelled"]
    assert [ticket.channel for ticket in day.tickets()] == ["puhelin", "puhelin", "tekstiviesti"]
    assert len(day.texts()) == 4


def test_a_text_found_late_gives_back_no_time_that_was_booked_after_it(day: Day) -> None:
    day.helper()
    day.web_is_up = False
    day.forgiven = {11205}
    day.phone(MOBILE).text(LINE, "PERU")
    day.passes(minutes=2)
    day.web_is_up = True
    day.promise()
    day.reconciles()
    assert day.callback().state == "promised"
    assert day.templates() == ["booked"]


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
