"""A time is promised to one, and moved or given back without losing anything."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.promises import Wish, book, cancel, live_promises, move, offer, wish_of
from scheduler.slots import Grid
from tickets.store import cipher_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
MOBILE, LANDLINE = "+358401234567", "+35822330000"


def test_a_booked_time_has_a_promise_a_code_an_event_and_its_jobs(session: Session, town: Town) -> None:
    town.shift("13:00", "15:00", town.helper(), days=1)
    ticket, before = town.ticket(MOBILE), town.jobs()
    promised = town.promise("13:00", ticket, days=1)
    assert (promised.ticket_id, promised.starts_at, promised.language) == (ticket, town.at("13:00", 1), FI)
    assert promised.code.isdigit()
    assert len(promised.code) == 4
    assert (town.state(promised.callback_id), town.status(ticket)) == ("promised", "promised")
    assert town.events(ticket) == ["opened", "promised"]
    about = f"callback-{promised.callback_id}"
    assert town.jobs() == before | {
        f"text:{about}:booked": town.now,
        f"text:{about}:reminder": town.at("18:00"),
        f"choose:{about}": town.at("12:50", 1),
        f"ring:{about}:try-1": town.at("13:00", 1),
    }


def test_a_landline_is_not_texted_and_rung_only_about_what_it_has_not_heard(session: Session, town: Town) -> None:
    town.shift("13:00", "15:00", town.helper())
    promised = town.promise("13:00", caller=LANDLINE)
    about = f"callback-{promised.callback_id}"
    assert set(town.jobs()) == {f"choose:{about}", f"ring:{about}:try-1"}
    other = town.ticket("+35822330001")
    unheard = book(session, other, None, town.at("14:00"), now=town.now, grid=town.grid, heard=False)
    assert unheard is not None
    session.commit()
    assert f"tell:callback-{unheard.callback_id}:booked" in town.jobs()


@pytest.mark.parametrize(
    ("booked_at", "start", "days", "reminded_at", "on"),
    [
        ("09:10", "13:00", 0, "11:00", 0),  # today: two hours before
        ("09:10", "11:00", 0, None, 0),  # too fresh to need one
        ("09:10", "09:00", 1, "18:00", 0),  # the evening before
        ("19:00", "11:00", 1, "09:00", 1),  # booked late: two hours before
        ("19:00", "09:00", 1, "08:00", 1),  # but nobody is texted before eight
    ],
)
def test_one_reminder_comes_when_it_helps(
    town: Town, booked_at: str, start: str, days: int, reminded_at: str | None, on: int
) -> None:
    town.shift(start, "15:00", town.helper(), days=days)
    town.now = town.at(booked_at)
    promised = town.promise(start, days=days)
    reminder = town.jobs().get(f"text:callback-{promised.callback_id}:reminder")
    assert reminder == (None if reminded_at is None else town.at(reminded_at, on))


def test_a_time_that_is_full_is_not_booked_and_nothing_is_written(town: Town) -> None:
    town.shift("13:00", "15:00", town.helper())
    town.promise("13:00")
    late = town.ticket()
    assert town.book("13:00", late) is None
    assert (town.status(late), town.events(late)) == ("open", ["opened"])


def test_a_caller_who_thinks_it_over_still_gets_the_time_that_was_offered(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    town.now = town.at("09:40")
    assert town.book("10:00", town.ticket()) is not None
    town.now = town.at("10:46")
    assert town.book("11:00", town.ticket()) is None


def test_a_start_off_the_grid_or_of_no_place_is_not_booked(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    assert town.book("10:07", town.ticket()) is None
    assert town.book("10:30", town.ticket()) is None
    assert town.book("11:00", 999_999) is None


def test_a_ticket_has_one_time_and_a_closed_one_none(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    promised = town.promise("10:00")
    assert town.book("13:00", promised.ticket_id) is None
    assert cancel(session, promised.callback_id, now=town.now, grid=Grid())
    session.commit()
    assert town.book("13:00", promised.ticket_id) is None


def test_one_caller_is_not_promised_two_times_that_overlap(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    town.shift("10:30", "15:00", town.helper())
    town.promise("10:00", caller=MOBILE)
    other = town.ticket(MOBILE, another=True)
    wish = wish_of(session, other)
    assert wish is not None
    assert offer(session, wish, after=None, now=town.now, grid=town.grid) == town.at("11:00")
    assert town.book("10:30", other) is None
    assert town.book("11:00", other) is not None
    assert _offer(session, town) == town.at("10:30")  # somebody else may have it


def test_the_codes_of_one_caller_differ_and_none_is_easily_guessed(town: Town) -> None:
    town.shift("10:00", "15:00", town.helper(), days=1)
    tickets = [town.ticket(MOBILE, another=True) for _ in range(5)]
    promised = [town.promise(f"{hour}:00", ticket, days=1) for hour, ticket in enumerate(tickets, start=10)]
    assert len({promise.code for promise in promised}) == 5


def test_a_moved_time_keeps_its_code_and_takes_its_jobs_along(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    old = town.promise("10:00", caller=MOBILE)
    new = move(session, old.callback_id, None, town.at("14:00"), now=town.now, grid=town.grid)
    session.commit()
    assert new is not None
    assert (new.code, new.ticket_id, new.starts_at) == (old.code, old.ticket_id, town.at("14:00"))
    assert (town.state(old.callback_id), town.state(new.callback_id)) == ("moved", "promised")
    assert town.fetch("SELECT times_moved FROM callback ORDER BY id") == [(0,), (1,)]
    assert all(f"callback-{new.callback_id}" in key for key in town.jobs())
    assert set(town.jobs("cancelled")) >= {
        f"choose:callback-{old.callback_id}",
        f"ring:callback-{old.callback_id}:try-1",
    }
    assert town.events(old.ticket_id) == ["opened", "promised", "moved"]
    assert _offer(session, town) == town.at("10:00")


def test_a_time_may_move_by_a_quarter_of_an_hour_across_itself(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    town.shift("10:15", "11:15", town.helper())
    old = town.promise("10:00", caller=MOBILE)
    assert move(session, old.callback_id, None, town.at("10:15"), now=town.now, grid=town.grid) is not None


def test_the_old_time_stays_when_the_new_one_is_lost(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    old = town.promise("10:00")
    town.promise("14:00")
    assert move(session, old.callback_id, None, town.at("14:00"), now=town.now, grid=town.grid) is None
    session.commit()
    assert town.state(old.callback_id) == "promised"
    assert f"ring:callback-{old.callback_id}:try-1" in town.jobs()


def test_a_cancelled_time_is_free_again_and_nobody_is_rung(session: Session, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    promised = town.promise("10:00", caller=MOBILE)
    assert cancel(session, promised.callback_id, now=town.now, grid=Grid())
    assert not cancel(session, promised.callback_id, now=town.now, grid=Grid())
    session.commit()
    assert (town.state(promised.callback_id), town.status(promised.ticket_id)) == ("cancelled", "closed")
    assert set(town.jobs()) == {f"text:callback-{promised.callback_id}:cancelled"}
    assert _offer(session, town) == town.at("10:00")


def test_a_returning_caller_hears_the_times_they_have_nearest_first(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper())
    late = town.promise("14:00", caller=MOBILE)
    early = town.promise("10:00", town.ticket(MOBILE, another=True))
    town.promise("11:00", caller=LANDLINE)
    index = cipher_of(session).index_of(MOBILE)
    assert live_promises(session, town.network, index) == (early, late)
    assert live_promises(session, town.network, index, line_id=town.line) == (early, late)
    assert live_promises(session, town.network, index, line_id=town.line + 1) == ()
    assert live_promises(session, town.network + 1, index) == ()


def test_the_schema_itself_refuses_two_times_at_once(session: Session, town: Town) -> None:
    town.shift("10:00", "15:00", town.helper(), town.helper())
    town.shift("10:30", "15:00", town.helper())
    promised = [town.promise("10:00"), town.promise("10:30"), town.promise("10:00")]
    for change in ("assigned_helper_id = 1", "caller_mark = 1"):
        with pytest.raises(IntegrityError):
            town.fetch(f"UPDATE callback SET {change} WHERE id <= {promised[1].callback_id} RETURNING id")
    one_ticket = f"UPDATE callback SET ticket_id = {promised[0].ticket_id} RETURNING id"
    with pytest.raises(IntegrityError):
        town.fetch(one_ticket)


def test_statements_stay_within_the_budget_of_a_turn(session: Session, town: Town, statements: list[str]) -> None:
    town.shift("10:00", "15:00", town.helper(), days=8)
    ticket, other = town.ticket(MOBILE), town.ticket(MOBILE, another=True)
    counts = {}
    wish = wish_of(session, ticket)
    assert wish is not None
    statements.clear()
    assert offer(session, wish, after=None, now=town.now, grid=town.grid) == town.at("10:00", 8)
    counts["offer"], _ = len(statements), statements.clear()
    promised = book(session, ticket, wish, town.at("10:00", 8), now=town.now, grid=town.grid)
    counts["book"], _ = len(statements), statements.clear()
    assert promised is not None
    move(session, promised.callback_id, None, town.at("12:00", 8), now=town.now, grid=town.grid)
    counts["move"], _ = len(statements), statements.clear()
    assert book(session, other, None, town.at("12:00", 8), now=town.now, grid=town.grid) is None
    counts["lost"], _ = len(statements), statements.clear()
    assert counts == {"offer": 3, "book": 4, "move": 5, "lost": 2}


def _offer(session: Session, town: Town, after: datetime | None = None, **wish: Any) -> datetime | None:
    wishes = {"language": FI, "topic": Topic.PUHELIN, "municipality": None, **wish}
    offered = offer(session, Wish(town.network, **wishes), after=after, now=town.now, grid=town.grid)
    assert offered is None or offered.tzinfo is UTC
    session.rollback()
    return offered
