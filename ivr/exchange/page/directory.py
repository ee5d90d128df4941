"""The phones that a newcomer may want to be: posted by the demo, listed on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from ivr.exchange.numbers import is_e164


class Part(StrEnum):
    """Which part the person of a phone plays."""

    CALLER = "caller"
    VOLUNTEER = "volunteer"
    STAFF = "staff"

    @property
    def helps(self) -> bool:
        """Whether this person rings back."""
        return self is not Part.CALLER


@dataclass(frozen=True, slots=True)
class Entry:
    """A suggested phone."""

    name: str
    number: str
    note: str = ""
    part: Part | None = None
    languages: tuple[str, ...] = ()


def read_entries(value: object) -> tuple[Entry, ...]:
    """Entries from [{name, number, note, part, languages}]; raises ValueError saying what is wrong."""
    if not isinstance(value, list):
        raise ValueError("a list of phones is wanted")
    return tuple(_read_entry(item) for item in value)


def international(typed: str) -> str | None:
    """A number as people type it (040 111 2233) in international form, or None if it is none."""
    digits = re.sub(r"[\s\-()]", "", typed)
    if digits.startswith("00"):
        digits = "+" + digits[2:]
    elif digits.startswith("0"):
        digits = "+358" + digits[1:]
    return digits if is_e164(digits) else None


def spaced(number: str) -> str:
    """A Finnish mobile or Helsinki number in the groups it is read in; any other as it is."""
    match = re.fullmatch(r"\+358(4\d|50)(\d{3})(\d+)", number)
    match = match or re.fullmatch(r"\+358(9)(\d{4})(\d{4})", number)
    return f"+358 {match[1]} {match[2]} {match[3]}" if match else number


def _read_entry(item: object) -> Entry:
    if not isinstance(item, dict):
        raise ValueError("each phone is an object with name, number and note")
    name, number, note, part = (str(item.get(key) or "") for key in ("name", "number", "note", "part"))
    if not name or not is_e164(number):
        raise ValueError(f"a phone needs a name and a number in international form: {item}")
    if part and part not in frozenset(Part):
        raise ValueError(f"a phone's part is one of {', '.join(Part)}: {item}")
    languages = item.get("languages") or ()
    if not isinstance(languages, list | tuple):
        raise ValueError(f"languages are a list: {item}")
    return Entry(name, number, note, Part(part) if part else None, tuple(str(one) for one in languages))
