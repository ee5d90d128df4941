"""To which number we ring back: the one that shows, another one, or none at all."""

import pytest

from tests.calls.days import LANDLINE, MOBILE, Day

WITHHELD = [
    *("anonymous", "unknown", "Restricted", "unavailable", "private", "blocked"),
    *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253"),
]
FOREIGN = "+46701234567"


@pytest.mark.parametrize("shown", WITHHELD)
def test_a_caller_whose_number_is_withheld_keys_one(day: Day, shown: str) -> None:
    day.helper()
    caller = day.dials(caller_id=shown).goes_forward(until="ask_number_withheld")
    caller.does_not_hear("record_choice").presses("0401112233").hears("confirm_number").presses("1")
    caller.hears("record_choice").goes_forward(until="booked")
    assert "nolla neljä nolla, yksi yksi yksi, kaksi kaksi, kolme kolme" not in caller.words_of("confirm_number")
    assert "nolla neljä nolla, yksi yksi yksi, kaksi kaksi kolme kolme" in caller.words_of("confirm_number")
    caller.hangs_up()
    helper_call = day.callback()
    day.until(helper_call.starts_at)
    assert len(day.texts()) == 1
    assert day.ticket().can_text


def test_a_caller_without_a_number_is_told_that_we_cannot_ring(day: Day) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld")
    caller.hears("more_time", "ask_number").hears("last_try").hears("request_saved_no_number", "goodbye")
    ticket = day.ticket()
    assert (ticket.topic, ticket.caller_index, ticket.status) == ("PUHELIN", None, "unfinished")
    assert not day.recordings()
    assert not day.callbacks()


def test_a_foreign_number_is_not_rung_and_a_finnish_one_is_asked_for(day: Day) -> None:
    day.helper()
    caller = day.dials(FOREIGN).goes_forward(until="ask_number")
    assert "number_foreign" in caller.keys
    caller.presses("0046701234567").hears("number_foreign", "ask_number")
    caller.presses("0401112233").hears("confirm_number").goes_forward(until="booked")


def test_a_foreign_caller_who_falls_silent_is_promised_nothing_and_not_forgotten(day: Day) -> None:
    day.helper()
    caller = day.dials(FOREIGN).goes_forward(until="ask_number")
    caller.hears().hears().hears("request_saved_no_number", "goodbye")
    day.passes(minutes=5)
    assert day.ticket().caller_index is not None  # a coordinator can see who it was
    assert not day.callbacks()


def test_a_foreign_caller_who_hangs_up_is_not_promised_a_call_that_we_cannot_make(day: Day) -> None:
    day.helper()
    day.dials(FOREIGN).goes_forward(until="ask_number").hangs_up()
    day.passes(minutes=5)
    assert day.ticket().topic == "PUHELIN"
    assert not day.callbacks()


def test_a_foreign_caller_who_rings_again_is_asked_for_a_number_first(day: Day) -> None:
    day.helper()
    day.dials(FOREIGN).goes_forward(until="ask_number").hears().hears().hears("goodbye")
    again = day.dials(FOREIGN).goes_forward(until="ask_number")
    again.does_not_hear("existing_open")
    again.presses("0401112233").hears().goes_forward(until="booked")
    assert len(day.callbacks()) == 1


def test_a_landline_is_rung_back_at_the_landline(day: Day) -> None:
    helper = day.helper()
    promise = day.promise(LANDLINE)
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(LANDLINE).hears("callback_intro")
    assert not day.templates()


def test_a_caller_may_be_rung_at_another_number(day: Day) -> None:
    helper = day.helper()
    caller = day.dials(LANDLINE).goes_forward(until="confirm_number")
    caller.presses("2").hears("ask_number").presses("0401112233").hears("confirm_number").presses("1")
    caller.hears("offer_slot").presses("1").hears("booked", "text_follows").hangs_up()
    assert len(day.texts(MOBILE)) == 1
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro")
    assert day.rings_of(day.phone(LANDLINE)) == 0


def test_a_number_that_was_keyed_wrong_may_be_keyed_again(day: Day) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld")
    caller.presses("0401112234").hears("confirm_number").presses("2").hears("ask_number")
    caller.presses("0401112233").hears("confirm_number").goes_forward(until="booked")
    assert len(day.texts()) == 1


@pytest.mark.parametrize(
    ("keys", "why"),
    [
        ("0600123456", "number_not_allowed"),
        ("0700123456", "number_not_allowed"),
        ("112", "number_not_allowed"),
        ("118", "number_not_allowed"),
        ("116117", "number_not_allowed"),
        ("0401234", "number_not_valid"),
        ("04012345678901", "number_not_valid"),
        ("0000000000", "number_not_valid"),
    ],
)
def test_a_number_that_we_cannot_ring_is_refused_with_its_reason(day: Day, keys: str, why: str) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld")
    caller.presses(keys).hears(why, "ask_number")
    caller.presses("0401112233").hears("confirm_number").goes_forward(until="booked")


def test_a_caller_whose_numbers_are_all_refused_is_kept_without_one(day: Day) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld")
    for _ in range(4):
        caller.presses("112").hears("number_not_allowed", "number_again", "ask_number")
    caller.presses("1").hears("number_not_valid", "request_saved_no_number")
    assert caller.keys.count("number_again") == 4
    assert "request_saved_no_number" in caller.keys
    assert day.ticket().topic == "PUHELIN"


def test_the_second_matter_is_not_asked_for_the_number_again(day: Day) -> None:
    day.helper()
    caller = day.dials(withheld=True).goes_forward(until="ask_number_withheld").presses("0401112233")
    caller.goes_forward(until="another_matter").presses("2").goes_forward()
    assert caller.keys.count("confirm_number") == 1
    assert len(day.callbacks()) == 2
