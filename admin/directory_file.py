"""The directory from a spreadsheet and into one: one entry a line, read strictly, every mistake with its line and column."""

import csv
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Final

from pydantic import BaseModel, ValidationError

from admin.api.directory_shapes import GatheringIn, MaterialIn, PointIn
from admin.api.said import said
from admin.directory.mistakes import IN_A_LIST, DirectoryMistake, mistakes_in
from admin.errors import AdminError
from admin.statistics.files import FORMULA, harmless
from tickets.municipalities import municipality_of

MOST_MISTAKES: Final = 20
MARKS: Final = ";,\t"
LISTS: Final = frozenset({"topics", "serves", "languages", "more_days"})
DAYS: Final = frozenset({"first_day", "more_days", "reviewed_on", "review_due"})
HOURS: Final = frozenset({"begins", "ends"})
TRUTHS: Final = {
    "yes": "true", "kyllä": "true", "ja": "true", "x": "true",
    "no": "false", "ei": "false", "nej": "false",
}  # fmt: skip
DECIDED: Final = frozenset({"active", "must_register"})
Shape = PointIn | GatheringIn | MaterialIn


class Kind(StrEnum):
    """What a file holds."""

    POINTS = "points"
    GATHERINGS = "gatherings"
    MATERIALS = "materials"


SHAPES: Final[Mapping[Kind, type[Shape]]] = {
    Kind.POINTS: PointIn,
    Kind.GATHERINGS: GatheringIn,
    Kind.MATERIALS: MaterialIn,
}
TELLING: Final = {"url": Kind.MATERIALS, "first_day": Kind.GATHERINGS}  # columns that only one of them has


class SheetFault(StrEnum):
    """Why a file is no list of the directory at all; the page has the words, and names the columns."""

    NONE = "list_none"
    TOO_LARGE = "list_too_large"
    TOO_MANY = "list_too_many_rows"
    NO_LIST = "list_no_list"
    UNKNOWN_COLUMN = "list_unknown_column"
    NO_COLUMN = "list_no_column"
    COLUMN_TWICE = "list_column_twice"


class DirectoryFileError(AdminError):
    """The file cannot be taken in as it is; every line of the message is one mistake, and nothing was changed."""

    def __init__(self, message: str, fault: SheetFault = SheetFault.NO_LIST, columns: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.fault, self.columns = fault, tuple(columns)


@dataclass(frozen=True, slots=True)
class Row:
    """One entry, and the line it stands in."""

    line: int
    entry: Shape


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line that is no entry: its code as far as it has one, what is wrong with which column, and the same for the console."""

    line: int
    code: str
    mistakes: Mapping[str, str]
    told: Sequence[str]


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file as it was read: its lines are entries, or wrong."""

    kind: Kind
    rows: Sequence[Row]
    wrong: Sequence[Wrong]


def read_sheet(text: str) -> Sheet:
    """A file, separated by semicolons, commas or tabs, line by line; DirectoryFileError where it is no list at all."""
    heading, *_ = [*text.removeprefix("\ufeff").splitlines(), ""]
    mark = max(MARKS, key=heading.count)
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=mark)
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        kind = next((kind for column, kind in TELLING.items() if column in names), Kind.POINTS)
        _check_columns(names, SHAPES[kind])
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise DirectoryFileError(f"line {reader.line_num}: {error}; save the file as “CSV UTF-8”") from error
    rows, wrong = list[Row](), list[Wrong]()
    for line, cells in lines:
        _read_row(rows, wrong, line, (names, cells), SHAPES[kind])
    return Sheet(kind, rows, wrong)


def refuse(mistakes: Sequence[str]) -> None:
    """Raise DirectoryFileError with the mistakes, if there are any."""
    if mistakes:
        more = len(mistakes) - MOST_MISTAKES
        raise DirectoryFileError("\n".join(mistakes[:MOST_MISTAKES]) + (f"\n… and {more} more" if more > 0 else ""))


