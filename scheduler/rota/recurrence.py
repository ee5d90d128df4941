"""On which days something comes again: RRULE (RFC 5545), as far as days go, read strictly. Pure.

The hours are not the rule's: a shift's are on the wall of each day (slots.span_on), so no change of the clock moves them.
"""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from itertools import islice
from typing import Final

from dateutil.rrule import rrulestr

from scheduler.slots import HELSINKI

MOST_TIMES: Final = 3660  # ten years of days
LOOK_FOR_FIRST: Final = 10  # years; 29 February comes at least every eighth
_ANY: Final = frozenset({"FREQ", "INTERVAL", "COUNT", "UNTIL", "WKST", "BYDAY", "BYMONTH"})
# A day or week that is filtered further may never come, and dateutil would look for it until the year 9999: half a minute.
FREQUENCIES: Final[Mapping[str, frozenset[str]]] = {
    "DAILY": _ANY,
    "WEEKLY": _ANY,
    "MONTHLY": _ANY | {"BYMONTHDAY", "BYSETPOS"},
    "YEARLY": _ANY | {"BYMONTHDAY", "BYSETPOS"},
}
FINER: Final = frozenset({"SECONDLY", "MINUTELY", "HOURLY"})
WEEKDAYS: Final = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleFault(StrEnum):
    """What is wrong with a rule; the values are in the API."""

    UNREADABLE = "unreadable"  # not NAME=VALUE;NAME=VALUE
    UNKNOWN_PART = "unknown_part"  # or none that days of this frequency can have
    PART_TWICE = "part_twice"
    NO_FREQUENCY = "no_frequency"
    TOO_OFTEN = "too_often"  # more often than daily: the hours are the shift's own
    BAD_VALUE = "bad_value"
    TOO_MANY = "too_many"
    TWO_ENDS = "two_ends"  # COUNT and UNTIL
    ENDS_BEFORE = "ends_before"  # UNTIL lies before the first day
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class RuleRefused:
    """A rule that cannot be followed: why, and by which part of it."""

    fault: RuleFault
    part: str


@dataclass(frozen=True, slots=True)
class Rule:
    """Days that come again, from `first_day` on; the first day itself only if the rule names it."""

    text: str
    first_day: date
    pattern: str  # without its end
    until: date | None = None
    count: int | None = None

    def days(self, first: date, last: date) -> Iterator[date]:
        """The days from `first` to `last`, both included, in order."""
        end = min(last, self.until or last)
        if end < self.first_day:
            return
        start = datetime.combine(self.first_day, time())
        found = rrulestr(f"{self.pattern};UNTIL={end:%Y%m%d}", dtstart=start)
        for moment in islice(found, self.count):
            if moment.date() >= first:
                yield moment.date()


def read_rule(text: str, first_day: date) -> Rule | RuleRefused:
    """The rule in these words, or what is wrong with it."""
    parts: dict[str, str] = {}
    for piece in text.strip().upper().removeprefix("RRULE:").split(";"):
        name, equals, value = piece.strip().partition("=")
        if not equals or not value:
            return RuleRefused(RuleFault.UNREADABLE, piece)
        if name in parts:
            return RuleRefused(RuleFault.PART_TWICE, piece)
        parts[name] = value
    return _faulty(parts) or _rule(text, parts, first_day)


def _faulty(parts: Mapping[str, str]) -> RuleRefused | None:
    frequency = parts.get("FREQ", "")
    if not frequency:
        return RuleRefused(RuleFault.NO_FREQUENCY, "FREQ")
    if frequency in FINER:
        return RuleRefused(RuleFault.TOO_OFTEN, f"FREQ={frequency}")
    for name, value in parts.items():
        if name not in FREQUENCIES.get(frequency, _ANY):
            return RuleRefused(RuleFault.UNKNOWN_PART, name)
        if not _READS[name](value):
            return RuleRefused(RuleFault.BAD_VALUE, f"{name}={value}")
    if any(char.isdigit() for char in parts.get("BYDAY", "")) and frequency in ("DAILY", "WEEKLY"):
        return RuleRefused(RuleFault.BAD_VALUE, f"BYDAY={parts['BYDAY']}")
    if {"COUNT", "UNTIL"} <= parts.keys():
        return RuleRefused(RuleFault.TWO_ENDS, "COUNT")
    if int(parts.get("COUNT", 1)) > MOST_TIMES:
        return RuleRefused(RuleFault.TOO_MANY, f"COUNT={parts['COUNT']}")
    return None


def _rule(text: str, parts: Mapping[str, str], first_day: date) -> Rule | RuleRefused:
    until = _until(parts["UNTIL"]) if "UNTIL" in parts else None
    if until is not None and until < first_day:
        return RuleRefused(RuleFault.ENDS_BEFORE, f"UNTIL={parts['UNTIL']}")
    pattern = ";".join(f"{name}={value}" for name, value in parts.items() if name not in ("COUNT", "UNTIL"))
    rule = Rule(text, first_day, pattern, until, int(parts["COUNT"]) if "COUNT" in parts else None)
    far = date(first_day.year + LOOK_FOR_FIRST, 1, 1)
    if _misses_its_weekday(parts, first_day) or next(rule.days(first_day, far), None) is None:
        return RuleRefused(RuleFault.NEVER, pattern)
    return rule


def _misses_its_weekday(parts: Mapping[str, str], first_day: date) -> bool:
    """Every so many weeks from a Monday on, counted in days, is never a Tuesday."""
    whole_weeks = parts["FREQ"] == "DAILY" and int(parts.get("INTERVAL", 1)) % len(WEEKDAYS) == 0
    return whole_weeks and WEEKDAYS[first_day.weekday()] not in parts.get("BYDAY", WEEKDAYS[first_day.weekday()])


def _until(value: str) -> date | None:
    """A day, or a moment in UTC as calendars write it: the day in Helsinki."""
    for form in ("%Y%m%d", "%Y%m%dT%H%M%SZ"):
        try:
            read = datetime.strptime(value, form).replace(tzinfo=UTC)
        except ValueError:
            continue
        return read.astimezone(HELSINKI).date() if value.endswith("Z") else read.date()
    return None


def _numbers(most: int, *, negative: bool = False) -> Callable[[str], bool]:
    allowed = {str(number) for number in range(1, most + 1)}
    if negative:
        allowed |= {f"-{number}" for number in allowed}
    return lambda value: all(number.removeprefix("+") in allowed for number in value.split(","))


_DAYS = re.compile(r"([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU)(,([+-]?[1-9]\d?)?(MO|TU|WE|TH|FR|SA|SU))*")
_READS: Final[Mapping[str, Callable[[str], object]]] = {
    "FREQ": FREQUENCIES.__contains__,
    "INTERVAL": re.compile(r"[1-9]|[1-4]\d|5[0-2]").fullmatch,
    "COUNT": re.compile(r"[1-9]\d{0,8}").fullmatch,
    "UNTIL": _until,
    "WKST": WEEKDAYS.__contains__,
    "BYDAY": _DAYS.fullmatch,
    "BYMONTH": _numbers(12),
    "BYMONTHDAY": _numbers(31, negative=True),
    "BYSETPOS": _numbers(366, negative=True),
}
