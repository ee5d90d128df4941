"""The relay and the webhooks as programs and pages use them."""

from __future__ import annotations

import json
from datetime import datetime

import pytest
from flask.testing import FlaskClient
from sqlalchemy import select, text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.programs import Program, told, why
from tickets.intake import Matter, open_ticket
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import AccessNeed, Channel, Device, Role, Topic
from voice_prompts.language import Language


class Office:
    """The demo's network, and people of it who use the API."""

    def __init__(self, parts: Parts, client: FlaskClient, now: datetime) -> None:
        self.parts, self.client, self.now = parts, client, now
        with parts.sessions() as session:
            self.network = session.scalars(select(Network.id)).one()
            self.organisations = list(session.scalars(select(Organisation.id).order_by(Organisation.id)))
        self._told = 0

    def person(self, role: Role, organisation: int | None = None, name: str = "Aino Auttaja") -> Program:
        with self.parts.sessions.begin() as session:
            seal = cipher_of(session).seal
            person = Person(
                network_id=self.network,
                organisation_id=organisation,
                role=role,
                name_sealed=seal(name),
                created_at=self.now,
            )
            session.add(person)
            session.flush()
            token = issue_token(session, self.network, role, now=self.now, person_id=person.id)
        return Program(self.client, token)

    def ticket(self, **more: object) -> str:
        self._told += 1
        matter = {
            "network_id": self.network,
            "line_id": None,
            "channel": Channel.FORM,
            "language": Language.SV,
            "caller": f"+35840123456{self._told}",
            "key": f"form:{self._told}",
            "topic": Topic.KELA,
            "municipality": "853",
            "text": "Olen Matti Meikäläinen",
        }
        with self.parts.sessions.begin() as session:
            return open_ticket(session, Matter(**{**matter, **more}), now=self.now).code  # type: ignore[arg-type]


@pytest.fixture
def office(parts: Parts, client: FlaskClient, demo: DemoData, now: datetime) -> Office:
    return Office(parts, client, now)


def test_a_case_is_previewed_published_read_and_taken(office: Office) -> None:
    code = office.ticket(device=Device.IPAD, access_needs=(AccessNeed.SIGHT,))
    coordinator, member = office.person(Role.KOORDINAATTORI), office.person(Role.JASEN, office.organisations[1])
    preview = told(coordinator("POST", f"/tickets/{code}/relay"))
    number = preview["relay"]["number"]
    assert told(member("GET", "/relays"))["relays"] == []
    assert why(member("GET", f"/relays/{number}")) == (404, "not_found")
    told(coordinator("POST", f"/relays/{number}/publication"))
    (seen,) = told(member("GET", "/relays"))["relays"]
    assert {name: seen[name] for name in ("topics", "device", "area", "language", "words")} == {
        "topics": ["KELA"], "device": "ipad", "area": "023", "language": "sv", "words": None,
    }  # fmt: skip
    taken = told(member("POST", f"/relays/{number}/claim"))
    assert taken["ticket"] == code
    assert why(office.person(Role.JASEN)("POST", f"/relays/{number}/claim")) == (409, "already_taken")
    assert [each["number"] for each in told(member("GET", "/relays?mine=true"))["relays"]] == [number]
    assert "claimed_by" not in json.dumps(told(coordinator("GET", f"/relays/{number}")))


def test_the_preview_says_what_it_is_about_in_finnish_and_in_swedish(office: Office) -> None:
    code = office.ticket(device=Device.IPAD)
    preview = told(office.person(Role.KOORDINAATTORI)("POST", f"/tickets/{code}/relay"))
    number = preview["relay"]["number"]
    finnish, swedish = preview["letters"]["fi"]["text"], preview["letters"]["sv"]["text"]
    assert "Aihe: Kela" in finnish
    assert "Alue: Turku" in finnish
    assert "Kieli: ruotsi" in finnish
    assert "Ämne: FPA" in swedish
    assert "Område: Åbo" in swedish
    for letter in (finnish, swedish):
        assert f"http://127.0.0.1:8000/relay/{number}" in letter
        assert code not in letter
        assert "Matti" not in letter
    both = preview["letters"]["both"]["text"]
    assert finnish.strip() in both
    assert swedish.strip() in both


