"""Errors in the shape that Twilio gives them."""

from __future__ import annotations

from flask import Response, jsonify


class RestError(Exception):
    """A request that is refused, with Twilio's code."""

    def __init__(self, status: int, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.status = status
        self.code = code
        self.message = message


def not_found(what: str) -> RestError:
    """There is no such thing in this account."""
    return RestError(404, 20404, f"The requested resource {what} was not found")


def refused(code: int, message: str) -> RestError:
    """The request cannot be met as it stands."""
    return RestError(400, code, message)


def shown(error: RestError) -> Response:
    """The answer to a refused request."""
    answer = jsonify(
        code=error.code,
        message=error.message,
        more_info=f"https://www.twilio.com/docs/errors/{error.code}",
        status=error.status,
    )
    answer.status_code = error.status
    if error.status == 401:
        answer.headers["WWW-Authenticate"] = 'Basic realm="Twilio API"'
    return answer
