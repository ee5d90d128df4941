"""Other ways to promise, on paper and without a database, to compare the line with."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Final, Protocol

from scheduler.assignment import Costs, choose
from scheduler.matching import Need, OnDuty, Plan, may_take
from scheduler.retries import LATER, SOON
from scheduler.simulation.world import Call, DropOut, World
from scheduler.slots import windows


class Policy(Protocol):
    """Who promises, loses and keeps callbacks."""

    def book(self, call: Call) -> datetime | None:
        """Promise the first start that suits the caller and can be promised."""

    def drop(self, drop_out: DropOut) -> None:
        """A helper will not be there."""

    def pass_time(self, until: datetime) -> None:
        """Ring back whoever is due by then."""

    def kept(self) -> frozenset[int]:
        """Play to the end; the callers (by key) who were rung at the first time they were promised."""


class OnPaper:
    """What the policies without a database share: starts come due one after the other, and who is away is rung again.

    As on the line: twice at the first time, then at another, two hours later or more.
    """

    def __init__(self, world: World) -> None:
        self._world = world
        self._pools = dict(world.pools())
        self._due = list(self._pools)
        self._needs = {call.need.key: call.need for call in world.calls}
        self._rung: set[int] = set()

    def book(self, call: Call) -> datetime | None:
        """Promise the first start that suits the caller and can be promised."""
        starts = self._starts(call.at)
        return self._book(call.need, (start for start in starts if call.free.begins <= start < call.free.ends))

    def drop(self, drop_out: DropOut) -> None:
        """A helper will not be there."""
        for start in drop_out.starts:
            self._lose(drop_out.helper, start)

    def pass_time(self, until: datetime) -> None:
        """Ring back whoever is due by then."""
        while self._due and self._due[0] <= until:
            start = self._due.pop(0)
            for key in sorted(self._keep(start) - self._rung):
                self._rung.add(key)
                if {(key, 1), (key, 2)} <= self._world.away:
                    self._book(self._needs[key], self._starts(start + SOON, after=start + SOON + LATER))

    def kept(self) -> frozenset[int]:
        """Play to the end; the callers (by key) who were rung at the first time they were promised."""
        self.pass_time(self._world.ends)
        return frozenset(self._rung)

    def _book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        raise NotImplementedError

    def _lose(self, helper: int, start: datetime) -> None:
        raise NotImplementedError

    def _keep(self, start: datetime) -> frozenset[int]:
        raise NotImplementedError

    def _starts(self, now: datetime, *, after: datetime | None = None) -> Iterator[datetime]:
        for window in windows(now, self._world.grid, after=after):
            yield from (start for start in self._pools if window.begins <= start < window.ends)


class BareMatching(OnPaper):
    """The line's matching and choice alone: what the line itself should come to, if nothing else stood in its way."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._plans = {start: Plan(pool, world.rules) for start, pool in self._pools.items()}
        self._promised: defaultdict[datetime, list[Need]] = defaultdict(list)
        self._costs = Costs(world.rules)

    def _book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        for start in starts:
            if self._plans[start].place(need):
                self._promised[start].append(need)
                return start
        return None

    def _lose(self, helper: int, start: datetime) -> None:
        self._pools[start] = tuple(other for other in self._pools[start] if other.helper != helper)
        self._plans[start] = plan = Plan(self._pools[start], self._world.rules)
        self._promised[start] = [need for need in self._promised[start] if plan.place(need)]

    def _keep(self, start: datetime) -> frozenset[int]:
        waiting, left, kept = self._promised[start], self._pools[start], set[int]()
        while chosen := choose(waiting, left, self._world.rules, self._costs.of):
            kept.update(key for key, helper in chosen.items() if (helper, start) not in self._world.silent)
            rung = frozenset(chosen.values())
            waiting = [need for need in waiting if need.key not in kept]
            left = tuple(helper for helper in left if helper.helper not in rung)
        return frozenset(kept)


class RoundRobin(OnPaper):
    """What booking systems do: the helper whose turn it is takes the caller at once; a stand-in is found in turn too."""

    def __init__(self, world: World) -> None:
        super().__init__(world)
        self._free = {start: list(pool) for start, pool in self._pools.items()}
        self._taken: defaultdict[datetime, dict[int, Need]] = defaultdict(dict)  # start → helper → need
        self._turns: dict[int, int] = {}  # helper → when last given a caller
        self._count = 0

    def _book(self, need: Need, starts: Iterable[datetime]) -> datetime | None:
        return next((start for start in starts if self._give(need, start)), None)

    def _lose(self, helper: int, start: datetime) -> None:
        self._free[start] = [other for other in self._free[start] if other.helper != helper]
        left = self._taken[start].pop(helper, None)
        if left is not None:
            self._give(left, start)

    def _keep(self, start: datetime) -> frozenset[int]:
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


COMPARISONS: Final[Mapping[str, type[OnPaper]]] = {
    "round-robin": RoundRobin,
    "specialist-first": SpecialistFirst,
    "bare-matching": BareMatching,
}
