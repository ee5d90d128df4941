"""What a coordinator asks of the promises: what needs me, who waits, who must not fall ill, why not this time."""

from datetime import datetime, timedelta
from typing import Final

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import Moment, SpanQuery, Strict
from admin.api.reach import concerning, own_helpers, watched
from scheduler.alerts import AlertCard, alert_of, alerts_of, see_alert
from scheduler.deficits import Deficit, deficits_of
from scheduler.insight import (
    CallerKind,
    ScarceKind,
    SinglePoint,
    WhyNot,
    openings,
    scarce_kinds,
    single_points,
    why_not,
)
from scheduler.ledger import Wish
from scheduler.waiting import InLine, line_shown
from tickets.rights import Right
from tickets.vocabulary import Topic
from voice_prompts.language import Language

LONGEST: Final = timedelta(days=14)
operations = Operations()


class AlertQuery(Strict):
    """Which alerts; without anything, those that nobody has seen and that are not over."""

    seen: bool = Field(False, description="Also those that somebody has seen.")
    resolved: bool = Field(False, description="Also those that are over by themselves.")


class AlertsOut(BaseModel):
    """Alerts, the newest first."""

    alerts: list[AlertCard]


class DeficitsOut(BaseModel):
    """Promises that nobody can keep as the rota stands, the nearest first."""

    deficits: list[Deficit]


class WaitingOut(BaseModel):
    """Callers for whom there was no time, the oldest request first; no names and no numbers."""

    waiting: list[InLine]


class SinglePointsOut(BaseModel):
    """On whom promises hang, one by one and by kind of helper."""

    points: list[SinglePoint]
    kinds: list[ScarceKind]


class WhyQuery(Strict):
    """A time, and the caller who would have it."""

    starts_at: Moment
    language: Language
    topic: Topic | None = None
    municipality: str | None = Field(None, description="Statistics Finland's three-digit code.")


class WhyOut(BaseModel):
    """Why the time is not offered; `why` is null where it would be."""

    answer: WhyNot


class OpenStart(BaseModel):
    """A start, and the kinds of caller who could be offered it."""

    starts_at: datetime
    callers: list[CallerKind]


class OpenStartsOut(BaseModel):
    """Starts in their order."""

    starts: list[OpenStart]


@operations.get("/alerts", Right.WATCH_PROMISES)
def alerts(asked: Asked, query: AlertQuery) -> AlertsOut:
    """What a coordinator must know of."""
    mine = concerning(asked)
    found = alerts_of(asked.session, asked.network_id, seen=query.seen, resolved=query.resolved, concerning=mine)
    return AlertsOut(alerts=list(found))


@operations.post("/alerts/{alert}/seen", Right.WATCH_PROMISES)
def see(asked: Asked, alert: int) -> None:
    """Say that one has seen it; the first one stands."""
    here = alert_of(asked.session, asked.network_id, alert, concerning(asked))
    if here is None or not see_alert(asked.session, asked.network_id, alert, asked.actor, now=asked.now):
        raise Refused("not_found", "alert: there is none of this number that nobody has seen", status=404)


@operations.get("/deficits", Right.WATCH_PROMISES)
def deficits(asked: Asked) -> DeficitsOut:
    """Promises that nobody can keep as the rota stands."""
    return DeficitsOut(deficits=list(deficits_of(asked.session, asked.network_id, ways=watched(asked))))


@operations.get("/waiting", Right.WATCH_PROMISES)
def waiting(asked: Asked) -> WaitingOut:
    """Who waits for a time."""
    return WaitingOut(waiting=list(line_shown(asked.session, asked.network_id, ways=watched(asked))))


@operations.get("/rota/single-points", Right.SEE_ROTA)
def who_must_not_fall_ill(asked: Asked, query: SpanQuery) -> SinglePointsOut:
    """The helpers without whom a promise in a span could not be kept, whichever way the others were moved."""
    _within_reason(query)
    own = own_helpers(asked, Right.SEE_ROTA)
    found = single_points(asked.session, asked.network_id, query.span, now=asked.now, grid=asked.grid)
    points = [point for point in found if own is None or point.helper.helper in own]
    return SinglePointsOut(points=list(points), kinds=list(scarce_kinds(points)))


@operations.get("/rota/why-not", Right.SEE_ROTA)
def why_not_this_time(asked: Asked, query: WhyQuery) -> WhyOut:
    """Why a time was not offered to such a caller: the promises and helpers that stand in the way."""
    wish = Wish(asked.network_id, query.language, query.topic, query.municipality)
    return WhyOut(answer=why_not(asked.session, wish, query.starts_at, now=asked.now, grid=asked.grid))


@operations.get("/rota/open-starts", Right.SEE_ROTA)
def open_starts(asked: Asked, query: SpanQuery) -> OpenStartsOut:
    """Which kinds of caller could be offered which starts."""
    _within_reason(query)
    found = openings(asked.session, asked.network_id, query.span, now=asked.now, grid=asked.grid)
    starts = [OpenStart(starts_at=start, callers=sorted(kinds, key=_order)) for start, kinds in found.items()]
    return OpenStartsOut(starts=sorted(starts, key=lambda start: start.starts_at))


def _within_reason(query: SpanQuery) -> None:
    if not timedelta(0) < query.until - query.since <= LONGEST:
        raise Refused("not_a_span", f"until: ask for some time, {LONGEST.days} days at most", status=400)


def _order(kind: CallerKind) -> tuple[str, str, tuple[str, ...]]:
    return kind.language, kind.topic or "", kind.municipalities
