"""The blueprint of the helper's pages, and who stands before them: a helper, or somebody with a case of their own."""

from flask import Blueprint, abort
from sqlalchemy.orm import Session

from admin.auth import grid, holder
from admin.parts import now
from scheduler.cases import Doing
from scheduler.sight import ticket_for
from tickets.directory import HelperCard, helper_card
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import actor_of

helper = Blueprint("helper", __name__, url_prefix="/helper")


def own_card(session: Session) -> HelperCard:
    """The helper who is signed in; nobody else has a day of their own here."""
    helper_id = holder().helper_id
    card = None if helper_id is None else helper_card(session, helper_id)
    if card is None or card.network_id != holder().network_id:
        abort(403)
    return card


def own_case(session: Session, code: str, right: Right = Right.READ_TICKETS) -> Ticket:
    """The case of this code, if this right of theirs reaches it; else there is none."""
    return ticket_for(session, holder(), code, right, now=now()) or abort(404)


def doing() -> Doing:
    """Who does it, when, and on which grid."""
    return Doing(now(), actor_of(holder()), grid())
