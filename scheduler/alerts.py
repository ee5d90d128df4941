"""What a coordinator must hear of, until somebody has seen it or it is over by itself."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import (
    BigInteger,
    ColumnElement,
    Date,
    ForeignKey,
    Index,
    Row,
    Select,
    and_,
    cast,
    func,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.records import Callback
from scheduler.rota.records import Shift
from scheduler.sight import Ways, leads_to
from tickets.network import Helper
from tickets.records import Base, Id, Json
from tickets.ticket import Ticket


class AlertKind(StrEnum):
    """What an alert is about."""

    DEFICIT = "deficit"
    SHORT = "short"
    BUSY = "busy"  # somebody holds a place and is busy then by their own calendar
    BADGE = "badge"  # somebody's badge expires within a month
    RULES = "rules"  # somebody has not accepted the rules that are asked for within a week
    RELAY = "relay"  # nobody in the network has taken a case for days
    CHANNEL = "channel"  # an address that relays are posted to takes nothing
    MAIL = "mail"  # somebody writes more in a day than is taken; the rest waits in the mailbox
    WEBHOOK = "webhook"  # a program that is told what happens takes nothing, and is told nothing more


class Alert(Base):
    """Something that a coordinator must know of; one row for each thing and version of it, until somebody has seen it."""

    __tablename__ = "alert"
    __table_args__ = (
        Index("ix_alert_open", "network_id", "id", postgresql_where=text("seen_at IS NULL AND resolved_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime]
    callback_id: Mapped[int | None] = mapped_column(ForeignKey(Callback.id), index=True)
    shift_id: Mapped[int | None] = mapped_column(ForeignKey(Shift.id), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), index=True)
    details: Mapped[Json]
    resolved_at: Mapped[datetime | None]
    seen_at: Mapped[datetime | None]
    seen_by: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class AlertCard:
    """An alert as a coordinator reads it.

    `starts_at` is when the promise or the shift that it is about begins, `due_on` the day on which a helper's papers run out.
    """

    id: int
    kind: AlertKind
    at: datetime
    ticket_code: str | None
    shift_id: int | None
    helper_id: int | None
    due_on: date | None
    starts_at: datetime | None
    resolved_at: datetime | None
    seen_at: datetime | None
    seen_by: str | None


@dataclass(frozen=True, slots=True)
class Concerning:
    """Whom an alert concerns: those to whose tickets `ways` lead, and an organisation by its helpers, its shifts and everybody's."""

    ways: Ways
    organisation_id: int | None


def alerts_of(
    session: Session,
    network_id: int,
    *,
    seen: bool = False,
    resolved: bool = False,
    most: int = 100,
    before: int | None = None,
    concerning: Concerning | None = None,
    without: AlertKind | None = None,
) -> tuple[AlertCard, ...]:
    """The open alerts of a network, or those that concern somebody, newest first; also the seen and the over where asked for.

    `before` is the number of an alert after which a page begins; `without` a kind that is told elsewhere.
    """
    wanted = _open(network_id, concerning, without, seen=seen, resolved=resolved)
    wanted += [] if before is None else [_A.id < before]
    rows = session.execute(_joined(_CARD).where(*wanted).order_by(_A.id.desc()).limit(most))
    return tuple(_card(row) for row in rows)


def alert_of(session: Session, network_id: int, alert_id: int, concerning: Concerning | None) -> AlertCard | None:
    """One alert that concerns somebody, seen or over or not; None where there is none of this number."""
    wanted = _open(network_id, concerning, None, seen=True, resolved=True)
    row = session.execute(_joined(_CARD).where(_A.id == alert_id, *wanted)).first()
    return None if row is None else _card(row)


def how_many_alerts(
    session: Session,
    network_id: int,
    *,
    most: int,
    concerning: Concerning | None = None,
    without: AlertKind | None = None,
) -> int:
    """How many open alerts there are, as far as we count."""
    wanted = _open(network_id, concerning, without, seen=False, resolved=False)
    found = _joined([_A.id]).where(*wanted).limit(most)
    return session.scalar(select(func.count()).select_from(found.subquery())) or 0


_A = Alert
_TICKET: Final = func.coalesce(Callback.ticket_id, cast(Alert.details["ticket"].astext, BigInteger))
_CARD: Final[Sequence[Any]] = (
    _A.id,
    _A.kind,
    _A.at,
    Ticket.code,
    _A.shift_id,
    _A.helper_id,
    cast(_A.details["on"].astext, Date),
    func.coalesce(Callback.starts_at, func.lower(Shift.during)),
    _A.resolved_at,
    _A.seen_at,
    _A.seen_by,
)


