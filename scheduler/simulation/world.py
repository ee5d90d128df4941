"""What a simulated stretch of time is made of: a network, its rota, its callers, and who will not be there."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Final

from scheduler.matching import Need, OnDuty, Rules
from scheduler.slots import EPOCH, Grid, Span, instant_of, phase_of, starts_of
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

HALVES: Final = ((time(9), time(12)), (time(12), time(15)))
EVERYBODY: Final = 0  # the number of the association that serves everybody


@dataclass(frozen=True, slots=True)
class Call:
    """A caller who rings at `at`, and when they could talk."""

    at: datetime
    need: Need
    free: Span


@dataclass(frozen=True, slots=True)
class Duty:
    """A helper's place, and the starts into which it is cut."""

    helper: OnDuty
    during: Span
    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class DropOut:
    """A helper who gives up a place, and with it these starts."""

    at: datetime
    helper: int
    starts: tuple[datetime, ...]


@dataclass(frozen=True, slots=True)
class Member:
    """An organisation of the network: the municipality codes that it serves as its own and by agreement; none: everybody."""

    number: int
    own: frozenset[str]
    agreed: frozenset[str]
    cautious: bool


@dataclass(frozen=True, slots=True)
class World:
    """All that happens, whoever promises what to whom."""

    grid: Grid
    rules: Rules
    members: tuple[Member, ...]
    helpers: tuple[OnDuty, ...]
    rota: tuple[Duty, ...]
    calls: tuple[Call, ...]
    drop_outs: tuple[DropOut, ...]
    silent: frozenset[tuple[int, datetime]]  # (helper, start): does not answer
    away: frozenset[tuple[int, int]]  # (caller's key, try): does not answer

    @property
    def begins(self) -> datetime:
        """Before the first call."""
        return min(duty.during.begins for duty in self.rota) - timedelta(days=1)

    @property
    def ends(self) -> datetime:
        """After the last place."""
        return max(duty.during.ends for duty in self.rota)

    def pools(self) -> Mapping[datetime, tuple[OnDuty, ...]]:
        """Who is on duty at each start, the earliest first."""
        pools: defaultdict[datetime, list[OnDuty]] = defaultdict(list)
        for duty in self.rota:
            for start in duty.starts:
                pools[start].append(duty.helper)
        return {start: tuple(pools[start]) for start in sorted(pools)}


@dataclass(frozen=True, slots=True)
class WeeklyShift:
    """A half of a weekday (0 is Monday), begun so much late, and the language of whoever takes it beside Finnish."""

    weekday: int
    half: int
    language: Language
    late: timedelta = timedelta(0)


def with_one_more(world: World, shift: WeeklyShift) -> World:
    """The same days with one more helper, who serves everybody, is always there and takes this shift every week."""
    languages = frozenset({Language.FI, shift.language})
    helper = OnDuty(len(world.helpers), EVERYBODY, languages, HelperKind.VOLUNTEER)
    days = {duty.during.begins.astimezone(world.grid.tz).date() for duty in world.rota}
    spans = [shift_on(day, shift.half, shift.late) for day in sorted(days) if day.weekday() == shift.weekday]
    more = tuple(duty_of(helper, span, world.grid) for span in spans)
    return replace(world, helpers=(*world.helpers, helper), rota=(*world.rota, *more))


def shift_of(start: datetime, language: Language, grid: Grid) -> WeeklyShift:
    """The weekly shift in which a callback at this start falls."""
    local = start.astimezone(grid.tz)
    late = (start - EPOCH) % grid.call
    return WeeklyShift(local.weekday(), int((local - late).time() >= HALVES[1][0]), language, late)


def shift_on(day: date, half: int, late: timedelta) -> Span:
    """A half of this day, begun and ended so much late."""
    return Span(*(instant_of(day, wall) + late for wall in HALVES[half]))


def duty_of(helper: OnDuty, during: Span, grid: Grid) -> Duty:
    """The helper's place in a shift of its own phase."""
    return Duty(helper, during, starts_of(during, phase_of(during.begins, grid.call), grid.call))
