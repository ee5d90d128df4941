"""A form that makes something makes it once: pressed twice, or sent again, it changes nothing and leads to the same place."""

import secrets
from datetime import timedelta
from typing import Final

from flask import Flask, abort, redirect, request
from sqlalchemy.orm import Session

from admin.pages import said
from admin.parts import now
from tickets.limits import ask_leave

FIELD: Final = "once"
REMEMBERED: Final = timedelta(days=1)


def install_once(app: Flask) -> None:
    """Give templates the word by which each form that is shown is known."""
    app.jinja_env.globals["form_word"] = lambda: secrets.token_urlsafe(12)


def only_once(session: Session, code: str, place: str) -> None:
    """To be asked when the form is done, and before that is kept: if it was done before, nothing of this stays.

    Whoever sent it is told the same and led to `place`. Filled in otherwise it is another form; a second press waits for
    the first.
    """
    if not request.form.get(FIELD):
        return
    sent = sorted((name, value) for name, value in request.form.items(multi=True) if name != "csrf")
    if not ask_leave(session, f"once {request.path} {sent}", most=1, per=REMEMBERED, now=now()):
        said(code)
        abort(redirect(place, 303))
