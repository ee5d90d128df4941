"""The report: one table by one dimension over one period, with what is small hidden. Pure."""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

from tickets.municipalities import Area, by_code
from tickets.statistics.dimensions import AREAS, Dimension, Measure
from tickets.statistics.figures import COUNTED, MonthSums, Row, Shown, Sums, added, count_of, row_of
from tickets.statistics.periods import Period
from tickets.statistics.suppression import SMALLEST, Sum, hides_whole, is_small, protect

Cell = tuple[str, ...]
Counts = Mapping[date, Mapping[Cell, int]]  # what is counted, by month
SumsOf = Callable[[Mapping[Cell, int]], list[Sum[Cell]]]
TOTAL: Final[Cell] = ("total",)


@dataclass(frozen=True, slots=True)
class Seen:
    """Which cells of a period are hidden, and which are not exact: those, and what is rounded. `cells` are with the wholes."""

    hidden: frozenset[Cell]
    vague: frozenset[Cell]
    named: bool
    cells: Mapping[Cell, int]

    def shown(self, cell: Cell) -> Shown:
        """How a cell is shown."""
        if cell in self.hidden:
            return Shown.HIDDEN
        return Shown.ROUNDED if cell in self.vague else Shown.EXACT


@dataclass(frozen=True, slots=True)
class Table:
    """Rows by one dimension, the total over all of them, and whether hidden rows may be named; an unnamed one is left out.

    Where a matter may have several values (topics), the rows sum up to more than the total.
    """

    by: Dimension
    period: Period
    rows: tuple[Row, ...]
    total: Row
    named: bool


def table(by: Dimension, period: Period, months: Collection[MonthSums], totals: Collection[MonthSums]) -> Table:
    """A table of the sums of its months, with small cells hidden as for a list that is shown with its total."""
    return _table(by, period, months, totals, all_of)


def area_table(
    by: Dimension, period: Period, areas: Mapping[Dimension, Collection[MonthSums]], totals: Collection[MonthSums]
) -> Table:
    """A table by areas: as those of the other kinds are shown too, a cell is hidden in all of them or in none."""
    months = [
        MonthSums(one.month, f"{kind}:{one.value}" if one.value else "", one.organisation_id, one.sums)
        for kind in AREAS
        for one in areas[kind]
        if one.value or kind is by
    ]
    return _table(by, period, months, totals, _nested)


def months_table(period: Period, totals: Collection[MonthSums]) -> Table:
    """The months of a period, one after the other."""
    named = [MonthSums(one.month, f"{one.month:%Y-%m}", one.organisation_id, one.sums) for one in totals]
    return _table(Dimension.MONTH, period, named, totals, all_of, in_time=True)


def weeks_table(period: Period, weeks: Collection[MonthSums]) -> Table:
    """The weeks that begin in a period; their total is of them and not of the period."""
    mondays = {monday.isoformat() for monday in period.mondays}
    mine = [MonthSums(period.begins, one.value, 0, one.sums) for one in weeks if one.value in mondays]
    return _table(Dimension.WEEK, period, mine, mine, all_of, in_time=True)


def _table(
    by: Dimension,
    period: Period,
    months: Collection[MonthSums],
    totals: Collection[MonthSums],
    sums_of: SumsOf,
    in_time: bool = False,
) -> Table:
    seen = {
        measure: look_at(
            period,
            counts_of(months, lambda one: (one.value,), measure),
            sums_of,
            over_time=measure is Measure.EVENTS and not in_time,
        )
        for measure in COUNTED
    }
    everything = added(one.sums for one in totals)
    total = row_of("", everything, {measure: _total_of(everything, measure, seen[measure]) for measure in COUNTED})
    rows = []
    for value, sums in sorted(_by_value(months, by).items()):
        cell = (_cell_value(value, by),)
        shown = {measure: seen[measure].shown(cell) for measure in COUNTED}
        if seen[Measure.EVENTS].named or shown[Measure.EVENTS] is not Shown.HIDDEN:
            rows.append(row_of(value, sums, shown))
    return Table(by, period, tuple(rows), total, seen[Measure.EVENTS].named)


