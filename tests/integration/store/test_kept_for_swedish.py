"""Times kept for Swedish-speaking callers: offered to others last, never to nobody, and free from their release on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from scheduler.demand import Demand, reckon, reckon_all
from scheduler.errands import Errand
from scheduler.promises import Wish, offer
from scheduler.tools import Tools
from scheduler.worker import Worker
from voice_prompts.language import Language

if TYPE_CHECKING:
    from scheduler.ports import Clock, Telephony, Urls
    from tests.integration.store.conftest import Town
    from voice_prompts.catalogue import Catalogue

FI, SV = Language.FI, Language.SV


def test_a_finnish_caller_is_offered_the_next_time_with_a_finnish_helper(session: Session, town: Town) -> None:
    _expect(town, SV, 2)
    town.shift("09:00", "10:00", town.helper(FI, SV), days=2)
    town.shift("14:00", "15:00", town.helper(), days=3)
    assert _offer(session, town, FI) == town.at("14:00", 3)
    assert _offer(session, town, SV) == town.at("09:00", 2)


def test_whoever_would_get_no_time_at_all_is_offered_a_kept_one_and_may_book_it(session: Session, town: Town) -> None:
    _expect(town, SV, 2)
    town.shift("09:00", "11:00", town.helper(FI, SV), days=2)
    assert _offer(session, town, FI) == town.at("09:00", 2)
    assert _offer(session, town, FI, after=town.at("09:00", 2)) == town.at("10:00", 2)
    assert town.book("10:00", town.ticket(), days=2) is not None


def test_the_day_before_it_is_anybodys_or_sooner_where_the_network_says_so(session: Session, town: Town) -> None:
    _expect(town, SV, 2)
    town.shift("09:00", "10:00", town.helper(FI, SV), days=2)
    town.shift("14:00", "15:00", town.helper(), days=3)
    town.now += timedelta(days=1)
    assert _offer(session, town, FI) == town.at("09:00", 1)
    town.now -= timedelta(days=1)
    town.update("network", town.network, swedish_release_hours=20 * 24)
    assert _offer(session, town, FI) == town.at("09:00", 2)


def test_without_swedish_callers_nothing_is_kept(session: Session, town: Town) -> None:
    _expect(town, FI, 9)
    town.shift("09:00", "10:00", town.helper(FI, SV), days=2)
    town.shift("14:00", "15:00", town.helper(), days=3)
    assert _offer(session, town, FI) == town.at("09:00", 2)


def test_every_night_the_last_eight_weeks_are_counted_once(session: Session, town: Town) -> None:
    for weeks, language in ((1, SV), (2, SV), (3, FI), (9, SV)):
        town.update("ticket", town.ticket(language=language), created_at=town.now - timedelta(weeks=weeks))
    town.update(
        "ticket", town.ticket(language=SV, channel="lomake", key="form:1"), created_at=town.now - timedelta(days=7)
    )
    town.ticket(language=SV)  # today's are not over yet
    for _ in range(2):
        reckon(session, town.network, now=town.now)
    sums = select(Demand.language, func.sum(Demand.expected)).group_by(Demand.language)
    expected = {language: round(calls, 2) for language, calls in session.execute(sums)}
    assert expected == {SV: 0.68, FI: 0.34}  # two and one in the 2.95 weeks since the first
    at = select(Demand.weekday, Demand.hour).distinct()
    assert [tuple(row) for row in session.execute(at)] == [(1, 9)]  # Tuesdays at ten past nine, whatever the season


def test_a_worker_reckons_once_a_day(session: Session, town: Town) -> None:
    town.update("ticket", town.ticket(language=SV), created_at=town.now - timedelta(weeks=1))
    hands = cast("Clock", _Hands(town))
    tools = Tools(town.sessions, hands, cast("Telephony", None), cast("Catalogue", None), cast("Urls", None))
    worker = Worker(tools, {Errand.EXPECT: reckon_all, Errand.RECONCILE: lambda _tools, _job: None})
    assert worker.beat() == 2
    town.now += timedelta(hours=5)
    assert worker.beat() == 1
    town.now += timedelta(hours=12)
    assert worker.beat() == 2
    keys = set(town.jobs("done"))
    assert {key for key in keys if key.startswith("expect")} == {"expect:all:2026-11-24", "expect:all:2026-11-25"}
    assert session.scalar(select(func.sum(Demand.expected))) == pytest.approx(1, rel=0.2)


@dataclass
class _Hands:
    town: Town

    def now(self) -> datetime:
        return self.town.now


def _expect(town: Town, language: Language, calls: float) -> None:
    """So many calls every hour."""
    row = {"network_id": town.network, "language": language, "expected": calls, "reckoned_at": town.now}
    hours = [row | {"weekday": weekday, "hour": hour} for weekday in range(7) for hour in range(24)]
    with town.sessions.begin() as session:
        session.execute(insert(Demand), hours)


def _offer(session: Session, town: Town, language: Language, after: datetime | None = None) -> datetime | None:
    return offer(session, Wish(town.network, language, None, None), after=after, now=town.now, grid=town.grid)
