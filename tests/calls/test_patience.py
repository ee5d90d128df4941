"""Silence, wrong keys, 9 and 0: nothing that a caller does wrong ends the call with nothing."""

import pytest

from tests.calls.days import FI, SV, Day
from tests.calls.phones import Play, key_of

# Every question of a call in which 1 goes forward, by the sentence that asks it.
QUESTIONS = [
    "choose_language",
    "topic_choice",
    "postcode",
    "record_choice",
    "recorded",
    "confirm_number",
    "offer_slot",
    "another_matter",
]
SIDE_QUESTIONS = {"postcode_is": "postcode", "ask_number": "confirm_number", "offer_next": "offer_slot"}
WAYS_ASIDE = {"postcode": "20100", "confirm_number": "2", "offer_slot": "2"}


def ask(day: Day, question: str) -> Play:
    """A call that has come to this question."""
    on_the_way = SIDE_QUESTIONS.get(question, question)
    caller = day.dials().goes_forward(until=on_the_way)
    if question in SIDE_QUESTIONS:
        caller.presses(WAYS_ASIDE[on_the_way]).hears(question)
    return caller


@pytest.mark.parametrize("question", [*QUESTIONS, *SIDE_QUESTIONS])
def test_who_falls_silent_hears_the_question_three_times_and_loses_nothing(day: Day, question: str) -> None:
    day.helper()
    caller = ask(day, question)
    caller.hears("more_time", question).hears("last_try", question).hears()
    assert caller.call.over
    assert caller.keys[-1] == "goodbye"
    assert {"request_saved", "request_saved_soon", "booked", "kept"} & set(caller.keys)
    ticket = day.ticket()
    assert ticket.caller_index is not None
    told_topic = question not in ("choose_language", "topic_choice")
    assert (ticket.topic == "PUHELIN") is told_topic
    assert bool(day.callbacks()) is told_topic


@pytest.mark.parametrize("question", [one for one in QUESTIONS if one != "postcode"])  # any keys are a postcode
def test_wrong_keys_are_forgiven_and_end_in_a_saved_request(day: Day, question: str) -> None:
    day.helper()
    caller = ask(day, question)
    caller.presses("7").hears("retry", question).presses("6").hears("last_try", question).presses("5").hears("goodbye")
    assert {"request_saved", "request_saved_soon", "booked", "kept"} & set(caller.keys)
    assert day.ticket().caller_index is not None


@pytest.mark.parametrize("question", QUESTIONS)
def test_nine_repeats_the_question(day: Day, question: str) -> None:
    day.helper()
    caller = ask(day, question)
    before = caller.words_of(question)
    caller.presses("9").hears(question)
    assert caller.words_of(question) == before
    caller.does_not_hear("retry", "more_time").goes_forward()
    assert "booked" in caller.keys


@pytest.mark.parametrize("question", QUESTIONS)
def test_eight_slows_the_rest_of_the_call_down_and_once_more_is_as_usual_again(day: Day, question: str) -> None:
    day.helper()
    caller = ask(day, question)
    usual = pace(caller)
    caller.presses("8").hears("slower", question)
    assert pace(caller) < usual
    caller.presses("8").hears("usual_pace", question)
    assert pace(caller) == usual
    caller.presses("8").hears("slower", question).goes_forward()
    assert pace(caller) < usual
    assert "booked" in caller.keys


def pace(caller: Play) -> float:
    """How fast the last sentence was said."""
    return caller.call.said[-1].pieces[0].rate


@pytest.mark.parametrize("question", [*QUESTIONS[:-1], *SIDE_QUESTIONS])
def test_nought_asks_for_a_person_who_rings_at_the_first_time(day: Day, question: str) -> None:
    day.helper()
    caller = ask(day, question).presses("0").hears("person_will_ring", "booked", "booked_again", "goodbye")
    assert "Soittajamme sanoo sen ensin." in caller.words_of("booked")
    assert day.callback().starts_at == day.at("10:30")
    assert day.ticket().status == "promised"
    day.passes(seconds=10)
    assert day.templates() == ["booked"]


