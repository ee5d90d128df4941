"""Two who do the same to a ticket at once: one has done it, and the other is told so."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from scheduler.cases import CaseRefusal, Doing, give, give_owner, return_to_queue
from scheduler.closing import close_ticket, reopen
from scheduler.outcomes import Ending
from tests.integration.store.conftest import Town
from tickets.directory import add_organisation
from tickets.people import Person
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import EventKind, Outcome, Role

Act = Callable[[Session, Ticket, int, Doing], CaseRefusal | None]


def people(town: Town, count: int) -> list[int]:
    with town.sessions.begin() as session:
        some = [
            Person(
                network_id=town.network,
                role=Role.NEUVOJA,
                name_sealed=cipher_of(session).seal("Neuvo"),
                created_at=town.now,
            )
            for _ in range(count)
        ]
        session.add_all(some)
        session.flush()
        return [person.id for person in some]


def at_once(town: Town, ticket: int, act: Act, keys: list[int]) -> list[CaseRefusal | None]:
    """Each has read the ticket before any of them changes it."""
    together = Barrier(len(keys))

    def one(key: int) -> CaseRefusal | None:
        with town.sessions.begin() as session:
            seen = session.get_one(Ticket, ticket)
            together.wait(timeout=20)
            return act(session, seen, key, Doing(town.now, f"person:{key}", town.grid))

    with ThreadPoolExecutor(len(keys)) as pool:
        return list(pool.map(one, keys))


@pytest.mark.parametrize(
    ("act", "event", "loses"),
    [
        (give_owner, EventKind.ASSIGNED, CaseRefusal.QUICKER),
        (
            lambda session, ticket, _, doing: close_ticket(session, ticket, Ending(Outcome.RATKAISTU), doing),
            EventKind.CLOSED,
            CaseRefusal.CLOSED,
        ),
    ],
    ids=["own", "close"],
)
def test_of_four_at_once_one_has_done_it(town: Town, act: Act, event: EventKind, loses: CaseRefusal) -> None:
    ticket = town.ticket()
    answers = at_once(town, ticket, act, people(town, 4))
    assert sorted(map(str, answers)) == sorted(["None", *[str(loses)] * 3])
    assert town.events(ticket).count(event) == 1


def test_what_was_taken_is_the_winners(town: Town) -> None:
    ticket, some = town.ticket(), people(town, 4)
    answers = at_once(town, ticket, give_owner, some)
    winner = some[answers.index(None)]
    assert town.fetch("SELECT owner_person_id, status FROM ticket") == [(winner, "with_owner")]


def test_a_ticket_given_to_one_organisation_twice_at_once_is_given_once(town: Town) -> None:
    ticket = town.ticket()
    with town.sessions.begin() as session:
        other = add_organisation(session, town.network, "Toinen", serves=[])
    answers = at_once(town, ticket, lambda session, seen, _, doing: give(session, seen, other, doing), [1, 2, 3])
    assert sorted(map(str, answers)) == ["None", "already", "already"]
    assert town.events(ticket).count(EventKind.GIVEN) == 1


def test_two_who_open_it_again_at_once_open_it_once(town: Town) -> None:
    ticket = town.ticket()
    with town.sessions.begin() as session:
        seen = session.get_one(Ticket, ticket)
        close_ticket(session, seen, Ending(Outcome.RATKAISTU), Doing(town.now, "person:1", town.grid))
    answers = at_once(town, ticket, lambda session, seen, _, doing: reopen(session, seen, doing), [1, 2])
    assert sorted(map(str, answers)) == ["None", "not_closed"]


def test_two_who_give_it_back_at_once_give_it_back_once(town: Town) -> None:
    ticket = town.ticket()
    (person,) = people(town, 1)
    with town.sessions.begin() as session:
        give_owner(session, session.get_one(Ticket, ticket), person, Doing(town.now, "person:1", town.grid))
    answers = at_once(town, ticket, lambda session, seen, _, doing: return_to_queue(session, seen, doing), [1, 2])
    assert sorted(map(str, answers)) == ["None", "not_now"]
