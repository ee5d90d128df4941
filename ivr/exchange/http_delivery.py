"""Webhooks over real HTTP, with Twilio's patience: 5 s to connect, 15 s to answer."""

from __future__ import annotations

import http.client
import logging
from concurrent.futures import Future, ThreadPoolExecutor
from threading import RLock
from urllib.parse import urlencode, urlsplit

from ivr.exchange.mail import CONNECT_SECONDS, READ_SECONDS, attempt
from ivr.exchange.messages import Deliver, Take, WebhookRequest, WebhookResponse

_log = logging.getLogger(__name__)


def deliver_over_http(request: WebhookRequest) -> WebhookResponse:
    """Send one request and return its answer; raises OSError when there is none in time."""
    parts = urlsplit(request.url)
    kind = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=CONNECT_SECONDS)
    try:
        connection.connect()
        connection.sock.settimeout(READ_SECONDS)
        path = parts.path + (f"?{parts.query}" if parts.query else "")
        body, headers = _body(request)
        connection.request(request.method, path or "/", body, headers)
        answer = connection.getresponse()
        fields = {name.lower(): value for name, value in answer.getheaders()}
        return WebhookResponse(answer.status, fields.get("content-type", ""), answer.read(), fields)
    finally:
        connection.close()


class Messengers:
    """Delivers webhooks in threads of their own, so that one slow answer holds up no other call."""

    def __init__(self, lock: RLock, deliver: Deliver = deliver_over_http, *, count: int = 16) -> None:
        self._lock = lock
        self._deliver = deliver
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="webhook")

    def __call__(self, request: WebhookRequest, take: Take) -> None:
        """Deliver soon; `take` gets the answer under the exchange's lock."""
        self._threads.submit(self._carry, request, take).add_done_callback(_complain)

    def stop(self) -> None:
        """Send nothing more."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    def _carry(self, request: WebhookRequest, take: Take) -> None:
        answer = attempt(self._deliver, request)
        with self._lock:
            take(answer)


def _body(request: WebhookRequest) -> tuple[str | None, dict[str, str]]:
    if request.method == "GET":
        return None, dict(request.headers)
    form_type = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"}
    return urlencode(request.form), dict(request.headers) | form_type


def _complain(future: Future[None]) -> None:
    if not future.cancelled() and future.exception() is not None:
        _log.error("a call broke on the exchange", exc_info=future.exception())