def test_nought_after_the_booking_keeps_the_time(day: Day) -> None:
    day.helper()
    day.dials().goes_forward(until="another_matter").presses("0").hears("kept", "goodbye")
    assert len(day.callbacks()) == 1


def test_nought_without_a_free_time_is_a_saved_request(day: Day) -> None:
    day.dials().goes_forward(until="topic_choice").presses("0").hears("person_will_ring", "waiting_first", "goodbye")
    day.passes(seconds=30)
    assert day.ticket().status == "open"
    assert day.templates() == ["waiting"]


def test_nought_from_a_withheld_number_asks_for_one_and_no_more(day: Day) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="topic_choice").presses("0").hears("ask_number_withheld")
    caller.presses("0401112233").hears("confirm_number").presses("1").hears("person_will_ring", "booked", "goodbye")
    assert len(day.texts()) == 1


def test_nought_and_nought_again_from_a_withheld_number_is_still_a_request(day: Day) -> None:
    caller = (
        day.dials(withheld=True)
        .goes_forward(until="topic_choice")
        .presses("0")
        .hears("ask_number_withheld")
        .presses("0")
    )
    caller.hears("request_saved_no_number", "goodbye")
    assert day.ticket().status == "open"


def test_a_silent_caller_with_a_withheld_number_is_told_to_ring_again(day: Day) -> None:
    day.dials(withheld=True).hears().hears().hears().hears("request_saved_no_number", "goodbye")
    assert day.ticket().caller_index is None


def test_a_silent_caller_is_told_by_when_we_ring_and_the_coordinator_has_it_by_then(day: Day) -> None:
    caller = day.dials().hears().hears().hears().hears("request_saved_soon", "goodbye")
    assert "viimeistään seuraavana arkipäivänä" in caller.words_of("request_saved_soon")
    assert (day.ticket().status, day.ticket().deadline) == ("with_coordinator", day.at("15:00", days=1))


def test_a_silent_caller_who_has_a_time_keeps_it(day: Day) -> None:
    day.helper()
    day.promise()
    day.dials().hears().hears().hears().hears("request_saved", "goodbye").does_not_hear("request_saved_soon")
    assert (day.ticket().status, day.callback().state) == ("promised", "promised")


def test_a_caller_who_is_slow_twice_is_not_hurried(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").hears("more_time").presses("1")
    caller.goes_forward()
    assert "booked" in caller.keys


@pytest.mark.parametrize(
    ("question", "keys", "then"), [("postcode", "20100", "postcode_is"), ("ask_number", "0401112233", "confirm_number")]
)
def test_a_long_number_may_be_begun_late_and_keyed_slowly(day: Day, question: str, keys: str, then: str) -> None:
    caller = day.dials().goes_forward(until=SIDE_QUESTIONS.get(question, "topic_choice"))
    caller.presses(WAYS_ASIDE["confirm_number"] if question == "ask_number" else "1")
    day.clock.run_until(lambda: key_of(caller.call.said[-1]) == question, within=5)
    day.passes(seconds=caller.call.said[-1].seconds + 9.5)
    for key in keys:
        caller.presses(key)
        day.passes(seconds=4.5)
    day.passes(seconds=2)
    caller.hears(then).does_not_hear("more_time", "last_try")


def test_the_star_and_the_hash_are_never_needed_and_do_no_harm(day: Day) -> None:
    day.helper()
    caller = day.dials().goes_forward(until="topic_choice").presses("*").hears("topic_choice").presses("#")
    caller.hears("last_try", "topic_choice").presses("1").goes_forward()
    assert "booked" in caller.keys


def test_keys_pressed_in_the_middle_of_a_question_are_heard(day: Day) -> None:
    day.helper()
    caller = day.dials()
    day.passes(seconds=2)
    caller.presses("2").hears("who_we_are", "topic_choice")
    assert caller.call.said[-1].language == "sv-SE"


def test_the_language_is_kept_through_every_trouble(day: Day) -> None:
    day.helper("09:30", "14:30", FI, SV)
    caller = day.dials().hears().presses("2").hears("topic_choice").presses("7").hears("retry").hears("last_try")
    caller.hears("goodbye")
    assert {one.language for one in caller.call.said[2:]} == {"sv-SE"}
    assert day.ticket().language == "sv"
