"""A coordinator at the pages of the line's words."""

import io
from datetime import datetime
from html import unescape

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.studio.machine import Espeak
from tests.integration.forms import hidden
from tickets.network import Line, Network
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, fragments

INTRO = "Täällä kiirettä ei ole."


class Coordinator:
    """A coordinator who has signed in, at the demo's first line."""

    def __init__(self, client: FlaskClient, parts: Parts, now: datetime, role: Role = Role.KOORDINAATTORI) -> None:
        self.client, self.parts = client, parts
        with parts.sessions.begin() as session:
            network = session.scalars(select(Network.id)).one()
            self.line = session.scalars(select(Line.id).order_by(Line.id)).first()
            token = issue_token(session, network, role, now=now)
        client.post("/sign-in", data={"csrf": hidden(client.get("/sign-in"), "csrf"), "token": token})
        self.csrf = hidden(client.get("/sign-in?lang=fi"), "csrf")

    def path(self, key: str = "intro", language: str = "fi", rest: str = "") -> str:
        return f"/admin/prompts/{self.line}/{language}/{key}{rest}"

    def sees(self, path: str = "/admin/prompts") -> str:
        page = self.client.get(path)
        assert page.status_code == 200
        return unescape(page.text)

    def sends(self, path: str, **typed: object) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **typed})

    def records(self, key: str) -> Piece:
        """A machine's voice, taken in as a person's, for the first piece of a sentence."""
        piece = Piece(Language.FI, fragments(Catalogue.load().entry(Language.FI, key).say[0])[0])
        sound = (io.BytesIO(Espeak().speak(piece)), "x.wav")
        assert self.sends(self.path(key, rest="/recording"), piece=piece.name, recording=sound).status_code == 303
        return piece

    def versions(self) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text("SELECT count(*) FROM line_sentence")) or 0)


@pytest.fixture
def coordinator(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> Coordinator:
    return Coordinator(client, parts, now)
