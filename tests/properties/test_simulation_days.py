"""Days of calls under either policy: nobody is given twice, nothing is promised that cannot be kept."""

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scheduler.matching import may_take
from scheduler.simulation import PRESETS, as_json, run
from scheduler.simulation.play import play
from scheduler.simulation.policies import LateChoice, RoundRobin, SpecialistFirst
from scheduler.simulation.presets import Preset
from scheduler.simulation.world import World, make_world

SMALL = Preset(6, helpers=20, calls=40, on_duty=6, swedish_helpers=0.3, free_for=timedelta(hours=1))
presets = st.builds(
    replace,
    st.just(SMALL),
    calls=st.integers(0, 60),
    drops_a_place=st.floats(0, 1),
    does_not_answer=st.floats(0, 1),
    cautious=st.floats(0, 1),
    agreements=st.floats(0, 1),
)
seeds = st.integers(0, 10_000)
policies = st.sampled_from([LateChoice, RoundRobin, SpecialistFirst])


@given(presets, seeds, policies)
def test_shares_are_shares_whatever_the_day(preset, seed, policy) -> None:
    world = make_world(preset, seed)
    result = play(world, policy(world))
    assert all(0 <= share <= 1 for share in (result.refused, result.refused_sv, result.kept))
    assert result.wait >= timedelta(0)


@given(presets, seeds)
def test_without_drop_outs_and_with_everyone_answering_every_promise_is_kept(preset, seed) -> None:
    world = make_world(replace(preset, drops_a_place=0, does_not_answer=0), seed)
    assert play(world, LateChoice(world)).kept == 1
    assert play(world, RoundRobin(world)).kept == 1


@given(presets, seeds)
def test_when_nobody_answers_no_promise_is_kept(preset, seed) -> None:
    world = make_world(replace(preset, does_not_answer=1.0, drops_a_place=0), seed)
    result = play(world, LateChoice(world))
    assert result.kept == 0 or result.refused == 1 or not world.calls


@given(seeds)
def test_a_single_start_is_promised_to_as_many_as_round_robin_at_least(seed) -> None:
    world = make_world(SMALL, seed)
    start = max(world.pools, key=lambda start: len(world.pools[start]))
    assert promised_at(start, LateChoice(world), world) >= promised_at(start, RoundRobin(world), world)


@given(seeds)
def test_the_rota_has_nobody_twice_at_one_start_and_nobody_at_two_that_overlap(seed) -> None:
    world = make_world(SMALL, seed)
    duty = Counter((helper.helper, start) for start, pool in world.pools.items() for helper in pool)
    assert not duty or max(duty.values()) == 1
    for helper, start in duty:
        assert all((helper, start + step * world.grid.step) not in duty for step in (1, 2, 3))


@given(seeds)
def test_the_same_seed_is_the_same_day(seed) -> None:
    assert make_world(SMALL, seed) == make_world(SMALL, seed)


@pytest.mark.parametrize("preset", ["demo", "regional"])
def test_a_program_reads_the_same_shares_from_every_run(preset) -> None:
    assert as_json(run(preset, 3, "round-robin")) == as_json(run(preset, 3, "round-robin"))


def test_the_national_network_is_as_big_as_it_says() -> None:
    preset = PRESETS["national"]
    world = make_world(preset, 1)
    at_once = [sum(len(world.pools[start + step * world.grid.step]) for step in range(4)) for start in hours(world)]
    assert len(world.calls) == 5_000
    assert len(world.rules.own) == 300
    assert at_once == [pytest.approx(350, abs=2)] * len(at_once)
    assert sum(call.need.language == "sv" for call in world.calls) == pytest.approx(250, abs=60)


def hours(world: World) -> list[datetime]:
    return [start for start in world.pools if start.minute == 0]


def promised_at(start: datetime, policy: LateChoice | RoundRobin, world: World) -> int:
    fitting = [
        call.need
        for call in world.calls
        if any(may_take(helper, call.need, world.rules) for helper in world.pools[start])
    ]
    return sum(policy.book(need, [start]) is not None for need in fitting)
