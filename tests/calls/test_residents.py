"""Keeping the promise: the resident's side of it."""

import re

import pytest

from scheduler.promises import book
from tests.calls.days import LANDLINE, MOBILE, Day
from tests.calls.meetings import in_talk, taken
from tests.calls.phones import Play


def test_a_residents_voicemail_never_takes_a_call(day: Day) -> None:
    helper = day.helper()
    day.promise()
    day.phone(MOBILE).has_voicemail(after=5)
    day.until(day.callback().starts_at)
    rung = day.rings(helper.number).hears("helper_options").presses("1").hears("helper_no_answer", "helper_thanks")
    rung.does_not_hear("helper_outcome")
    assert day.results() == ["VASTAAJA"]
    assert (day.callback().state, day.callback().tries) == ("promised", 1)


def test_a_resident_who_asks_for_another_time_gets_one_under_the_same_code(day: Day) -> None:
    day.helper()
    booked = day.dials().goes_forward()
    rung, resident = taken(day)
    resident.presses("2").hears("offer_slot").presses("1")
    resident.hears("moved", "booked_again", "text_follows", "callback_goodbye")
    rung.hears("helper_resident_later", "helper_thanks").does_not_hear("helper_outcome")
    old, new = day.callbacks()
    assert (old.state, new.state, new.tries) == ("moved", "promised", 0)
    assert (old.starts_at, new.starts_at) == (day.at("10:30"), day.at("13:30"))
    assert resident.words_of("offer_slot").startswith("Voimme soittaa tänään tiistaina")
    assert "kello kaksitoista kolmekymmentä" not in resident.words_of("offer_slot")
    assert day.results() == ["PYYSI_SIIRTOA"]
    day.passes(seconds=10)
    assert day.templates()[-1] == "moved"
    code = booked.words_of("booked_again").split("Tunnuslukunne on ")[1]
    day.until(new.starts_at)
    again, resident = taken(day)
    assert f"Tunnuslukunne on {code}" in resident.words_of("callback_intro")
    assert again.call.sid != rung.call.sid


def test_a_resident_who_asks_for_another_time_when_there_is_none_is_not_lost(day: Day) -> None:
    day.helper("10:30", "11:30")
    day.promise()
    rung, resident = taken(day)
    resident.presses("2").hears("no_other_slot", "callback_later_open", "callback_goodbye")
    rung.hears("helper_resident_later")
    day.passes(seconds=10)
    assert (day.callback().state, day.ticket().status) == ("missed", "with_coordinator")
    assert day.templates() == ["booked", "saved"]


def test_a_resident_who_asks_for_another_time_and_wants_none_of_them_is_left_to_the_coordinator(day: Day) -> None:
    day.helper("10:30", "14:30")
    day.promise()
    rung, resident = taken(day)
    resident.presses("2").hears("offer_slot").presses("2").hears("no_more_slots").presses("1").hears("offer_slot")
    resident.presses("3").hears("no_more_slots").presses("2").hears("callback_later_open", "callback_goodbye")
    rung.hears("helper_resident_later")
    day.passes(minutes=10)
    assert (len(day.callbacks()), day.callback().state) == (1, "missed")
    assert (day.ticket().status, day.results()) == ("with_coordinator", ["PYYSI_SIIRTOA"])
    assert day.templates() == ["booked", "saved"]


@pytest.mark.parametrize("silent", [True, False])
@pytest.mark.parametrize("number", [MOBILE, LANDLINE])
def test_a_resident_who_asks_for_another_time_and_takes_none_is_given_one_and_told(
    day: Day, number: str, silent: bool
) -> None:
    day.helper()
    booked = day.dials(number).goes_forward()
    rung, resident = taken(day, number)
    resident.presses("2").hears("offer_slot")
    if silent:
        resident.hears("more_time", "offer_slot").hears("last_try").hears("callback_later_open", "callback_goodbye")
    else:
        resident.hangs_up()
    rung.hears("helper_resident_later", "helper_thanks")
    day.passes(seconds=10)
    old, new = day.callbacks()
    assert (old.state, new.state, new.tries) == ("moved", "promised", 0)
    assert (new.starts_at, day.results()) == (day.at("13:30"), ["PYYSI_SIIRTOA"])
    assert day.templates() == (["booked", "moved"] if number == MOBILE else [])
    if number == LANDLINE:
        told = day.rings(LANDLINE).hears("tell_time", "callback_goodbye")
        assert "kello kolmetoista kolmekymmentä" in told.words_of("tell_time")
        assert booked.words_of("booked_again")[-10:] in told.words_of("tell_time")


def test_a_helper_who_hangs_up_while_the_resident_chooses_costs_the_resident_nothing(day: Day) -> None:
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("2").hears("offer_slot")
    rung.hangs_up()
    day.passes(seconds=10)
    assert resident.call.over
    assert [one.state for one in day.callbacks()] == ["moved", "promised"]
    assert (day.callback().tries, day.results()) == (0, ["PYYSI_SIIRTOA"])
    assert day.templates() == ["booked", "moved"]


