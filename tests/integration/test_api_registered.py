"""How long what is kept, what must be kept longer, and what somebody may ask of what is theirs, by API."""

import json
from datetime import datetime, timedelta
from io import BytesIO
from zipfile import ZipFile

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tickets.intake import Matter, open_ticket
from tickets.recordings import keep_sound, note_recording
from tickets.retention import BOUNDS, Kept
from tickets.store import cipher_of
from tickets.ticket import Note
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

PHONE, EMAIL = "+358401234567", "aino@example.fi"


class Office:
    """A network with one resident's ticket, and programs with the roles that have to do with it."""

    def __init__(self, parts: Parts, client: FlaskClient, now: datetime) -> None:
        self.parts, self.client, self.now = parts, client, now
        with parts.sessions.begin() as session:
            self.network = int(session.execute(text("SELECT id FROM network")).scalar_one())
            self.code = self._plant(session)

    def _plant(self, session) -> str:  # type: ignore[no-untyped-def]
        note_recording(session, "CA1", "RE1", turn=1, duration_s=4, now=self.now)
        keep_sound(session, "RE1", b"RIFF the sound", "audio/wav")
        told_us = {"name": "Aino Esimerkki", "email": EMAIL, "text": "Kone ei aukea.", "recordings": ("RE1",)}
        matter = Matter(
            self.network, None, Channel.FORM, Language.FI, PHONE, "form:1", Topic.TIETOKONE, "853", **told_us
        )
        ticket = open_ticket(session, matter, now=self.now)
        sealed = cipher_of(session).seal("Soita iltapäivällä.")
        session.add(Note(ticket_id=ticket.id, author="person:4", text_sealed=sealed, written_at=self.now))
        return ticket.code

    def program(self, role: Role) -> Program:
        with self.parts.sessions.begin() as session:
            return Program(self.client, issue_token(session, self.network, role, now=self.now))

    def fetch(self, statement: str) -> list[tuple[object, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    assert demo
    return Office(parts, client, now)


@pytest.fixture
def coordinator(office: Office) -> Program:
    return office.program(Role.KOORDINAATTORI)


@pytest.fixture
def officer(office: Office) -> Program:
    return office.program(Role.TIETOSUOJAVASTAAVA)


def test_a_coordinator_sees_the_terms_and_what_another_would_do(office: Office, coordinator: Program) -> None:
    closed = "UPDATE ticket SET status = 'closed', closed_at = created_at - interval '10 days'"
    with office.parts.sessions.begin() as session:
        session.execute(text(closed))
    terms = {term["kept"]: term for term in told(coordinator("GET", "/retention"))["terms"]}
    assert terms.keys() == set(Kept)
    assert (terms["contact"]["amount"], terms["contact"]["unit"], terms["contact"]["due"]) == (30, "days", 0)
    seen = told(coordinator("POST", "/retention/contact", amount=10, preview=True))["terms"]
    assert next(term for term in seen if term["kept"] == "contact")["due"] == 1
    assert {term["kept"]: term for term in told(coordinator("GET", "/retention"))["terms"]} == terms
    told(coordinator("POST", "/retention/contact", amount=10))
    chosen = {term["kept"]: term for term in told(coordinator("GET", "/retention"))["terms"]}["contact"]
    assert (chosen["amount"], chosen["due"], chosen["usual"]) == (10, 1, 30)
    told(coordinator("POST", "/retention/contact", amount=None))
    assert {term["kept"]: term for term in told(coordinator("GET", "/retention"))["terms"]} == terms


def test_a_term_beyond_the_lawful_is_refused_and_the_bounds_are_told(coordinator: Program) -> None:
    refused = coordinator("POST", "/retention/audio", amount=91)
    assert why(refused) == (400, "out_of_bounds")
    assert f"1 to {BOUNDS[Kept.AUDIO].most} days" in refused.json["detail"]  # type: ignore[index]
    assert why(coordinator("POST", "/retention/shoe_size", amount=1)) == (404, "not_found")


def test_a_ticket_is_held_listed_with_its_reason_and_let_go(office: Office, coordinator: Program) -> None:
    until = (office.now + timedelta(days=90)).isoformat()
    hold = f"/tickets/{office.code}/hold"
    assert coordinator("POST", hold, reason="Kantelu, dnro 17", until=until).status_code == 204
    (held,) = told(coordinator("GET", "/holds"))["holds"]
    assert (held["ticket_code"], held["reason"]) == (office.code, "Kantelu, dnro 17")
    assert why(coordinator("POST", hold, reason="Toinen", until=until)) == (409, "held_already")
    assert coordinator("DELETE", hold).status_code == 204
    assert why(coordinator("DELETE", hold)) == (409, "not_held")
    assert told(coordinator("GET", "/holds"))["holds"] == []
    assert why(coordinator("POST", "/tickets/DL-99999/hold", reason="x", until=until)) == (404, "not_found")


def test_the_officer_sees_what_there_is_and_gives_a_copy_of_it(office: Office, officer: Program) -> None:
    found = told(officer("POST", "/registered/search", phone="040 123 4567"))
    assert found == {"tickets": [office.code], "held": [], "calls": 0, "person": None}
    answer = officer("POST", "/registered/copy", email=EMAIL.upper(), language="sv")
    assert (answer.status_code, answer.content_type) == (200, "application/zip")
    archive = ZipFile(BytesIO(answer.data))
    data = json.loads(archive.read("data.json"))
    (ticket,), (note,) = data["ticket"], data["note"]
    assert (ticket["caller"], ticket["name"], ticket["email"], ticket["text"]) == (
        PHONE,
        "Aino Esimerkki",
        EMAIL,
        "Kone ei aukea.",
    )
    assert (ticket["topic_in_words"], ticket["municipality_in_words"]) == ("dator", "Åbo")
    assert (note["text"], note["author"]) == ("Soita iltapäivällä.", "person")
    assert archive.read("sounds/RE1.wav") == b"RIFF the sound"
    assert office.fetch("SELECT seen FROM view_log ORDER BY id") == [("search",), ("export",)]


def test_who_asks_to_be_forgotten_is_and_the_register_says_how_much(office: Office, officer: Program) -> None:
    erased = told(officer("POST", "/registered/erasure", phone=PHONE))
    assert erased["counts"]["note"] == 1
    assert erased["cancelled"] == 0
    (line,) = told(officer("GET", "/erasures"))["erasures"]
    assert (line["number"], line["counts"]) == (erased["number"], erased["counts"])
    assert why(officer("POST", "/registered/copy", phone=PHONE)) == (404, "nobody")
    assert why(officer("POST", "/registered/erasure", phone=PHONE)) == (404, "nobody")
    assert office.fetch("SELECT count(*) FROM ticket WHERE anonymised_at IS NOT NULL") == [(1,)]
    assert office.fetch("SELECT seen, ticket_id FROM view_log ORDER BY id LIMIT 1") == [("search", None)]


def test_what_is_held_is_refused_by_its_code(office: Office, coordinator: Program, officer: Program) -> None:
    until = (office.now + timedelta(days=90)).isoformat()
    coordinator("POST", f"/tickets/{office.code}/hold", reason="Kantelu", until=until)
    assert told(officer("POST", "/registered/search", ticket=office.code))["held"] == [office.code]
    refused = officer("POST", "/registered/erasure", ticket=office.code)
    assert why(refused) == (409, "held")
    assert refused.json is not None
    assert office.code in refused.json["detail"]
    assert office.fetch("SELECT FROM erasure") == []


def test_somebody_of_ours_is_erased_after_they_left(office: Office, officer: Program) -> None:
    ((person, helper),) = office.fetch(
        "SELECT id, helper_id FROM person WHERE helper_id IS NOT NULL ORDER BY id LIMIT 1"
    )
    copy = officer("POST", "/registered/copy", person=person)
    data = json.loads(ZipFile(BytesIO(copy.data)).read("data.json"))
    assert data["helper"][0]["name"]
    assert data["helper"][0]["phone"].startswith("+358")
    assert why(officer("POST", "/registered/erasure", person=person)) == (409, "still_with_us")
    with office.parts.sessions.begin() as session:
        session.execute(text("UPDATE person SET active = false, left_at = now() WHERE id = :id"), {"id": person})
        session.execute(text("UPDATE helper SET active = false WHERE id = :id"), {"id": helper})
    told(officer("POST", "/registered/erasure", person=person))
    assert office.fetch(f"SELECT forgotten_at IS NOT NULL FROM helper WHERE id = {helper}") == [(True,)]


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        ({"phone": "soita"}, 400),
        ({"email": "aino"}, 400),
        ({}, 400),
        ({"phone": PHONE, "email": EMAIL}, 400),
        ({"person": 9999}, 404),
    ],
)
def test_who_is_meant_must_be_said_and_be_there(officer: Program, asked: dict[str, object], status: int) -> None:
    assert officer("POST", "/registered/erasure", **asked).status_code == status
    assert officer("POST", "/registered/copy", **asked).status_code == status


@pytest.mark.parametrize("role", [role for role in Role if role is not Role.TIETOSUOJAVASTAAVA])
def test_nobody_but_the_officer_copies_or_erases_anybody(office: Office, role: Role) -> None:
    program = office.program(role)
    answers: list[TestResponse] = [
        program("POST", f"/registered/{what}", phone=PHONE) for what in ("search", "copy", "erasure")
    ]
    assert {answer.status_code for answer in answers} == {403}
