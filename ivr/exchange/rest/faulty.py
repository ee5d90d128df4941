"""REST requests going wrong on demand, around the WSGI app that would answer them."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from ivr.exchange.faults import Faults, RestFault, RestRule

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class AnswerLostError(ConnectionError):
    """The connection broke after the request was done; the asker never learns what came of it."""


class Faulty:
    """A WSGI app whose answers may be refused, lost or spoilt."""

    def __init__(self, app: WSGIApplication, faults: Faults) -> None:
        self._app = app
        self._faults = faults

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        path = environ["PATH_INFO"]
        rest = path.startswith("/2010-04-01/")
        rule = self._faults.for_rest(environ["REQUEST_METHOD"], path) if rest else None
        if rule is None:
            return self._app(environ, start_response)
        if rule.fault is not RestFault.REFUSE:
            self._do(environ)
        if rule.fault is RestFault.LOSE_ANSWER:
            raise AnswerLostError("the answer was lost")
        return _spoilt(rule, start_response)

    def _do(self, environ: WSGIEnvironment) -> None:
        body = self._app(environ, lambda *_: lambda _: None)
        for _ in body:
            pass
        if hasattr(body, "close"):
            body.close()


def _spoilt(rule: RestRule, start_response: StartResponse) -> Iterable[bytes]:
    start_response(f"{rule.status} Error", [("Content-Type", "application/json")])
    answer = {"code": rule.code, "message": "The exchange was asked to fail", "status": rule.status}
    return [json.dumps(answer).encode()]