def _card(row: Row[*tuple[Any, ...]]) -> AlertCard:
    key, kind, *rest = row
    return AlertCard(key, AlertKind(kind), *rest)


def _joined(told: Sequence[Any]) -> Select[*tuple[Any, ...]]:
    found = select(*told).select_from(_A).outerjoin(Callback, Callback.id == _A.callback_id)
    return found.outerjoin(Ticket, Ticket.id == _TICKET).outerjoin(Shift, Shift.id == _A.shift_id)


def _open(
    network_id: int, concerning: Concerning | None, without: AlertKind | None, *, seen: bool, resolved: bool
) -> list[ColumnElement[bool]]:
    asked = [_A.network_id == network_id]
    asked += [] if resolved else [_A.resolved_at.is_(None)]
    asked += [] if seen else [_A.seen_at.is_(None)]
    asked += [] if without is None else [_A.kind != without]
    return asked if concerning is None else [*asked, _concerns(concerning)]


def _concerns(whom: Concerning) -> ColumnElement[bool]:
    mine = select(Helper.id).where(Helper.id == _A.helper_id, Helper.organisation_id == whom.organisation_id)
    theirs_or_all = or_(Shift.organisation_id.is_(None), Shift.organisation_id == whom.organisation_id)
    return or_(leads_to(whom.ways), mine.correlate(_A).exists(), and_(Shift.id.is_not(None), theirs_or_all))


def note_alert(
    session: Session, network_id: int, kind: AlertKind, about: str, *, now: datetime, **details: object
) -> None:
    """Something that a coordinator must hear of, once for each thing that it is about; `details` are codes and numbers."""
    values = {"network_id": network_id, "key": f"{kind}:{about}", "kind": kind.value, "at": now, "details": details}
    session.execute(insert(Alert).values(values).on_conflict_do_nothing(index_elements=[Alert.key]))


def resolve_alert(session: Session, kind: AlertKind, about: str, *, now: datetime) -> None:
    """It is over by itself."""
    open_one = (Alert.key == f"{kind}:{about}", Alert.resolved_at.is_(None))
    session.execute(update(Alert).where(*open_one).values(resolved_at=now))


def see_alert(session: Session, network_id: int, alert_id: int, who: str, *, now: datetime) -> bool:
    """Somebody has seen it, `coordinator:<who>`; the first one stands. False when there is no such alert unseen."""
    seen = text("""
        UPDATE alert SET seen_at = :now, seen_by = :who WHERE id = :id AND network_id = :network AND seen_at IS NULL
        RETURNING id
    """)
    return session.scalar(seen, {"id": alert_id, "network": network_id, "who": who, "now": now}) is not None


_RESOLVE = text("""
UPDATE alert SET resolved_at = :now WHERE resolved_at IS NULL AND (
    EXISTS (SELECT FROM callback c WHERE c.id = alert.callback_id AND c.state <> 'deficit')
    OR EXISTS (
        SELECT FROM shift s WHERE s.id = alert.shift_id AND (s.cancelled_at IS NOT NULL OR lower(s.during) <= :now
            OR alert.kind = 'short' AND (SELECT count(*) FROM place p WHERE p.shift_id = s.id AND p.state = 'held') >= s.needed)
    )
)
""")


def resolve_alerts(session: Session, *, now: datetime) -> None:
    """What is over by itself: the promise is covered again or has ended, the shift has its people or has begun."""
    session.execute(_RESOLVE, {"now": now})


_SHORT = text("""
INSERT INTO alert (network_id, key, kind, at, shift_id, details)
SELECT network_id, concat_ws('\\:', 'short', 'shift-' || id, version), :kind, :now, id,
    jsonb_build_object('needed', needed, 'held', held)
FROM (
    SELECT s.*, (SELECT count(*) FROM place p WHERE p.shift_id = s.id AND p.state = 'held') AS held FROM shift s
    WHERE s.published_at IS NOT NULL AND s.cancelled_at IS NULL
        AND lower(s.during) > :now AND lower(s.during) <= CAST(:now AS timestamptz) + interval '24 hours'
) AS soon
WHERE held < needed
ON CONFLICT (key) DO NOTHING
""")


def note_short_shifts(session: Session, *, now: datetime) -> None:
    """Shifts of the next twenty-four hours that lack people: one alert for each version of a shift."""
    session.execute(_SHORT, {"now": now, "kind": AlertKind.SHORT})
