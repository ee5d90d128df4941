"""What happened to a ticket, told in order: codes and numbers only, never a caller's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from tickets.ticket import TicketEvent
from tickets.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened: when, what, by whom (such as `person:4`), and what belongs to it."""

    at: datetime
    kind: EventKind
    actor: str
    details: Mapping[str, object]


def note_event(
    session: Session,
    ticket_id: int,
    kind: EventKind,
    actor: str,
    *,
    now: datetime,
    key: str | None = None,
    **details: object,
) -> bool:
    """Write down what happened; False when it had been written under this key before.

    `details` are codes, numbers and moments in ISO form: a caller's words would stay in the log for good.
    """
    values = {"ticket_id": ticket_id, "at": now, "kind": kind, "actor": actor, "details": details, "key": key}
    written = session.execute(insert(TicketEvent).values(values).on_conflict_do_nothing().returning(TicketEvent.id))
    return written.first() is not None


def timeline_of(session: Session, ticket_id: int) -> tuple[Happening, ...]:
    """Everything that happened to a ticket, oldest first."""
    rows = session.scalars(select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id))
    return tuple(Happening(row.at, row.kind, row.actor, row.details) for row in rows)
