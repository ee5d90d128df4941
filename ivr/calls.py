"""Calls as somebody looks for them afterwards: by day, line and kind; those that go on; and what became of one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, text, tuple_
from sqlalchemy.orm import Session

from ivr.conversation import Entry
from ivr.journal import Call, LiveCall, Part
from ivr.journey import tickets_named
from ivr.script import MOST_MATTERS
from scheduler.records import CallbackState
from scheduler.slots import Span
from tickets.vocabulary import Outcome, TicketStatus, Topic

# A call of which we were never told that it has ended goes on no longer than the operator lets one last.
LONGEST_CALL: Final = timedelta(hours=4)
TOLD_AFTER: Final = timedelta(minutes=10)  # texts about a call follow it at once
ASKED_ABOUT_AFTER: Final = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which calls of a span; None leaves it open. `going_on`: those that have not ended, or those that have."""

    during: Span
    line_id: int | None = None
    part: Part | None = None
    going_on: bool | None = None


@dataclass(frozen=True, slots=True)
class CallLine:
    """A call in a list: neither who rang nor what was said. `tickets` are ids."""

    id: int
    part: Part
    line_id: int | None
    started_at: datetime
    ended_at: datetime | None
    tickets: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Became:
    """A matter that a call was about, as it stands now, and what was texted about it right after the call."""

    ticket_id: int
    code: str
    status: TicketStatus
    outcome: Outcome | None
    topic: Topic | None
    starts_at: datetime | None
    promise: CallbackState | None
    texted: tuple[str, ...]


def calls_of(
    session: Session, network_id: int, wanted: Wanted, *, before: int | None = None, limit: int = 50
) -> tuple[CallLine, ...]:
    """Calls that began in a span, the newest first; those older than the call `before`."""
    found = select(Call.id, Call.call_sid, Call.part, Call.line_id, Call.started_at, Call.ended_at, Call.attempt_id)
    found = found.where(
        Call.network_id == network_id,
        Call.started_at >= wanted.during.begins,
        Call.started_at < wanted.during.ends,
        *([] if wanted.line_id is None else [Call.line_id == wanted.line_id]),
        *([] if wanted.part is None else [Call.part == wanted.part]),
        *([] if wanted.going_on is None else [Call.ended_at.is_(None) == wanted.going_on]),
    )
    if before is not None:
        mark = select(Call.started_at, Call.id).where(Call.id == before, Call.network_id == network_id)
        found = found.where(tuple_(Call.started_at, Call.id) < mark.scalar_subquery())
    rows = session.execute(found.order_by(Call.started_at.desc(), Call.id.desc()).limit(limit)).all()
    tickets = _tickets_of(session, [(row.id, row.call_sid, row.attempt_id) for row in rows])
    return tuple(
        CallLine(row.id, row.part, row.line_id, row.started_at, row.ended_at, frozenset(tickets.get(row.id, ())))
        for row in rows
    )


def live_calls(session: Session, network_id: int, *, now: datetime, most: int = 20) -> tuple[int, ...]:
    """The calls (ids) that go on now, the one that has lasted longest first."""
    live = select(Call.id).where(
        Call.network_id == network_id, Call.ended_at.is_(None), Call.started_at > now - LONGEST_CALL
    )
    return tuple(session.scalars(live.order_by(Call.started_at, Call.id).limit(most)))


def calls_not_over(session: Session, *, now: datetime, most: int = 100) -> tuple[str, ...]:
    """The calls (sids) of every network of which we have not been told for a while that they are over, the oldest first."""
    open_ones = select(Call.call_sid).where(Call.ended_at.is_(None), Call.started_at < now - ASKED_ABOUT_AFTER)
    return tuple(session.scalars(open_ones.order_by(Call.started_at, Call.id).limit(most)))


def tickets_of_call(session: Session, call: LiveCall, journal: Sequence[Entry]) -> frozenset[int]:
    """The tickets (ids) that a call was about: those it made or met, and those that its journal names."""
    rows = _tickets_of(session, [(call.id, call.call_sid, call.attempt_id)])
    return tickets_named(call, journal) | rows.get(call.id, frozenset())


# A call names its tickets by its sid, matter by matter; a call that keeps a promise, by its attempt. Each by an index.
_TICKETS = text("""
WITH c AS (
    SELECT * FROM unnest(CAST(:ids AS bigint[]), CAST(:sids AS text[]), CAST(:attempts AS bigint[])) AS c (id, sid, attempt)
), k AS (
    SELECT c.id, 'call:' || c.sid || ':' || n AS key FROM c, generate_series(1, CAST(:most AS int)) AS n
)
SELECT k.id, t.id AS ticket_id FROM k JOIN ticket t ON t.intake_key = k.key
UNION SELECT k.id, e.ticket_id FROM k JOIN ticket_event e ON e.key = k.key
UNION SELECT c.id, r.ticket_id FROM c JOIN recording r ON r.call_sid = c.sid WHERE r.ticket_id IS NOT NULL
UNION SELECT c.id, b.ticket_id FROM c JOIN attempt a ON a.id = c.attempt JOIN callback b ON b.id = a.callback_id
""")


def _tickets_of(session: Session, calls: Collection[tuple[int, str, int | None]]) -> dict[int, frozenset[int]]:
    ids, sids, attempts = zip(*calls, strict=True) if calls else ((), (), ())
    values = {"ids": list(ids), "sids": list(sids), "attempts": list(attempts), "most": MOST_MATTERS}
    found: dict[int, frozenset[int]] = {}
    for call_id, ticket_id in session.execute(_TICKETS, values) if calls else ():
        found[call_id] = found.get(call_id, frozenset()) | {ticket_id}
    return found


_BECAME = text("""
SELECT t.id, t.code, t.status, t.outcome, t.topic, c.starts_at, c.state,
    ARRAY(SELECT m.template FROM message m WHERE m.ticket_id = t.id AND m.created_at BETWEEN :since AND :until ORDER BY m.id)
FROM ticket t
LEFT JOIN LATERAL (
    SELECT starts_at, state FROM callback WHERE ticket_id = t.id ORDER BY id DESC LIMIT 1
) AS c ON true
WHERE t.id = ANY(:tickets) ORDER BY t.id
""")


def what_became(session: Session, call: LiveCall, tickets: Collection[int]) -> tuple[Became, ...]:
    """How the matters of a call stand now, and the texts (by their template) that followed it."""
    until = (call.ended_at or call.started_at + LONGEST_CALL) + TOLD_AFTER
    rows = session.execute(_BECAME, {"tickets": list(tickets), "since": call.started_at, "until": until})
    return tuple(
        Became(
            key,
            code,
            TicketStatus(status),
            None if outcome is None else Outcome(outcome),
            None if topic is None else Topic(topic),
            starts_at,
            None if state is None else CallbackState(state),
            tuple(texted),
        )
        for key, code, status, outcome, topic, starts_at, state, texted in rows
    )
