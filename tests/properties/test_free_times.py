"""Free times by the day: none is lost, none is shown twice, and what is put first runs from the first to the last."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from scheduler.free_times import MOST_DAYS, SHOWN_OF_A_DAY, by_day, spread
from scheduler.slots import HELSINKI, Grid

FIRST = datetime(2026, 10, 20, 6, tzinfo=UTC)  # the clocks go back within these days
STARTS = st.sets(st.integers(0, 96 * 14), max_size=200).map(
    lambda steps: [FIRST + step * timedelta(minutes=15) for step in sorted(steps)]
)


@given(STARTS)
def test_the_days_shown_hold_all_their_times_once_and_only_those(starts: list[datetime]) -> None:
    free = by_day(starts, Grid())
    shown = [at for day in free.days for at in sorted((*day.shown, *day.others))]
    assert shown == starts[: len(shown)]
    assert all(at.astimezone(HELSINKI).date() == day.day for day in free.days for at in (*day.shown, *day.others))
    assert len(free.days) <= MOST_DAYS
    assert free.more is (len(shown) < len(starts))
    assert free.last == (shown[-1] if shown else None)


@given(STARTS)
def test_after_the_last_of_these_days_the_next_ones_follow_without_a_gap(starts: list[datetime]) -> None:
    seen, rest = list[datetime](), starts
    while rest:
        free = by_day(rest, Grid())
        seen += [at for day in free.days for at in sorted((*day.shown, *day.others))]
        rest = [at for at in rest if free.last is not None and at > free.last]
    assert seen == starts


@given(STARTS, st.integers(2, 12))
def test_a_few_of_many_are_from_the_first_to_the_last_and_evenly_apart(starts: list[datetime], most: int) -> None:
    few = spread(starts, most)
    places = [starts.index(at) for at in few]
    assert len(set(few)) == len(few) == min(most, len(starts))
    assert not starts or (few[0], few[-1]) == (starts[0], starts[-1])
    gaps = [later - earlier for earlier, later in pairwise(places)]
    assert not gaps or max(gaps) - min(gaps) <= 1


def test_of_a_day_so_many_are_put_first() -> None:
    (day,) = by_day([FIRST + number * timedelta(minutes=15) for number in range(24)], Grid()).days
    assert (len(day.shown), len(day.others)) == (SHOWN_OF_A_DAY, 24 - SHOWN_OF_A_DAY)
