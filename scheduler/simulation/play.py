"""The virtual day: calls, drop-outs and due promises, in the order in which they happen."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from scheduler.simulation.policies import COMPARISONS, LateChoice, Policy
from scheduler.simulation.presets import PRESETS
from scheduler.simulation.report import Fate, Report, Result, progress
from scheduler.simulation.world import Call, DropOut, World, make_world
from scheduler.slots import windows

CHOSEN_BEFORE: Final = timedelta(minutes=10)

Step = Callable[[], None]


def run(preset: str, seed: int, compare: str | None = None) -> Report:
    """Play the preset's day with the product's engine and, to compare, with another policy; KeyError on unknown names.

    Shows a progress bar on stderr if that is a terminal.
    """
    world = make_world(PRESETS[preset], seed)
    policies: dict[str, Policy] = {"late": LateChoice(world)}
    if compare is not None:
        policies[compare] = COMPARISONS[compare](world)
    with progress(len(policies) * len(world.calls)) as step:
        return Report(preset, seed, {name: play(world, policy, step) for name, policy in policies.items()})


def play(world: World, policy: Policy, step: Step = lambda: None) -> Result:
    """One day of calls, and what became of the promises made on it."""
    promised: dict[int, datetime] = {}
    kept: set[int] = set()
    for happening in _in_order(world):
        match happening:
            case Call(need=need):
                start = policy.book(need, _starts_that_suit(happening, world))
                if start is not None:
                    promised[need.key] = start
                step()
            case DropOut(helper=helper, starts=starts):
                for start in starts:
                    policy.drop(helper, start)
            case _Due(start=start):
                kept |= policy.keep(start)
    return Result.of([_fate(call, promised.get(call.need.key), kept) for call in world.calls])


@dataclass(frozen=True, slots=True)
class _Due:
    at: datetime
    start: datetime


def _in_order(world: World) -> list[Call | DropOut | _Due]:
    due = [_Due(start - CHOSEN_BEFORE, start) for start in world.pools]
    return sorted([*world.calls, *world.drop_outs, *due], key=lambda happening: happening.at)


def _starts_that_suit(call: Call, world: World) -> Iterator[datetime]:
    for window in windows(call.at, world.grid):
        for start in world.pools:
            if window.begins <= start < window.ends and call.free.begins <= start < call.free.ends:
                yield start


def _fate(call: Call, start: datetime | None, kept: set[int]) -> Fate:
    return Fate(call.need, None if start is None else start - call.at, call.need.key in kept)
