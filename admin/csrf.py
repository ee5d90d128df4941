"""A form that was not shown by us changes nothing: each carries a word that only its own session knows."""

import hmac
import secrets
from collections.abc import Collection
from typing import Final

from flask import Blueprint, Flask, abort, request, session

WORD: Final = "csrf"
READING: Final = ("GET", "HEAD", "OPTIONS")
LATER: Final = "csrf_later"  # this view asks for the word itself, once it knows who is there


def csrf_word() -> str:
    """The session's word, for the hidden field of a form."""
    if WORD not in session:
        session[WORD] = secrets.token_urlsafe(16)
    return str(session[WORD])


def guard(app: Flask, pages: Collection[Blueprint]) -> None:
    """Refuse every change to these pages that lacks the word, and let templates write it into their forms."""
    names = {page.name for page in pages}
    app.jinja_env.globals["csrf_word"] = csrf_word

    @app.before_request
    def check() -> None:
        if request.blueprint in names and not hasattr(app.view_functions[request.endpoint or ""], LATER):
            require_word()


def require_word() -> None:
    """Refuse a change that lacks the word."""
    if request.method not in READING and not _is_word(request.form.get(WORD, "")):
        abort(400)


def _is_word(given: str) -> bool:
    return hmac.compare_digest(csrf_word().encode(), given.encode())
