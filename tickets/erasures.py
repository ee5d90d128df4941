"""What has been erased on request: how much, when and by whom, and marks by which it is erased again after a restore."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, append_only


class Erasure(Base):
    """One erasure; `counts` says how many rows of what, and nothing says whose they were."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_newest", "network_id", text("id DESC")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    counts: Mapped[Json]


append_only(Erasure.__table__)


class ErasedMark(Base):
    """A keyed hash of a ticket, helper or person that was erased: an old backup is known by it, and nobody is."""

    __tablename__ = "erased_mark"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(index=True)
