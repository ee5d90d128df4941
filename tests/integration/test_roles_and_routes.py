"""No role reads or changes what the matrix does not give it: every route is walked with a key of every role."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from admin.auth import DECISION, NEEDED
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.coordination import needs_coordinator
from scheduler.slots import Grid
from tests.integration.signed_in_people import signed_in
from tickets.intake import Matter, open_ticket
from tickets.network import Network
from tickets.rights import DEFAULT, Right
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, HelperKind, Role
from voice_prompts.language import Language

NOBODY = 999_999_999  # a number that nothing here has
KIND = {Role.OPASTAJA: HelperKind.VOLUNTEER, Role.DIGITUKIJA: HelperKind.STAFF}


@pytest.fixture
def tokens(parts: Parts, demo: DemoData, now: datetime) -> dict[Role, str]:
    """A key of somebody of each role."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        people = {person.role: person.id for person in demo.people}
        helpers = {role: next(one.id for one in demo.helpers if one.kind is kind) for role, kind in KIND.items()}
        return {
            role: issue_token(session, network, role, now=now, person_id=people.get(role), helper_id=helpers.get(role))
            for role in Role
        }


def closed(app: Flask, decision: str) -> Iterator[tuple[Rule, str, frozenset[Right]]]:
    for rule in app.url_map.iter_rules():
        view = app.view_functions[rule.endpoint]
        if getattr(view, DECISION, None) == decision:
            for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"}):
                yield rule, method, frozenset(getattr(view, NEEDED))


def path_of(app: Flask, rule: Rule, method: str) -> str:
    return app.url_map.bind("127.0.0.1").build(rule.endpoint, dict.fromkeys(rule.arguments, NOBODY), method=method)


def ask(client: FlaskClient, method: str, path: str, token: str) -> TestResponse:
    body = {} if method in ("POST", "PATCH", "PUT") else None
    return client.open(path, method=method, json=body, headers={"Authorization": f"Bearer {token}"})


def turned_away(answer: TestResponse) -> bool:
    """At the door: a refusal about one thing or another of the network has a code, and is told behind it."""
    return answer.status_code == 403 and "code" not in (answer.json or {})


def test_every_role_is_let_in_to_exactly_what_the_matrix_gives_it(
    app: Flask, client: FlaskClient, tokens: dict[Role, str]
) -> None:
    walked = 0
    for rule, method, needed in closed(app, "bearer"):
        path = path_of(app, rule, method)
        assert needed, rule.rule
        for role, token in tokens.items():
            answer = ask(client, method, path, token)
            assert answer.status_code < 500, (role, method, rule.rule, answer.text)
            assert answer.status_code != 401, (role, method, rule.rule)
            given = bool(needed & DEFAULT[role].keys())
            assert turned_away(answer) is not given, (role, method, rule.rule, answer.status_code)
            walked += 1
    assert walked >= 70 * len(Role)


def test_every_page_shows_itself_to_exactly_the_roles_of_the_matrix(
    app: Flask, parts: Parts, tokens: dict[Role, str]
) -> None:
    for role, token in tokens.items():
        client = signed_in(app, parts, token)
        for rule, method, needed in closed(app, "signed in"):
            answer = client.open(path_of(app, rule, method), method=method)
            to_the_way_in = answer.status_code == 302 and answer.location.startswith("/sign-in")
            assert to_the_way_in is not bool(needed & DEFAULT[role].keys()), (role, method, rule.rule)


def test_a_right_that_the_network_takes_away_closes_the_routes_that_needed_it(
    app: Flask, client: FlaskClient, parts: Parts, tokens: dict[Role, str]
) -> None:
    token = tokens[Role.NEUVOJA]
    for right in DEFAULT[Role.NEUVOJA]:
        with parts.sessions.begin() as session:
            session.scalars(select(Network)).one().role_rights = {"neuvoja": {right.value: None}}
        for rule, method, needed in closed(app, "bearer"):
            left = needed & (DEFAULT[Role.NEUVOJA].keys() - {right})
            if right in needed and not left:
                answer = ask(client, method, path_of(app, rule, method), token)
                assert turned_away(answer), (right, method, rule.rule)


def test_only_the_data_protection_officer_reaches_the_view_log_and_only_settings_are_the_administrators(
    app: Flask,
) -> None:
    for rule, _, needed in closed(app, "bearer"):
        who = {role for role in Role if needed & DEFAULT[role].keys()}
        if "/view-log" in rule.rule:
            assert who == {Role.TIETOSUOJAVASTAAVA}
        if "/tickets" in rule.rule:
            assert not who & {Role.ALUEKOORDINAATTORI, Role.PAAKAYTTAJA, Role.YHDYSHENKILO}, rule.rule


def test_whoever_has_left_is_let_in_nowhere(
    client: FlaskClient, parts: Parts, tokens: dict[Role, str], demo: DemoData
) -> None:
    leaver = next(person for person in demo.people if person.role is Role.NEUVOJA)
    assert ask(client, "GET", "/api/v1/me", tokens[Role.NEUVOJA]).status_code == 200
    gone = ask(client, "DELETE", f"/api/v1/people/{leaver.id}", tokens[Role.KOORDINAATTORI])
    assert gone.status_code == 200, gone.text
    assert ask(client, "GET", "/api/v1/me", tokens[Role.NEUVOJA]).status_code == 401


def test_the_days_page_shows_an_adviser_what_their_organisation_has_and_a_coordinator_all(
    app: Flask, parts: Parts, tokens: dict[Role, str], demo: DemoData, now: datetime
) -> None:
    codes = {}
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        for municipality in ("853", "445"):
            told = (network, None, Channel.FORM, Language.FI, "+358401234567", f"form:{municipality}")
            ticket = open_ticket(session, Matter(*told, municipality=municipality), now=now)
            codes[municipality] = ticket.code
            needs_coordinator(session, ticket.id, "test", now=now, grid=Grid())
    shown = {
        role: signed_in(app, parts, tokens[role]).get("/admin/").text for role in (Role.NEUVOJA, Role.KOORDINAATTORI)
    }
    assert [codes["853"] in page for page in shown.values()] == [True, True]
    assert [codes["445"] in page for page in shown.values()] == [False, True]
