"""Times to choose from, day by day: those that the call would offer one after another, and no others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.free_times import FreeTimes, free_times
from scheduler.promises import offer, wish_of
from tickets.ticket import Ticket
from voice_prompts.language import Language

if TYPE_CHECKING:
    from datetime import datetime

    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
CALLER = "+358401234567"
MANY_WILL_RING = """
INSERT INTO demand (network_id, language, weekday, hour, expected, reckoned_at)
SELECT :network, 'sv', day, hour, 2, :now FROM generate_series(0, 6) day, generate_series(0, 23) hour
"""


def test_what_can_be_chosen_is_what_would_be_offered_one_after_another(session: Session, town: Town) -> None:
    helper, other = town.helper(), town.helper(FI, SV)
    for days in range(8):
        town.shift("09:00", "12:00", helper, days=days)
        town.shift("10:15", "13:15", other, days=days)
    town.promise("11:15", days=1)
    ticket = town.ticket(CALLER)
    offered = walk(session, town, ticket)
    first = chosen(session, town, ticket)
    second = chosen(session, town, ticket, after=first.last)
    assert starts_of(first) + starts_of(second) == offered
    assert (first.more, second.more, len(first.days)) == (True, False, 5)


def test_what_is_kept_for_those_who_will_ring_in_swedish_is_no_choice_while_there_is_another(
    session: Session, town: Town
) -> None:
    with town.sessions.begin() as before:
        before.execute(text(MANY_WILL_RING), {"network": town.network, "now": town.now})
    town.shift("13:00", "15:00", town.helper(FI, SV), days=6)
    ticket = town.ticket(CALLER)
    assert starts_of(chosen(session, town, ticket)) == [town.at("13:00", 6), town.at("14:00", 6)]
    town.shift("10:00", "11:00", town.helper(FI), days=7)
    assert starts_of(chosen(session, town, ticket)) == [town.at("10:00", 7)] == walk(session, town, ticket)[:1]


def test_nobody_chooses_a_time_at_which_they_are_rung_already_unless_it_is_not_theirs_to_know(
    session: Session, town: Town
) -> None:
    for _ in range(3):
        town.shift("10:00", "13:00", town.helper())
    mine = town.promise("11:00", town.ticket(CALLER))
    ticket = town.ticket(CALLER, topic=None)
    every = [town.at("10:00"), town.at("11:00"), town.at("12:00")]
    assert starts_of(chosen(session, town, ticket)) == [every[0], every[2]] == walk(session, town, ticket)
    assert starts_of(chosen(session, town, ticket, known=frozenset())) == every
    assert starts_of(chosen(session, town, ticket, known=frozenset({mine.callback_id}))) == [every[0], every[2]]


def test_whom_nobody_can_ring_and_where_nobody_works_there_is_nothing_to_choose(session: Session, town: Town) -> None:
    assert chosen(session, town, town.ticket(CALLER)) == FreeTimes()
    town.shift("10:00", "13:00", town.helper())
    nobody = town.ticket()
    town.update("ticket", nobody, caller_index=None, caller_sealed=None)
    assert chosen(session, town, nobody) == FreeTimes()


def test_choosing_reads_no_more_than_a_call_does(session: Session, town: Town, statements: list[str]) -> None:
    for days in range(10):
        town.shift("09:00", "15:00", town.helper(), days=days)
    ticket = session.get_one(Ticket, town.ticket(CALLER))
    statements.clear()
    free_times(session, ticket, after=None, now=town.now, grid=town.grid)
    assert len(statements) <= 4


def chosen(session: Session, town: Town, ticket: int, **besides: object) -> FreeTimes:
    asked = {"after": None, **besides}
    return free_times(session, session.get_one(Ticket, ticket), now=town.now, grid=town.grid, **asked)  # type: ignore[arg-type]


def starts_of(free: FreeTimes) -> list[datetime]:
    return [at for day in free.days for at in sorted((*day.shown, *day.others))]


def walk(session: Session, town: Town, ticket: int) -> list[datetime]:
    """What a caller would be offered who says no to everything."""
    wish, offered, after = wish_of(session, ticket), list["datetime"](), None
    assert wish is not None
    while (after := offer(session, wish, after=after, now=town.now, grid=town.grid)) is not None:
        offered.append(after)
    return offered
