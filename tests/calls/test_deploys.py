"""A deploy changes the script under a live call: an apology, and everything that was told is kept."""

from ivr.exchange import Fault, Kind
from tests.calls.days import Day
from tests.calls.phones import Play


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
