"""Help between municipalities: whose helpers helped whose people. Pure but for the reading."""

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.network import Organisation
from tickets.statistics.figures import Figure, Shown
from tickets.statistics.pairs import Pair, PairOf, Part, SeenPairs, Unknown, protect_pairs
from tickets.statistics.periods import Period
from tickets.statistics.reading import helped
from tickets.statistics.suppression import SMALLEST, hides_whole, is_small
from tickets.statistics.tables import TOTAL, Cell, Seen, all_of, look_at

_HIDDEN: Final = Figure(None, hidden=True)
_NOBODY: Final = ("", frozenset[str]())


@dataclass(frozen=True, slots=True)
class Help:
    """Matters of one municipality's people that another's helpers saw to; empty: of the whole network, or not told."""

    giver: str
    receiver: str
    events: Figure


@dataclass(frozen=True, slots=True)
class Balance:
    """What a municipality's helpers did for its own people; what at least for others', in the pairs that are told; what others
    did for its people; and what was done for its people in all."""

    municipality: str
    own: Figure
    given_at_least: Figure
    received: Figure
    for_its_people: Figure


@dataclass(frozen=True, slots=True)
class HelpTable:
    """The pairs that may be told, and each municipality's balance; where nothing of them may be told, only the total."""

    period: Period
    pairs: tuple[Help, ...]
    balances: tuple[Balance, ...]
    total: Figure
    named: bool


def help_between(session: Session, network_id: int, period: Period) -> HelpTable:
    """Who helped whom in a period, by the municipality of the helper's organisation and that of the caller."""
    rows = session.execute(select(Organisation.id, Organisation.serves).where(Organisation.network_id == network_id))
    served = {row.id: tuple(row.serves) for row in rows}
    return help_table(period, helped(session, network_id, period, (0, *served)), served)


def help_table(
    period: Period, counts: Mapping[date, Mapping[Part, int]], served: Mapping[int, tuple[str, ...]]
) -> HelpTable:
    """The table of what each organisation did for each municipality, month by month.

    An organisation's helper gives for the caller's municipality where it serves that, else for the first that it serves; one
    that serves no municipality gives for the network.
    """
    serving = {organisation: (next(iter(serves), ""), frozenset(serves)) for organisation, serves in served.items()}
    seen = _look_at_pairs(period, counts, partial(_pair, serving))
    got = look_at(period, _sums(counts, 1), all_of)
    total = sum(seen.pairs.values())
    shown = {pair: Figure.of(seen.pairs[pair], seen.shown(pair)) for pair in sorted(seen.pairs.keys() - seen.hidden)}
    return HelpTable(
        period,
        tuple(Help(*pair, figure) for pair, figure in shown.items()),
        _balances(shown, got, frozenset().union(*served.values())) if seen.told and got.named else (),
        Figure.of(total, Shown.HIDDEN if is_small(total) else Shown.EXACT),
        seen.told,
    )


def _pair(serving: Mapping[int, tuple[str, frozenset[str]]], part: Part) -> Pair:
    organisation, receiver = part
    first, served = serving.get(organisation, _NOBODY)
    return receiver if receiver in served else first, receiver


def _look_at_pairs(period: Period, counts: Mapping[date, Mapping[Part, int]], pair_of: PairOf) -> SeenPairs:
    """What may be told of a period's pairs, so that with its months and quarters none of theirs is given away."""
    parts: Counter[Part] = Counter()
    for month in period.each_month:
        parts.update(counts.get(month.begins, {}))
    sides = (look_at(period, _sums({period.begins: parts}, at), all_of, over_time=False) for at in (0, 1))
    gave, got = ({cell[0] for cell in side.hidden - {TOTAL}} for side in sides)
    shorter = [_look_at_pairs(part, counts, pair_of) for part in period.parts]
    return protect_pairs(
        parts,
        pair_of,
        Unknown(frozenset(map(int, gave)), frozenset(got)),
        (lambda pair: hides_whole([(part.pairs.get(pair, 0), pair in part.vague) for part in shorter]))
        if shorter
        else None,
    )


def _sums(counts: Mapping[date, Mapping[Part, int]], at: int) -> dict[date, dict[Cell, int]]:
    """What each organisation gave in all, or each municipality got."""
    sums: dict[date, dict[Cell, int]] = {}
    for month, parts in counts.items():
        names: dict[int | str, int] = defaultdict(int)
        for part, count in parts.items():
            names[part[at]] += count
        sums[month] = {(str(name),): count for name, count in names.items()}
    return sums


def _balances(shown: Mapping[Pair, Figure], got: Seen, served: Collection[str]) -> tuple[Balance, ...]:
    """Of each municipality of which anything may be told."""
    given: dict[str, list[Figure]] = defaultdict(list)
    for (giver, receiver), figure in shown.items():
        if giver != receiver:
            given[giver].append(figure)
    places = sorted({*given, *(name for name, *_ in got.cells if (name,) != TOTAL)} - {""})
    balances = [_balance(place, given[place], shown, got, served) for place in places]
    return tuple(one for one in balances if one.given_at_least.number or not one.for_its_people.hidden)


def _balance(
    place: str, given: Collection[Figure], shown: Mapping[Pair, Figure], got: Seen, served: Collection[str]
) -> Balance:
    """Nothing is told to be none but where nobody could have helped: who is told none is not among the few."""
    own = shown.get((place, place), _HIDDEN) if place in served else Figure(0)
    count = got.cells.get((place,), 0)
    people = Figure.of(count, got.shown((place,))) if count else _HIDDEN
    at_least = Figure(sum(one.number or 0 for one in given), rounded=any(one.rounded for one in given))
    return Balance(place, own, at_least, _less(people, own), people)


def _less(whole: Figure, own: Figure) -> Figure:
    """What is left, worked out from nothing but what is told."""
    if whole.number is None or own.number is None:
        return _HIDDEN
    left, rounded = whole.number - own.number, whole.rounded or own.rounded
    return _HIDDEN if left < SMALLEST and (left or rounded) else Figure(left, rounded=rounded)
