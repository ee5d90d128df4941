"""What all pages of the rota share: their way in, who asks, and what is shown to whoever asks for another's."""

from typing import Final

from flask import Blueprint, abort, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.api.operations import Asked, Refused
from admin.auth import grid, holder
from admin.parts import now
from admin.people.choosing import LONGEST_NAME

rota = Blueprint("rota", __name__, url_prefix="/admin/rota")
LARGEST_ID: Final = 2**63 - 1


def asked(session: Session) -> Asked:
    """Who asks, as the use cases and the API's own rules of reach are told."""
    return Asked(session, holder(), now(), grid())


def number(typed: str | None) -> int | None:
    """The number of a row as a form or address names it; None for what can be none."""
    if typed is None or not typed.isascii() or not typed.isdigit() or len(typed) > len(str(LARGEST_ID)):
        return None
    return int(typed) if int(typed) <= LARGEST_ID else None


def name_sought() -> str:
    """The name, or the part of one, by which the address looks for somebody."""
    return request.args.get("name", "").replace("\0", "").strip()[:LONGEST_NAME]


def turn_away(error: Refused) -> ResponseReturnValue:
    """It is there, but another organisation's or everybody's; or it is not there."""
    if error.status == 404:
        abort(404)
    return render_template("rota/not_yours.html", back=url_for("rota.week")), error.status


rota.register_error_handler(Refused, turn_away)
