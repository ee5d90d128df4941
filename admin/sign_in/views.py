"""The pages of the way in and out."""

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.auth import let_out, open_to_all, whoever_is_signed_in
from admin.parts import now, transaction
from admin.sign_in.demo import demo_people
from admin.sign_in.ways import bring_in, own_page
from tickets.sign_ins import How
from tickets.tokens import verify_token

sign_in = Blueprint("sign_in", __name__)


@sign_in.get("/sign-in")
@open_to_all
def show() -> ResponseReturnValue:
    """Show the way in."""
    return _way_in(request.args.get("to"))


@sign_in.post("/sign-in")
@open_to_all
def enter() -> ResponseReturnValue:
    """Let in who has a key."""
    with transaction() as rows:
        who = verify_token(rows, request.form.get("token", "").strip(), now=now())
        if who is not None:
            return bring_in(rows, who, How.KEY, request.form.get("to"))
    return _way_in(request.form.get("to"), refused=True), 401


@sign_in.post("/sign-out")
@open_to_all
def leave() -> ResponseReturnValue:
    """Nobody is signed in here any more."""
    let_out()
    return redirect(url_for("sign_in.show"))


def _way_in(to: str | None, *, refused: bool = False) -> str:
    with transaction() as rows:
        people = demo_people(rows)
    return render_template(
        "sign_in/show.html", to=own_page(to), refused=refused, people=people, signed_in=whoever_is_signed_in()
    )
