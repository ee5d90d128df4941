"""A report in words: each figure written once, for the table and for the picture alike."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import dropwhile
from typing import Final

from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from admin.reports.chart import Bars, Line, Point, bars, line
from admin.statistics.sheets import HIDDEN
from admin.wording import page_language
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.figures import Figure, Row
from tickets.statistics.periods import MONTH, QUARTER, Period
from tickets.statistics.tables import Table
from tickets.vocabulary import PageLanguage

SHARES: Final = frozenset({Measure.SAME_DAY_SHARE, Measure.KEPT_SHARE, Measure.SOLVED_SHARE, Measure.HELPED_SHARE})
NOTHING: Final = "–"
_OF_FINNISH_MONTHS: Final = "kuu"  # said once: loka–joulukuu
Spans = Sequence[tuple[str, float, float]]


@dataclass(frozen=True, slots=True)
class TableLine:
    """A line of a report: the value that it is of, its name, and the figure of each measure, written and as a number."""

    value: str
    name: str
    cells: Sequence[str]
    numbers: Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Told:
    """A report as it is shown: its lines, the total, and the picture of its first measure."""

    by: Dimension
    period: Period
    measures: Sequence[Measure]
    lines: Sequence[TableLine]
    total: TableLine
    picture: Bars | Line
    named: bool

    @property
    def in_words(self) -> str:
        """The period as people write it."""
        return in_words(self.period)

    @property
    def over_time(self) -> bool:
        """Whether the picture is a line."""
        return isinstance(self.picture, Line)


def told(table: Table, names: Mapping[str, str], measures: Sequence[Measure], spans: Spans = ()) -> Told:
    """A table in words; `spans` are marked over its picture where that is of times."""
    lines = list(_lines(table, names, measures))
    total = _line("", "", table.total, measures)
    return Told(table.by, table.period, measures, lines, total, _picture(table.by, lines, spans), table.named)


def written(figure: Figure, measure: Measure) -> str:
    """A figure as it is read; three dots where it may not be told, a dash where there is nothing to tell."""
    locale = str(page_language())
    if figure.hidden:
        return HIDDEN
    if figure.number is None:
        return NOTHING
    if measure in SHARES:
        return str(format_percent(figure.number, locale=locale))
    about = "~" if figure.rounded else ""
    number = format_decimal(figure.number, locale=locale)
    return f"{about}{number} min" if measure is Measure.MEDIAN_WAIT else f"{about}{number}"


def told_number(number: float) -> str:
    """A figure from elsewhere as it is written here."""
    return str(format_decimal(number, locale=str(page_language()), decimal_quantization=False))


def typed_number(number: float) -> str:
    """The same as a form takes it: whole, and without marks between the thousands, which are a decimal point elsewhere."""
    language = str(page_language())
    return str(format_decimal(number, locale=language, decimal_quantization=False, group_separator=False))


def in_words(period: Period) -> str:
    """A period as people write it: "2026", "loka–joulukuu 2026", "marraskuu 2026"; several years as 2025–2026."""
    if period.months not in (MONTH, QUARTER):
        return period.name
    months = [_month(part) for part in (period.each_month[0], period.each_month[-1])]
    first, last = months[0], months[-1]
    if first == last:
        return f"{last} {period.begins.year}"
    return f"{first.removesuffix(_OF_FINNISH_MONTHS)}–{last} {period.begins.year}"


def _month(month: Period) -> str:
    return str(format_date(month.begins, "LLLL", locale=page_language().value))


def _picture(by: Dimension, lines: Sequence[TableLine], spans: Spans) -> Bars | Line:
    """A line where the lines of the table are times, else bars, the longest first."""
    points = [Point(one.name, one.numbers[0], one.cells[0]) for one in lines]
    if by in (Dimension.MONTH, Dimension.WEEK):
        return line(points, spans)
    return bars(sorted(points, key=lambda point: -(point.number or 0)))


def _lines(table: Table, names: Mapping[str, str], measures: Sequence[Measure]) -> Iterator[TableLine]:
    known = {row.value: row for row in table.rows}
    for value in _values(table):
        name = _name(table.by, value, names.get(value, value))
        if value in known:
            yield _line(value, name, known[value], measures)
        else:
            yield TableLine(value, name, [NOTHING] * len(measures), [None] * len(measures))


def _line(value: str, name: str, row: Row, measures: Sequence[Measure]) -> TableLine:
    cells = [written(row[measure], measure) for measure in measures]
    return TableLine(value, name, cells, [row[measure].number for measure in measures])


def _values(table: Table) -> Sequence[str]:
    """What there are lines of; between two times of which there is anything there are no gaps."""
    known = {row.value for row in table.rows}
    match table.by:
        case Dimension.MONTH:
            every = [part.name for part in table.period.each_month]
        case Dimension.WEEK:
            every = [monday.isoformat() for monday in table.period.mondays]
        case _:
            return [row.value for row in table.rows]
    begun = list(dropwhile(lambda value: value not in known, every))
    return list(reversed(list(dropwhile(lambda value: value not in known, reversed(begun)))))


def _name(by: Dimension, value: str, name: str) -> str:
    """Months and weeks as people write them."""
    language = page_language()
    if by is Dimension.MONTH:
        return str(format_date(Period.read(value).begins, "LLL y", locale=language.value))
    if by is Dimension.WEEK:
        pattern = "d MMM" if language is PageLanguage.EN else "d.M."
        return str(format_date(date.fromisoformat(value), pattern, locale=language.value))
    return name
