"""A stretch of a network's time as it stands: who is on duty, what is promised, what is closed. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from scheduler.forecast import Forecast
from scheduler.matching import Need, OnDuty, Rules, admits
from scheduler.records import CallbackState
from scheduler.slots import MINUTE, Grid, Span
from tickets.vocabulary import Topic


@dataclass(frozen=True, slots=True)
class Live:
    """A promise that still holds, or a place kept free for somebody who waits and has been offered it."""

    callback_id: int
    starts_at: datetime
    state: CallbackState
    helper: int | None
    booked_at: datetime
    times_moved: int
    need: Need

    @property
    def pinned(self) -> bool:
        """Whether it has its helper for good: they are on the phone about it."""
        return self.state in (CallbackState.RINGING, CallbackState.TALKING)

    @property
    def standing(self) -> int:
        """How firmly it stands, the firmest first: on the phone, promised, in deficit, only held."""
        states = (CallbackState.PROMISED, CallbackState.DEFICIT, CallbackState.OFFERED)
        return states.index(self.state) + 1 if self.state in states else 0

    @property
    def counts(self) -> bool:
        """Whether it must have a helper beside the pinned ones: promised, or held for an answer."""
        return self.state in (CallbackState.PROMISED, CallbackState.OFFERED)


def first_kept_first(promised: Iterable[Live]) -> list[Live]:
    """In the order in which they should be kept where not all can.

    What stands is not broken for what is broken already; whoever was moved before is not moved again; the older promise
    comes before the newer; a place that is only held for an answer comes last.
    """
    return sorted(promised, key=lambda live: (live.standing, -live.times_moved, live.booked_at, live.callback_id))


@dataclass(frozen=True, slots=True)
class Own:
    """A live promise of the caller who asks."""

    callback_id: int
    during: Span
    code_sealed: str


@dataclass(frozen=True, slots=True)
class Pools:
    """A consistent picture of a stretch of time in one network."""

    rules: Rules
    call_minutes: Mapping[Topic, int]  # topics that take longer or shorter than the grid's call
    on_duty: Mapping[datetime, tuple[OnDuty, ...]]  # start → its pool
    live: Mapping[datetime, tuple[Live, ...]]  # start → its promises, in the order in which they were given
    own: tuple[Own, ...]
    closed: tuple[Span, ...] = ()  # when the whole network rings nobody
    closed_days: frozenset[date] = frozenset()  # whose hours are all closed
    forecast: Forecast | None = None  # of calls in Swedish; None where nothing is kept for them

    def length(self, topic: Topic | None, grid: Grid) -> timedelta:
        """How long a call about this topic holds its helper."""
        minutes = None if topic is None else self.call_minutes.get(topic)
        return grid.call if minutes is None else minutes * MINUTE

    def admits(self, start: datetime, need: Need, grid: Grid) -> bool:
        """Whether `need`, at the length that its topic has now, can be promised at `start` beside all that is already."""
        length = self.length(need.topic, grid)
        if self.overlaps(start, length):
            return False
        free, needs = self.free(start), self.needs(start)
        wish = replace(need, minutes=length // MINUTE)
        return len(needs) < len(free) and admits(needs, free, self.rules, wish)

    def overlaps(self, start: datetime, length: timedelta) -> bool:
        """Whether the caller who asks has another time then."""
        return any(own.during.begins < start + length and start < own.during.ends for own in self.own)

    def free(self, start: datetime) -> tuple[OnDuty, ...]:
        """Who is on duty at this start and not on the phone about it already."""
        pinned = {live.helper for live in self.live.get(start, ()) if live.pinned}
        return tuple(helper for helper in self.on_duty.get(start, ()) if helper.helper not in pinned)

    def needs(self, start: datetime) -> tuple[Need, ...]:
        """What must be covered by those who are free: the promises and the held places of this start."""
        return tuple(live.need for live in self.live.get(start, ()) if live.counts)
