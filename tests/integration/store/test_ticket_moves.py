"""Every move of a ticket from one status to another, made by what people and the line do; and no move but those."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import product

import pytest
from sqlalchemy.orm import Session

from scheduler.attempts import begin_attempt, close, end_talk
from scheduler.cases import CaseRefusal, Doing, give_owner, return_to_queue
from scheduler.closing import close_ticket, reopen
from scheduler.coordination import miss, needs_coordinator
from scheduler.errands import first_time_for
from scheduler.jobs import enqueue
from scheduler.offers import offer_time, take_offer
from scheduler.outcomes import Ending
from scheduler.promises import book, move
from scheduler.waiting import join_line, line_of
from tests.integration.store.conftest import Town
from tickets.people import Person
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import TICKET_MOVES, Outcome, Role, TicketStatus, Topic

S = TicketStatus
TARGETS = tuple(product(TicketStatus, TicketStatus))


class Case:
    """A ticket in a town with helpers on duty all day, and what may be done to it."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.helper = town.helper()
        town.shift("09:00", "15:00", self.helper)
        with town.sessions.begin() as session:
            person = Person(
                network_id=town.network,
                role=Role.NEUVOJA,
                name_sealed=cipher_of(session).seal("Neuvo"),
                created_at=town.now,
            )
            session.add(person)
            session.flush()
            self.person = person.id
        self.ticket = town.ticket()
        self.callback = 0

    @property
    def doing(self) -> Doing:
        return Doing(self.town.now, "person:1", self.town.grid)

    def do(self, act: Callable[[Session, Ticket], object]) -> object:
        with self.town.sessions.begin() as session:
            return act(session, session.get_one(Ticket, self.ticket))

    def book(self, wall: str = "12:00") -> object:
        def act(session: Session, ticket: Ticket) -> object:
            promise = book(session, ticket.id, None, self.town.at(wall), now=self.town.now, grid=self.town.grid)
            self.callback = promise.callback_id if promise else self.callback
            return promise

        return self.do(act)

    def ring(self) -> object:
        at = self.town.at("12:00") - timedelta(minutes=5)
        self.town.update("callback", self.callback, assigned_helper_id=self.helper)
        return self.do(lambda session, _: begin_attempt(session, self.callback, 1, self.helper, now=at))

    def talk(self) -> object:
        self.town.update("callback", self.callback, state="talking")
        return self.do(lambda session, _: end_talk(session, self.callback, now=self.town.at("12:30")))

    def own(self) -> object:
        return self.do(lambda session, ticket: give_owner(session, ticket, self.person, self.doing))

    def hand_over(self) -> object:
        def act(session: Session, ticket: Ticket) -> object:
            if self.callback and ticket.status in (S.PROMISED, S.CALLING):
                return miss(session, self.callback, "stuck", now=self.town.now, grid=self.town.grid)
            return needs_coordinator(session, ticket.id, "asked", now=self.town.now, grid=self.town.grid)

        return self.do(act)

    def end(self) -> object:
        return self.do(lambda session, ticket: close_ticket(session, ticket, Ending(Outcome.RATKAISTU), self.doing))

    def back(self) -> object:
        return self.do(lambda session, ticket: return_to_queue(session, ticket, self.doing))

    def again(self) -> object:
        return self.do(lambda session, ticket: reopen(session, ticket, self.doing))


@pytest.fixture
def case(town: Town) -> Case:
    return Case(town)


def _to(case: Case, status: TicketStatus) -> None:
    """Bring the ticket there, from open, as it comes there."""
    ways: dict[TicketStatus, tuple[Callable[[], object], ...]] = {
        S.OPEN: (),
        S.UNFINISHED: (),
        S.PROMISED: (case.book,),
        S.CALLING: (case.book, case.ring),
        S.AWAITING_OUTCOME: (case.book, case.ring, case.talk),
        S.WITH_COORDINATOR: (case.hand_over,),
        S.WITH_OWNER: (case.own,),
        S.CLOSED: (case.end,),
    }
    if status is S.UNFINISHED:
        case.ticket = case.town.ticket("+358401112223", topic=None, abandoned=True)
    for way in ways[status]:
        way()
    assert case.town.status(case.ticket) == status


def _ways_to(case: Case, source: TicketStatus, target: TicketStatus) -> Iterator[Callable[[], object]]:
    """Everything that anybody can do to bring a ticket there."""
    if target is S.OPEN:
        yield case.back
        yield case.again
        if source is S.UNFINISHED:
            yield lambda: case.town.ticket("+358401112223", topic=Topic.PUHELIN)
    elif target is S.PROMISED:
        yield case.book
        if source is S.CALLING:
            yield lambda: case.do(
                lambda session, _: move(
                    session, case.callback, None, case.town.at("14:00"), now=case.town.now, grid=case.town.grid
                )
            )
    elif target is S.UNFINISHED:
        yield lambda: case.town.ticket("+358401112223", topic=None, abandoned=True)
    else:
        yield {
            S.CALLING: case.ring,
            S.AWAITING_OUTCOME: case.talk,
            S.WITH_COORDINATOR: case.hand_over,
            S.WITH_OWNER: case.own,
            S.CLOSED: case.end,
        }[target]


@pytest.mark.parametrize(("source", "target"), TARGETS)
def test_a_ticket_moves_as_the_table_says_and_not_otherwise(
    case: Case, source: TicketStatus, target: TicketStatus
) -> None:
    _to(case, source)
    for way in _ways_to(case, source, target):
        if case.town.status(case.ticket) == source:
            way()
    moved = case.town.status(case.ticket) == target
    assert moved == (target in TICKET_MOVES[source] or source is target)


