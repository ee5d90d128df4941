"""The most urgent first, page by page: what a look at each ticket would find, and never by reading them all."""

from datetime import datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session, sessionmaker

from scheduler.finding import Wanted, Within
from scheduler.urgency import COLUMNS, LISTS, Place, columns, most_urgent
from tests.benchmarks.tickets_ground import NOW, TicketsGround
from tests.integration.store.conftest import Town
from tests.integration.store.test_lists_by_index import READ_WHOLE, ground, plans, within
from tickets.rights import Scope
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.language import Language

__all__ = ["ground", "plans"]
FILTERS = {
    "all": {},
    "open": {"open": True},
    "of a state": {"status": TicketStatus.WITH_OWNER},
    "in Swedish": {"language": Language.SV},
    "about printers": {"topic": Topic.TULOSTIN},
    "overdue": {"overdue": True, "open": True},
    "with a deadline": {"dated": True, "open": True},
}


def _rank(ticket: Ticket) -> tuple[int, datetime, int]:
    """The same order, one ticket at a time."""
    if ticket.status is TicketStatus.CLOSED:
        return len(LISTS), NOW, -ticket.id
    if ticket.deadline is not None:
        return 0, ticket.deadline, ticket.id
    return LISTS.index(ticket.status), NOW, ticket.id


def _fits(ticket: Ticket, asked: dict[str, object]) -> bool:
    given = {name: value for name, value in asked.items() if name in ("status", "language")}
    return (
        all(getattr(ticket, name) == value for name, value in given.items())
        and ("topic" not in asked or ticket.topic == asked["topic"])  # the ground marks no other topics
        and ("open" not in asked or ticket.status is not TicketStatus.CLOSED)
        and ("overdue" not in asked or (ticket.deadline is not None and ticket.deadline < NOW))
        and ("dated" not in asked or ticket.deadline is not None)
    )


def test_every_page_has_what_comes_next_and_none_comes_twice(ground: TicketsGround) -> None:
    with ground.sessions() as session:
        for scope in Scope:
            mine = within(ground, scope)
            every = session.scalars(select(Ticket)).all()
            if mine.ways is not None:
                reached = {number for way in mine.ways for number in session.scalars(way)}
                every = [ticket for ticket in every if ticket.id in reached]
            every = sorted(every, key=_rank)
            for asked in FILTERS.values():
                _comes_page_by_page(session, mine, asked, [ticket.id for ticket in every if _fits(ticket, asked)])


def _comes_page_by_page(session: Session, mine: Within, asked: dict[str, object], expected: list[int]) -> None:
    seen, cursor, pages = list[int](), None, 0
    while True:
        page = most_urgent(session, mine, Wanted(**asked), limit=37, now=NOW, after=cursor)  # type: ignore[arg-type]
        assert page is not None
        seen += [ticket.id for ticket in page.tickets]
        cursor, pages = page.next, pages + 1
        if cursor is None or pages > 12:
            break
        assert len(page.tickets) == 37
    assert seen == expected[: len(seen)], asked
    assert pages > 12 or len(seen) == len(expected)


def test_no_page_and_no_board_reads_the_tickets_from_end_to_end(ground: TicketsGround, plans: list[str]) -> None:
    whole = []
    for scope in Scope:
        for name, asked in FILTERS.items():
            plans.clear()
            with ground.sessions() as session:
                wanted = Wanted(**asked)  # type: ignore[arg-type]
                most_urgent(session, within(ground, scope), wanted, limit=50, now=NOW)
                columns(session, within(ground, scope), wanted, counted=50, shown=8, now=NOW)
            assert plans
            whole += [(scope, name, plan) for plan in plans if READ_WHOLE.search(plan)]
    assert whole == []


def test_a_board_counts_as_far_as_it_is_told_and_shows_the_first_ones(ground: TicketsGround) -> None:
    with ground.sessions() as session:
        board = columns(session, within(ground, Scope.NETWORK), Wanted(), counted=5, shown=3, now=NOW)
        assert [column.status for column in board] == list(COLUMNS)
        for column in board:
            every = session.scalars(select(Ticket).where(Ticket.status == column.status)).all()
            assert column.count == min(len(every), 6)
            assert list(column.tickets) == sorted(every, key=_rank)[:3]


def test_who_has_a_time_comes_by_that_time(town: Town, sessions: sessionmaker[Session]) -> None:
    town.shift("12.00", "16.00", town.helper(Language.FI))
    later = town.promise("14.00", town.ticket("+358401234501"))
    sooner = town.promise("13.00", town.ticket("+358401234502"))
    with sessions() as session:
        cursor, seen = None, []
        for _ in range(2):
            page = most_urgent(session, Within(town.network), Wanted(open=True), limit=1, now=town.now, after=cursor)
            assert page is not None
            seen += [ticket.id for ticket in page.tickets]
            cursor = page.next
    assert seen == [sooner.ticket_id, later.ticket_id]
    assert cursor is None


@pytest.mark.parametrize(
    "cursor",
    ["", "x", "due", "due~1", "due~1~x", "due~1~2026-11-24", "open~x", "open~-1~", "open~1~2026-11-24T09:00+02:00",
     f"open~{2**63}~", "timed~1~", "due~9~2026-11-24T09:00", "DROP TABLE~1~"],
)  # fmt: skip
def test_a_cursor_that_is_none_is_refused(cursor: str) -> None:
    assert Place.read(cursor) is None


@pytest.mark.parametrize(
    "place", [Place("open", id=7), Place("due", NOW, 9), Place("timed", NOW, 1), Place("closed", code="DL-12345")]
)
def test_a_cursor_leads_back_to_its_place(place: Place) -> None:
    assert Place.read(str(place)) == place
