"""A program on this machine that is posted to: it keeps what came, and answers as it is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread


@dataclass(frozen=True, slots=True)
class Letter:
    """One thing that was posted."""

    path: str
    body: bytes
    headers: Mapping[str, str]


@dataclass(slots=True)
class Receiver:
    """Who is posted to; `statuses` are the next answers, and `status` every answer after them."""

    url: str
    status: int
    headers: Mapping[str, str]
    statuses: list[int] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)


@contextmanager
def receiver(status: int = 202, *, before: Callable[[], object] | None = None, **headers: str) -> Iterator[Receiver]:
    """A receiver while it stands; `before` is waited for before it answers."""
    there = Receiver("", status, headers)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
            there.letters.append(Letter(self.path, body, dict(self.headers)))
            if before is not None:
                before()
            self.send_response(there.statuses.pop(0) if there.statuses else there.status)
            for name, value in there.headers.items():
                self.send_header(name, value)
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as httpd:
        httpd.handle_error = lambda *_: None  # type: ignore[method-assign]
        there.url = f"http://127.0.0.1:{httpd.server_port}"
        thread = Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield there
        finally:
            httpd.shutdown()
            thread.join()
