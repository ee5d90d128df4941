"""Files of the statistics: CSV (RFC 4180), XLSX, Parquet. No cell of theirs is ever read as a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import Final

import xlsxwriter

from admin.errors import AdminError
from admin.statistics.sheets import Sheet, Value

FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes a cell that begins so for one
LONGEST_TAB: Final = 31
NOT_IN_A_TAB: Final = str.maketrans(dict.fromkeys("[]:*?/\\", " "))


def as_csv(headings: Sequence[str], rows: Iterable[Sequence[Value]], *, for_excel: bool = False) -> bytes:
    """Lines ended and cells quoted by RFC 4180; `for_excel` as a Finnish Excel opens it: semicolons, decimal commas, a mark of
    UTF-8."""
    written = io.StringIO(newline="")
    writer = csv.writer(written, delimiter=";" if for_excel else ",", lineterminator="\r\n")
    writer.writerow(map(harmless, headings))
    for row in rows:
        writer.writerow([_number(cell, for_excel) if isinstance(cell, float | int) else harmless(cell) for cell in row])
    return written.getvalue().encode("utf-8-sig" if for_excel else "utf-8")


def as_xlsx(sheets: Iterable[Sheet]) -> bytes:
    """One tab for each table; text is text, whatever it looks like."""
    written = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(written, options) as book:
        bold = book.add_format({"bold": True})
        for sheet in sheets:
            tab = book.add_worksheet(sheet.title.translate(NOT_IN_A_TAB)[:LONGEST_TAB])
            tab.write_row(0, 0, sheet.headings, bold)
            for number, row in enumerate(sheet.rows, start=1):
                tab.write_row(number, 0, row)
            for number, note in enumerate(sheet.notes, start=len(sheet.rows) + 2):
                tab.write_string(number, 0, note)
            tab.freeze_panes(1, 1)
            tab.autofit()
    return written.getvalue()


def as_parquet(headings: Sequence[str], rows: Sequence[Sequence[Value | bool]]) -> bytes:
    """The same for programs; AdminError names the mend where pyarrow is not installed."""
    try:
        import pyarrow as pa  # noqa: PLC0415 - 150 MB that not everybody wants
        from pyarrow import parquet  # noqa: PLC0415
    except ImportError as error:
        raise AdminError(
            "Parquet needs pyarrow: install requirements-export.lock in place of requirements.lock, or ask for csv or xlsx"
        ) from error
    columns = {heading: [row[place] for row in rows] for place, heading in enumerate(headings)}
    written = io.BytesIO()
    parquet.write_table(pa.table(columns), written)
    return written.getvalue()


def harmless(cell: Value) -> str:
    """A cell that no spreadsheet takes for a formula."""
    text = "" if cell is None else str(cell)
    return f"'{text}" if text.startswith(FORMULA) else text


def _number(number: float, for_excel: bool) -> str:
    return f"{number:.15g}".replace(".", "," if for_excel else ".")
