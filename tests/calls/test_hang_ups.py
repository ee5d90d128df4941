"""Hanging up anywhere loses nothing that was gathered."""

import pytest

from ivr.exchange import Fault, Kind, Waiting
from tests.calls.days import MOBILE, SV, Day
from tests.calls.phones import Play

BEFORE_TOPIC = ["choose_language", "topic_choice"]
AFTER_TOPIC = ["postcode", "record_choice", "record", "recorded", "confirm_number", "offer_slot"]


@pytest.mark.parametrize("question", AFTER_TOPIC)
def test_who_hangs_up_after_naming_a_topic_is_rung_back_at_the_first_time_and_texted_it(
    day: Day, question: str
) -> None:
    helper = day.helper()
    day.dials().goes_forward(until=question).hangs_up()
    assert day.ticket().topic == "PUHELIN"
    assert day.callback().starts_at == day.at("10:30")
    assert day.templates() == ["booked"]
    assert len(day.texts()) == 1
    day.until(day.at("10:30"))
    day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1")


def test_who_hangs_up_at_once_has_asked_for_nothing(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="choose_language").hangs_up()
    assert not day.tickets()


def test_who_only_chose_a_language_is_on_the_list_and_not_rung_unasked(day: Day) -> None:
    day.helper()
    day.dials().hears().presses("2").hears("topic_choice").hangs_up()
    ticket = day.ticket()
    assert (ticket.status, ticket.language, ticket.topic) == ("unfinished", "sv", None)
    assert not day.callbacks()


@pytest.mark.parametrize("seconds", [0.5, 3, 5.5])
def test_who_hangs_up_in_mid_message_has_left_it(day: Day, seconds: float) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Tulostin ei toimi, ja", seconds=6)
    day.passes(seconds=seconds)
    caller.hangs_up()
    (message,) = day.recordings()
    assert (message.ticket_id, message.state) == (day.ticket().id, "stored")
    assert day.callback().starts_at == day.at("10:30")


@pytest.mark.parametrize("how", ["action dropped", "action late", "recording late", "status dropped"])
def test_a_message_cut_short_is_kept_whichever_news_of_it_comes_first(day: Day, how: str) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="record").says("Tulostin ei toimi, ja", seconds=6)
    day.passes(seconds=4)
    faults = day.exchange.faults
    match how:
        case "action dropped":
            faults.webhook(Fault.DROP, kind=Kind.ACTION, times=2)
        case "action late":
            faults.webhook(Fault.DELAY, kind=Kind.ACTION, seconds=20)
        case "recording late":
            faults.webhook(Fault.DELAY, kind=Kind.RECORDING, seconds=90)
        case _:
            faults.webhook(Fault.DROP, kind=Kind.STATUS, times=2)
    day.forgiven = {11205}
    caller.hangs_up()
    day.passes(minutes=2)
    day.reconciles()
    (message,) = day.recordings()
    assert (message.ticket_id, message.state) == (day.ticket().id, "stored")
    assert day.callback().starts_at == day.at("10:30")
    assert day.templates() == ["booked"]


def test_who_hangs_up_in_the_middle_of_the_promise_has_it(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="offer_slot").presses("1")
    day.passes(seconds=4)
    caller.hangs_up()
    day.passes(minutes=1)
    assert day.ticket().status == "promised"
    assert len(day.callbacks()) == 1
    assert day.templates() == ["booked"]


def test_who_presses_one_and_hangs_up_before_the_line_hears_it_has_one_time_and_one_text(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="offer_slot")
    day.exchange.faults.webhook(Fault.DELAY, kind=Kind.ACTION, seconds=30)
    caller.presses("1")
    caller.hangs_up()
    day.passes(minutes=2)
    assert len(day.callbacks()) == 1
    assert day.templates() == ["booked"]


def test_who_hangs_up_after_the_booking_gets_nothing_more(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="another_matter").hangs_up()
    assert len(day.callbacks()) == len(day.tickets()) == 1
    assert day.templates() == ["booked"]


def test_who_hangs_up_in_the_second_matter_has_the_first_and_is_rung_about_the_second(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="another_matter").presses("2").hears("topic_choice").presses("2")
    caller.hears("record_choice").hangs_up()
    assert [ticket.topic for ticket in day.tickets()] == ["PUHELIN", "TIETOKONE"]
    assert [one.starts_at for one in day.callbacks()] == [day.at("10:30"), day.at("11:30")]


