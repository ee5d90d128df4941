"""Somebody leaves while callers book and they themselves take another place: in no order does anything hang on them."""

from collections.abc import Callable, Iterable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime
from threading import Barrier
from time import sleep

import pytest
from sqlalchemy.orm import Session

from scheduler.cases import CaseRefusal, Doing, give_owner
from scheduler.people import touching
from scheduler.people.helpers import Papers, join_as_helper
from scheduler.people.leaving import Left, leave
from scheduler.people.organisations import Area, change_organisation, open_organisation
from scheduler.people.persons import Identity, add_person, edit_person
from scheduler.people.reach import PeopleRefusal
from scheduler.people.rules import NewRules, RulesChanged, publish_rules
from scheduler.relay.claiming import claim
from scheduler.relay.words import RelayRefusal
from scheduler.rota.effects import Held
from scheduler.rota.places import take_place
from tests.integration.store.conftest import Town
from tests.integration.store.relays import Net
from tickets.ticket import Ticket
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

# Somebody in this database waits for another; what other test processes wait for is theirs.
WAITING = "SELECT FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
Step = Callable[[Session], object]


def at_once(town: Town, steps: list[Step]) -> list[object]:
    """Each in a transaction of its own, all begun at the same moment."""
    ready = Barrier(len(steps))

    def one(step: Step) -> object:
        ready.wait()
        with town.sessions.begin() as session:
            return step(session)

    with ThreadPoolExecutor(len(steps)) as hands:
        return list(hands.map(one, steps))


@pytest.mark.parametrize("_round", range(6))
def test_nothing_hangs_on_a_helper_who_left_meanwhile(town: Town, _round: int) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    free = town.shift("13:00", "15:00", days=1)
    ((person,),) = town.fetch("SELECT id FROM person WHERE helper_id = :h", h=helper)
    assert isinstance(person, int)
    tickets = [town.ticket() for _ in range(2)]
    by = {"now": town.now, "grid": town.grid}

    def goes(session: Session) -> object:
        return leave(session, town.network, person, who=None, actor="line", **by)  # type: ignore[arg-type]

    def takes(session: Session) -> object:
        return take_place(session, town.network, free, helper, actor=f"helper:{helper}", **by)  # type: ignore[arg-type]

    def books(wall: str, ticket: int) -> Step:
        return lambda _session: town.book(wall, ticket)

    left, *_ = at_once(town, [goes, takes, books("10:00", tickets[0]), books("11:00", tickets[1])])
    assert isinstance(left, Left)
    assert town.fetch("SELECT id FROM place WHERE state = 'held'") == []
    assert town.fetch("SELECT id FROM callback WHERE state NOT IN ('deficit')") == []


