"""Open311 GeoReport v2 beyond reading: what it says of itself, what it says of nobody, and what a key may post."""

from datetime import datetime, timedelta
from xml.etree import ElementTree as ET

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from tickets.intake import Matter, open_ticket
from tickets.network import Network
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Outcome, Role, Topic
from voice_prompts.language import Language

V2 = "/open311/v2"
POSTED = {
    "service_code": "SPOSTI",
    "phone": "050 555 0201",
    "first_name": "Aino",
    "last_name": "Esimerkki",
    "description": "Posti ei aukea.",
    "attribute[language]": "sv",
    "attribute[access_needs][]": "hearing",
    "attribute[device]": "ipad",
    "lat": "60.1",
    "long": "24.9",
}


@pytest.fixture
def key(parts: Parts, demo: DemoData, now: datetime) -> str:
    return key_of(parts, Role.NEUVOJA, now)


def key_of(parts: Parts, role: Role, now: datetime) -> str:
    with parts.sessions.begin() as session:
        return issue_token(session, session.scalars(select(Network.id)).one(), role, now=now)


def only_ticket(parts: Parts) -> Ticket:
    with parts.sessions() as session:
        return session.scalars(select(Ticket)).one()


def log(parts: Parts, at: datetime, **told: object) -> str:
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        matter = Matter(network, None, Channel.DESK, Language.FI, "+358505550201", key=f"t:{at}", topic=Topic.SPOSTI)
        ticket = session.get_one(Ticket, open_ticket(session, matter, now=at).id)
        for name, value in told.items():
            setattr(ticket, name, value)
        return ticket.code


@pytest.mark.parametrize("form", ["json", "xml"])
def test_it_says_which_standard_it_speaks_and_where(client: FlaskClient, demo: DemoData, form: str) -> None:
    told = client.get(f"{V2}/discovery.{form}")
    assert told.status_code == 200
    assert "http://wiki.open311.org/GeoReport_v2" in told.text
    assert f"http://127.0.0.1:8000{V2}" in told.text


def test_each_service_has_the_definition_that_its_metadata_promises(client: FlaskClient, demo: DemoData) -> None:
    for service in client.get(f"{V2}/services.json").json or ():
        defined = client.get(f"{V2}/services/{service['service_code']}.json").json
        assert service["metadata"] is bool(defined and defined["attributes"])
    root = ET.fromstring(client.get(f"{V2}/services/KELA.xml?lang=fi").data)
    assert root.findtext("service_code") == "KELA"
    assert root.findtext("attributes/attribute/code") == "language"
    assert root.findtext("attributes/attribute/values/value/name") == "suomi"
    assert client.get(f"{V2}/services/TOAST.json").status_code == 404


def test_a_mistake_is_told_in_its_own_format(client: FlaskClient, demo: DemoData) -> None:
    told = client.get(f"{V2}/requests/DL-0.json").json
    assert told == [{"code": 404, "description": "service_request_id: there is no such service request"}]
    root = ET.fromstring(client.get(f"{V2}/requests.xml?start_date=yesterday").data)
    assert (root.tag, root.findtext("error/code")) == ("errors", "400")
    assert client.get(f"{V2}/requests.json?jurisdiction_id=999").status_code == 404
    assert client.get(f"{V2}/requests.json?status=broken").status_code == 400


