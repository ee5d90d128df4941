"""What other programs are given: tickets by token, Open311 by anybody, and a description that is true."""

from datetime import datetime, timedelta
from typing import Any
from unittest.mock import Mock
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from openapi_core.contrib.werkzeug import WerkzeugOpenAPIRequest, WerkzeugOpenAPIResponse
from sqlalchemy import select

from admin.api import views
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.promises import book, offer, wish_of
from scheduler.records import Attempt, AttemptState
from scheduler.slots import Grid
from tests.integration.programs import described
from tickets.intake import Matter, open_ticket
from tickets.network import Line, Network
from tickets.ticket import Ticket
from tickets.tokens import issue_token
from tickets.vocabulary import AttemptResult, Channel, Role, TicketStatus, Topic
from voice_prompts.language import Language

PROBLEM = "application/problem+json"
CALLER = "+358505550201"
TEXT = "Naapurini Aino ei pääse sähköpostiin"


@pytest.fixture
def token(parts: Parts, demo: DemoData, now: datetime) -> str:
    with parts.sessions.begin() as session:
        return issue_token(session, session.scalars(select(Network.id)).one(), Role.KOORDINAATTORI, now=now)


def log_tickets(parts: Parts, count: int, now: datetime) -> list[str]:
    """Tickets of different callers, oldest first; their codes."""
    with parts.sessions.begin() as session:
        line = session.scalars(select(Line).order_by(Line.id)).first()
        assert line is not None
        matters = [
            Matter(
                line.network_id, line.id, Channel.PHONE, Language.FI, f"+3585055502{number:02d}", f"call:{number}",
                topic=Topic.SPOSTI, municipality="853", text=TEXT,
            )
            for number in range(count)
        ]  # fmt: skip
        return [open_ticket(session, matter, now=now + timedelta(seconds=n)).code for n, matter in enumerate(matters)]


def promise(parts: Parts, code: str, now: datetime) -> datetime:
    """Promise the ticket its first time, with one try that nobody answered."""
    with parts.sessions.begin() as session:
        ticket_id = session.scalars(select(Ticket.id).where(Ticket.code == code)).one()
        wish = wish_of(session, ticket_id)
        assert wish is not None
        start = offer(session, wish, after=None, now=now, grid=Grid())
        assert start is not None
        promised = book(session, ticket_id, None, start, now=now, grid=Grid())
        assert promised is not None
        session.add(
            Attempt(
                callback_id=promised.callback_id,
                number=1,
                helper_id=1,
                state=AttemptState.ENDED,
                result=AttemptResult.EI_VASTANNUT,
                intended_at=start,
                ended_at=start + timedelta(minutes=1),
            )
        )
        return start


