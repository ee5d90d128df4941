"""One matter of one caller, and everything that happened to it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, append_only
from tickets.vocabulary import Channel, EventKind, Outcome, RecordingState, TicketStatus, Topic
from voice_prompts.language import Language


class Ticket(Base):
    """A matter, from whichever way in.

    `matter` tells a caller's matters on one line apart: the topic's code, empty while unnamed, with a running number
    where the caller said that it is another. Number and text are sealed; the index finds the number unread.
    """

    __tablename__ = "ticket"
    __table_args__ = (
        Index(
            "uq_ticket_open_matter",
            "line_id",
            "caller_index",
            "matter",
            unique=True,
            postgresql_where=text("status <> 'closed'"),
        ),
        Index("ix_ticket_caller", "network_id", "caller_index"),
        Index("ix_ticket_newest", "network_id", text("id DESC")),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("(caller_sealed IS NULL) = (caller_index IS NULL)", name="caller"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    code: Mapped[str] = mapped_column(unique=True)
    intake_key: Mapped[str] = mapped_column(unique=True)
    matter: Mapped[str]
    channel: Mapped[Channel]
    status: Mapped[TicketStatus]
    language: Mapped[Language]
    topic: Mapped[Topic | None]
    municipality: Mapped[str | None]
    caller_sealed: Mapped[str | None]
    caller_index: Mapped[bytes | None]
    can_text: Mapped[bool] = mapped_column(default=False)
    text_sealed: Mapped[str | None]
    outcome: Mapped[Outcome | None]
    owner_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    deadline: Mapped[datetime | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TicketEvent(Base):
    """What happened to a ticket: only ever added to, and without personal data. `key` makes a repeated intake harmless."""

    __tablename__ = "ticket_event"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    at: Mapped[datetime]
    kind: Mapped[EventKind]
    actor: Mapped[str]
    details: Mapped[Json]
    key: Mapped[str | None] = mapped_column(unique=True)


append_only(TicketEvent.__table__)


class Recording(Base):
    """The caller's spoken message; the sound is sealed. `discarded`: the caller said it again."""

    __tablename__ = "recording"
    __table_args__ = (CheckConstraint("(state = 'stored') = (media_sealed IS NOT NULL)", name="media"),)

    id: Mapped[Id]
    call_sid: Mapped[str] = mapped_column(index=True)
    turn: Mapped[int]
    recording_sid: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    duration_s: Mapped[int | None]
    state: Mapped[RecordingState]
    media_sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    media_type: Mapped[str | None]
    discarded: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
