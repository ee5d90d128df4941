"""The calendar of the line, day by day."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

import pytest

from scheduler.slots import (
    HELSINKI,
    Grid,
    Span,
    days_within,
    grid_ceil,
    instant_of,
    is_working_day,
    may_offer,
    next_within_hours,
    next_working_day,
    span_on,
    starts_of,
    windows,
    within_hours,
)

GRID = Grid()


def helsinki(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=HELSINKI)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_weekly_nine_oclock_stays_nine_oclock_over_the_change_of_the_clock(change) -> None:
    mondays = [change + timedelta(days=1 + 7 * week) for week in range(-3, 4)]
    shifts = [span_on(day, time(9), time(12)) for day in mondays]
    shown = [(shift.begins.astimezone(HELSINKI), shift.ends.astimezone(HELSINKI)) for shift in shifts]
    assert [begins.date() for begins, _ in shown] == mondays
    assert {(begins.time(), ends.time()) for begins, ends in shown} == {(time(9), time(12))}
    assert {shift.ends - shift.begins for shift in shifts} == {timedelta(hours=3)}
    weeks = [later.begins - shift.begins - timedelta(days=7) for shift, later in pairwise(shifts)]
    assert max(weeks, key=abs) == timedelta(hours=-1 if change.month == 3 else 1)


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_the_night_of_the_change_has_every_hour_once(change) -> None:
    night = span_on(change, time(0), time(8))
    starts = starts_of(night, 0, GRID.call)
    assert len(starts) == len(set(starts)) == (7 if change.month == 3 else 9)
    assert starts[0] == night.begins
    assert starts[-1] + GRID.call == night.ends


@pytest.mark.parametrize(
    "closed",
    [date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 25), date(2027, 1, 6), date(2026, 5, 14), date(2026, 5, 1)],
    ids=["juhannusaatto", "jouluaatto", "joulupäivä", "loppiainen", "helatorstai", "vappu"],
)
def test_the_line_promises_nothing_on_a_holiday_or_its_eve(closed) -> None:
    assert not is_working_day(closed)
    noon = instant_of(closed, time(12))
    assert not may_offer(noon, noon - timedelta(days=2), GRID)


def test_the_working_day_after_the_eve_of_christmas_is_the_monday_after() -> None:
    assert next_working_day(date(2026, 12, 23)) == date(2026, 12, 28)


def test_a_day_that_the_coordinator_closes_is_no_working_day() -> None:
    monday = date(2026, 11, 30)
    assert next_working_day(date(2026, 11, 27), {monday}) == date(2026, 12, 1)
    assert not may_offer(instant_of(monday, time(12)), helsinki(26, 12), GRID, {monday})


def test_a_rota_that_works_on_a_saturday_is_offered_on_it() -> None:
    assert may_offer(helsinki(28, 12).astimezone(UTC), helsinki(26, 12), GRID)


def test_nothing_is_offered_before_notice_or_between_two_starts() -> None:
    now = helsinki(24, 9, 10)
    assert not may_offer(helsinki(24, 9, 30), now, GRID)
    assert may_offer(helsinki(24, 9, 45), now, GRID)
    assert may_offer(helsinki(24, 9, 45), helsinki(24, 9, 15), GRID), "just in time"
    assert not may_offer(helsinki(24, 9, 50), now, GRID)


def test_nothing_is_offered_past_the_tenth_working_day() -> None:
    now = helsinki(24, 8)
    assert may_offer(helsinki(7, 12, month=12), now, GRID)
    assert not may_offer(helsinki(8, 12, month=12), now, GRID)


def test_the_first_look_is_at_today_the_next_at_three_days_and_the_last_at_the_rest() -> None:
    first, second, third = windows(helsinki(24, 8), GRID)
    assert first == Span(helsinki(24, 8, 30).astimezone(UTC), helsinki(25, 0).astimezone(UTC))
    assert second.ends == helsinki(28, 0), "Wednesday, Thursday and Friday"
    assert third.ends == helsinki(8, 0, month=12), "the tenth working day is a Monday"


@pytest.mark.parametrize(("hour", "minute"), [(20, 0), (15, 0), (14, 30)])
def test_a_call_too_late_for_today_looks_at_tomorrow_at_once(hour, minute) -> None:
    first = windows(helsinki(24, hour, minute), GRID)[0]
    assert first.ends == helsinki(26, 0)


def test_a_call_just_in_time_for_today_looks_at_today_first() -> None:
    assert windows(helsinki(24, 14, 29), GRID)[0].ends == helsinki(25, 0)


def test_the_next_offer_begins_after_the_time_just_refused() -> None:
    refused = helsinki(25, 10)
    assert windows(helsinki(24, 8), GRID, after=refused)[0].begins == helsinki(25, 10, 15)


def test_after_the_last_day_there_is_nowhere_left_to_look() -> None:
    assert windows(helsinki(24, 8), GRID, after=helsinki(20, 8, month=12)) == ()


def test_a_three_hour_place_holds_three_callbacks_or_two_when_its_phase_is_off() -> None:
    place = Span(helsinki(24, 9), helsinki(24, 12))
    assert starts_of(place, 0, GRID.call) == (helsinki(24, 9), helsinki(24, 10), helsinki(24, 11))
    assert starts_of(place, 30, GRID.call) == (helsinki(24, 9, 30), helsinki(24, 10, 30))


def test_the_grid_is_the_quarters_of_the_hour() -> None:
    assert grid_ceil(helsinki(24, 9), GRID) == helsinki(24, 9)
    assert grid_ceil(helsinki(24, 9, 1), GRID) == helsinki(24, 9, 15)


def test_nobody_is_rung_before_nine_after_three_or_at_a_weekend() -> None:
    assert within_hours(helsinki(24, 9), GRID)
    assert within_hours(helsinki(24, 14, 59), GRID)
    assert not within_hours(helsinki(24, 15), GRID)
    assert not within_hours(helsinki(24, 8, 59), GRID)
    assert not within_hours(helsinki(28, 12), GRID)


def test_a_retry_out_of_hours_waits_for_the_opening() -> None:
    assert next_within_hours(helsinki(24, 7), GRID) == helsinki(24, 9)
    assert next_within_hours(helsinki(27, 16), GRID) == helsinki(30, 9)


def test_a_day_is_closed_when_its_hours_are_covered_by_one_closure_or_by_several() -> None:
    morning, afternoon = Span(helsinki(24, 8), helsinki(24, 12)), Span(helsinki(24, 11), helsinki(24, 15))
    assert days_within([morning], GRID) == frozenset()
    assert days_within([afternoon, morning], GRID) == {date(2026, 11, 24)}
    assert days_within([Span(helsinki(24, 9), helsinki(26, 9))], GRID) == {date(2026, 11, 24), date(2026, 11, 25)}
