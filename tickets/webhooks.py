"""Programs elsewhere that are told what happens to tickets: whom, how far they have been told, and what is on its way."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words


class DeliveryState(StrEnum):
    """How far the telling of one event has come."""

    WAITING = "waiting"
    DELIVERED = "delivered"
    FAILED = "failed"


class Stopped(StrEnum):
    """Why a program is told nothing more."""

    GONE = "gone"  # it answered 410
    FAILING = "failing"  # for more than a day it took nothing


class Webhook(Base):
    """A program that is told: where, under which secret, of which events (all, where none is named).

    Events of a number up to `told_from` came before it asked; up to `cursor` all have been written down as deliveries, and
    up to `horizon` those that could be seen when the transaction `horizon_xid` was the next to begin.
    """

    __tablename__ = "webhook"
    __table_args__ = (CheckConstraint("(stopped IS NULL) = (stopped_at IS NULL)", name="stopped_at"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    address_sealed: Mapped[str]
    secret_sealed: Mapped[str]
    events: Mapped[list[str]]
    told_from: Mapped[int]
    cursor: Mapped[int]
    horizon: Mapped[int]
    horizon_xid: Mapped[int] = mapped_column(server_default="0")
    trouble: Mapped[str | None]
    delivered_at: Mapped[datetime | None]
    stopped: Mapped[Stopped | None] = mapped_column(words(Stopped))
    stopped_at: Mapped[datetime | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class WebhookDelivery(Base):
    """One event on its way to one program: the same body under the same id in each try."""

    __tablename__ = "webhook_delivery"
    __table_args__ = (
        UniqueConstraint("webhook_id", "event_id"),
        Index("ix_webhook_delivery_waiting", "webhook_id", "id", postgresql_where=text("state = 'waiting'")),
        Index("ix_webhook_delivery_settled", "settled_at", postgresql_where=text("settled_at IS NOT NULL")),
        CheckConstraint("(state = 'waiting') = (settled_at IS NULL)", name="settled"),
    )

    id: Mapped[Id]
    webhook_id: Mapped[int] = mapped_column(ForeignKey("webhook.id"))
    event_id: Mapped[int]
    body: Mapped[str]
    state: Mapped[DeliveryState] = mapped_column(words(DeliveryState))
    tries: Mapped[int] = mapped_column(server_default="0")
    trouble: Mapped[str | None]
    made_at: Mapped[datetime]
    settled_at: Mapped[datetime | None]
