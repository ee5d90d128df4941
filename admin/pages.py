"""What all pages share: what their fields are made with, what was done, and what is shown when something is wrong."""

from collections.abc import Mapping
from typing import Final

from flask import Flask, flash, g, render_template
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from admin.api.problems import asked_by_a_program, of_exception

_OPENS: Final = Markup("<!--field:")
_CLOSES: Final = Markup("-->")


def said(code: str) -> None:
    """Let the next page say that something is done, in its `word('said', code)`."""
    flash(code, "said")


def furnish(app: Flask) -> None:
    """Give templates what their fields are made with: `{{ {'max_length': 5} | spelled }}` is `max-length="5"`."""
    app.jinja_env.filters.update(spelled=_spelled, naming_fields=_naming_fields)
    app.jinja_env.globals.update(called=_called, name_of=_name_of)


def _called(field: str, label: str) -> None:
    """Keep what a field is labelled on this page."""
    g.setdefault("field_labels", {})[field] = label


def _name_of(field: str) -> Markup:
    """The place of a field's label above the fields: what it says is known once they are drawn."""
    return _OPENS + field + _CLOSES


def _naming_fields(page: Markup) -> Markup:
    """The page with each of those places filled; a field that the page does not draw has no name."""
    labels: Mapping[str, str] = g.get("field_labels", {})
    begins, *rest = page.split(_OPENS)
    for part in rest:
        field, _, after = part.partition(_CLOSES)
        begins += Markup("{}: ").format(labels[field]) + after if field in labels else after
    return begins


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
