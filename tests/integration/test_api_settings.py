"""The network's settings by API: read, written anew as a whole, by whoever keeps them."""

from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tests.integration.test_api_bulletins import token_of
from tickets.vocabulary import Role

HOURS = {"opens": "11:00:00", "closes": "19:30:00", "notice_minutes": 45, "working_days": 15}


@pytest.fixture
def program(parts: Parts, client: FlaskClient, demo: DemoData) -> Program:
    assert demo.helpers
    return Program(client, token_of(parts, Role.PAAKAYTTAJA))


def test_they_are_read_and_written_anew(parts: Parts, program: Program) -> None:
    before: dict[str, Any] = told(program("GET", "/settings"))
    assert before["hours"] == {"opens": "09:00:00", "closes": "15:00:00", "notice_minutes": 30, "working_days": 10}
    wanted = {"call_minutes": {"TUNNIST": 90}, "swedish_release_hours": 48, "asks_feedback": False}
    after = told(program("PUT", "/settings", **{**before, **wanted, "hours": HOURS, "alert_phone": "050 555 0777"}))
    assert after == told(program("GET", "/settings"))
    assert after["hours"] == HOURS
    assert {name: after[name] for name in wanted} == wanted
    assert after["alert_phone"] == "+358505550777"
    assert after["seal"] != before["seal"]
    with parts.sessions() as session:
        newest = "SELECT details->'fields' FROM people_change WHERE kind = 'settings_changed' ORDER BY id"
        fields = session.scalars(text(newest)).all()
    assert fields == [
        ["opens", "closes", "notice_minutes", "working_days"],
        ["call_minutes", "swedish_release_hours", "asks_feedback", "alert_phone"],
    ]


def test_of_two_who_write_them_the_second_learns_of_the_first(program: Program) -> None:
    before = told(program("GET", "/settings"))
    told(program("PUT", "/settings", **{**before, "hours": HOURS}))
    assert why(program("PUT", "/settings", **{**before, "asks_feedback": False})) == (409, "changed_meanwhile")
    assert told(program("GET", "/settings"))["hours"] == HOURS


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"hours": {**HOURS, "opens": "11:05"}}, "off_quarter"),
        ({"hours": {**HOURS, "closes": "11:30"}}, "too_short"),
        ({"hours": {**HOURS, "closes": "09:00"}}, "too_short"),
        ({"call_minutes": {"TUNNIST": 17}}, "bad_length"),
        ({"alert_phone": "12"}, "bad_phone"),
    ],
)
def test_what_is_wrong_with_any_keeps_all_as_they_were(program: Program, wrong: dict[str, object], code: str) -> None:
    before = told(program("GET", "/settings"))
    answer = program("PUT", "/settings", **{**before, "asks_feedback": False, "hours": HOURS, **wrong})
    assert why(answer) == (400, code)
    assert told(program("GET", "/settings")) == before


@pytest.mark.parametrize(
    "wrong",
    [
        {"hours": {**HOURS, "notice_minutes": 5}},
        {"hours": {**HOURS, "working_days": 0}},
        {"hours": {**HOURS, "opens": "yhdeksän"}},
        {"hours": {**HOURS, "opens": "09:00:00+02:00"}},
        {"call_minutes": {"KEITTIO": 30}},
        {"swedish_release_hours": 1081},
        {"opens": "09:00"},
    ],
)
def test_what_makes_no_sense_is_refused(program: Program, wrong: dict[str, object]) -> None:
    before = told(program("GET", "/settings"))
    assert program("PUT", "/settings", **{**before, **wrong}).status_code in (400, 422)
    assert told(program("GET", "/settings")) == before


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.JASEN])
def test_only_whoever_keeps_them_reads_and_writes_them(program: Program, parts: Parts, role: Role) -> None:
    other = Program(program.client, token_of(parts, role))
    assert other("GET", "/settings").status_code == 403
    before = told(program("GET", "/settings"))
    assert other("PUT", "/settings", **{**before, "hours": HOURS}).status_code == 403
    assert told(program("GET", "/settings")) == before
