"""All tables of a period together: for one file, or for a night's folder."""

from collections.abc import Iterator, Sequence
from pathlib import PurePath
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy.orm import Session

from admin.errors import AdminError
from admin.statistics.files import as_csv, as_parquet, as_xlsx
from admin.statistics.sheets import Names, sheet_of
from tickets.statistics.dimensions import Dimension, Measure
from tickets.statistics.periods import Period
from tickets.statistics.reports import report
from tickets.statistics.tables import Table

SUFFIXES: Final = (".csv", ".xlsx", ".parquet")
COLUMNS: Final = ("period", "by", "value", "measure", "number", "hidden", "rounded")
TOTAL: Final = "total"


def all_tables(session: Session, network_id: int, period: Period, *, zone: ZoneInfo) -> tuple[Table, ...]:
    """A period by each dimension."""
    return tuple(report(session, network_id, period, by, zone=zone) for by in Dimension)


def as_file(suffix: str, tables: Sequence[Table], names: Names) -> bytes:
    """The tables as a file: a tab each in a spreadsheet, in words; else a line for each number, in codes, for programs."""
    match suffix:
        case ".xlsx":
            return as_xlsx(sheet_of(table, names) for table in tables)
        case ".csv":
            lines = ((*line[:5], *(str(flag).lower() for flag in line[5:])) for line in _lines(tables))
            return as_csv(COLUMNS, lines)
        case ".parquet":
            return as_parquet(COLUMNS, list(_lines(tables)))
        case _:
            raise AdminError(f"{suffix or 'A name without an ending'} is none of {', '.join(SUFFIXES)}")


def suffix_of(path: str) -> str:
    """What kind of file a name is for; AdminError when it is none that we write."""
    suffix = PurePath(path).suffix.lower()
    if suffix not in SUFFIXES:
        raise AdminError(f"{path} does not say what kind of file: end its name with {', '.join(SUFFIXES)}")
    return suffix


def _lines(tables: Sequence[Table]) -> Iterator[tuple[str, str, str, str, float | None, bool, bool]]:
    for table in tables:
        for value, row in (*((row.value, row) for row in table.rows), (TOTAL, table.total)):
            for measure in Measure:
                figure = row[measure]
                number = None if figure.number is None else float(figure.number)
                yield table.period.name, table.by, value, measure, number, figure.hidden, figure.rounded
