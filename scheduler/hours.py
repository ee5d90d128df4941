"""When people may be texted or rung about what we owe them, and how long they get to answer. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.slots import DAY, Grid, instant_of, is_working_day


@dataclass(frozen=True, slots=True)
class Hours:
    """The part of a day, by the clock on the wall, in which somebody may be disturbed."""

    opens: time
    closes: time
    every_day: bool


TEXTING: Final = Hours(time(8), time(20), every_day=True)
ON_DUTY: Final = Hours(time(7), time(22), every_day=True)  # a coordinator who has asked for alerts


def reaching(grid: Grid, *, can_text: bool) -> Hours:
    """The hours in which a caller can be reached: by text all day, by a call while the line is open."""
    return TEXTING if can_text else Hours(grid.opens, grid.closes, every_day=False)


def first_in(hours: Hours, at: datetime, grid: Grid) -> datetime:
    """`at` itself if it lies within these hours, else when they next begin."""
    day = at.astimezone(grid.tz).date()
    while not _counts(hours, day) or at >= instant_of(day, hours.closes, grid.tz):
        day += DAY
        at = max(at, instant_of(day, time(0), grid.tz))
    return max(at, instant_of(day, hours.opens, grid.tz))


def later_in(hours: Hours, at: datetime, span: timedelta, grid: Grid) -> datetime:
    """The moment when `span` of these hours has passed since `at`."""
    at = first_in(hours, at, grid)
    while (closes := instant_of(at.astimezone(grid.tz).date(), hours.closes, grid.tz)) < at + span:
        span -= closes - at
        at = first_in(hours, closes, grid)
    return at + span


def _counts(hours: Hours, day: date) -> bool:
    return hours.every_day or is_working_day(day)
