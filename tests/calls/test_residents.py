"""Keeping the promise: the resident's side of it."""

from ivr.exchange import Waiting
from tests.calls.days import MOBILE, Day
from tests.calls.meetings import taken


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
    resident.presses("2").hears("callback_later", "callback_goodbye")
    rung.hears("helper_resident_later", "helper_thanks").does_not_hear("helper_outcome")
    old, new = day.callbacks()
    assert (old.state, new.state, new.tries) == ("moved", "promised", 0)
    assert new.starts_at >= old.starts_at.replace(hour=old.starts_at.hour + 2)
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
    resident.presses("2").hears("callback_later_open", "callback_goodbye")
    rung.hears("helper_resident_later")
    assert (day.callback().state, day.ticket().status) == ("missed", "with_coordinator")


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
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.presses("1")
    assert resident.call.until_asked() is Waiting.TALK
    rung.call.until_asked()
    resident.call.speak("Päivää, tulostin ei toimi.", seconds=3)
    day.passes(seconds=4)
    assert "tulostin ei toimi" in str(rung.call.heard[-1])
