"""The demo knows when the next promised call is rung, and asks the database for it seldom."""

from datetime import datetime

from flask.testing import FlaskClient
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.demo.next_call import NextCall
from admin.parts import Parts
from scheduler.promises import cancel
from scheduler.records import Callback
from scheduler.slots import Grid
from tests.integration.ticket_office import Office


def test_the_next_call_is_the_nearest_that_is_promised_and_none_where_there_is_none(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    office = Office(parts, client, now)
    assert NextCall(parts.sessions, lambda: now)() is None
    promised = sorted(office.promised(office.ticket()) for _ in range(2))
    assert NextCall(parts.sessions, lambda: now)() == promised[0]
    assert NextCall(parts.sessions, lambda: promised[-1])() is None


def test_what_was_looked_up_a_moment_ago_is_not_looked_up_again(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    office = Office(parts, client, now)
    due = office.promised(office.ticket())
    ahead = NextCall(parts.sessions, lambda: now)
    assert ahead() == due
    with parts.sessions.begin() as session:
        callback = session.scalars(select(Callback.id)).one()
        assert cancel(session, callback, now=now, grid=Grid())
    assert ahead() == due
    ahead._looked_up_at -= 2
    assert ahead() is None
