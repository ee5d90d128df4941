"""What nobody asks for and some tell all the same: personal identity codes, card and account numbers. Pure.

They are never indexed, and whoever reads the text is offered to take them out.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from stdnum import iban, luhn
from stdnum.fi import hetu

TAKEN_OUT: Final = "\N{BLACK SQUARE}" * 4


class Secret(StrEnum):
    """What was found; the values are in the API."""

    IDENTITY_CODE = "identity_code"
    CARD = "card"
    ACCOUNT = "account"


@dataclass(frozen=True, slots=True)
class Found:
    """Where in a text something stands that should not, from `begins` up to, not including, `ends`."""

    kind: Secret
    begins: int
    ends: int


# As people write them: with blanks, with any dash; the letters are those given out since 2023, too.
_IDENTITY: Final = re.compile(
    r"(?<![\w-])(\d{6})\s?([-+A-FU-Y\u2010-\u2015\u2212])\s?(\d{3})\s?([0-9A-FHJ-NPR-Y])(?!\w)", re.IGNORECASE
)
_CARD: Final = re.compile(r"(?<![\w+])\d(?:[ -]?\d){12,18}(?!\w)")
# A Finnish account's digits in any groups; others in one piece, or in groups of digits, lest a word after it be taken along.
_ACCOUNT: Final = re.compile(
    r"(?<!\w)(?:FI\d{2}(?: ?\d){14}|[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: \d{4}){2,7}(?: \d{1,4})?))(?!\w)", re.IGNORECASE
)
_DAYS, _MONTHS = range(1, 32), range(1, 13)


def find(said: str) -> tuple[Found, ...]:
    """Every one in a text, first to last; of two that overlap, the first."""
    found: list[Found] = []
    for one in sorted(_all_in(said), key=lambda each: (each.begins, -each.ends)):
        if not found or one.begins >= found[-1].ends:
            found.append(one)
    return tuple(found)


def without_secrets(said: str, instead: str = " ") -> str:
    """The text with something else in their places."""
    for one in reversed(find(said)):
        said = said[: one.begins] + instead + said[one.ends :]
    return said


def _all_in(said: str) -> Iterator[Found]:
    looks: tuple[tuple[Secret, re.Pattern[str], Callable[[re.Match[str]], bool]], ...] = (
        (Secret.IDENTITY_CODE, _IDENTITY, _is_identity_code),
        (Secret.CARD, _CARD, lambda match: bool(luhn.is_valid(re.sub(r"[ -]", "", match[0])))),
        (Secret.ACCOUNT, _ACCOUNT, lambda match: bool(iban.is_valid(match[0]))),
    )
    for kind, pattern, holds in looks:
        yield from (Found(kind, match.start(), match.end()) for match in pattern.finditer(said) if holds(match))


def _is_identity_code(match: re.Match[str]) -> bool:
    """One that was given out, or one with a slip in it: a mistyped letter at the end tells as much of somebody."""
    born, sign, number, check = match.groups()
    sign = sign.upper() if sign.isascii() else "-"
    if hetu.is_valid(f"{born}{sign}{number}{check.upper()}", allow_temporary=True):
        return True
    return int(born[:2]) in _DAYS and int(born[2:4]) in _MONTHS
