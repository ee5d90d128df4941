"""What can be wrong with what a helper types, and a text of theirs read. Reads no clock and no database."""

import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LONGEST_TEXT: Final = 5000
LINES: Final = frozenset("\r\n\t")


class HelperMistake(StrEnum):
    """What is wrong with a field of a helper's forms; the page has the words."""

    NO_TEXT = "no_text"
    LONG_TEXT = "long_text"
    ODD_TEXT = "odd_text"
    NO_RESULT = "no_result"
    NO_OTHER = "no_other"
    NO_WHERE = "no_where"
    POINT_GONE = "point_gone"
    BAD_MINUTES = "bad_minutes"
    NO_SAYING = "no_saying"
    BAD_DAY = "bad_day"
    BAD_CLOCK = "bad_clock"
    ENDS_FIRST = "ends_first"
    ALL_PAST = "all_past"
    TOO_FAR = "too_far"
    NO_WEEKDAY = "no_weekday"
    BAD_WEEKS = "bad_weeks"
    BAD_COUNT = "bad_count"
    BAD_REST = "bad_rest"
    MOST_BELOW_WISH = "most_below_wish"
    BAD_ADDRESS = "bad_address"


@dataclass(frozen=True, slots=True)
class TextRead:
    """A text as it was typed, and what is wrong with it."""

    text: str
    mistake: HelperMistake | None = None


def text_in(typed: str, *, required: bool = True) -> TextRead:
    """A text of several lines; signs that nobody can type are refused rather than lost."""
    text = typed.strip()
    if not text:
        return TextRead("", HelperMistake.NO_TEXT if required else None)
    if len(text) > LONGEST_TEXT:
        return TextRead(text, HelperMistake.LONG_TEXT)
    odd = any(unicodedata.category(letter) == "Cc" and letter not in LINES for letter in text)
    return TextRead(text, HelperMistake.ODD_TEXT if odd else None)
