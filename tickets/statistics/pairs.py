"""Small cells of a table of pairs, giver and receiver: a pair of fewer than five is left out, as if there were none. Pure.

What each organisation gave in all and what each municipality got is taken as known, as other tables tell it unless they hide it.
So for each pair that is not to be known there is another table that would be told just the same, with one less of that pair:
either one less of another organisation's for another municipality too, and one more of both where they cross; or, where the
sums themselves are hidden, one more elsewhere. What is told may forbid none of that.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, product
from typing import Final

from tickets.statistics.figures import ROUNDED_TO, Shown
from tickets.statistics.suppression import is_small

Pair = tuple[str, str]
Part = tuple[int, str]  # what one organisation did for one municipality
PairOf = Callable[[Part], Pair]
_LOWEST: Final = (
    3  # what is so much over a multiple of five is the least that is rounded to the next: it cannot be one less
)


@dataclass(frozen=True, slots=True)
class Unknown:
    """The organisations and the municipalities of which no table tells how much they gave, or got."""

    givers: Collection[int] = ()
    receivers: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class SeenPairs:
    """Which pairs are left out, and which are not exact: those, and what is rounded; untold: nothing may be said of any."""

    pairs: Mapping[Pair, int]
    hidden: frozenset[Pair]
    vague: frozenset[Pair]
    told: bool

    def shown(self, pair: Pair) -> Shown:
        """How a pair is shown."""
        if pair in self.hidden:
            return Shown.HIDDEN
        return Shown.ROUNDED if pair in self.vague else Shown.EXACT


def protect_pairs(
    parts: Mapping[Part, int], pair_of: PairOf, unknown: Unknown, telling: Callable[[Pair], bool] | None = None
) -> SeenPairs:
    """What may be told of pairs; those that are `telling` are not told exactly, or they would give others away."""
    table = _Table(parts, pair_of, unknown, telling)
    pairs = table.pairs
    if not table.protect():
        return SeenPairs(pairs, frozenset(pairs), frozenset(pairs), told=False)
    return SeenPairs(pairs, frozenset(table.hidden), frozenset(table.vague), told=True)


class _Table:
    """Pairs of which more and more are left out, until there are enough."""

    def __init__(
        self, parts: Mapping[Part, int], pair_of: PairOf, unknown: Unknown, telling: Callable[[Pair], bool] | None
    ) -> None:
        self._given: dict[int, set[str]] = defaultdict(set)  # to whom each gave anything
        self._got: dict[str, int] = defaultdict(int)
        self._pair = {part: pair_of(part) for part, count in parts.items() if count}
        pairs: dict[Pair, int] = defaultdict(int)
        for part, pair in self._pair.items():
            self._given[part[0]].add(part[1])
            self._got[part[1]] += parts[part]
            pairs[pair] += parts[part]
        self.pairs, self._unknown = Counter(pairs), unknown
        not_exact = set(filter(telling, self.pairs)) if telling else set()
        lowest = {pair for pair in not_exact if self.pairs[pair] % ROUNDED_TO == _LOWEST}
        small = {pair for pair, count in self.pairs.items() if is_small(count)}
        self.vague, self.hidden = not_exact, small | lowest | set(self._owns())
        if self.vague or self.hidden:
            self._lay_out(pair_of)

    def _lay_out(self, pair_of: PairOf) -> None:
        """What may stand in the way of what."""
        self._pair |= {part: pair_of(part) for part in product(self._given, self._got) if part not in self._pair}
        self._parts: dict[Pair, list[Part]] = defaultdict(list)
        for part, pair in self._pair.items():
            self._parts[pair].append(part)
        self._told = {by: {to for to in self._got if self._pair[by, to] in self.pairs} for by in self._given}
        self._loose: dict[int, set[str]] = {by: set() for by in self._given}  # what each gave and could be less
        self._loosen(self.vague)
        self._leave_out(self.hidden)

    def protect(self) -> bool:
        """Leave out the pairs of the fewest until whatever is not exact could be less; whether that could be reached.

        So could what little somebody got, or the pairs would tell what the sums do not.
        """
        few = sorted(name for name in self._unknown.receivers if is_small(self._got.get(name, 0)))
        pairs = sorted(self.vague, key=lambda pair: (self.pairs[pair], pair))
        return all(map(self._let_pair_be_less, pairs)) and all(map(self._let_sum_be_less, few))

    def _owns(self) -> Iterator[Pair]:
        """What towns do for their own, where it would tell how few others they helped, or how few others helped there."""
        given, received = Counter[str](), Counter[str]()
        owns = {pair for pair in self.pairs if pair[0] == pair[1]}
        towns = {name for name, _ in owns}
        for (giver, receiver), count in self.pairs.items():
            if giver != receiver:
                if giver in towns:
                    given[giver] += count
                if receiver in towns:
                    received[receiver] += count
        return (own for own in owns if is_small(given[own[0]]) or is_small(received[own[0]]))

    def _let_pair_be_less(self, pair: Pair) -> bool:
        mine = [part for part in self._parts[pair] if part[1] in self._given[part[0]]]
        if any(self._crosses(part) or self._moves(part) for part in mine):
            return True
        crossings = (self._fewest_crossing(part) for part in mine)
        elsewhere = chain.from_iterable(map(self._elsewhere, mine))
        return self._leave_out_fewest([*filter(None, crossings), *elsewhere])

    def _let_sum_be_less(self, receiver: str) -> bool:
        ways = [
            other
            for by in self._given
            if receiver in self._given[by]
            for other in self._elsewhere((by, receiver))
            if other[0][1] != receiver
        ]
        return any(to not in self._told[by] for ((by, to),) in ways) or self._leave_out_fewest(ways)

    def _crosses(self, part: Part) -> bool:
        """Whether one less of another's for another, and one more of both where they cross, would be told the same."""
        by, to = part
        return any(
            to not in self._told[other] and self._pair[other, to] != self._pair[part] and loose - self._told[by] - {to}
            for other, loose in self._loose.items()
            if other != by
        )

    def _moves(self, part: Part) -> bool:
        """Whether one more elsewhere, where sums are hidden, would be told the same."""
        return any(to not in self._told[by] for ((by, to),) in self._elsewhere(part))

    def _fewest_crossing(self, part: Part) -> tuple[Part, ...]:
        """Where one less of another's and one more of both stand in the way of the fewest matters; empty: nowhere."""
        by, to = part
        others = [one for one in self._given if one != by and self._pair[one, to] != self._pair[part]]
        thirds = sorted((self._in_the_way((by, third)), third) for third in self._got if third != to)
        fewest, found = 0, None
        for cost, other in sorted((self._in_the_way((other, to)), other) for other in others):
            for more, third in thirds:
                if found and cost + more >= fewest:
                    break
                here = cost + more + self._in_the_way((other, third))
                if third in self._given[other] and (not found or here < fewest):
                    fewest, found = here, (other, third)
        return (found, (by, found[1]), (found[0], to)) if found else ()

    def _in_the_way(self, part: Part) -> int:
        """How many matters are told there."""
        return self.pairs[self._pair[part]] if part[1] in self._told[part[0]] else 0

    def _elsewhere(self, part: Part) -> Iterator[tuple[Part]]:
        givers = self._unknown.givers if part[0] in self._unknown.givers else part[:1]
        receivers = self._unknown.receivers if part[1] in self._unknown.receivers else part[1:]
        return ((other,) for other in product(givers, receivers) if self._pair[other] != self._pair[part])

    def _leave_out_fewest(self, ways: Iterable[tuple[Part, ...]]) -> bool:
        """Leave out what stands in one way, that with the fewest matters; whether there is any."""
        best = min(((sum(map(self._in_the_way, way)), way) for way in ways), default=None)
        if best is not None:
            self._leave_out({self._pair[part] for part in best[1] if self.pairs[self._pair[part]]})
        return best is not None

    def _leave_out(self, pairs: Collection[Pair]) -> None:
        """Leave more out, which is never less safe."""
        self.hidden |= set(pairs)
        self._loosen(pairs)
        for by, to in chain.from_iterable(self._parts[pair] for pair in pairs):
            self._told[by].discard(to)

    def _loosen(self, pairs: Collection[Pair]) -> None:
        self.vague |= set(pairs)
        for by, to in chain.from_iterable(self._parts[pair] for pair in pairs):
            if to in self._given[by]:
                self._loose[by].add(to)
