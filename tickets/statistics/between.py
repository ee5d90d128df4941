"""Help between municipalities: whose helpers helped whose people. Pure but for the reading."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.network import Organisation
from tickets.statistics.dimensions import Kept, Measure
from tickets.statistics.figures import Figure, MonthSums, Shown
from tickets.statistics.periods import Period
from tickets.statistics.reading import sums_of
from tickets.statistics.suppression import Sum, is_small
from tickets.statistics.tables import TOTAL, Cell, Seen, counts_of, look_at

GIVER, RECEIVER, PAIR = "giver", "receiver", "pair"


@dataclass(frozen=True, slots=True)
class Help:
    """Matters of one municipality's people that another's helpers saw to; empty: of the whole network, or not told."""

    giver: str
    receiver: str
    events: Figure


@dataclass(frozen=True, slots=True)
class Balance:
    """What a municipality's helpers did for others, others' for its people, and its own for its own."""

    municipality: str
    own: Figure
    given: Figure
    received: Figure


@dataclass(frozen=True, slots=True)
class HelpTable:
    """All pairs, and each municipality's balance; where cells may not be named, only the total is left."""

    period: Period
    pairs: tuple[Help, ...]
    balances: tuple[Balance, ...]
    total: Figure
    named: bool


def help_between(session: Session, network_id: int, period: Period) -> HelpTable:
    """Who helped whom in a period, by the municipality of the helper's organisation and that of the caller."""
    rows = session.execute(select(Organisation.id, Organisation.serves).where(Organisation.network_id == network_id))
    served = {row.id: tuple(row.serves) for row in rows}
    months = sums_of(session, network_id, period, Kept.HELPED_IN, organisations=(0, *served), with_waits=False)
    return help_table(period, months, served)


def help_table(period: Period, months: Collection[MonthSums], served: Mapping[int, tuple[str, ...]]) -> HelpTable:
    """The table of these sums. An organisation's helper gives for the caller's municipality where it serves that, else for
    the first that it serves; one that serves no municipality gives for the network."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in months:
        pairs[_pair(one, served)] += one.sums.events
    counts = counts_of(months, lambda one: (PAIR, *_pair(one, served)), Measure.EVENTS)
    seen = look_at(period, counts, _rows_and_columns)
    total = sum(pairs.values())
    return HelpTable(
        period,
        tuple(
            Help(*pair, Figure.of(count, seen.shown((PAIR, *pair))))
            for pair, count in sorted(pairs.items())
            if seen.named or (PAIR, *pair) not in seen.hidden
        ),
        tuple(_balances(pairs, seen)) if seen.named else (),
        Figure.of(total, Shown.HIDDEN if is_small(total) else Shown.EXACT),
        seen.named,
    )


def _pair(one: MonthSums, served: Mapping[int, tuple[str, ...]]) -> tuple[str, str]:
    serves = served.get(one.organisation_id, ())
    return one.value if one.value in serves else next(iter(serves), ""), one.value


def _rows_and_columns(cells: Mapping[Cell, int]) -> list[Sum[Cell]]:
    """What each gives and receives is shown with the pairs, both with what it does for its own and without."""
    groups: dict[Cell, set[Cell]] = defaultdict(set)
    for cell in cells:
        _, giver, receiver = cell
        groups[GIVER, giver].add(cell)
        groups[RECEIVER, receiver].add(cell)
        if giver != receiver:
            groups["given", giver].add(cell)
            groups["received", receiver].add(cell)
    rows = [Sum(whole, frozenset(parts)) for whole, parts in groups.items()]
    tops = [Sum(TOTAL, frozenset(whole for whole in groups if whole[0] == side)) for side in (GIVER, RECEIVER)]
    return rows + tops


def _balances(pairs: Mapping[tuple[str, str], int], seen: Seen) -> Iterable[Balance]:
    for place in sorted({name for pair in pairs for name in pair} - {""}):
        given = sum(count for (giver, receiver), count in pairs.items() if giver == place != receiver)
        received = sum(count for (giver, receiver), count in pairs.items() if receiver == place != giver)
        yield Balance(
            place,
            Figure.of(pairs.get((place, place), 0), seen.shown((PAIR, place, place))),
            Figure.of(given, seen.shown(("given", place))),
            Figure.of(received, seen.shown(("received", place))),
        )
