"""What all pages share: the way in and out, and what is shown when something is wrong."""

from collections.abc import Mapping
from typing import Final

from flask import Blueprint, Flask, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from markupsafe import Markup
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from admin.api.problems import asked_by_a_program, of_exception
from admin.auth import KEY_ID, open_to_all, remember
from tickets.rights import Right
from tickets.tokens import Bearer

sign_in = Blueprint("sign_in", __name__)
NO_PAGE: Final = "sign_in.entered"


@sign_in.get("/sign-in")
@open_to_all
def show() -> ResponseReturnValue:
    """Show the way in."""
    return render_template("sign_in.html", to=_own_page(request.args.get("to")), refused=False)


@sign_in.post("/sign-in")
@open_to_all
def enter() -> ResponseReturnValue:
    """Let in who has a token."""
    bearer = remember(request.form.get("token", ""))
    if bearer is None:
        return render_template("sign_in.html", to=_own_page(request.form.get("to")), refused=True), 401
    home = _home_of(bearer)
    to = "" if home == NO_PAGE else _own_page(request.form.get("to"))  # any page would show them the way in again
    return redirect(to or url_for(home))


@sign_in.get("/signed-in")
@open_to_all
def entered() -> ResponseReturnValue:
    """Say that the key opened, to whoever's role has no page of its own."""
    if KEY_ID not in session:
        return redirect(url_for("sign_in.show"))
    return render_template("signed_in.html")


@sign_in.post("/sign-out")
@open_to_all
def leave() -> ResponseReturnValue:
    """Forget who was signed in."""
    session.clear()
    return redirect(url_for("sign_in.show"))


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


def _home_of(bearer: Bearer) -> str:
    if bearer.may(Right.LIST_TICKETS):
        return "desk.queue"
    rings_back = bearer.helper_id is not None and bearer.may(Right.TAKE_PLACES)
    if bearer.may(Right.READ_RELAY) and not rings_back:
        return "relay.cases"
    if bearer.may(Right.TAKE_PLACES):
        return "helper.today"
    return "prompts.everything" if bearer.may(Right.EDIT_PROMPTS) else NO_PAGE


def _own_page(path: str | None) -> str:
    """A page of ours to go on to; whatever leads elsewhere is left out."""
    inside = path is not None and path.startswith(("/admin/", "/helper/", "/relay/")) and "\\" not in path
    return path if inside and path else ""
