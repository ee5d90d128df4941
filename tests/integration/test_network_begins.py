"""A network begins in a database that knows nobody: with one command, and the rest on its pages."""

import re
from dataclasses import replace
from datetime import datetime
from html import unescape

import pytest
from flask import Flask, url_for
from sqlalchemy import select, text

from admin.navigation import ENTRIES
from admin.parts import PARTS, Parts
from admin.settings import Settings
from scheduler.people.beginning import NotBegun, begin_network
from scheduler.people.persons import Identity
from scheduler.people.reach import PeopleRefusal
from tests.integration.signed_in_people import signed_in
from tests.integration.test_cli import Command, digilinja, line_of
from tests.integration.test_line_pages import TYPED, heard_of
from tests.integration.way_in import MAIL, Clock, WayIn
from tickets.network import Network
from tickets.people import Person
from tickets.rights import DEFAULT
from tickets.tokens import issue_token
from tickets.vocabulary import Role

__all__ = ["digilinja"]
NAME, ALMA, KAISA = "Rannikon digituki", "alma@example.fi", "kaisa@example.fi"
OPEN = ("network", "open", NAME, "--administrator", "Alma Alku", "--email", ALMA)
COORDINATOR = ("--coordinator", "Kaisa Koordinaattori", "--coordinator-email", KAISA)
SATURDAYS = {
    "weekdays": ["SA"], "every": "1", "first_day": "2026-11-28", "until": "", "begins": "09:00", "ends": "12:00",
    "needed": "1", "most": "1", "call": "60",
}  # fmt: skip


@pytest.fixture
def settings(environment: dict[str, str]) -> Settings:
    """A process that sends mail."""
    return Settings.read({**environment, **MAIL})


def fetch(parts: Parts, query: str) -> list[tuple[object, ...]]:
    with parts.sessions() as session:
        return [tuple(row) for row in session.execute(text(query))]


def does(way: WayIn, path: str, **typed: object) -> str:
    """Send a form that is taken, and read the page after it."""
    answer = way.sends(path, **typed)  # type: ignore[arg-type]
    wrong = re.findall(r'class="mistake"[^>]*>([^<]*)<', unescape(answer.text))
    assert answer.status_code == 303, (path, answer.status_code, wrong)
    page = way.shows(answer.location)
    assert page.status_code == 200
    return unescape(page.text)


def test_a_network_begins_with_one_command_and_the_rest_by_page(
    digilinja: Command, app: Flask, parts: Parts, now: datetime
) -> None:
    assert app.test_client().get("/").status_code == 200
    told = digilinja(*OPEN, *COORDINATOR, **MAIL)
    assert told.exit_code == 0, told.output
    assert "/sign-in" in told.stdout
    clock = Clock(now)
    app.extensions[PARTS] = replace(parts, clock=clock)
    alma = WayIn.of(app, parts, clock)
    alma.comes_in(ALMA)
    assert alma.is_in
    does(alma, "/admin/organisations/new", name="Rannikon kunta", **{"serves-529": "own"})
    ((organisation,),) = fetch(parts, "SELECT id FROM organisation")
    new = {"name": "Hilla Auttaja", "rings": "yes", "phone": "050 555 0999", "kind": "volunteer", "languages": ["fi"]}
    does(alma, "/admin/people/new", organisation=organisation, **new)
    heard = heard_of(alma.sends("/admin/lines/new", **TYPED).text)
    assert "Naantalin digituki" in does(alma, "/admin/lines/new", **TYPED, **heard)
    kaisa = WayIn.of(app, parts, clock)
    kaisa.comes_in(KAISA)
    does(kaisa, "/admin/people/new", name="Toinen Koordinaattori", rings="no", role="koordinaattori", email="t@e.fi")
    publishes_a_week(kaisa, parts)
    assert app.test_client().get("/").status_code == 200
    helper = WayIn.of(app, parts, clock)
    helper.comes_in("050 555 0999")
    assert helper.post.texts
    assert helper.shows("/helper/").status_code == 200


def test_every_entry_of_every_menu_opens_in_a_network_that_has_just_begun(
    digilinja: Command, app: Flask, parts: Parts, now: datetime
) -> None:
    assert digilinja(*OPEN, *COORDINATOR).exit_code == 0
    walked = set()
    for role in Role:
        with parts.sessions.begin() as session:
            network = session.scalars(select(Network.id)).one()
            person = session.scalar(select(Person.id).where(Person.role == role))
            token = issue_token(session, network, role, now=now, person_id=person)
        browser = signed_in(app, parts, token)
        for entry in ENTRIES:
            if not entry.rings and DEFAULT[role].keys() & set(entry.rights):
                with app.test_request_context():
                    path = url_for(entry.endpoint)
                assert browser.get(path).status_code == 200, (role, path)
                walked.add(entry)
    assert walked == {entry for entry in ENTRIES if not entry.rings}


