"""A time was told earlier in the call: what the matter has of it now."""

from sqlalchemy import and_, select
from sqlalchemy.orm import Session

from ivr.effects import HeldPromise, PromiseNow
from scheduler.records import Callback, CallbackState
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus

_PROMISED = (CallbackState.PROMISED, CallbackState.RINGING, CallbackState.TALKING, CallbackState.DEFICIT)


def promise_now(session: Session, ticket_id: int) -> PromiseNow:
    """The promise of a ticket, whichever time it has been moved to; one statement."""
    promised = and_(Callback.ticket_id == Ticket.id, Callback.state.in_(_PROMISED))
    row = session.execute(
        select(Ticket.status, Callback.id, Callback.starts_at, Callback.code_sealed)
        .outerjoin(Callback, promised)
        .where(Ticket.id == ticket_id)
    ).one()
    if row.id is None:
        return PromiseNow(closed=row.status is TicketStatus.CLOSED)
    return PromiseNow(HeldPromise(row.id, ticket_id, row.starts_at, cipher_of(session).open(row.code_sealed)))
