"""People of the demo's network at the pages of tickets, each in a browser of their own."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from admin.auth import SIGN_IN
from admin.parts import Parts
from tests.integration.ticket_office import Office
from tickets.people import Person
from tickets.recordings import attach_recording, keep_sound, note_recording
from tickets.sign_ins import How, begin_sign_in
from tickets.store import cipher_of
from tickets.tokens import bearer_of_person, issue_token, verify_token
from tickets.vocabulary import Role

SOUND = b"RIFF" + bytes(range(256)) * 4


@dataclass
class Reader:
    """Somebody who has signed in and reads Finnish."""

    client: FlaskClient
    person: int | None
    csrf: str

    def gets(self, path: str, **headers: str) -> TestResponse:
        return self.client.get(path, headers=headers)

    def sees(self, path: str) -> str:
        page = self.gets(path)
        assert page.status_code == 200, (path, page.status_code)
        return unescape(page.text)

    def sends(self, path: str, **typed: object) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **typed})

    def done(self, path: str, **typed: object) -> str:
        """A form that is taken: where it leads, as the page there reads."""
        answer = self.sends(path, **typed)
        assert answer.status_code == 303, (path, answer.status_code, words_of(answer))
        return self.sees(answer.location)

    def refused(self, path: str, status: int = 422, **typed: object) -> str:
        """A form that is not: the page that says why."""
        answer = self.sends(path, **typed)
        assert answer.status_code == status, (path, answer.status_code, answer.location)
        return unescape(answer.text)


class Room:
    """The demo's network with tickets in it."""

    def __init__(self, app: Flask, parts: Parts, now: datetime) -> None:
        self.app, self.parts, self.now = app, parts, now
        self.office = Office(parts, app.test_client(), now)

    def reader(
        self, role: Role, organisation: int | None = None, *, bound: bool = True, program: bool = False
    ) -> Reader:
        """Somebody of this role, in an organisation by its place in the demo, or in none; a program's key is nobody's."""
        with self.parts.sessions.begin() as session:
            person = Person(
                network_id=self.office.network,
                organisation_id=None if organisation is None else self.office.organisations[organisation],
                role=role,
                name_sealed=cipher_of(session).seal(f"Aino {role.value}"),
                commitment_signed_on=self.now.date() if bound else None,
                created_at=self.now,
            )
            session.add(person)
            session.flush()
            whose = None if program else person.id
            if program:
                token = issue_token(session, self.office.network, role, now=self.now)
                who = verify_token(session, token, now=self.now)
            else:
                who = bearer_of_person(session, person.id)
            assert who is not None
            secret = begin_sign_in(session, who, How.KEY if program else How.DEMO, device="", now=self.now)
        client = self.app.test_client()
        with client.session_transaction() as kept:
            kept[SIGN_IN], kept["csrf"] = secret, "the-word"
        client.set_cookie("lang", "fi")
        return Reader(client, whose, "the-word")

    def message(self, code: str, said: str = "CA1") -> int:
        """A spoken message on this ticket; its number."""
        with self.parts.sessions.begin() as session:
            ticket = session.scalar(text("SELECT id FROM ticket WHERE code = :code"), {"code": code})
            assert ticket is not None
            sid = f"RE-{said}"
            note_recording(session, said, sid, turn=1, duration_s=7, now=self.now)
            attach_recording(session, said, ticket)
            keep_sound(session, sid, SOUND, "audio/wav")
            return int(session.scalar(text("SELECT id FROM recording WHERE recording_sid = :sid"), {"sid": sid}) or 0)

    def rows(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]


def words_of(page: TestResponse) -> str:
    """What a page says, without its marks."""
    plain = re.sub(r"<[^>]+>", " ", page.text)
    return re.sub(r"\s+", " ", unescape(plain))[:1500]


def at(code: str, rest: str = "") -> str:
    """The address of a ticket's page, or of what follows it."""
    return f"/admin/tickets/{code}{rest}"


def one(room: Room, code: str, columns: str) -> tuple[object, ...]:
    """So many columns of one ticket, as they are kept."""
    (row,) = room.rows(f"SELECT {columns} FROM ticket WHERE code = :code", code=code)
    return row
