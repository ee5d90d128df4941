"""What all pages share: what their fields are made with, what was done, and what is shown when something is wrong."""

from collections.abc import Mapping

from flask import Flask, flash, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from admin.api.problems import asked_by_a_program, of_exception


def said(code: str) -> None:
    """Let the next page say that something is done, in its `word('said', code)`."""
    flash(code, "said")


def furnish(app: Flask) -> None:
    """Give templates what their fields are made with: `{{ {'max_length': 5} | spelled }}` is `max-length="5"`."""
    app.jinja_env.filters["spelled"] = _spelled


def _spelled(attributes: Mapping[str, object]) -> Markup:
    told = ((name.replace("_", "-"), value) for name, value in attributes.items() if value not in (None, False))
    return Markup("").join(Markup(' {}="{}"').format(name, "" if value is True else value) for name, value in told)


def say_what_is_wrong(app: Flask) -> None:
    """Show a page for every mistake, ours and theirs; the API has its own form for them."""
    app.register_error_handler(HTTPException, _sorry)
    app.register_error_handler(DataError, _no_such_text)


def _sorry(error: HTTPException) -> ResponseReturnValue:
    if error.response is not None:
        return error.response
    if asked_by_a_program():
        return of_exception(error)
    return render_template("error.html", code=error.code), error.code or 500


def _no_such_text(_error: DataError) -> ResponseReturnValue:
    """A text or number that no row can hold was typed into an address: theirs to mend, and nothing is broken."""
    return _sorry(BadRequest())
