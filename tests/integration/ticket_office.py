"""The demo's network with tickets in it, and people of it who use the API."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.parts import Parts
from scheduler.promises import book, offer, wish_of
from scheduler.slots import Grid
from tests.integration.programs import Program
from tickets.intake import Matter, open_ticket
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

TURKU, PARAINEN = "853", "445"


class Office:
    """The demo's network, and people of it who use the API."""

    def __init__(self, parts: Parts, client: FlaskClient, now: datetime) -> None:
        self.parts, self.client, self.now = parts, client, now
        with parts.sessions() as session:
            self.network = session.scalars(select(Network.id)).one()
            self.organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
        self._told = 0
        self.ids: dict[int, int] = {}

    def person(self, role: Role, organisation: int | None = None, *, bound: bool = False) -> Program:
        with self.parts.sessions.begin() as session:
            person = Person(
                network_id=self.network,
                organisation_id=organisation,
                role=role,
                name_sealed=cipher_of(session).seal("Aino Auttaja"),
                commitment_signed_on=self.now.date() if bound else None,
                created_at=self.now,
            )
            session.add(person)
            session.flush()
            program = Program(self.client, issue_token(session, self.network, role, now=self.now, person_id=person.id))
        self.ids[id(program)] = person.id
        return program

    def coordinator(self, organisation: int | None = None) -> Program:
        return self.person(Role.KOORDINAATTORI, organisation, bound=True)

    def ticket(self, said: str | None = None, **more: object) -> str:
        self._told += 1
        matter = {
            "network_id": self.network,
            "line_id": None,
            "channel": Channel.FORM,
            "language": Language.FI,
            "caller": f"+3584012345{self._told:02}",
            "key": f"form:{self._told}",
            "topic": Topic.PUHELIN,
            "municipality": TURKU,
            "text": said,
        }
        with self.parts.sessions.begin() as session:
            return open_ticket(session, Matter(**{**matter, **more}), now=self.now).code  # type: ignore[arg-type]

    def promised(self, code: str) -> datetime:
        with self.parts.sessions.begin() as session:
            ticket = session.execute(text("SELECT id FROM ticket WHERE code = :code"), {"code": code}).scalar_one()
            wish = wish_of(session, ticket)
            assert wish is not None
            start = offer(session, wish, after=None, now=self.now, grid=Grid())
            assert start is not None
            assert book(session, ticket, wish, start, now=self.now, grid=Grid())
            return start

    def fetch(self, statement: str) -> list[tuple[object, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement))]


def codes(page: dict[str, list[dict[str, str]]]) -> list[str]:
    """The tickets of a page, in its order."""
    return [ticket["code"] for ticket in page["tickets"]]
