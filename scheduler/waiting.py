"""Callers for whom there was no time: first come, first served in their language."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words
from voice_prompts.language import Language


class WaitingState(StrEnum):
    """How a caller's waiting stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"


class Waiting(Base):
    """A ticket for which there was no time; first come, first served in its language."""

    __tablename__ = "waiting"
    __table_args__ = (
        Index("uq_waiting_once", "ticket_id", unique=True, postgresql_where=text("state IN ('waiting', 'offered')")),
        Index(
            "ix_waiting_line",
            "network_id",
            "language",
            "since",
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    language: Mapped[Language]
    since: Mapped[datetime]
    state: Mapped[WaitingState] = mapped_column(words(WaitingState))
    times_offered: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]
