"""Nothing that a caller typed, said, mailed, keyed or is called leaves the house in a relay, a card, a mail or a webhook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, sessionmaker

from admin.api.relay_shapes import PreviewOut, RelayOut
from admin.relay.writer import PostedRelays
from ivr.addresses import Addresses
from scheduler.jobs import enqueue
from scheduler.ports import Email, Telephony
from scheduler.relay.channels import NewChannel, add_channel
from scheduler.relay.claiming import Claimed, claim
from scheduler.relay.posting import relay_tasks
from scheduler.relay.publishing import draft, publish
from scheduler.relay.words import RelayCard, RelayRefusal
from scheduler.tools import Tools
from scheduler.webhooks.errands import passing_on
from scheduler.webhooks.passing_on import WEBHOOK_TASKS
from scheduler.webhooks.subscriptions import subscribe
from scheduler.worker import Worker
from tests.properties.canaries import Canaries, Planted, canaries, matters, plant, sung, sung_besides_the_code
from tickets.directory import add_network, add_organisation
from tickets.intake import Matter
from tickets.municipalities import by_code
from tickets.network import Network
from tickets.people import Person
from tickets.relays import ChannelKind, Told
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue

HOOK = "https://hooks.example.net"


class Nobody(Telephony):
    """Nobody is rung here."""


@dataclass
class House:
    """A network with every way out there is, each of which is written down."""

    sessions: sessionmaker[Session]
    at: datetime
    relayed: list[str | bytes] = field(default_factory=list)
    hooked: list[str | bytes] = field(default_factory=list)

    def __post_init__(self) -> None:
        with self.sessions.begin() as session:
            known = session.scalar(select(func.count()).select_from(Network)) or 0
            self.network = add_network(session, f"Seutu {known}", now=self.at)
            add_organisation(session, self.network, "Turku", serves=["853", "680"])
            for kind, address in (
                (ChannelKind.TEAMS, "https://teams.example.net"),
                (ChannelKind.EMAIL, "a@example.net"),
            ):
                new = NewChannel(kind, "Kanava", address, Told.BOTH)
                add_channel(session, self.network, new, now=self.at, actor="person:1")
            subscribe(session, self.network, HOOK, (), now=self.at, actor="person:1")
        tools = Tools(
            sessions=self.sessions,
            clock=self,
            telephony=Nobody(),
            catalogue=CATALOGUE,
            urls=Addresses("http://line.test", "secret"),
            mail=self,
            web=self,
        )
        self.worker = Worker(tools, {**relay_tasks(WRITER), **WEBHOOK_TASKS}, reconcile_every=None)
        self.rounds = self.network * 1000

    def now(self) -> datetime:
        return self.at

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        told = self.hooked if url.startswith(HOOK) else self.relayed
        told += [body, str({**headers, "webhook-signature": ""})]  # which is the body's, turned to noise
        return 200

    def send(self, email: Email) -> None:
        self.relayed += [email.text, str(email)]

    def goes_round(self) -> None:
        self.rounds += 1
        with self.sessions.begin() as session:
            enqueue(session, passing_on(self.rounds, now=self.at))
        while self.worker.beat():
            pass

    def person(self, role: Role) -> Bearer:
        with self.sessions.begin() as session:
            name = cipher_of(session).seal("Jokunen")
            person = Person(network_id=self.network, role=role, name_sealed=name, created_at=self.at)
            session.add(person)
            session.flush()
            token = issue_token(session, self.network, role, now=self.at, person_id=person.id)
            who = verify_token(session, token, now=self.at)
        assert who is not None
        return who

    def relays(self, code: str) -> Claimed | RelayRefusal:
        """The whole way of a case: drafted, previewed, published, posted, read, taken, over."""
        coordinator, member, by = (
            self.person(Role.KOORDINAATTORI),
            self.person(Role.JASEN),
            {"now": self.at, "actor": "x"},
        )
        with self.sessions.begin() as session:
            card = draft(session, coordinator, code, **by)  # type: ignore[arg-type]
            if not isinstance(card, RelayCard):
                return card
            self.relayed.append(PreviewOut.of(card, WRITER).model_dump_json())
            published = publish(session, coordinator, card.number, **by)  # type: ignore[arg-type]
            assert isinstance(published, RelayCard)
            self.relayed.append(RelayOut.of(published).model_dump_json())
        self.goes_round()
        with self.sessions.begin() as session:
            taken = claim(session, member, card.number, **by)  # type: ignore[arg-type]
        self.goes_round()
        return taken


CATALOGUE, WRITER = Catalogue.load(), PostedRelays("https://line.test")
WITH_DATABASE = settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])


def planted(house: House, matter: Matter, sings: Canaries, *, hidden: bool = False) -> Planted:
    with house.sessions.begin() as session:
        return plant(session, house.network, matter, sings, now=house.at, non_disclosure=hidden)


@WITH_DATABASE
@given(matter=matters(), sings=canaries(), hidden=st.booleans())
def test_nothing_of_a_caller_leaves_in_a_relay_a_card_a_mail_or_a_webhook(
    sessions: sessionmaker[Session], now: datetime, matter: Matter, sings: Canaries, hidden: bool
) -> None:
    house = House(sessions, now)
    caller = planted(house, matter, sings, hidden=hidden)
    taken = house.relays(caller.ticket.code)
    house.goes_round()
    if isinstance(taken, Claimed):
        assert len(house.relayed) == 2 + 2 * 2 * 2  # preview, page; two channels, two occasions, two readings of each
    assert sung(caller, *house.relayed) == set()
    assert len(house.hooked) >= 2
    assert sung_besides_the_code(caller, *house.hooked) == set()
    place = by_code(matter.municipality or "")
    if hidden and place is not None:
        told = "".join(str(each) for each in house.relayed + house.hooked)
        assert f'"{place.subregion.code}"' not in told
        assert place.subregion.name_sv not in told


@WITH_DATABASE
@given(matter=matters(), sings=canaries())
def test_words_that_a_fault_put_where_codes_belong_do_not_leave_either(
    sessions: sessionmaker[Session], now: datetime, matter: Matter, sings: Canaries
) -> None:
    house = House(sessions, now)
    caller = planted(house, matter, sings)
    wrong = {
        "e_service": sings.tokens[0],
        "municipality": sings.tokens[1],
        "topics": [sings.tokens[2], *matter.topics],
        "access_needs": [sings.tokens[3], *matter.access_needs],
    }
    with sessions.begin() as session:
        session.execute(update(Ticket).where(Ticket.id == caller.ticket.id).values(wrong))
    house.relays(caller.ticket.code)
    house.goes_round()
    assert sung(caller, *house.relayed) == set()
    assert sung_besides_the_code(caller, *house.hooked) == set()
