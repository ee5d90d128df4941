"""Nobody can work out a pair of few: every table of help that the told one could come from is tried, in small."""

from collections import Counter
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import product

from hypothesis import assume, example, given
from hypothesis import strategies as st

from tickets.statistics.between import HelpTable, help_table
from tickets.statistics.figures import Figure
from tickets.statistics.periods import Period
from tickets.statistics.suppression import is_small
from tickets.statistics.tables import TOTAL, all_of, look_at

Part = tuple[int, str]
Told = Mapping[tuple[str, str], Figure]
OCTOBER, NOVEMBER, QUARTER = date(2026, 10, 1), date(2026, 11, 1), Period.read("2026-Q4")
# Each for its own; two for the same; one for several; one for everybody.
SERVED = [
    {1: ("A",), 2: ("B",)},
    {1: ("A", "B"), 2: ("B",)},
    {1: ("A", "B", "C"), 2: ()},
    {1: ("A",), 2: ("A",)},
    {1: ("A", "B"), 2: ("C",)},
    {1: ("A",), 2: ("A",), 3: ("B",)},
    {1: ("A", "B"), 2: (), 3: ("B",)},
]
counts_of = st.lists(st.sampled_from([0, 0, 1, 2, 3, 4, 5, 7, 12]), min_size=6, max_size=6)


