"""All rosters that one contract allows, as paths through a graph with a layer a day; and the cheapest of them.

A node is all that the hard rules need to know of the days so far. What cannot be brought to an allowed end is left out, so
every path from the first layer to the last is an allowed roster, and every allowed roster is a path.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import gcd

import numpy as np
from numpy.typing import NDArray

from tests.benchmarks.nrp import Contract, Instance

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
OFF = 0  # the entry of a day off; kinds of shift are 1, 2, … in the instance's order
SATURDAY, SUNDAY = 5, 6


@dataclass(frozen=True, slots=True)
class State:
    """Of the days so far: the last day's entry, how long its run is, whether that may end, and what has been used up."""

    last: int
    run: int
    may_end: bool
    units: int
    weekends: int
    counts: tuple[int, ...]  # of the kinds that the contract limits


class Layer:
    """The steps of one day, by the node that they leave; `entry` is what is worked on it."""

    def __init__(self, steps: list[tuple[int, int, int]], leaves: int, enters: int) -> None:
        tails, self.heads, self.entry = np.array(sorted(steps), dtype=np.int64).T
        self.tails: Ints = tails
        self.first: Ints = np.searchsorted(tails, np.arange(leaves + 1))
        self._by_head: Ints = np.argsort(self.heads, kind="stable")
        self._first_by_head: Ints = np.searchsorted(self.heads[self._by_head], np.arange(enters))

    def onward(self, so_far: Floats, price: Floats) -> Floats:
        """The cheapest way to each node after this day."""
        cost = so_far[self.tails] + price[self.entry]
        return np.minimum.reduceat(cost[self._by_head], self._first_by_head)

    def backward(self, to_come: Floats, price: Floats) -> Floats:
        """The cheapest way to the end from each node before this day."""
        return np.minimum.reduceat(price[self.entry] + to_come[self.heads], self.first[:-1])


class Graph:
    """The rosters of a contract; a price is an array of days × entries, infinite where a day is not to be worked."""

    def __init__(self, instance: Instance, contract: Contract) -> None:
        self._rules = _Rules(instance, contract)
        self.layers = self._layers(instance.days)

    def to_come(self, price: Floats) -> list[Floats]:
        """For each layer the least cost from each node to the end."""
        costs = [np.zeros(1 + int(self.layers[-1].heads.max()))]
        for day in range(len(self.layers) - 1, -1, -1):
            costs.append(self.layers[day].backward(costs[-1], price[day]))
        return costs[::-1]

    def cheapest_each_way(self, price: Floats, below: float) -> dict[tuple[int, ...], float]:
        """For each day and entry the cheapest roster with it, where that costs less than `below`; with its cost."""
        to_come, so_far = self.to_come(price), np.zeros(1)
        found: dict[tuple[int, ...], float] = {}
        before = [so_far]
        for day, layer in enumerate(self.layers):
            cost = so_far[layer.tails] + price[day][layer.entry] + to_come[day + 1][layer.heads]
            for entry in range(price.shape[1]):
                through = np.where(layer.entry == entry, cost, np.inf)
                best = int(through.argmin())
                if through[best] < below:
                    head = self._back(before, price, day, int(layer.tails[best]))
                    tail = self._ahead(to_come, price, day + 1, int(layer.heads[best]))
                    found[(*head, entry, *tail)] = float(through[best])
            so_far = layer.onward(so_far, price[day])
            before.append(so_far)
        return found

    def steps_below(self, price: Floats, limit: float) -> Iterator[tuple[int, int, int, int]]:
        """Every step (day, from node, to node, entry) that is part of a roster that costs no more than `limit`."""
        to_come, so_far = self.to_come(price), np.zeros(1)
        for day, layer in enumerate(self.layers):
            cost = so_far[layer.tails] + price[day][layer.entry] + to_come[day + 1][layer.heads]
            for step in np.flatnonzero(cost <= limit):
                yield day, int(layer.tails[step]), int(layer.heads[step]), int(layer.entry[step])
            so_far = layer.onward(so_far, price[day])

    def _ahead(self, to_come: list[Floats], price: Floats, day: int, node: int) -> Iterator[int]:
        while day < len(self.layers):
            layer = self.layers[day]
            steps = slice(layer.first[node], layer.first[node + 1])
            best = steps.start + int((price[day][layer.entry[steps]] + to_come[day + 1][layer.heads[steps]]).argmin())
            node, day = int(layer.heads[best]), day + 1
            yield int(layer.entry[best])

    def _back(self, so_far: list[Floats], price: Floats, day: int, node: int) -> list[int]:
        entries = []
        while day > 0:
            day -= 1
            layer = self.layers[day]
            steps = np.flatnonzero(layer.heads == node)
            best = int(steps[(so_far[day][layer.tails[steps]] + price[day][layer.entry[steps]]).argmin()])
            node = int(layer.tails[best])
            entries.append(int(layer.entry[best]))
        return entries[::-1]

    def _layers(self, days: int) -> list[Layer]:
        reached, steps = [{self._rules.start: 0}], []
        for day in range(days):
            nodes: dict[State, int] = {}
            made = []
            for state, tail in reached[-1].items():
                for entry, after in self._rules.steps(state, day):
                    made.append((tail, nodes.setdefault(after, len(nodes)), entry))
            reached.append(nodes)
            steps.append(made)
        return _without_dead_ends(steps, {node for state, node in reached[-1].items() if self._rules.allows_end(state)})


