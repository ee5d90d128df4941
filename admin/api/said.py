"""What is wrong with something that was sent or imported, as people say it: never the pattern that it should match."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

# By what a pattern looks for; the longer a pattern, the more its own sentence is needed.
PATTERNS: Final[Mapping[str, str]] = {
    r"^[a-z0-9][a-z0-9-]{0,59}$": "write it with small letters a–z, digits and hyphens, sixty at most, such as kirjasto-keskusta",
    r"^[0-9]{5}$": "write a postcode with its five digits, such as 20100",
    r"^[0-9]{3}$": "write the three digits of Statistics Finland, such as 853",
    r"^\d{3}$": "write the three digits of Statistics Finland, such as 853",
    r"^\+?[0-9 ()-]{3,25}$": "write it as 02 123 4567 or +358 2 123 4567",
    r"^https?://[^\s/]+\.[^\s]+$": "write a whole address, such as https://www.example.fi/",
    r"^https://[^\s/]+\.[^\s]+$": "write a whole address that begins with https://, such as https://www.example.fi/",
    r"^[a-z]{2}$": "write a language by its two letters, such as fi",
    r"^[^\x00-\x1f\x7f]+$": "write it in one line",
}
KINDS: Final[Mapping[str, str]] = {
    "timezone_aware": "say which time it is in: add the offset from UTC, such as 2026-11-24T10:00:00+02:00",
    "missing": "it is missing; add it",
    "extra_forbidden": "nobody knows this; leave it out or look at its spelling",
}


def said(fault: ErrorDetails) -> str:
    """What is wrong, in words."""
    pattern = str(fault.get("ctx", {}).get("pattern", ""))
    usual = fault["msg"].removeprefix("Value error, ")
    return PATTERNS.get(pattern) or KINDS.get(fault["type"], usual)
