"""Somebody at the reports' pages, and matters to be counted there."""

import re
from datetime import date
from html import unescape

import pytest
from flask import Flask
from sqlalchemy import select, text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.forms import hidden
from tests.integration.signed_in_people import signed_in
from tickets.network import Network, Organisation
from tickets.people import Person
from tickets.statistics.records import SupportEvent
from tickets.statistics.sums import sum_due_months
from tickets.store import cipher_of
from tickets.tokens import issue_token
from tickets.vocabulary import Channel, Outcome, Role
from voice_prompts.language import Language

BASE = "/admin/reports"
CAMPAIGN = {
    "name": "Digiviikko",
    "begins": "2026-11-09",
    "ends": "2026-11-15",
    "medium": "advert",
    "municipalities": "Turku, Åbo",
}
FIGURE = {
    "name": "Digitaaliset yhteydenotot", "value": "27,8", "unit": "%", "begins": "2026-01-01", "ends": "2026-12-31",
    "source": "Hyvinvointialue", "source_date": "2026-10-01",
}  # fmt: skip


def event_of(network: int, language: Language, place: str | None, organisation: int | None) -> SupportEvent:
    """A matter that was closed in November."""
    return SupportEvent(
        network_id=network, day=date(2026, 11, 10), hour_band=9, channel=Channel.PHONE, language=language,
        municipality=place, subregion=place and "023", region=place and "02", wellbeing_county=place and "05",
        topics=["KELA"], same_day=True, promises=1, kept=1, attempts=1, rang_again=0, outcome=Outcome.RATKAISTU,
        training_need=False, organisation_id=organisation, wait_minutes=40,
    )  # fmt: skip


def key_of(parts: Parts, network: int, role: Role, *, of_an_organisation: bool = False) -> str:
    """The key of somebody new with a role, in the first organisation or in the whole network."""
    now = parts.clock.now()
    with parts.sessions.begin() as session:
        organisation = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        person = Person(
            network_id=network,
            organisation_id=organisation if of_an_organisation else None,
            role=role,
            name_sealed=cipher_of(session).seal("Kaija"),
            created_at=now,
        )
        session.add(person)
        session.flush()
        return issue_token(session, network, role, now=now, person_id=person.id)


class Reader:
    """Somebody who reads the reports, in the first organisation or in the whole network."""

    def __init__(self, app: Flask, parts: Parts, role: Role, network: int, *, of_an_organisation: bool = False) -> None:
        token = key_of(parts, network, role, of_an_organisation=of_an_organisation)
        self.parts, self.client = parts, signed_in(app, parts, token)
        self.csrf = hidden(self.client.get("/sign-in?lang=fi"), "csrf")

    def sees(self, path: str = "", status: int = 200) -> str:
        page = self.client.get(f"{BASE}{path}")
        assert page.status_code == status, page.text
        return unescape(page.text)

    def sends(self, path: str, **typed: str) -> TestResponse:
        return self.client.post(f"{BASE}{path}", data={"csrf": self.csrf, **typed})

    def count(self, table: str) -> int:
        with self.parts.sessions() as session:
            return int(session.scalar(text(f"SELECT count(*) FROM {table}")) or 0)


@pytest.fixture
def network(parts: Parts, demo: DemoData) -> int:
    """The demo's network with matters in November and October: of Turku in Finnish and Swedish, and a few of Pargas."""
    with parts.sessions.begin() as session:
        network = session.scalars(select(Network.id)).one()
        first = session.scalars(select(Organisation.id).order_by(Organisation.id)).first()
        for times, language, place in ((30, Language.FI, "853"), (12, Language.SV, "853"), (2, Language.SV, "445")):
            session.add_all(event_of(network, language, place, first) for _ in range(times))
        october = [event_of(network, Language.FI, "853", first) for _ in range(8)]
        for event in october:
            event.day = event.day.replace(month=10)
        session.add_all(october)
        for month in ("2026-10-01", "2026-11-01"):
            session.execute(text("INSERT INTO support_month_due VALUES (:n, :m, true)"), {"n": network, "m": month})
            session.flush()
            sum_due_months(session)
    return network


@pytest.fixture
def coordinator(app: Flask, parts: Parts, network: int) -> Reader:
    return Reader(app, parts, Role.KOORDINAATTORI, network)


def in_table(page: str) -> list[tuple[str, str]]:
    """The names and the first figure of the table's lines."""
    body = page.partition("<tbody>")[2].partition("</tbody>")[0]
    return re.findall(r'<th scope="row">([^<]*)</th><td class="number">([^<]*)</td>', body)
