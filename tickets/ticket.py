"""One matter of one caller, and everything that happened to it."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, append_only
from tickets.statistics.records import SupportEvent
from tickets.vocabulary import (
    Channel,
    Device,
    DidThemselves,
    EventKind,
    HeardOfUs,
    HelpForm,
    Outcome,
    RecordingState,
    TicketStatus,
    Topic,
)
from voice_prompts.language import Language

# Closed and not in the statistics yet; or there, and changed or opened again since.
TO_COUNT: Final = """
CASE WHEN support_event_id IS NULL THEN status = 'closed' AND counted_at IS NULL
ELSE status <> 'closed' OR updated_at IS DISTINCT FROM counted_at END
"""


# Tickets are listed by one of these, newest first; every such index tells the others too, so that a list with several
# conditions walks along an index and reads only the tickets that it shows.
LISTED_BY: Final = {
    "status": "status",
    "language": "language",
    "municipality": "municipality",
    "channel": "channel",
    "outcome": "outcome",
    "organisation": "owner_organisation_id",
}
_TOLD: Final = (*LISTED_BY.values(), "owner_person_id", "non_disclosure", "deadline", "created_at")


def _listed_by(name: str, *columns: str, where: str | None = None) -> Index:
    told = [column for column in _TOLD if column not in columns]
    condition = None if where is None else text(where)
    newest = text("id DESC")
    return Index(name, "network_id", *columns, newest, postgresql_include=told, postgresql_where=condition)


class Ticket(Base):
    """A matter, from whichever way in.

    `matter` tells a caller's matters on one line apart: the topic's code, empty while unnamed, with a running number
    where the caller said that it is another. Name, number, address and text are sealed; an index finds number and address
    unread. `topic` is the matter's own; `topics` are what helpers refined it to. `e_service` is a code of the network's list
    (tickets/e_services.py). `non_disclosure` (turvakielto) hides number and municipality from everybody else. The support
    event that counts it is forgotten here when the ticket is anonymised, so that nothing leads from the one to the other.
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
        Index("ix_ticket_email", "network_id", "email_index", postgresql_where=text("email_index IS NOT NULL")),
        Index(
            "ix_ticket_owner",
            "owner_person_id",
            text("id DESC"),
            postgresql_include=["network_id", "closed_at", *(told for told in _TOLD if told != "owner_person_id")],
            postgresql_where=text("owner_person_id IS NOT NULL"),
        ),
        Index("ix_ticket_closed", "closed_at", postgresql_where=text("closed_at IS NOT NULL")),
        # Whose contact, or whose words, are still there after closing; a ticket reopened since counts anew.
        Index(
            "ix_ticket_contact_kept",
            "network_id",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL AND (contact_gone_at IS NULL OR contact_gone_at < closed_at)"),
        ),
        Index(
            "ix_ticket_text_kept",
            "network_id",
            "closed_at",
            postgresql_where=text("closed_at IS NOT NULL AND (anonymised_at IS NULL OR anonymised_at < closed_at)"),
        ),
        Index("ix_ticket_unfinished", "network_id", "updated_at", postgresql_where=text("status = 'unfinished'")),
        _listed_by("ix_ticket_newest"),
        _listed_by("ix_ticket_open", where="status <> 'closed'"),
        _listed_by("ix_ticket_training", where="training_need"),
        *(_listed_by(f"ix_ticket_by_{name}", column) for name, column in LISTED_BY.items()),
        Index("ix_ticket_created", "network_id", "created_at"),
        Index("ix_ticket_due", "network_id", "deadline", postgresql_where=text("deadline IS NOT NULL")),
        CheckConstraint("(status = 'closed') = (closed_at IS NOT NULL)", name="closed_at"),
        CheckConstraint("feedback BETWEEN 1 AND 3", name="feedback"),
        CheckConstraint("(caller_sealed IS NULL) = (caller_index IS NULL)", name="caller"),
        CheckConstraint("(email_sealed IS NULL) = (email_index IS NULL)", name="email"),
        Index("ix_ticket_to_count", "id", postgresql_where=text(TO_COUNT)),
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
    topics: Mapped[list[str]] = mapped_column(server_default="{}")
    device: Mapped[Device | None]
    e_service: Mapped[str | None]
    on_behalf: Mapped[bool | None]
    access_needs: Mapped[list[str]] = mapped_column(server_default="{}")
    wished_form: Mapped[HelpForm | None]
    heard_of_us: Mapped[HeardOfUs | None]
    municipality: Mapped[str | None]
    non_disclosure: Mapped[bool] = mapped_column(server_default="false")
    name_sealed: Mapped[str | None]
    email_sealed: Mapped[str | None]
    email_index: Mapped[bytes | None]
    caller_sealed: Mapped[str | None]
    caller_index: Mapped[bytes | None]
    can_text: Mapped[bool] = mapped_column(default=False)
    text_sealed: Mapped[str | None]
    outcome: Mapped[Outcome | None]
    did_themselves: Mapped[DidThemselves | None]
    minutes: Mapped[int | None]
    training_need: Mapped[bool] = mapped_column(server_default="false")
    feedback: Mapped[int | None]  # 1 helped, 2 partly, 3 not
    feedback_asked_at: Mapped[datetime | None]
    owner_organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    deadline: Mapped[datetime | None]
    contact_gone_at: Mapped[datetime | None]
    anonymised_at: Mapped[datetime | None]
    support_event_id: Mapped[int | None] = mapped_column(ForeignKey(SupportEvent.id), unique=True)
    counted_at: Mapped[datetime | None]  # the `updated_at` with which it was counted
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TicketAccess(Base):
    """An organisation that a ticket belongs to or was given to: it sees the ticket, and others do not."""

    __tablename__ = "ticket_access"
    __table_args__ = (Index("ix_ticket_access_newest", "organisation_id", text("ticket_id DESC")),)

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    given_at: Mapped[datetime]


class Note(Base):
    """What somebody who worked on a ticket wrote down; sealed. `author` is an actor, such as `person:4`."""

    __tablename__ = "note"

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    author: Mapped[str]
    text_sealed: Mapped[str]
    written_at: Mapped[datetime]


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
    """The caller's spoken message; the sound is sealed, and so is what a person or a machine wrote down of it.

    `discarded`: the caller said it again.
    """

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
    transcript_sealed: Mapped[str | None]
    transcript_by_machine: Mapped[bool] = mapped_column(server_default="false")
    discarded: Mapped[bool] = mapped_column(default=False)
    created_at: Mapped[datetime]
