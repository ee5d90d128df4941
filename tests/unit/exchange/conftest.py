"""A small world for the exchange's tests: a product of canned documents, a clock, one line."""

import logging
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client
from werkzeug.test import Client as WsgiClient

from ivr.exchange import Exchange, Habits, VirtualClock, WebhookRequest, WebhookResponse
from ivr.exchange.app import make_app

LINE = "+358942412345"
Document = str | WebhookResponse | Callable[[WebhookRequest], str]


class Product:
    """Answers webhooks with canned TwiML by path, and remembers what it was asked."""

    def __init__(self) -> None:
        self.documents: dict[str, Document] = {}
        self.seen: list[WebhookRequest] = []

    def __call__(self, request: WebhookRequest) -> WebhookResponse:
        self.seen.append(request)
        document = self.documents.get(urlsplit(request.url).path, "<Response/>")
        if callable(document):
            document = document(request)
        if isinstance(document, WebhookResponse):
            return document
        return WebhookResponse(200, "text/xml; charset=utf-8", document.encode())

    def forms(self, path: str) -> list[dict[str, str]]:
        """The parameters of every request to a path."""
        return [dict(r.form) for r in self.seen if urlsplit(r.url).path == path]


class World:
    """An exchange on a virtual clock, its product, and one line that asks the product."""

    def __init__(self) -> None:
        self.clock = VirtualClock(datetime(2026, 11, 24, 10, 0, tzinfo=ZoneInfo("Europe/Helsinki")))
        self.product = Product()
        self.exchange = Exchange.on(self.clock, self.product)
        self.line = self.exchange.add_line(LINE, "http://product.test/call", name="Digituki")
        self.caller = self.exchange.phone("+358401112233")
        self.helper = self.exchange.phone("+358405556677")

    def answers(self, path: str, twiml: Document) -> None:
        """Let the product answer this path with these verbs."""
        if isinstance(twiml, str):
            twiml = f"<Response>{twiml}</Response>"
        self.product.documents[path] = twiml

    def with_habits(self, **habits: object) -> None:
        """Let the exchange behave differently."""
        self.exchange.office.habits = Habits(**habits)


class InProcess(HttpClient):
    """Carries the client's requests straight to the WSGI app."""

    def __init__(self, app):
        super().__init__(logging.getLogger("twilio"), is_async=False)
        self._client = WsgiClient(app)

    def request(
        self, method, url, params=None, data=None, headers=None, auth=None, timeout=None, allow_redirects=False
    ):
        path = url.split("twilio.com", 1)[1]
        answer = self._client.open(path, method=method, query_string=params, data=data, headers=headers, auth=auth)
        return Response(answer.status_code, answer.get_data(as_text=True))


@pytest.fixture(scope="session")
def make_world() -> type[World]:
    """What makes a fresh world, for tests that need many."""
    return World


@pytest.fixture
def world() -> World:
    """A fresh world."""
    return World()


@pytest.fixture
def twilio(world):
    """Twilio's client, signed in to the exchange's account."""
    office = world.exchange.office
    app = make_app(world.exchange)
    return Client(office.account_sid, office.auth_token, http_client=InProcess(app))
