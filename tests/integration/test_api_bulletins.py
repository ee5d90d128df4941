"""Bulletins by API: put on, replaced, taken off; what the voice cannot say right never goes on."""

from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tickets.network import Line, Network
from tickets.people import Person
from tickets.tokens import issue_token
from tickets.vocabulary import Role

FI, SV = "Palvelussa on tänään häiriö.", "Det är en störning i tjänsten i dag."


def token_of(parts: Parts, role: Role) -> str:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id).order_by(Network.id)).first()
        assert network is not None
        return issue_token(session, network, role, now=parts.clock.now())


@pytest.fixture
def program(parts: Parts, client: FlaskClient, demo: DemoData) -> Program:
    assert demo
    return Program(client, token_of(parts, Role.KOORDINAATTORI))


def ends(parts: Parts, hours: float = 3) -> str:
    return (parts.clock.now() + timedelta(hours=hours)).isoformat()


def test_it_goes_on_is_listed_and_is_taken_off(parts: Parts, program: Program) -> None:
    made = told(program("POST", "/bulletins", fi=f"  {FI} ", sv=SV, line=None, ends_at=ends(parts)))["id"]
    (on,) = told(program("GET", "/bulletins"))["on"]
    assert (on["id"], on["words"], on["line_id"]) == (made, {"fi": FI, "sv": SV}, None)
    assert program("DELETE", f"/bulletins/{made}").status_code == 204
    after = told(program("GET", "/bulletins"))
    assert after["on"] == []
    assert [one["id"] for one in after["earlier"]] == [made]
    assert program("DELETE", f"/bulletins/{made}").status_code == 204


def test_of_two_who_put_one_on_the_second_learns_of_the_first(parts: Parts, program: Program) -> None:
    first = told(program("POST", "/bulletins", fi=FI, sv=SV, ends_at=ends(parts), seen=0))["id"]
    late = program(
        "POST", "/bulletins", fi="Soitamme vasta huomenna.", sv="Vi ringer i morgon.", ends_at=ends(parts), seen=0
    )
    assert why(late) == (409, "changed_meanwhile")
    assert [one["id"] for one in told(program("GET", "/bulletins"))["on"]] == [first]


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"fi": "Tänään 24.11. palvelussa on häiriö."}, "faulty"),
        ({"fi": "Palvelussa on häiriö"}, "faulty"),
        ({"fi": "Palvelussa on häiriö klo kymmenen."}, "faulty"),
        ({"fi": "Muu asia: painakaa yksi."}, "faulty"),
        ({"fi": "Tämä on {line}."}, "faulty"),
        ({"fi": "Häiriö " * 30 + "."}, "faulty"),
        ({"sv": "Ring du hellre i morgon."}, "faulty"),
        ({"sv": FI}, "same_words"),
        ({"line": 999_999}, "no_such_line"),
    ],
)
def test_what_is_wrong_with_it_keeps_it_off(
    parts: Parts, program: Program, wrong: dict[str, object], code: str
) -> None:
    answer = program("POST", "/bulletins", **{"fi": FI, "sv": SV, "ends_at": ends(parts), **wrong})
    assert why(answer)[1] == code
    assert told(program("GET", "/bulletins"))["on"] == []


@pytest.mark.parametrize(("hours", "code"), [(-1, "not_ahead"), (0, "not_ahead"), (24 * 14 + 1, "too_long_on")])
def test_it_ends_ahead_and_within_two_weeks(parts: Parts, program: Program, hours: float, code: str) -> None:
    assert why(program("POST", "/bulletins", fi=FI, sv=SV, ends_at=ends(parts, hours))) == (409, code)


def test_another_networks_line_and_bulletin_are_not_there(parts: Parts, program: Program) -> None:
    with parts.sessions.begin() as session:
        other = Network(name="Muu", created_at=parts.clock.now())
        session.add(other)
        session.flush()
        line = Line(network_id=other.id, e164="+358942450999", name="Muu linja", first_language="fi")
        session.add(line)
        session.flush()
        theirs = line.id
        values = {"network": other.id, "now": parts.clock.now(), "ends": parts.clock.now() + timedelta(hours=3)}
        added = text(
            "INSERT INTO bulletin (network_id, text_fi, text_sv, begins_at, ends_at, put_on_by) "
            "VALUES (:network, 'Moi.', 'Hej.', :now, :ends, 'x') RETURNING id"
        )
        foreign = session.scalars(added, values).one()
    assert why(program("POST", "/bulletins", fi=FI, sv=SV, line=theirs, ends_at=ends(parts))) == (409, "no_such_line")
    assert why(program("DELETE", f"/bulletins/{foreign}")) == (404, "not_found")
    assert told(program("GET", "/bulletins"))["on"] == []


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.YHDYSHENKILO, Role.TIETOSUOJAVASTAAVA])
def test_who_does_not_keep_the_lines_words_may_not(
    parts: Parts, client: FlaskClient, demo: DemoData, role: Role
) -> None:
    assert demo
    program = Program(client, token_of(parts, role))
    assert program("GET", "/bulletins").status_code == 403
    assert program("POST", "/bulletins", fi=FI, sv=SV, ends_at=ends(parts)).status_code == 403


def test_who_keeps_one_organisations_words_may_not_speak_for_all(parts: Parts, program: Program) -> None:
    with parts.sessions.begin() as session:
        person = session.scalars(select(Person).order_by(Person.id)).first()
        assert person is not None
        network = session.get_one(Network, person.network_id)
        network.role_rights = {"koordinaattori": {"edit_prompts": "organisation"}}
        person.role = Role.KOORDINAATTORI
        token = issue_token(session, person.network_id, Role.KOORDINAATTORI, person_id=person.id, now=parts.clock.now())
    theirs = Program(program.client, token)
    assert theirs("GET", "/bulletins").status_code == 200
    assert why(theirs("POST", "/bulletins", fi=FI, sv=SV, ends_at=ends(parts))) == (403, "not_yours")


def test_its_end_is_moved_and_what_is_over_stays_over(parts: Parts, program: Program) -> None:
    made = told(program("POST", "/bulletins", fi=FI, sv=SV, ends_at=ends(parts)))["id"]
    assert program("PATCH", f"/bulletins/{made}", ends_at=ends(parts, 6)).status_code == 204
    (on,) = told(program("GET", "/bulletins"))["on"]
    assert on["ends_at"].startswith((parts.clock.now() + timedelta(hours=6)).isoformat()[:16])
    assert why(program("PATCH", f"/bulletins/{made}", ends_at=ends(parts, -1))) == (409, "not_ahead")
    assert why(program("PATCH", f"/bulletins/{made}", ends_at=ends(parts, 24 * 15))) == (409, "too_long_on")
    assert why(program("PATCH", "/bulletins/999999", ends_at=ends(parts))) == (404, "not_found")
    program("DELETE", f"/bulletins/{made}")
    assert why(program("PATCH", f"/bulletins/{made}", ends_at=ends(parts, 6))) == (409, "over")