def test_a_solved_matter_gives_its_time_back(case: Case) -> None:
    case.book()
    other = case.town.ticket()
    assert case.town.book("12:00", other) is None
    assert case.end() is None
    assert (case.town.status(case.ticket), case.town.state(case.callback)) == ("closed", "cancelled")
    assert case.town.fetch("SELECT outcome FROM ticket WHERE id = :id", id=case.ticket) == [("RATKAISTU",)]
    assert case.town.events(case.ticket)[-2:] == ["cancelled", "closed"]
    assert case.town.book("12:00", other) is not None


def test_a_time_that_was_held_for_an_answer_goes_with_the_matter(case: Case) -> None:
    held = case.town.hold("12:00", case.town.at("11:00"), case.ticket)
    assert case.end() is None
    assert (case.town.status(case.ticket), case.town.state(held)) == ("closed", "lapsed")


def test_nobody_closes_a_matter_while_it_is_talked_about(case: Case) -> None:
    case.book()
    case.ring()
    case.town.update("callback", case.callback, state="talking")
    assert case.end() is CaseRefusal.ON_THE_PHONE
    assert case.town.status(case.ticket) == "calling"


def test_a_matter_that_needs_more_and_has_a_time_keeps_it(case: Case) -> None:
    case.book()
    more = Ending(Outcome.OSITTAIN_JATKOAIKA)
    assert case.do(lambda session, ticket: close_ticket(session, ticket, more, case.doing)) is CaseRefusal.HAS_A_TIME
    assert case.town.status(case.ticket) == "promised"


def test_the_helper_on_the_phone_and_the_desk_end_a_matter_in_one_way(case: Case) -> None:
    case.book()
    case.ring()
    case.town.update("callback", case.callback, state="talking")
    outcome, now, grid = Outcome.RATKAISTU, case.town.at("12:30"), case.town.grid
    assert case.do(lambda session, _: close(session, case.callback, outcome, now=now, grid=grid))
    other = case.town.ticket()
    case.ticket = other
    case.end()
    rows = case.town.fetch("SELECT status, outcome, deadline, closed_at IS NULL FROM ticket ORDER BY id")
    assert rows == [("closed", "RATKAISTU", None, False)] * 2


def test_a_matter_reopened_beside_its_successor_gets_another_name(case: Case) -> None:
    first = case.town.ticket("+358409998887", topic=Topic.KELA)
    case.ticket = first
    case.end()
    second = case.town.ticket("+358409998887", topic=Topic.KELA)
    assert second != first
    assert case.again() is None
    names = case.town.fetch("SELECT matter FROM ticket WHERE id IN (:a, :b) ORDER BY id", a=first, b=second)
    assert names == [("KELA-2",), ("KELA",)]


def test_what_has_lost_its_words_stays_closed(case: Case) -> None:
    case.end()
    case.town.update("ticket", case.ticket, anonymised_at=case.town.now)
    assert case.again() is CaseRefusal.ANONYMISED


def test_a_duplicate_names_the_ticket_that_stays(case: Case) -> None:
    other = case.town.ticket()
    ending = Ending(Outcome.KAKSOISKAPPALE)

    def closes(ending: Ending) -> object:
        return case.do(lambda session, ticket: close_ticket(session, ticket, ending, case.doing))

    assert closes(ending) is CaseRefusal.NO_SUCH_TICKET
    assert closes(Ending(Outcome.KAKSOISKAPPALE, duplicate_of=case.ticket)) is CaseRefusal.NO_SUCH_TICKET
    assert closes(Ending(Outcome.KAKSOISKAPPALE, duplicate_of=other)) is None
    assert case.town.events(other)[-1] == "linked"
    first, case.ticket = case.ticket, other
    assert closes(Ending(Outcome.KAKSOISKAPPALE, duplicate_of=first)) is CaseRefusal.DUPLICATE_ITSELF


def test_whoever_waits_for_a_time_and_is_helped_waits_no_more(case: Case) -> None:
    with case.town.sessions.begin() as session:
        join_line(session, case.ticket, now=case.town.now)
    case.end()
    assert case.town.fetch("SELECT state FROM waiting") == [("left",)]


def test_for_what_somebody_sees_to_the_line_seeks_no_time_any_more(case: Case) -> None:
    job = first_time_for(case.ticket, "form", now=case.town.now + timedelta(minutes=30))
    with case.town.sessions.begin() as session:
        join_line(session, case.ticket, now=case.town.now)
        enqueue(session, job)
    assert case.own() is None
    assert case.town.fetch("SELECT state FROM waiting") == [("left",)]
    assert job.key not in case.town.jobs()


def test_a_time_that_was_offered_for_what_somebody_sees_to_can_be_taken_no_more(case: Case) -> None:
    town = case.town
    with town.sessions.begin() as session:
        join_line(session, case.ticket, now=town.now)
        (one,) = line_of(session, town.network)
        assert offer_time(session, one, now=town.now, grid=town.grid)
    ((offered, starts_at),) = town.fetch("SELECT id, starts_at FROM callback")
    assert case.own() is None
    with town.sessions.begin() as session:
        assert take_offer(session, offered, starts_at, now=town.now, grid=town.grid) is None  # type: ignore[arg-type]
    assert town.status(case.ticket) == "with_owner"
    assert town.fetch("SELECT state FROM callback") == [("lapsed",)]
    assert town.events(case.ticket)[-1] == "lapsed"
