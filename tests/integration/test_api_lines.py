"""Lines by API: opened, changed, put out of use and back, connected; read by whoever keeps words or settings."""

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tickets.directory import add_line, add_network
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.tokens import issue_token
from tickets.vocabulary import Role
from voice_prompts.language import Language

NEW = {"number": "02 555 0300", "name": "Naantalin  digituki ", "first_language": "fi", "municipality": "529"}


def program_of(parts: Parts, client: FlaskClient, role: Role) -> Program:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id).order_by(Network.id)).first()
        assert network is not None
        return Program(client, issue_token(session, network, role, now=parts.clock.now()))


@pytest.fixture
def keeper(parts: Parts, client: FlaskClient, demo: DemoData) -> Program:
    assert demo
    return program_of(parts, client, Role.PAAKAYTTAJA)


def changes(parts: Parts) -> list[str]:
    with parts.sessions() as session:
        return list(session.scalars(text("SELECT kind FROM people_change WHERE details ? 'line' ORDER BY id")))


def test_a_line_is_opened_listed_and_waits_for_the_operator(parts: Parts, keeper: Program) -> None:
    made = told(keeper("POST", "/lines", **NEW))["id"]
    line = told(keeper("GET", "/lines"))["lines"][-1]
    assert line == {
        "id": made,
        "number": "+35825550300",
        "name": "Naantalin digituki",
        "other_name": None,
        "first_language": "fi",
        "municipality": "529",
        "active": True,
        "hears_speech": False,
        "state": "waiting",
        "own": 0,
    }
    assert changes(parts) == ["line_opened"]


def test_only_what_is_named_changes_and_a_line_back_in_use_is_connected_anew(parts: Parts, keeper: Program) -> None:
    first = told(keeper("GET", "/lines"))["lines"][0]
    assert first["state"] == "unknown"
    path = f"/lines/{first['id']}"
    assert keeper("PATCH", path, active=False, other_name="Ny  linje").status_code == 204
    after = told(keeper("GET", "/lines"))["lines"][0]
    assert after == {**first, "active": False, "other_name": "Ny linje"}
    assert why(keeper("POST", f"{path}/connection")) == (404, "not_found")
    assert keeper("PATCH", path, active=True, other_name=None, municipality=None).status_code == 204
    back = told(keeper("GET", "/lines"))["lines"][0]
    assert (back["active"], back["other_name"], back["state"]) == (True, None, "waiting")
    assert keeper("POST", f"{path}/connection").status_code == 204
    assert changes(parts) == ["line_changed", "line_changed"]


WRONG: list[tuple[dict[str, object], tuple[int, str]]] = [
    ({"number": "12"}, (400, "no_number")),
    ({"number": "02 555 0100"}, (409, "number_taken")),
    ({"name": "  "}, (400, "no_name")),
    ({"name": "Linja 24"}, (400, "unsayable")),
    ({"other_name": "<b>"}, (400, "unsayable")),
    ({"municipality": "999"}, (400, "unknown_municipality")),
]


def test_what_cannot_be_a_line_is_refused_and_nothing_is_kept(parts: Parts, keeper: Program) -> None:
    for wrong, refusal in WRONG:
        assert why(keeper("POST", "/lines", **{**NEW, **wrong})) == refusal
    first = told(keeper("GET", "/lines"))["lines"][0]
    assert why(keeper("PATCH", f"/lines/{first['id']}", name="Linja 24")) == (400, "unsayable")
    assert why(keeper("PATCH", "/lines/999999", name="Linja")) == (404, "not_found")
    assert keeper("PATCH", f"/lines/{first['id']}", number="02 555 0999").status_code == 400
    assert told(keeper("GET", "/lines"))["lines"][0] == first
    assert changes(parts) == []


def test_a_line_of_another_network_is_neither_shown_nor_changed(parts: Parts, keeper: Program) -> None:
    with parts.sessions.begin() as session:
        other = add_network(session, "Muu seutu", now=parts.clock.now())
        line = add_line(session, other, "+35825550900", "Muun linja", Language.FI)
    assert line not in {one["id"] for one in told(keeper("GET", "/lines"))["lines"]}
    assert why(keeper("PATCH", f"/lines/{line}", name="Omani")) == (404, "not_found")
    assert why(keeper("POST", f"/lines/{line}/connection")) == (404, "not_found")
    assert why(keeper("POST", "/lines", **{**NEW, "number": "02 555 0900"})) == (409, "number_taken")


def test_a_coordinator_reads_lines_and_opens_none(parts: Parts, client: FlaskClient, demo: DemoData) -> None:
    coordinator = program_of(parts, client, Role.KOORDINAATTORI)
    lines = told(coordinator("GET", "/lines"))["lines"]
    assert len(lines) == len(demo.lines)
    assert coordinator("POST", "/lines", **NEW).status_code == 403
    assert coordinator("PATCH", f"/lines/{lines[0]['id']}", active=False).status_code == 403
    assert program_of(parts, client, Role.NEUVOJA)("GET", "/lines").status_code == 403


def test_whoever_keeps_the_settings_of_one_organisation_changes_no_line_of_all(
    parts: Parts, client: FlaskClient, demo: DemoData
) -> None:
    assert demo
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network)).one()
        network.role_rights = {"paakayttaja": {"keep_settings": "organisation"}}
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        person = Person(network_id=network.id, organisation_id=organisation, role=Role.PAAKAYTTAJA, active=True)
        person.name_sealed, person.created_at = session.info["cipher"].seal("Oona"), parts.clock.now()
        session.add(person)
        session.flush()
        token = issue_token(session, network.id, Role.PAAKAYTTAJA, now=parts.clock.now(), person_id=person.id)
    confined = Program(client, token)
    assert why(confined("POST", "/lines", **NEW)) == (403, "not_yours")
    assert why(confined("PATCH", "/lines/1", active=False)) == (403, "not_yours")
    assert why(confined("POST", "/lines/1/connection")) == (403, "not_yours")
