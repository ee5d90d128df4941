"""Small cells: what is not shown, and what else must not be shown so that nobody can work it out. Pure.

A cell under five is hidden. As sums are shown too, others are hidden with it: until no hidden cell follows from the sums, nor
from hidden cells being one at least. Zero is shown; nobody is in it.
"""

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Generic, TypeVar

Key = TypeVar("Key", bound=Hashable)
SMALLEST: Final = 5
_PRIME: Final = 2_147_483_647  # sums are solved in the field of this many numbers, where nothing is rounded


@dataclass(frozen=True, slots=True)
class Sum(Generic[Key]):
    """A cell that is shown to be the sum of others."""

    whole: Key
    parts: frozenset[Key]


@dataclass(frozen=True, slots=True)
class Protected(Generic[Key]):
    """Which cells are hidden; and whether they may be named at all: where they may not, their number alone would tell all."""

    hidden: frozenset[Key]
    named: bool


def is_small(count: int) -> bool:
    """Whether so few are hidden."""
    return 0 < count < SMALLEST


def protect(
    cells: Mapping[Key, int], sums: Collection[Sum[Key]], *, also: Iterable[Key] = (), shown: Collection[Key] = ()
) -> Protected[Key]:
    """What is hidden: small cells, those in `also`, and as many of the next smallest as it takes; never one in `shown`."""
    hidden = {key for key, count in cells.items() if is_small(count) and key not in shown} | set(also)
    named = True
    while True:
        told = [each for each in sums if named or each.whole not in shown]
        leaks = _leaks(cells, told, hidden, named)
        chosen = _next_smallest(cells, leaks, hidden | set(shown))
        if chosen:
            hidden |= chosen
        elif leaks and named:
            named = False
        else:
            return Protected(frozenset(hidden), named)


def hides_whole(parts: Collection[tuple[int, bool]]) -> bool:
    """Whether a sum must be hidden as its parts stand, (count, hidden) each, shown elsewhere and not to be changed."""
    hidden = [count for count, is_hidden in parts if is_hidden]
    return len(hidden) == 1 or (bool(hidden) and sum(hidden) == len(hidden))


def _leaks(
    cells: Mapping[Key, int], sums: Collection[Sum[Key]], hidden: Collection[Key], named: bool
) -> list[Sum[Key]]:
    """The sums that give a hidden cell away."""
    known = _forced(cells, sums, dict.fromkeys(hidden, 1 if named else 0)) or _solved(sums, hidden)
    return [each for each in sums if known & (each.parts | {each.whole})]


def _next_smallest(cells: Mapping[Key, int], leaks: Iterable[Sum[Key]], taken: Collection[Key]) -> set[Key]:
    """One more cell to hide for each of these sums, the whole itself where no part is left; one may do for several."""
    chosen: set[Key] = set()
    for leak in sorted(leaks, key=lambda each: len(each.parts)):
        free = [key for key in leak.parts if key not in taken and cells.get(key, 0)]
        if not free:
            free = [leak.whole] if leak.whole not in taken and cells.get(leak.whole, 0) else []
        if free and chosen.isdisjoint(leak.parts | {leak.whole}):
            chosen.add(min(free, key=lambda key: (cells[key], str(key))))
    return chosen


def _forced(cells: Mapping[Key, int], sums: Iterable[Sum[Key]], least: dict[Key, int]) -> set[Key]:
    """Hidden cells that can have one count only, when each has so many at least."""
    most = dict.fromkeys(least, sum(cells.values()) + 1)
    sums = [each for each in sums if not least.keys().isdisjoint(each.parts | {each.whole})]
    narrowed = True
    while narrowed:
        narrowed = False
        for each in sums:
            for key, low, high in _bounds(cells, each, least, most):
                if low > least[key] or high < most[key]:
                    least[key], most[key], narrowed = max(low, least[key]), min(high, most[key]), True
                if least[key] > most[key]:
                    message = f"the parts do not make up the whole: {each.whole}"
                    raise ValueError(message)
    return {key for key in least if least[key] == most[key]}


def _bounds(
    cells: Mapping[Key, int], each: Sum[Key], least: Mapping[Key, int], most: Mapping[Key, int]
) -> list[tuple[Key, int, int]]:
    """What one sum says of its hidden cells: each with its least and its most."""
    low = sum(least.get(part, cells.get(part, 0)) for part in each.parts)
    high = sum(most.get(part, cells.get(part, 0)) for part in each.parts)
    whole = cells.get(each.whole, 0)
    low_whole, high_whole = least.get(each.whole, whole), most.get(each.whole, whole)
    found = [
        (part, low_whole - (high - most[part]), high_whole - (low - least[part]))
        for part in each.parts
        if part in least
    ]
    return [*found, (each.whole, low, high)] if each.whole in least else found


def _solved(sums: Iterable[Sum[Key]], hidden: Collection[Key]) -> set[Key]:
    """Hidden cells that the sums give exactly, solved together."""
    rows: dict[Key, dict[Key, int]] = {}
    for each in sums:
        row = dict.fromkeys(each.parts & set(hidden), 1)
        if each.whole in hidden:
            row[each.whole] = _PRIME - 1
        row = _without(row, rows)
        if row:
            pivot, factor = next(iter(row.items()))
            inverse = pow(factor, -1, _PRIME)
            row = {key: value * inverse % _PRIME for key, value in row.items()}
            for key in [key for key, other in rows.items() if pivot in other]:
                rows[key] = _without(rows[key], {pivot: row})
            rows[pivot] = row
    return {pivot for pivot, row in rows.items() if len(row) == 1}


def _without(row: Mapping[Key, int], solved: Mapping[Key, Mapping[Key, int]]) -> dict[Key, int]:
    left = dict(row)
    for pivot in row.keys() & solved.keys():
        factor = left[pivot]
        for key, value in solved[pivot].items():
            left[key] = (left.get(key, 0) - factor * value) % _PRIME
    return {key: value for key, value in left.items() if value}
