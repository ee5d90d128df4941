"""Every route has decided who may see it, and every one that says it is closed is."""

from collections.abc import Iterator

import pytest
from cryptography.fernet import Fernet
from flask import Flask
from werkzeug.routing import Rule

from admin import parts as parts_module
from admin.app import build
from admin.auth import DECISION
from admin.settings import Settings

# Open on purpose, each for its reason; whatever is added here was thought about.
OPEN = {
    "public.front": "what the line is, and the form",
    "public.send": "the form, as it comes in",
    "public.time": "the seal in the address is the right to it",
    "public.choose": "the seal in the address is the right to it",
    "public.booking": "asks for a number and a code; shows nothing of anybody",
    "public.find_booking": "number and code together are the right to it, and tries are counted",
    "public.one_booking": "the seal in the address is the right to it",
    "public.other_times": "the seal in the address is the right to it",
    "public.move_booking": "the seal in the address is the right to it",
    "public.sure": "the seal in the address is the right to it",
    "public.cancel_booking": "the seal in the address is the right to it",
    "public.feedback": "the seal in the address is the right to it",
    "public.give_feedback": "the seal in the address is the right to it",
    "public.accessibility": "the law has it open, and it is about nobody",
    "public.privacy": "the law has it open, and it is about nobody",
    "sign_in.show": "the way in",
    "sign_in.enter": "the way in",
    "sign_in.code": "the way in; what was typed on this browser, and nothing of who is known",
    "sign_in.prove_it": "the way in",
    "sign_in.again": "the way in",
    "sign_in.choose": "the way in",
    "sign_in.leave": "the way out",
    "oidc.go": "the way to the organisation's own sign-in",
    "oidc.back": "the way in, by what the organisation's sign-in has signed",
    "oidc.choose": "the way in",
    "demo.enter": "nobody of the demo is real, and elsewhere there is no such page",
    "health.alive": "for whatever watches the process",
    "health.ready": "for whatever watches the process",
    "metrics.show": "counts by route, nothing of anybody; closed to the outside by the proxy (docs/operating.md)",
    "api.description": "what the API is like",
    "calendars.feed": "the token in the address is the right to it",
    "stops.of_network": "what people may come to, of nobody",
    "stops.of_municipality": "what people may come to, of nobody",
    "open311.contents": "public by its standard, and of nobody",
    "open311.discovery": "public by its standard, and of nobody",
    "open311.one_service": "public by its standard, and of nobody",
    "open311.post_request": "it asks for a key itself, as its standard has it: 403 without one",
    "open311.services": "public by its standard, and of nobody",
    "open311.requests": "public by its standard, and of nobody",
    "open311.one_request": "public by its standard, and of nobody",
}
SEALED = {
    "ivr.message": "the link is signed and lives for an hour",
    "ivr.prompt": "the link is signed, and what it plays is what anybody hears who rings",
}


@pytest.fixture(scope="module")
def app() -> Iterator[Flask]:
    """The application with no database behind it: who is turned away is turned away before any is needed."""
    settings = Settings.read(
        {
            "DIGILINJA_DATABASE_URL": "postgresql://nobody@127.0.0.1:9/nothing",
            "DIGILINJA_PUBLIC_URL": "http://127.0.0.1:8000",
            "DIGILINJA_SECRET_KEY": "s" * 32,
            "DIGILINJA_DATA_KEYS": Fernet.generate_key().decode(),
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
        }
    )
    app = build(settings)
    yield app
    app.extensions[parts_module.PARTS].engine.dispose()


def rules(app: Flask) -> list[Rule]:
    return [rule for rule in app.url_map.iter_rules() if rule.endpoint != "static"]


def decisions(app: Flask) -> dict[str, str | None]:
    return {rule.endpoint: getattr(app.view_functions[rule.endpoint], DECISION, None) for rule in rules(app)}


def test_every_page_has_decided_who_may_see_it(app: Flask) -> None:
    undecided = [
        endpoint
        for endpoint, decision in decisions(app).items()
        if decision is None and not endpoint.startswith("ivr.")
    ]
    assert undecided == []


def test_what_is_open_to_all_is_so_on_purpose(app: Flask) -> None:
    assert {endpoint for endpoint, decision in decisions(app).items() if decision == "open"} == set(OPEN)


def test_every_webhook_refuses_whoever_is_not_the_operator(app: Flask) -> None:
    webhooks = [rule for rule in rules(app) if rule.endpoint.startswith("ivr.") and rule.endpoint not in SEALED]
    assert len(webhooks) >= 5
    client = app.test_client()
    for rule in webhooks:
        path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method="POST")
        assert client.post(path).status_code == 403, path
        assert client.post(path, headers={"X-Twilio-Signature": "Zm9yZ2Vk"}).status_code == 403, path


def test_every_closed_page_turns_a_stranger_away(app: Flask) -> None:
    closed = {"signed in": (302, "/sign-in"), "bearer": (401, None)}
    for rule in rules(app):
        decision = decisions(app)[rule.endpoint]
        if decision in closed:
            method = next(method for method in sorted(rule.methods or ()) if method not in ("HEAD", "OPTIONS"))
            path = app.url_map.bind("localhost").build(rule.endpoint, dict.fromkeys(rule.arguments, 1), method=method)
            answer = app.test_client().open(path, method=method)
            status, way_in = closed[decision]
            assert answer.status_code == status, rule.rule
            assert way_in is None or answer.location.startswith(way_in)


def test_the_addresses_of_the_contract_exist(app: Flask) -> None:
    known = {rule.rule for rule in rules(app)}
    contract = {
        "/", "/admin/", "/helper/", "/healthz", "/readyz", "/metrics", "/api/v1/tickets", "/api/v1/openapi.json",
        "/open311/v2/services.<form>", "/ivr/call", "/ivr/status", "/ivr/recording", "/ivr/sms", "/ivr/fallback",
    }  # fmt: skip
    assert contract <= known
    assert any(rule.startswith("/ivr/turn/") for rule in known)