def _total_of(total: Sums, measure: Measure, seen: Seen) -> Shown:
    """A total that would give its parts away is hidden; that of the events is shown, and the parts are not named."""
    small = is_small(count_of(total, measure))
    return Shown.HIDDEN if small or (measure is not Measure.EVENTS and not seen.named) else Shown.EXACT


def _by_value(months: Iterable[MonthSums], by: Dimension) -> dict[str, Sums]:
    several = defaultdict(list)
    for one in months:
        kind, colon, code = one.value.partition(":")
        if by not in AREAS or not colon:
            several[one.value].append(one.sums)
        elif kind == by:
            several[code].append(one.sums)
    return {value: added(sums) for value, sums in several.items()}


def _cell_value(value: str, by: Dimension) -> str:
    return f"{by}:{value}" if by in AREAS and value else value


def counts_of(months: Iterable[MonthSums], cell_of: Callable[[MonthSums], Cell], measure: Measure) -> Counts:
    """What is counted in each month, cell by cell."""
    counts: dict[date, Counter[Cell]] = defaultdict(Counter)
    for one in months:
        counts[one.month][cell_of(one)] += count_of(one.sums, measure)
    return counts


def look_at(period: Period, counts: Counts, sums_of: SumsOf, *, over_time: bool = True) -> Seen:
    """What may be shown of a period; `over_time`: so that its quarters and months, shown on their own, give nothing of each
    other away."""
    cells = _together(counts.get(month.begins, {}) for month in period.each_month)
    if not any(cells.values()):
        return Seen(frozenset(), frozenset(), named=True, cells=_with_wholes(cells, sums_of(cells)) if cells else {})
    sums = sums_of(cells)
    full = _with_wholes(cells, sums)
    shown = {TOTAL} if full.get(TOTAL, 0) >= SMALLEST else set()
    mine = protect(full, sums, shown=shown)
    parts = [look_at(part, counts, sums_of) for part in period.parts] if over_time else []
    telling = {cell for cell in full if hides_whole([(part.cells.get(cell, 0), cell in part.vague) for part in parts])}
    telling -= mine.hidden | shown
    vague = protect(full, sums, also=mine.hidden | telling, shown=shown).hidden if telling else mine.hidden
    return Seen(mine.hidden, vague, mine.named, full)


def _with_wholes(cells: Mapping[Cell, int], sums: Collection[Sum[Cell]]) -> dict[Cell, int]:
    full = dict(cells)
    for each in sums:
        full.setdefault(each.whole, sum(full.get(part, 0) for part in each.parts))
    return full


def _together(counts: Iterable[Mapping[Cell, int]]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    for one in counts:
        cells.update(one)
    return cells


def all_of(cells: Mapping[Cell, int]) -> list[Sum[Cell]]:
    """The sum over all cells of a list."""
    return [Sum(TOTAL, frozenset(cells))]


def _nested(cells: Mapping[Cell, int]) -> list[Sum[Cell]]:
    """Municipalities in sub-regions in regions, and in counties; a sum that a merger of municipalities made untrue is none."""
    parts: dict[Cell, set[Cell]] = defaultdict(set)
    for cell in cells:
        place = by_code(cell[0].removeprefix(f"{Dimension.MUNICIPALITY}:")) if ":" in cell[0] else None
        if place is not None:
            subregion, region = _area(Dimension.SUBREGION, place.subregion), _area(Dimension.REGION, place.region)
            county = _area(Dimension.WELLBEING_COUNTY, place.wellbeing_county)
            parts[subregion].add(cell)
            parts[region].add(subregion)
            parts[county].add(cell)
    nested = [Sum(whole, frozenset(mine)) for whole, mine in parts.items()]
    true = [each for each in nested if cells.get(each.whole) == sum(cells.get(part, 0) for part in each.parts)]
    tops = [
        Sum(TOTAL, frozenset(cell for cell in cells if cell == ("",) or cell[0].startswith(f"{kind}:")))
        for kind in (Dimension.REGION, Dimension.WELLBEING_COUNTY)
    ]
    return true + tops


def _area(kind: Dimension, area: Area) -> Cell:
    return (f"{kind}:{area.code}",)
