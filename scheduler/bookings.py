"""A booking as its owner sees it who has its number and its code: how it stands now. What they change, they change by scheduler.promises."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.feedback import ANSWERED_WITHIN, ASKED_ABOUT, asks_feedback
from scheduler.records import Callback, CallbackState
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import Outcome, TicketStatus, Topic

_S = CallbackState
STANDING: Final = (_S.PROMISED, _S.RINGING, _S.TALKING, _S.DEFICIT)
CHANGEABLE: Final = (_S.PROMISED, _S.RINGING, _S.DEFICIT)
MOST_LOOKED_AT: Final = 50  # promises of one number


@dataclass(frozen=True, slots=True)
class Booking:
    """A matter as its owner sees it: the time that stands, if there is one, and whether it can still be changed."""

    ticket_id: int
    topic: Topic | None
    status: TicketStatus
    outcome: Outcome | None
    callback_id: int | None
    starts_at: datetime | None
    changeable: bool
    asks_feedback: bool
    feedback: int | None


_CODES = text("""
SELECT c.ticket_id, c.code_sealed, c.state = ANY(:standing) AS stands
FROM ticket t JOIN callback c ON c.ticket_id = t.id
WHERE t.network_id = ANY(:networks) AND t.caller_index = :index AND c.state <> 'offered'
ORDER BY stands DESC, c.id DESC LIMIT :most
""")


def ticket_with_code(session: Session, networks: Collection[int], e164: str, code: str) -> int | None:
    """The ticket that was promised a time under this code to this number; what stands comes first. None for all that is not so."""
    cipher = cipher_of(session)
    values = {"networks": list(networks), "index": cipher.index_of(e164), "standing": list(STANDING)}
    rows = session.execute(_CODES, {**values, "most": MOST_LOOKED_AT}).all()
    fits = [row.ticket_id for row in rows if compare_digest(cipher.open(row.code_sealed).encode(), code.encode())]
    return fits[0] if fits and code else None


def booking_of(session: Session, ticket_id: int, *, now: datetime, lock: bool = False) -> Booking | None:
    """How a matter stands now; `lock` holds its ticket where it is about to be answered about.

    Never to change its time: that holds the slot and the promise first, as everybody does, and the ticket last.
    """
    ticket = session.get(Ticket, ticket_id, with_for_update=True if lock else None, populate_existing=True)
    if ticket is None:
        return None
    standing = select(Callback).where(Callback.ticket_id == ticket_id, Callback.state.in_(STANDING))
    callback = session.scalars(standing.execution_options(populate_existing=True)).one_or_none()
    return Booking(
        ticket_id,
        ticket.topic,
        ticket.status,
        ticket.outcome,
        None if callback is None else callback.id,
        None if callback is None else callback.starts_at,
        callback is not None and callback.state in CHANGEABLE,
        _asks_feedback(session, ticket, now),
        ticket.feedback,
    )


def _asks_feedback(session: Session, ticket: Ticket, now: datetime) -> bool:
    """Whether it may be answered about: for a fortnight, as by text, and where the network asks or has asked already."""
    if ticket.status is not TicketStatus.CLOSED or ticket.anonymised_at is not None or ticket.closed_at is None:
        return False
    if ticket.outcome not in ASKED_ABOUT or ticket.topic is Topic.HALUAN_AUTTAA:
        return False
    asked_at = ticket.feedback_asked_at
    in_time = now - max(ticket.closed_at, asked_at or ticket.closed_at) < ANSWERED_WITHIN
    return in_time and (asked_at is not None or asks_feedback(session, ticket.network_id))
