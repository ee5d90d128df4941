"""An offer with its queries: how it grows with the network's promises and horizon, and what of it is matching."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from functools import partial
from statistics import median
from time import perf_counter
from unittest.mock import patch

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.parts import Parts, assemble
from scheduler.matching import Need
from scheduler.pools import Pools
from scheduler.promises import Wish, book, offer
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import HELSINKI, Grid, Span, instant_of, is_working_day, phase_of
from tests.benchmarks.ground import Ground
from tests.benchmarks.measure import Measured, milliseconds
from tickets.intake import Matter, open_ticket
from tickets.network import Helper, Line
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

WEEKS, PROMISES, TIMES = 4, 100, 10
OFFERS, STRETCHES = 100, 5
NETWORK = 1  # the demo data's only one
WEEK = timedelta(weeks=1)
GROWTH_AT_MOST, MATCHING_AT_MOST = 1.5, 0.1


def measure(ground: Ground) -> Iterator[Measured]:
    """The same offer in the demo's network, and in one with ten times its promises over ten times its weeks."""
    parts = assemble(ground.settings)
    now = parts.clock.now()
    _promise(parts, now, PROMISES)
    small = _offer(parts, now)
    for stretch in range(1, TIMES):
        later = now + stretch * WEEKS * WEEK
        _lengthen_the_rota(parts, later, now)
        _promise(parts, later, PROMISES)
    large = _offer(parts, now)
    yield Measured(f"offer: {PROMISES} promises, {WEEKS} weeks of rota", small, "ms")
    yield Measured("offer: ten times the promises and the weeks", large, "ms", floor=small, at_most=GROWTH_AT_MOST)
    yield Measured("offer: the matching in it", _matching(parts, now), "ms", floor=large, at_most=MATCHING_AT_MOST)
    parts.engine.dispose()


def _offer(parts: Parts, now: datetime) -> float:
    # The quietest of several stretches: small and large are measured a while apart, and machines have moods.
    with parts.sessions() as session:
        ask = partial(_ask, session, Grid(), now)
        ask()
        return min(milliseconds(ask, OFFERS // STRETCHES) for _ in range(STRETCHES))


def _matching(parts: Parts, now: datetime) -> float:
    # What all the questions of one offer to the matcher take together.
    spent: list[float] = []
    admits = Pools.admits

    def timed(self: Pools, start: datetime, need: Need, grid: Grid) -> bool:
        begun = perf_counter()
        answer = admits(self, start, need, grid)
        spent[-1] += perf_counter() - begun
        return answer

    with patch.object(Pools, "admits", timed), parts.sessions() as session:
        for _ in range(OFFERS):
            spent.append(0)
            _ask(session, Grid(), now)
    return median(spent) * 1000


def _ask(session: Session, grid: Grid, now: datetime) -> datetime | None:
    wish = Wish(NETWORK, Language.FI, Topic.PUHELIN, "853")
    return offer(session, wish, after=None, now=now, grid=grid)


def _promise(parts: Parts, now: datetime, count: int) -> None:
    for number in range(count):
        with parts.sessions.begin() as session:
            line = _line(session)
            caller = f"+3584020{int(now.timestamp()) // 86_400 % 100:02}{number:03}"
            matter = Matter(
                line.network_id, line.id, Channel.PHONE, Language.FI, caller, f"call:{caller}:1", Topic.PUHELIN, "853"
            )
            ticket = open_ticket(session, matter, now=now)
            wish = Wish(line.network_id, Language.FI, Topic.PUHELIN, "853", ticket_id=ticket.id)
            start = offer(session, wish, after=None, now=now, grid=Grid())
            assert start is not None, "the rota is full"
            assert book(session, ticket.id, None, start, now=now, grid=Grid()), "the time was lost"


def _lengthen_the_rota(parts: Parts, begins: datetime, now: datetime) -> None:
    first = begins.astimezone(HELSINKI).date()
    days = (first + timedelta(days=number) for number in range(WEEKS * 7))
    with parts.sessions.begin() as session:
        network, helpers = _line(session).network_id, session.scalars(select(Helper.id).order_by(Helper.id)).all()
        for day in filter(is_working_day, days):
            opens, closes = (instant_of(day, wall, HELSINKI) for wall in (Grid().opens, Grid().closes))
            for quarter in range(4):
                late = quarter * Grid().step
                shift = NewShift(Span(opens + late, closes + late), phase_of(opens + late, Grid().call))
                add_shift(session, network, shift, now=now, helpers=helpers[quarter::4], grid=Grid())


def _line(session: Session) -> Line:
    return session.scalars(select(Line).order_by(Line.id).limit(1)).one()
