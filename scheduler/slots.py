"""When a callback can be promised: the grid, the hours, the working days. Pure; `now` is an argument."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import Final
from zoneinfo import ZoneInfo

import holidays

HELSINKI: Final = ZoneInfo("Europe/Helsinki")
EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
MINUTE: Final = timedelta(minutes=1)
DAY: Final = timedelta(days=1)
SATURDAY: Final = 5
# A caller who says no three times in a row has usually said it to today; so the first look is short and the last one long.
WINDOW_DAYS: Final = (1, 4)


@dataclass(frozen=True, slots=True)
class Grid:
    """How a network cuts its time: starts every `step`; a promise holds a helper for `call`, unless its topic says otherwise."""

    step: timedelta = timedelta(minutes=15)
    call: timedelta = timedelta(minutes=60)
    notice: timedelta = timedelta(minutes=30)
    working_days: int = 10
    opens: time = time(9)
    closes: time = time(15)
    tz: ZoneInfo = HELSINKI


@dataclass(frozen=True, slots=True)
class Span:
    """From `begins` up to, not including, `ends`; both aware."""

    begins: datetime
    ends: datetime


def windows(
    now: datetime, grid: Grid, closed_days: Collection[date] = (), *, after: datetime | None = None
) -> tuple[Span, ...]:
    """Where to look for a time to offer, nearest first: the first working day that is left, the next three, the rest.

    Together they run without a gap from the first start that notice allows (or the first one past `after`) to the end of
    the last working day of the booking window. Weekends lie inside them, for a rota that works on one; so a start found
    in them counts only if it is `on_open_day`.
    """
    earliest = _noticed(now, grid)
    if after is not None:
        earliest = max(earliest, grid_ceil(after.astimezone(UTC) + timedelta(microseconds=1), grid))
    first = earliest.astimezone(grid.tz).date()
    days = [day for day in _bookable_days(now, grid, closed_days) if day >= first]
    if not days:
        return ()
    edges = [*(count for count in WINDOW_DAYS if count < len(days)), len(days)]
    ends = [instant_of(days[count - 1] + DAY, time(0), grid.tz) for count in edges]
    begins = [earliest, *(max(earliest, end) for end in ends[:-1])]
    return tuple(Span(begin, end) for begin, end in zip(begins, ends, strict=True) if begin < end)


def may_offer(start: datetime, now: datetime, grid: Grid, closed_days: Collection[date] = ()) -> bool:
    """Whether this start can be promised as far as the calendar goes: on the grid, in good time, not on a closed day."""
    if start != grid_ceil(start, grid) or start < _noticed(now, grid):
        return False
    if not on_open_day(start, grid, closed_days):
        return False
    return start.astimezone(grid.tz).date() <= _bookable_days(now, grid, closed_days)[-1]


def on_open_day(start: datetime, grid: Grid, closed_days: Collection[date] = ()) -> bool:
    """Whether nothing closes the day of this start; at a weekend the rota decides."""
    day = start.astimezone(grid.tz).date()
    return not is_holiday(day) and day not in closed_days


def days_within(closed: Collection[Span], grid: Grid) -> frozenset[date]:
    """The days whose hours lie within these spans from the first minute to the last."""
    days = {
        span.begins.astimezone(grid.tz).date() + number * DAY
        for span in closed
        for number in range((span.ends - span.begins) // DAY + 2)
    }
    return frozenset(day for day in days if _covers(closed, span_on(day, grid.opens, grid.closes, grid.tz)))


def starts_of(during: Span, phase: int, call: timedelta) -> tuple[datetime, ...]:
    """The starts into which a helper's place is cut, one per call length (docs/decisions/0002-seats.md).

    `phase` and `call` are the shift's own: minutes past the cycle of that length, counted from the epoch.
    """
    begins, ends = during.begins.astimezone(UTC), during.ends.astimezone(UTC)  # hours on the wall do not add up
    first = begins + (EPOCH + phase * MINUTE - begins) % call
    count = max(0, (ends - first) // call)
    return tuple(first + number * call for number in range(count))


def phase_of(start: datetime, call: timedelta) -> int:
    """The phase of a shift for calls of this length whose helpers can be promised at `start`, in minutes."""
    return (start - EPOCH) % call // MINUTE


def grid_ceil(at: datetime, grid: Grid) -> datetime:
    """The first grid start at or after `at`, in UTC."""
    moment = at.astimezone(UTC)
    return moment + (EPOCH - moment) % grid.step


def within_hours(at: datetime, grid: Grid, closed_days: Collection[date] = ()) -> bool:
    """Whether a caller may be rung at this moment: a working day, between opening and closing."""
    local = at.astimezone(grid.tz)
    return is_working_day(local.date(), closed_days) and grid.opens <= local.time() < grid.closes


def next_within_hours(at: datetime, grid: Grid, closed_days: Collection[date] = ()) -> datetime:
    """`at` itself if a caller may be rung then, else the next opening, in UTC."""
    if within_hours(at, grid, closed_days):
        return at.astimezone(UTC)
    local = at.astimezone(grid.tz)
    early = is_working_day(local.date(), closed_days) and local.time() < grid.opens
    day = local.date() if early else next_working_day(local.date(), closed_days)
    return instant_of(day, grid.opens, grid.tz)


def next_working_day(day: date, closed_days: Collection[date] = ()) -> date:
    """The first working day after `day`."""
    return next(_working_days(day + DAY, closed_days))


def is_working_day(day: date, closed_days: Collection[date] = ()) -> bool:
    """Monday to Friday, no Finnish holiday, and not closed by the coordinator."""
    return day.weekday() < SATURDAY and not is_holiday(day) and day not in closed_days


def is_holiday(day: date) -> bool:
    """Whether Finland keeps this day; Midsummer Eve and Christmas Eve count."""
    return day in _holidays(day.year)


def span_on(day: date, begins: time, ends: time, tz: ZoneInfo = HELSINKI) -> Span:
    """A span by the clock on the wall, so that a weekly nine o'clock is nine o'clock in summer and winter; in UTC.

    `ends` at or before `begins` means the next day.
    """
    last = day if ends > begins else day + DAY
    return Span(instant_of(day, begins, tz), instant_of(last, ends, tz))


def instant_of(day: date, wall: time, tz: ZoneInfo = HELSINKI) -> datetime:
    """The moment in UTC when the clock on the wall shows `wall`.

    An hour shown twice means its first round. An hour that spring skips means the moment of the skip, so that two spans
    that meet on the wall also meet in time.
    """
    local = datetime.combine(day, wall.replace(fold=0), tz)
    moment = local.astimezone(UTC)
    if moment.astimezone(tz).replace(tzinfo=None) == local.replace(tzinfo=None):
        return moment
    minute = local.replace(fold=1).astimezone(UTC).replace(second=0, microsecond=0)
    while minute.astimezone(tz).utcoffset() != moment.astimezone(tz).utcoffset():
        minute += MINUTE
    return minute


def _covers(closed: Collection[Span], hours: Span) -> bool:
    open_from = hours.begins
    for span in sorted(closed, key=lambda span: span.begins):
        if span.begins <= open_from:
            open_from = max(open_from, span.ends)
    return open_from >= hours.ends


def _noticed(now: datetime, grid: Grid) -> datetime:
    return grid_ceil(now.astimezone(UTC) + grid.notice, grid)


def _bookable_days(now: datetime, grid: Grid, closed_days: Collection[date]) -> tuple[date, ...]:
    noticed = now.astimezone(UTC) + grid.notice
    day = noticed.astimezone(grid.tz).date()
    # A day counts only while notice leaves a part of its hours: a call at eight in the evening looks to tomorrow at once.
    over = noticed >= instant_of(day, grid.closes, grid.tz)
    return _run_of_days(day + DAY if over else day, grid.working_days, frozenset(closed_days))


@lru_cache(maxsize=256)
def _run_of_days(first: date, count: int, closed_days: frozenset[date]) -> tuple[date, ...]:
    return tuple(islice(_working_days(first, closed_days), count))


def _working_days(day: date, closed_days: Collection[date]) -> Iterator[date]:
    while True:
        if is_working_day(day, closed_days):
            yield day
        day += DAY


@cache
def _holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("FI", years=year))
