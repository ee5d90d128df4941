"""The directory as people look through it: what should be looked at again comes first, what is to come comes soonest."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, Generic, TypeVar

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session, aliased

from tickets.entries import Entry, Reviewed
from tickets.gatherings import Gathering, Occasion
from tickets.materials import Material
from tickets.points import ReferralPoint
from tickets.vocabulary import Topic

A_PAGE: Final = 25
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Sought:
    """What somebody looks for: words, a topic, a municipality, only what is due for review on a day; from which row on."""

    words: str = ""
    topic: Topic | None = None
    municipality: str | None = None
    due_on: date | None = None
    first: int = 0


@dataclass(frozen=True, slots=True)
class Found(Generic[T]):
    """A page of what was found, and whether more follows."""

    rows: Sequence[T]
    more: bool


def to_review(session: Session, kind: type[Reviewed], network_id: int, sought: Sought) -> Found[Reviewed]:
    """Places or material: whatever is in use first, and of that what has waited longest for its review."""
    table = kind.__table__.c
    rows = session.scalars(
        select(kind)
        .where(kind.network_id == network_id, *_conditions(kind, sought))
        .order_by(table.active.desc(), table.review_due, kind.code)
        .offset(sought.first)
        .limit(A_PAGE + 1)
    ).all()
    return Found(rows[:A_PAGE], len(rows) > A_PAGE)


def overdue(session: Session, kind: type[Reviewed], network_id: int, on: date) -> int:
    """How many in use should have been looked at by this day."""
    table = kind.__table__.c
    due = select(func.count()).where(kind.network_id == network_id, table.active, table.review_due <= on)
    return session.scalar(due) or 0


def coming_first(session: Session, network_id: int, sought: Sought, *, now: datetime) -> Found[Gathering]:
    """Gatherings by their next day; then those without one, and last those that are held no more."""
    coming = (
        select(Occasion)
        .where(Occasion.gathering_id == Gathering.id, Occasion.ends_at > now, Occasion.called_off_at.is_(None))
        .order_by(Occasion.starts_at)
        .limit(1)
        .lateral()
    )
    following = aliased(Occasion, coming)
    rows = session.scalars(
        select(Gathering)
        .outerjoin(following, true())
        .where(Gathering.network_id == network_id, *_conditions(Gathering, sought))
        .order_by(Gathering.cancelled_at.is_not(None), following.starts_at.asc().nulls_last(), Gathering.code)
        .offset(sought.first)
        .limit(A_PAGE + 1)
    ).all()
    return Found(rows[:A_PAGE], len(rows) > A_PAGE)


def _conditions(kind: type[Entry], sought: Sought) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    table = kind.__table__.c
    if sought.words:
        conditions.append(or_(*(table[name].icontains(sought.words, autoescape=True) for name in _NAMES[kind])))
    if sought.topic is not None:
        conditions.append(func.array_position(kind.topics, sought.topic.value).is_not(None))
    if sought.municipality is not None and "municipality" in table:
        conditions.append(table.municipality == sought.municipality)
    if sought.due_on is not None:
        conditions += [table.active, table.review_due <= sought.due_on]
    return conditions


_NAMES: Final = {
    ReferralPoint: ("name_fi", "name_sv", "address_fi", "address_sv"),
    Gathering: ("name_fi", "name_sv", "place_fi", "place_sv"),
    Material: ("title", "about", "url"),
}
