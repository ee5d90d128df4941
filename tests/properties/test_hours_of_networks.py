"""Whatever hours a network keeps: what it offers lies in good time on an open day, and whoever is rung is rung within them."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise

from hypothesis import example, given
from hypothesis import strategies as st

from scheduler.grids import grid_with
from scheduler.slots import (
    DAY,
    HELSINKI,
    MINUTE,
    Grid,
    grid_ceil,
    instant_of,
    is_working_day,
    may_offer,
    next_within_hours,
    on_open_day,
    windows,
    within_hours,
)
from tickets.network_hours import LONGEST_NOTICE, MOST_DAYS, SHORTEST_NOTICE, NetworkHours, why_not_kept

QUARTERS = [time(number // 4, number % 4 * 15) for number in range(96)]
SINCE = datetime(2026, 1, 1, tzinfo=UTC)
moments = st.integers(0, 2 * 365 * 24 * 60).map(lambda minutes: SINCE + timedelta(minutes=minutes))
hours = st.builds(
    NetworkHours,
    st.sampled_from(QUARTERS),
    st.sampled_from(QUARTERS),
    st.integers(SHORTEST_NOTICE, LONGEST_NOTICE),
    st.integers(1, MOST_DAYS),
).filter(lambda kept: why_not_kept(kept) is None)
grids = hours.map(grid_with)
closed = st.frozensets(st.dates(date(2026, 1, 1), date(2028, 2, 1)), max_size=4)
SPRING, AUTUMN = datetime(2026, 3, 29, 0, 30, tzinfo=UTC), datetime(2026, 10, 24, 23, 30, tzinfo=UTC)
NIGHTLY = Grid(opens=time(0), closes=time(23, 45), notice=timedelta(minutes=15), working_days=30)


@given(moments, grids, closed, st.integers(0, 45 * 24 * 4))
@example(SPRING, NIGHTLY, frozenset(), 4)
@example(AUTUMN, NIGHTLY, frozenset(), 4)
def test_what_may_be_offered_is_on_the_grid_in_good_time_on_an_open_day_of_the_window(
    now: datetime, grid: Grid, shut: frozenset[date], steps: int
) -> None:
    start = grid_ceil(now, grid) + steps * grid.step
    in_a_window = any(window.begins <= start < window.ends for window in windows(now, grid, shut))
    assert may_offer(start, now, grid, shut) == (on_open_day(start, grid, shut) and in_a_window)
    if in_a_window:
        assert start >= now + grid.notice


@given(moments, grids, closed)
@example(datetime(2026, 11, 23, 18, 0, tzinfo=UTC), Grid(notice=timedelta(hours=24)), frozenset())
def test_the_windows_reach_as_many_working_days_as_the_network_says(
    now: datetime, grid: Grid, shut: frozenset[date]
) -> None:
    looked = windows(now, grid, shut)
    noticed, last = looked[0].begins, (looked[-1].ends - MINUTE).astimezone(HELSINKI).date()
    first = noticed.astimezone(HELSINKI).date()
    days = [first + number * DAY for number in range((last - first).days + 1)]
    left = [day for day in days if is_working_day(day, shut) and instant_of(day, grid.closes) > now + grid.notice]
    assert len(left) == grid.working_days


@given(moments, grids, closed)
@example(SPRING, NIGHTLY, frozenset())
@example(AUTUMN, NIGHTLY, frozenset())
def test_windows_begin_with_the_notice_and_follow_one_another(now: datetime, grid: Grid, shut: frozenset[date]) -> None:
    looked = windows(now, grid, shut)
    assert all(window.begins < window.ends for window in looked)
    assert all(window.ends == later.begins for window, later in pairwise(looked))
    assert looked[0].begins == grid_ceil(now + grid.notice, grid)


@given(moments, grids, closed)
@example(SPRING, NIGHTLY, frozenset())
@example(AUTUMN, NIGHTLY, frozenset())
def test_whoever_is_rung_is_rung_within_the_hours_and_as_soon_as_they_begin(
    at: datetime, grid: Grid, shut: frozenset[date]
) -> None:
    then = next_within_hours(at, grid, shut)
    assert then >= at
    assert within_hours(then, grid, shut)
    wall = then.astimezone(HELSINKI)
    assert then == at or then == instant_of(wall.date(), grid.opens)


@given(st.times().map(lambda wall: wall.replace(second=0, microsecond=0)), st.sampled_from(QUARTERS))
def test_hours_that_hold_no_call_or_lie_off_the_quarter_are_never_kept(opens: time, closes: time) -> None:
    kept = why_not_kept(NetworkHours(opens, closes)) is None
    minutes = (closes.hour - opens.hour) * 60 + closes.minute - opens.minute
    assert kept == (opens.minute % 15 == 0 and minutes >= 60)
