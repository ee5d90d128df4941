"""A form that was not shown by us changes nothing: each carries a word that only its own session knows."""

import hmac
import secrets
from typing import Final

from flask import Blueprint, Flask, abort, request, session

WORD: Final = "csrf"


def csrf_word() -> str:
    """The session's word, for the hidden field of a form."""
    if WORD not in session:
        session[WORD] = secrets.token_urlsafe(16)
    return str(session[WORD])


def guard(*pages: Blueprint) -> None:
    """Refuse every change to these pages that lacks the word."""
    for blueprint in pages:
        blueprint.before_request(_check)


def offer_to_templates(app: Flask) -> None:
    """Let templates write `csrf_word()` into their forms."""
    app.jinja_env.globals["csrf_word"] = csrf_word


def _check() -> None:
    if request.method in ("GET", "HEAD", "OPTIONS"):
        return
    if not hmac.compare_digest(csrf_word().encode(), request.form.get(WORD, "").encode()):
        abort(400, "csrf")
