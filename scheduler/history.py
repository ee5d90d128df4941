"""What else is known of a caller: their other matters, as far as whoever asks may read them, and what we have texted them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from scheduler.outbox import Message, MessageState
from scheduler.sight import leads_to, ways
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import Bearer

MOST: Final = 20


@dataclass(frozen=True, slots=True)
class Texted:
    """A text to the caller: which one, how far it has come; what it says is for them."""

    template: str
    state: MessageState
    at: datetime


def other_matters(session: Session, who: Bearer, ticket: Ticket, *, now: datetime) -> tuple[Ticket, ...]:
    """The same caller's other tickets, by number or address, that somebody may read; the newest first."""
    same: list[ColumnElement[bool]] = []
    if ticket.caller_index is not None:
        same.append(Ticket.caller_index == ticket.caller_index)
    if ticket.email_index is not None:
        same.append(Ticket.email_index == ticket.email_index)
    if not same:
        return ()
    wanted = select(Ticket).where(Ticket.network_id == ticket.network_id, Ticket.id != ticket.id, or_(*same))
    reached = ways(who, Right.READ_TICKETS, now=now)
    wanted = wanted if reached is None else wanted.where(leads_to(reached))
    return tuple(session.scalars(wanted.order_by(Ticket.id.desc()).limit(MOST)))


def texts_to(session: Session, ticket_id: int) -> tuple[Texted, ...]:
    """What we have texted the caller about this ticket, the newest first."""
    rows = session.scalars(
        select(Message).where(Message.ticket_id == ticket_id).order_by(Message.id.desc()).limit(MOST)
    )
    return tuple(Texted(row.template, row.state, row.created_at) for row in rows)
