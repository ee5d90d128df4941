"""Calls of different lengths on one grid: a long matter wants a long time, and a short one may sit in it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.promises import Wish, book, move, offer
from scheduler.records import Callback
from scheduler.rota.places import drop_place, places_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town


@pytest.fixture
def town_of_patience(town: Town) -> Town:
    """An identification takes an hour and a half there, and a phone three quarters of an hour."""
    lengths = '{"TUNNIST": 90, "PUHELIN": 45}'
    with town.sessions.begin() as session:
        session.execute(text("UPDATE network SET call_minutes = CAST(:lengths AS jsonb)"), {"lengths": lengths})
    return town


def test_a_long_matter_is_offered_only_a_time_that_is_long_enough(session: Session, town_of_patience: Town) -> None:
    town = town_of_patience
    town.shift("10:00", "12:00", town.helper())
    town.shift("13:30", "15:00", town.helper(), minutes=90)
    assert _offer(session, town, Topic.TUNNIST) == town.at("13:30")
    assert _offer(session, town, Topic.PUHELIN) == town.at("10:00")


def test_a_short_matter_may_sit_in_a_long_time_and_takes_it_whole(session: Session, town_of_patience: Town) -> None:
    town = town_of_patience
    town.shift("12:00", "15:00", town.helper(), minutes=90)
    town.promise("12:00")
    assert _offer(session, town, Topic.PUHELIN) == town.at("13:30")


def test_a_promise_lasts_as_long_as_its_topic(session: Session, town_of_patience: Town) -> None:
    town = town_of_patience
    town.shift("12:00", "15:00", town.helper(), minutes=90)
    long, short = town.promise("12:00", topic=Topic.TUNNIST), town.promise("13:30")
    assert _length(session, long.callback_id) == timedelta(minutes=90)
    assert _length(session, short.callback_id) == timedelta(minutes=45)


def test_a_caller_has_no_second_time_before_the_first_is_over(session: Session, town_of_patience: Town) -> None:
    town = town_of_patience
    town.shift("10:30", "15:00", town.helper(), town.helper(), minutes=90)  # 10:30, 12:00, 13:30
    town.shift("11:15", "15:00", town.helper(), minutes=45)
    caller = "+358401234567"
    town.promise("10:30", topic=Topic.TUNNIST, caller=caller)
    assert town.book("11:15", town.ticket(caller)) is None
    assert town.book("12:00", town.ticket(caller)) is not None
    assert town.book("11:15", town.ticket(caller)) is None


def test_a_promise_keeps_its_length_when_the_network_changes_its_mind(session: Session, town_of_patience: Town) -> None:
    town = town_of_patience
    town.shift("10:30", "15:00", town.helper(), minutes=90)  # 10:30, 12:00, 13:30
    helper = town.helper()
    town.shift("10:30", "11:30", helper)
    promised = town.promise("10:30", topic=Topic.TUNNIST)
    town.promise("10:30")
    with town.sessions.begin() as other:
        other.execute(text("UPDATE network SET call_minutes = '{}'"))
    # Only the long seat holds it still, so the short one cannot be left.
    (place,) = places_of(session, helper, since=town.now)
    assert len(drop_place(session, place.id, now=town.now, grid=town.grid).deficits) == 1
    moved = move(session, promised.callback_id, None, town.at("12:00"), now=town.now, grid=town.grid)
    assert moved is not None
    assert _length(session, moved.callback_id) == timedelta(minutes=60)


def test_who_rings_a_long_matter_is_on_duty_long_enough(town_of_patience: Town) -> None:
    town = town_of_patience
    short, long = town.helper(), town.helper()
    town.shift("10:30", "12:30", short)
    town.shift("10:30", "13:30", long, minutes=90)
    assert town.choose(town.promise("10:30", topic=Topic.TUNNIST)) == long


def test_a_shift_of_three_quarters_has_a_start_every_three_quarters(session: Session, town: Town) -> None:
    town.shift("10:00", "12:15", town.helper(), minutes=45)
    with town.sessions.begin() as other:
        other.execute(text("""UPDATE network SET call_minutes = '{"PUHELIN": 45}'"""))
    offered = [_offer(session, town, Topic.PUHELIN)]
    while offered[-1] is not None:
        offered.append(_offer(session, town, Topic.PUHELIN, after=offered[-1]))
    assert offered == [town.at("10:00"), town.at("10:45"), town.at("11:30"), None]
    assert book(session, town.ticket(topic=Topic.TUNNIST), None, town.at("10:45"), now=town.now, grid=town.grid) is None


def _offer(session: Session, town: Town, topic: Topic, after: datetime | None = None) -> datetime | None:
    return offer(session, Wish(town.network, Language.FI, topic, None), after=after, now=town.now, grid=town.grid)


def _length(session: Session, callback: int) -> timedelta:
    during = session.scalars(select(Callback.during).where(Callback.id == callback)).one()
    assert during.lower is not None
    assert during.upper is not None
    return during.upper - during.lower
