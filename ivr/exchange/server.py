"""The exchange in real seconds: a web server for its API and phones, and a thread for its events."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from typing import Self

from werkzeug.serving import WSGIRequestHandler, make_server

from ivr.exchange.app import make_app
from ivr.exchange.espeak import EspeakVoice
from ivr.exchange.http_delivery import Messengers, deliver_over_http
from ivr.exchange.office import Habits
from ivr.exchange.switchboard import Exchange
from ivr.exchange.voice import Voice

_log = logging.getLogger(__name__)


def serve_exchange(
    port: int,
    account_sid: str,
    auth_token: str,
    now: Callable[[], datetime],
    *,
    host: str = "127.0.0.1",
    voice: Voice | None = None,
    habits: Habits | None = None,
    pace: float = 1.0,
) -> RunningExchange:
    """Start an exchange on this port (0: any free one) and return it running.

    `now` is the product's clock, which may run faster; calls run `pace` times as fast as real seconds.
    """
    running = RunningExchange(account_sid, auth_token, now, voice or EspeakVoice(), pace)
    running.start(host, port, habits or Habits())
    return running


class RunningExchange:
    """An exchange with its server and its threads; also a context manager that stops them."""

    def __init__(
        self,
        account_sid: str,
        auth_token: str,
        now: Callable[[], datetime],
        voice: Voice,
        pace: float,
    ) -> None:
        self._pace = pace
        self.exchange = Exchange(account_sid, auth_token, deliver_over_http, now=now, timer=self._timer, voice=voice)
        lock = self.exchange.office.lock
        self._changed = threading.Condition(lock)
        self._messengers = Messengers(lock)
        self._stopping = False
        self._threads: list[threading.Thread] = []
        self.url = ""

    def start(self, host: str, port: int, habits: Habits) -> None:
        """Open the port and begin to run events."""
        office = self.exchange.office
        app = make_app(self.exchange)
        self._server = make_server(host, port, app, threaded=True, request_handler=_QuietHandler)
        self.url = f"http://{host}:{self._server.port}"
        if habits.api_url == Habits().api_url:
            habits = replace(habits, api_url=self.url)
        office.habits = habits
        office.agenda.changed = self._changed.notify_all
        self.exchange.deliver_by(self._messengers)
        for name, work in (("exchange-web", self._server.serve_forever), ("exchange", self._run)):
            thread = threading.Thread(target=work, name=name, daemon=True)
            thread.start()
            self._threads.append(thread)

    def wait(self) -> None:
        """Block until the exchange is stopped from another thread or by a signal."""
        for thread in self._threads:
            thread.join()

    def stop(self) -> None:
        """Close the port and let nothing more happen; calls in progress are lost."""
        with self._changed:
            self._stopping = True
            self._changed.notify_all()
        self._messengers.stop()
        self._server.shutdown()
        self._server.server_close()
        for thread in self._threads:
            thread.join(timeout=5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _timer(self) -> float:
        return time.monotonic() * self._pace

    def _run(self) -> None:
        while True:
            with self._changed:
                if self._stopping:
                    return
                at = self.exchange.next_event_at()
                if at is None or at > self._timer():
                    self._changed.wait(self._patience(at))
                    continue
            try:
                self.exchange.run_due()
            except Exception:
                _log.exception("an event broke on the exchange")

    def _patience(self, at: float | None) -> float | None:
        return None if at is None else max(0.001, (at - self._timer()) / self._pace)


class _QuietHandler(WSGIRequestHandler):
    """Does not print a line for every poll of a phone."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""
