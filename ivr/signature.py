"""Is it really the operator who calls? Nothing unsigned is answered."""

from collections.abc import Sequence

from flask import Request
from twilio.request_validator import RequestValidator

HEADER = "X-Twilio-Signature"


def is_from_operator(request: Request, public_url: str, tokens: Sequence[str]) -> bool:
    """Whether one of our tokens signed the request exactly as it was sent.

    The URL is the configured one with the path and query as they came over the wire: a proxy
    changes scheme and host, and a decoded path no longer fits its signature.
    """
    signature = request.headers.get(HEADER, "")
    url = public_url + _path_as_sent(request)
    return any(_signed_with(token, url, request, signature) for token in tokens)


def _signed_with(token: str, url: str, request: Request, signature: str) -> bool:
    # The untouched MultiDict: a flattened or trimmed form would break genuine signatures.
    return bool(RequestValidator(token).validate(url, request.form, signature))


def _path_as_sent(request: Request) -> str:
    raw = request.environ.get("RAW_URI") or request.environ.get("REQUEST_URI")
    if isinstance(raw, str) and raw.startswith("/"):
        return raw
    query = request.query_string.decode("ascii")
    return request.path + (f"?{query}" if query else "")
