"""Callers for whom there was no time: first come, first served in their language."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.errands import Errand
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


_FREED = text("""
INSERT INTO job (kind, key, run_at, payload, state, attempts)
SELECT :kind, concat_ws('\\:', CAST(:about AS text), CAST(:moment AS text), pg_current_xact_id()), :now,
    jsonb_build_object('network', CAST(:network AS bigint)), 'waiting', 0
WHERE EXISTS (SELECT FROM waiting WHERE network_id = :network AND state = 'waiting')
ON CONFLICT (key) DO NOTHING
""")


def note_freed(session: Session, network_id: int, *, now: datetime) -> None:
    """There may be a time now for who waits: once a transaction, and only where somebody waits. One statement."""
    # A key of its own for every transaction: a shared row would make those who free places wait for one another.
    about, moment = f"{Errand.FREED}:network-{network_id}", f"{now:%Y%m%dT%H%M%S}"
    values = {"kind": Errand.FREED, "about": about, "moment": moment, "network": network_id, "now": now}
    session.execute(_FREED, values)
