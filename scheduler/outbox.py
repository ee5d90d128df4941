"""Texts on their way to callers and helpers: written down before they are sent, so that none goes twice."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.alerts import Alert
from scheduler.letters import Letter
from tickets.records import Base, Id, words
from tickets.store import cipher_of


class MessageState(StrEnum):
    """How far a text has come; the later ones are the operator's word."""

    SENDING = "sending"
    SENT = "sent"
    DELIVERED = "delivered"
    FAILED = "failed"


FINAL = (MessageState.DELIVERED, MessageState.FAILED)


class Message(Base):
    """One text to a caller about a ticket, to a helper, or to the coordinator about an alert; what it says is sealed."""

    __tablename__ = "message"
    __table_args__ = (CheckConstraint("num_nonnulls(ticket_id, helper_id, alert_id) = 1", name="about"),)

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), index=True)
    alert_id: Mapped[int | None] = mapped_column(ForeignKey(Alert.id), index=True)
    line_id: Mapped[int] = mapped_column(ForeignKey("line.id"))
    template: Mapped[str]
    body_sealed: Mapped[str]
    state: Mapped[MessageState] = mapped_column(words(MessageState))
    message_sid: Mapped[str | None] = mapped_column(unique=True)
    error_code: Mapped[int | None]
    created_at: Mapped[datetime]
    updated_at: Mapped[datetime]


def write_message(session: Session, letter: Letter, key: str, *, now: datetime) -> Message:
    """The text's row, before it is sent; the same key gives the row that is there already."""
    session.execute(
        insert(Message)
        .values(
            key=key,
            ticket_id=letter.ticket_id,
            helper_id=letter.helper_id,
            alert_id=letter.alert_id,
            line_id=letter.line.id,
            template=letter.template,
            body_sealed=cipher_of(session).seal(letter.body),
            state=MessageState.SENDING,
            created_at=now,
            updated_at=now,
        )
        .on_conflict_do_nothing(index_elements=[Message.key])
    )
    return session.scalars(select(Message).where(Message.key == key)).one()


def mark_sent(session: Session, message_id: int, message_sid: str, *, now: datetime) -> None:
    """The operator has taken the text."""
    _settle(session, message_id, MessageState.SENT, now, message_sid=message_sid)


def mark_failed(session: Session, message_id: int, code: int | None, *, now: datetime) -> None:
    """The operator will not deliver the text."""
    _settle(session, message_id, MessageState.FAILED, now, error_code=code)


def mark_delivered(session: Session, message_id: int, *, now: datetime) -> None:
    """The text lies in the phone it went to."""
    _settle(session, message_id, MessageState.DELIVERED, now)


def _settle(session: Session, message_id: int, state: MessageState, now: datetime, **values: object) -> None:
    # News may come twice and out of order: what is final stays.
    session.execute(
        update(Message)
        .where(Message.id == message_id, Message.state.notin_(FINAL))
        .values(state=state, updated_at=now, **values)
    )
