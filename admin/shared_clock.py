"""A demo's clock that all its processes read from one file, so that it can be hurried while they run."""

import os
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final, Self

from admin.clock import RunningClock

PREFIX: Final = "file:"
NAME: Final = "clock"
SETTLES_IN: Final = timedelta(seconds=0.25)  # a change begins when everybody has had time to read of it


def _real_now() -> datetime:
    return datetime.now(UTC)


class SharedClock:
    """One running clock after another, a line each: the last one whose real start has come shows the time.

    Each begins where the one before it is at that moment, or later: the time never goes back, in whatever process.
    """

    def __init__(self, path: Path, real_now: Callable[[], datetime] = _real_now) -> None:
        self._path = path
        self._real_now = real_now
        self._lock = threading.Lock()
        self._read_as: tuple[int, int] | None = None
        self._clocks: tuple[RunningClock, ...] = ()

    @classmethod
    def at(cls, path: Path) -> Self:
        """The clock that is written down there; ValueError if none is."""
        clock = cls(path)
        clock.now()
        return clock

    @classmethod
    def begin(cls, path: Path, first: RunningClock) -> Self:
        """Write a clock down, in place of any before it."""
        path.parent.mkdir(parents=True, exist_ok=True)
        clock = cls(path)
        clock._write((first,))
        return clock

    def __str__(self) -> str:
        """The value of DIGILINJA_CLOCK that leads another process here."""
        return f"{PREFIX}{self._path.absolute()}"

    def now(self) -> datetime:
        """The moment it shows, aware, in UTC."""
        real = self._real_now()
        return _showing(self._known(), real).shows(real)

    @property
    def speed(self) -> float:
        """How many times as fast as the world it runs; a change that is about to begin counts already."""
        return self._known()[-1].speed

    @property
    def hurried(self) -> bool:
        """Whether anybody has turned it since it began."""
        return len(self._known()) > 1

    def run_at(self, speed: float) -> None:
        """Go on at this speed."""
        self._turn(speed, timedelta(0))

    def leap(self, seconds: float) -> None:
        """Go forward by so many seconds at once, and on at the same speed."""
        if seconds < 0:
            raise ValueError("time does not go back")
        self._turn(None, timedelta(seconds=seconds))

    def _turn(self, speed: float | None, by: timedelta) -> None:
        with self._lock:
            clocks = self._known()
            last = clocks[-1]
            begins = max(self._real_now() + SETTLES_IN, last.real_start)
            start = last.shows(begins) + by
            self._write((*clocks, RunningClock(start, last.speed if speed is None else speed, begins)))

    def _known(self) -> tuple[RunningClock, ...]:
        try:
            found = self._path.stat()
        except OSError:
            raise ValueError(f"there is no clock in {self._path}") from None
        mark = (found.st_mtime_ns, found.st_ino)
        if mark != self._read_as:
            lines = self._path.read_text(encoding="utf-8").splitlines()
            self._clocks = tuple(RunningClock.parse(line, real_now=self._real_now()) for line in lines)
            self._read_as = mark
        if not self._clocks:
            raise ValueError(f"there is no clock in {self._path}")
        return self._clocks

    def _write(self, clocks: tuple[RunningClock, ...]) -> None:
        draft = self._path.with_name(f".{self._path.name}-{os.getpid()}")
        draft.write_text("".join(f"{clock}\n" for clock in clocks), encoding="utf-8")
        draft.replace(self._path)


def _showing(clocks: tuple[RunningClock, ...], real: datetime) -> RunningClock:
    begun = [clock for clock in clocks if clock.real_start <= real]
    return begun[-1] if begun else clocks[0]