def test_a_resident_whose_new_time_is_lost_hears_what_is_left(day: Day) -> None:
    day.helper("10:30", "14:30")
    day.promise()
    _, resident = taken(day)
    resident.presses("2").hears("offer_slot")
    other = day.request()
    with day.sessions.begin() as session:
        assert book(session, other, None, day.at("13:30"), now=day.now, grid=day.grid)
    resident.presses("1").hears("slot_taken").hears("no_other_slot", "callback_later_open")
    resident.does_not_hear("moved")
    day.passes(seconds=10)
    assert [ticket.status for ticket in day.tickets()] == ["with_coordinator", "promised"]
    # Before the two are joined the operator knows no other verbs.
    assert verbs_of(day, resident) == {"Response", "Gather", "Say", "Hangup"}


def verbs_of(day: Day, play: Play) -> set[str]:
    """What the operator was told to do in a call."""
    ours = [reply.body for request, reply in day.replies if request.form.get("CallSid") == play.call.sid]
    return {verb for body in ours for verb in re.findall(r"<([A-Z]\w+)", body.decode())}


def test_a_resident_who_does_not_answer_three_times_goes_to_the_coordinator(day: Day) -> None:
    helper = day.helper("09:30", "14:30")
    day.promise()
    day.phone(MOBILE).does_not_answer()
    first = day.at("10:30")
    day.until(first)
    day.rings(helper.number).hears().presses("1").hears("helper_no_answer", "helper_thanks")
    assert day.templates() == ["booked", "tried"]
    rung = day.rings(helper.number, within=900)
    assert 600 <= (day.now - first).total_seconds() < 800
    rung.hears("helper_options").presses("1").hears("helper_no_answer")
    assert day.templates() == ["booked", "tried", "tried_again_at"]
    third = day.callback()
    assert third.starts_at == day.at("13:30")
    assert third.tries == 2
    day.until(third.starts_at)
    day.rings(helper.number).hears().presses("1").hears("helper_last_try", "helper_thanks")
    day.passes(minutes=1)
    assert day.templates() == ["booked", "tried", "tried_again_at", "tried"]
    assert (day.ticket().status, day.ticket().outcome) == ("with_coordinator", None)
    assert day.ticket().deadline == day.at("15:00", days=1)
    assert day.results() == ["EI_VASTANNUT"] * 3
    day.passes(hours=30)
    assert day.ticket().closed_at is None


def test_a_helper_whose_second_try_was_the_last_one_hears_that_the_coordinator_takes_over(day: Day) -> None:
    helper = day.helper("10:30", "11:30")
    day.promise()
    day.phone(MOBILE).does_not_answer()
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears().presses("1").hears("helper_no_answer")
    rung = day.rings(helper.number, within=900).hears().presses("1").hears("helper_last_try", "helper_thanks")
    rung.does_not_hear("helper_no_answer")
    day.passes(seconds=10)
    assert day.ticket().status == "with_coordinator"
    assert day.templates() == ["booked", "tried", "tried"]


def test_the_helper_is_told_which_try_it_was(day: Day) -> None:
    helper = day.helper()
    day.promise()
    day.phone(MOBILE).is_busy()
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears().presses("1").hears("helper_no_answer")
    rung = day.rings(helper.number, within=900).hears().presses("1").hears("helper_no_answer")
    assert "numero kaksi" in rung.words_of("helper_no_answer")
    assert day.results() == ["VARATTU", "VARATTU"]


def test_a_resident_who_answers_and_hangs_up_is_rung_again(day: Day) -> None:
    helper = day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.hangs_up()
    rung.hears("helper_no_answer")
    day.phone(MOBILE)
    day.rings(helper.number, within=900).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    assert day.ticket().status == "awaiting_outcome"


def test_a_resident_may_press_nought_to_talk_and_nine_to_hear_it_again(day: Day) -> None:
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("9").hears("callback_intro").presses("0").talks()
    rung.hears("helper_outcome")
    assert day.callback().state == "kept"


def test_the_helper_is_told_never_to_ask_for_bank_codes(day: Day) -> None:
    day.helper()
    day.promise()
    rung, resident = taken(day)
    assert "Älkää koskaan kysykö pankkitunnuksia." in rung.words_of("helper_connecting")
    assert "Emme kysy pankkitunnuksia." in resident.words_of("callback_intro")


def test_helper_and_resident_hear_each_other(day: Day) -> None:
    rung, resident = in_talk(day)
    resident.call.speak("Päivää, tulostin ei toimi.", seconds=3)
    day.passes(seconds=4)
    assert "tulostin ei toimi" in str(rung.call.heard[-1])
