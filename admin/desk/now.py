"""What is so at this moment, for whoever runs the day: what needs a person, what is promised, who waits, who is on the phone.

Each part is read in a bounded number of statements and shows so many rows at most; what somebody may not see is left out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import select

from admin.api.operations import Asked
from admin.api.reach import confined_to, own_helpers, watched
from admin.desk.needed import SHOWN, Needed, needed_of
from admin.wording import spoken_language
from ivr.calls import live_calls
from ivr.journal import Part, calls_of_ids, read_journals
from ivr.journey import Ear, Heard, last_heard
from scheduler.finding import Within
from scheduler.insight import single_points
from scheduler.rota.rules import local_day
from scheduler.sight import ways
from scheduler.slots import DAY, Span, instant_of
from scheduler.waiting import InLine, how_many_wait, line_shown
from scheduler.watching import DayFigures, Watched, figures_of, promises_ahead
from tickets.network import Helper, Line
from tickets.rights import Right
from tickets.store import cipher_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

PROMISES: Final = 30
LOOKED_AHEAD: Final = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class OnThePhone:
    """A call that goes on: on which line, since when, and which sentence was said last."""

    id: int
    part: Part
    line: str
    started_at: datetime
    heard: Heard | None


@dataclass(frozen=True, slots=True)
class Pillar:
    """A helper without whom promises of a day could not be kept."""

    helper_id: int
    starts: tuple[datetime, ...]
    promises: int


@dataclass(frozen=True, slots=True)
class InWait:
    """Who waits for a time: how many in each language, and the first of them."""

    first: tuple[InLine, ...]
    by_language: Mapping[Language, int]

    @property
    def more(self) -> int:
        """How many more wait than are shown."""
        return sum(self.by_language.values()) - len(self.first)


@dataclass(frozen=True, slots=True)
class Now:
    """The day at this moment."""

    moment: datetime
    needed: Needed
    promises: tuple[Watched, ...] = ()
    more_promises: bool = False
    waiting: InWait | None = None
    calls: tuple[OnThePhone, ...] = ()
    figures: DayFigures | None = None
    names: Mapping[int, str] = field(default_factory=dict)


def now_of(asked: Asked) -> Now:
    """All that somebody may see of the day."""
    needed = needed_of(asked)
    if asked.holder.may(Right.WATCH_PROMISES) is None:
        return Now(asked.now, needed)
    promises, more = _promises(asked)
    named = {one.helper_id for one in promises} | {one.helper_id for one in needed.alerts}
    return Now(
        asked.now,
        needed,
        promises,
        more,
        _waiting(asked),
        _calls(asked),
        _figures(asked),
        names_of(asked, named),
    )


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


def names_of(asked: Asked, helpers: Iterable[int | None]) -> Mapping[int, str]:
    """What these helpers are called, of those whom somebody knows from the rota."""
    wanted = {one for one in helpers if one is not None}
    if asked.holder.may(Right.SEE_ROTA) is None or not wanted:
        return {}
    own = confined_to(asked, Right.SEE_ROTA)
    known = select(Helper.id, Helper.name_sealed).where(Helper.network_id == asked.network_id, Helper.id.in_(wanted))
    rows = asked.session.execute(known if own is None else known.where(Helper.organisation_id == own))
    return {row.id: cipher_of(asked.session).open(row.name_sealed) for row in rows}


def line_names(asked: Asked) -> Mapping[int, str]:
    """The network's lines, under the names that the reader's language has for them."""
    lines = asked.session.scalars(select(Line).where(Line.network_id == asked.network_id).order_by(Line.id))
    return {line.id: line.name_in(spoken_language()) for line in lines}


def _promises(asked: Asked) -> tuple[tuple[Watched, ...], bool]:
    """Those of the next hours but the unkept ones, which stand among what needs a person; and whether there are more."""
    within = Within(asked.network_id, watched(asked))
    found = promises_ahead(asked.session, within, now=asked.now, most=PROMISES + 1)
    last = sorted(found, key=lambda one: (one.starts_at, one.callback_id))[PROMISES:]
    return tuple(one for one in found if one not in last), bool(last)


def _figures(asked: Asked) -> DayFigures:
    promises, matters = (
        Within(asked.network_id, ways(asked.holder, right, now=asked.now))
        for right in (Right.WATCH_PROMISES, Right.LIST_TICKETS)
    )
    return figures_of(asked.session, promises, matters, _today(asked.now))


def _waiting(asked: Asked) -> InWait:
    by_language = how_many_wait(asked.session, asked.network_id, ways=watched(asked))
    first = line_shown(asked.session, asked.network_id, ways=watched(asked), most=SHOWN)
    return InWait(first, by_language)


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
