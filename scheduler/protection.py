"""Places kept for Swedish-speaking callers who have not rung yet (docs/decisions/0014-lengths-and-protection.md). Pure."""

from dataclasses import replace
from datetime import date, datetime
from typing import Final

from scheduler.forecast import worth_keeping
from scheduler.matching import Need, Plan
from scheduler.picture import Pools
from scheduler.slots import MINUTE, Grid
from voice_prompts.language import Language

TO_COME: Final = Need(-1_000_000, Language.SV)  # far from the numbers of wishes and callbacks


class Reserve:
    """What is kept in a stretch of time for those who will ring in Swedish; it decides what is offered, never what is kept.

    Whoever is expected until the release of a start is thought to want any day of the booking window, and on it any Swedish
    speaker who has not been promised to a Swedish-speaking caller yet.
    """

    def __init__(self, pools: Pools, *, now: datetime, grid: Grid) -> None:
        self._pools = pools
        self._now = now
        self._grid = grid
        self._days: dict[date, dict[datetime, int]] = {}

    def spares(self, start: datetime, wish: Need) -> bool:
        """Whether as many of those to come can be kept a place at `start` beside this wish as without it."""
        kept = 0 if wish.language is Language.SV else self.kept(start)
        if not kept:
            return True
        plan, _ = self._plan(start, kept)
        length = self._pools.length(wish.topic, self._grid) // MINUTE
        return plan.place(replace(wish, minutes=length))

    def to_come(self, start: datetime) -> tuple[Need, ...]:
        """Those to come for whom there is a helper at this start beside all promises."""
        kept = self.kept(start)
        return self._plan(start, kept)[1] if kept else ()

    def kept(self, start: datetime) -> int:
        """How many callers to come a place is kept for at this start; none any more from its release on."""
        forecast = self._pools.forecast
        if forecast is None or start - forecast.release <= self._now:
            return 0
        seats = self._seats(start.astimezone(self._grid.tz).date())
        if not seats.get(start):
            return 0
        calls = forecast.calls(self._now, start - forecast.release, self._grid.tz)
        wanted = calls / self._grid.working_days * seats[start] / sum(seats.values())
        return worth_keeping(wanted, seats[start])

    def _plan(self, start: datetime, kept: int) -> tuple[Plan, tuple[Need, ...]]:
        plan = Plan(self._pools.free(start), self._pools.rules)
        for need in self._pools.needs(start):
            plan.place(need)
        length = self._grid.call // MINUTE
        to_come = [replace(TO_COME, key=TO_COME.key - number, minutes=length) for number in range(kept)]
        return plan, tuple(need for need in to_come if plan.place(need))

    def _seats(self, day: date) -> dict[datetime, int]:
        if day not in self._days:
            starts = [start for start in self._pools.on_duty if start.astimezone(self._grid.tz).date() == day]
            self._days[day] = {start: self._swedish_left(start) for start in starts}
        return self._days[day]

    def _swedish_left(self, start: datetime) -> int:
        speakers = [each for each in self._pools.on_duty[start] if Language.SV in each.languages and each.valid]
        promised = [live for live in self._pools.live.get(start, ()) if live.need.language is Language.SV]
        return max(0, len(speakers) - len(promised))
