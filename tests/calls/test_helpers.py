"""Keeping the promise: the helper's side of it."""

import pytest

from ivr.exchange import Phone
from scheduler.attempts import begin_attempt, note_ringing
from scheduler.promises import cancel
from scheduler.slots import Grid
from tests.calls.days import FI, LANDLINE, LINE, MOBILE, SV, Day
from tests.calls.meetings import chosen_phone, taken
from tests.calls.phones import Play


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


def test_four_voicemails_in_a_row_break_no_promise(day: Day) -> None:
    for _ in range(4):
        day.helper().has_voicemail(after=20)
    last = day.helper("09:30", "14:30", *Day.BOTH)  # who speaks Swedish too is asked last about a call in Finnish
    promise = day.promise()
    day.until(promise.starts_at)
    day.rings(last.number, within=600).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro")
    assert day.results() == ["AUTTAJA_EI_VASTANNUT"] * 4 + [None]
    # The fifth helper still has time to hear the message first.
    assert (day.callback().caller_rung_at - promise.starts_at).total_seconds() < 450


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
        cancel(session, promise.id, now=day.now, grid=Grid())
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
