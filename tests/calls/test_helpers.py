"""Keeping the promise: the helper's side of it."""

import pytest

from ivr.exchange import Phone, Waiting
from scheduler.attempts import begin_attempt, note_ringing
from scheduler.promises import cancel
from tests.calls.days import FI, LANDLINE, LINE, MOBILE, SV, Day
from tests.calls.phones import Play


def taken(day: Day, number: str = MOBILE) -> tuple[Play, Play]:
    """The only helper has taken the callback, and the resident has picked up."""
    (helper,) = {phone.number for phone in day.exchange.phones.values() if phone.number.startswith("+35850")}
    rung = day.rings(helper, within=9000).hears("helper_options").presses("1")
    resident = day.rings(number).hears("callback_intro")
    return rung, resident


def after_talk(day: Day, number: str = MOBILE) -> Play:
    """The two have talked, and the helper is asked how it went."""
    rung, resident = taken(day, number)
    resident.presses("1").talks()
    return rung.hears("helper_outcome")


def test_the_helper_hears_what_it_is_about_before_taking_it(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_intro", "helper_language", "helper_options")
    assert "puhelin tai tabletti" in rung.words_of("helper_intro")
    assert "kello kymmenen kolmekymmentä" in rung.words_of("helper_intro")
    rung.presses("2").hears("helper_message", "helper_options").presses("1").hears("helper_connecting")


def test_a_helper_who_listens_again_and_again_still_decides(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_options")
    for _ in range(3):
        rung.presses("2").hears("helper_message", "helper_options")
    rung.presses("2").hears("retry", "helper_options").does_not_hear("helper_connecting")
    rung.presses("1").hears("helper_connecting")


def test_the_promise_is_kept_when_the_residents_phone_has_rung_in_time(day: Day) -> None:
    day.helper()
    promise = day.promise()
    taken(day)
    rung_at = day.callback().caller_rung_at
    assert rung_at is not None
    assert 0 <= (rung_at - promise.starts_at).total_seconds() < 600


def test_a_helper_who_declines_hears_that_another_is_asked_and_the_next_one_is_rung(day: Day) -> None:
    first, second = day.helper(), day.helper()
    day.promise()
    day.until(day.callback().starts_at)
    day.passes(seconds=2)
    chosen, other = (first, second) if day.rings_of(first) else (second, first)
    day.rings(chosen.number).hears("helper_options").presses("3").hears("helper_not_now", "helper_thanks")
    day.rings(other.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1")
    assert day.results() == ["AUTTAJA_KIELTAYTYI", None]
    assert day.callback().tries == 0
    assert (day.callback().caller_rung_at - day.callback().starts_at).total_seconds() < 600


@pytest.mark.parametrize("habit", ["does_not_answer", "is_busy", "fails", "has_voicemail"])
def test_a_helper_who_cannot_be_reached_is_passed_over(day: Day, habit: str) -> None:
    first, second = day.helper(), day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    day.clock.run_until(lambda: bool(day.attempts()), within=5)
    chosen = chosen_phone(day)
    getattr(chosen, habit)()
    other = second if chosen is first else first
    day.rings(other.number, within=300).hears("helper_options").presses("1")
    resident = day.rings(MOBILE).hears("callback_intro")
    assert day.results() == ["AUTTAJA_EI_VASTANNUT", None]
    assert (day.callback().caller_rung_at - promise.starts_at).total_seconds() < 600
    resident.presses("1").talks()
    assert day.ticket().status == "awaiting_outcome"


def chosen_phone(day: Day) -> Phone:
    """The phone of the helper who was chosen last."""
    (number,) = day.fetch("SELECT helper_id FROM attempt ORDER BY id DESC LIMIT 1")[0]
    return day.phone(f"+35850{number:07}")


def test_a_helper_who_pushes_the_call_away_is_passed_over(day: Day) -> None:
    day.helper(), day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    day.clock.run_until(lambda: bool(day.attempts()), within=5)
    chosen = chosen_phone(day)
    chosen.until_rung().decline()
    day.passes(seconds=10)
    assert chosen_phone(day) is not chosen


def test_a_helper_who_hangs_up_without_a_word_is_passed_over(day: Day) -> None:
    day.helper(), day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    day.clock.run_until(lambda: bool(day.attempts()), within=5)
    chosen = chosen_phone(day)
    day.rings(chosen.number).hears("helper_options").hangs_up()
    day.passes(seconds=10)
    assert day.results() == ["AUTTAJA_EI_VASTANNUT", None]


def test_when_no_helper_is_left_the_coordinator_has_it_and_the_resident_is_texted(day: Day) -> None:
    helper = day.helper()
    day.promise()
    day.until(day.callback().starts_at)
    day.rings(helper.number).hears().presses("3").hears("helper_not_now")
    day.passes(minutes=1)
    assert (day.callback().state, day.ticket().status) == ("missed", "with_coordinator")
    assert day.ticket().deadline == day.at("15:00", days=1)
    assert day.templates() == ["booked", "missed"]


def test_when_no_helper_is_left_a_resident_on_a_landline_is_rung_and_told(day: Day) -> None:
    helper = day.helper()
    promise = day.promise(LANDLINE)
    day.until(promise.starts_at)
    day.rings(helper.number).hears().presses("3").hears("helper_not_now")
    told = day.rings(LANDLINE).hears("tell_sorry", "callback_goodbye")
    assert told.keys == ["tell_sorry", "tell_sorry", "callback_goodbye"]
    assert told.call.shown_number == LINE
    assert day.ticket().status == "with_coordinator"


def test_helpers_are_rung_in_their_language_and_told_the_residents(day: Day) -> None:
    helper = day.helper("09:30", "14:30", SV, FI)
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_language")
    assert rung.languages == {"sv-SE"}
    assert "finska" in rung.words_of("helper_language")


# The resident.


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


# Two at once, and none any more.


def test_of_two_helpers_who_press_one_at_once_one_gets_it(day: Day) -> None:
    first, second = day.helper(), day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    day.clock.run_until(lambda: bool(day.attempts()), within=5)
    chosen = chosen_phone(day)
    other = second if chosen is first else first
    ring_another(day, other)
    one, two = day.rings(chosen.number), day.rings(other.number)
    one.hears("helper_options")
    two.hears("helper_options").presses("1")
    one.presses("1").hears("helper_taken", "helper_thanks")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    two.hears("helper_outcome").presses("1").hears("helper_outcome_saved")
    assert len(day.phone(MOBILE).calls) == 2  # the resident's own, and one callback
    assert sorted(str(result) for result in day.results()) == ["AUTTAJA_EI_VASTANNUT", "VASTASI"]
    assert day.ticket().outcome == "RATKAISTU"


def ring_another(day: Day, phone: Phone) -> None:
    """A second helper is rung about the same callback, as after a split between two workers."""
    helper = int(phone.number.removeprefix("+35850"))
    with day.sessions.begin() as session:
        callback = day.callback().id
        session.connection().exec_driver_sql(
            "UPDATE callback SET assigned_helper_id = %s WHERE id = %s", (helper, callback)
        )
        attempt = begin_attempt(session, callback, 1, helper, now=day.now)
    assert attempt is not None
    sid = day.worker.tools.telephony.ring(
        to=phone.number,
        shown=LINE,
        url=day.addresses.helper(attempt.id),
        status_url=day.addresses.status_of(attempt.id),
        seconds=30,
    )
    with day.sessions.begin() as session:
        note_ringing(session, attempt.id, sid)


def test_a_callback_that_is_cancelled_while_the_helpers_phone_rings_is_over(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    call = helper.until_rung()
    with day.sessions.begin() as session:
        cancel(session, promise.id, now=day.now)
    rung = Play(call.answer(), day).hears("helper_options").presses("1").hears("helper_over", "helper_thanks")
    assert rung.call.over
    day.passes(minutes=30)
    assert day.rings_of(day.phone(MOBILE)) == 0
    assert (day.ticket().status, day.ticket().outcome) == ("closed", "PERUTTU")


def test_a_callback_that_is_moved_shortly_before_rings_nobody_at_the_old_time(day: Day) -> None:
    helper = day.helper()
    day.promise()
    day.until(day.at("10:25"))
    day.dials().hears().presses("1").hears("existing").presses("2").hears("offer_slot").presses("1").hears("moved")
    day.until(day.at("11:00"))
    assert day.rings_of(helper) == 0


# How it went.


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
