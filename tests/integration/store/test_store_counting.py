"""Closed matters become support events: each once, anew when it changes, out when it is opened again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import text

from scheduler.attempts import close, note_caller_rung
from scheduler.counting import count, count_some
from tests.integration.store.conftest import FI, SV, Town
from tickets.statistics.records import SupportEvent
from tickets.ticket import TO_COUNT
from tickets.vocabulary import Channel, HeardOfUs, HelperKind, Outcome, Topic


def counted(town: Town) -> int:
    return count(town.sessions)


def the_event(town: Town) -> SupportEvent:
    with town.sessions() as session:
        return session.query(SupportEvent).one()


def how_many(town: Town) -> int:
    return len(town.fetch("SELECT 1 FROM support_event"))


def closed(town: Town, **told: object) -> int:
    ticket = town.ticket(**told)
    town.update("ticket", ticket, status="closed", closed_at=town.now, outcome="RATKAISTU_HETI", updated_at=town.now)
    return ticket


def sums(town: Town, dimension: str = "total") -> dict[str, int]:
    rows = town.fetch(
        "SELECT value, sum(events) FROM support_month WHERE dimension = :d AND organisation_id >= 0 GROUP BY 1",
        d=dimension,
    )
    return {str(value): int(str(events)) for value, events in rows}


@pytest.fixture
def kept(town: Town) -> int:
    """A ticket whose caller was rung three minutes late at ten, talked with staff for twenty-five minutes, and is helped."""
    helper = town.helper(kind=HelperKind.STAFF)
    town.shift("10:00", "12:00", helper)
    ticket = town.ticket(municipality="853", heard_of_us=HeardOfUs.LIBRARY, on_behalf=True)
    promised = town.promise("10:00", ticket)
    taken = town.taken(promised)
    at = promised.starts_at + timedelta(minutes=3)
    with town.sessions.begin() as session:
        note_caller_rung(session, promised.callback_id, now=at)
        over = at + timedelta(minutes=22)
        assert close(session, promised.callback_id, Outcome.RATKAISTU, now=over, grid=town.grid)
    assert taken.number == 1
    return ticket


def test_a_promise_that_was_kept_is_counted_with_all_that_is_not_personal(town: Town, kept: int) -> None:
    assert counted(town) == 1
    event = the_event(town)
    assert (event.day.isoformat(), event.hour_band) == ("2026-11-24", 9)
    assert (event.channel, event.language, event.topics) == (Channel.PHONE, FI, [Topic.PUHELIN])
    assert (event.municipality, event.subregion, event.region, event.wellbeing_county) == ("853", "023", "02", "05")
    assert (event.helper_kind, event.organisation_id) == (HelperKind.STAFF, town.organisation)
    assert (event.wait_minutes, event.same_day, event.minutes) == (53, True, 25)
    assert (event.promises, event.kept, event.attempts) == (1, 1, 1)
    assert (event.outcome, event.heard_of_us, event.on_behalf) == (Outcome.RATKAISTU, HeardOfUs.LIBRARY, True)
    assert (event.rang_again, event.training_need, event.feedback, event.campaign_id) == (0, False, None, None)


def test_nothing_in_a_support_event_leads_to_its_ticket(town: Town, kept: int) -> None:
    counted(town)
    columns = {str(name) for (name,) in town.fetch(
        "SELECT column_name FROM information_schema.columns WHERE table_name = 'support_event'"
    )}  # fmt: skip
    assert not {name for name in columns if "ticket" in name or "caller" in name or "code" in name or "sealed" in name}


def test_ringing_eleven_minutes_late_is_a_promise_broken(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    promised = town.promise("10:00")
    town.taken(promised)
    with town.sessions.begin() as session:
        note_caller_rung(session, promised.callback_id, now=promised.starts_at + timedelta(minutes=11))
        close(session, promised.callback_id, Outcome.RATKAISTU, now=promised.starts_at, grid=town.grid)
    counted(town)
    assert (the_event(town).promises, the_event(town).kept) == (1, 0)


def test_a_time_that_was_moved_before_it_came_was_no_promise_to_be_kept(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    promised = town.promise("10:00")
    town.update(
        "callback", promised.callback_id, state="cancelled", ended_at=promised.starts_at - timedelta(minutes=30)
    )
    town.update("ticket", promised.ticket_id, status="closed", closed_at=town.now, outcome="PERUTTU")
    counted(town)
    assert (the_event(town).promises, the_event(town).kept, the_event(town).same_day) == (0, 0, False)


def test_whoever_rings_again_while_it_is_open_is_counted_as_one_matter_that_rang_again(town: Town) -> None:
    ticket = town.ticket(caller="+358401112223")
    assert town.ticket(caller="+358401112223") == ticket
    town.update("ticket", ticket, status="closed", closed_at=town.now, outcome="RATKAISTU")
    counted(town)
    assert the_event(town).rang_again == 1


def test_where_a_caller_lives_who_is_not_to_be_found_is_nowhere_in_the_statistics(town: Town) -> None:
    ticket = closed(town, municipality="853")
    town.update("ticket", ticket, non_disclosure=True)
    counted(town)
    event = the_event(town)
    assert {event.municipality, event.subregion, event.region, event.wellbeing_county} == {None}
    assert sums(town, "municipality") == {"": 1}


def test_what_is_counted_once_is_not_counted_again(town: Town) -> None:
    closed(town)
    assert counted(town) == 1
    assert counted(town) == 0
    assert (how_many(town), sums(town)) == (1, {"": 1})


def test_an_open_matter_is_not_counted(town: Town) -> None:
    town.ticket()
    assert counted(town) == 0


def test_what_changes_after_it_was_counted_is_counted_anew_in_the_same_event(town: Town) -> None:
    ticket = closed(town)
    counted(town)
    before = the_event(town).id
    town.update("ticket", ticket, feedback=1, updated_at=town.now + timedelta(hours=1))
    assert counted(town) == 1
    assert (the_event(town).id, the_event(town).feedback) == (before, 1)
    assert sums(town, "feedback") == {"1": 1}


def test_a_change_by_a_machine_whose_clock_is_slow_is_seen_all_the_same(town: Town) -> None:
    ticket = closed(town)
    counted(town)
    town.update("ticket", ticket, feedback=2, updated_at=town.now - timedelta(seconds=5))
    assert counted(town) == 1
    assert the_event(town).feedback == 2


def test_what_is_opened_again_is_taken_out_until_it_is_closed(town: Town) -> None:
    ticket = closed(town)
    counted(town)
    town.update("ticket", ticket, status="open", closed_at=None)
    assert counted(town) == 1
    assert (how_many(town), sums(town)) == (0, {})
    town.update("ticket", ticket, status="closed", closed_at=town.now)
    assert counted(town) == 1
    assert how_many(town) == 1


def test_an_event_outlives_the_ticket_that_was_anonymised(town: Town) -> None:
    ticket = closed(town)
    counted(town)
    later = town.now + timedelta(days=200)
    town.update("ticket", ticket, support_event_id=None, anonymised_at=later, topic=None, updated_at=later)
    assert counted(town) == 0
    assert the_event(town).topics == [Topic.PUHELIN]


def test_a_ticket_that_was_anonymised_before_it_was_counted_is_counted_once_and_never_linked(town: Town) -> None:
    ticket = closed(town)
    town.update("ticket", ticket, anonymised_at=town.now)
    assert (counted(town), counted(town), how_many(town)) == (1, 0, 1)
    assert town.fetch("SELECT support_event_id FROM ticket") == [(None,)]


def test_two_workers_at_once_count_nothing_twice_and_leave_nothing_out(town: Town) -> None:
    for _ in range(60):
        closed(town)
    ready = Barrier(4)

    def work() -> None:
        ready.wait()
        count(town.sessions, at_once=3)

    workers = [Thread(target=work) for _ in range(4)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    count(town.sessions)
    assert (how_many(town), sums(town)) == (60, {"": 60})
    assert town.fetch("SELECT count(DISTINCT support_event_id) FROM ticket") == [(60,)]


def test_a_worker_that_is_killed_in_the_middle_has_neither_lost_nor_doubled_anything(town: Town) -> None:
    for _ in range(5):
        closed(town)
    with town.sessions.begin() as session:
        assert count_some(session, limit=3) == 3
    with town.sessions() as session:  # never committed
        assert count_some(session, limit=3) == 2
    assert how_many(town) == 3
    assert counted(town) == 2
    assert sums(town) == {"": 5}


def test_what_is_being_written_by_somebody_else_waits_for_the_next_round(town: Town) -> None:
    ticket = closed(town)
    with town.sessions.begin() as session:
        session.execute(text("SELECT 1 FROM ticket WHERE id = :id FOR UPDATE"), {"id": ticket})
        assert counted(town) == 0
    assert counted(town) == 1


def test_an_event_just_before_midnight_by_the_clock_on_the_wall_belongs_to_that_day_and_month(town: Town) -> None:
    ticket = closed(town)
    town.update("ticket", ticket, created_at=datetime(2026, 10, 31, 21, 59, tzinfo=UTC))
    counted(town)
    assert (the_event(town).day.isoformat(), the_event(town).hour_band) == ("2026-10-31", 21)
    assert town.fetch("SELECT DISTINCT month::text FROM support_month") == [("2026-10-01",)]


def test_each_of_several_topics_has_the_matter_once(town: Town) -> None:
    closed(town, topics=(Topic.KELA, Topic.TUNNIST), language=SV)
    counted(town)
    assert sums(town, "topic") == {"KELA": 1, "TUNNIST": 1}
    assert (sums(town), sums(town, "language")) == ({"": 1}, {"sv": 1})


def test_counting_finds_what_is_left_to_do_by_index(town: Town, explain: list[str]) -> None:
    assert any("ix_ticket_to_count" in line for line in explain), explain


COUNTED_BEFORE = """
INSERT INTO ticket (network_id, code, intake_key, matter, channel, status, language, can_text, created_at, updated_at, closed_at,
    counted_at)
SELECT network_id, 'DL-' || number, 'k' || number, '', channel, status, language, false, created_at, updated_at, closed_at,
    counted_at FROM ticket, generate_series(1, 3000) AS number WHERE id = :ticket
"""


@pytest.fixture
def explain(town: Town) -> Iterator[list[str]]:
    """How PostgreSQL would look for what is to be counted."""
    ticket = closed(town)
    counted(town)
    with town.sessions() as session:
        session.execute(text(COUNTED_BEFORE), {"ticket": ticket})
        session.execute(text("ANALYZE ticket"))
        question = f"EXPLAIN SELECT * FROM ticket WHERE {TO_COUNT} AND status = 'closed' ORDER BY id LIMIT 200"
        yield [str(line) for line in session.scalars(text(question))]
