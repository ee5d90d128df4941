"""Whatever is asked of the tickets, no question reads them from end to end; and a page comes as everybody counts on."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import ColumnElement, Engine, event, select, text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.finding import Wanted, Within, find
from scheduler.sight import sees, ways
from tests.benchmarks.tickets_ground import NOW, TicketsGround, fill
from tests.integration.snapshot import copied
from tickets.network_hours import NetworkHours
from tickets.rights import Right, Scope, rights_of
from tickets.ticket import Ticket
from tickets.tokens import Bearer
from tickets.vocabulary import Channel, Outcome, Role, TicketStatus, Topic
from tickets.words import topic_mark, words_of
from voice_prompts.language import Language

SIZE = 3000
READ_WHOLE = re.compile(r"Seq Scan on (ticket|ticket_word|ticket_access|ticket_event)\b")


@pytest.fixture
def ground(engine: Engine, sessions: sessionmaker[Session]) -> TicketsGround:
    """Three thousand tickets, analysed."""

    def make() -> TicketsGround:
        with sessions.begin() as session:
            return fill(session, engine, sessions, SIZE)

    made = copied(engine, ("ground", SIZE), make)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    return made


@pytest.fixture
def plans(engine: Engine) -> Iterator[list[str]]:
    """How the database went about each question that was asked."""
    seen: list[str] = []

    def explain(connection: object, cursor: object, statement: str, parameters: object, *_: object) -> None:
        if statement.startswith("SELECT"):
            raw = connection.connection.cursor()  # type: ignore[attr-defined]
            raw.execute("EXPLAIN " + statement, parameters)
            seen.append("\n".join(row[0] for row in raw.fetchall()))

    event.listen(engine, "before_cursor_execute", explain)
    yield seen
    event.remove(engine, "before_cursor_execute", explain)


def _who(ground: TicketsGround, scope: Scope) -> Bearer:
    belongs = None if scope is Scope.NETWORK else ground.organisations[3]
    role = Role.JASEN if scope is Scope.OWN else Role.KOORDINAATTORI
    return Bearer(1, ground.network, role, None, ground.people[3], belongs, rights_of(role), NetworkHours())


def within(ground: TicketsGround, scope: Scope) -> Within:
    return Within(ground.network, ways(_who(ground, scope), Right.READ_TICKETS, now=NOW))


def _seen(ground: TicketsGround, scope: Scope) -> ColumnElement[bool]:
    return sees(_who(ground, scope), Right.READ_TICKETS, now=NOW)


ASKED = {
    "newest": {},
    "open": {"open": True},
    "status": {"status": TicketStatus.WITH_COORDINATOR},
    "language": {"language": Language.SV},
    "topic": {"topic": Topic.TULOSTIN},
    "municipality": {"municipality": "853"},
    "channel": {"channel": Channel.DESK},
    "outcome": {"outcome": Outcome.HAIRINTA},
    "outcome and language": {"outcome": Outcome.HAIRINTA, "language": Language.SV},
    "topic, language, channel": {"topic": Topic.KELA, "language": Language.SV, "channel": Channel.DESK},
    "overdue": {"overdue": True},
    "waiting": {"waiting": True},
    "a month": {"created_from": NOW - timedelta(days=900), "created_before": NOW - timedelta(days=870)},
    "ownerless and open": {"ownerless": True, "open": True},
}


def test_no_list_and_no_search_reads_the_tickets_from_end_to_end(ground: TicketsGround, plans: list[str]) -> None:
    whole = []
    for scope in Scope:
        for name, filters in ASKED.items():
            for ranks in ((), (3,), (900,), (2, 5), (4, 900)):
                plans.clear()
                with ground.sessions() as session:
                    words = words_of(session, ground.network, " ".join(ground.words[rank] for rank in ranks))
                    wanted = Wanted(**filters, said=words)  # type: ignore[arg-type]
                    find(session, within(ground, scope), wanted, limit=20, now=NOW)
                assert plans
                whole += [(scope, name, ranks, plan) for plan in plans if READ_WHOLE.search(plan)]
    assert whole == []


FILTERS = st.fixed_dictionaries(
    {},
    optional={
        "status": st.sampled_from(TicketStatus),
        "open": st.booleans(),
        "language": st.sampled_from(Language),
        "topic": st.sampled_from(Topic),
        "municipality": st.sampled_from(["005", "853", "091", "016"]),
        "channel": st.sampled_from(Channel),
        "outcome": st.sampled_from(Outcome),
        "overdue": st.booleans(),
        "ownerless": st.booleans(),
        "created_from": st.integers(0, 2000).map(lambda days: NOW - timedelta(days=days)),
        "created_before": st.integers(0, 2000).map(lambda days: NOW - timedelta(days=days)),
    },
)


def test_every_list_has_what_a_look_at_each_ticket_would_find_page_by_page(ground: TicketsGround) -> None:
    with ground.sessions() as session:
        tickets = session.scalars(select(Ticket).order_by(Ticket.id.desc())).all()
        marked: dict[int, set[int]] = {}
        for mark, ticket in session.execute(text("SELECT word, ticket_id FROM ticket_word")):
            marked.setdefault(ticket, set()).add(mark)
        marks = {topic: topic_mark(session, ground.network, topic) for topic in Topic}
        words = [words_of(session, ground.network, word)[0] for word in (*ground.words[:30], *ground.words[-4:])]
        words += [words[rank] | words[3 * rank + 1] for rank in range(6)]  # inflected words have several stems
        reach = {scope: set(session.scalars(select(Ticket.id).where(_seen(ground, scope)))) for scope in Scope}

    def holds(ticket: Ticket, scope: Scope, filters: dict[str, object], said: list[int]) -> bool:
        own = {name: value for name, value in filters.items() if name in ("status", "language", "channel", "outcome")}
        return (
            ticket.id in reach[scope]
            and all(getattr(ticket, name) == value for name, value in own.items())
            and (not filters.get("open") or ticket.status is not TicketStatus.CLOSED)
            and ("topic" not in filters or marks[filters["topic"]] in marked[ticket.id])  # type: ignore[index]
            and (
                "municipality" not in filters
                or (ticket.municipality == filters["municipality"] and not ticket.non_disclosure)
            )
            and (not filters.get("overdue") or (ticket.deadline is not None and ticket.deadline < NOW))
            and (not filters.get("ownerless") or ticket.owner_person_id is None)
            and ("created_from" not in filters or ticket.created_at >= filters["created_from"])  # type: ignore[operator]
            and ("created_before" not in filters or ticket.created_at < filters["created_before"])  # type: ignore[operator]
            and all(not marked[ticket.id].isdisjoint(words[rank]) for rank in said)
        )

    @settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
    @given(FILTERS, st.sampled_from(Scope), st.lists(st.integers(0, 39), max_size=3, unique=True), st.integers(1, 60))
    def check(filters: dict[str, object], scope: Scope, said: list[int], limit: int) -> None:
        expected = [ticket.code for ticket in tickets if holds(ticket, scope, filters, said)]
        wanted = Wanted(**filters, said=tuple(words[rank] for rank in said))  # type: ignore[arg-type]
        listed: list[str] = []
        cursor: str | None = None
        with ground.sessions() as session:
            for _ in range(4):
                page = find(session, within(ground, scope), wanted, limit=limit, now=NOW, after=cursor)
                assert page is not None
                listed += [ticket.code for ticket in page.tickets]
                cursor = page.next
                if cursor is None:
                    break
        assert listed == expected[: 4 * limit]
        assert (cursor is None) == (len(expected) <= 4 * limit)

    check()


def test_a_page_begins_after_a_ticket_of_ones_own_only(ground: TicketsGround) -> None:
    with ground.sessions() as session:
        reached = set(session.scalars(select(Ticket.id).where(_seen(ground, Scope.ORGANISATION))))
        codes = {ticket.id in reached: ticket.code for ticket in session.scalars(select(Ticket).order_by(Ticket.id))}
        own, others = (
            find(session, within(ground, Scope.ORGANISATION), Wanted(), limit=1, now=NOW, after=codes[mine])
            for mine in (True, False)
        )
    assert own is not None
    assert others is None
