"""The best rosters of a nurse-rostering instance, proven so. Columns are whole rosters, made as their prices ask for them.

1. The programme over all allowed rosters is solved, whole numbers or not: HiGHS prices the cover, a walk through each
   person's graph finds the rosters that would pay. Its value is a lower bound.
2. A step of a graph whose cheapest roster, at those prices, costs more than a gap is in no solution within the gap of the
   bound. What is left of the graphs is small: the product's own solver chooses a path for each person in whole numbers.
   What it finds within the gap is proven best; else the gap grows.
"""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from math import ceil

import highspy
import numpy as np

from scheduler.autofill.solver import Programme
from tests.benchmarks.nrp import Instance, Roster
from tests.benchmarks.nrp_graph import Floats, Graph

TINY = 1e-6
MOST_COLUMNS = 20  # new rosters a person and round


@dataclass(frozen=True, slots=True)
class Solved:
    """The rosters found, what they cost, and what none can cost less than."""

    rosters: dict[str, Roster]
    cost: int
    bound: int


@dataclass(frozen=True, slots=True)
class Priced:
    """The relaxation's answer: what each person's entries cost by it, what their cheapest roster costs, and its value."""

    prices: list[Floats]
    cheapest: list[float]
    value: float


def solve(instance: Instance, limit: timedelta) -> Solved:
    """The best rosters, or the best that were found within about `limit`."""
    costs = [costs_of(instance, person) for person in instance.staff]
    of_contract = {contract: Graph(instance, contract) for contract in instance.staff.values()}
    graphs = [of_contract[contract] for contract in instance.staff.values()]
    priced = relax(instance, graphs, costs)
    bound = ceil(priced.value - TINY)
    gap = 0
    while True:
        solved = _choose(instance, graphs, costs, priced, bound + gap, limit)
        if solved.cost <= bound + gap or solved.cost > solved.bound:
            return solved
        gap = min(2 * gap + 1, solved.cost - bound)


def costs_of(instance: Instance, person: str) -> Floats:
    """What each entry of each day costs this person: a wish not met, a shift not wanted; days off are infinitely dear."""
    kinds = {kind: entry for entry, kind in enumerate(instance.kinds, start=1)}
    costs = np.zeros((instance.days, len(kinds) + 1))
    for (who, day, kind), weight in instance.wishes.items():
        if who == person:
            costs[day] += weight
            costs[day, kinds[kind]] -= weight
    for (who, day, kind), weight in instance.aversions.items():
        if who == person:
            costs[day, kinds[kind]] += weight
    for day in instance.days_off.get(person, ()):
        costs[day, 1:] = np.inf
    return costs


def relax(instance: Instance, graphs: list[Graph], costs: list[Floats]) -> Priced:
    """The relaxation over all rosters, by column generation."""
    master = _Master(instance, costs)
    for person, graph in enumerate(graphs):
        master.add_best(person, graph.cheapest_each_way(costs[person], np.inf))
    while True:
        priced = master.priced()
        paying = (
            (person, graph.cheapest_each_way(priced.prices[person], priced.cheapest[person] - TINY))
            for person, graph in enumerate(graphs)
        )
        if not sum([master.add_best(person, rosters) for person, rosters in paying]):
            return priced


class _Master:
    """The programme over the rosters there are: each person one roster, each shift enough people."""

    def __init__(self, instance: Instance, costs: list[Floats]) -> None:
        self._costs, self._known = costs, set[tuple[int, tuple[int, ...]]]()
        entry = {kind: number for number, kind in enumerate(instance.kinds, start=1)}
        self._row = {(cover.day, entry[cover.kind]): len(costs) + n for n, cover in enumerate(instance.cover)}
        self._highs = highspy.Highs()
        self._highs.silent()
        for needed in (*(1 for _ in costs), *(cover.needed for cover in instance.cover)):
            self._highs.addRow(needed, needed, 0, [], [])
        for row, cover in enumerate(instance.cover, start=len(costs)):
            self._highs.addCol(cover.under, 0, cover.needed, 1, [row], [1])
            self._highs.addCol(cover.over, 0, highspy.kHighsInf, 1, [row], [-1])

    def add_best(self, person: int, rosters: dict[tuple[int, ...], float]) -> int:
        """The cheapest of these as columns; how many are new."""
        new = [r for r in sorted(rosters, key=rosters.__getitem__)[:MOST_COLUMNS] if (person, r) not in self._known]
        for roster in new:
            self._known.add((person, roster))
            rows = [person, *(self._row[step] for step in enumerate(roster) if step in self._row)]
            cost = self._costs[person][range(len(roster)), roster].sum()
            self._highs.addCol(float(cost), 0, highspy.kHighsInf, len(rows), rows, [1] * len(rows))
        return len(new)

    def priced(self) -> Priced:
        """The value of what there is, and the prices that follow from it."""
        self._highs.run()
        duals = self._highs.getSolution().row_dual
        prices = [costs.copy() for costs in self._costs]
        for step, row in self._row.items():
            for price in prices:
                price[step] -= duals[row]
        return Priced(prices, list(duals[: len(prices)]), self._highs.getInfo().objective_function_value)


def _choose(
    instance: Instance, graphs: list[Graph], costs: list[Floats], priced: Priced, most: int, limit: timedelta
) -> Solved:
    programme, prices = Programme(), dict[int, int]()
    present: dict[tuple[int, int], list[int]] = defaultdict(list)
    steps: list[dict[int, tuple[int, int]]] = []
    for person, graph in enumerate(graphs):
        affordable = priced.cheapest[person] + most - priced.value + TINY
        steps.append(_paths(programme, graph, priced.prices[person], affordable))
        for variable, step in steps[-1].items():
            prices[variable] = int(costs[person][step])
            present[step].append(variable)
    for cover in instance.cover:
        here = [(variable, 1) for variable in present[cover.day, list(instance.kinds).index(cover.kind) + 1]]
        under, over = programme.variable(cover.needed, whole=False), programme.variable(len(graphs), whole=False)
        prices |= {under: cover.under, over: cover.over}
        programme.row([*here, (under, 1), (over, -1)], least=cover.needed, most=cover.needed)
    found = programme.least(prices, limit)
    if found is None:
        raise TimeoutError(f"HiGHS found no rosters in {limit}")
    rosters = {person: _roster(instance, way, found.values) for person, way in zip(instance.staff, steps, strict=True)}
    return Solved(rosters, found.cost, found.bound)


def _paths(programme: Programme, graph: Graph, price: Floats, limit: float) -> dict[int, tuple[int, int]]:
    # Flow: one goes in at the first node and what goes into any other goes on. Variable → (day, entry).
    variables: dict[int, tuple[int, int]] = {}
    flow: dict[tuple[int, int], list[tuple[int, float]]] = defaultdict(list)
    for day, tail, head, entry in graph.steps_below(price, limit):
        variable = programme.variable()
        variables[variable] = day, entry
        flow[day, tail].append((variable, 1))
        flow[day + 1, head].append((variable, -1))
    for (day, _), terms in flow.items():
        if day < len(graph.layers):
            enters = 1 if day == 0 else 0
            programme.row(terms, least=enters, most=enters)
    return variables


def _roster(instance: Instance, way: dict[int, tuple[int, int]], values: tuple[float, ...]) -> Roster:
    entries = (None, *instance.kinds)
    return tuple(
        entries[entry] for _, entry in sorted(step for variable, step in way.items() if values[variable] > 0.5)
    )