def test_who_hangs_up_without_a_free_time_is_told_that_the_request_is_kept(day: Day) -> None:
    day.dials().goes_forward(until="record_choice").hangs_up()
    assert day.ticket().topic == "PUHELIN"
    assert day.templates() == ["waiting"]


def test_who_hangs_up_on_a_landline_is_rung_and_told_the_time(day: Day) -> None:
    day.helper()
    number = "+35822330000"
    day.dials(number).goes_forward(until="record_choice").hangs_up()
    told = day.rings(number)
    told.hears("tell_time", "callback_goodbye")
    assert told.call.over
    assert "kymmenen kolmekymmentä" in told.words_of("tell_time")
    assert told.call.shown_number == "+358942450100"
    assert not day.templates()


def test_who_hangs_up_at_a_withheld_number_leaves_a_request_without_one(day: Day) -> None:
    day.helper()
    day.dials(withheld=True).goes_forward(until="ask_number_withheld").hangs_up()
    assert (day.ticket().topic, day.ticket().caller_index) == ("PUHELIN", None)
    assert not day.callbacks()


def test_who_hangs_up_and_rings_again_hears_the_time_and_keeps_one_ticket(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="record_choice").hangs_up()
    day.dials().hears().presses("1").hears("existing").presses("1").hears("kept", "existing_code", "goodbye")
    assert len(day.tickets()) == len(day.callbacks()) == 1


def test_who_hangs_up_before_the_topic_and_rings_again_is_one_ticket(day: Day) -> None:
    day.helper()
    day.dials().hears().presses("1").hears("topic_choice").hangs_up()
    day.dials().goes_forward()
    assert day.ticket().topic == "PUHELIN"
    assert day.events().count("rang_again") == 1


@pytest.mark.parametrize("question", ["existing", "cancel_sure", "offer_slot"])
def test_who_hangs_up_over_an_existing_time_keeps_it(day: Day, question: str) -> None:
    day.helper()
    day.promise()
    again = day.dials().hears().presses("1").hears("existing")
    if question != "existing":
        again.presses("3" if question == "cancel_sure" else "2").hears(question)
    again.hangs_up()
    day.passes(minutes=2)
    assert [one.state for one in day.callbacks()] == ["promised"]
    assert len(day.tickets()) == 1


def test_who_hangs_up_in_swedish_is_texted_in_swedish(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    day.dials().hears().presses("2").hears().presses("1").hears("postcode").hangs_up()
    assert day.texts()[0].startswith("Digitalt stöd ringer er")


@pytest.mark.parametrize("moment", [0.1, 10, 40, 70, 100, 130, 160, 190])
def test_whoever_hangs_up_at_any_moment_of_a_call_loses_nothing(day: Day, moment: float) -> None:
    day.helper()
    caller = day.dials()
    answered, end = 0, day.clock.timer() + moment
    while not caller.call.over and day.clock.timer() < end:
        if caller.call.leg.question > answered and caller.call.waiting_for is not None:
            answered = caller.call.leg.question
            press_one(caller)
        day.passes(seconds=min(0.5, end - day.clock.timer()))
    topic_told = "postcode" in caller.keys
    caller.hangs_up()
    day.passes(minutes=2)
    assert len(day.tickets()) <= 1
    assert bool(day.callbacks()) is topic_told
    assert len(day.templates()) == len(day.callbacks())


def press_one(caller: Play) -> None:
    """Answer whatever is asked right now."""
    if caller.call.waiting_for is Waiting.DIGITS:
        caller.presses("1")
    else:
        caller.says("Puhelin ei toimi.", seconds=2)


def test_who_rings_again_at_once_and_books_is_not_told_that_the_request_only_waits(day: Day) -> None:
    day.worker_is_up = False
    day.dials().goes_forward(until="record_choice").hangs_up()
    day.helper()
    again = day.dials().hears().presses("1").hears("existing_open").presses("1").hears("offer_slot").presses("1")
    again.hears("booked", "goodbye")
    day.worker_is_up = True
    day.passes(minutes=1)
    assert day.templates() == ["booked"]
    assert len(day.callbacks()) == 1
