"""How many Swedish-speaking callers will still ring, and how many places are worth keeping for them. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import accumulate
from math import exp
from typing import Final, Self
from zoneinfo import ZoneInfo

HOURS: Final = 168  # of a week
# A place is kept as long as the chance that somebody will ask for it is at least this. A Finnish-speaking caller who is
# offered the next time instead loses little; a Swedish-speaking one often has no next.
WORTH_KEEPING: Final = 0.1


@dataclass(frozen=True, slots=True)
class Forecast:
    """What a week usually brings in Swedish: calls before each of its hours, from Monday's first by the clock on the wall.

    So long before a start (`release`), what is kept there for Swedish-speaking callers is free for all.
    """

    before: tuple[float, ...]
    release: timedelta

    @classmethod
    def of(cls, hourly: Sequence[float], release: timedelta) -> Self:
        """From the calls of each hour of the week."""
        if len(hourly) != HOURS:
            raise ValueError(f"a week has {HOURS} hours, not {len(hourly)}")
        return cls(tuple(accumulate(hourly, initial=0.0)), release)

    def calls(self, begins: datetime, ends: datetime, tz: ZoneInfo) -> float:
        """How many are expected to ring between the two."""
        return max(0.0, self._until(ends, tz) - self._until(begins, tz))

    def _until(self, at: datetime, tz: ZoneInfo) -> float:
        # Counted from a Monday long ago, so that the difference of two is a stretch of any length.
        local = at.astimezone(tz)
        weeks, weekday = divmod(local.toordinal() - 1, 7)
        hour = weekday * 24 + local.hour
        begun, full = self.before[hour], self.before[hour + 1]
        return weeks * self.before[-1] + begun + (full - begun) * local.minute / 60


def worth_keeping(expected: float, places: int) -> int:
    """How many of these places to keep, when so many callers are expected for them.

    One more is kept as long as it is likely enough (WORTH_KEEPING) to be asked for: callers come by chance, one by one
    (Poisson), and the last place kept is the one least likely to be needed (Littlewood's rule).
    """
    kept, exactly = 0, exp(-expected)
    more_than_kept = 1 - exactly
    while kept < places and more_than_kept >= WORTH_KEEPING:
        kept += 1
        exactly *= expected / kept
        more_than_kept -= exactly
    return kept
