"""How it went: the helper says it by key, or hangs up, or books anew."""

import pytest

from tests.calls.days import LANDLINE, MOBILE, Day
from tests.calls.meetings import after_talk, taken


@pytest.mark.parametrize(
    ("keys", "outcome"),
    [
        ("1", "RATKAISTU"),
        ("31", "OHJATTU_LAHI"),
        ("32", "OHJATTU_VIRANOMAINEN"),
        ("33", "OHJATTU_PALVELUNTARJOAJA"),
        ("34", "OHJATTU_HUOLTO"),
        ("41", "EI_VOIDA_TEHDA_PUOLESTA"),
        ("42", "HUIJAUSEPAILY"),
        ("43", "SIIRRETTY"),
        ("44", "EI_DIGITUKEA"),
    ],
)
def test_the_helper_says_by_key_how_it_went(day: Day, keys: str, outcome: str) -> None:
    day.helper()
    day.promise()
    rung = after_talk(day)
    for key in keys:
        rung.presses(key).hears()
    assert rung.keys[-2:] == ["helper_outcome_saved", "helper_thanks"]
    assert (day.ticket().status, day.ticket().outcome) == ("closed", outcome)
    assert day.callback().state == "kept"


def test_a_helper_books_again_and_the_resident_is_texted(day: Day) -> None:
    helper = day.helper()
    day.promise()
    rung = after_talk(day).presses("2").hears("helper_rebook").presses("2").hears("helper_rebook")
    rung.presses("1").hears("helper_rebooked", "helper_outcome_saved", "helper_thanks")
    day.passes(seconds=10)
    assert day.ticket().status == "promised"
    assert [one.state for one in day.callbacks()] == ["kept", "promised"]
    assert day.templates() == ["booked", "booked"]
    day.until(day.callback().starts_at)
    day.rings(helper.number)


def test_a_helper_books_again_and_a_resident_on_a_landline_is_rung_and_told(day: Day) -> None:
    day.helper()
    day.promise(LANDLINE)
    after_talk(day, LANDLINE).presses("2").hears("helper_rebook").presses("1").hears("helper_rebooked")
    told = day.rings(LANDLINE).hears("tell_time", "callback_goodbye")
    assert told.keys == ["tell_time", "tell_time", "callback_goodbye"]
    assert not day.templates()


def test_a_helper_who_finds_no_time_leaves_it_to_the_coordinator(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    after_talk(day).presses("2").hears("helper_no_slot", "helper_outcome_saved")
    assert day.ticket().status == "with_coordinator"


def test_a_helper_who_wants_no_time_offered_leaves_it_to_the_coordinator(day: Day) -> None:
    day.helper("10:30", "13:30")
    day.promise()
    rung = after_talk(day).presses("2").hears("helper_rebook")
    while "helper_no_more_slots" not in rung.keys:
        rung.presses("2").hears()
    rung.presses("2").hears("helper_outcome_saved")
    assert day.ticket().status == "with_coordinator"


def test_a_helper_who_hangs_up_without_an_outcome_leaves_the_ticket_waiting_for_it(day: Day) -> None:
    day.helper()
    day.promise()
    after_talk(day).hangs_up()
    day.passes(minutes=30)
    assert (day.ticket().status, day.ticket().outcome) == ("awaiting_outcome", None)
    assert day.callback().state == "kept"
    assert day.results() == ["VASTASI"]


def test_a_helper_who_hangs_up_first_leaves_the_ticket_waiting_too(day: Day) -> None:
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("1")
    resident.call.until_asked()
    day.passes(minutes=20)
    rung.hangs_up()
    day.passes(minutes=1)
    assert resident.call.over
    assert day.ticket().status == "awaiting_outcome"
    assert day.callback().state == "kept"


def test_a_helper_who_falls_silent_about_the_outcome_may_tell_it_later(day: Day) -> None:
    day.helper()
    day.promise()
    after_talk(day).hears("more_time").hears("last_try").hears("helper_outcome_later", "helper_thanks")
    assert day.ticket().status == "awaiting_outcome"


def test_a_helper_who_hangs_up_while_the_residents_phone_rings_is_a_broken_try(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears().presses("1")
    day.phone(MOBILE).until_rung()
    rung.hangs_up()
    day.passes(minutes=1)
    assert day.results() == ["KATKESI"]
    assert day.callback().state == "promised"
    day.rings(helper.number, within=900)


def test_a_resident_who_pressed_one_and_was_left_alone_is_rung_again(day: Day) -> None:
    helper = day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("1")
    day.passes(seconds=0.5)
    rung.hangs_up()
    assert resident.call.over
    assert day.results() == ["KATKESI"]
    assert day.callback().state == "promised"
    day.rings(helper.number, within=900).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    assert day.callback().state == "kept"


def test_a_helper_who_books_again_and_hangs_up_before_choosing_leaves_it_to_the_coordinator(day: Day) -> None:
    day.helper()
    day.promise()
    after_talk(day).presses("2").hears("helper_rebook").hangs_up()
    day.passes(minutes=5)
    assert day.ticket().status == "with_coordinator"