def test_rules_that_are_asked_for_while_callers_book_leave_no_promise_uncounted(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    tickets = [town.ticket() for _ in range(2)]

    def asks(session: Session) -> object:
        new = NewRules("Säännöt", required_from=town.now.date())
        return publish_rules(session, town.network, new, who=None, now=town.now, grid=town.grid, actor="line")

    def books(wall: str, ticket: int) -> Step:
        return lambda _session: town.book(wall, ticket)

    published, *_ = at_once(town, [asks, books("10:00", tickets[0]), books("11:00", tickets[1])])
    assert isinstance(published, RulesChanged)
    assert town.fetch("SELECT id FROM callback WHERE state <> 'deficit'") == []


def test_a_place_that_is_taken_between_the_look_and_the_lock_is_held_too(
    town: Town, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    late = town.shift("13:00", "15:00", days=1)
    really, taken = touching.hold_starts, list[object]()

    def hold(rows: Session, network: int, starts: Iterable[datetime]) -> Held:
        if not taken:
            by = {"now": town.now, "grid": town.grid, "actor": f"helper:{helper}"}
            with town.sessions.begin() as other:
                taken.append(take_place(other, town.network, late, helper, **by).place_id)  # type: ignore[arg-type]
        return really(rows, network, starts)

    monkeypatch.setattr(touching, "hold_starts", hold)
    held = touching.hold_duty(session, town.network, [helper], now=town.now)
    assert taken
    assert set(held.starts) == {town.at("10:00"), town.at("11:00"), town.at("13:00", 1), town.at("14:00", 1)}


def while_another(town: Town, step: Step) -> tuple[object, object]:
    """What comes of the same step twice, of which the second has looked before the first is done."""

    def one() -> object:
        with town.sessions.begin() as session:
            return step(session)

    with ThreadPoolExecutor(1) as hand, town.sessions.begin() as session:
        first = step(session)
        begun: Future[object] = hand.submit(one)
        while not (begun.done() or town.fetch(WAITING)):
            sleep(0.01)
        session.commit()
        return first, begun.result()


@pytest.mark.parametrize(
    ("told", "refused"),
    [
        ({"email": "aino@example.fi"}, PeopleRefusal.EMAIL_TAKEN),
        ({"phone": "+358401234567"}, PeopleRefusal.PHONE_TAKEN),
    ],
)
def test_of_two_who_add_the_same_person_at_once_one_is_told_whose_it_is(
    town: Town, told: dict[str, str], refused: PeopleRefusal
) -> None:
    by = {"who": None, "now": town.now, "actor": "line"}

    def adds(session: Session) -> object:
        return add_person(session, town.network, Identity("Aino", **told), Role.NEUVOJA, **by)  # type: ignore[arg-type]

    first, second = while_another(town, adds)
    assert isinstance(first, int)
    assert second is refused


def test_of_two_who_add_the_same_helper_at_once_one_is_told_that_the_number_is_taken(town: Town) -> None:
    papers = Papers(town.organisation, (Language.FI,), HelperKind.VOLUNTEER)
    new, by = Identity("Aino", phone="+358401234567"), {"who": None, "now": town.now, "actor": "line"}

    def adds(session: Session) -> object:
        return join_as_helper(session, town.network, new, papers, **by)  # type: ignore[arg-type]

    first, second = while_another(town, adds)
    assert isinstance(first, int)
    assert second is PeopleRefusal.PHONE_TAKEN


def test_of_two_who_give_people_the_same_address_at_once_one_is_told_so_and_changes_nothing(town: Town) -> None:
    by = {"who": None, "now": town.now, "actor": "line"}
    with town.sessions.begin() as session:
        ids = [
            add_person(session, town.network, Identity(name), Role.NEUVOJA, **by)  # type: ignore[arg-type]
            for name in ("Aino", "Eino")
        ]
    waiting = list(ids)

    def edits(session: Session) -> object:
        def change(one: Identity) -> Identity:
            return replace(one, email="tuki@example.fi")

        return edit_person(session, town.network, waiting.pop(), change, **by)  # type: ignore[arg-type]

    assert while_another(town, edits) == (None, PeopleRefusal.EMAIL_TAKEN)
    assert town.fetch("SELECT id FROM person WHERE email_index IS NOT NULL") == [(ids[1],)]


def test_of_two_organisations_of_one_name_at_once_one_is_told_that_it_is_taken(town: Town) -> None:
    by = {"who": None, "now": town.now, "actor": "line"}

    def opens(session: Session) -> object:
        return open_organisation(session, town.network, Area("Salon kirjasto"), **by)  # type: ignore[arg-type]

    first, second = while_another(town, opens)
    assert isinstance(first, int)
    assert second is PeopleRefusal.NAME_TAKEN


def test_an_organisation_that_takes_a_name_at_once_with_a_new_one_keeps_its_own(town: Town) -> None:
    by = {"who": None, "now": town.now, "actor": "line"}
    with town.sessions.begin() as session:
        salo = open_organisation(session, town.network, Area("Salo"), **by)  # type: ignore[arg-type]
    assert isinstance(salo, int)

    def opens(session: Session) -> object:
        return open_organisation(session, town.network, Area("Seudun kirjastot"), **by)  # type: ignore[arg-type]

    def renames(session: Session) -> object:
        def change(area: Area) -> Area:
            return replace(area, name="Seudun kirjastot")

        return change_organisation(session, town.network, salo, change, grid=town.grid, **by)  # type: ignore[arg-type]

    steps = [renames, opens]

    def does(session: Session) -> object:
        return steps.pop()(session)

    first, second = while_another(town, does)
    assert isinstance(first, int)
    assert second is PeopleRefusal.NAME_TAKEN
    assert town.fetch("SELECT name FROM organisation WHERE id = :id", id=salo) == [("Salo",)]


def while_leaving(town: Town, person: int, step: Step) -> object:
    """What comes of a step that is begun when somebody is about to have left."""

    def one() -> object:
        with town.sessions.begin() as session:
            return step(session)

    with ThreadPoolExecutor(1) as hand, town.sessions.begin() as session:
        leave(session, town.network, person, who=None, now=town.now, grid=town.grid, actor="line")
        begun: Future[object] = hand.submit(one)
        while not (begun.done() or town.fetch(WAITING)):
            sleep(0.01)
        session.commit()
        return begun.result()


def test_whoever_leaves_while_they_take_a_case_does_not_have_it(town: Town) -> None:
    net = Net(town)
    card, who = net.relayed(), net.person(Role.JASEN)
    assert who.person_id is not None
    answer = while_leaving(
        town, who.person_id, lambda session: claim(session, who, card.number, now=town.now, actor="person:1")
    )
    assert answer is RelayRefusal.NOT_A_PERSON
    assert town.fetch("SELECT status, owner_person_id FROM ticket") == [("open", None)]


def test_nobody_is_given_a_case_while_they_leave(town: Town) -> None:
    ticket, person = town.ticket(), Net(town).person(Role.JASEN).person_id
    assert person is not None

    def assigns(session: Session) -> object:
        return give_owner(session, session.get_one(Ticket, ticket), person, Doing(town.now, "person:1", town.grid))

    assert while_leaving(town, person, assigns) is CaseRefusal.NO_SUCH_PERSON
    assert town.fetch("SELECT status, owner_person_id FROM ticket") == [("open", None)]
