"""Autofill by API: asked for, worked out by a worker, looked at, decided about."""

from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.jobs import Job
from scheduler.rota.working_out import work_out
from tests.integration.programs import Program, Rota, told, why

SPAN = {"since": "2026-11-28T00:00:00+02:00", "until": "2026-11-29T00:00:00+02:00"}


@pytest.fixture
def rota(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Rota:
    return Rota(parts, client, demo, now)


@pytest.fixture
def desk(rota: Rota) -> Program:
    return rota.coordinator()


def sought(rota: Rota, desk: Program) -> int:
    proposal = told(desk("POST", "/rota/proposals", **SPAN))["id"]
    assert told(desk("GET", f"/rota/proposals/{proposal}"))["proposal"]["state"] == "sought"
    with rota.parts.sessions() as session:
        (job,) = session.scalars(select(Job).where(Job.kind == "autofill"))
        assert job.payload == {"proposal": proposal}
    work_out(rota.parts.sessions, proposal, now=rota.now)
    return int(proposal)


def test_a_proposal_is_asked_for_changed_and_accepted(rota: Rota, desk: Program) -> None:
    with rota.parts.sessions.begin() as session:
        session.execute(text("UPDATE shift SET needed = 1 WHERE id = :id"), {"id": rota.shift})
    proposal = sought(rota, desk)
    (place,) = told(desk("GET", f"/rota/proposals/{proposal}"))["proposal"]["places"]
    other = next(helper.id for helper in rota.demo.helpers if helper.id != place["helper_id"])
    told(desk("PATCH", f"/rota/proposals/{proposal}", shift=rota.shift, helper=place["helper_id"], put_in=False))
    told(desk("PATCH", f"/rota/proposals/{proposal}", shift=rota.shift, helper=other, put_in=True))
    accepted = told(desk("POST", f"/rota/proposals/{proposal}/acceptance"))
    assert (accepted["seated"], accepted["not_seated"]) == (1, [])
    assert why(desk("POST", f"/rota/proposals/{proposal}/acceptance")) == (409, "not_open")
    assert proposal in [card["id"] for card in told(desk("GET", "/rota/proposals"))["proposals"]]


def test_a_proposal_is_dismissed(rota: Rota, desk: Program) -> None:
    proposal = sought(rota, desk)
    told(desk("DELETE", f"/rota/proposals/{proposal}"))
    assert why(desk("DELETE", f"/rota/proposals/{proposal}")) == (409, "not_open")
    assert why(desk("GET", "/rota/proposals/999999")) == (404, "not_found")


def test_a_year_is_too_long_to_fill_at_once(desk: Program) -> None:
    answer = desk("POST", "/rota/proposals", since=SPAN["since"], until="2027-11-29T00:00:00+02:00")
    assert why(answer) == (400, "not_a_span")
