"""Relays reach Teams and mailboxes, each once, and are said to be over where they were posted."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from admin.outside.guard import Outside, is_public_or_here
from admin.outside.web import OutsideWeb
from admin.relay.writer import PostedRelays
from ivr.addresses import Addresses
from scheduler.ports import Email, MailError
from scheduler.relay.channels import ChannelCard, NewChannel, add_channel, channels_of, remove_channel
from scheduler.relay.posting import relay_tasks
from scheduler.relay.publishing import withdraw
from scheduler.relay.words import RelayCard
from scheduler.tools import Tools
from scheduler.worker import Worker
from tests.integration.receivers import Receiver, receiver
from tests.integration.store.conftest import Town
from tests.integration.store.relays import Net, asked
from tests.integration.store.test_webhooks import Nobody
from tickets.relays import ChannelKind, Told
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue


@dataclass
class Postman:
    """A worker that posts relays, with a mail server that keeps what it is given or is away."""

    net: Net
    at: datetime
    away: bool = False
    refuses: bool = False
    sent: list[Email] = field(default_factory=list)

    def __post_init__(self) -> None:
        tools = Tools(
            sessions=self.net.town.sessions,
            clock=self,
            telephony=Nobody(),
            catalogue=Catalogue.load(),
            urls=Addresses("http://line.test", "secret"),
            mail=self,
            web=OutsideWeb(Outside(is_public_or_here, ("http",)), patience_s=5),
        )
        self.worker = Worker(tools, relay_tasks(PostedRelays("https://line.test")), reconcile_every=None)

    def now(self) -> datetime:
        return self.at

    def send(self, email: Email) -> None:
        if self.away or self.refuses:
            raise MailError("no", permanent=self.refuses)
        self.sent.append(email)

    def goes_round(self, after: timedelta = timedelta(0)) -> None:
        self.at += after
        while self.worker.beat():
            pass

    def channel(self, kind: ChannelKind, address: str, told: Told = Told.BOTH) -> int:
        with self.net.town.sessions.begin() as session:
            new = NewChannel(kind, "Kanava", address, told)
            added = add_channel(session, self.net.town.network, new, now=self.at, actor="person:1", insecure=True)
        assert isinstance(added, int)
        return added

    def channels(self) -> tuple[ChannelCard, ...]:
        with self.net.town.sessions() as session:
            return channels_of(session, self.net.town.network)

    def withdraws(self, card: RelayCard) -> None:
        coordinator = self.net.person(Role.KOORDINAATTORI)
        with self.net.town.sessions.begin() as session:
            assert withdraw(session, coordinator, card.number, now=self.at, actor="person:1") is None


@pytest.fixture
def postman(town: Town) -> Postman:
    return Postman(Net(town), town.now)


@pytest.fixture
def teams() -> Iterator[Receiver]:
    with receiver(202) as there:
        yield there


def said(there: Receiver) -> list[str]:
    """What each card that was posted is about."""
    return [json.loads(letter.body)["attachments"][0]["content"]["fallbackText"] for letter in there.letters]


def test_a_case_is_posted_once_to_each_channel_and_is_over_once_it_is_taken(postman: Postman, teams: Receiver) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    postman.channel(ChannelKind.EMAIL, "lista@example.org")
    card = postman.net.relayed()
    for _ in range(3):
        postman.goes_round()
    assert said(teams) == [f"Kuka auttaa? Tukipyyntö {card.number}"]
    assert len(postman.sent) == 1
    postman.net.takes(postman.net.person(Role.JASEN), card)
    for _ in range(3):
        postman.goes_round()
    assert said(teams)[1:] == [f"Tukipyyntö {card.number} on otettu"]
    assert len(postman.sent) == 2
    button = json.loads(teams.letters[1].body)["attachments"][0]["content"]["actions"][0]
    assert button["url"] == f"https://line.test/relay/{card.number}"


def test_that_it_is_over_comes_as_an_answer_to_the_mail_that_asked(postman: Postman) -> None:
    postman.channel(ChannelKind.EMAIL, "lista@example.org")
    card = postman.net.relayed()
    postman.goes_round()
    postman.withdraws(card)
    postman.goes_round()
    asked, over = postman.sent
    assert (asked.to, asked.in_reply_to) == ("lista@example.org", None)
    assert asked.message_id is not None
    assert (over.in_reply_to, over.references) == (asked.message_id, (asked.message_id,))
    assert over.message_id != asked.message_id
    assert over.subject == f"Re: {asked.subject}"
    assert f"{card.number} ei ole enää avoinna" in over.text
    assert f"{card.number} är inte längre öppet" in over.text


@pytest.mark.parametrize(("told", "words"), [(Told.FI, {"Kuka"}), (Told.SV, {"Vem"}), (Told.BOTH, {"Kuka", "Vem"})])
def test_each_channel_is_told_in_its_languages(postman: Postman, told: Told, words: set[str]) -> None:
    postman.channel(ChannelKind.EMAIL, "lista@example.org", told)
    postman.net.relayed()
    postman.goes_round()
    (mail,) = postman.sent
    assert {word for word in ("Kuka", "Vem") if f"{word} " in mail.text} == words


def test_a_case_that_is_taken_before_it_was_posted_is_not_posted_at_all(postman: Postman, teams: Receiver) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    card = postman.net.relayed()
    postman.net.takes(postman.net.person(Role.JASEN), card)
    postman.goes_round()
    assert teams.letters == []


def test_a_channel_that_is_away_is_tried_again_until_it_is_back(postman: Postman, teams: Receiver) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    teams.statuses = [500, 429, 503]
    card = postman.net.relayed()
    for _ in range(5):
        postman.goes_round(timedelta(minutes=6))
    assert len(teams.letters) == 4
    assert len({letter.body for letter in teams.letters}) == 1
    (channel,) = postman.channels()
    assert channel.posted_at is not None
    assert channel.trouble is None
    postman.withdraws(card)
    postman.goes_round()
    assert len(teams.letters) == 5


def test_a_case_that_is_over_while_its_channel_is_away_is_not_posted_late(postman: Postman, teams: Receiver) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    teams.statuses = [500]
    card = postman.net.relayed()
    postman.goes_round()
    postman.net.takes(postman.net.person(Role.JASEN), card)
    for _ in range(4):
        postman.goes_round(timedelta(minutes=6))
    assert len(teams.letters) == 1


@pytest.mark.parametrize("status", [401, 404, 410])
def test_a_dead_address_is_named_and_not_tried_again(postman: Postman, teams: Receiver, status: int) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    teams.status = status
    postman.net.relayed()
    for _ in range(3):
        postman.goes_round(timedelta(hours=1))
    assert len(teams.letters) == 1
    (channel,) = postman.channels()
    assert channel.trouble == "refused"
    assert channel.trouble_since is not None
    assert postman.net.town.fetch("SELECT kind FROM alert") == [("channel",)]


def test_a_mail_server_that_is_away_or_refuses_is_told_of(postman: Postman) -> None:
    postman.channel(ChannelKind.EMAIL, "lista@example.org")
    postman.net.relayed()
    postman.away = True
    postman.goes_round()
    assert postman.channels()[0].trouble == "mail_away"
    assert postman.net.town.fetch("SELECT kind FROM alert") == []
    postman.goes_round(timedelta(hours=2))
    assert postman.net.town.fetch("SELECT kind FROM alert") == [("channel",)]
    postman.away = False
    postman.goes_round(timedelta(minutes=6))
    assert len(postman.sent) == 1
    assert postman.channels()[0].trouble is None
    postman.refuses = True
    postman.net.relayed()
    postman.goes_round()
    assert postman.channels()[0].trouble == "mail_refused"


def test_a_channel_that_was_removed_hears_nothing_more(postman: Postman, teams: Receiver) -> None:
    channel = postman.channel(ChannelKind.TEAMS, teams.url)
    postman.net.relayed()
    with postman.net.town.sessions.begin() as session:
        assert remove_channel(session, postman.net.town.network, channel, now=postman.at)
    postman.goes_round()
    assert teams.letters == []


def test_what_nobody_took_for_days_is_the_coordinators_and_may_still_be_taken(postman: Postman) -> None:
    ticket = postman.net.town.ticket()
    card = postman.net.relayed(ticket)
    postman.goes_round(timedelta(days=2, hours=23))
    assert postman.net.town.status(ticket) == "open"
    postman.goes_round(timedelta(hours=1))
    assert postman.net.town.status(ticket) == "with_coordinator"
    assert postman.net.town.fetch("SELECT kind, resolved_at FROM alert") == [("relay", None)]
    postman.net.takes(postman.net.person(Role.JASEN), card)
    assert postman.net.town.status(ticket) == "with_owner"
    assert postman.net.town.fetch("SELECT kind FROM alert WHERE resolved_at IS NULL") == []


def test_what_was_taken_in_time_troubles_nobody(postman: Postman) -> None:
    ticket = postman.net.town.ticket()
    postman.net.takes(postman.net.person(Role.JASEN), postman.net.relayed(ticket))
    postman.goes_round(timedelta(days=5))
    assert postman.net.town.status(ticket) == "with_owner"
    assert postman.net.town.fetch("SELECT kind FROM alert") == []


def test_what_staff_typed_is_no_markdown_in_a_card(postman: Postman, teams: Receiver) -> None:
    postman.channel(ChannelKind.TEAMS, teams.url)
    asked(postman.net, postman.net.person(Role.JASEN), "Miten [tämä](https://evil.example) avataan?")
    postman.goes_round()
    (letter,) = teams.letters
    first = json.loads(letter.body)["attachments"][0]["content"]["body"][0]["items"][1]
    assert first["type"] == "RichTextBlock"
    assert first["inlines"] == [{"type": "TextRun", "text": "Miten [tämä](https://evil.example) avataan?"}]
