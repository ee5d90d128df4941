"""Where people can come: tour stops, events, groups; on which days; and how many came."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ARRAY, CheckConstraint, Date, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, words


class GatheringKind(StrEnum):
    """What sort of gathering."""

    TOUR_STOP = "tour_stop"
    EVENT = "event"
    DROP_IN = "drop_in"
    COURSE = "course"


class Gathering(Base):
    """Something to come to: on `first_day`, or on days by `rrule` (RFC 5545) from it on, and on `more_days`; hours on the wall.

    Its days stand as occasions, written out a year ahead. Names and places in at least one language; `languages` are those in
    which people are helped there, none where any will do.
    """

    __tablename__ = "gathering"
    __table_args__ = (
        UniqueConstraint("network_id", "code"),
        CheckConstraint("num_nonnulls(name_fi, name_sv) >= 1", name="name"),
        CheckConstraint("begins < ends", name="hours"),
        CheckConstraint("num_nonnulls(address_fi, address_sv) = 0 OR municipality IS NOT NULL", name="where"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    code: Mapped[str]  # by which a spreadsheet knows it
    kind: Mapped[GatheringKind] = mapped_column(words(GatheringKind))
    name_fi: Mapped[str | None]
    name_sv: Mapped[str | None]
    about_fi: Mapped[str | None]
    about_sv: Mapped[str | None]
    place_fi: Mapped[str | None]
    place_sv: Mapped[str | None]
    address_fi: Mapped[str | None]
    address_sv: Mapped[str | None]
    postcode: Mapped[str | None]
    municipality: Mapped[str | None]
    first_day: Mapped[date]
    rrule: Mapped[str | None]
    more_days: Mapped[list[date]] = mapped_column(ARRAY(Date))
    begins: Mapped[time]
    ends: Mapped[time]
    must_register: Mapped[bool]
    phone: Mapped[str | None]
    web: Mapped[str | None]
    topics: Mapped[list[str]]
    languages: Mapped[list[str]]
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


class Occasion(Base):
    """One day of a gathering; `called_off_at` where it is not held after all: it stays, so that calendars learn of it."""

    __tablename__ = "occasion"
    __table_args__ = (
        UniqueConstraint("gathering_id", "starts_at"),
        CheckConstraint("starts_at < ends_at", name="span"),
        Index("ix_occasion_starts_at", "starts_at"),
    )

    id: Mapped[Id]
    gathering_id: Mapped[int] = mapped_column(ForeignKey("gathering.id"))
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    version: Mapped[int] = mapped_column(default=0)
    changed_at: Mapped[datetime]
    called_off_at: Mapped[datetime | None]


class GatheringReport(Base):
    """How a held occasion went, in numbers only: people, what about, in which languages, minutes, who helped. Nobody is named.

    `topics` and `languages` are counts, {code: people}; `volunteers` and `staff` are those who helped.
    """

    __tablename__ = "gathering_report"
    __table_args__ = (CheckConstraint("people >= 0 AND volunteers >= 0 AND staff >= 0 AND minutes > 0", name="counts"),)

    occasion_id: Mapped[int] = mapped_column(ForeignKey("occasion.id"), primary_key=True, autoincrement=False)
    people: Mapped[int]
    topics: Mapped[Json]
    languages: Mapped[Json]
    minutes: Mapped[int]
    volunteers: Mapped[int]
    staff: Mapped[int]
    entered_at: Mapped[datetime]
    entered_by: Mapped[str]  # an actor, such as `person:4`
