"""The phones that a newcomer may want to be: posted by the demo, listed on the page."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import phonenumbers

from ivr.exchange.numbers import is_e164

FINLAND: Final = 358


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
    """A number as people write it in Finland, 040 123 4567; one from abroad as +46 70 123 45 67."""
    try:
        parsed = phonenumbers.parse(number)
    except phonenumbers.NumberParseException:
        return number
    at_home = parsed.country_code == FINLAND
    form = phonenumbers.PhoneNumberFormat.NATIONAL if at_home else phonenumbers.PhoneNumberFormat.INTERNATIONAL
    groups = re.findall(r"[0-9]+", phonenumbers.format_number(parsed, form))
    written = " ".join(short for group in groups for short in re.findall(r"[0-9]{3}(?=[0-9]{2})|[0-9]+", group))
    return written if at_home else f"+{written}"


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
