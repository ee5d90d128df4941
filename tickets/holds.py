"""Legal hold: a ticket, and all that belongs to it, is kept whatever its term, until a day that is named at the start."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, false, func, select, text, tuple_, update
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind

LONGEST: Final = timedelta(days=3 * 365)


class LegalHold(Base):
    """A ticket that must be kept; why is sealed. `told_at`: when its end was written to the ticket."""

    __tablename__ = "legal_hold"
    __table_args__ = (
        ExcludeConstraint(
            (text("int8range(ticket_id, ticket_id, '[]')"), "&&"), ("during", "&&"), name="ex_legal_hold_one_at_a_time"
        ),
        CheckConstraint("NOT lower_inf(during) AND NOT upper_inf(during)", name="during"),
        Index("ix_legal_hold_standing", "network_id", postgresql_where=text("told_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), index=True)
    during: Mapped[Range[datetime]]
    reason_sealed: Mapped[str]
    placed_by: Mapped[str]
    told_at: Mapped[datetime | None]


class HoldRefusal(StrEnum):
    """Why a ticket cannot be held, or a hold not ended; the values are in the API."""

    NOT_FOUND = "not_found"
    HELD_ALREADY = "held_already"
    NOT_HELD = "not_held"
    NOTHING_LEFT = "nothing_left"
    NOT_AHEAD = "not_ahead"
    TOO_LONG = "too_long"
    NO_REASON = "no_reason"


@dataclass(frozen=True, slots=True)
class Hold:
    """A hold as a coordinator reads it; `placed_by` is an actor, such as `person:4`."""

    ticket_code: str
    since: datetime
    until: datetime
    reason: str
    placed_by: str


def place_hold(
    session: Session, ticket_id: int, reason: str, until: datetime, *, now: datetime, actor: str
) -> HoldRefusal | None:
    """Keep a ticket, and all that belongs to it, until then; what is gone already is not brought back."""
    refusal = _not_a_hold(reason, until, now)
    if refusal is not None:
        return refusal
    ticket = session.get(Ticket, ticket_id, with_for_update=True, populate_existing=True)
    if ticket is None:
        return HoldRefusal.NOT_FOUND
    if ticket.anonymised_at is not None:
        return HoldRefusal.NOTHING_LEFT
    if held(session, [ticket_id], now=now):
        return HoldRefusal.HELD_ALREADY
    session.add(
        LegalHold(
            network_id=ticket.network_id,
            ticket_id=ticket_id,
            during=Range(now, until),
            reason_sealed=cipher_of(session).seal(reason.strip()),
            placed_by=actor,
        )
    )
    note_event(session, ticket_id, EventKind.HELD, actor, now=now, until=until.isoformat())
    return None


def release_hold(session: Session, ticket_id: int, *, now: datetime, actor: str) -> HoldRefusal | None:
    """End a hold before its day."""
    ended = session.scalar(
        update(LegalHold)
        .where(LegalHold.ticket_id == ticket_id, LegalHold.during.contains(now))
        .values(during=func.tstzrange(func.lower(LegalHold.during), now), told_at=now)
        .returning(LegalHold.id)
    )
    if ended is None:
        return HoldRefusal.NOT_HELD
    note_event(session, ticket_id, EventKind.RELEASED, actor, now=now)
    return None


def held(session: Session, tickets: Collection[int], *, now: datetime) -> frozenset[int]:
    """Which of these tickets are held now."""
    holds = select(LegalHold.ticket_id).where(LegalHold.ticket_id.in_(tickets), LegalHold.during.contains(now))
    return frozenset(session.scalars(holds))


def holds_of(
    session: Session,
    network_id: int,
    *,
    now: datetime,
    among: ColumnElement[bool],
    most: int | None = None,
    after: str | None = None,
) -> tuple[Hold, ...]:
    """What is held in a network among the tickets that fit, those that end first before the others.

    `after` is the code of the ticket after which a page begins.
    """
    ends = func.upper(LegalHold.during)
    standing = (LegalHold.network_id == network_id, LegalHold.told_at.is_(None), LegalHold.during.contains(now), among)
    wanted = select(LegalHold, Ticket.code).join(Ticket, Ticket.id == LegalHold.ticket_id).where(*standing)
    if after is not None:
        last = session.execute(select(ends, LegalHold.id).join(Ticket).where(*standing, Ticket.code == after)).first()
        wanted = wanted.where(false() if last is None else tuple_(ends, LegalHold.id) > tuple(last))
    rows = session.execute(wanted.order_by(ends, LegalHold.id).limit(most))
    return tuple(_shown(session, hold, code) for hold, code in rows)


def end_holds(session: Session, *, now: datetime) -> int:
    """Write to the tickets whose hold has ended by itself that it has; how many those were."""
    over = session.scalars(
        select(LegalHold)
        .where(LegalHold.told_at.is_(None), func.upper(LegalHold.during) <= now)
        .with_for_update(skip_locked=True)
    ).all()
    for hold in over:
        assert hold.during.upper is not None
        note_event(session, hold.ticket_id, EventKind.RELEASED, "line", now=hold.during.upper)
        hold.told_at = now
    session.flush()
    return len(over)


def _not_a_hold(reason: str, until: datetime, now: datetime) -> HoldRefusal | None:
    if not reason.strip():
        return HoldRefusal.NO_REASON
    if until <= now:
        return HoldRefusal.NOT_AHEAD
    return HoldRefusal.TOO_LONG if until > now + LONGEST else None


def _shown(session: Session, hold: LegalHold, code: str) -> Hold:
    since, until = hold.during.lower, hold.during.upper
    assert since is not None
    assert until is not None
    return Hold(code, since, until, cipher_of(session).open(hold.reason_sealed), hold.placed_by)
