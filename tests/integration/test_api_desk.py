"""The desk by API: matters logged, solved, booked, left waiting, handed on; and what a number has open."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tickets.network import Network
from tickets.people import Person
from tickets.tokens import issue_token
from tickets.vocabulary import Role

NUMBER, SAME = "040 123 4567", "+358401234567"
MATTER = {"language": "fi", "number": NUMBER, "topic": "PUHELIN", "municipality": "853", "text": "Näyttö on musta."}


@dataclass
class Desk:
    """Somebody at the desk of the demo's first organisation."""

    parts: Parts
    program: Program

    def log(self, key: str, then: str, **changes: object) -> Any:
        return told(self.program("POST", "/desk/matters", **{**MATTER, "key": key, "then": then, **changes}))

    def refuses(self, key: str, then: str, **changes: object) -> tuple[int, str]:
        return why(self.program("POST", "/desk/matters", **{**MATTER, "key": key, "then": then, **changes}))

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def events(self, code: str) -> list[Any]:
        sql = "SELECT kind FROM ticket_event e JOIN ticket t ON t.id = e.ticket_id WHERE t.code = :code ORDER BY e.id"
        return [kind for (kind,) in self.rows(sql, code=code)]


def desk_of(parts: Parts, client: FlaskClient, now: datetime, organisation: int | None) -> Desk:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        person = Person(
            network_id=network, organisation_id=organisation, role=Role.NEUVOJA, name_sealed="x", created_at=now
        )
        session.add(person)
        session.flush()
        return Desk(parts, Program(client, issue_token(session, network, Role.NEUVOJA, now=now, person_id=person.id)))


