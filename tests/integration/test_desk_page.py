"""The desk's pages, as whoever sits there uses them: no script, one form, nothing typed twice."""

import re
from datetime import datetime
from typing import Any

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.forms import hidden
from tickets.network import Network
from tickets.people import Person
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import Role

TOLD = {
    "language": "fi",
    "number": "040 123 4567",
    "name": "Maija Meikäläinen",
    "municipality": "Åbo",
    "topic": "PUHELIN",
    "text": "Näyttö on musta.",
}


class Desk:
    """Somebody of the first organisation's desk, signed in."""

    def __init__(self, client: FlaskClient, parts: Parts, now: datetime, organisation: int = 1) -> None:
        self.client, self.parts = client, parts
        with parts.sessions.begin() as session:
            network = session.scalars(select(Network.id)).one()
            person = Person(
                network_id=network,
                organisation_id=organisation,
                role=Role.NEUVOJA,
                name_sealed=cipher_of(session).seal("Aino Neuvoja"),
                created_at=now,
            )
            session.add(person)
            session.flush()
            token = issue_token(session, network, Role.NEUVOJA, now=now, person_id=person.id)
        self.csrf = hidden(client.get("/sign-in"), "csrf")
        client.post("/sign-in", data={"csrf": self.csrf, "token": token})
        self.csrf = hidden(client.get("/admin/desk?lang=fi"), "csrf")

    def sends(self, path: str = "/admin/desk", **typed: str) -> TestResponse:
        return self.client.post(path, data={"csrf": self.csrf, **typed})

    def logs(self, then: str, **changes: str) -> TestResponse:
        blank = self.client.get("/admin/desk?lang=fi")
        return self.sends(**{"key": hidden(blank, "key"), **TOLD, "then": then, **changes})

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement))]


@pytest.fixture
def desk(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> Desk:
    """The desk of Turku."""
    return Desk(client, parts, now)


def test_a_matter_is_solved_while_its_person_is_on_the_phone(desk: Desk) -> None:
    answer = desk.logs("solved", minutes="5", did_themselves="yes", device="android", need_hearing="1")
    assert answer.status_code == 303
    page = desk.client.get(answer.location)
    assert "suljettu" in page.text
    (row,) = desk.rows(
        "SELECT channel, outcome, minutes, did_themselves, device, access_needs, municipality FROM ticket WHERE channel = 'neuvoja'"
    )
    assert row == ("neuvoja", "RATKAISTU_HETI", 5, "yes", "android", ["hearing"], "853")
    assert "Maija" not in page.text
    assert "040" not in page.text


def test_a_time_is_booked_and_its_code_is_told_this_once(desk: Desk) -> None:
    times = desk.client.get(desk.logs("time").location)
    path = re.search(r'action="(/admin/desk/[^"]+/time)"', times.text)
    assert path is not None
    booked = desk.sends(path[1], starts_at=hidden(times, "starts_at"))
    assert booked.status_code == 303
    page = desk.client.get(booked.location)
    code = re.search(r'<dd class="time">(\d{4})</dd>', page.text)
    assert code is not None
    assert desk.rows("SELECT state FROM callback WHERE ticket_id = (SELECT max(id) FROM ticket)") == [("promised",)]
    assert code[1] not in desk.client.get(booked.location.partition("?")[0]).text


def test_whom_no_time_suits_waits(desk: Desk) -> None:
    path = desk.logs("time").location.removesuffix("/time")
    answer = desk.sends(f"{path}/waiting")
    assert "jonottaa 0" in desk.client.get(answer.location).text


def test_a_matter_goes_to_the_coordinator(desk: Desk) -> None:
    page = desk.client.get(desk.logs("coordinator", number="").location)
    assert "klo" in page.text
    assert desk.rows("SELECT status FROM ticket WHERE channel = 'neuvoja'") == [("with_coordinator",)]


def test_another_matter_of_the_same_person_needs_no_typing_and_shows_nobody(desk: Desk) -> None:
    first = desk.logs("coordinator").location.rpartition("/")[2]
    form = desk.client.get(f"/admin/desk?same={first}")
    assert "Maija" not in form.text
    assert 'name="number"' not in form.text
    second = desk.sends(key=hidden(form, "key"), same=first, language="fi", then="time", topic="TIETOKONE")
    assert second.status_code == 303
    assert len(desk.rows("SELECT DISTINCT caller_index FROM ticket WHERE channel = 'neuvoja'")) == 1
    assert len(desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'")) == 2


def test_what_a_number_has_open_is_shown_and_what_was_typed_stays(desk: Desk) -> None:
    code = desk.logs("coordinator").location.rpartition("/")[2]
    page = desk.sends(key="k", look="1", **{**TOLD, "text": "Toinen asia"})
    assert code in page.text
    assert "Toinen asia" in page.text
    assert "Maija Meikäläinen" in page.text
    assert len(desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'")) == 1


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"then": ""}, "Valitse, mitä asialle nyt tehdään."),
        ({"number": ""}, "Soittamiseen tarvitaan puhelinnumero."),
        ({"municipality": "Nowhere"}, "Tätä kuntaa tai postinumeroa ei ole."),
        ({"minutes": "kaksi"}, "Kirjoita minuutit numeroin"),
        ({"minutes": "9999"}, "Kirjoita minuutit numeroin"),
        ({"minutes": "9" * 5000}, "Kirjoita minuutit numeroin"),
        ({"e_service": "NOWHERE"}, "ei ole luettelossa"),
        ({"same": "DL-XXXXX"}, "Tätä pyyntöä ei löydy."),
    ],
)
def test_what_is_wrong_is_said_in_words_and_what_was_typed_stays(
    desk: Desk, changes: dict[str, str], told: str
) -> None:
    page = desk.logs(**{"then": "time", **changes})
    assert page.status_code == 422
    assert told in page.text
    assert "Näyttö on musta." in page.text
    assert "same" in changes or "Maija Meikäläinen" in page.text
    assert desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'") == []


