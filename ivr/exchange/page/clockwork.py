"""The clock of the exchange and its product, where whoever runs them lets a page turn it."""

from __future__ import annotations

import math
from typing import Protocol

SPEEDS = (1, 10, 30, 60)
LEAPS_S = (5 * 60, 15 * 60, 60 * 60, 24 * 60 * 60)
SHORTLY_BEFORE_S = 30  # so much is left, after a leap to what comes next, to take up the telephone


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


class NothingAheadError(Exception):
    """Nothing comes that one could leap to, or it is here already."""


def turn(clockwork: Clockwork, wish: object, *, engaged: bool, next_in_s: float | None = None) -> None:
    """Do what was sent: {"speed": 60}, {"leap": 900} or {"leap": "next"}; ValueError for anything else.

    StillEngagedError in a call; NothingAheadError where nothing comes next. `next_in_s` is when the next thing comes.
    """
    match wish:
        case {"speed": int() | float() as speed} if _is_one_of(speed, SPEEDS):
            clockwork.run_at(float(speed))
        case {"leap": int() | float() as leap} if _is_one_of(leap, LEAPS_S):
            if engaged:
                raise StillEngagedError
            clockwork.leap(float(leap))
        case {"leap": "next"}:
            _leap_to_next(clockwork, next_in_s, engaged=engaged)
        case _:
            raise ValueError("send a speed or a leap that the page shows")


def _leap_to_next(clockwork: Clockwork, next_in_s: float | None, *, engaged: bool) -> None:
    if next_in_s is None or next_in_s <= SHORTLY_BEFORE_S:
        raise NothingAheadError
    if engaged:
        raise StillEngagedError
    clockwork.leap(next_in_s - SHORTLY_BEFORE_S)


def _is_one_of(value: float, known: tuple[int, ...]) -> bool:
    return not isinstance(value, bool) and math.isfinite(value) and value in known
