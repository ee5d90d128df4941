"""How big the simulated network is, and how its people behave."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any, Final


@dataclass(frozen=True, slots=True)
class Preset:
    """Calls to a made-up network over real municipalities; shares are of 1.

    `calls` ring on the one day on which the line opens, and find all days to come free. Over several days that many come
    in every `patience` of them, so that the rota is as full on the last day as on the first.

    Each caller asks for a time within `patience` working days, drawn evenly, and can talk from then for `free_for`; as
    short as the grid's step, that is one start. A caller is *refused* when no such start can be promised. The wider
    `free_for`, the less it matters who is chosen when: whoever takes any time fills every gap.
    """

    municipalities: int
    helpers: int
    calls: int
    on_duty: int  # helpers on duty at any one moment, on average
    patience: int = 5
    free_for: timedelta = timedelta(minutes=15)
    swedish_calls: float = 0.05
    swedish_helpers: float = 0.08  # nearly all of them speak Finnish too
    staff: float = 0.3
    regional: float = 0.3  # helpers of an association that serves a region; the rest belong to a municipality
    national: float = 0.2  # helpers of one that serves everybody
    national_swedish: float = 0.5  # the same of those who speak Swedish
    agreements: float = 0.5  # municipalities that have agreed to help all of their sub-region
    cautious: float = 0.2  # associations whose volunteers leave e-services and identification to staff
    drops_a_place: float = 0.04
    does_not_answer: float = 0.03  # helpers, at each start
    caller_away: float = 0.1  # callers, at each try

    def calls_over(self, days: int) -> int:
        """How many ring in so many working days."""
        return self.calls if days == 1 else self.calls * days // self.patience

    def changed(self, name: str, number: str) -> "Preset":
        """The same with another number or share; ValueError when it has none of this name or cannot be so."""
        types: dict[str, object] = {field.name: field.type for field in fields(self)}
        value: Any = int(number) if types.get(name) is int else float(number)
        known = types.get(name) in (int, float)
        if not known or (value < 1 if types[name] is int else not 0 <= value <= 1):
            raise ValueError(name)
        return replace(self, **{name: value})


PRESETS: Final[Mapping[str, Preset]] = {
    "demo": Preset(
        5, helpers=12, calls=20, on_duty=5, swedish_helpers=0.3, agreements=1.0, free_for=timedelta(hours=3)
    ),
    "regional": Preset(27, helpers=180, calls=400, on_duty=32, swedish_helpers=0.15, agreements=0.8),
    "national": Preset(300, helpers=2_000, calls=5_000, on_duty=350),
}

# Calls by hour of the day, in parts: a morning peak after the line's name has been in the paper, and a tail at home.
CALLS_BY_HOUR: Final[Mapping[int, int]] = {
    7: 2, 8: 8, 9: 14, 10: 14, 11: 11, 12: 10, 13: 9, 14: 8, 15: 7, 16: 6, 17: 4, 18: 3, 19: 2, 20: 2,
}  # fmt: skip
