"""Callers for whom there was no time: first come, first served in their language."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, Index, Select, SQLColumnExpression, func, select, text, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from scheduler.errands import Errand
from scheduler.jobs import cancel_jobs
from scheduler.records import LIVE, Callback
from scheduler.sight import Ways, leads_to, open_place
from tickets.records import Base, Id, words
from tickets.ticket import Ticket
from tickets.vocabulary import BOOKABLE, EventKind, Topic
from voice_prompts.language import Language

_BOOKABLE = [status.value for status in BOOKABLE]


class WaitingState(StrEnum):
    """How a caller's waiting stands."""

    WAITING = "waiting"
    OFFERED = "offered"
    BOOKED = "booked"
    LEFT = "left"


class Waiting(Base):
    """A ticket for which there was no time; first come, first served in its language."""

    __tablename__ = "waiting"
    __table_args__ = (
        Index("uq_waiting_once", "ticket_id", unique=True, postgresql_where=text("state IN ('waiting', 'offered')")),
        Index(
            "ix_waiting_line",
            "network_id",
            "language",
            "since",
            postgresql_where=text("state IN ('waiting', 'offered')"),
        ),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    language: Mapped[Language]
    since: Mapped[datetime]
    state: Mapped[WaitingState] = mapped_column(words(WaitingState))
    times_offered: Mapped[int] = mapped_column(default=0)
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where somebody stands in the line of their language: how many are before them."""

    ticket_id: int
    before: int
    can_text: bool


_BEFORE = """(
    SELECT count(*) FROM waiting b JOIN ticket u ON u.id = b.ticket_id
    WHERE b.network_id = w.network_id AND b.language = w.language AND b.state IN ('waiting', 'offered')
        AND u.status = ANY(:bookable) AND (b.since, b.ticket_id) < (w.since, w.ticket_id)
) AS before"""
_JOIN = text(f"""
WITH w AS (
    INSERT INTO waiting (network_id, ticket_id, language, since, state, times_offered)
    SELECT network_id, id, language, created_at, 'waiting', 0 FROM ticket
    WHERE id = :ticket AND status = ANY(:bookable) AND caller_index IS NOT NULL
    ON CONFLICT (ticket_id) WHERE state IN ('waiting', 'offered') DO UPDATE SET language = excluded.language
    RETURNING network_id, ticket_id, language, since, xmax = 0 AS is_new
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'line', '{{}}' FROM w WHERE is_new
)
SELECT w.network_id, w.is_new, t.id, {_BEFORE}, t.can_text FROM w JOIN ticket t ON t.id = w.ticket_id
""")  # noqa: S608 - nothing in it comes from outside


def join_line(session: Session, ticket_id: int, *, now: datetime) -> Standing | None:
    """There is no time for this ticket: it waits in its language, by the age of the request; twice changes nothing.

    None when nobody can be told of a time, or it has one. Two statements.
    """
    values = {"ticket": ticket_id, "bookable": _BOOKABLE, "now": now, "event": EventKind.WAITING}
    row = session.execute(_JOIN, values).first()
    if row is None:
        return None
    if row.is_new:
        note_freed(session, row.network_id, now=now)  # a place may have come free while we looked
    return Standing(row.id, row.before, row.can_text)


def join_line_of(session: Session, callback_id: int, *, now: datetime) -> None:
    """The promise has come to nothing: its ticket waits for another time."""
    of = text("SELECT ticket_id FROM callback WHERE id = :id")
    join_line(session, session.scalars(of, {"id": callback_id}).one(), now=now)


_STANDING = text(f"""
SELECT w.ticket_id, {_BEFORE}, t.can_text FROM waiting w JOIN ticket t ON t.id = w.ticket_id
WHERE w.ticket_id = :ticket AND w.state IN ('waiting', 'offered') AND t.status = ANY(:bookable)
""")  # noqa: S608 - nothing in it comes from outside


def standing(session: Session, ticket_id: int) -> Standing | None:
    """Where this ticket stands; None when it does not wait. One statement."""
    row = session.execute(_STANDING, {"ticket": ticket_id, "bookable": _BOOKABLE}).first()
    return None if row is None else Standing(*row)


@dataclass(frozen=True, slots=True)
class InLine:
    """Somebody who waits, without name or number. `has_other_time`: of another matter, which may stand in the way."""

    ticket_id: int
    code: str
    language: Language
    topic: Topic | None
    municipality: str | None
    since: datetime
    state: WaitingState
    times_offered: int
    can_text: bool
    has_other_time: bool


def line_of(session: Session, network_id: int) -> tuple[InLine, ...]:
    """All who wait in a network, the oldest request first; within a language this is the order in which they are served."""
    return tuple(InLine(*row) for row in session.execute(_line(network_id, Ticket.municipality, None)))


def line_shown(session: Session, network_id: int, *, ways: Ways | None, most: int | None = None) -> tuple[InLine, ...]:
    """The line as a list may show it: those to whose tickets `ways` lead, all where None; under turvakielto nobody lives anywhere."""
    rows = session.execute(_line(network_id, open_place(Ticket.municipality), ways).limit(most))
    return tuple(InLine(*row) for row in rows)


def how_many_wait(session: Session, network_id: int, *, ways: Ways | None = None) -> Mapping[Language, int]:
    """How many wait in each language, of those to whose tickets `ways` lead."""
    found = _waiting(select(Waiting.language, func.count()), network_id, ways).group_by(Waiting.language)
    counted = {language: int(count) for language, count in session.execute(found)}
    return {language: counted.get(language, 0) for language in Language}


def _waiting(told: Select[*tuple[Any, ...]], network_id: int, ways: Ways | None) -> Select[*tuple[Any, ...]]:
    found = told.join_from(Waiting, Ticket, Ticket.id == Waiting.ticket_id).where(
        Waiting.network_id == network_id,
        text("waiting.state IN ('waiting', 'offered')"),  # as the index has it
        Ticket.status.in_(BOOKABLE),
    )
    return found if ways is None else found.where(leads_to(ways))


def _line(
    network_id: int, municipality: SQLColumnExpression[str | None], ways: Ways | None
) -> Select[*tuple[Any, ...]]:
    """The columns of `InLine`, in its order."""
    other, time = aliased(Ticket), aliased(Callback)
    others = select(other.id).join(time, time.ticket_id == other.id).where(time.state.in_(LIVE), other.id != Ticket.id)
    others = others.where(other.network_id == Ticket.network_id, other.caller_index == Ticket.caller_index)
    of_ticket = (Ticket.id, Ticket.code, Waiting.language, Ticket.topic, municipality)
    of_waiting = (Waiting.since, Waiting.state, Waiting.times_offered, Ticket.can_text)
    found = _waiting(select(*of_ticket, *of_waiting, others.correlate(Ticket).exists()), network_id, ways)
    return found.order_by(Waiting.since, Waiting.ticket_id)


_FREED = text("""
INSERT INTO job (kind, key, run_at, payload, state, attempts)
SELECT :kind, concat_ws('\\:', CAST(:about AS text), CAST(:moment AS text), pg_current_xact_id()), :now,
    jsonb_build_object('network', CAST(:network AS bigint)), 'waiting', 0
WHERE EXISTS (SELECT FROM waiting WHERE network_id = :network AND state = 'waiting')
ON CONFLICT (key) DO NOTHING
""")


def note_freed(session: Session, network_id: int, *, now: datetime) -> None:
    """There may be a time now for who waits: once a transaction, and only where somebody waits. One statement."""
    # A key of its own for every transaction: a shared row would make those who free places wait for one another.
    about, moment = f"{Errand.FREED}:network-{network_id}", f"{now:%Y%m%dT%H%M%S}"
    values = {"kind": Errand.FREED, "about": about, "moment": moment, "network": network_id, "now": now}
    session.execute(_FREED, values)


_LEAVE = text("""
UPDATE waiting w SET state = 'left', ended_at = :now FROM ticket t
WHERE t.id = w.ticket_id AND w.state = 'waiting' AND NOT t.status = ANY(:bookable)
""")
_PUT_BACK = text("""
UPDATE waiting w SET state = 'waiting' WHERE w.state = 'offered' AND w.network_id = coalesce(:network, w.network_id)
    AND NOT EXISTS (SELECT FROM callback c WHERE c.ticket_id = w.ticket_id AND c.state = 'offered')
""")


def put_back(session: Session, network_id: int | None = None) -> None:
    """Whose offer was lost to a change of the rota waits again, at the old place in the line."""
    session.execute(_PUT_BACK, {"network": network_id})


def leave_line(session: Session, ticket_id: int, *, now: datetime) -> None:
    """Somebody sees to this ticket in another way: no time is sought for it, and one that is offered is the next one's.

    Whoever calls has held the offer before they changed the ticket, as whoever takes an offer does.
    """
    waits = (Waiting.ticket_id == ticket_id, Waiting.state.in_((WaitingState.WAITING, WaitingState.OFFERED)))
    session.execute(update(Waiting).where(*waits).values(state=WaitingState.LEFT, ended_at=now))
    cancel_jobs(session, f"ticket-{ticket_id}", kinds=[Errand.FIRST_TIME])
    # After the line: an offer that is being made at this moment has been made by now.
    for network_id in session.scalars(_LET_GO, {"ticket": ticket_id, "now": now, "event": EventKind.LAPSED}).all():
        note_freed(session, network_id, now=now)


_LET_GO = text("""
WITH c AS (
    UPDATE callback SET state = 'lapsed', ended_at = :now WHERE ticket_id = :ticket AND state = 'offered'
    RETURNING id, ticket_id, network_id
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE job.about = 'callback-' || c.id AND job.state = 'waiting'
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id, 'reason', 'taken') FROM c
)
SELECT network_id FROM c
""")


def hold_offer(session: Session, ticket_id: int) -> None:
    """Whoever takes a time that is offered for this ticket waits for us, or we for them, before either changes the ticket."""
    session.execute(
        text("SELECT FROM callback WHERE ticket_id = :id AND state = 'offered' FOR UPDATE"), {"id": ticket_id}
    )


def keep_looking(session: Session, *, now: datetime) -> None:
    """Every few minutes: days come into reach and holds run out without a word; and who has been seen to waits no more."""
    session.execute(_LEAVE, {"bookable": _BOOKABLE, "now": now})
    put_back(session)
    waiting = select(Waiting.network_id).where(Waiting.state == WaitingState.WAITING).distinct()
    for network_id in session.scalars(waiting).all():
        note_freed(session, network_id, now=now)
