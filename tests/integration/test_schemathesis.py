"""Whatever is asked of the API, sense or nonsense, by whatever role: it answers as it has described, and never with a 5xx.

`DIGILINJA_SCHEMATHESIS_EXAMPLES` asks more often of every operation than the few times that a build has time for.
"""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

import pytest
import schemathesis
import structlog
from flask import Flask
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from tickets.intake import Matter, open_ticket
from tickets.network import Network
from tickets.people import Person
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = int(os.environ.get("DIGILINJA_SCHEMATHESIS_EXAMPLES", "4"))
OF_EACH_ROLE = max(1, EXAMPLES // 4)
SEED = 20261124
MODES = (GenerationMode.POSITIVE, GenerationMode.NEGATIVE)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    """What is logged of a thousand refusals is of no use to anybody."""
    structlog.configure(processors=[], logger_factory=structlog.ReturnLoggerFactory())
    yield
    structlog.reset_defaults()


@dataclass
class Asking:
    """Somebody of a role, who asks for everything there is, and often for what exists."""

    operations: list[APIOperation[Any, Any, Any, Any]]
    parts: Parts
    now: datetime
    role: Role | None
    known: dict[str, list[Any]]
    faults: list[str] = field(default_factory=list)
    asked: int = 0
    statuses: set[int] = field(default_factory=set)
    token: str = ""

    def everything(self, examples: int) -> None:
        """Ask for every operation so many times, half of them with what its description does not allow."""
        for place, operation in enumerate(self.operations):
            for mode in MODES if examples > 1 else (MODES[place % 2],):
                self._ask(operation, mode, max(1, examples // 2))

    def _ask(self, operation: APIOperation[Any, Any, Any, Any], mode: GenerationMode, examples: int) -> None:
        """One operation; what goes wrong is noted, and the next one is asked for."""

        @seed(SEED)
        @settings(
            max_examples=examples,
            deadline=None,
            database=None,
            phases=[Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(operation.as_strategy(generation_mode=mode), st.integers(0, 2**32))
        def ask(case: Case, chance: int) -> None:
            self._call(case, Random(chance))

        try:
            ask()
        except (Exception, BaseExceptionGroup) as fault:  # a group of failed checks is no Exception
            told = fault.exceptions if isinstance(fault, BaseExceptionGroup) else (fault,)
            self.faults.append(f"{self.role} {operation.label}: {'; '.join(str(one)[:500] for one in told)}")

    def _call(self, case: Case, chance: Random) -> None:
        for name in case.path_parameters or {}:
            if name in self.known and chance.random() < 0.7:
                case.path_parameters[name] = chance.choice(self.known[name])
        headers = {} if self.role is None else {"Authorization": f"Bearer {self._token()}"}
        response = case.call(headers=headers)
        self.asked += 1
        self.statuses.add(response.status_code)
        if response.status_code == 401 and self.role is not None:
            self.token = ""  # somebody has taken the key away, perhaps they themselves
        case.validate_response(response, checks=CHECKS)

    def _token(self) -> str:
        if not self.token:
            self.token = key_of(self.parts, self.role or Role.JASEN, self.now)
        return self.token


def key_of(parts: Parts, role: Role, now: datetime) -> str:
    """A key of a person of this role, who works for the network and has signed."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id).order_by(Network.id)).first()
        assert network is not None
        person = Person(
            network_id=network, role=role, name_sealed="x", commitment_signed_on=now.date(), active=True, created_at=now
        )
        person.name_sealed = session.info["cipher"].seal("Kaarina Kokeilija")
        session.add(person)
        session.flush()
        return issue_token(session, network, role, now=now, person_id=person.id)


@pytest.fixture
def world(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Callable[[Role | None], Asking]:
    """A network with some of everything, so that not all answers are that there is no such thing."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        line = session.scalar(text("SELECT min(id) FROM line"))
        codes = []
        for number, topic in enumerate((Topic.PUHELIN, Topic.TUNNIST, Topic.HALUAN_AUTTAA)):
            matter = Matter(
                network,
                line,
                Channel.FORM,
                Language.FI,
                f"+35850555020{number}",
                key=f"form:{number}",
                topic=topic,
                municipality="853",
                text="Näyttö on musta.",
            )
            codes.append(open_ticket(session, matter, now=now).code)
        numbers = list(range(1, 6))
        names = [name for (name,) in session.execute(text("SELECT name FROM organisation"))]
    known = _Known({"code": codes, "name": names}, numbers)
    description = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", app)
    operations = [found.ok() for found in description.get_all_operations()]  # read once, by whomever they are asked for
    return lambda role: Asking(operations, parts, now, role, known)


class _Known(dict[str, list[Any]]):
    """What exists, by the names of parameters; whatever is called an id has the first few numbers."""

    def __init__(self, known: dict[str, list[Any]], numbers: list[int]) -> None:
        super().__init__(known)
        self.numbers = numbers

    def __contains__(self, name: object) -> bool:
        return super().__contains__(name) or (isinstance(name, str) and (name.endswith("_id") or name == "number"))

    def __missing__(self, _name: str) -> list[Any]:
        return self.numbers


def test_a_coordinator_who_asks_for_anything_is_answered_as_described(world: Callable[[Role | None], Asking]) -> None:
    asking = world(Role.KOORDINAATTORI)
    asking.everything(EXAMPLES)
    assert asking.faults == [], "\n".join(asking.faults)
    assert {200, 400, 404} <= asking.statuses
    assert asking.asked > 100


def test_whoever_else_asks_is_answered_as_described(world: Callable[[Role | None], Asking]) -> None:
    for role in (*(role for role in Role if role is not Role.KOORDINAATTORI), None):
        asking = world(role)
        asking.everything(OF_EACH_ROLE)
        assert asking.faults == [], "\n".join(asking.faults)
        assert (401 if role is None else 403) in asking.statuses, role
        assert role is not None or not asking.statuses & {200, 204}