def _without_dead_ends(steps: list[list[tuple[int, int, int]]], ends: set[int]) -> list[Layer]:
    layers = []
    number = {node: place for place, node in enumerate(sorted(ends))}
    for made in reversed(steps):
        kept = [(tail, number[head], entry) for tail, head, entry in made if head in number]
        leaves = {node: place for place, node in enumerate(sorted({tail for tail, _, _ in kept}))}
        layers.append(Layer([(leaves[tail], head, entry) for tail, head, entry in kept], len(leaves), len(number)))
        number = leaves
    return layers[::-1]


class _Rules:
    """The hard rules of one contract, a day at a time."""

    def __init__(self, instance: Instance, contract: Contract) -> None:
        self._contract = contract
        self._kinds = list(instance.kinds.values())
        names = list(instance.kinds)
        self._unit = gcd(*(kind.minutes for kind in self._kinds))
        self._follows = [[True] * (len(names) + 1)] + [
            [True, *(name not in kind.not_before for name in names)] for kind in self._kinds
        ]
        most = dict(contract.most_of)
        self._most = {names.index(n) + 1: most[n] for n in names if 0 < most.get(n, instance.days) < instance.days}
        self._never = {names.index(n) + 1 for n in names if most.get(n) == 0}
        self._days = instance.days
        self.start = State(OFF, 0, True, 0, 0, (0,) * len(self._most))

    def steps(self, state: State, day: int) -> Iterator[tuple[int, State]]:
        """What may be done on this day, and the state after it."""
        if (after := self._rest(state, day)) is not None:
            yield OFF, after
        for entry in range(1, len(self._kinds) + 1):
            if entry not in self._never and (after := self._work(state, day, entry)) is not None:
                yield entry, after

    def allows_end(self, state: State) -> bool:
        """Whether the horizon may end so; a run may go on beyond it."""
        return state.units * self._unit >= self._contract.least_minutes

    def _rest(self, state: State, day: int) -> State | None:
        if state.last != OFF and not state.may_end:
            return None
        enough = self._contract.shortest_rest
        goes_on = state.last == OFF and day > 0
        run = min(state.run + 1, enough) if goes_on else 1
        may_end = (goes_on and state.may_end) or day == 0 or run >= enough
        return State(OFF, enough if may_end else run, may_end, state.units, state.weekends, state.counts)

    def _work(self, state: State, day: int, entry: int) -> State | None:
        starts = state.last == OFF
        run = 1 if starts else state.run + 1
        if (starts and not state.may_end) or run > self._contract.longest_run or not self._follows[state.last][entry]:
            return None
        may_end = (not starts and state.may_end) or day == 0 or run >= self._contract.shortest_run
        units = state.units + self._kinds[entry - 1].minutes // self._unit
        weekends = state.weekends + (day % 7 == SATURDAY or (day % 7 == SUNDAY and state.last == OFF))
        counts = tuple(count + (kind == entry) for kind, count in zip(self._most, state.counts, strict=True))
        within = units * self._unit <= self._contract.most_minutes and weekends <= self._contract.most_weekends
        if not within or any(count > most for count, most in zip(counts, self._most.values(), strict=True)):
            return None
        return State(entry, run, may_end, units, weekends, counts)
