"""Signing in with an organisation's own account, against a provider that is real and lies when it is told to."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from urllib.parse import urlsplit

import pytest
import requests
from flask import Flask
from flask.testing import FlaskClient
from joserfc.jwk import RSAKey
from sqlalchemy import select
from werkzeug.test import TestResponse

from admin.app import build
from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from admin.settings import Settings
from tests.integration.oidc_provider import CLIENT, SECRET, Provider, User, providing
from tests.integration.way_in import Clock
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.outside_accounts import OutsideAccount
from tickets.people import Person
from tickets.store import cipher_of
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

BACK = "http://127.0.0.1:8000/sign-in/organisation/back"


@pytest.fixture
def provider() -> Iterator[Provider]:
    """The organisation's provider; its adviser sits before it."""
    with providing(BACK) as provider:
        yield provider


@pytest.fixture
def settings(environment: dict[str, str], provider: Provider) -> Settings:
    """A process that knows the provider."""
    known = {"ISSUER": provider.issuer, "CLIENT_ID": CLIENT, "CLIENT_SECRET": SECRET}
    return Settings.read({**environment, **{f"DIGILINJA_OIDC_{name}": value for name, value in known.items()}})


@pytest.fixture
def app(settings: Settings, now: datetime) -> Iterator[Flask]:
    """The pages, at the demo's hour."""
    app = build(settings)
    app.extensions[PARTS] = replace(app.extensions[PARTS], clock=Clock(now))
    yield app
    app.extensions[PARTS].engine.dispose()


@pytest.fixture
def adviser(demo: DemoData, provider: Provider) -> str:
    """The adviser's address, which the provider vouches for."""
    address = next(person.email for person in demo.people if person.role is Role.NEUVOJA)
    provider.user = User("subject-1", {"email": address, "email_verified": True})
    return address


def sent(client: FlaskClient, path: str = "/sign-in/organisation?lang=fi") -> str:
    """Where the provider sends the browser back to."""
    out = client.get(path)
    assert out.status_code == 302, out.text
    back = requests.get(out.location, allow_redirects=False, timeout=5)
    assert back.status_code == 302, back.text
    assert back.headers["Location"].startswith(BACK)
    split = urlsplit(back.headers["Location"])
    return f"{split.path}?{split.query}"


def signs_in(client: FlaskClient, to: str = "") -> TestResponse:
    return client.get(sent(client, f"/sign-in/organisation?lang=fi&to={to}"))


def is_in(client: FlaskClient) -> bool:
    return client.get("/me").status_code == 200


def test_whoever_their_organisation_vouches_for_comes_to_the_page_they_wanted(
    client: FlaskClient, adviser: str
) -> None:
    answer = signs_in(client, to="/admin/desk")
    assert (answer.status_code, answer.location) == (303, "/admin/desk")
    assert adviser in client.get("/me").text


def test_from_then_on_it_is_the_account_that_counts_and_no_address(
    client: FlaskClient, app: Flask, adviser: str, provider: Provider
) -> None:
    signs_in(client)
    provider.user = User("subject-1", {"email": "someone.else@example.fi", "email_verified": True})
    same = app.test_client()
    assert signs_in(same).status_code == 303
    assert adviser in same.get("/me").text
    provider.user = User("subject-2", {"email": adviser, "email_verified": True})
    heir = app.test_client()
    assert signs_in(heir).status_code == 403
    assert not is_in(heir)


def test_a_forgotten_account_is_learned_anew(client: FlaskClient, app: Flask, adviser: str, provider: Provider) -> None:
    signs_in(client)
    with client.session_transaction() as kept:
        kept["csrf"] = "word"
    assert client.post("/me/account/forget", data={"csrf": "word"}).status_code == 303
    provider.user = User("subject-2", {"email": adviser, "email_verified": True})
    assert signs_in(app.test_client()).status_code == 303


@pytest.mark.parametrize(
    "vouched",
    [{}, {"email_verified": False}, {"email_verified": "false"}, {"email_verified": None}, {"xms_edov": False}],
)
def test_an_address_that_nobody_vouches_for_is_nobodys(
    client: FlaskClient, adviser: str, provider: Provider, vouched: dict[str, object]
) -> None:
    provider.user = User("subject-1", {"email": adviser, "preferred_username": adviser, "upn": adviser, **vouched})
    answer = signs_in(client)
    assert answer.status_code == 403
    assert "Kenen tunnus tämä on?" in answer.text
    assert not is_in(client)


def test_entra_vouches_in_a_word_of_its_own(client: FlaskClient, adviser: str, provider: Provider) -> None:
    provider.user = User("subject-1", {"email": adviser, "xms_edov": True})
    assert signs_in(client).status_code == 303


def test_whoever_is_not_known_is_told_whom_to_ask(client: FlaskClient, demo: DemoData, provider: Provider) -> None:
    provider.user = User("subject-9", {"email": "uusi@example.fi", "email_verified": True})
    answer = signs_in(client)
    assert answer.status_code == 403
    assert "Pyydä koordinaattoria" in answer.text
    assert not is_in(client)


LIES = {
    "another issuer": {"iss": "https://evil.example"},
    "another audience": {"aud": ["somebody-else"]},
    "another audience beside us": {"aud": [CLIENT, "somebody-else"], "azp": "somebody-else"},
    "another audience, and we asked for it": {"aud": ["somebody-else"], "azp": CLIENT},
    "another nonce": {"nonce": "of another browser"},
    "no nonce": {"nonce": None},
    "expired": {"iat": int(time.time()) - 7200, "exp": int(time.time()) - 3600},
    "no subject": {"sub": None},
}


