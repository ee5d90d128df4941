"""What happened to a ticket, told in order: codes and numbers only, never a caller's words."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, select
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
    id: int


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
    return _told(session, select(TicketEvent).where(TicketEvent.ticket_id == ticket_id).order_by(TicketEvent.id))


def latest_of(session: Session, ticket_id: int, *, most: int, before: int | None = None) -> tuple[Happening, ...]:
    """The last so many things that happened to a ticket, newest first; `before` is the number of the one before which to begin."""
    wanted = select(TicketEvent).where(TicketEvent.ticket_id == ticket_id)
    wanted = wanted if before is None else wanted.where(TicketEvent.id < before)
    # By the ticket's own list: the newest of all would be walked from the end of the log otherwise.
    few = wanted.order_by(TicketEvent.ticket_id.desc(), TicketEvent.id.desc())
    return _told(session, few.limit(most))


def _told(session: Session, wanted: Select[TicketEvent]) -> tuple[Happening, ...]:
    rows = session.scalars(wanted)
    return tuple(Happening(row.at, row.kind, row.actor, row.details, row.id) for row in rows)
