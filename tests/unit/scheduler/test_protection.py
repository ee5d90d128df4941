"""Places kept for those who will ring in Swedish: as many as are likely to be asked for, and only until their release."""

from datetime import UTC, datetime, timedelta

import pytest

from scheduler.forecast import HOURS, WORTH_KEEPING, Forecast, worth_keeping
from scheduler.matching import Need, OnDuty, Rules
from scheduler.picture import Live, Pools
from scheduler.protection import Reserve
from scheduler.records import CallbackState
from scheduler.slots import HELSINKI, Grid
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
MONDAY = datetime(2026, 11, 23, tzinfo=HELSINKI)
START = datetime(2026, 11, 26, 8, tzinfo=UTC)
GRID, DAY = Grid(), timedelta(days=1)
FINN = OnDuty(1, 1, frozenset({FI}), HelperKind.VOLUNTEER)
BOTH = OnDuty(2, 1, frozenset({FI, SV}), HelperKind.VOLUNTEER)
FINNISH, SWEDISH = Need(0, FI), Need(0, SV)


def every_hour(calls: float, release: timedelta = DAY) -> Forecast:
    return Forecast.of([calls] * HOURS, release)


def pools(*helpers: OnDuty, promised: tuple[Need, ...] = (), calls: float = 10) -> Pools:
    live = tuple(Live(need.key, START, CallbackState.PROMISED, None, MONDAY, 0, need) for need in promised)
    return Pools(Rules(), {}, {START: helpers}, {START: live}, (), forecast=every_hour(calls))


def spares(stretch: Pools, wish: Need, before: timedelta = 2 * DAY) -> bool:
    return Reserve(stretch, now=START - before, grid=GRID).spares(START, wish)


def test_the_last_swedish_speaker_is_kept_for_whoever_will_ring_in_swedish() -> None:
    assert not spares(pools(BOTH), FINNISH)
    assert spares(pools(BOTH), SWEDISH)


def test_a_finnish_call_that_another_can_take_costs_nobody_anything() -> None:
    assert spares(pools(BOTH, FINN), FINNISH)
    assert not spares(pools(BOTH, FINN, promised=(Need(5, FI),)), FINNISH)


def test_from_its_release_on_a_place_is_anybodys() -> None:
    assert not spares(pools(BOTH), FINNISH, before=DAY + timedelta(hours=12))
    assert spares(pools(BOTH), FINNISH, before=DAY)
    assert spares(pools(BOTH), FINNISH, before=timedelta(hours=1))


def test_what_is_kept_follows_the_demand_that_remains() -> None:
    helpers = tuple(OnDuty(number, 1, frozenset({FI, SV}), HelperKind.VOLUNTEER) for number in range(6))
    stretch = Pools(Rules(), {}, {START: helpers}, {}, (), forecast=every_hour(0.5))
    kept = [
        Reserve(stretch, now=START - DAY - timedelta(hours=hours), grid=GRID).kept(START) for hours in (72, 24, 6, 0)
    ]
    assert kept == sorted(kept, reverse=True)
    assert kept[0] > kept[1] > kept[-1] == 0


def test_where_no_swedish_call_is_expected_or_none_can_be_taken_nothing_is_kept() -> None:
    assert spares(pools(BOTH, calls=0), FINNISH)
    assert spares(pools(FINN), FINNISH)
    assert spares(pools(OnDuty(3, 1, BOTH.languages, HelperKind.STAFF, valid=False), FINN), FINNISH)


def test_a_swedish_speaker_who_is_promised_in_swedish_is_not_kept_twice() -> None:
    assert spares(pools(BOTH, FINN, promised=(Need(5, SV),)), FINNISH)


@pytest.mark.parametrize(
    ("expected", "places", "kept"), [(0, 3, 0), (0.05, 3, 0), (0.2, 3, 1), (1, 3, 2), (1, 1, 1), (50, 7, 7)]
)
def test_a_place_is_kept_while_it_is_likely_enough_to_be_asked_for(expected: float, places: int, kept: int) -> None:
    assert worth_keeping(expected, places) == kept
    assert WORTH_KEEPING == 0.1


def test_a_week_of_calls_is_counted_by_the_clock_on_the_wall() -> None:
    hourly = [0.0] * HOURS
    hourly[9] = 4.0  # Mondays from nine to ten
    forecast = Forecast.of(hourly, DAY)
    nine = MONDAY.replace(hour=9)
    assert forecast.calls(MONDAY, MONDAY + DAY, HELSINKI) == 4
    assert forecast.calls(nine + timedelta(minutes=30), nine + timedelta(weeks=3, minutes=15), HELSINKI) == 4 * 2.75
    assert forecast.calls(nine, nine - DAY, HELSINKI) == 0
    with pytest.raises(ValueError, match="168"):
        Forecast.of([1.0], DAY)
