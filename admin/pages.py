"""What all pages share: the way in and out, and what is shown when something is wrong."""

from flask import Blueprint, Flask, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.exc import DataError
from werkzeug.exceptions import BadRequest, HTTPException

from admin.api.problems import asked_by_a_program, of_exception
from admin.auth import open_to_all, remember
from tickets.rights import Right
from tickets.tokens import Bearer

sign_in = Blueprint("sign_in", __name__)


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
    return redirect(_own_page(request.form.get("to")) or url_for(_home_of(bearer)))


@sign_in.post("/sign-out")
@open_to_all
def leave() -> ResponseReturnValue:
    """Forget who was signed in."""
    session.clear()
    return redirect(url_for("sign_in.show"))


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
    return "relay.cases" if bearer.may(Right.READ_RELAY) and not rings_back else "helper.today"


def _own_page(path: str | None) -> str:
    """A page of ours to go on to; whatever leads elsewhere is left out."""
    inside = path is not None and path.startswith(("/admin/", "/helper/", "/relay/")) and "\\" not in path
    return path if inside and path else ""