def test_the_card_is_one_that_a_teams_workflow_takes(office: Office) -> None:
    code = office.ticket()
    cards = told(office.person(Role.KOORDINAATTORI)("POST", f"/tickets/{code}/relay"))["cards"]
    assert cards.keys() == {"fi", "sv", "both"}
    envelope = cards["both"]
    (attachment,) = envelope["attachments"]
    assert envelope["type"] == "message"
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    card = attachment["content"]
    assert (card["type"], card["version"]) == ("AdaptiveCard", "1.4")
    assert len(card["body"]) == len(card["actions"]) == 2
    assert {action["type"] for action in card["actions"]} == {"Action.OpenUrl"}
    assert len(json.dumps(envelope).encode()) < 28 * 1024


def test_a_puzzle_brings_two_colleagues_together_and_tells_nobody_else(office: Office) -> None:
    asker, member = (
        office.person(Role.JASEN, office.organisations[0], "Kysyjä"),
        office.person(Role.JASEN, name="Osaaja"),
    )
    asked = told(asker("POST", "/puzzles", words="Miten fontti suurennetaan?", topics=["TABLETTI"], device="ipad"))
    number = asked["relay"]["number"]
    assert "Miten fontti suurennetaan?" in asked["letters"]["fi"]["text"]
    told(asker("POST", f"/relays/{number}/publication"))
    assert told(member("POST", f"/relays/{number}/claim"))["partner"]["name"] == "Kysyjä"
    assert told(asker("GET", f"/relays/{number}"))["partner"]["name"] == "Osaaja"
    assert told(office.person(Role.KOORDINAATTORI)("GET", f"/relays/{number}"))["partner"] is None


def test_a_puzzle_with_somebody_in_it_is_refused_with_what_to_mend(office: Office) -> None:
    refused = office.person(Role.JASEN)("POST", "/puzzles", words="Soita 040 123 4567", topics=["MUU"])
    assert why(refused) == (409, "names_somebody")
    assert "number" in refused.json["detail"]  # type: ignore[index]


def test_what_may_not_be_done_says_why(office: Office) -> None:
    coordinator, member = office.person(Role.KOORDINAATTORI), office.person(Role.JASEN)
    assert why(coordinator("POST", "/tickets/DL-ZZZZZ/relay")) == (404, "not_found")
    assert why(coordinator("POST", f"/tickets/{office.ticket(topic=Topic.PANKKI)}/relay")) == (409, "nobody_may_take")
    assert why(member("POST", "/relays/V-ZZZZZ/claim")) == (404, "not_found")
    assert why(member("POST", "/relays/V-ZZZZZ/withdrawal")) == (404, "not_found")
    assert member("POST", f"/tickets/{office.ticket()}/relay").status_code == 403
    assert office.person(Role.NEUVOJA)("POST", "/relays/V-ZZZZZ/claim").status_code == 403


def test_relays_come_page_by_page(office: Office) -> None:
    coordinator, member = office.person(Role.KOORDINAATTORI), office.person(Role.JASEN)
    published = []
    for _ in range(5):
        number = told(coordinator("POST", f"/tickets/{office.ticket()}/relay"))["relay"]["number"]
        told(coordinator("POST", f"/relays/{number}/publication"))
        published.append(number)
    read, cursor = [], ""
    while True:
        page = told(member("GET", f"/relays?limit=2{cursor}"))
        read += [each["number"] for each in page["relays"]]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert read == published[::-1]


