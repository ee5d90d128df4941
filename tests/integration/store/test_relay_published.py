"""A case goes to the whole network without its person, once somebody has published it; so does a member's puzzle."""

from __future__ import annotations

import pytest

from scheduler.people.leaving import leave
from scheduler.relay.claiming import Claimed
from scheduler.relay.publishing import withdraw
from scheduler.relay.puzzles import Personal, Puzzle, ask, personal_in
from scheduler.relay.words import RelayCard, RelayRefusal
from tests.integration.store.conftest import FI, Town
from tests.integration.store.relays import Net, asked, closed_by, organisation_of
from tickets.anonymised import DayPart, Shown, Waited
from tickets.vocabulary import AccessNeed, Device, HelpForm, Role, Topic


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
    closed_by(net, helper, "+358401234567")
    ticket = net.town.ticket(caller="+358401234567", municipality="853")
    net.town.update("ticket", ticket, non_disclosure=True)
    card = net.relayed(ticket)
    assert (card.shown.area, card.shown.preferred, card.preferred) == (None, None, None)


def test_who_is_put_under_turvakielto_later_is_hidden_in_what_stands_there_already(net: Net) -> None:
    helper = net.helper(FI)
    closed_by(net, helper, "+358401234567")
    ticket = net.town.ticket(caller="+358401234567", municipality="853")
    assert net.relayed(ticket).shown.area == "023"
    net.town.update("ticket", ticket, non_disclosure=True)
    (card,) = net.reads()
    assert (card.shown.area, card.shown.preferred, card.preferred) == (None, None, None)


def test_a_returning_caller_comes_with_the_organisation_that_helped_them_last(net: Net) -> None:
    helper = net.helper(FI)
    closed_by(net, helper, "+358401234567")
    assert net.relayed(net.town.ticket(caller="+358401234567")).preferred == "Turku"
    assert net.relayed(net.town.ticket()).preferred is None


def test_nothing_is_read_before_a_person_has_published_it(net: Net) -> None:
    coordinator, ticket = net.person(Role.KOORDINAATTORI), net.town.ticket()
    drafted = net.drafts(coordinator, ticket)
    assert isinstance(drafted, RelayCard)
    assert net.reads() == []
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
    elsewhere = organisation_of(net, "Loimaa", "430")
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
