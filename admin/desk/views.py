"""What a coordinator opens in the morning."""

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from admin.auth import holder, signed_in
from admin.desk.queue import open_tickets
from admin.parts import now, transaction
from tickets.rights import Right

desk = Blueprint("desk", __name__, url_prefix="/admin")


@desk.get("/")
@signed_in(Right.LIST_TICKETS)
def queue() -> ResponseReturnValue:
    """Show the queue."""
    closed_too = "all" in request.args
    with transaction() as session:
        lines = open_tickets(session, holder(), closed_too=closed_too, now=now())
    may_edit = holder().may(Right.EDIT_PROMPTS) is not None
    return render_template(
        "desk/queue.html", lines=lines, closed_too=closed_too, moment=now(), may_edit_prompts=may_edit
    )