def as_parts(counts: list[int], served: Mapping[int, tuple[str, ...]]) -> dict[Part, int]:
    places = "ABC"[: len(counts) // len(served)]
    return dict(zip(product(served, places), counts, strict=True))


def told_of(parts: Mapping[Part, int], served: Mapping[int, tuple[str, ...]]) -> HelpTable:
    return help_table(Period.month_of(NOVEMBER), {NOVEMBER: +Counter(parts)}, served)


def pair_of(part: Part, served: Mapping[int, tuple[str, ...]]) -> tuple[str, str]:
    serves = served[part[0]]
    return (part[1] if part[1] in serves else serves[0] if serves else ""), part[1]


def possible(parts: dict[Part, int], rules: list[tuple[set[Part], int]]) -> Iterator[dict[Part, int]]:
    """All tables of which the sums of these parts are known."""
    names, total = list(parts), sum(parts.values())

    def go_on(table: dict[Part, int]) -> Iterator[dict[Part, int]]:
        room = total
        for of, whole in rules:
            left = whole - sum(table.get(part, 0) for part in of)
            if left < 0 or (left and of <= table.keys()):
                return
            if len(table) < len(names) and names[len(table)] in of:
                room = min(room, left)
        if len(table) == len(names):
            yield table
            return
        for count in range(room + 1):
            yield from go_on({**table, names[len(table)]: count})

    return go_on({})


def known(
    parts: dict[Part, int], told: HelpTable, served: Mapping[int, tuple[str, ...]]
) -> list[tuple[set[Part], int]]:
    """What is told, and what other tables tell: all that each organisation gave and each municipality got, but for the few."""
    rules = [(set(parts), sum(parts.values()))]
    for at in (0, 1):
        sums: Counter[tuple[str, ...]] = Counter()
        for part, count in parts.items():
            sums[str(part[at]),] += count
        hidden = look_at(told.period, {NOVEMBER: +sums}, all_of).hidden - {TOTAL}
        rules += [
            ({part for part in parts if str(part[at]) == cell[0]}, n) for cell, n in sums.items() if cell not in hidden
        ]
    for one in told.pairs:
        mine = {part for part in parts if pair_of(part, served) == (one.giver, one.receiver)}
        rules.append((mine, int(one.events.number or 0)))
    for balance in told.balances:
        if balance.for_its_people.number is not None:
            mine = {part for part in parts if part[1] == balance.municipality}
            rules.append((mine, int(balance.for_its_people.number)))
        for figure, own in ((balance.own, True), (balance.received, False)):
            if figure.number is not None:
                place = balance.municipality
                to_it = {part for part in parts if part[1] == place}
                rules.append(
                    ({part for part in to_it if (pair_of(part, served) == (place, place)) is own}, int(figure.number))
                )
    return rules


def facts(parts: Mapping[Part, int], served: Mapping[int, tuple[str, ...]]) -> Counter[tuple[str, ...]]:
    """What is not to be known where it is of few: each pair, what others did for a town that helps its own, all done for one."""
    found = Counter[tuple[str, ...]]()
    for part, count in parts.items():
        giver, receiver = pair_of(part, served)
        found[giver, receiver] += count
        found["got", "by", receiver] += count
        if giver != receiver and any(receiver in serves for serves in served.values()):
            found["received", "by", receiver, "besides"] += count
    return found


@given(counts_of, st.sampled_from(SERVED))
@example([12, 3, 0, 12, 12, 0], SERVED[0])
@example([12, 3, 7, 0, 12, 7], SERVED[0])
@example([7, 12, 3, 0, 12, 12], SERVED[1])
@example([3, 12, 12, 0, 0, 0], SERVED[2])
@example([1, 2, 2, 1, 12, 12], {1: ("A",), 2: ("A",), 3: ()})
@example([12, 0, 3, 0, 12, 0], SERVED[0])
@example([3, 5, 0, 0, 5, 3, 0, 5, 40], {1: ("A",), 2: (), 3: ("C",)})
def test_no_pair_of_few_follows_from_what_is_told(counts: list[int], served: Mapping[int, tuple[str, ...]]) -> None:
    parts = as_parts(counts, served)
    told = told_of(parts, served)
    if sum(counts) and is_small(sum(counts)):
        assert (told.total.hidden, told.pairs) == (True, ())
        return
    true = facts(parts, served)
    doubtful = {fact for fact, count in true.items() if is_small(count)} if told.named else set()
    for table in possible(parts, known(parts, told, served)):
        here = facts(table, served)
        doubtful = {fact for fact in doubtful if here[fact] == true[fact]}
        if not doubtful:
            break
    assert doubtful == set()


@given(st.lists(counts_of, min_size=3, max_size=3), st.sampled_from(SERVED))
def test_a_quarter_does_not_tell_the_pair_of_its_one_small_month(
    months: list[list[int]], served: Mapping[int, tuple[str, ...]]
) -> None:
    events = {
        month.begins: +Counter(as_parts(counts, served))
        for month, counts in zip(QUARTER.each_month, months, strict=True)
    }
    told = {(one.giver, one.receiver): one.events for one in help_table(QUARTER, events, served).pairs}
    shown = [{(one.giver, one.receiver): one.events for one in help_table(month, events, served).pairs}
             for month in QUARTER.each_month]  # fmt: skip
    for pair, figure in told.items():
        left_out = [
            count
            for month, counts in zip(shown, months, strict=True)
            if (count := sum(n for part, n in as_parts(counts, served).items() if pair_of(part, served) == pair))
            and pair not in month
        ]
        gives_away = len(left_out) == 1 or (left_out and sum(left_out) == len(left_out))
        assert figure.rounded or not gives_away, pair


@given(counts_of, st.sampled_from(SERVED))
def test_what_is_told_of_help_is_so(counts: list[int], served: Mapping[int, tuple[str, ...]]) -> None:
    parts = as_parts(counts, served)
    told = told_of(parts, served)
    assume(told.named)
    pairs = Counter[tuple[str, str]]()
    for part, count in parts.items():
        pairs[pair_of(part, served)] += count
    assert all(one.events == Figure(pairs[one.giver, one.receiver]) for one in told.pairs)
    assert not [one for one in told.pairs if is_small(int(one.events.number or 0))]
    for one in told.balances:
        others = {pair: count for pair, count in pairs.items() if pair[1] == one.municipality != pair[0]}
        assert one.received.hidden or one.received.number == sum(others.values())
        assert not is_small(int(one.received.number or 0))


def test_the_common_pairs_of_a_month_of_few_are_told() -> None:
    """Fifteen towns that help sixty, mostly a few each: what is common is told, and nothing else is."""
    towns = [f"{number:03}" for number in range(60)]
    served = {number: (towns[number],) for number in range(15)}
    parts = {
        (by, to): 40 + by if to == towns[by] else 11 if number % 7 == by % 7 else (by * number) % 5
        for by in served
        for number, to in enumerate(towns)
    }
    told = told_of(parts, served)
    common = {pair_of(part, served) for part, count in parts.items() if count >= 5}
    assert len(common) > 100
    assert {(one.giver, one.receiver) for one in told.pairs} == common
    assert len([one for one in told.balances if one.for_its_people.number]) == 60
