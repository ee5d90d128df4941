"""Who keeps which promise, once it is time to say: the cheapest way to give everyone a helper. Pure.

Matching (matching.py) proves that there is a way; ten minutes before the slot this picks the best one, for all its
promises together.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from heapq import heappop, heappush, nsmallest

from scheduler.boundaries import DEFAULT, Stance
from scheduler.matching import Need, OnDuty, Rules, may_take
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

Price = Callable[[Need, OnDuty], int]


@dataclass(frozen=True, slots=True)
class Weights:
    """What each wish about the choice is worth, against the others; all in the same unit."""

    other_municipality: int = 30
    other_region: int = 30  # on top: own municipality first, then the region, then the network
    spare_language: int = 100  # a Swedish speaker on a Finnish call
    spare_staff: int = 10  # staff on what a volunteer may take
    only_guides: int = 40  # a topic that this kind of helper does not handle
    knows_the_case: int = -50
    unused_duty: int = -4  # for each start on duty without a callback, up to `unused_at_most`
    unused_at_most: int = 5
    has_given: int = 1  # for each time its people helped another's caller, less those in which its own were helped
    given_at_most: int = 20


@dataclass(frozen=True, slots=True)
class Costs:
    """What it costs that one helper takes one need; lower is better."""

    rules: Rules
    unused_duty: Mapping[int, int] = field(default_factory=dict)  # helper → starts offered and not used lately
    knows: frozenset[tuple[int, int]] = frozenset()  # (need.key, helper) who have talked about this case
    given: Mapping[int, int] = field(default_factory=dict)  # organisation → help given to others, less help received
    weights: Weights = Weights()

    def of(self, need: Need, helper: OnDuty) -> int:
        """The cost of this pair."""
        weights = self.weights
        unused = min(self.unused_duty.get(helper.helper, 0), weights.unused_at_most)
        knows = (need.key, helper.helper) in self.knows
        return (
            self._distance(need, helper)
            + self._scarcity(need, helper)
            + weights.unused_duty * unused
            + (weights.knows_the_case if knows else 0)
        )

    def _distance(self, need: Need, helper: OnDuty) -> int:
        where, organisation = need.municipality, helper.organisation
        if where is None or where in self.rules.own.get(organisation, ()):
            return 0
        near = where in self.rules.region.get(organisation, ())
        given = min(max(0, self.given.get(organisation, 0)), self.weights.given_at_most)
        return (
            self.weights.other_municipality
            + (0 if near else self.weights.other_region)
            + self.weights.has_given * given
        )

    def _scarcity(self, need: Need, helper: OnDuty) -> int:
        weights = self.weights
        spare = Language.SV in helper.languages and need.language is not Language.SV
        boundaries = self.rules.boundaries.get(helper.organisation, DEFAULT)
        guides = need.topic is not None and boundaries[helper.kind][need.topic] is Stance.GUIDES
        staff = helper.kind is HelperKind.STAFF and not self._needs_staff(need, helper)
        return weights.spare_language * spare + weights.only_guides * guides + weights.spare_staff * staff

    def _needs_staff(self, need: Need, helper: OnDuty) -> bool:
        boundaries = self.rules.boundaries.get(helper.organisation, DEFAULT)
        return need.topic is not None and boundaries[HelperKind.VOLUNTEER][need.topic] is not Stance.HANDLES


def help_given(talks: Iterable[tuple[int, str, int]], rules: Rules) -> dict[int, int]:
    """How many more callers of others each organisation has helped than others have helped of its own.

    `talks` are organisation, the caller's municipality, and how many. Who has no municipality of its own is there to give.
    """
    given: Counter[int] = Counter()
    for helping, where, count in talks:
        helped = [key for key, own in rules.own.items() if where in own]
        if helped and helping not in helped:
            given[helping] += count
            given.subtract(dict.fromkeys(helped, count))
    return {key: balance for key, balance in given.items() if rules.own.get(key)}


def choose(needs: Iterable[Need], pool: Collection[OnDuty], rules: Rules, price: Price) -> dict[int, int]:
    """The cheapest assignment (need.key → helper) of as many needs as possible.

    `needs` come in the order of their promises: where not all can be kept, an earlier one is not left out for a later.
    """
    market = _Market(_prices(tuple(needs), pool, rules, price))
    for key in market.prices:
        market.place(key)
    return market.placed


class _Market:
    """The Hungarian method, told as a market: a helper whom several want has a rent, and each need takes the cheapest."""

    def __init__(self, prices: Mapping[int, Mapping[int, int]]) -> None:
        self.prices = prices  # need.key → helper → price
        self.placed: dict[int, int] = {}  # need.key → helper
        self._holder: dict[int, int] = {}  # helper → need.key
        self._rent: defaultdict[int, int] = defaultdict(int)

    def place(self, new: int) -> None:
        """Place one more need in the way that costs all needs together least, if there is a way."""
        asked_by: dict[int, int] = {}
        helper = self._cheapest_way(new, asked_by)
        while helper is not None:
            need = asked_by[helper]
            left = self.placed.get(need)
            self.placed[need], self._holder[helper] = helper, need
            helper = left

    def _cheapest_way(self, new: int, asked_by: dict[int, int]) -> int | None:
        # Dijkstra from the new need to the nearest free helper, over what each change of helpers would cost. With rents
        # counted in, no change is cheaper than none, which is what makes the nearest first right.
        nearest = _Nearest(self._holder)
        nearest.see(0, new, self._offers(new))
        for spent, helper, asking in nearest:
            asked_by[helper] = asking
            if helper not in self._holder:
                self._raise_rents(nearest.reached, spent)
                return helper
            holder = self._holder[helper]
            now_pays = self.prices[holder][helper] + self._rent[helper]
            nearest.see(spent - now_pays, holder, self._offers(holder))
        return None

    def _offers(self, need: int) -> Iterator[tuple[int, int]]:
        return ((helper, price + self._rent[helper]) for helper, price in self.prices[need].items())

    def _raise_rents(self, reached: Mapping[int, int], spent: int) -> None:
        for helper, cost in reached.items():
            self._rent[helper] += spent - cost


class _Nearest:
    """Helpers in order of what reaching them costs; among equals the free ones first, which keeps the search short."""

    def __init__(self, holder: Collection[int]) -> None:
        self.reached: dict[int, int] = {}  # helper → cost
        self._holder = holder
        self._best: dict[int, int] = {}
        self._queue: list[tuple[int, bool, int, int]] = []

    def see(self, spent: int, asking: int, offers: Iterable[tuple[int, int]]) -> None:
        """Note what `asking` would pay for each helper, on top of `spent`."""
        for helper, price in offers:
            cost = spent + price
            if helper not in self._best or cost < self._best[helper]:
                self._best[helper] = cost
                heappush(self._queue, (cost, helper in self._holder, helper, asking))

    def __iter__(self) -> Iterator[tuple[int, int, int]]:
        while self._queue:
            cost, _, helper, asking = heappop(self._queue)
            if helper not in self.reached:
                self.reached[helper] = cost
                yield cost, helper, asking


def _prices(needs: tuple[Need, ...], pool: Collection[OnDuty], rules: Rules, price: Price) -> dict[int, dict[int, int]]:
    # Of n needs, each finds its helper among its n cheapest: the other needs hold at most n - 1 of them.
    return {
        need.key: dict(
            nsmallest(
                len(needs),
                ((helper.helper, price(need, helper)) for helper in pool if may_take(helper, need, rules)),
                key=lambda taker: taker[1],
            )
        )
        for need in needs
    }
