"""The statistics as rows: one support event a matter, their sums by month, campaigns, indicators."""

from datetime import date, datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json
from tickets.vocabulary import (
    Channel,
    Device,
    DidThemselves,
    HeardOfUs,
    HelperKind,
    HelpForm,
    Outcome,
)
from voice_prompts.language import Language


class SupportEvent(Base):
    """One matter that was dealt with, without anything that says whose: it outlives its ticket, and names none.

    `day` is when the matter came, by Helsinki's clock, and `hour_band` the hour at which its band of three hours begins. The areas
    are those of the municipality on the day of writing; all are empty where the caller's are not to be told. `wait_minutes`
    is from the matter's coming to the first ring at the caller. `promises` are those that stood when their time came.
    """

    __tablename__ = "support_event"
    __table_args__ = (
        Index("ix_support_event_day", "network_id", "day"),
        Index("ix_support_event_campaign_id", "campaign_id"),
        CheckConstraint("hour_band BETWEEN 0 AND 21 AND hour_band % 3 = 0", name="hour_band"),
        CheckConstraint("kept BETWEEN 0 AND promises", name="kept"),
        CheckConstraint("feedback BETWEEN 1 AND 3", name="feedback"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    day: Mapped[date]
    hour_band: Mapped[int]
    channel: Mapped[Channel]
    language: Mapped[Language]
    municipality: Mapped[str | None]
    subregion: Mapped[str | None]
    region: Mapped[str | None]
    wellbeing_county: Mapped[str | None]
    topics: Mapped[list[str]]
    e_service: Mapped[str | None]
    device: Mapped[Device | None]
    helper_kind: Mapped[HelperKind | None]
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    wait_minutes: Mapped[int | None]
    same_day: Mapped[bool]
    promises: Mapped[int]
    kept: Mapped[int]
    attempts: Mapped[int]
    minutes: Mapped[int | None]
    rang_again: Mapped[int]
    outcome: Mapped[Outcome | None]
    did_themselves: Mapped[DidThemselves | None]
    on_behalf: Mapped[bool | None]
    wished_form: Mapped[HelpForm | None]
    heard_of_us: Mapped[HeardOfUs | None]
    feedback: Mapped[int | None]
    training_need: Mapped[bool]
    campaign_id: Mapped[int | None] = mapped_column(ForeignKey("campaign.id", ondelete="SET NULL"))


ALL: Final = -1  # the organisation of sums over all of them


class SupportMonth(Base):
    """The sums of a month's support events with one value of one dimension: of one organisation (0: nobody's) or of all (-1).

    What a report reads, so that it takes as long however many events there are. An empty `value` is "not told". `matters`
    are the events that were for digital support and not taken back. `waits` are {minutes: events}, in the steps of
    `counting`.
    """

    __tablename__ = "support_month"
    __table_args__ = (Index("ix_support_month_month", "network_id", "month"),)

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    organisation_id: Mapped[int] = mapped_column(primary_key=True)
    dimension: Mapped[str] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    value: Mapped[str] = mapped_column(primary_key=True)
    events: Mapped[int]
    matters: Mapped[int]
    same_day: Mapped[int]
    solved: Mapped[int]
    promises: Mapped[int]
    kept: Mapped[int]
    rang_again: Mapped[int]
    training: Mapped[int]
    answered: Mapped[int]
    helped: Mapped[int]
    minutes: Mapped[int]
    waits: Mapped[Json]


class SupportMonthDue(Base):
    """A month whose events have changed since they were summed; its row is the lock of whoever counts or sums."""

    __tablename__ = "support_month_due"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    due: Mapped[bool]


class Campaign(Base):
    """A stretch of days, the last one with it, in which the line was made known; no municipalities: everywhere."""

    __tablename__ = "campaign"
    __table_args__ = (CheckConstraint("begins <= ends", name="days"), Index("ix_campaign_days", "network_id", "begins"))

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    name: Mapped[str]
    begins: Mapped[date]
    ends: Mapped[date]
    municipalities: Mapped[list[str]] = mapped_column(server_default="{}")
    medium: Mapped[HeardOfUs]


class Indicator(Base):
    """A figure that a coordinator has from elsewhere, with where it is from and of when; `area` as the source calls it."""

    __tablename__ = "indicator"
    __table_args__ = (
        CheckConstraint("begins <= ends", name="days"),
        Index("ix_indicator_days", "network_id", "begins"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    name: Mapped[str]
    value: Mapped[float]
    unit: Mapped[str]
    begins: Mapped[date]
    ends: Mapped[date]
    area: Mapped[str]
    source: Mapped[str]
    source_date: Mapped[date]
    entered_by: Mapped[str]
    entered_at: Mapped[datetime]


# The campaign that an event counts for, as a subquery about a row with network_id, day and municipality: the last to begin.
CAMPAIGN_OF: Final = """
SELECT c.id FROM campaign c WHERE c.network_id = {event}.network_id AND {event}.day BETWEEN c.begins AND c.ends
    AND (c.municipalities = '{{}}' OR {event}.municipality = ANY(c.municipalities))
ORDER BY c.begins DESC, c.id DESC LIMIT 1
"""
