"""Whoever keeps the network's people or settings, signed in on its pages, with a key of their own person."""

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.auth import SIGN_IN
from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.forms import hidden
from tickets.network import Network
from tickets.people import Person
from tickets.sign_ins import How, begin_sign_in
from tickets.tokens import issue_token, verify_token
from tickets.vocabulary import Role

HOSTILE = '"></textarea><script>alert("x")</script>'


@dataclass
class Keeper:
    """Somebody of a role of the demo, with a browser."""

    app: Flask
    parts: Parts
    demo: DemoData
    now: datetime
    role: Role = Role.PAAKAYTTAJA

    def __post_init__(self) -> None:
        self.client = self.app.test_client()
        with self.parts.sessions.begin() as session:
            network = session.scalars(select(Network.id).order_by(Network.id)).first()
            assert network is not None
            self.network = network
            mine = next((one.id for one in self.demo.people if one.role is self.role), None)
            helper = None if mine else session.scalars(select(Person.helper_id).where(Person.role == self.role)).first()
            token = issue_token(session, network, self.role, now=self.now, person_id=mine, helper_id=helper)
        self.person = mine
        self.client.post("/sign-in", data={"csrf": hidden(self.client.get("/sign-in"), "csrf"), "token": token})
        self.csrf = hidden(self.client.get("/sign-in?lang=fi"), "csrf")

    def sees(self, path: str) -> str:
        """A page, read as a person reads it."""
        page = self.client.get(path)
        assert page.status_code == 200, (path, page.status_code)
        return unescape(page.text)

    def gets(self, path: str) -> int:
        return self.client.get(path).status_code

    def sends(self, path: str, **typed: object) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **typed})

    def does(self, path: str, **typed: object) -> str:
        """Send a form that is taken, and read the page after it."""
        answer = self.sends(path, **typed)
        assert answer.status_code == 303, (answer.status_code, said_wrong(answer))
        return self.sees(answer.location)

    def is_told(self, path: str, **typed: object) -> str:
        """Send a form that is not taken, and read it again."""
        answer = self.sends(path, **typed)
        assert answer.status_code == 422, (answer.status_code, answer.location)
        return unescape(answer.text)

    def fetch(self, query: str, **values: object) -> list[tuple[object, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(query), values)]

    def helpers_person(self, place: int = 0) -> int:
        """The person of one of the demo's helpers."""
        rows = self.fetch("SELECT id FROM person WHERE helper_id IS NOT NULL ORDER BY id")
        return int(str(rows[place][0]))


def signed_in(app: Flask, parts: Parts, token: str) -> FlaskClient:
    """A browser in which somebody has signed in with this key."""
    client = app.test_client()
    with parts.sessions.begin() as session:
        who = verify_token(session, token, now=parts.clock.now())
        assert who is not None
        secret = begin_sign_in(session, who, How.KEY, device="", now=parts.clock.now())
    with client.session_transaction() as kept:
        kept[SIGN_IN] = secret
    return client


def said_wrong(answer: TestResponse) -> list[str]:
    return re.findall(r'class="mistake"[^>]*>([^<]*)<', unescape(answer.text))


def field(page: str, name: str) -> str:
    """What a hidden or typed field of a page holds."""
    found = re.search(rf'name="{name}"[^>]*value="([^"]*)"', page)
    assert found, name
    return found[1]
