"""A case goes to the whole network without its person; the first one who may take it has it, and nobody else."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.errands import first_time_for
from scheduler.jobs import enqueue
from scheduler.offers import offer_time, take_offer
from scheduler.overdue import sweep
from scheduler.people.leaving import leave
from scheduler.relay.claiming import Claimed, claim
from scheduler.relay.publishing import draft, publish, take_back_overtaken, withdraw
from scheduler.relay.puzzles import Personal, Puzzle, ask, personal_in
from scheduler.relay.reading import relay_of, relays_of
from scheduler.relay.words import RelayCard, RelayRefusal
from scheduler.sight import ticket_for
from scheduler.waiting import join_line, line_of
from tests.integration.store.conftest import Town
from tickets.anonymised import DayPart, Shown, Waited
from tickets.directory import add_network, add_organisation
from tickets.people import Person
from tickets.relays import RELAY_MOVES, RelayState
from tickets.rights import Right
from tickets.store import cipher_of
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.vocabulary import AccessNeed, Device, HelperKind, HelpForm, Role, Topic
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV


@dataclass
class Net:
    """A town whose people relay cases to one another."""

    town: Town

    def person(self, role: Role, organisation: int | None = None, *, signed: bool = True) -> Bearer:
        """Somebody of an organisation, or of none, who has signed in."""
        with self.town.sessions.begin() as session:
            person = Person(
                network_id=self.town.network,
                organisation_id=organisation,
                role=role,
                name_sealed=cipher_of(session).seal("Jokunen"),
                commitment_signed_on=self.town.now.date() if signed else None,
                created_at=self.town.now,
            )
            session.add(person)
            session.flush()
            return self._signed_in(session, role, person_id=person.id)

    def helper(self, *languages: Language, kind: HelperKind = HelperKind.VOLUNTEER, **papers: object) -> Bearer:
        """A helper who has signed in."""
        helper = self.town.helper(*languages, kind=kind, **{"rules_accepted": True, **papers})
        role = Role.OPASTAJA if kind is HelperKind.VOLUNTEER else Role.DIGITUKIJA
        with self.town.sessions.begin() as session:
            person = session.scalars(select(Person.id).where(Person.helper_id == helper)).one()
            return self._signed_in(session, role, person_id=person)

    def program(self, role: Role) -> Bearer:
        with self.town.sessions.begin() as session:
            return self._signed_in(session, role)

    def _signed_in(self, session: Session, role: Role, person_id: int | None = None) -> Bearer:
        token = issue_token(session, self.town.network, role, now=self.town.now, person_id=person_id)
        who = verify_token(session, token, now=self.town.now)
        assert who is not None
        return who

    def code(self, ticket: int) -> str:
        ((code,),) = self.town.fetch("SELECT code FROM ticket WHERE id = :id", id=ticket)
        return str(code)

    def drafts(self, who: Bearer, ticket: int) -> RelayCard | RelayRefusal:
        with self.town.sessions.begin() as session:
            return draft(session, who, self.code(ticket), now=self.town.now, actor=f"person:{who.person_id}")

    def publishes(self, who: Bearer, number: str) -> RelayCard | RelayRefusal:
        with self.town.sessions.begin() as session:
            return publish(session, who, number, now=self.town.now, actor=f"person:{who.person_id}")

    def relayed(self, ticket: int | None = None, **told: object) -> RelayCard:
        """A case that stands in the relay, put there by the coordinator."""
        coordinator = self.person(Role.KOORDINAATTORI)
        drafted = self.drafts(coordinator, ticket or self.town.ticket(**told))
        assert isinstance(drafted, RelayCard)
        published = self.publishes(coordinator, drafted.number)
        assert isinstance(published, RelayCard)
        return published

    def takes(self, who: Bearer, card: RelayCard) -> Claimed | RelayRefusal:
        with self.town.sessions.begin() as session:
            return claim(session, who, card.number, now=self.town.now, actor=f"person:{who.person_id}")

    def reads(self) -> list[RelayCard]:
        with self.town.sessions() as session:
            return list(relays_of(session, self.town.network, limit=50).cards)


@pytest.fixture
def net(town: Town) -> Net:
    return Net(town)


def test_a_case_says_what_it_is_about_and_nothing_of_whose_it_is(net: Net) -> None:
    card = net.relayed(
        topic=Topic.KELA,
        municipality="853",
        device=Device.IPAD,
        on_behalf=True,
        access_needs=(AccessNeed.HEARING,),
        wished_form=HelpForm.PLACE,
        name="Matti Meikäläinen",
        text="Olen Matti, numeroni on 040 123 4567",
    )
    assert card.shown == Shown(
        topics=(Topic.KELA,),
        device=Device.IPAD,
        language=FI,
        on_behalf=True,
        access_needs=(AccessNeed.HEARING,),
        wished_form=HelpForm.PLACE,
        area="023",
        day_part=DayPart.MORNING,
        waited=Waited.UNDER_A_DAY,
    )
    assert card.words is None
    assert card.asked_by is None


def test_its_number_is_not_the_tickets_code(net: Net) -> None:
    ticket = net.town.ticket()
    card = net.relayed(ticket)
    assert card.number[2:] != net.code(ticket)[3:]
    assert card.number.startswith("V-")


@pytest.mark.parametrize(("municipality", "area"), [("853", "023"), ("445", "02"), ("734", "02"), (None, None)])
def test_a_sub_region_of_few_municipalities_is_named_by_its_region(
    net: Net, municipality: str | None, area: str | None
) -> None:
    assert net.relayed(municipality=municipality).shown.area == area


def test_turvakielto_leaves_out_the_area_and_who_helped_before(net: Net) -> None:
    helper = net.helper(FI)
    _closed_by(net, helper, "+358401234567")
    ticket = net.town.ticket(caller="+358401234567", municipality="853")
    net.town.update("ticket", ticket, non_disclosure=True)
    card = net.relayed(ticket)
    assert (card.shown.area, card.shown.preferred, card.preferred) == (None, None, None)


def test_who_is_put_under_turvakielto_later_is_hidden_in_what_stands_there_already(net: Net) -> None:
    helper = net.helper(FI)
    _closed_by(net, helper, "+358401234567")
    ticket = net.town.ticket(caller="+358401234567", municipality="853")
    assert net.relayed(ticket).shown.area == "023"
    net.town.update("ticket", ticket, non_disclosure=True)
    (card,) = net.reads()
    assert (card.shown.area, card.shown.preferred, card.preferred) == (None, None, None)


def test_a_returning_caller_comes_with_the_organisation_that_helped_them_last(net: Net) -> None:
    helper = net.helper(FI)
    _closed_by(net, helper, "+358401234567")
    assert net.relayed(net.town.ticket(caller="+358401234567")).preferred == "Turku"
    assert net.relayed(net.town.ticket()).preferred is None


def test_nothing_is_read_before_a_person_has_published_it(net: Net) -> None:
    coordinator, ticket = net.person(Role.KOORDINAATTORI), net.town.ticket()
    drafted = net.drafts(coordinator, ticket)
    assert isinstance(drafted, RelayCard)
    assert net.reads() == []
    with net.town.sessions() as session:
        assert relay_of(session, net.town.network, drafted.number) is None
    assert net.takes(net.helper(FI), drafted) is RelayRefusal.NOT_FOUND
    published = net.publishes(coordinator, drafted.number)
    assert isinstance(published, RelayCard)
    assert published.shown == drafted.shown
    assert net.reads() == [published]
    assert net.town.events(ticket)[-1] == "relayed"


def test_what_was_previewed_is_what_is_published_or_nothing_is(net: Net) -> None:
    coordinator, ticket = net.person(Role.KOORDINAATTORI), net.town.ticket(municipality="853")
    drafted = net.drafts(coordinator, ticket)
    assert isinstance(drafted, RelayCard)
    net.town.update("ticket", ticket, non_disclosure=True)
    assert net.publishes(coordinator, drafted.number) is RelayRefusal.CHANGED
    again = net.drafts(coordinator, ticket)
    assert isinstance(again, RelayCard)
    assert (again.number, again.shown.area) == (drafted.number, None)
    assert isinstance(net.publishes(coordinator, again.number), RelayCard)
    assert net.publishes(coordinator, again.number) is RelayRefusal.ALREADY_RELAYED
    assert net.drafts(coordinator, ticket) is RelayRefusal.ALREADY_RELAYED


def test_only_who_may_assign_the_ticket_relays_it(net: Net) -> None:
    elsewhere = _organisation(net, "Loimaa", "430")
    stranger, ticket = net.person(Role.KOORDINAATTORI, elsewhere), net.town.ticket(municipality="853")
    assert net.drafts(stranger, ticket) is RelayRefusal.NOT_FOUND
    card = net.relayed(ticket)
    with net.town.sessions.begin() as session:
        assert withdraw(session, stranger, card.number, now=net.town.now, actor="x") is RelayRefusal.NOT_FOUND


@pytest.mark.parametrize("status", ["promised", "calling", "with_owner", "closed"])
def test_what_has_a_time_or_an_owner_is_not_relayed(net: Net, status: str) -> None:
    coordinator, ticket = net.person(Role.KOORDINAATTORI), net.town.ticket()
    net.town.update("ticket", ticket, status=status, closed_at=net.town.now if status == "closed" else None)
    assert net.drafts(coordinator, ticket) is RelayRefusal.NOT_RELAYABLE


def test_what_nobody_may_take_is_not_asked_of_the_network(net: Net) -> None:
    coordinator = net.person(Role.KOORDINAATTORI)
    assert net.drafts(coordinator, net.town.ticket(topic=Topic.PANKKI)) is RelayRefusal.NOBODY_MAY_TAKE


def test_whoever_takes_it_has_it_with_a_deadline_and_their_organisation_sees_it(net: Net) -> None:
    ticket = net.town.ticket(municipality="853")
    card, place = net.relayed(ticket), _organisation(net, "Loimaa", "430")
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
            sweep(session, now=net.town.now + timedelta(days=days), grid=net.town.grid)
        assert net.town.status(ticket) == status
    assert net.town.fetch("SELECT owner_person_id FROM ticket") == [(member.person_id,)]


def test_the_puzzles_of_whoever_leaves_are_asked_no_more(net: Net) -> None:
    who = net.person(Role.JASEN)
    card = asked(net, who, "Miten tabletin kieli vaihdetaan?")
    assert isinstance(card, RelayCard)
    net.publishes(who, card.number)
    assert who.person_id is not None
    with net.town.sessions.begin() as session:
        leave(session, net.town.network, who.person_id, who=None, now=net.town.now, grid=net.town.grid, actor="line")
    assert net.reads() == []
    assert net.takes(net.person(Role.JASEN), card) is RelayRefusal.NOT_OPEN


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
        over = relay_of(session, net.town.network, card.number)
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
        over = relay_of(session, net.town.network, card.number)
    assert over is not None
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
    other = Net(_another_town(net.town))
    assert other.reads() == []
    assert other.takes(other.person(Role.JASEN), card) is RelayRefusal.NOT_FOUND


@pytest.mark.parametrize("state", RelayState)
def test_the_table_of_states_ends_where_a_relay_is_over(state: RelayState) -> None:
    over = state in (RelayState.CLAIMED, RelayState.WITHDRAWN)
    assert (RELAY_MOVES[state] == frozenset()) == over


def test_a_members_puzzle_is_answered_by_one_and_not_by_themselves(net: Net) -> None:
    asker, member = net.person(Role.JASEN, net.town.organisation), net.person(Role.JASEN)
    card = asked(net, asker, "Miten iPadin fontti suurennetaan, jos asetus on lukittu?")
    assert isinstance(card, RelayCard)
    assert (card.is_puzzle, card.asked_by, card.shown.topics) == (True, "Turku", (Topic.TABLETTI,))
    assert net.takes(asker, card) is RelayRefusal.OWN_PUZZLE
    taken = net.takes(member, card)
    assert isinstance(taken, Claimed)
    assert taken.ticket_code is None
    assert net.takes(net.person(Role.JASEN), card) is RelayRefusal.ALREADY_TAKEN


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("Soittakaa 040 123 4567", Personal.NUMBER),
        ("numero nolla 0401234567 ei toimi", Personal.NUMBER),
        ("+46 70-123 45 67", Personal.NUMBER),
        ("asuu 20100 alueella", Personal.NUMBER),
        ("osoite on matti@example.org", Personal.EMAIL),
        ("matti (at) example.org", Personal.EMAIL),
        ("hetu 131052-308T", Personal.IDENTITY_CODE),
        ("hetu 131052A308T", Personal.IDENTITY_CODE),
        ("Matti Meikäläinen ei pääse Kelaan", Personal.NAME),
        ("Asiakas Anna-Liisa Virtanen", Personal.NAME),
        ("rouva Virtanen ei näe tekstiä", Personal.NAME),
        ("asuu Kauppakatu 5:ssä", Personal.ADDRESS),
        ("bor på Storgatan 12", Personal.ADDRESS),
        ("Miten Windows 11 päivitetään ilman Microsoft-tiliä?", None),
        ("Fungerar Google Chrome på en gammal Samsung Galaxy?", None),
        ("Miten Kelan hakemukseen liitetään kuva iPhonesta?", None),
        ("OmaKanta ei avaudu, virhe 403.", None),
    ],
)
def test_a_puzzle_names_nobody(words: str, found: Personal | None) -> None:
    assert personal_in(words) is found


def test_nobody_publishes_somebody_elses_puzzle(net: Net) -> None:
    asker, coordinator = net.person(Role.JASEN), net.person(Role.KOORDINAATTORI)
    with net.town.sessions.begin() as session:
        drafted = ask(session, asker, Puzzle(Shown(topics=(Topic.MUU,)), "Miten?"), now=net.town.now, actor="person:1")
    assert isinstance(drafted, RelayCard)
    assert net.reads() == []
    assert net.publishes(coordinator, drafted.number) is RelayRefusal.NOT_FOUND
    assert isinstance(net.publishes(asker, drafted.number), RelayCard)
    with net.town.sessions.begin() as session:  # but may take it down
        assert withdraw(session, coordinator, drafted.number, now=net.town.now, actor="person:2") is None


def test_a_puzzle_with_somebody_in_it_is_not_posted(net: Net) -> None:
    assert asked(net, net.person(Role.JASEN), "Matti Meikäläinen ei pääse Kelaan") is Personal.NAME
    assert net.town.fetch("SELECT id FROM relay") == []


def asked(net: Net, who: Bearer, words: str) -> RelayCard | RelayRefusal | Personal:
    puzzle = Puzzle(Shown(topics=(Topic.TABLETTI,), device=Device.IPAD), words)
    with net.town.sessions.begin() as session:
        drafted = ask(session, who, puzzle, now=net.town.now, actor=f"person:{who.person_id}")
    return net.publishes(who, drafted.number) if isinstance(drafted, RelayCard) else drafted


def _closed_by(net: Net, who: Bearer, caller: str) -> None:
    ticket = net.town.ticket(caller=caller)
    net.town.update("ticket", ticket, status="closed", closed_at=net.town.now, owner_person_id=who.person_id)


def _organisation(net: Net, name: str, municipality: str) -> int:
    with net.town.sessions.begin() as session:
        return add_organisation(session, net.town.network, name, serves=[municipality])


def _another_town(town: Town) -> Town:
    class Other(Town):
        def __post_init__(self) -> None:
            with self.sessions.begin() as session:
                self.network = add_network(session, "Muu seutu", now=self.now)
                self.organisation = add_organisation(session, self.network, "Oulu", serves=["564"])

    return Other(town.sessions, town.now)
