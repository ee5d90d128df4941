"""What helpers say of their own time, as rows: when they can and cannot, and the calendars that say it for them."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words


class Says(StrEnum):
    """What a helper says of a span of time; busy is what their own calendar says."""

    CAN = "can"
    CANNOT = "cannot"
    BUSY = "busy"


class BusyCalendar(Base):
    """A helper's own calendar, read now and then for when they are busy; its address is a secret of theirs."""

    __tablename__ = "busy_calendar"

    id: Mapped[Id]
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"), unique=True)
    url_sealed: Mapped[str]
    added_at: Mapped[datetime]
    read_at: Mapped[datetime | None]
    failed: Mapped[str | None]


class Availability(Base):
    """A span in which a helper can, cannot, or is busy."""

    __tablename__ = "availability"
    __table_args__ = (
        CheckConstraint("NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)", name="during"),
        CheckConstraint("(says = 'busy') = (calendar_id IS NOT NULL)", name="calendar"),
        Index("ix_availability_helper", "helper_id", "during"),
    )

    id: Mapped[Id]
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"))
    during: Mapped[Range[datetime]]
    says: Mapped[Says] = mapped_column(words(Says))
    calendar_id: Mapped[int | None] = mapped_column(ForeignKey("busy_calendar.id"), index=True)


class CalendarFeed(Base):
    """A secret address under which a calendar can be followed: a helper's own places, or an organisation's rota."""

    __tablename__ = "calendar_feed"
    __table_args__ = (CheckConstraint("num_nonnulls(helper_id, organisation_id) = 1", name="whose"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
