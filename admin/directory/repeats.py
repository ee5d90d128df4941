"""How often a gathering comes again, as people choose it, and as the rule that says so (RFC 5545). Pure."""

import re
from datetime import date
from enum import StrEnum
from typing import Final

from scheduler.rota.recurrence import WEEKDAYS

WEEK: Final = 7
_END: Final = re.compile(r";UNTIL=(\d{8})(T\d{6}Z)?$")


class Repeats(StrEnum):
    """How often."""

    ONCE = "once"
    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"  # on the same weekday, such as the second Tuesday
    OTHERWISE = "otherwise"  # by a rule that came from elsewhere


def rule_of(repeats: str, first_day: date | None, until: date | None, before: str) -> str:
    """The rule of what was chosen; a rule from elsewhere stays as it was."""
    if repeats == Repeats.OTHERWISE:
        return before
    pattern = _pattern(repeats, first_day)
    return f"{pattern};UNTIL={until:%Y%m%d}" if pattern and until else pattern


def chosen_in(rule: str | None, first_day: date) -> tuple[Repeats, date | None]:
    """What somebody would have chosen to get this rule, and its last day."""
    if not rule:
        return Repeats.ONCE, None
    end = _END.search(rule)
    until = None if end is None else date.fromisoformat(end[1])
    known = (one for one in Repeats if _pattern(one, first_day) == _END.sub("", rule))
    return next(known, Repeats.OTHERWISE), until


def _pattern(repeats: str, first_day: date | None) -> str:
    match repeats:
        case Repeats.WEEKLY:
            return "FREQ=WEEKLY"
        case Repeats.FORTNIGHTLY:
            return "FREQ=WEEKLY;INTERVAL=2"
        case Repeats.MONTHLY if first_day is not None:
            # A fifth Tuesday is rare: it means the last one.
            which = (first_day.day - 1) // WEEK + 1
            return f"FREQ=MONTHLY;BYDAY={-1 if which > 4 else which}{WEEKDAYS[first_day.weekday()]}"
        case _:
            return ""
