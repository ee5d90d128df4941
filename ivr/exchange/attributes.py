"""Attributes of a TwiML element, read strictly: unknown names and impossible values are errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence

from ivr.exchange.values import CallError

_KEYS = frozenset("0123456789*#")


class Attributes:
    """The attributes of one element; those not named here are refused."""

    def __init__(self, element: ET.Element, known: Sequence[str]) -> None:
        self._element = element
        unknown = sorted(set(element.attrib) - set(known))
        if unknown:
            raise CallError(12200, f"<{element.tag}> has no attribute {', '.join(unknown)}")

    def text(self, name: str, default: str = "") -> str:
        """The value as it stands."""
        return self._element.get(name, default)

    def choice(self, name: str, default: str, allowed: Sequence[str]) -> str:
        """One of the allowed values."""
        value = self.text(name, default)
        if value not in allowed:
            self._refuse(name, f"one of {', '.join(allowed)}")
        return value

    def method(self, name: str) -> str:
        """GET or POST; POST when nothing is said."""
        return self.choice(name, "POST", ("GET", "POST"))

    def flag(self, name: str, *, default: bool) -> bool:
        """True or false, in lower case as Twilio wants them."""
        return self.choice(name, "true" if default else "false", ("true", "false")) == "true"

    def integer(self, name: str, default: int, *, least: int, most: int) -> int:
        """A whole number between two bounds."""
        value = self.text(name, str(default))
        if not value.isascii() or not value.isdigit() or not least <= int(value) <= most:
            self._refuse(name, f"a whole number from {least} to {most}")
        return int(value)

    def optional_integer(self, name: str, *, least: int, most: int) -> int | None:
        """A whole number between two bounds, or nothing."""
        return self.integer(name, least, least=least, most=most) if self.text(name) else None

    def keys(self, name: str, default: str, *, most: int) -> str:
        """Keys of the telephone, at most so many; the empty string switches them off."""
        value = self.text(name, default)
        if len(value) > most or not set(value) <= _KEYS:
            self._refuse(name, f"at most {most} of the keys 0-9, * and #")
        return value

    def words(self, name: str, default: Sequence[str], allowed: Sequence[str]) -> tuple[str, ...]:
        """Words from a list, with spaces between."""
        value = tuple(self.text(name, " ".join(default)).split())
        if not set(value) <= set(allowed):
            self._refuse(name, f"words of {', '.join(allowed)}")
        return value

    def _refuse(self, name: str, wanted: str) -> None:
        value = self._element.get(name)
        raise CallError(12200, f'<{self._element.tag} {name}="{value}">: must be {wanted}')


def require_name(element: ET.Element, name: str) -> None:
    """Raise unless the element is called this."""
    if element.tag != name:
        raise CallError(12200, f"<{element.tag}> where <{name}> is wanted")


def refuse_children(element: ET.Element) -> None:
    """Raise if anything is nested in the element."""
    if len(element):
        raise CallError(12200, f"<{element[0].tag}> may not stand in <{element.tag}>")


def refuse_text(element: ET.Element) -> None:
    """Raise if there is text in the element, or between its children."""
    between = [element.text, *(child.tail for child in element)]
    if any(text and text.strip() for text in between):
        raise CallError(12200, f"text may not stand in <{element.tag}>")