@pytest.fixture
def desk(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Desk:
    """The desk of Turku."""
    return desk_of(parts, client, now, 1)


def test_a_matter_that_is_solved_while_on_the_phone_is_closed_with_all_that_is_known(desk: Desk) -> None:
    logged = desk.log(
        "a", "solved", ending={"minutes": 7, "did_themselves": "yes"}, device="android", topics=["PUHELIN", "SOVELLUS"],
        access_needs=["hearing"], on_behalf=True, heard_of_us="library", training_need=True, name="Maija",
    )  # fmt: skip
    assert logged["status"] == "closed"
    ((channel, outcome, minutes, themselves, device, topics, needs, training, sealed),) = desk.rows(
        "SELECT channel, outcome, minutes, did_themselves, device, topics, access_needs, training_need, name_sealed FROM ticket "
        "WHERE code = :code", code=logged["ticket"],
    )  # fmt: skip
    assert (channel, outcome, minutes, themselves) == ("neuvoja", "RATKAISTU_HETI", 7, "yes")
    assert (device, topics, needs, training) == ("android", ["PUHELIN", "SOVELLUS"], ["hearing"], True)
    assert "Maija" not in sealed
    assert desk.events(logged["ticket"]) == ["opened", "refined", "closed"]


def test_another_outcome_may_end_it_too_but_one_must(desk: Desk) -> None:
    assert desk.log("a", "solved", ending={"outcome": "EI_DIGITUKEA"})["status"] == "closed"
    assert desk.refuses("b", "solved") == (409, "no_outcome")
    assert len(desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'")) == 1


def test_a_time_is_promised_while_on_the_phone_and_its_code_is_told(desk: Desk) -> None:
    logged = desk.log("a", "time")
    assert len(logged["times"]) == 3
    path = f"/desk/matters/{logged['ticket']}"
    later = told(desk.program("GET", f"{path}/times?after={logged['times'][0].replace('+', '%2B')}"))
    assert later["times"][:2] == logged["times"][1:]
    promise = told(desk.program("POST", f"{path}/time", starts_at=logged["times"][1]))
    assert promise["starts_at"] == logged["times"][1]
    assert len(promise["code"]) == 4
    assert told(desk.program("POST", f"{path}/time", starts_at=logged["times"][1])) == promise
    assert why(desk.program("POST", f"{path}/time", starts_at=logged["times"][2])) == (409, "has_a_time")
    assert desk.rows("SELECT state FROM job WHERE kind = 'first_time'") == [("cancelled",)]


def test_a_time_that_went_to_somebody_else_meanwhile_is_never_said_to_be_promised(desk: Desk) -> None:
    logged = desk.log("a", "time")
    gone = "2026-11-24T03:00:00Z"
    assert why(desk.program("POST", f"/desk/matters/{logged['ticket']}/time", starts_at=gone)) == (409, "time_gone")
    assert desk.rows("SELECT state FROM job WHERE kind = 'first_time'") == [("waiting",)]


def test_who_waits_is_told_how_many_are_before_them(desk: Desk) -> None:
    assert desk.log("a", "waits")["status"] == "open"
    other = desk.log("b", "time", number="040 765 4321")
    standing = told(desk.program("POST", f"/desk/matters/{other['ticket']}/waiting"))
    assert standing == {"before": 1}
    assert desk.rows("SELECT state FROM job WHERE kind = 'first_time'") == [("cancelled",)]


def test_a_matter_is_handed_to_the_coordinator_with_a_deadline(desk: Desk) -> None:
    logged = desk.log("a", "coordinator", number=None)
    assert logged["status"] == "with_coordinator"
    assert desk.rows("SELECT deadline IS NOT NULL FROM ticket WHERE code = :c", c=logged["ticket"]) == [(True,)]


@pytest.mark.parametrize("then", ["time", "waits"])
def test_whoever_has_no_number_can_be_helped_but_not_rung(desk: Desk, then: str) -> None:
    assert desk.refuses("a", then, number=None) == (409, "no_number")
    assert desk.log("b", "solved", number=None, ending={})["status"] == "closed"


def test_a_matter_that_is_sent_twice_is_one_ticket(desk: Desk) -> None:
    assert desk.log("a", "solved", ending={}) == desk.log("a", "solved", ending={})
    assert len(desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'")) == 1


def test_whoever_is_refused_at_the_desk_is_told_what_is_missing_and_what_to_do(desk: Desk) -> None:
    answer = desk.program("POST", "/desk/matters", **{**MATTER, "number": None, "key": "a", "then": "time"})
    assert answer.json is not None
    assert (answer.status_code, answer.json["code"]) == (409, "no_number")
    assert answer.json["detail"].startswith("number: nobody can be rung without one")


def test_whoever_may_not_is_told_which_right_it_takes_and_whoever_has_no_token_how_to_send_one(desk: Desk) -> None:
    denied, unknown = desk.program("GET", "/retention"), Program(desk.program.client, "none")("GET", "/retention")
    assert denied.json is not None
    assert unknown.json is not None
    assert (denied.status_code, "set_retention" in denied.json["detail"]) == (403, True)
    assert (unknown.status_code, "Bearer" in unknown.json["detail"]) == (401, True)


def test_several_matters_of_one_person_stay_several_tickets(desk: Desk) -> None:
    first = desk.log("a", "coordinator")["ticket"]
    second = desk.log("b", "coordinator", number=None, same_person_as=first)["ticket"]
    assert first != second
    indexes = desk.rows("SELECT DISTINCT caller_index FROM ticket WHERE channel = 'neuvoja'")
    assert len(indexes) == 1
    found = told(desk.program("POST", "/desk/numbers", number=NUMBER))
    assert [matter["ticket"] for matter in found["matters"]] == [second, first]


def test_what_a_number_has_open_and_when_it_will_be_rung_is_seen_before_it_is_logged_again(desk: Desk) -> None:
    assert told(desk.program("POST", "/desk/numbers", number=NUMBER)) == {"matters": [], "elsewhere": 0}
    logged = desk.log("a", "time")
    desk.log("b", "solved", ending={})
    told(desk.program("POST", f"/desk/matters/{logged['ticket']}/time", starts_at=logged["times"][0]))
    found = told(desk.program("POST", "/desk/numbers", number=NUMBER))
    assert [(matter["ticket"], matter["starts_at"]) for matter in found["matters"]] == [
        (logged["ticket"], logged["times"][0])
    ]
    assert "code" not in found["matters"][0]
    assert ("search",) in desk.rows("SELECT seen FROM view_log")


def test_what_another_organisation_has_is_counted_and_neither_shown_nor_touched(
    desk: Desk, parts: Parts, client: FlaskClient, now: datetime
) -> None:
    other = desk_of(parts, client, now, 2)
    logged = other.log("a", "time", municipality="445")
    assert told(desk.program("POST", "/desk/numbers", number=NUMBER)) == {"matters": [], "elsewhere": 1}
    path = f"/desk/matters/{logged['ticket']}"
    assert why(desk.program("GET", f"{path}/times")) == (404, "no_such_ticket")
    assert why(desk.program("POST", f"{path}/time", starts_at=logged["times"][0])) == (404, "no_such_ticket")
    assert why(desk.program("POST", f"{path}/waiting")) == (404, "no_such_ticket")
    assert desk.refuses("b", "coordinator", number=None, same_person_as=logged["ticket"]) == (404, "no_such_ticket")


def test_whoever_logs_a_matter_of_another_municipality_still_sees_it(desk: Desk) -> None:
    logged = desk.log("a", "time", municipality="445")
    assert told(desk.program("GET", f"/desk/matters/{logged['ticket']}/times"))["times"]


@pytest.mark.parametrize("typed", ["853", "Turku", "åbo", "20100"])
def test_a_municipality_is_named_as_people_name_it(desk: Desk, typed: str) -> None:
    desk.log("a", "coordinator", municipality=typed)
    assert desk.rows("SELECT municipality FROM ticket WHERE channel = 'neuvoja'") == [("853",)]


def test_turvakielto_is_kept_from_the_first_moment_and_for_every_matter_of_that_person(desk: Desk) -> None:
    first = desk.log("a", "coordinator", non_disclosure=True)["ticket"]
    desk.log("b", "coordinator", number=None, same_person_as=first)
    assert desk.rows("SELECT DISTINCT non_disclosure FROM ticket WHERE channel = 'neuvoja'") == [(True,)]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("number", "112"), ("number", "0600 12345"), ("number", "+46701234567"), ("email", "maija"), ("municipality", "999"),
        ("topic", "RAHA"), ("then", "later"), ("text", "x" * 5001), ("key", ""), ("ending", {"minutes": -1}), ("age", 80),
    ],
)  # fmt: skip
def test_what_is_wrong_is_named_and_nothing_is_kept(desk: Desk, field: str, value: object) -> None:
    answer = desk.program("POST", "/desk/matters", **{**MATTER, "key": "a", "then": "time", field: value})
    assert answer.status_code == 400
    assert answer.json is not None
    assert field in answer.json["detail"]
    assert desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'") == []


@pytest.mark.parametrize(("field", "code"), [("e_service", "no_such_e_service"), ("line", "no_line")])
def test_what_the_network_does_not_have_is_refused_and_nothing_is_kept(desk: Desk, field: str, code: str) -> None:
    assert desk.refuses("a", "coordinator", **{field: "NOWHERE"}) == (409, code)
    assert desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'") == []


def test_nothing_that_was_said_at_the_desk_lies_open_in_the_database(desk: Desk) -> None:
    desk.log("a", "time", name="Maija Salainen", email="maija@example.fi", text="Yksityistä")
    tables = [name for (name,) in desk.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")]
    everything = "".join(str(desk.rows(f"SELECT t::text FROM {name} t")) for name in tables)
    for word in ("Salainen", "maija@", "Yksityistä", SAME, "401234567"):
        assert word not in everything


def test_two_presses_of_one_button_at_once_are_one_matter_solved_once(desk: Desk) -> None:
    def press(_: int) -> tuple[int, str]:
        program = Program(desk.program.client.application.test_client(), desk.program.token)
        answer = program("POST", "/desk/matters", **{**MATTER, "key": "a", "then": "solved", "ending": {}})
        return answer.status_code, answer.text

    for _ in range(3):
        with ThreadPoolExecutor(4) as hands:
            answers = set(hands.map(press, range(4)))
        assert [status for status, _ in answers] == [200]
    assert desk.rows("SELECT count(*) FROM ticket WHERE channel = 'neuvoja'") == [(1,)]
