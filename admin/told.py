"""The time and the code that were promised a moment ago, for the ears of whom one speaks with."""

from datetime import timedelta
from typing import Final

from flask import request
from itsdangerous import BadSignature, URLSafeSerializer
from sqlalchemy.orm import Session

from admin.auth import holder
from admin.parts import now, parts
from admin.public.times import Booked, booked
from tickets.ticket import Ticket
from tickets.tokens import actor_of

LIFE: Final = timedelta(minutes=30)  # as long as one speaks


def seal_of(ticket: Ticket, callback_id: int) -> str:
    """The right of whoever has just promised it, and nobody else's, to read the code; to residents' pages it is nothing."""
    return str(_signer().dumps([actor_of(holder()), ticket.id, callback_id, int(now().timestamp())]))


def told_now(session: Session, ticket: Ticket) -> Booked | None:
    """What the seal in the address shows, where it is the reader's own, of this ticket, and fresh."""
    try:
        actor, ticket_id, callback_id, given_s = _signer().loads(request.args.get("seal", ""))
    except BadSignature:
        return None
    is_own = actor == actor_of(holder()) and ticket_id == ticket.id
    return booked(session, callback_id) if is_own and now().timestamp() - given_s <= LIFE.total_seconds() else None


def _signer() -> URLSafeSerializer:
    return URLSafeSerializer(parts().settings.secret_key, salt="digilinja desk told")
