"""What is so at this moment, for whoever runs the day: what needs a person, what is promised, who waits, who is on the phone.

Each part is read in a bounded number of statements and shows so many rows at most; what somebody may not see is left out.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import select

from admin.api.operations import Asked
from admin.api.reach import confined_to, hidden_codes, own_helpers, seen_alerts, seen_codes
from admin.wording import spoken_language
from ivr.calls import live_calls
from ivr.journal import Part, calls_of_ids, read_journals
from ivr.journey import Ear, Heard, last_heard
from scheduler.alerts import AlertCard, AlertKind, alerts_of
from scheduler.deficits import Deficit, deficits_of
from scheduler.finding import Wanted, Within
from scheduler.insight import single_points
from scheduler.rota.rules import local_day
from scheduler.sight import open_municipality, ways
from scheduler.slots import DAY, Span, instant_of
from scheduler.urgency import most_urgent
from scheduler.waiting import InLine, line_of
from scheduler.watching import DayFigures, Pace, Watched, figures_of, promises_ahead
from tickets.directory import helpers_of
from tickets.network import Line
from tickets.rights import Right
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

SHOWN: Final = 10
READ: Final = 100  # of what is then narrowed to what somebody may see
LOOKED_AHEAD: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class WithUs:
    """A request that a person has to see to, as a list may show it."""

    code: str
    topic: Topic | None
    language: Language
    municipality: str | None
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class OnThePhone:
    """A call that goes on: on which line, since when, and which sentence was said last."""

    id: int
    part: Part
    line: str
    started_at: datetime
    heard: Heard | None


@dataclass(frozen=True, slots=True)
class Unkept:
    """A promise that nobody can keep, and the alert about it that nobody has seen, if there is one."""

    deficit: Deficit
    alert_id: int | None


@dataclass(frozen=True, slots=True)
class Pillar:
    """A helper without whom promises of a day could not be kept."""

    helper_id: int
    starts: tuple[datetime, ...]
    promises: int


@dataclass(frozen=True, slots=True)
class Needed:
    """What needs a person first; `more`: there is more with the coordinator than is shown."""

    alerts: tuple[AlertCard, ...]
    unkept: tuple[Unkept, ...]
    with_us: tuple[WithUs, ...]
    more: bool

    @property
    def nothing(self) -> bool:
        """Whether nothing needs anybody."""
        return not (self.alerts or self.unkept or self.with_us)


@dataclass(frozen=True, slots=True)
class InWait:
    """Who waits for a time: how many in each language, and the first of them; `many` where we stopped counting."""

    first: tuple[InLine, ...]
    by_language: Mapping[Language, int]
    many: bool


@dataclass(frozen=True, slots=True)
class Now:
    """The day at this moment."""

    moment: datetime
    needed: Needed
    promises: tuple[Watched, ...]
    waiting: InWait | None
    calls: tuple[OnThePhone, ...]
    figures: DayFigures | None
    names: Mapping[int, str]


def now_of(asked: Asked) -> Now:
    """All that somebody may see of the day."""
    watches = asked.holder.may(Right.WATCH_PROMISES) is not None
    return Now(
        asked.now,
        needed_of(asked),
        _promises(asked) if watches else (),
        _waiting(asked) if watches else None,
        _calls(asked) if watches else (),
        _figures(asked) if watches else None,
        names_of(asked),
    )


def needed_of(asked: Asked) -> Needed:
    """What needs a person first: what has gone wrong, what is about to, and who was told that somebody sees to it."""
    alerts: tuple[AlertCard, ...] = ()
    unkept: tuple[Unkept, ...] = ()
    if asked.holder.may(Right.WATCH_PROMISES) is not None:
        seen = seen_alerts(asked, alerts_of(asked.session, asked.network_id, most=READ))
        unkept = _unkept(asked, seen)
        alerts = tuple(one for one in seen if one.kind is not AlertKind.DEFICIT)[:SHOWN]
    with_us, more = _with_us(asked)
    return Needed(alerts, unkept, with_us, more)


def pillars(asked: Asked) -> Mapping[datetime, tuple[Pillar, ...]]:
    """Who must not fall ill, day by day (its midnight): the helpers on whom the promises of the next two days hang."""
    own = own_helpers(asked, Right.SEE_ROTA)
    span = Span(asked.now, _today(asked.now).ends + LOOKED_AHEAD)
    points = single_points(asked.session, asked.network_id, span, now=asked.now, grid=asked.grid)
    mine = [point for point in points if own is None or point.helper.helper in own]
    by_day = groupby(mine, key=lambda point: instant_of(local_day(point.starts_at), time()))
    found: dict[datetime, tuple[Pillar, ...]] = {}
    for day, several in by_day:
        of_day = list(several)
        helpers = dict.fromkeys(point.helper.helper for point in of_day)
        found[day] = tuple(
            Pillar(
                helper,
                tuple(point.starts_at for point in of_day if point.helper.helper == helper),
                sum(len(point.lost) for point in of_day if point.helper.helper == helper),
            )
            for helper in helpers
        )
    return found


def names_of(asked: Asked) -> Mapping[int, str]:
    """The names of the helpers whom somebody knows from the rota."""
    if asked.holder.may(Right.SEE_ROTA) is None:
        return {}
    own = confined_to(asked, Right.SEE_ROTA)
    helpers = helpers_of(asked.session, asked.network_id)
    return {one.id: one.name for one in helpers if own in (None, one.organisation_id)}


def line_names(asked: Asked) -> Mapping[int, str]:
    """The network's lines, under the names that the reader's language has for them."""
    lines = asked.session.scalars(select(Line).where(Line.network_id == asked.network_id).order_by(Line.id))
    return {line.id: line.name_in(spoken_language()) for line in lines}


def _unkept(asked: Asked, alerts: Collection[AlertCard]) -> tuple[Unkept, ...]:
    found = deficits_of(asked.session, asked.network_id, most=READ)
    seen = seen_codes(asked, [one.ticket_code for one in found])
    about = {alert.ticket_code: alert.id for alert in alerts if alert.kind is AlertKind.DEFICIT}
    mine = (one for one in found if one.ticket_code in seen)
    return tuple(Unkept(one, about.get(one.ticket_code)) for one in mine)[:SHOWN]


def _with_us(asked: Asked) -> tuple[tuple[WithUs, ...], bool]:
    reached = ways(asked.holder, Right.LIST_TICKETS, now=asked.now)
    wanted = Wanted(status=TicketStatus.WITH_COORDINATOR)
    found = most_urgent(asked.session, Within(asked.network_id, reached), wanted, limit=SHOWN, now=asked.now)
    tickets = () if found is None else found.tickets
    shown = (
        WithUs(ticket.code, ticket.topic, ticket.language, open_municipality(ticket), ticket.deadline)
        for ticket in tickets
    )
    return tuple(shown), found is not None and found.next is not None


def _promises(asked: Asked) -> tuple[Watched, ...]:
    reached = ways(asked.holder, Right.WATCH_PROMISES, now=asked.now)
    found = promises_ahead(asked.session, Within(asked.network_id, reached), now=asked.now)
    return tuple(one for one in found if one.pace is not Pace.UNKEPT)  # those stand among what needs a person


def _figures(asked: Asked) -> DayFigures:
    promises, matters = (
        Within(asked.network_id, ways(asked.holder, right, now=asked.now))
        for right in (Right.WATCH_PROMISES, Right.LIST_TICKETS)
    )
    return figures_of(asked.session, promises, matters, _today(asked.now))


def _waiting(asked: Asked) -> InWait:
    found = line_of(asked.session, asked.network_id, most=READ)
    seen = seen_codes(asked, [one.code for one in found])
    mine = [one for one in found if one.code in seen]
    first = mine[:SHOWN]
    hidden = hidden_codes(asked, [one.code for one in first])
    shown = tuple(replace(one, municipality=None) if one.code in hidden else one for one in first)
    by_language = {language: sum(one.language is language for one in mine) for language in Language}
    return InWait(shown, by_language, many=len(found) == READ)


def _calls(asked: Asked) -> tuple[OnThePhone, ...]:
    ids = live_calls(asked.session, asked.network_id, now=asked.now)
    journals = read_journals(asked.session, ids)
    lines = line_names(asked) if ids else {}
    ear = Ear(Catalogue.load(), hides=True)
    calls = sorted(calls_of_ids(asked.session, asked.network_id, ids), key=lambda call: call.started_at)
    return tuple(
        OnThePhone(
            call.id,
            call.part,
            lines.get(call.line_id or 0, ""),
            call.started_at,
            last_heard(call, journals.get(call.id, ()), ear, asked.now),
        )
        for call in calls
    )


def _today(now: datetime) -> Span:
    day = local_day(now)
    return Span(instant_of(day, time()), instant_of(day + DAY, time()))
