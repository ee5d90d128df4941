"""The exchange in real seconds, over real HTTP on loopback, fifty times as fast as a person."""

import http.client
import socket
import threading
from base64 import b64encode
from datetime import UTC, datetime

import pytest
from flask import Flask, Response, request
from werkzeug.serving import make_server

from ivr.exchange import CallStatus, Habits, WebhookRequest
from ivr.exchange.http_delivery import deliver_over_http
from ivr.exchange.server import serve_exchange
from ivr.exchange.voice import SilentVoice

ACCOUNT, TOKEN = "AC" + "1" * 32, "token"


class RealProduct:
    """A product on a real port, which remembers what it was asked."""

    def __init__(self):
        self.forms, self.over = [], threading.Event()
        app = Flask("product")
        app.add_url_rule("/<path:path>", view_func=self.answer, methods=["GET", "POST"])
        self.server = make_server("127.0.0.1", 0, app, threaded=True)
        self.url = f"http://127.0.0.1:{self.server.port}"
        self.thread = threading.Thread(target=self.server.serve_forever)
        self.thread.start()

    def answer(self, path):
        self.forms.append((path, request.form.to_dict()))
        if path == "status":
            self.over.set()
        return Response("<Response><Say>Hei</Say></Response>", mimetype="text/xml")

    def stop(self):
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


@pytest.fixture
def product():
    product = RealProduct()
    yield product
    product.stop()


@pytest.fixture
def running(product):
    """An exchange that runs, with a line that asks the product."""

    def now():
        return datetime.now(UTC)

    with serve_exchange(0, ACCOUNT, TOKEN, now, voice=SilentVoice(), pace=50) as running:
        running.exchange.add_line("+358942412345", f"{product.url}/call", status_url=f"{product.url}/status")
        yield running


def test_a_whole_call_happens_by_itself(product, running):
    call = running.exchange.phone("+358401112233").dial("+358942412345")
    assert product.over.wait(10)
    assert call.words == "Hei"
    assert [path for path, _ in product.forms] == ["call", "status"]
    assert product.forms[0][1]["From"] == "+358401112233"


def test_a_call_placed_over_http_rings_a_phone(product, running):
    phone = running.exchange.phone("+358401112233")
    phone.answers(after=1)
    form = f"To=%2B358401112233&From=%2B358942412345&Url={product.url}/ring&StatusCallback={product.url}/status"
    status, _ = post(running.url, f"/2010-04-01/Accounts/{ACCOUNT}/Calls.json", form)
    assert status == 201
    assert product.over.wait(10)
    assert phone.calls[0].status is CallStatus.COMPLETED


def test_recordings_are_told_to_be_where_the_exchange_really_is(running):
    assert running.exchange.office.habits.api_url == running.url


def test_the_exchange_leaves_nothing_behind_when_it_stops(product, running):
    running.stop()
    with pytest.raises(ConnectionRefusedError):
        post(running.url, "/phone", "")
    assert not [t for t in threading.enumerate() if t.name in ("exchange", "exchange-web")]


def test_a_product_that_is_not_there_is_a_lost_webhook():
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    with pytest.raises(OSError, match="refused"):
        deliver_over_http(WebhookRequest("POST", f"http://127.0.0.1:{port}/", {}, {}))


def test_a_get_webhook_has_no_body(product):
    answer = deliver_over_http(WebhookRequest("GET", f"{product.url}/sound?a=b", {}, {}))
    assert (answer.status, answer.content_type) == (200, "text/xml; charset=utf-8")


def test_an_address_given_for_the_exchange_is_kept():
    habits = Habits(api_url="http://exchange.example")
    with serve_exchange(0, ACCOUNT, TOKEN, lambda: datetime.now(UTC), voice=SilentVoice(), habits=habits) as one:
        assert one.exchange.office.habits.api_url == "http://exchange.example"


def post(url, path, body):
    connection = http.client.HTTPConnection(url.removeprefix("http://"), timeout=10)
    try:
        headers = {"Content-Type": "application/x-www-form-urlencoded", "Authorization": basic()}
        connection.request("POST", path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def basic():
    return "Basic " + b64encode(f"{ACCOUNT}:{TOKEN}".encode()).decode()
