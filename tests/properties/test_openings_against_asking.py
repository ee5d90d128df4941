"""The overview of what could be offered, against asking for each kind of caller on its own."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from scheduler.forecast import HOURS, Forecast
from scheduler.insight import kinds_of_caller, open_to
from scheduler.matching import Need, Plan, cover
from scheduler.picture import Live, Pools
from scheduler.protection import Reserve
from scheduler.records import CallbackState
from scheduler.slots import Grid
from tests.properties.test_matching_against_brute_force import WISH, needs, pools, rules
from tickets.vocabulary import Topic
from voice_prompts.language import Language

START, GRID = datetime(2026, 11, 26, 8, tzinfo=UTC), Grid()
NOW = START - timedelta(days=2)
forecasts = st.none() | st.floats(0, 5).map(lambda calls: Forecast.of([calls] * HOURS, timedelta(hours=24)))


def a_stretch(some, pool, rules, forecast) -> Pools:
    plan = Plan(pool, rules)
    promised = [need for need in some if plan.place(need)]
    live = tuple(Live(need.key, START, CallbackState.PROMISED, None, NOW, 0, need) for need in promised)
    return Pools(rules, {Topic.TUNNIST: 90}, {START: pool}, {START: live}, (), forecast=forecast)


@given(needs, pools, rules, forecasts)
def test_a_kind_of_caller_is_shown_a_start_exactly_when_it_would_be_offered(some, pool, rules, forecast) -> None:
    stretch = a_stretch(some, pool, rules, forecast)
    reserve, kinds = Reserve(stretch, now=NOW, grid=GRID), kinds_of_caller(rules)
    asked = set()
    for kind in kinds:
        wish = Need(WISH, kind.language, kind.topic, kind.municipalities[-1] if kind.municipalities else None)
        if stretch.admits(START, wish, GRID) and reserve.spares(START, wish):
            asked.add(kind)
    assert open_to(stretch, reserve, START, kinds, GRID) == asked


@given(needs, pools, rules, forecasts)
def test_whatever_is_spared_leaves_those_to_come_as_many_helpers_as_before(some, pool, rules, forecast) -> None:
    stretch = a_stretch(some, pool, rules, forecast)
    reserve = Reserve(stretch, now=NOW, grid=GRID)
    to_come = reserve.to_come(START)
    assert len(to_come) <= reserve.kept(START)
    assert cover([*stretch.needs(START), *to_come], pool, rules) is not None
    for kind in kinds_of_caller(rules):
        if kind.language is Language.SV or kind.municipalities or not to_come:
            continue
        wish = Need(WISH, kind.language, kind.topic, minutes=90 if kind.topic is Topic.TUNNIST else 60)
        beside = cover([*stretch.needs(START), *to_come, wish], pool, rules) is not None
        assert reserve.spares(START, wish) == beside
