"""A rota from a spreadsheet: one shift a line, read strictly, every mistake with its line and column. Pure."""

import csv
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from functools import partial
from typing import Final, TypeVar

from admin.errors import AdminError
from admin.people.reading import number_of
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

T = TypeVar("T")
# What the columns may be called, as spreadsheets of both languages name them.
COLUMNS: Final[Mapping[str, str]] = {
    "day": "day", "päivä": "day", "pvm": "day", "dag": "day", "datum": "day",
    "begins": "begins", "alkaa": "begins", "börjar": "begins",
    "ends": "ends", "päättyy": "ends", "loppuu": "ends", "slutar": "ends",
    "needed": "needed", "tarvitaan": "needed", "behövs": "needed",
    "most": "most", "enintään": "most", "högst": "most",
    "organisation": "organisation", "organisaatio": "organisation",
    "language": "language", "kieli": "language", "språk": "language",
    "kind": "kind", "laji": "kind", "slag": "kind",
    "helpers": "helpers", "auttajat": "helpers", "hjälpare": "helpers",
}  # fmt: skip
NEEDED: Final = ("day", "begins", "ends")
DAYS: Final = ("%Y-%m-%d", "%d.%m.%Y")
TIMES: Final = ("%H:%M", "%H.%M", "%H")
LANGUAGES: Final = {
    "fi": Language.FI,
    "suomi": Language.FI,
    "sv": Language.SV,
    "ruotsi": Language.SV,
    "svenska": Language.SV,
}
KINDS: Final = {
    "volunteer": HelperKind.VOLUNTEER, "vapaaehtoinen": HelperKind.VOLUNTEER, "frivillig": HelperKind.VOLUNTEER,
    "staff": HelperKind.STAFF, "työntekijä": HelperKind.STAFF, "anställd": HelperKind.STAFF,
}  # fmt: skip
MOST_MISTAKES: Final = 20
LONGEST_NIGHT: Final = 12  # hours; what is longer is a slip of the finger


class RotaFileError(AdminError):
    """The file cannot be taken in as it is; every line of the message is one mistake, and nothing was changed."""


@dataclass(frozen=True, slots=True)
class Row:
    """One shift, by the clock on the wall; helpers by name or number, organisation by name."""

    line: int
    day: date
    begins: time
    ends: time
    needed: int
    most: int
    organisation: str | None
    language: Language | None
    kind: HelperKind | None
    helpers: tuple[str, ...]


def read_rota(text: str) -> tuple[Row, ...]:
    """The shifts of a file, separated by semicolons, commas or tabs; RotaFileError with all its mistakes."""
    lines = text.removeprefix("\ufeff").splitlines()
    heading = lines[0] if lines else ""
    mark = max(";,\t", key=heading.count)
    names = [COLUMNS.get(name.strip().strip('"').lower()) for name in heading.split(mark)]
    missing = [name for name in NEEDED if name not in names]
    if missing:
        raise RotaFileError(
            f"line 1: no column for {' and '.join(missing)}; name the columns {', '.join(dict.fromkeys(COLUMNS.values()))}"
        )
    unknown = [heading.split(mark)[place].strip() for place, name in enumerate(names) if name is None]
    if unknown:
        raise RotaFileError(f"line 1: nobody knows the column {unknown[0]!r}; leave it out or name it otherwise")
    mistakes: list[str] = []
    rows = [
        row
        for number, cells in _cells(lines, mark)
        if (row := _row(number, dict(zip(names, cells, strict=False)), mistakes))
    ]
    if mistakes:
        more = len(mistakes) - MOST_MISTAKES
        raise RotaFileError("\n".join(mistakes[:MOST_MISTAKES]) + (f"\n… and {more} more" if more > 0 else ""))
    return tuple(rows)


def _cells(lines: list[str], mark: str) -> Iterator[tuple[int, list[str]]]:
    for number, cells in enumerate(csv.reader(lines[1:], delimiter=mark), start=2):
        if any(cell.strip() for cell in cells):
            yield number, [cell.strip() for cell in cells]


def _row(line: int, cells: Mapping[str | None, str], mistakes: list[str]) -> Row | None:
    before = len(mistakes)
    field = _Fields(line, cells, mistakes)
    day = field.read("day", _day, "a day, such as 2026-11-28 or 28.11.2026")
    begins = field.read("begins", _time, "a time, such as 9:00")
    ends = field.read("ends", _time, "a time, such as 12:00")
    needed = field.read("needed", partial(number_of, most=999), "how many, such as 1", empty=1)
    most = field.read("most", partial(number_of, most=999), "how many, such as 2", empty=needed)
    language = field.read("language", LANGUAGES.get, "fi, sv or nothing", empty=None)
    kind = field.read("kind", KINDS.get, "volunteer, staff or nothing", empty=None)
    if len(mistakes) > before or day is None or begins is None or ends is None or needed is None or most is None:
        return None
    if _hours(begins, ends) > LONGEST_NIGHT:
        mistakes.append(
            f"line {line}, ends: {ends:%H:%M} comes before {begins:%H:%M}, and no shift lasts that long over night"
        )
    if needed > most:
        mistakes.append(f"line {line}, most: {most} is less than the {needed} who are needed")
    helpers = tuple(name.strip() for name in cells.get("helpers", "").split("+") if name.strip())
    return Row(line, day, begins, ends, needed, most, cells.get("organisation") or None, language, kind, helpers)


def _hours(begins: time, ends: time) -> float:
    """How long a shift over midnight lasts; nothing for one within a day."""
    return 0.0 if begins < ends else 24 - (begins.hour - ends.hour) - (begins.minute - ends.minute) / 60


@dataclass(frozen=True, slots=True)
class _Fields:
    line: int
    cells: Mapping[str | None, str]
    mistakes: list[str]

    def read(self, name: str, parse: Callable[[str], T | None], what: str, *, empty: T | None = None) -> T | None:
        text = self.cells.get(name, "")
        if not text and name not in NEEDED:
            return empty
        value = parse(text.lower())
        if value is None:
            self.mistakes.append(f"line {self.line}, {name}: {text!r} is not {what}")
        return value


def _day(text: str) -> date | None:
    found = (_parsed(text, form) for form in DAYS)
    return next((moment.date() for moment in found if moment is not None), None)


def _time(text: str) -> time | None:
    found = (_parsed(text, form) for form in TIMES)
    return next((moment.time() for moment in found if moment is not None), None)


def _parsed(text: str, form: str) -> datetime | None:
    try:
        return datetime.strptime(text, form)  # noqa: DTZ007 - days and hours on the wall, without a zone
    except ValueError:
        return None
