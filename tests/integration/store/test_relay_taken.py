"""The first one who may take a relayed case has it, and nobody else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy.orm import Session

from scheduler.errands import first_time_for
from scheduler.jobs import enqueue
from scheduler.offers import offer_time, take_offer
from scheduler.overdue import sweep
from scheduler.relay.claiming import Claimed
from scheduler.relay.publishing import take_back_overtaken, withdraw
from scheduler.relay.reading import card_of, relay_row
from scheduler.relay.words import RelayCard, RelayRefusal
from scheduler.sight import ticket_for
from scheduler.waiting import join_line, line_of
from tests.integration.store.conftest import FI, SV, Town
from tests.integration.store.relays import Net, another_town, organisation_of
from tickets.relays import RELAY_MOVES, RelayState
from tickets.rights import Right
from tickets.tokens import Bearer
from tickets.vocabulary import HelperKind, Role, Topic


@pytest.fixture
def net(town: Town) -> Net:
    return Net(town)


def test_whoever_takes_it_has_it_with_a_deadline_and_their_organisation_sees_it(net: Net) -> None:
    ticket = net.town.ticket(municipality="853")
    card, place = net.relayed(ticket), organisation_of(net, "Loimaa", "430")
    member, colleague = net.person(Role.JASEN, place), net.person(Role.NEUVOJA, place)
    taken = net.takes(member, card)
    assert isinstance(taken, Claimed)
    assert taken.ticket_code == net.code(ticket)
    ((status, person, organisation, deadline),) = net.town.fetch(
        "SELECT status, owner_person_id, owner_organisation_id, deadline FROM ticket WHERE id = :id", id=ticket
    )
    assert (status, person, organisation) == ("with_owner", member.person_id, place)
    assert deadline == net.town.now + timedelta(days=7)
    assert net.town.events(ticket)[-1] == "claimed"
    with net.town.sessions() as session:
        for who in (member, colleague):
            assert ticket_for(session, who, taken.ticket_code, Right.READ_TICKETS, now=net.town.now) is not None
    assert net.reads() == []


def test_of_twelve_who_take_it_at_once_one_has_it(net: Net) -> None:
    for _ in range(3):
        ticket = net.town.ticket()
        card, members = net.relayed(ticket), [net.person(Role.JASEN) for _ in range(12)]
        heard: list[Claimed | RelayRefusal] = []
        together = Barrier(len(members))

        def takes(who: Bearer, card: RelayCard = card, together: Barrier = together) -> None:
            together.wait(30)
            heard.append(net.takes(who, card))  # noqa: B023 - joined before the next round

        threads = [Thread(target=takes, args=(who,)) for who in members]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert len(heard) == 12
        assert sum(isinstance(each, Claimed) for each in heard) == 1
        assert heard.count(RelayRefusal.ALREADY_TAKEN) == 11
        assert net.town.events(ticket).count("claimed") == 1


def test_the_line_chooses_no_time_any_more_for_what_somebody_has_taken(net: Net) -> None:
    ticket = net.town.ticket()
    card, job = net.relayed(ticket), first_time_for(ticket, "form", now=net.town.now + timedelta(minutes=30))
    with net.town.sessions.begin() as session:
        enqueue(session, job)
    assert job.key in net.town.jobs()
    net.takes(net.person(Role.JASEN), card)
    assert job.key not in net.town.jobs()


def test_a_time_that_was_offered_for_what_somebody_has_taken_is_the_next_ones(net: Net) -> None:
    town, ticket = net.town, net.town.ticket()
    town.shift("13:00", "14:00", town.helper())
    with town.sessions.begin() as session:
        assert join_line(session, ticket, now=town.now)
        (one,) = line_of(session, town.network)
        assert offer_time(session, one, now=town.now, grid=town.grid)
    ((offered, starts_at),) = town.fetch("SELECT id, starts_at FROM callback")
    net.takes(net.person(Role.JASEN), net.relayed(ticket))
    with town.sessions.begin() as session:
        taken = take_offer(session, offered, starts_at, now=town.now, grid=town.grid)  # type: ignore[arg-type]
    assert (taken, town.status(ticket)) == (None, "with_owner")
    assert town.fetch("SELECT state FROM waiting") == [("left",)]
    assert not [job for job in town.jobs() if f"callback-{offered}" in job]
    assert town.book("13:00", town.ticket()) is not None


def test_what_is_taken_and_not_closed_in_time_is_the_coordinators_and_its_takers_still(net: Net) -> None:
    ticket, member = net.town.ticket(), net.person(Role.JASEN)
    net.takes(member, net.relayed(ticket))
    for days, status in ((6, "with_owner"), (8, "with_coordinator")):
        with net.town.sessions.begin() as session:
            sweep(session, now=net.town.now + timedelta(days=days))
        assert net.town.status(ticket) == status
    assert net.town.fetch("SELECT owner_person_id FROM ticket") == [(member.person_id,)]


def test_who_takes_it_twice_has_it_still_until_it_is_somebody_elses(net: Net) -> None:
    ticket = net.town.ticket()
    card, member, other = net.relayed(ticket), net.person(Role.JASEN), net.person(Role.JASEN)
    first = net.takes(member, card)
    assert isinstance(first, Claimed)
    assert net.takes(member, card) == first
    assert net.town.events(ticket).count("claimed") == 1
    net.town.update("ticket", ticket, owner_person_id=other.person_id)
    assert net.takes(member, card) is RelayRefusal.ALREADY_TAKEN


def test_who_comes_too_late_does_not_learn_who_was_faster(net: Net) -> None:
    card = net.relayed()
    net.takes(net.person(Role.JASEN), card)
    assert net.takes(net.person(Role.JASEN), card) is RelayRefusal.ALREADY_TAKEN
    with net.town.sessions() as session:
        over = _card(session, net.town.network, card.number)
    assert over == replace(card, state=RelayState.CLAIMED, over_at=net.town.now)


def test_the_boundaries_hold_in_the_relay_too(net: Net) -> None:
    net.town.update("network", net.town.network, boundaries='{"volunteer": {"VERO": "must_not"}}')
    card = net.relayed(topic=Topic.VERO)
    assert net.takes(net.helper(FI), card) is RelayRefusal.TOPIC_NOT_ALLOWED
    assert isinstance(net.takes(net.helper(FI, kind=HelperKind.STAFF), card), Claimed)


def test_an_organisation_that_keeps_its_volunteers_off_a_topic_is_heeded(net: Net) -> None:
    net.town.update("organisation", net.town.organisation, boundaries='{"volunteer": {"VERO": "refers"}}')
    assert net.takes(net.helper(FI), net.relayed(topic=Topic.VERO)) is RelayRefusal.TOPIC_NOT_ALLOWED


def test_of_several_topics_each_must_be_allowed(net: Net) -> None:
    net.town.update("network", net.town.network, boundaries='{"volunteer": {"VERO": "must_not"}}')
    card = net.relayed(topic=Topic.PUHELIN, topics=(Topic.PUHELIN, Topic.VERO))
    assert net.takes(net.helper(FI), card) is RelayRefusal.TOPIC_NOT_ALLOWED


def test_whose_badge_is_over_or_who_has_not_accepted_the_rules_takes_nothing(net: Net) -> None:
    card = net.relayed()
    yesterday, today = date(2026, 11, 23), date(2026, 11, 24)
    assert net.takes(net.helper(FI, badge_expires_on=yesterday), card) is RelayRefusal.BADGE_EXPIRED
    assert net.takes(net.helper(FI, rules_accepted=False), card) is RelayRefusal.RULES_NOT_ACCEPTED
    assert net.takes(net.helper(SV), card) is RelayRefusal.OTHER_LANGUAGE
    assert net.takes(net.program(Role.KOORDINAATTORI), card) is RelayRefusal.NOT_A_PERSON
    assert isinstance(net.takes(net.helper(FI, badge_expires_on=today), card), Claimed)


def test_a_case_that_got_a_time_meanwhile_is_neither_read_nor_taken_and_its_card_is_over(net: Net) -> None:
    ticket = net.town.ticket()
    card = net.relayed(ticket)
    net.town.update("ticket", ticket, status="promised")
    assert net.reads() == []
    assert net.takes(net.person(Role.JASEN), card) is RelayRefusal.NOT_OPEN
    with net.town.sessions.begin() as session:
        take_back_overtaken(session, now=net.town.now)
        over = _card(session, net.town.network, card.number)
    assert over.state is RelayState.WITHDRAWN


def test_what_is_withdrawn_cannot_be_taken_and_what_is_taken_cannot_be_withdrawn(net: Net) -> None:
    coordinator, taken, back = net.person(Role.KOORDINAATTORI), net.relayed(), net.relayed()
    net.takes(net.person(Role.JASEN), taken)
    with net.town.sessions.begin() as session:
        again = withdraw(session, coordinator, taken.number, now=net.town.now, actor="person:1")
        assert again is RelayRefusal.ALREADY_TAKEN
        assert withdraw(session, coordinator, back.number, now=net.town.now, actor="person:1") is None
        assert withdraw(session, coordinator, back.number, now=net.town.now, actor="person:1") is RelayRefusal.NOT_OPEN
    assert net.takes(net.person(Role.JASEN), back) is RelayRefusal.NOT_OPEN


def test_nothing_crosses_from_one_network_into_another(net: Net) -> None:
    card = net.relayed()
    other = Net(another_town(net.town))
    assert other.reads() == []
    assert other.takes(other.person(Role.JASEN), card) is RelayRefusal.NOT_FOUND


@pytest.mark.parametrize("state", RelayState)
def test_the_table_of_states_ends_where_a_relay_is_over(state: RelayState) -> None:
    over = state in (RelayState.CLAIMED, RelayState.WITHDRAWN)
    assert (RELAY_MOVES[state] == frozenset()) == over


def _card(session: Session, network_id: int, number: str) -> RelayCard:
    row = relay_row(session, network_id, number)
    assert row is not None
    return card_of(session, row)
