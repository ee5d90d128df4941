"""A town whose people relay cases to one another, and whoever stands around it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.relay.claiming import Claimed, claim
from scheduler.relay.publishing import draft, publish
from scheduler.relay.puzzles import Personal, Puzzle, ask
from scheduler.relay.reading import relays_of
from scheduler.relay.words import RelayCard, RelayRefusal
from tests.integration.store.conftest import Town
from tickets.anonymised import Shown
from tickets.directory import add_network, add_organisation
from tickets.people import Person
from tickets.store import cipher_of
from tickets.tokens import Bearer, issue_token, verify_token
from tickets.vocabulary import Device, HelperKind, Role, Topic
from voice_prompts.language import Language


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


def asked(net: Net, who: Bearer, words: str) -> RelayCard | RelayRefusal | Personal:
    """A puzzle that somebody asks of the others and publishes themselves."""
    puzzle = Puzzle(Shown(topics=(Topic.TABLETTI,), device=Device.IPAD), words)
    with net.town.sessions.begin() as session:
        drafted = ask(session, who, puzzle, now=net.town.now, actor=f"person:{who.person_id}")
    return net.publishes(who, drafted.number) if isinstance(drafted, RelayCard) else drafted


def closed_by(net: Net, who: Bearer, caller: str) -> None:
    """A matter of this caller that was somebody's and is closed."""
    ticket = net.town.ticket(caller=caller)
    net.town.update("ticket", ticket, status="closed", closed_at=net.town.now, owner_person_id=who.person_id)


def organisation_of(net: Net, name: str, municipality: str) -> int:
    """One more organisation, which serves a municipality."""
    with net.town.sessions.begin() as session:
        return add_organisation(session, net.town.network, name, serves=[municipality])


def another_town(town: Town) -> Town:
    """A town of another network, in the same store."""

    class Other(Town):
        def __post_init__(self) -> None:
            with self.sessions.begin() as session:
                self.network = add_network(session, "Muu seutu", now=self.now)
                self.organisation = add_organisation(session, self.network, "Oulu", serves=["564"])

    return Other(town.sessions, town.now)