def test_whoever_may_be_told_to_nobody_is_not_among_them(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    code = log(parts, now, non_disclosure=True)
    assert client.get(f"{V2}/requests.json").json == []
    assert client.get(f"{V2}/requests/{code}.json").status_code == 404


def test_nobody_learns_the_minute_by_asking_for_it(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    log(parts, now + timedelta(minutes=7))
    hour = now.replace(minute=0)
    for minute in range(0, 60, 7):
        after = f"start_date={(hour + timedelta(minutes=minute)).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        before = f"end_date={(hour + timedelta(minutes=minute)).strftime('%Y-%m-%dT%H:%M:%SZ')}"
        assert len(client.get(f"{V2}/requests.json?{after}").json or ()) == (minute == 0)
        assert len(client.get(f"{V2}/requests.json?{before}").json or ()) == 1


def test_of_no_request_is_it_said_that_somebody_was_harassed_or_cheated(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    for number, outcome in enumerate((Outcome.HAIRINTA, Outcome.HUIJAUSEPAILY, Outcome.RATKAISTU)):
        log(parts, now + timedelta(seconds=number), outcome=outcome)
    notes = [one["status_notes"] for one in client.get(f"{V2}/requests.json").json or ()]
    assert notes == ["RATKAISTU", None, None]


def test_who_asks_for_more_than_ninety_days_gets_the_last_ninety(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime
) -> None:
    log(parts, now - timedelta(days=100))
    recent = log(parts, now - timedelta(days=10))
    asked = "start_date=2026-01-01T00:00:00Z&end_date=2026-11-30T00:00:00Z"
    assert [one["service_request_id"] for one in client.get(f"{V2}/requests.json?{asked}").json or ()] == [recent]


@pytest.mark.parametrize("form", ["json", "xml"])
def test_a_program_with_a_key_passes_a_matter_on_and_the_first_time_is_looked_for_at_once(
    client: FlaskClient, parts: Parts, key: str, form: str
) -> None:
    answer = client.post(f"{V2}/requests.{form}", data={**POSTED, "api_key": key})
    assert answer.status_code == 200
    ticket = only_ticket(parts)
    assert ticket.code in answer.text
    assert (ticket.topic, ticket.language, ticket.device, ticket.access_needs) == ("SPOSTI", "sv", "ipad", ["hearing"])
    with parts.sessions() as session:
        cipher = cipher_of(session)
        assert ticket.name_sealed is not None
        assert cipher.open(ticket.name_sealed) == "Aino Esimerkki"
        due = session.connection().exec_driver_sql("SELECT run_at FROM job WHERE kind = 'first_time'").scalar_one()
    assert due <= parts.clock.now()
    for secret in ("Aino", "0201", "aukea"):
        assert secret not in client.get(f"{V2}/requests/{ticket.code}.json").text


def test_what_is_posted_twice_is_one_request(client: FlaskClient, parts: Parts, key: str) -> None:
    headers = {"Authorization": f"Bearer {key}"}
    first, second = (client.post(f"{V2}/requests.json", data=POSTED, headers=headers).json for _ in range(2))
    assert first == second
    assert only_ticket(parts)


def test_a_program_that_posts_again_is_not_refused_and_passes_on_more_than_one_household_sends(
    client: FlaskClient, parts: Parts, key: str
) -> None:
    def post(number: int) -> int:
        posted = {**POSTED, "phone": f"050 555 {number:04}", "api_key": key}
        return client.post(f"{V2}/requests.json", data=posted).status_code

    assert [post(1) for _ in range(7)] == [200] * 7
    assert {post(number) for number in range(2, 63)} == {200}
    used = "UPDATE count SET times = 600 WHERE times > 60"  # of the key: all but it are of one number
    with parts.sessions.begin() as session:
        assert session.connection().exec_driver_sql(used).rowcount == 1
    assert post(63) == 429
    assert post(1) == 200


@pytest.mark.parametrize("role", [None, "wrong", *Role])
def test_only_a_key_that_may_log_matters_posts(
    client: FlaskClient, parts: Parts, demo: DemoData, now: datetime, role: str | None
) -> None:
    given = {} if role is None else {"api_key": key_of(parts, Role(role), now) if role in list(Role) else "guessed"}
    answer = client.post(f"{V2}/requests.json", data={**POSTED, **given})
    assert answer.status_code == (200 if role in (Role.NEUVOJA, Role.KOORDINAATTORI) else 403)


@pytest.mark.parametrize(
    ("change", "status", "names"),
    [
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "TOAST"}, 404, "service_code"),
        ({"phone": ""}, 400, "number"),
        ({"phone": "112"}, 400, "number"),
        ({"email": "nowhere"}, 400, "email"),
        ({"attribute[language]": "en"}, 400, "language"),
        ({"zipcode": "1"}, 400, "postcode"),
        ({"jurisdiction_id": "999"}, 404, "jurisdiction_id"),
    ],
)
def test_a_post_that_lacks_something_says_what_and_keeps_nothing(
    client: FlaskClient, parts: Parts, key: str, change: dict[str, str], status: int, names: str
) -> None:
    answer = client.post(f"{V2}/requests.json", data={**POSTED, "api_key": key, **change})
    assert answer.status_code == status
    assert names in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(Ticket)).all() == []
