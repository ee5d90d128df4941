"""An account of an organisation that vouches for no address is joined to its person by a code, and by nothing that it says."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.settings import Settings
from tests.integration.oidc_provider import CLIENT, SECRET, Provider, User, providing
from tests.integration.test_organisation_sign_in import BACK, sent, signs_in
from tests.integration.way_in import Clock, WayIn
from tickets.outside_accounts import OutsideAccount
from tickets.people import Person
from tickets.people_log import PeopleChangeKind, changes_of

pytestmark = pytest.mark.usefixtures("clock")


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The organisation's provider."""
    with providing(BACK) as provider:
        yield provider


@pytest.fixture
def settings(environment: dict[str, str], provider: Provider, now: datetime) -> Settings:
    """A process that knows the provider; its clock stands at the demo's hour."""
    known = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}
    return Settings.read({**environment, **{f"DIGILINJA_OIDC_{name}": value for name, value in known.items()}})


def entra_brings(provider: Provider, subject: str = "subject-7", **told: str) -> None:
    """An organisation whose sign-in vouches for no address, as Entra ID does."""
    provider.user = User(subject, {"preferred_username": "adam@kunta.example", "oid": "o-1", "tid": "t-1", **told})


def test_an_account_that_nobody_vouches_for_is_joined_once_by_a_code_and_signs_in_from_then_on(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock
) -> None:
    helper = demo.helpers[0]
    entra_brings(provider, email="kerttu.koordinaattori@esimerkkiseutu.example")
    way = WayIn.of(app, parts, clock)
    page = way.client.get(sent(way.client, "/sign-in/organisation?lang=fi&to=/helper/shifts"))
    assert page.status_code == 403
    assert "adam@kunta.example" in page.text
    assert way.sends("/sign-in", address=helper.phone, to="/helper/shifts", join="1").location == "/sign-in/code"
    way.works()
    assert "organisaatiosi tunnus" in way.shows("/sign-in/code").text
    assert way.types(way.post.code).location == "/helper/shifts"
    assert "organisaatiosi tunnus kirjaa sinut" in way.shows("/me").text
    other = app.test_client()
    assert signs_in(other).status_code == 303
    assert helper.name in other.get("/me").text
    with parts.sessions() as session:
        kinds = [one.kind for one in changes_of(session, session.scalars(select(Person.network_id)).first() or 0)]
    assert kinds.count(PeopleChangeKind.ACCOUNT_BOUND) == 1


def test_a_code_that_was_not_asked_for_to_join_joins_nothing(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock
) -> None:
    """Somebody left their account in this browser; whoever signs in next does not get it."""
    entra_brings(provider)
    way = WayIn.of(app, parts, clock)
    assert signs_in(way.client).status_code == 403
    assert way.comes_in(demo.helpers[1].phone).status_code == 303
    assert signs_in(app.test_client()).status_code == 403
    with parts.sessions() as session:
        assert session.scalars(select(OutsideAccount)).all() == []


def test_joining_without_an_account_is_signing_in_only(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock
) -> None:
    way = WayIn.of(app, parts, clock)
    way.sends("/sign-in", address=demo.helpers[0].phone, join="1")
    way.works()
    assert way.types(way.post.code).status_code == 303
    with parts.sessions() as session:
        assert session.scalars(select(OutsideAccount)).all() == []


def test_whoever_has_an_account_gets_no_second_one_before_the_first_is_forgotten(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock
) -> None:
    helper = demo.helpers[0]
    for subject, told in (("subject-7", "kirjaa sinut sisään"), ("subject-8", "ei liitetty sinuun")):
        entra_brings(provider, subject)
        way = WayIn.of(app, parts, clock)
        signs_in(way.client)
        way.sends("/sign-in", address=helper.phone, join="1")
        way.works()
        assert way.types(way.post.code).status_code == 303
        assert told in way.shows("/me").text
    with parts.sessions() as session:
        assert len(session.scalars(select(OutsideAccount)).all()) == 1


def test_an_account_that_waits_too_long_is_forgotten(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock
) -> None:
    entra_brings(provider)
    way = WayIn.of(app, parts, clock)
    signs_in(way.client)
    clock.at += timedelta(minutes=8)
    way.sends("/sign-in", address=demo.helpers[0].phone, join="1")
    way.works()
    clock.at += timedelta(minutes=3)
    assert way.types(way.post.code).status_code == 303
    with parts.sessions() as session:
        assert session.scalars(select(OutsideAccount)).all() == []


@pytest.mark.parametrize("address", ["", "Kerttu", "x" * 10_000, "<script>alert(1)</script>@x", "+358\x00"])
def test_a_wrong_address_is_said_and_kept_on_the_page_that_joins(
    app: Flask, parts: Parts, demo: DemoData, provider: Provider, clock: Clock, address: str
) -> None:
    entra_brings(provider, preferred_username="<script>alert(1)</script>")
    way = WayIn.of(app, parts, clock)
    assert "<script>alert" not in signs_in(way.client).text
    page = way.sends("/sign-in", address=address, join="1")
    assert (page.status_code, "Kenen tunnus" in page.text) == (422, True)
    assert "<script>alert" not in page.text