def write_directory(kind: Kind, entries: Iterable[BaseModel]) -> str:
    """The entries as a file that can be read again."""
    columns = list(SHAPES[kind].model_fields)
    out = StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\n")
    writer.writerow(columns)
    for entry in entries:
        told = entry.model_dump(mode="json")
        writer.writerow([harmless(_cell(told.get(name))) for name in columns])
    return out.getvalue()


def _check_columns(names: Sequence[str], shape: type[Shape]) -> None:
    known = shape.model_fields
    unknown = [name for name in names if name not in known]
    if unknown:
        message = f"line 1: nobody knows the column {unknown[0]!r}; the columns are {', '.join(known)}"
        raise DirectoryFileError(message, SheetFault.UNKNOWN_COLUMN, unknown)
    missing = [name for name, field in known.items() if field.is_required() and name not in names]
    if missing:
        message = f"line 1: no column for {' and '.join(missing)}; add it"
        raise DirectoryFileError(message, SheetFault.NO_COLUMN, missing)
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        message = f"line 1: the column {min(twice)!r} is there twice; leave one out"
        raise DirectoryFileError(message, SheetFault.COLUMN_TWICE, sorted(twice))


def _read_row(
    rows: list[Row], wrong: list[Wrong], line: int, read: tuple[Sequence[str], Sequence[str]], shape: type[Shape]
) -> None:
    cells = {name: _bare(cell) for name, cell in zip(*read, strict=False)}
    code = cells.get("code", "")
    if any(cell.strip() for cell in read[1][len(read[0]) :]):
        more = f"more cells than columns: put text with a {MARKS[0]} or a {MARKS[1]} between quotation marks"
        wrong.append(Wrong(line, code, {"code": DirectoryMistake.EXTRA_CELLS}, [more]))
        return
    told = {name: _named(name, value_of(name, cell)) for name, cell in cells.items() if cell}
    try:
        entry = shape.model_validate(told)
    except ValidationError as error:
        wrong.append(Wrong(line, code, mistakes_in(error.errors(), IN_A_LIST), list(_told(error, cells))))
        return
    before = next((row.line for row in rows if row.entry.code == entry.code), None)
    if before is not None:
        twice = f"code: {entry.code!r} stands in line {before} already; each entry has its own"
        wrong.append(Wrong(line, code, {"code": DirectoryMistake.CODE_TWICE}, [twice]))
        return
    rows.append(Row(line, entry))


def _bare(cell: str) -> str:
    """A cell without the mark by which a spreadsheet does not take it for a formula."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA) else text


def _named(name: str, value: object) -> object:
    """Municipalities by their names too."""
    if name == "municipality":
        return municipality_of(str(value)) or value
    return [municipality_of(one) or one for one in value] if name == "serves" and isinstance(value, list) else value


def _told(error: ValidationError, cells: Mapping[str, str]) -> Iterator[str]:
    for fault in error.errors():
        what = said(fault)
        if not fault["loc"]:
            yield what  # a mistake of the whole line, which names its column
        elif fault["type"] == "missing":
            yield f"{fault['loc'][0]}: it is empty; fill it in"
        else:
            column = str(fault["loc"][0])
            yield f"{column}: {cells.get(column, '')!r}: {what}"


def value_of(name: str, cell: str) -> object:
    """What a cell or a field holds: days, hours, lists and truths as people write them."""
    if name in LISTS:
        pieces = [piece for piece in re.split(r"[\s,+]+", cell) if piece]
        return [_day(piece) for piece in pieces] if name in DAYS else pieces
    if name in DAYS:
        return _day(cell)
    if name in HOURS and (wall := re.fullmatch(r"(\d{1,2})(?:[.:](\d{2}))?(?::00)?", cell)):
        return f"{int(wall[1]):02d}:{wall[2] or '00'}"
    return TRUTHS.get(cell.lower(), cell) if name in DECIDED else cell


def _day(cell: str) -> str:
    """As people write days, such as 28.11.2026, and as machines do."""
    found = re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", cell)
    return f"{found[3]}-{int(found[2]):02d}-{int(found[1]):02d}" if found else cell


def _cell(value: object) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case list():
            return " ".join(map(str, value))
        case _:
            return str(value)
