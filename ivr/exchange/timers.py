"""Time on the exchange: what is to happen when, and a clock that a test turns by hand."""

from __future__ import annotations

import heapq
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Protocol


@dataclass(order=True, slots=True)
class Timer:
    """Something that will happen at a time, unless it is called off."""

    at: float
    order: int
    action: Callable[[], None] | None = field(compare=False)

    def call_off(self) -> None:
        """Let it not happen."""
        self.action = None


class Agenda:
    """What the exchange will do and when, in the seconds of its timer."""

    def __init__(self, timer: Callable[[], float]) -> None:
        self.timer = timer
        self.changed: Callable[[], None] = lambda: None
        self._heap: list[Timer] = []
        self._order = itertools.count()

    def after(self, seconds: float, action: Callable[[], None]) -> Timer:
        """Do this so many seconds from now; what falls at one instant keeps its order."""
        timer = Timer(self.timer() + max(0.0, seconds), next(self._order), action)
        heapq.heappush(self._heap, timer)
        self.changed()
        return timer

    def next_at(self) -> float | None:
        """When the next thing happens, or None if nothing will."""
        while self._heap and self._heap[0].action is None:
            heapq.heappop(self._heap)
        return self._heap[0].at if self._heap else None

    def pop_due(self) -> Timer | None:
        """Take the next thing whose time has come, or None."""
        at = self.next_at()
        if at is None or at > self.timer():
            return None
        return heapq.heappop(self._heap)


class Source(Protocol):
    """Anything whose events a virtual clock can step: the exchange, a test's job runner."""

    def next_event_at(self) -> float | None:
        """When its next event is due, in the clock's timer seconds."""

    def run_due(self) -> int:
        """Run what is due and say how many events ran."""


class VirtualClock:
    """A clock that stands still until a test moves it, and stops at every event on the way."""

    def __init__(self, start: datetime) -> None:
        if start.tzinfo is None:
            raise ValueError("a clock needs a start with a time zone")
        self._start = start
        self._elapsed = 0.0
        self._sources: list[Source] = []

    def now(self) -> datetime:
        """The moment as the product sees it, in the zone of the start."""
        moment = self._start.astimezone(UTC) + timedelta(seconds=self._elapsed)
        return moment.astimezone(self._start.tzinfo)

    def timer(self) -> float:
        """Seconds since the start; never goes back."""
        return self._elapsed

    def seconds_until(self, moment: datetime) -> float:
        """How far ahead a moment lies (negative: it has passed)."""
        return (moment - self.now()).total_seconds()

    def add(self, source: Source) -> None:
        """Let this source's events happen as the clock moves."""
        self._sources.append(source)

    def run_for(self, seconds: float) -> None:
        """Let so many seconds pass, with everything that happens in them."""
        self.run_until(lambda: False, within=seconds)

    def run_to(self, moment: datetime) -> None:
        """Let time pass until this moment."""
        self.run_for(max(0.0, self.seconds_until(moment)))

    def run_until(self, condition: Callable[[], bool], *, within: float = 3600.0) -> bool:
        """Let time pass until the condition holds; False if it did not within so many seconds."""
        deadline = self._elapsed + within
        while not condition():
            at = self._next_event_at()
            if at is None or at > deadline:
                self._elapsed = deadline
                return condition()
            self._step_to(at)
        return True

    def _next_event_at(self) -> float | None:
        times = [at for source in self._sources if (at := source.next_event_at()) is not None]
        return min(times, default=None)

    def _step_to(self, at: float) -> None:
        stuck = at <= self._elapsed
        self._elapsed = max(self._elapsed, at)
        ran = sum(source.run_due() for source in self._sources)
        if stuck and not ran:
            raise RuntimeError(f"an event is due at {at} s, but no source runs it")
