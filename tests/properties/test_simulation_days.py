"""Days of calls under any policy on paper: nobody is given twice, nothing is promised that cannot be kept."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.matching import may_take
from scheduler.simulation import PRESETS, Preset, Question, WeeklyShift
from scheduler.simulation.drawing import make_world
from scheduler.simulation.play import one_more_for, play
from scheduler.simulation.policies import BareMatching, OnPaper, RoundRobin, SpecialistFirst
from scheduler.simulation.world import Call, World, with_one_more
from scheduler.slots import Span
from voice_prompts.language import Language

SMALL = Preset(6, helpers=20, calls=40, on_duty=6, swedish_helpers=0.3, free_for=timedelta(hours=1))
presets = st.builds(
    replace,
    st.just(SMALL),
    calls=st.integers(0, 60),
    drops_a_place=st.floats(0, 1),
    does_not_answer=st.floats(0, 1),
    caller_away=st.floats(0, 1),
    cautious=st.floats(0, 1),
    agreements=st.floats(0, 1),
)
seeds = st.integers(0, 10_000)
policies = st.sampled_from([BareMatching, RoundRobin, SpecialistFirst])
shifts = st.builds(WeeklyShift, st.integers(0, 4), st.integers(0, 1), st.sampled_from(Language))


@given(presets, seeds, policies, st.integers(1, 6))
def test_shares_are_shares_whatever_the_days(preset, seed, policy, days) -> None:
    world = make_world(preset, seed, days)
    result = play(world, policy(world))
    assert all(0 <= share <= 1 for share in (result.refused, result.refused_sv, result.kept))
    assert result.wait >= timedelta(0)
    assert len(result.fates) == len(world.calls)


@given(presets, seeds, policies)
def test_without_drop_outs_and_with_every_helper_answering_every_promise_is_kept(preset, seed, policy) -> None:
    world = make_world(replace(preset, drops_a_place=0, does_not_answer=0), seed)
    assert play(world, policy(world)).let_down == 0


@given(presets, seeds, policies)
def test_when_no_helper_answers_no_promise_is_kept(preset, seed, policy) -> None:
    world = make_world(replace(preset, does_not_answer=1.0, drops_a_place=0), seed)
    assert not any(fate.kept for fate in play(world, policy(world)).fates)


@given(presets, seeds, policies)
def test_whoever_is_promised_a_time_can_talk_then(preset, seed, policy) -> None:
    world = make_world(preset, seed)
    for fate in play(world, policy(world)).fates:
        assert fate.start is None or fate.call.free.begins <= fate.start < fate.call.free.ends
        assert fate.start is None or fate.start >= fate.call.at + world.grid.notice


@given(seeds)
def test_who_is_away_twice_costs_a_place_at_another_time(seed) -> None:
    world = make_world(replace(SMALL, caller_away=1.0, drops_a_place=0, does_not_answer=0), seed)
    assert sum(ring_times(world)) > sum(ring_times(replace(world, away=frozenset())))


@given(seeds)
def test_a_single_start_is_promised_to_as_many_as_round_robin_at_least(seed) -> None:
    world = make_world(SMALL, seed)
    start = max(world.pools(), key=lambda start: len(world.pools()[start]))
    assert promised_at(start, BareMatching(world), world) >= promised_at(start, RoundRobin(world), world)


@given(seeds, shifts)
def test_one_more_helper_at_one_start_refuses_nobody_more_at_it(seed, shift) -> None:
    world = make_world(SMALL, seed)
    more = with_one_more(world, shift)
    added = {start for duty in more.rota if duty not in world.rota for start in duty.starts}
    assert added
    for start in added:
        assert promised_at(start, BareMatching(more), more) >= promised_at(start, BareMatching(world), world)


@given(seeds)
def test_one_more_helper_where_most_were_refused_takes_somebody_who_was(seed) -> None:
    world = make_world(replace(SMALL, free_for=timedelta(minutes=15), drops_a_place=0), seed)
    before = play(world, RoundRobin(world))
    shift = one_more_for(Question("small", SMALL, seek_one_more=True), before, world)
    assert (shift is None) == (before.turned_away == 0)
    if shift is not None:
        more = with_one_more(world, shift)
        starts = {start for duty in more.rota[len(world.rota) :] for start in duty.starts}
        asked = {fate.call.free.begins for fate in before.fates if fate.start is None}
        assert starts & asked


@given(seeds, st.integers(1, 8))
def test_the_rota_has_nobody_twice_at_one_start_and_nobody_at_two_that_overlap(seed, days) -> None:
    world = make_world(SMALL, seed, days)
    duty = Counter((helper.helper, start) for start, pool in world.pools().items() for helper in pool)
    assert not duty or max(duty.values()) == 1
    for helper, start in duty:
        assert all((helper, start + step * world.grid.step) not in duty for step in (1, 2, 3))


@given(seeds)
def test_the_same_seed_is_the_same_day(seed) -> None:
    assert make_world(SMALL, seed) == make_world(SMALL, seed)


def test_two_weeks_bring_two_weeks_of_calls_and_end_with_times_to_promise() -> None:
    world = make_world(SMALL, 1, days=10)
    days = {call.at.astimezone(world.grid.tz).date() for call in world.calls}
    assert len(days) == 10
    assert len(world.calls) == 80
    assert max(call.free.ends for call in world.calls) <= world.ends


def test_the_national_network_is_as_big_as_it_says() -> None:
    world = make_world(PRESETS["national"], 1)
    pools = world.pools()
    hours = [start for start in pools if start.minute == 0]
    at_once = [sum(len(pools[start + step * world.grid.step]) for step in range(4)) for start in hours]
    assert len(world.calls) == 5_000
    assert len(world.helpers) == 2_000
    assert len(world.rules.own) == 300
    assert at_once == [pytest.approx(350, abs=2)] * len(at_once)
    assert sum(call.need.language == "sv" for call in world.calls) == pytest.approx(250, abs=60)


def ring_times(world: World) -> list[int]:
    policy = BareMatching(world)
    play(world, policy)
    return [len(needs) for needs in policy._promised.values()]


def promised_at(start: datetime, policy: OnPaper, world: World) -> int:
    first = world.begins
    return sum(
        policy.book(Call(start - world.grid.notice, call.need, Span(start, start + world.grid.step))) is not None
        for call in world.calls
        if start > first and any(may_take(helper, call.need, world.rules) for helper in world.pools()[start])
    )
