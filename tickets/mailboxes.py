"""Mailboxes that people write to, and which message belongs to which ticket."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words
from voice_prompts.language import Written


class MailTrouble(StrEnum):
    """Why a mailbox could not be read."""

    UNREACHABLE = "unreachable"
    LOG_IN_REFUSED = "log_in_refused"
    NO_FOLDER = "no_folder"
    REFUSED = "refused"


class Came(StrEnum):
    """What a message was to us."""

    OPENED = "opened"
    ADDED = "added"
    REOPENED = "reopened"


class Mailbox(Base):
    """A mailbox that we read: what is written to it is a matter on its line.

    `address` is what people write to. A `paused` one is left alone for a while. `busy_until`: a worker reads it; one that died is not waited for longer.
    """

    __tablename__ = "mailbox"
    __table_args__ = (Index("uq_mailbox_address", "address", unique=True, postgresql_where=text("active")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    address: Mapped[str]
    host: Mapped[str]
    port: Mapped[int]
    user_name: Mapped[str]
    password_sealed: Mapped[str]
    folder: Mapped[str]
    done_folder: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)
    paused: Mapped[bool] = mapped_column(server_default="false")
    busy_until: Mapped[datetime | None]
    read_at: Mapped[datetime | None]
    trouble: Mapped[MailTrouble | None] = mapped_column(words(MailTrouble))
    created_at: Mapped[datetime]


class MailMessage(Base):
    """A message that was taken. Its id and that of our answer are found unread, by keyed hashes.

    The names of attachments that we did not take are kept, sealed, until the answer has told them. `language` is the
    writer's. `key` names the message, so that it is taken once. One that is not `whole` was too large to be kept so.
    """

    __tablename__ = "mail_message"
    __table_args__ = (
        UniqueConstraint("key"),
        Index("ix_mail_message_index", "message_index", postgresql_where=text("message_index IS NOT NULL")),
        Index("ix_mail_message_answer", "answer_index"),
    )

    id: Mapped[Id]
    mailbox_id: Mapped[int] = mapped_column(ForeignKey("mailbox.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    key: Mapped[str]
    came: Mapped[Came] = mapped_column(words(Came))
    language: Mapped[Written] = mapped_column(words(Written))
    message_id_sealed: Mapped[str | None]
    message_index: Mapped[bytes | None]
    answer_index: Mapped[bytes]
    refused_sealed: Mapped[str | None]
    whole: Mapped[bool]
    arrived_at: Mapped[datetime]
    answered_at: Mapped[datetime | None]
