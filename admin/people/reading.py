"""What was typed into a form, field by field; what is wrong with it is noted beside its field. Pure."""

import re
from collections.abc import Mapping
from datetime import date, time
from enum import StrEnum
from typing import Final, TypeVar

from werkzeug.datastructures import MultiDict

from admin.clock import EARLIEST, LATEST

E = TypeVar("E", bound=StrEnum)
LARGEST_ID: Final = 2**63 - 1
_WALL: Final = re.compile(
    r"([01]?\d|2[0-3])(?:[.:](?:([0-5]\d)(?::[0-5]\d)?)?|(?<=\d\d)([0-5]\d))?", re.ASCII
)  # seconds are a browser's
_UNSEEN: Final = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")


class Slip(StrEnum):
    """What may be wrong with a field before anybody is asked about it; the words are those of a `mistake`."""

    EMPTY = "people_empty"
    TOO_LONG = "people_too_long"
    NO_DAY = "people_no_day"
    NO_NUMBER = "people_no_number"
    CHOOSE = "people_choose"


class Fields:
    """A form that was sent; `mistakes` are what its fields have against it, by name."""

    def __init__(self, sent: MultiDict[str, str]) -> None:
        self.sent = sent
        self.mistakes: dict[str, str] = {}

    def text(self, name: str, most: int, *, needed: bool = False) -> str:
        """A line or more of words, without what nobody can see."""
        typed = _UNSEEN.sub("", self.sent.get(name, "").replace("\r\n", "\n")).strip()
        if len(typed) > most:
            self.mistakes[name] = Slip.TOO_LONG
        elif needed and not typed:
            self.mistakes[name] = Slip.EMPTY
        return typed

    def day(self, name: str) -> date | None:
        """A day; None where the field is empty."""
        typed = self.sent.get(name, "").strip()
        try:
            found = date.fromisoformat(typed) if typed else None
        except ValueError:
            found = date.min
        if found is not None and not EARLIEST.date() <= found <= LATEST.date():
            self.mistakes[name] = Slip.NO_DAY
            return None
        return found

    def number(self, name: str, least: int, most: int) -> int | None:
        """A whole number; None where the field is empty."""
        typed = self.sent.get(name, "").strip()
        if not typed:
            return None
        found = number_of(typed, least, most)
        if found is None:
            self.mistakes[name] = Slip.NO_NUMBER
        return found

    def row(self, name: str) -> int | None:
        """One of the network's things, by its number; None where none is chosen."""
        found = row_of(self.sent.get(name, ""))
        if found is None and self.sent.get(name, ""):
            self.mistakes[name] = Slip.CHOOSE
        return found

    def one_of(self, name: str, kind: type[E], *, needed: bool = True) -> E | None:
        """A word of a vocabulary."""
        typed = self.sent.get(name, "")
        if typed in list(kind):
            return kind(typed)
        if needed or typed:
            self.mistakes[name] = Slip.CHOOSE
        return None

    def several_of(self, name: str, kind: type[E]) -> tuple[E, ...]:
        """Words of a vocabulary, each once; what is none of it is left out."""
        known = list(kind)
        return tuple(kind(typed) for typed in dict.fromkeys(self.sent.getlist(name)) if typed in known)


def row_of(typed: str | None) -> int | None:
    """The number of a row, as an address or a form names it."""
    return number_of(typed, 1)


def number_of(typed: str | None, least: int = 0, most: int = LARGEST_ID) -> int | None:
    """A whole number between these, as somebody types it; None for what is none."""
    told = (typed or "").strip()
    fits = told.isascii() and told.isdigit() and len(told) <= len(str(LARGEST_ID))
    return int(told) if fits and least <= int(told) <= most else None


def time_of(typed: str) -> time | None:
    """A time of day on the wall, as browsers send it or as people write it: 9, 9.15, 09:15, 0915; None for what is none."""
    told = _WALL.fullmatch(typed.strip())
    return None if told is None else time(int(told[1]), int(told[2] or told[3] or 0))


def as_typed(values: Mapping[str, object]) -> MultiDict[str, str]:
    """What is kept now, as the form shows it before anybody has typed: a list is several of one name."""
    shown: MultiDict[str, str] = MultiDict()
    for name, value in values.items():
        for one in value if isinstance(value, list | tuple) else (value,):
            shown.add(name, "" if one is None else str(one))
    return shown