def get(client: FlaskClient, token: str, query: str = "") -> Any:
    answer = client.get(f"/api/v1/tickets{query}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 200, answer.text
    return answer.json


def test_tickets_come_newest_first_a_page_at_a_time(
    client: FlaskClient, parts: Parts, token: str, now: datetime
) -> None:
    codes = log_tickets(parts, 5, now)
    first = get(client, token, "?limit=2")
    second = get(client, token, f"?limit=2&cursor={first['next']}")
    third = get(client, token, f"?limit=2&cursor={second['next']}")
    seen = [ticket["code"] for page in (first, second, third) for ticket in page["tickets"]]
    assert seen == codes[::-1]
    assert third["next"] is None


def test_a_ticket_tells_its_promise_and_its_attempts_and_nothing_of_the_caller(
    client: FlaskClient, parts: Parts, token: str, now: datetime
) -> None:
    (code,) = log_tickets(parts, 1, now)
    start = promise(parts, code, now)
    (ticket,) = get(client, token)["tickets"]
    assert ticket == {
        "code": code,
        "status": "promised",
        "language": "fi",
        "topic": "SPOSTI",
        "topics": [],
        "municipality": "853",
        "channel": "puhelin",
        "outcome": None,
        "organisation": ticket["organisation"],
        "owner": None,
        "deadline": None,
        "created_at": now.isoformat().replace("+00:00", "Z"),
        "updated_at": ticket["updated_at"],
        "callback": {"starts_at": start.isoformat().replace("+00:00", "Z"), "state": "promised"},
        "attempts": [
            {
                "number": 1,
                "began_at": start.isoformat().replace("+00:00", "Z"),
                "ended_at": (start + timedelta(minutes=1)).isoformat().replace("+00:00", "Z"),
                "result": "EI_VASTANNUT",
            }
        ],
    }


def test_tickets_can_be_asked_for_by_status(client: FlaskClient, parts: Parts, token: str, now: datetime) -> None:
    promised, _ = log_tickets(parts, 2, now)
    promise(parts, promised, now)
    assert [ticket["code"] for ticket in get(client, token, "?status=promised")["tickets"]] == [promised]


def test_tickets_of_another_network_are_not_shown(client: FlaskClient, parts: Parts, token: str, now: datetime) -> None:
    log_tickets(parts, 2, now)
    with parts.sessions.begin() as session:
        other = Network(name="Toinen", boundaries={}, created_at=now)
        session.add(other)
        session.flush()
        theirs = issue_token(session, other.id, Role.KOORDINAATTORI, now=now)
    assert get(client, theirs)["tickets"] == []


@pytest.mark.parametrize(
    "query", ["?limit=0", "?limit=x", "?limit=1000", "?status=lost", "?cursor=DL-0000", "?colour=red"]
)
def test_a_wrong_parameter_is_named(client: FlaskClient, token: str, query: str) -> None:
    answer = client.get(f"/api/v1/tickets{query}", headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code == 400
    assert answer.content_type == PROBLEM
    name = query[1:].partition("=")[0]
    assert answer.json is not None
    assert name in answer.json["detail"]


@pytest.mark.parametrize("header", [{}, {"Authorization": "Bearer guessed"}, {"Authorization": "Basic eDp5"}])
def test_without_a_valid_token_nothing_is_told(client: FlaskClient, demo: DemoData, header: dict[str, str]) -> None:
    answer = client.get("/api/v1/tickets", headers=header)
    assert answer.status_code == 401
    assert answer.headers["WWW-Authenticate"] == "Bearer"
    assert answer.content_type == PROBLEM


def test_a_helpers_token_does_not_list_tickets(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    with parts.sessions.begin() as session:
        network_id = session.scalars(select(Network.id)).one()
        token = issue_token(session, network_id, Role.OPASTAJA, now=now, helper_id=demo.helpers[0].id)
    assert client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}).status_code == 403


def test_a_token_past_its_time_opens_nothing(client: FlaskClient, parts: Parts, demo: DemoData, now: datetime) -> None:
    with parts.sessions.begin() as session:
        network_id = session.scalars(select(Network.id)).one()
        token = issue_token(session, network_id, Role.KOORDINAATTORI, now=now, expires_at=now - timedelta(days=1))
    assert client.get("/api/v1/tickets", headers={"Authorization": f"Bearer {token}"}).status_code == 401


@pytest.mark.parametrize(("query", "header"), [("", True), ("?limit=1", True), ("?limit=x", True), ("", False)])
def test_every_answer_is_as_the_description_says(
    client: FlaskClient, parts: Parts, token: str, now: datetime, query: str, header: bool
) -> None:
    codes = log_tickets(parts, 2, now)
    promise(parts, codes[0], now)
    api = described(client)
    answer = client.get(
        f"/api/v1/tickets{query}",
        headers={"Authorization": f"Bearer {token}"} if header else {},
        base_url="http://127.0.0.1:8000",
    )
    api.validate_response(WerkzeugOpenAPIRequest(answer.request), WerkzeugOpenAPIResponse(answer))


def test_the_description_is_worked_out_once_however_many_ask(
    client: FlaskClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = client.get("/api/v1/openapi.json")
    assert first.content_type == "application/json"
    assert first.get_json()["openapi"].startswith("3.1")
    assert first.get_json()["servers"] == [{"url": "http://127.0.0.1:8000"}]
    monkeypatch.setattr(views, "describe", Mock(side_effect=AssertionError("worked out again")))
    assert client.get("/api/v1/openapi.json").text == first.text


def test_what_is_not_there_is_said_in_json(client: FlaskClient) -> None:
    answer = client.get("/api/v1/nothing")
    assert (answer.status_code, answer.content_type) == (404, PROBLEM)


def test_open311_lists_the_topics_as_services(client: FlaskClient, demo: DemoData) -> None:
    services = client.get("/open311/v2/services.json?lang=sv").json
    assert services is not None
    assert {service["service_code"] for service in services} == set(Topic)
    assert next(service["service_name"] for service in services if service["service_code"] == "KELA") == "FPA"


@pytest.mark.parametrize("form", ["json", "xml"])
def test_open311_tells_what_is_asked_for_without_whose_it_is(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, form: str
) -> None:
    (code,) = log_tickets(parts, 1, now)
    answer = client.get(f"/open311/v2/requests.{form}")
    assert code in answer.text
    for secret in (CALLER[-6:], "Aino", "853", "Turku", "07:10"):
        assert secret not in answer.text


def test_open311_shows_one_request_and_finds_no_other(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    codes = log_tickets(parts, 2, now)
    found = client.get(f"/open311/v2/requests/{codes[0]}.json").json
    assert found is not None
    (request,) = found
    assert request["service_request_id"] == codes[0]
    assert request["status"] == "open"
    assert request["requested_datetime"] == "2026-11-24T07:00:00+00:00"
    assert client.get("/open311/v2/requests/DL-0000.json").status_code == 404


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("status=open", 2),
        ("status=closed", 1),
        ("service_code=SPOSTI", 3),
        ("service_code=MUU", 0),
        ("start_date=2026-11-25T00:00:00Z", 0),
        ("start_date=2026-11-01T00:00:00Z&end_date=2026-11-30T00:00:00Z", 3),
    ],
)
def test_open311_requests_can_be_narrowed(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, query: str, count: int
) -> None:
    codes = log_tickets(parts, 3, now)
    with parts.sessions.begin() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.code == codes[0])).one()
        ticket.status, ticket.closed_at = TicketStatus.CLOSED, now
    found = client.get(f"/open311/v2/requests.json?{query}").json
    assert found is not None
    assert len(found) == count


