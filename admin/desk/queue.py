"""The queue: what is open, with whoever has waited for the coordinator first."""

from datetime import datetime
from typing import Final

from sqlalchemy import and_, case, func, select
from sqlalchemy.orm import Session

from admin.ticket_list import TicketLine, with_promises
from scheduler.records import LIVE, Callback
from scheduler.sight import sees
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import Bearer
from tickets.vocabulary import TicketStatus

MOST_AT_ONCE: Final = 300
_S = TicketStatus
# Who waits for a person comes first, then who has no time, then the promised ones by their time.
URGENCY: Final = {
    _S.WITH_COORDINATOR: 0,
    _S.OPEN: 1,
    _S.UNFINISHED: 2,
    _S.AWAITING_OUTCOME: 3,
    _S.WITH_OWNER: 4,
    _S.CALLING: 5,
    _S.PROMISED: 6,
    _S.CLOSED: 7,
}

_URGENCY: Final = case({status.value: rank for status, rank in URGENCY.items()}, value=Ticket.status)
_DUE: Final = func.coalesce(Ticket.deadline, Callback.starts_at, Ticket.created_at)


def open_tickets(session: Session, who: Bearer, *, closed_too: bool, now: datetime) -> tuple[TicketLine, ...]:
    """The tickets that somebody may list, in the order in which a coordinator wants them."""
    mine = sees(who, Right.LIST_TICKETS, now=now)
    is_open = Ticket.status != _S.CLOSED
    first = select(Ticket).outerjoin(Callback, and_(Callback.ticket_id == Ticket.id, Callback.state.in_(LIVE)))
    first = first.where(mine, is_open).order_by(_URGENCY, _DUE, Ticket.id).limit(MOST_AT_ONCE)
    tickets = list(session.scalars(first))
    if closed_too:
        closed = select(Ticket).where(mine, ~is_open).order_by(Ticket.id.desc())
        tickets += session.scalars(closed.limit(MOST_AT_ONCE - len(tickets)))
    return tuple(sorted(with_promises(session, tickets), key=_place))


def _place(line: TicketLine) -> tuple[int, datetime]:
    """Its urgency, then what is due first: deadline, promised time, arrival."""
    due = line.ticket.deadline or (line.callback.starts_at if line.callback else line.ticket.created_at)
    return URGENCY[line.ticket.status], due
