"""The clock of the exchange and its product, where whoever runs them lets a page turn it."""

from __future__ import annotations

import math
from typing import Protocol

SPEEDS = (1, 10, 60)
LEAPS_S = (5 * 60, 15 * 60, 60 * 60, 24 * 60 * 60)


class Clockwork(Protocol):
    """A clock that all share and that may be hurried, never turned back."""

    @property
    def speed(self) -> float:
        """How many times as fast as the world it runs."""

    def run_at(self, speed: float) -> None:
        """Go on from the present moment at this speed."""

    def leap(self, seconds: float) -> None:
        """Go forward by so many seconds at once."""


class StillEngagedError(Exception):
    """Somebody is in a call, which a leap would tear apart."""


def turn(clockwork: Clockwork, wish: object, *, engaged: bool) -> None:
    """Do what was sent: {"speed": 60} or {"leap": 900}; ValueError for anything else, StillEngagedError in a call."""
    match wish:
        case {"speed": int() | float() as speed} if _is_one_of(speed, SPEEDS):
            clockwork.run_at(float(speed))
        case {"leap": int() | float() as leap} if _is_one_of(leap, LEAPS_S):
            if engaged:
                raise StillEngagedError
            clockwork.leap(float(leap))
        case _:
            raise ValueError("send a speed or a leap that the page shows")


def _is_one_of(value: float, known: tuple[int, ...]) -> bool:
    return not isinstance(value, bool) and math.isfinite(value) and value in known
