"""The relay's pages: a card's button leads there, and one press takes a case."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.forms import hidden
from tests.integration.programs import told
from tests.integration.test_api_relay import Office
from tests.integration.test_pages import sign_in
from tickets.vocabulary import Role


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    return Office(parts, client, now)


def published(office: Office) -> tuple[str, str]:
    """The number of a case in the relay, and its ticket's code."""
    coordinator, code = office.person(Role.KOORDINAATTORI), office.ticket()
    number = told(coordinator("POST", f"/tickets/{code}/relay"))["relay"]["number"]
    told(coordinator("POST", f"/relays/{number}/publication"))
    return number, code


def test_whoever_follows_a_cards_button_signs_in_and_takes_the_case(office: Office, client: FlaskClient) -> None:
    number, code = published(office)
    away = client.get(f"/relay/{number}")
    assert (away.status_code, away.location) == (302, f"/sign-in?to=/relay/{number}")
    entered = sign_in(client, office.person(Role.JASEN).token, to=f"/relay/{number}")
    page = client.get(entered.location, headers={"Accept-Language": "fi"})
    assert "Otan tämän" in page.text
    assert "Kela" in page.text
    assert code not in page.text
    taken = client.post(f"/relay/{number}", data={"csrf": hidden(page, "csrf")}, headers={"Accept-Language": "fi"})
    assert taken.status_code == 200
    assert "Tämä on nyt sinun." in taken.text
    assert code in taken.text


def test_whoever_comes_too_late_reads_so_in_their_language(office: Office, client: FlaskClient) -> None:
    number, code = published(office)
    sign_in(client, office.person(Role.JASEN).token, to="/admin/relay")
    page = client.get("/admin/relay", headers={"Accept-Language": "sv"})
    assert number in page.text
    case = client.get(f"/relay/{number}", headers={"Accept-Language": "sv"})
    told(office.person(Role.JASEN)("POST", f"/relays/{number}/claim"))
    late = client.post(f"/relay/{number}", data={"csrf": hidden(case, "csrf")}, headers={"Accept-Language": "sv"})
    assert late.status_code == 409
    assert "Det här har redan tagits." in late.text
    assert code not in late.text
    assert number not in client.get("/admin/relay").text


def test_a_number_that_there_is_not_is_not_found(office: Office, client: FlaskClient) -> None:
    sign_in(client, office.person(Role.JASEN).token, to="/admin/relay")
    assert client.get("/relay/V-ZZZZZ").status_code == 404


def test_a_form_that_was_not_shown_by_us_takes_nothing(office: Office, client: FlaskClient) -> None:
    number, _ = published(office)
    sign_in(client, office.person(Role.JASEN).token, to="/admin/relay")
    assert client.post(f"/relay/{number}").status_code == 400
