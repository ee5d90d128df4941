"""Two ways to promise: the slot now and the helper later, or the helper at once."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Final, Protocol

from scheduler.assignment import Costs, choose
from scheduler.matching import Need, OnDuty, Plan, may_take
from scheduler.simulation.world import World


class Policy(Protocol):
    """Who promises, loses and keeps callbacks."""

    def book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        """Promise the first of these starts that can be promised."""

    def drop(self, helper: int, start: datetime) -> None:
        """A helper will not be there."""

    def keep(self, start: datetime) -> frozenset[int]:
        """Ring the helpers of a start; which needs (by key) are rung back."""


class LateChoice:
    """The product's own engine: a start is offered if all its promises can be matched; the person is chosen at the end."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._pools = dict(world.pools)
        self._plans = {start: Plan(pool, world.rules) for start, pool in self._pools.items()}
        self._promised: defaultdict[datetime, list[Need]] = defaultdict(list)
        self._costs = Costs(world.rules)

    def book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        """Promise the first start with a place for this need beside all others."""
        for start in starts:
            if self._plans[start].place(need):
                self._promised[start].append(need)
                return start
        return None

    def drop(self, helper: int, start: datetime) -> None:
        """Match again without the helper; who cannot be matched is a deficit."""
        self._pools[start] = tuple(other for other in self._pools[start] if other.helper != helper)
        self._plans[start] = plan = Plan(self._pools[start], self._world.rules)
        self._promised[start] = [need for need in self._promised[start] if plan.place(need)]

    def keep(self, start: datetime) -> frozenset[int]:
        """Choose for all at once; for those whose helper is silent, choose again among the rest."""
        waiting, left, kept = self._promised[start], self._pools[start], set[int]()
        while chosen := choose(waiting, left, self._world.rules, self._costs.of):
            kept.update(key for key, helper in chosen.items() if (helper, start) not in self._world.silent)
            rung = frozenset(chosen.values())
            waiting = [need for need in waiting if need.key not in kept]
            left = tuple(helper for helper in left if helper.helper not in rung)
        return frozenset(kept)


class RoundRobin:
    """What booking systems do: the helper whose turn it is takes the caller at once; a stand-in is found in turn too."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._free = {start: list(pool) for start, pool in world.pools.items()}
        self._taken: defaultdict[datetime, dict[int, Need]] = defaultdict(dict)  # start → helper → need
        self._turns: dict[int, int] = {}  # helper → when last given a caller
        self._count = 0

    def book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        """Give the first start at which someone who may take it is free to the one who has waited longest for a turn."""
        return next((start for start in starts if self._give(need, start)), None)

    def drop(self, helper: int, start: datetime) -> None:
        """Whoever was given to this helper goes to the next in turn, if there is one."""
        self._free[start] = [other for other in self._free[start] if other.helper != helper]
        left = self._taken[start].pop(helper, None)
        if left is not None:
            self._give(left, start)

    def keep(self, start: datetime) -> frozenset[int]:
        """Ring each caller's helper, and the next in turn where one is silent."""
        kept = set[int]()
        waiting = dict(self._taken[start])
        while waiting:
            kept.update(need.key for helper, need in waiting.items() if (helper, start) not in self._world.silent)
            silent = [need for need in waiting.values() if need.key not in kept]
            before = frozenset(self._taken[start])
            for need in silent:
                self._give(need, start)
            waiting = {helper: need for helper, need in self._taken[start].items() if helper not in before}
        return frozenset(kept)

    def _give(self, need: Need, start: datetime) -> bool:
        fitting = (helper for helper in self._free[start] if may_take(helper, need, self._world.rules))
        helper = min(fitting, key=self._rank, default=None)
        if helper is None:
            return False
        self._free[start].remove(helper)
        self._taken[start][helper.helper] = need
        self._count += 1
        self._turns[helper.helper] = self._count
        return True

    def _rank(self, helper: OnDuty) -> tuple[int, ...]:
        return (self._turns.get(helper.helper, 0),)


class SpecialistFirst(RoundRobin):
    """Round robin that spares those who speak more languages: the best that choosing at booking can do without looking on."""

    def _rank(self, helper: OnDuty) -> tuple[int, ...]:
        return (len(helper.languages), *super()._rank(helper))


COMPARISONS: Final[Mapping[str, type[RoundRobin]]] = {
    "round-robin": RoundRobin,
    "specialist-first": SpecialistFirst,
}
