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
from admin.errors import AdminError

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


class DirectoryFileError(AdminError):
    """The file cannot be taken in as it is; every line of the message is one mistake, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One entry, and the line it stands in."""

    line: int
    entry: Shape


def read_directory(text: str) -> tuple[Row, ...]:
    """The entries of a file, separated by semicolons, commas or tabs; DirectoryFileError with all its mistakes."""
    heading, *_ = [*text.removeprefix("\ufeff").splitlines(), ""]
    mark = max(MARKS, key=heading.count)
    reader = csv.reader(StringIO(text.removeprefix("\ufeff")), delimiter=mark)
    names = [name.strip().lower() for name in next(reader, [])]
    kind = next((kind for column, kind in TELLING.items() if column in names), Kind.POINTS)
    _check_columns(names, SHAPES[kind])
    rows, mistakes = list[Row](), list[str]()
    for cells in reader:
        if any(cell.strip() for cell in cells):
            _read_row(rows, mistakes, reader.line_num, dict(zip(names, cells, strict=False)), SHAPES[kind])
    refuse(mistakes)
    return tuple(rows)


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
        writer.writerow([_cell(told.get(name)) for name in columns])
    return out.getvalue()


def _check_columns(names: Sequence[str], shape: type[Shape]) -> None:
    known = shape.model_fields
    unknown = [name for name in names if name not in known]
    if unknown:
        raise DirectoryFileError(f"line 1: nobody knows the column {unknown[0]!r}; the columns are {', '.join(known)}")
    missing = [name for name, field in known.items() if field.is_required() and name not in names]
    if missing:
        raise DirectoryFileError(f"line 1: no column for {' and '.join(missing)}; add it")
    twice = {name for name in names if names.count(name) > 1}
    if twice:
        raise DirectoryFileError(f"line 1: the column {min(twice)!r} is there twice; leave one out")


def _read_row(rows: list[Row], mistakes: list[str], line: int, cells: Mapping[str, str], shape: type[Shape]) -> None:
    told = {name: value_of(name, cell.strip()) for name, cell in cells.items() if cell.strip()}
    try:
        entry = shape.model_validate(told)
    except ValidationError as error:
        mistakes.extend(f"line {line}, {told}" for told in _told(error, cells))
        return
    before = next((row.line for row in rows if row.entry.code == entry.code), None)
    if before is not None:
        mistakes.append(f"line {line}, code: {entry.code!r} stands in line {before} already; each entry has its own")
        return
    rows.append(Row(line, entry))


def _told(error: ValidationError, cells: Mapping[str, str]) -> Iterator[str]:
    for fault in error.errors():
        what = said(fault)
        if not fault["loc"]:
            yield what  # a mistake of the whole line, which names its column
        elif fault["type"] == "missing":
            yield f"{fault['loc'][0]}: it is empty; fill it in"
        else:
            column = str(fault["loc"][0])
            yield f"{column}: {cells.get(column, '').strip()!r}: {what}"


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