@pytest.mark.parametrize("lie", LIES)
def test_what_the_provider_signs_for_somebody_else_opens_nothing(
    client: FlaskClient, adviser: str, provider: Provider, lie: str
) -> None:
    provider.lies = LIES[lie]
    answer = signs_in(client)
    assert answer.status_code == 403
    assert "Kirjautuminen ei onnistunut" in answer.text
    assert not is_in(client)


def test_what_another_key_has_signed_opens_nothing(client: FlaskClient, adviser: str, provider: Provider) -> None:
    provider.other_key = RSAKey.generate_key(2048, {"kid": "one"})
    assert signs_in(client).status_code == 403
    assert not is_in(client)


def test_a_new_key_of_the_provider_is_fetched_when_it_is_met(
    client: FlaskClient, app: Flask, adviser: str, provider: Provider
) -> None:
    assert signs_in(client).status_code == 303
    provider.key = RSAKey.generate_key(2048, {"kid": "two"})
    assert signs_in(app.test_client()).status_code == 303


def test_a_discovery_document_of_another_issuer_is_not_followed(
    client: FlaskClient, demo: DemoData, provider: Provider
) -> None:
    provider.claimed_issuer = "https://login.example/{tenantid}/v2.0"
    answer = client.get("/sign-in/organisation?lang=fi")
    assert answer.status_code == 502
    assert "Location" not in answer.headers


@pytest.mark.parametrize("algorithms", [["none"], ["HS256"], ["none", "HS512"]])
def test_an_issuer_that_signs_with_nothing_that_can_be_checked_is_not_followed(
    client: FlaskClient, demo: DemoData, provider: Provider, algorithms: list[str]
) -> None:
    provider.algorithms = algorithms
    assert client.get("/sign-in/organisation").status_code == 502


def test_an_answer_counts_once_and_only_in_the_browser_that_asked(
    client: FlaskClient, app: Flask, adviser: str
) -> None:
    back = sent(client)
    thief = app.test_client()
    assert thief.get(back).status_code == 403
    assert client.get(back).status_code == 303
    assert client.get(back).status_code == 403
    assert not is_in(thief)


def test_an_answer_with_the_same_cookie_again_is_refused_by_the_provider(
    client: FlaskClient, app: Flask, adviser: str
) -> None:
    back = sent(client)
    with client.session_transaction() as kept:
        before = dict(kept)
    assert client.get(back).status_code == 303
    again = app.test_client()
    with again.session_transaction() as kept:
        kept.update(before)
    assert again.get(back).status_code == 403
    assert not is_in(again)


@pytest.mark.parametrize("query", ["", "?code=x&state=y", "?error=access_denied", "?state=%00&code=%00", "?code=x"])
def test_what_was_not_asked_for_is_no_answer(client: FlaskClient, demo: DemoData, query: str) -> None:
    assert client.get(f"/sign-in/organisation/back{query}").status_code == 403
    assert not is_in(client)


def test_a_provider_that_is_away_is_told_and_another_way_shown(
    client: FlaskClient, demo: DemoData, provider: Provider, settings: Settings
) -> None:
    with providing(BACK) as gone:
        issuer = gone.issuer
    assert settings.oidc is not None
    app = build(replace(settings, oidc=replace(settings.oidc, issuer=issuer)))
    answer = app.test_client().get("/sign-in/organisation?lang=fi")
    app.extensions[PARTS].engine.dispose()
    assert answer.status_code == 502
    assert "kirjaudu koodilla" in answer.text


def test_signing_in_leads_to_no_foreign_page(client: FlaskClient, adviser: str) -> None:
    for to in ("https://evil.example/admin/", "//evil.example/admin/", "/%5Cevil.example", "/sign-out", "/nowhere"):
        assert signs_in(client, to=to).location == "/admin/"


def test_whoever_works_in_two_networks_chooses_as_whom_and_both_know_the_account(
    client: FlaskClient, app: Flask, adviser: str, parts: Parts, now: datetime
) -> None:
    with parts.sessions.begin() as session:
        other = add_network(session, "Toinen seutu", now=now)
        office = add_organisation(session, other, "Toinen", serves=["091"])
        add_helper(session, office, NewHelper("Sama", "+358405551111", (Language.FI,), HelperKind.STAFF), now=now)
        theirs = session.scalars(select(Person).where(Person.network_id == other)).one()
        cipher = cipher_of(session)
        theirs.email_sealed, theirs.email_index = cipher.seal(adviser), cipher.index_of(adviser)
        coordinator = session.scalars(select(Person).where(Person.role == Role.KOORDINAATTORI)).one()
    page = signs_in(client)
    assert "Toinen seutu" in page.text
    assert not is_in(client)
    with client.session_transaction() as kept:
        assert adviser not in str(dict(kept))  # the cookie can be read by whoever sits at this desk next
        assert "subject-1" not in str(dict(kept))
        kept["csrf"] = "word"
    refused = client.post("/sign-in/organisation/choose", data={"csrf": "word", "person": str(coordinator.id)})
    assert refused.status_code == 403
    chosen = client.post("/sign-in/organisation/choose", data={"csrf": "word", "person": str(theirs.id)})
    assert chosen.status_code == 303
    assert "Sama" in client.get("/me").text
    with parts.sessions() as session:
        assert session.scalars(select(OutsideAccount.person_id)).all() == [theirs.id]


def test_where_there_is_no_provider_there_is_no_such_page(environment: dict[str, str]) -> None:
    app = build(Settings.read(environment))
    client = app.test_client()
    for path in ("/sign-in/organisation", "/sign-in/organisation/back"):
        assert client.get(path).status_code == 404
    assert "/sign-in/organisation" not in client.get("/sign-in").text
    app.extensions[PARTS].engine.dispose()
