"""The directory read: entries page by page, the days ahead, how days went."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from itertools import groupby
from typing import Final

from sqlalchemy import ColumnElement, func, select, true
from sqlalchemy.orm import Session, aliased

from tickets.entries import Entry
from tickets.gatherings import Gathering, GatheringReport, Occasion
from tickets.vocabulary import Topic
from voice_prompts.speech import HELSINKI

DAYS_SHOWN: Final = 10


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries are listed: about a topic, in a municipality, in use and due for review on a day; after a code."""

    topic: Topic | None = None
    municipality: str | None = None
    overdue_on: date | None = None
    after: str | None = None
    limit: int = 50


def listed(session: Session, kind: type[Entry], network_id: int, wanted: Wanted) -> tuple[Sequence[Entry], str | None]:
    """A page of entries by code, and the code after which the next one begins."""
    found = select(kind).where(kind.network_id == network_id, *_conditions(kind, wanted))
    rows = session.scalars(found.order_by(kind.code).limit(wanted.limit + 1)).all()
    return rows[: wanted.limit], rows[wanted.limit - 1].code if len(rows) > wanted.limit else None


def next_days(session: Session, gatherings: Collection[int], *, now: datetime) -> Mapping[int, tuple[Occasion, ...]]:
    """The next days of these gatherings, called off ones too, by the gathering's number."""
    coming = (
        select(Occasion)
        .where(Occasion.gathering_id == Gathering.id, Occasion.ends_at > now)
        .order_by(Occasion.starts_at)
        .limit(DAYS_SHOWN)
        .lateral()
    )
    day = aliased(Occasion, coming)
    rows = session.scalars(
        select(day)
        .select_from(Gathering)
        .join(day, true())
        .where(Gathering.id.in_(gatherings))
        .order_by(day.gathering_id, day.starts_at)
    )
    return {number: tuple(days) for number, days in groupby(rows, lambda one: one.gathering_id)}


def days_reported(
    session: Session, gathering_id: int, *, now: datetime, limit: int = DAYS_SHOWN
) -> Sequence[tuple[Occasion, GatheringReport | None]]:
    """The latest days of a gathering that have begun, and what was reported of each; the latest first."""
    rows = session.execute(
        select(Occasion, GatheringReport)
        .outerjoin(GatheringReport, GatheringReport.occasion_id == Occasion.id)
        .where(Occasion.gathering_id == gathering_id, Occasion.starts_at <= now)
        .order_by(Occasion.starts_at.desc())
        .limit(limit)
    )
    return [(row[0], row[1]) for row in rows]


def days_between(
    session: Session, network_id: int, since: datetime, until: datetime, *, municipality: str | None = None
) -> Sequence[tuple[Gathering, Occasion]]:
    """Every day in a stretch on which something is held or was called off, in a municipality if given; the earliest first."""
    found = (
        select(Gathering, Occasion)
        .join(Occasion, Occasion.gathering_id == Gathering.id)
        .where(Gathering.network_id == network_id, Occasion.starts_at >= since, Occasion.starts_at < until)
        .order_by(Occasion.starts_at, Occasion.id)
    )
    if municipality is not None:
        found = found.where(Gathering.municipality == municipality)
    return [(row[0], row[1]) for row in session.execute(found)]


def reports_between(
    session: Session, network_id: int, since: date, until: date
) -> Sequence[tuple[Gathering, Occasion, GatheringReport]]:
    """What was reported of the days from `since` to `until`, both included, in Finland; the earliest first."""
    first, last = (datetime.combine(day, time(), HELSINKI) for day in (since, until + timedelta(days=1)))
    rows = session.execute(
        select(Gathering, Occasion, GatheringReport)
        .join(Occasion, Occasion.gathering_id == Gathering.id)
        .join(GatheringReport, GatheringReport.occasion_id == Occasion.id)
        .where(Gathering.network_id == network_id, Occasion.starts_at >= first, Occasion.starts_at < last)
        .order_by(Occasion.starts_at, Occasion.id)
    )
    return [(row[0], row[1], row[2]) for row in rows]


def _conditions(kind: type[Entry], wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.topic is not None:
        conditions.append(func.array_position(kind.topics, wanted.topic.value).is_not(None))
    if wanted.after is not None:
        conditions.append(kind.code > wanted.after)
    table = kind.__table__.c
    if wanted.municipality is not None:
        conditions.append(table.municipality == wanted.municipality)
    if wanted.overdue_on is not None:
        conditions += [table.active, table.review_due <= wanted.overdue_on]
    return conditions
