"""Programs with somebody's token, before a rota of one Saturday."""

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from flask.testing import FlaskClient
from openapi_core import Config, OpenAPI
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from sqlalchemy import select, text
from werkzeug.test import EnvironBuilder, TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.slots import Grid, Span
from tickets.network import Network
from tickets.tokens import issue_token
from tickets.vocabulary import Role

PROBLEM = "application/problem+json"
SATURDAY = timedelta(days=4)


@dataclass
class Program:
    """A program with somebody's token; every answer is checked against the API's own description."""

    client: FlaskClient
    token: str

    def __call__(self, method: str, path: str, **body: object) -> TestResponse:
        asked = {
            "path": f"/api/v1{path}",
            "method": method,
            "json": body if method in ("POST", "PATCH", "PUT") else None,
            "headers": {"Authorization": f"Bearer {self.token}"},
            "base_url": "http://127.0.0.1:8000",
        }
        answer = self.client.open(**asked)
        as_sent = WerkzeugOpenAPIRequest(EnvironBuilder(**asked).get_request())
        described(self.client).validate_response(as_sent, WerkzeugOpenAPIResponse(answer))
        return answer


def described(client: FlaskClient) -> OpenAPI:
    return _read(client.get("/api/v1/openapi.json").text)


@cache
def _read(description: str) -> OpenAPI:
    config = Config(extra_media_type_deserializers={PROBLEM: json.loads})
    return OpenAPI.from_dict(json.loads(description), config=config)


@dataclass
class Rota:
    """The demo's network with a shift of one place on a Saturday, when nobody of the demo is on duty."""

    parts: Parts
    client: FlaskClient
    demo: DemoData
    now: datetime

    def __post_init__(self) -> None:
        with self.parts.sessions.begin() as session:
            self.network = session.scalars(select(Network.id)).one()
        self.shift = self.add_shift(SATURDAY)

    def add_shift(self, ahead: timedelta) -> int:
        begins = self.now + ahead
        with self.parts.sessions.begin() as session:
            made = add_shift(
                session, self.network, NewShift(Span(begins, begins + timedelta(hours=3))), now=self.now, grid=Grid()
            )
        assert isinstance(made, int)
        return made

    def helper(self, number: int) -> Program:
        helper_id = self.demo.helpers[number].id
        return self._program(Role.OPASTAJA, helper_id)

    def coordinator(self) -> Program:
        return self._program(Role.KOORDINAATTORI, None)

    def changes(self) -> list[tuple[str, str]]:
        with self.parts.sessions() as session:
            rows = session.execute(
                text("SELECT kind, actor FROM rota_change WHERE shift_id = :shift ORDER BY id"), {"shift": self.shift}
            )
            return [(row.kind, row.actor) for row in rows]

    def _program(self, role: Role, helper_id: int | None) -> Program:
        with self.parts.sessions.begin() as session:
            return Program(self.client, issue_token(session, self.network, role, now=self.now, helper_id=helper_id))


def told(answer: TestResponse) -> Any:
    assert answer.status_code in (200, 204), answer.text
    return answer.json


def why(answer: TestResponse) -> tuple[int, str]:
    assert answer.json is not None
    return answer.status_code, answer.json["code"]
