"""At what time a demo begins, and how fast it runs."""

import re
from datetime import UTC, datetime, time
from typing import Final

from admin.clock import RunningClock
from scheduler.slots import Grid, instant_of, is_working_day, next_working_day

ON_THE_CLOCK: Final = re.compile(r"(\d{1,2})[:.](\d{2})")


def demo_clock(at: str | None, speed: float | None, *, real_now: datetime, grid: Grid) -> RunningClock | None:
    """The demo's clock; None where it runs in real time. ValueError when `at` cannot be read."""
    if at is None and speed is None:
        return None
    return RunningClock(read_moment(at, real_now, grid) if at else real_now, speed or 1.0, real_now)


def read_moment(text: str, real_now: datetime, grid: Grid) -> datetime:
    """A moment in ISO 8601, in Finnish time unless it has an offset; or 9:57, which means the next working day's."""
    hour = ON_THE_CLOCK.fullmatch(text.strip())
    if hour:
        today = real_now.astimezone(grid.tz).date()
        day = today if is_working_day(today) else next_working_day(today)
        return instant_of(day, time(int(hour[1]), int(hour[2])), grid.tz)
    moment = datetime.fromisoformat(text)
    return (moment if moment.tzinfo else moment.replace(tzinfo=grid.tz)).astimezone(UTC)
