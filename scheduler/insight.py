"""What a coordinator asks of the rota: who must not fall ill, why was this time not offered, what could be offered."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time
from enum import StrEnum
from itertools import product

from sqlalchemy.orm import Session

from scheduler.ledger import ASKING, Wish
from scheduler.matching import Need, OnDuty, Rules, admissible, at_risk, blocking, irreplaceable, may_take
from scheduler.picture import Live, Pools, first_kept_first
from scheduler.pools import look, mark_of
from scheduler.protection import Reserve
from scheduler.records import CallbackState
from scheduler.slots import DAY, MINUTE, Grid, Span, grid_ceil, instant_of, is_holiday, may_offer
from tickets.vocabulary import PHONE_TOPICS, HelperKind, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class SinglePoint:
    """A helper who must not fall ill: without them, `lost` (callback ids) cannot be kept at this start."""

    starts_at: datetime
    helper: OnDuty
    lost: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ScarceKind:
    """A kind of helper of whom the rota has nobody to spare: at so many starts, for these promises."""

    languages: frozenset[Language]
    kind: HelperKind
    starts: int
    helpers: frozenset[int]
    lost: frozenset[int]


def single_points(
    session: Session, network_id: int, span: Span, *, now: datetime, grid: Grid
) -> tuple[SinglePoint, ...]:
    """The helpers on whom a promise in `span` hangs, whichever way the others were moved; one statement."""
    pools = look(session, network_id, span, grid, now=now)
    return tuple(point for start in pools.on_duty for point in _points_at(pools, start))


def scarce_kinds(points: Iterable[SinglePoint]) -> tuple[ScarceKind, ...]:
    """The same by kind of helper, the one that most promises hang on first."""
    alike: defaultdict[tuple[frozenset[Language], HelperKind], list[SinglePoint]] = defaultdict(list)
    for point in points:
        alike[point.helper.languages, point.helper.kind].append(point)
    kinds = [
        ScarceKind(
            languages,
            kind,
            len({point.starts_at for point in some}),
            frozenset(point.helper.helper for point in some),
            frozenset(key for point in some for key in point.lost),
        )
        for (languages, kind), some in alike.items()
    ]
    return tuple(sorted(kinds, key=lambda kind: -len(kind.lost)))


class Why(StrEnum):
    """Why a time is not offered."""

    PAST = "past"
    OFF_GRID = "off_grid"
    HOLIDAY = "holiday"
    CLOSED = "closed"
    TOO_SOON = "too_soon"
    TOO_FAR = "too_far"  # past the last day of the booking window
    OVERLAPS = "overlaps"  # the caller has another time then
    NOBODY = "nobody"  # is on duty
    NOBODY_FITS = "nobody_fits"  # of those on duty may take such a call, at any length of their places
    BLOCKED = "blocked"  # those who may take it are needed for other promises
    KEPT = "kept"  # for those who will ring in Swedish


@dataclass(frozen=True, slots=True)
class WhyNot:
    """The answer; `why` is None where the time would be offered.

    Where others' promises stand in the way, `callbacks` need all of `helpers`, who are one fewer than they and this wish.
    """

    why: Why | None
    callbacks: frozenset[int] = frozenset()
    helpers: frozenset[int] = frozenset()


def why_not(session: Session, wish: Wish, starts_at: datetime, *, now: datetime, grid: Grid) -> WhyNot:
    """Why this time was not offered to this caller, as things stand now; one statement."""
    midnight = instant_of(starts_at.astimezone(grid.tz).date(), time(0), grid.tz)
    span = Span(max(midnight, min(now + grid.notice, starts_at)), max(midnight + DAY, starts_at + MINUTE))
    mark = mark_of(wish.caller_index)
    pools = look(session, wish.network_id, span, grid, now=now, mark=mark, ticket=wish.ticket_id)
    by_calendar = _by_calendar(pools, starts_at, now, grid)
    return WhyNot(by_calendar) if by_calendar else _by_people(pools, starts_at, wish.need, now, grid)


@dataclass(frozen=True, slots=True)
class CallerKind:
    """Callers who are the same to the rota: `municipalities` are served by the same organisations (none: not known)."""

    language: Language
    topic: Topic | None
    municipalities: tuple[str, ...] = ()


def openings(
    session: Session, network_id: int, span: Span, *, now: datetime, grid: Grid
) -> Mapping[datetime, frozenset[CallerKind]]:
    """Which kinds of caller could be offered which starts in `span`; one statement, and one search for each start."""
    pools = look(session, network_id, span, grid, now=now)
    reserve, kinds = Reserve(pools, now=now, grid=grid), kinds_of_caller(pools.rules)
    starts = [start for start in pools.on_duty if may_offer(start, now, grid, pools.closed_days)]
    return {start: open_to(pools, reserve, start, kinds, grid) for start in starts}


def open_to(
    pools: Pools, reserve: Reserve, start: datetime, kinds: tuple[CallerKind, ...], grid: Grid
) -> frozenset[CallerKind]:
    """The kinds of caller for whom there is a helper at this start, and nothing is kept for others."""
    needs, pool, wishes = pools.needs(start), pools.free(start), _wishes(pools, kinds, grid)
    could = admissible(needs, pool, pools.rules, wishes)
    kept = reserve.to_come(start)
    spared = admissible((*needs, *kept), pool, pools.rules, wishes) if kept else could
    swedish = {wish.key for wish in wishes if wish.language is Language.SV}
    return frozenset(kinds[ASKING - key] for key in could & (spared | swedish))


def kinds_of_caller(rules: Rules) -> tuple[CallerKind, ...]:
    """Every language and topic, and municipalities by who serves them; few, however many municipalities there are."""
    alike: defaultdict[frozenset[int], list[str]] = defaultdict(list)
    for code in sorted({code for codes in rules.serves.values() for code in codes}):
        alike[frozenset(key for key, codes in rules.serves.items() if not codes or code in codes)].append(code)
    groups = [(), *(tuple(codes) for codes in alike.values())]
    topics = (None, *PHONE_TOPICS.values())
    return tuple(CallerKind(language, topic, codes) for language, topic, codes in product(Language, topics, groups))


def _wishes(pools: Pools, kinds: tuple[CallerKind, ...], grid: Grid) -> list[Need]:
    # A wish is known by a number that no callback has: the place of its kind, counted downwards.
    lengths = {topic: pools.length(topic, grid) // MINUTE for topic in {kind.topic for kind in kinds}}
    return [
        Need(
            ASKING - number,
            kind.language,
            kind.topic,
            next(iter(kind.municipalities), None),
            minutes=lengths[kind.topic],
        )
        for number, kind in enumerate(kinds)
    ]


def _points_at(pools: Pools, start: datetime) -> Iterable[SinglePoint]:
    promised = [live for live in first_kept_first(pools.live.get(start, ())) if live.state is CallbackState.PROMISED]
    needs, pool = [live.need for live in promised], pools.free(start)
    missed = irreplaceable(needs, pool, pools.rules) if needs else frozenset[int]()
    for helper in pool:
        if helper.helper in missed:
            yield SinglePoint(start, helper, _lost_without(helper, promised, pools, pool))


def _lost_without(helper: OnDuty, promised: list[Live], pools: Pools, pool: tuple[OnDuty, ...]) -> tuple[int, ...]:
    needs = [live.need for live in promised]
    others = [other for other in pool if other is not helper]
    before = at_risk(needs, pool, pools.rules)
    return tuple(key for key in at_risk(needs, others, pools.rules) if key not in before)


def _by_calendar(pools: Pools, start: datetime, now: datetime, grid: Grid) -> Why | None:
    day = start.astimezone(grid.tz).date()
    reasons = {
        Why.PAST: start < now,
        Why.OFF_GRID: start != grid_ceil(start, grid),
        Why.HOLIDAY: is_holiday(day),
        Why.CLOSED: day in pools.closed_days or any(span.begins <= start < span.ends for span in pools.closed),
        Why.TOO_SOON: start < grid_ceil(now + grid.notice, grid),
        Why.TOO_FAR: not may_offer(start, now, grid, pools.closed_days),
    }
    return next((why for why, holds in reasons.items() if holds), None)


def _by_people(pools: Pools, start: datetime, wish: Need, now: datetime, grid: Grid) -> WhyNot:
    length = pools.length(wish.topic, grid)
    wish, pool = replace(wish, minutes=length // MINUTE), pools.free(start)
    if pools.overlaps(start, length):
        return WhyNot(Why.OVERLAPS)
    if not pools.on_duty.get(start):
        return WhyNot(Why.NOBODY)
    if not any(may_take(helper, wish, pools.rules) for helper in pools.on_duty[start]):
        return WhyNot(Why.NOBODY_FITS)
    blocked = blocking(pools.needs(start), pool, pools.rules, wish)
    if blocked is not None:
        return WhyNot(Why.BLOCKED, blocked.needs - {wish.key}, blocked.helpers)
    spared = Reserve(pools, now=now, grid=grid).spares(start, wish)
    return WhyNot(None if spared else Why.KEPT)
