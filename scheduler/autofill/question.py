"""The question in order: who could take what beside what they hold, week by week. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.autofill.asked import Helper, Shift
from scheduler.autofill.rules import Week, shut_out, week_of

UNSAID: Final = 1  # places a week that are due from who has not said how many they wish
LEAST_DUE: Final = 0.5  # who wishes for none: their first place weighs as much as that of two who wish for one each


@dataclass(frozen=True)
class Question:
    """What is to be filled by whom, in an order of its own; `calm` is the rest that one would like between places."""

    shifts: tuple[Shift, ...]
    helpers: tuple[Helper, ...]
    calm: timedelta
    tz: ZoneInfo

    @cached_property
    def open_to(self) -> dict[int, tuple[Shift, ...]]:
        """For each helper the shifts that they could take beside what they hold."""
        room = {shift.id: shift.most - len(self.holders[shift.id]) for shift in self.shifts}
        open_shifts = [shift for shift in self.shifts if room[shift.id] > 0]
        return {helper.id: tuple(self._could_take(helper, open_shifts)) for helper in self.helpers}

    @cached_property
    def holders(self) -> dict[int, frozenset[int]]:
        """For each shift the helpers who hold a place in it."""
        held: dict[int, set[int]] = {shift.id: set() for shift in self.shifts}
        for helper in self.helpers:
            for place in helper.holds:
                if place.shift in held:
                    held[place.shift].add(helper.id)
        return {shift: frozenset(helpers) for shift, helpers in held.items()}

    @cached_property
    def weeks(self) -> tuple[Week, ...]:
        """The weeks that are filled."""
        return tuple(sorted({week_of(shift.during, self.tz) for shift in self.shifts}))

    def due(self, helper: Helper) -> float:
        """How many places the helper has wished for, over the months and these weeks."""
        a_week = UNSAID if helper.wished is None else helper.wished
        return max(LEAST_DUE, helper.wished_before + a_week * len(self.weeks))

    def held_in(self, helper: Helper, week: Week) -> int:
        """How many places of that week the helper holds."""
        return sum(week_of(place.during, self.tz) == week for place in helper.holds)

    def _could_take(self, helper: Helper, shifts: list[Shift]) -> Iterator[Shift]:
        held = [place.during for place in helper.holds]
        return (shift for shift in shifts if shut_out(helper, shift, held, self.tz) is None)
