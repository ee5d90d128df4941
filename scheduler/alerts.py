"""What a coordinator must hear of."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.records import Callback
from scheduler.rota.records import Shift
from tickets.records import Base, Id, Json


class AlertKind(StrEnum):
    """What an alert is about."""

    DEFICIT = "deficit"
    SHORT = "short"
    BUSY = "busy"  # somebody holds a place and is busy then by their own calendar


class Alert(Base):
    """Something that a coordinator must know of; one row for each thing and version of it, until somebody has seen it."""

    __tablename__ = "alert"
    __table_args__ = (Index("ix_alert_unseen", "network_id", "at", postgresql_where=text("seen_at IS NULL")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    callback_id: Mapped[int | None] = mapped_column(ForeignKey(Callback.id), index=True)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id), index=True)
    details: Mapped[Json]
    resolved_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]
