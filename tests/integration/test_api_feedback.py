"""Whether a network asks its callers if they were helped, as programs keep it."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told
from tickets.network import Network
from tickets.tokens import issue_token
from tickets.vocabulary import Role


def program(client: FlaskClient, parts: Parts, now: datetime, role: Role) -> Program:
    with parts.sessions.begin() as session:
        return Program(client, issue_token(session, session.scalars(select(Network.id)).one(), role, now=now))


def test_the_main_user_lets_the_network_ask_or_not(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    main_user = program(client, parts, now, Role.PAAKAYTTAJA)
    assert told(main_user("GET", "/settings/feedback")) == {"asks": True}
    assert told(main_user("PATCH", "/settings/feedback", asks=False)) == {"asks": False}
    assert told(program(client, parts, now, Role.KOORDINAATTORI)("GET", "/settings/feedback")) == {"asks": False}


@pytest.mark.parametrize("role", [Role.KOORDINAATTORI, Role.NEUVOJA, Role.OPASTAJA])
def test_who_keeps_no_settings_changes_nothing(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, role: Role
) -> None:
    assert program(client, parts, now, role)("PATCH", "/settings/feedback", asks=False).status_code == 403
    with parts.sessions() as session:
        assert session.scalars(select(Network.asks_feedback)).all() == [True]
