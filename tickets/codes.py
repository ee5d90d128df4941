"""Codes that people say and write: short, and hard to mistake."""

import secrets
from collections.abc import Callable, Collection
from typing import Final

Draw = Callable[[int], int]  # a number from 0 up to, not including, the argument

# No 0 and O, 1, I and L: a code is read out over the telephone and copied by hand.
LETTERS: Final = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
DIGITS: Final = "0123456789"
TICKET_LETTERS: Final = 5


def ticket_code(draw: Draw = secrets.randbelow) -> str:
    """The name of a ticket, such as DL-7K3MH; there are 28 million, so years of tickets still leave free ones."""
    return "DL-" + "".join(LETTERS[draw(len(LETTERS))] for _ in range(TICKET_LETTERS))


def relay_number(draw: Draw = secrets.randbelow) -> str:
    """The name of a relay, such as V-7K3MH: drawn anew, so that it leads nobody to the ticket's code."""
    return "V-" + "".join(LETTERS[draw(len(LETTERS))] for _ in range(TICKET_LETTERS))


def callback_code(taken: Collection[str] = (), draw: Draw = secrets.randbelow) -> str:
    """The four digits by which a caller knows us: not those of another promise of theirs, and nothing a fraud would guess."""
    while True:
        code = "".join(DIGITS[draw(10)] for _ in range(4))
        if code not in taken and not _is_weak(code):
            return code


def _is_weak(code: str) -> bool:
    return len(set(code)) < 3 or code in DIGITS or code in DIGITS[::-1]