def test_open311_answers_in_xml_and_refuses_what_it_does_not_speak(client: FlaskClient, demo: DemoData) -> None:
    root = ET.fromstring(client.get("/open311/v2/services.xml").data)
    assert root.tag == "services"
    assert len(root) == len(Topic)
    assert client.get("/open311/v2/services.yaml").status_code == 406
    assert client.get("/open311/v2/requests.json?start_date=yesterday").status_code == 400


def test_the_process_says_that_it_lives_and_that_it_is_ready(client: FlaskClient, demo: DemoData) -> None:
    assert client.get("/healthz").json == {"status": "ok"}
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json == {"ready": True, "database": True, "migrations": True, "oldest_overdue_job_s": 0.0}


def test_a_late_job_is_told_but_takes_no_web_away(client: FlaskClient, parts: Parts, token: str, now: datetime) -> None:
    (code,) = log_tickets(parts, 1, now)
    promise(parts, code, now - timedelta(hours=1))
    ready = client.get("/readyz")
    assert ready.status_code == 200
    assert ready.json is not None
    assert ready.json["oldest_overdue_job_s"] > 0


def test_the_figures_are_counted_by_route_and_never_by_address(client: FlaskClient, demo: DemoData) -> None:
    client.get("/time/a-secret-seal")
    figures = client.get("/metrics").text
    assert 'digilinja_requests_total{method="GET",route="/time/<seal>",status="404"}' in figures
    assert "a-secret-seal" not in figures
    assert "digilinja_ready 1.0" in figures
    assert "digilinja_oldest_overdue_job_seconds 0.0" in figures


@pytest.mark.parametrize(
    "query",
    [
        "start_date=9999-12-31T00:00:00Z",
        "end_date=0001-01-01T00:00:00Z",
        "jurisdiction_id=99999999999999999999",
        "service_request_id=%00",
    ],
)
def test_open311_says_what_is_wrong_with_a_question_it_cannot_answer(
    client: FlaskClient, demo: DemoData, query: str
) -> None:
    assert client.get(f"/open311/v2/requests.json?{query}").status_code == 400
