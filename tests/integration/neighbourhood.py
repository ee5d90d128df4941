"""A network with its line, its pages, its API and its worker on one virtual clock, as the seeds describe networks."""

import json
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.parts import PARTS, Parts
from admin.relay.writer import PostedRelays
from ivr.reconciliation import ERRANDS
from scheduler.counting import count
from scheduler.people.persons import Identity, add_person
from scheduler.relay.posting import relay_tasks
from scheduler.slots import HELSINKI
from scheduler.tasks import TASKS
from tests.calls.days import Day
from tests.integration.programs import Program, told
from tickets.people import Person
from tickets.ticket import Ticket
from tickets.tokens import issue_token
from tickets.vocabulary import Role

TEAMS = "https://prod-01.example.logic.azure.com/workflows/teams"


class Neighbourhood:
    """The day's network; people of every role ask by API, the public fills the form, phones ring."""

    def __init__(self, app: Flask, parts: Parts, now: datetime) -> None:
        self.day = Day(parts.sessions, now.astimezone(HELSINKI))
        self.parts = replace(parts, clock=self.day.clock)
        app.extensions[PARTS] = self.parts
        self.client: FlaskClient = app.test_client()
        self.posted: list[tuple[str, Any]] = []
        tools = replace(self.day.worker.tools, web=self)
        tasks = {**TASKS, **ERRANDS, **relay_tasks(PostedRelays("https://line.test"))}
        self.day.worker = replace(self.day.worker, tools=tools, tasks=tasks)

    def post(self, url: str, body: bytes, _headers: Mapping[str, str]) -> int:
        """The open internet: what is posted is kept."""
        self.posted.append((url, json.loads(body)))
        return 202

    def of(self, role: Role, organisation: int | None = None) -> Program:
        """Somebody of this role, who has signed."""
        with self.parts.sessions.begin() as session:
            identity = Identity(f"Uusi {role}", organisation_id=organisation)
            person = add_person(session, self.day.network, identity, role, who=None, now=self.day.now, actor="line")
            assert isinstance(person, int)
            session.get_one(Person, person).commitment_signed_on = self.day.now.date()
            return Program(
                self.client, issue_token(session, self.day.network, role, now=self.day.now, person_id=person)
            )

    def helper_program(self, helper_id: int) -> Program:
        """A helper, with a key of their person."""
        person = self.person_of(helper_id)
        with self.parts.sessions.begin() as session:
            key = issue_token(session, self.day.network, Role.OPASTAJA, now=self.day.now, person_id=person)
        return Program(self.client, key)

    def person_of(self, helper_id: int) -> int:
        """The person who rings back as this helper."""
        with self.parts.sessions() as session:
            return session.scalars(select(Person.id).where(Person.helper_id == helper_id)).one()

    def tickets(self) -> list[Ticket]:
        """Every ticket, oldest first."""
        return self.day.tickets()

    def solves(
        self, desk: Program, times: int, *, outcome: str = "RATKAISTU_HETI", **told_besides: object
    ) -> list[str]:
        """So many matters told at the desk and ended while on the phone; their codes."""
        codes = []
        for number in range(times):
            key = f"{sorted(told_besides.items())}:{outcome}:{number}"
            matter = {"key": key[:90], "language": "fi", "topic": "PUHELIN", "municipality": "853"}
            ending = {"outcome": outcome, "minutes": 12, "did_themselves": "partly"}
            logged = told(
                desk("POST", "/desk/matters", **{**matter, "then": "solved", "ending": ending, **told_besides})
            )
            codes.append(logged["ticket"])
        return codes

    def figures(self, by: str, measure: str = "events") -> dict[str, float | None]:
        """A column of the month's statistics, once all that is closed has been counted."""
        count(self.parts.sessions)
        table = told(self.of(Role.KOORDINAATTORI)("GET", f"/statistics?period=2026-11&by={by}"))
        return {row["value"]: row[measure]["number"] for row in table["rows"] if not row[measure]["hidden"]}
