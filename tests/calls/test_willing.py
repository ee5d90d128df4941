"""Somebody rings who would like to help others."""

from sqlalchemy import update

from tests.calls.days import LANDLINE, MOBILE, Day
from tests.calls.phones import Play
from tickets.network import Network
from tickets.vocabulary import HelperKind


def offers_help(day: Day, number: str = MOBILE) -> Play:
    """Something else: I would like to help; then forward to the end."""
    caller = day.dials(number).goes_forward(until="topic_choice").presses("4").hears("something_else").presses("2")
    return caller.hears("willing_thanks").goes_forward()


def reasons(day: Day) -> list[object]:
    """Why tickets went to the coordinator."""
    return [one for (one,) in day.fetch("SELECT details ->> 'reason' FROM ticket_event WHERE kind = 'to_coordinator'")]


def test_who_wants_to_help_is_told_that_the_coordinator_rings_and_is_promised_no_time(day: Day) -> None:
    day.helper(kind=HelperKind.STAFF)
    caller = offers_help(day).does_not_hear("offer_slot", "booked", "no_slot")
    assert caller.keys[-3:] == ["willing_saved", "another_matter", "goodbye"]
    ticket = day.ticket()
    assert (ticket.topic, ticket.status) == ("HALUAN_AUTTAA", "with_coordinator")
    assert ticket.deadline is not None
    assert reasons(day) == ["wants_to_help"]
    assert day.told() == ["willing"]
    assert day.recordings()[0].ticket_id == ticket.id
    day.passes(hours=3)
    assert not day.callbacks()


def test_who_hangs_up_after_saying_so_is_kept_for_the_coordinator_and_waits_for_no_time(day: Day) -> None:
    caller = day.dials().goes_forward(until="topic_choice").presses("4").hears("something_else").presses("2")
    caller.hears("willing_thanks").hangs_up()
    day.passes(minutes=1)
    assert day.ticket().status == "with_coordinator"
    assert reasons(day) == ["wants_to_help"]
    assert day.told() == ["willing"]
    assert not day.fetch("SELECT * FROM waiting")


def test_who_asks_for_a_person_instead_waits_for_no_time_either(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").presses("4").hears("something_else").presses("2")
    caller.hears("willing_thanks").presses("0").hears("person_will_ring")
    day.passes(minutes=1)
    assert day.ticket().status == "with_coordinator"
    assert not day.fetch("SELECT * FROM waiting")


def test_one_goes_forward_to_help_with_something_else(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").presses("4").hears("emergency", "something_else")
    assert "booked" in caller.goes_forward().keys
    assert day.ticket().topic == "MUU"


def test_the_first_three_keys_hear_nothing_of_it(day: Day) -> None:
    day.helper()
    for key in "123":
        caller = day.dials().goes_forward(until="topic_choice").presses(key).goes_forward()
        caller.does_not_hear("something_else")
        day.dials().hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("2").hears()


def test_ringing_again_to_offer_help_is_the_same_ticket_and_asks_for_no_time(day: Day) -> None:
    offers_help(day)
    again = day.dials().hears().presses("1").hears("topic_choice")
    again.does_not_hear("existing_open").hangs_up()
    offers_help(day)
    assert len([ticket for ticket in day.tickets() if ticket.topic == "HALUAN_AUTTAA"]) == 1


def test_a_network_whose_boundaries_let_somebody_take_such_calls_promises_a_time(day: Day) -> None:
    with day.sessions.begin() as session:
        session.execute(update(Network).values(boundaries={"staff": {"HALUAN_AUTTAA": "handles"}}))
    day.helper(kind=HelperKind.STAFF)
    assert "booked" in offers_help(day).keys
    assert day.ticket().status == "promised"


def test_a_landline_that_offers_help_is_told_on_the_phone_alone(day: Day) -> None:
    assert "willing_saved" in offers_help(day, LANDLINE).keys
    assert not day.texts(LANDLINE)