def test_channels_are_added_listed_without_their_secret_and_removed(office: Office) -> None:
    chief = office.person(Role.PAAKAYTTAJA)
    secret = "https://prod.example.org/workflows/abc?sig=secret"
    teams = told(chief("POST", "/relay-channels", kind="teams", name="Kanava", address=secret, told="both"))["id"]
    told(chief("POST", "/relay-channels", kind="email", name="Lista", address="lista@example.org", told="sv"))
    listed = chief("GET", "/relay-channels")
    assert [each["shown_as"] for each in told(listed)["channels"]] == ["prod.example.org", "l…@example.org"]
    assert "secret" not in listed.text
    assert "lista@" not in listed.text
    told(chief("DELETE", f"/relay-channels/{teams}"))
    assert why(chief("DELETE", f"/relay-channels/{teams}")) == (404, "not_found")
    for kind, address in (
        ("teams", "http://a.example"),
        ("teams", "x"),
        ("email", "x"),
        ("email", "https://a.example"),
    ):
        refused = chief("POST", "/relay-channels", kind=kind, name="x", address=address, told="fi")
        assert why(refused) == (409, "not_an_address")
    assert office.person(Role.KOORDINAATTORI)("GET", "/relay-channels").status_code == 403


def test_a_network_sets_how_long_a_case_may_stand(office: Office) -> None:
    chief = office.person(Role.PAAKAYTTAJA)
    assert told(chief("GET", "/relay-terms"))["terms"] == {"unclaimed_days": 3, "claimed_days": 7}
    for days in (2, 5):
        told(chief("PATCH", "/relay-terms", unclaimed_days=days, claimed_days=days))
    assert told(chief("GET", "/relay-terms"))["terms"] == {"unclaimed_days": 5, "claimed_days": 5}
    assert chief("PATCH", "/relay-terms", unclaimed_days=0, claimed_days=5).status_code == 400


def test_webhooks_are_added_listed_without_their_secret_and_removed(office: Office) -> None:
    chief = office.person(Role.PAAKAYTTAJA)
    made = told(chief("POST", "/webhooks", address="https://hooks.example.org/x?key=1", events=["opened", "closed"]))
    assert made["secret"].startswith("whsec_")
    listed = chief("GET", "/webhooks")
    (card,) = told(listed)["webhooks"]
    assert (card["host"], card["events"], card["waiting"]) == ("hooks.example.org", ["closed", "opened"], 0)
    assert made["secret"] not in listed.text
    assert "key=1" not in listed.text
    assert told(chief("GET", f"/webhooks/{made['id']}/deliveries"))["deliveries"] == []
    assert why(chief("POST", f"/webhooks/{made['id']}/resumption")) == (409, "not_stopped")
    told(chief("DELETE", f"/webhooks/{made['id']}"))
    assert why(chief("POST", "/webhooks", address="https://192.168.1.5/x")) == (409, "not_public")
    for path in (f"/webhooks/{made['id']}", "/webhooks/999"):
        assert why(chief("DELETE", path)) == (404, "not_found")
    assert why(chief("GET", f"/webhooks/{made['id']}/deliveries")) == (404, "not_found")
    assert why(chief("POST", "/webhooks", address="http://hooks.example.org")) == (409, "not_an_address")


def test_a_network_has_no_more_webhooks_than_it_may(office: Office) -> None:
    chief = office.person(Role.PAAKAYTTAJA)
    for number in range(20):
        told(chief("POST", "/webhooks", address=f"https://hooks.example.org/{number}"))
    assert why(chief("POST", "/webhooks", address="https://hooks.example.org/x")) == (409, "too_many")


def test_no_address_lies_open_in_the_database(office: Office) -> None:
    chief = office.person(Role.PAAKAYTTAJA)
    told(chief("POST", "/relay-channels", kind="teams", name="K", address="https://a.example/sig-secret", told="fi"))
    with office.parts.sessions() as session:
        (row,) = session.scalars(text("SELECT CAST(to_jsonb(relay_channel) AS text) FROM relay_channel"))
    assert "sig-secret" not in row
