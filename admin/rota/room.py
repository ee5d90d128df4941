"""What all pages of the rota share: their way in, who asks, and what is shown to whoever asks for another's."""

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.api.operations import Asked, Refused
from admin.auth import grid, holder
from admin.parts import now
from admin.people.choosing import name_in

rota = Blueprint("rota", __name__, url_prefix="/admin/rota")


def asked(session: Session) -> Asked:
    """Who asks, as the use cases and the API's own rules of reach are told."""
    return Asked(session, holder(), now(), grid())


def name_sought() -> str:
    """The name, or the part of one, by which the address looks for somebody."""
    return name_in(request.args.get("name", ""))


def turn_away(error: Refused) -> ResponseReturnValue:
    """It is there, but another organisation's or everybody's; or it is not there."""
    if error.status == 404:
        abort(404)
    return render_template("rota/not_yours.html", back=url_for("rota.week")), error.status


rota.register_error_handler(Refused, turn_away)