def test_a_form_that_is_sent_twice_is_one_ticket(desk: Desk) -> None:
    key = hidden(desk.client.get("/admin/desk"), "key")
    answers = [desk.sends(key=key, then="coordinator", **TOLD).location for _ in range(2)]
    assert answers[0] == answers[1]


def test_a_time_that_somebody_else_has_got_is_not_promised(desk: Desk) -> None:
    location = desk.logs("time").location
    page = desk.sends(location, starts_at="2026-11-24T03:00:00+00:00")
    assert page.status_code == 409
    assert "Joku ehti varata ajan" in page.text
    assert 'name="starts_at"' in page.text


def test_a_form_of_somebody_elses_making_changes_nothing(desk: Desk) -> None:
    assert desk.client.post("/admin/desk", data={"key": "k", "then": "coordinator", **TOLD}).status_code == 400
    assert desk.rows("SELECT FROM ticket WHERE channel = 'neuvoja'") == []


def test_the_desk_of_another_organisation_finds_neither_the_ticket_nor_its_person(
    desk: Desk, parts: Parts, now: datetime
) -> None:
    code = desk.logs("time").location.split("/")[3]
    other = Desk(desk.client.application.test_client(), parts, now, organisation=2)
    assert other.client.get(f"/admin/desk/{code}").status_code == 404
    assert other.client.get(f"/admin/desk/{code}/time").status_code == 404
    assert other.logs("coordinator", same=code).status_code == 422


@pytest.mark.parametrize(
    ("language", "title"), [("fi", "Kirjaa asia"), ("sv", "Anteckna ett ärende"), ("en", "Log a matter")]
)
def test_the_form_speaks_three_languages(desk: Desk, language: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in desk.client.get(f"/admin/desk?lang={language}").text


def test_the_page_asks_about_the_caller_and_never_as_if_it_were_their_own(client: FlaskClient, desk: Desk) -> None:
    asked = {"fi": "Mitä asia koskee?", "sv": "Vad gäller ärendet?", "en": "What is the matter about?"}
    for language, words in asked.items():
        page = client.get(f"/admin/desk?lang={language}").text
        assert words in page
        assert not any(own in page for own in ("asiasi", "Jätän", "ditt ärende", "Jag lämnar", "I leave"))