@pytest.mark.parametrize(("role", "opens"), [(Role.PAAKAYTTAJA, True), (Role.KOORDINAATTORI, False)])
def test_whoever_asks_what_is_said_where_no_line_is_open_is_told_so(
    digilinja: Command, app: Flask, parts: Parts, now: datetime, role: Role, opens: bool
) -> None:
    assert digilinja(*OPEN, *COORDINATOR).exit_code == 0
    with parts.sessions.begin() as session:
        key = issue_token(session, session.scalars(select(Network.id)).one(), role, now=now)
    browser = signed_in(app, parts, key)
    page = browser.get("/admin/prompts?lang=fi").text
    assert "Yhtään linjaa ei ole vielä avattu." in page
    assert ('class="button" href="/admin/lines/new"' in page) is opens
    assert browser.get("/admin/prompts?line=1").status_code == 404


def publishes_a_week(kaisa: WayIn, parts: Parts) -> None:
    """A coordinator makes a template, gives a helper its place, and publishes the Saturdays to come."""
    does(kaisa, "/admin/rota/templates", name="Lauantait")
    ((template,),) = fetch(parts, "SELECT id FROM template")
    ((helper,),) = fetch(parts, "SELECT id FROM helper")
    does(kaisa, f"/admin/rota/templates/{template}/shifts", **SATURDAYS, helpers=[helper])
    days = {"template": template, "first": "2026-11-28", "last": "2026-12-05"}
    assert "Viikot on julkaistu." in does(kaisa, "/admin/rota/weeks/new", **days)
    assert fetch(parts, "SELECT count(*) FROM place WHERE state = 'held'") == [(2,)]


def test_whoever_begins_a_network_is_told_what_comes_next(digilinja: Command, parts: Parts) -> None:
    told = digilinja(*OPEN).stdout
    ((number,),) = fetch(parts, "SELECT id FROM person")
    assert f"`digilinja token --network 'Rannikon digituki' --person {number}`" in told
    assert "DIGILINJA_SMTP_URL" in told
    assert "--role koordinaattori" in told
    assert "--role tietosuojavastaava" in told
    opened = digilinja("token", "--network", NAME, "--person", str(number))
    assert opened.exit_code == 0
    assert digilinja("network", "show").exit_code == 0


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("network", "open", " ", *OPEN[3:]), "A network needs a name"),
        ((*OPEN[:4], " ", *OPEN[5:]), "--administrator: give a first name"),
        ((*OPEN[:6], "alma"), "--administrator: That is no address of e-mail"),
        ((*OPEN, "--phone", "12"), "--administrator: That is no phone number in use: write it as +358401234567"),
        ((*OPEN, *COORDINATOR[:3], ALMA), "--coordinator: The first administrator has it already"),
        ((*OPEN, *COORDINATOR[:2]), "both --coordinator and --coordinator-email"),
    ],
)
def test_what_is_wrong_is_told_and_no_network_begins(
    digilinja: Command, parts: Parts, words: tuple[str, ...], told: str
) -> None:
    assert told in line_of(digilinja(*words))
    assert fetch(parts, "SELECT (SELECT count(*) FROM network) + (SELECT count(*) FROM person)") == [(0,)]


def test_a_network_whose_first_people_cannot_be_taken_in_leaves_nothing_behind(parts: Parts, now: datetime) -> None:
    alma = Identity("Alma Alku", ALMA)
    with parts.sessions.begin() as session:
        begun = begin_network(session, NAME, alma, Identity("Kaisa", ALMA), now=now, actor="test")
    assert begun == NotBegun(PeopleRefusal.EMAIL_TAKEN, Role.KOORDINAATTORI)
    assert fetch(parts, "SELECT (SELECT count(*) FROM network) + (SELECT count(*) FROM person)") == [(0,)]


def test_a_network_begins_once(digilinja: Command, parts: Parts) -> None:
    assert digilinja(*OPEN).exit_code == 0
    again = line_of(digilinja(*OPEN))
    assert "There is a network Rannikon digituki already" in again
    assert "digilinja people add --network 'Rannikon digituki' --role paakayttaja" in again
    assert fetch(parts, "SELECT count(*) FROM person") == [(1,)]


def test_whoever_is_asked_for_a_network_where_there_is_none_is_told_how_one_begins(digilinja: Command) -> None:
    assert "`digilinja network open`" in line_of(digilinja("network", "show"))
