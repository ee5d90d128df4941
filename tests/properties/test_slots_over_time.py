"""The grid and the hours at any moment of any year, with both changes of the clock."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.slots import (
    HELSINKI,
    Grid,
    Span,
    grid_ceil,
    instant_of,
    is_holiday,
    is_working_day,
    may_offer,
    next_within_hours,
    phase_of,
    span_on,
    starts_of,
    windows,
    within_hours,
)

GRID = Grid()
SPRING, AUTUMN = date(2026, 3, 29), date(2026, 10, 25)

FIRST = datetime(2025, 1, 1, tzinfo=UTC)
moments = st.integers(0, 5 * 365 * 24 * 60 * 60).map(lambda seconds: FIRST + timedelta(seconds=seconds))
CHANGES = (datetime(2026, 3, 29, 1, tzinfo=UTC), datetime(2026, 10, 25, 1, tzinfo=UTC))
changes = st.builds(
    lambda change, minutes: change + timedelta(minutes=minutes), st.sampled_from(CHANGES), st.integers(-180, 60)
)
days = st.dates(date(2025, 1, 1), date(2029, 12, 31)) | st.sampled_from([SPRING, AUTUMN])
walls = st.times().map(lambda wall: wall.replace(second=0, microsecond=0))
phases = st.sampled_from([0, 15, 30, 45])


@given(moments, st.integers(0, 60 * 40), phases)
def test_starts_fill_a_place_without_overlap_and_lie_within_it(begins, minutes, phase) -> None:
    place = Span(begins, begins + timedelta(minutes=minutes))
    starts = starts_of(place, phase, GRID.call)
    for start in starts:
        assert phase_of(start, GRID.call) == phase
        assert place.begins <= start
        assert start + GRID.call <= place.ends
    assert all(later - start == GRID.call for start, later in pairwise(starts))
    lost = place.ends - place.begins - len(starts) * GRID.call
    assert lost < 2 * GRID.call, "a whole start was left out"


@given(moments | changes, st.integers(0, 60 * 40), phases)
def test_it_makes_no_difference_in_whose_clock_a_moment_is_given(at, minutes, phase) -> None:
    there = at.astimezone(HELSINKI)
    ends = at + timedelta(minutes=minutes)
    assert starts_of(Span(there, ends.astimezone(HELSINKI)), phase, GRID.call) == starts_of(
        Span(at, ends), phase, GRID.call
    )
    assert grid_ceil(there, GRID) == grid_ceil(at, GRID)
    assert windows(there, GRID, after=there) == windows(at, GRID, after=at)
    assert may_offer(grid_ceil(ends, GRID), there, GRID) == may_offer(grid_ceil(ends, GRID), at, GRID)


@given(moments, st.integers(60, 600), st.integers(0, 300), phases)
def test_shortening_a_shift_moves_none_of_the_starts_that_stay(begins, minutes, cut, phase) -> None:
    before = starts_of(Span(begins, begins + timedelta(minutes=minutes)), phase, GRID.call)
    shorter = Span(begins + timedelta(minutes=cut), begins + timedelta(minutes=max(cut, minutes - cut)))
    assert set(starts_of(shorter, phase, GRID.call)) <= set(before)


@given(days, walls)
@example(SPRING, time(3, 30))
@example(AUTUMN, time(3, 30))
def test_a_time_on_the_wall_is_that_time_unless_spring_skips_it(day, wall) -> None:
    shown = instant_of(day, wall).astimezone(HELSINKI)
    skipped = day.month == 3 and day.day > 24 and day.weekday() == 6 and wall.hour == 3
    assert shown.time() == (time(4) if skipped else wall)
    assert shown.date() == day


@given(days, st.lists(walls, min_size=3, max_size=6, unique=True).map(sorted))
@example(SPRING, [time(2), time(3, 30), time(4), time(5)])
@example(AUTUMN, [time(2), time(3, 30), time(4), time(5)])
def test_shifts_that_meet_on_the_wall_meet_in_time_with_no_gap_and_no_double(day, edges) -> None:
    spans = [span_on(day, begins, ends) for begins, ends in pairwise(edges)]
    assert all(span.begins <= span.ends for span in spans)
    assert all(span.ends == later.begins for span, later in pairwise(spans))


@given(moments, st.none() | st.integers(0, 20).map(lambda count: timedelta(days=count, minutes=count)))
def test_windows_follow_one_another_and_hold_ten_working_days(now, later) -> None:
    after = None if later is None else now + later
    looked = windows(now, GRID, after=after)
    assert len(looked) <= 3
    assert all(window.begins < window.ends for window in looked)
    assert all(window.ends == following.begins for window, following in pairwise(looked))
    if after is None:
        assert looked[0].begins == grid_ceil(now + GRID.notice, GRID)
        assert len(open_days(looked)) in (10, 11), "ten, and this evening when the day's hours are over"
    elif looked:
        assert looked[0].begins > after


@given(moments, st.integers(0, 14 * 24 * 4))
def test_what_may_be_offered_lies_in_a_window(now, steps) -> None:
    start = grid_ceil(now, GRID) + steps * GRID.step
    inside = any(window.begins <= start < window.ends for window in windows(now, GRID))
    if may_offer(start, now, GRID):
        assert inside
    elif inside:
        assert is_holiday(start.astimezone(HELSINKI).date())


@given(moments)
def test_a_retry_waits_for_the_next_moment_within_hours(at) -> None:
    then = next_within_hours(at, GRID)
    assert then >= at
    assert within_hours(then, GRID)
    assert then == at or not within_hours(at, GRID)
    assert then == at or not any(within_hours(at + (then - at) * part / 50, GRID) for part in range(50))


def open_days(looked: tuple[Span, ...]) -> set[date]:
    minutes = timedelta(minutes=30)
    first, last = looked[0].begins, looked[-1].ends
    moments = [first + number * minutes for number in range((last - first) // minutes)]
    return {day for day in (at.astimezone(HELSINKI).date() for at in moments) if is_working_day(day)}
