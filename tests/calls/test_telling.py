"""What is told by phone: to a number that takes no texts, and where a text did not arrive."""

import pytest

from ivr.exchange import Phone, TextFate
from scheduler.rota.closures import NewClosure, close
from scheduler.slots import Span
from tests.calls.days import LANDLINE, MOBILE, Day


def one_is_missed(day: Day, number: str = LANDLINE) -> Phone:
    """The only helper declines, so that the caller's promise cannot be kept; nobody is at the caller's phone."""
    helper = day.helper()
    promise = day.promise(number)
    day.phone(number).does_not_answer()
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("3").hears("helper_not_now")
    day.passes(minutes=1)
    return day.phone(number)


def test_who_does_not_pick_up_is_rung_three_times_half_an_hour_apart(day: Day) -> None:
    phone = one_is_missed(day)
    assert day.rings_of(phone) == 1
    day.passes(minutes=29)
    assert day.rings_of(phone) == 1
    day.passes(minutes=5)
    assert day.rings_of(phone) == 2
    assert "not_told" not in day.events()
    day.passes(minutes=35)
    assert day.rings_of(phone) == 3
    day.passes(hours=48)
    assert day.rings_of(phone) == 3
    assert day.events().count("not_told") == 1
    assert day.ticket().status == "with_coordinator"


def test_who_picks_up_the_second_time_is_told_and_rung_no_more(day: Day) -> None:
    phone = one_is_missed(day)
    phone.is_manual()
    told = day.rings(LANDLINE, within=2400).hears("tell_sorry", "callback_goodbye")
    assert told.call.over
    day.passes(hours=30)
    assert day.rings_of(phone) == 2
    assert "not_told" not in day.events()


@pytest.mark.parametrize("habit", ["is_busy", "fails"])
def test_a_busy_or_broken_phone_is_tried_again_too(day: Day, habit: str) -> None:
    phone = one_is_missed(day)
    getattr(phone, habit)()
    day.passes(hours=2)
    assert day.rings_of(phone) == 3
    assert day.events().count("not_told") == 1


def test_nobody_is_rung_to_be_told_something_in_the_evening(day: Day) -> None:
    helper = day.helper("14:30", "15:30")
    promise = day.promise(LANDLINE)
    phone = day.phone(LANDLINE)
    phone.does_not_answer()
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("3").hears("helper_not_now")
    day.until(day.at("08:59", days=1))
    assert day.rings_of(phone) == 1
    phone.is_manual()
    day.rings(LANDLINE).hears("tell_sorry")


def test_a_new_time_is_not_told_after_it_was_cancelled(day: Day) -> None:
    day.helper()
    day.dials(LANDLINE).goes_forward(until="record_choice").hangs_up()
    phone = day.phone(LANDLINE)
    phone.does_not_answer()
    day.passes(minutes=3)
    assert day.rings_of(phone) == 1
    day.dials(LANDLINE).hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("2").hears()
    day.passes(hours=2)
    assert day.rings_of(phone) == 1


def test_a_text_about_a_time_that_does_not_arrive_is_told_by_phone(day: Day) -> None:
    day.helper()
    day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    caller = day.dials().goes_forward()
    told = day.rings(MOBILE, within=600).hears("tell_time", "callback_goodbye")
    assert caller.words_of("booked_again")[-20:] in told.words_of("tell_time")
    day.passes(hours=1)
    assert day.rings_of(day.phone(MOBILE)) == 1


@pytest.mark.parametrize("fate", [TextFate.UNDELIVERED, TextFate.REFUSED])
def test_a_text_about_a_missed_time_that_does_not_arrive_is_told_by_phone(day: Day, fate: TextFate) -> None:
    helper = day.helper()
    promise = day.promise()
    day.phone(MOBILE).text_fate = fate
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("3").hears("helper_not_now")
    day.rings(MOBILE, within=600).hears("tell_sorry")


def test_a_reminder_that_does_not_arrive_rings_nobody(day: Day) -> None:
    day.helper("10:30", "11:30", days=1)
    day.promise()
    day.passes(minutes=1)
    day.phone(MOBILE).text_fate = TextFate.UNDELIVERED
    day.until(day.at("10:00", days=1))
    assert day.told() == ["booked", "reminder"]
    assert day.rings_of(day.phone(MOBILE)) == 0


def test_a_phone_that_was_busy_at_first_is_rung_again_soon_and_then_half_an_hour_later(day: Day) -> None:
    helper = day.helper()
    promise = day.promise(LANDLINE)
    phone = day.phone(LANDLINE)
    phone.is_busy()
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options").presses("3").hears("helper_not_now")
    day.passes(minutes=7)
    assert day.rings_of(phone) == 2
    day.passes(minutes=25)
    assert day.rings_of(phone) == 2
    day.passes(minutes=10)
    assert day.rings_of(phone) == 3


@pytest.mark.parametrize("later", [False, True])
def test_a_lost_time_is_told_as_one_to_come_only_until_it_is_over(day: Day, *, later: bool) -> None:
    day.helper("10:00", "11:00")
    if later:
        day.helper("13:00", "14:00")
    promise = day.promise(LANDLINE)
    phone = day.phone(LANDLINE)
    phone.does_not_answer()
    new = NewClosure(Span(day.at("09:45"), day.at("11:00")), "sairastapaus")
    with day.sessions.begin() as session:
        close(session, day.network, new, now=day.now, grid=day.grid, actor="coordinator:anna")
    day.until(promise.starts_at)
    assert day.rings_of(phone) == 2
    phone.is_manual()
    told = day.rings(LANDLINE, within=2400).hears("tell_time" if later else "tell_sorry", "callback_goodbye")
    told.does_not_hear("change_none", "change_offer")
