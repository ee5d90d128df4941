"""A form that was left half-way, and what its sender did afterwards."""

from types import SimpleNamespace
from typing import cast

import pytest
from sqlalchemy import text

from scheduler.jobs import ClaimedJob
from scheduler.tasks import first_time
from scheduler.tools import Tools
from tests.integration.store.conftest import Town
from tickets.vocabulary import Channel, Topic

CALLER = "+358401112299"


def left(town: Town, **told: object) -> int:
    """A form that was sent and then left without a time."""
    return town.ticket(CALLER, channel=Channel.FORM, another=True, **told)


def half_an_hour_later(town: Town, ticket: int) -> None:
    tools = SimpleNamespace(sessions=town.sessions, clock=SimpleNamespace(now=lambda: town.now), grid=town.grid)
    first_time(cast("Tools", tools), cast("ClaimedJob", SimpleNamespace(payload={"ticket": ticket})))


def status_of(town: Town, ticket: int) -> str:
    with town.sessions() as session:
        return str(session.execute(text("SELECT status FROM ticket WHERE id = :id"), {"id": ticket}).scalar_one())


@pytest.fixture(autouse=True)
def _somebody_is_on_duty(town: Town) -> None:
    town.shift("10:00", "14:00", town.helper())


def test_who_leaves_the_form_is_given_the_first_time(town: Town) -> None:
    ticket = left(town)
    half_an_hour_later(town, ticket)
    assert status_of(town, ticket) == "promised"


def test_who_sent_another_form_about_the_same_and_has_a_time_is_not_rung_twice(town: Town) -> None:
    first, second = left(town), left(town)
    town.promise("12:00", second)
    half_an_hour_later(town, first)
    assert status_of(town, first) == "with_coordinator"


def test_another_matter_is_another_matter(town: Town) -> None:
    first, second = left(town), left(town, topic=Topic.TIETOKONE)
    town.promise("12:00", second)
    half_an_hour_later(town, first)
    assert status_of(town, first) == "promised"
