"""Legal hold: a ticket, and all that belongs to it, is kept whatever its term, until a day that is named at the start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, Select, func, select, text, update
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind

LONGEST: Final = timedelta(days=3 * 365)


class LegalHold(Base):
    """A ticket that must be kept; why is sealed. `told_at`: when its end was written to the ticket."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(ticket_id, ticket_id, '[]')"), "&&"), ("during", "&&"), name="ex_legal_hold_one_at_a_time"
        ),
        CheckConstraint("NOT lower_inf(during) AND NOT upper_inf(during)", name="during"),
        Index("ix_legal_hold_standing", "network_id", postgresql_where=text("told_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    during: Mapped[Range[datetime]]
    reason_sealed: Mapped[str]
    placed_by: Mapped[str]
    told_at: Mapped[datetime | None]
