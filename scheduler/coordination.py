"""What the line cannot do by itself goes to the coordinator, with a deadline, and the caller is told."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.jobs import enqueue
from scheduler.notices import Template, about, tell
from scheduler.records import CallbackState
from scheduler.records import those_that_may_become as callbacks_that_may_become
from scheduler.slots import Grid, instant_of, next_working_day
from tickets.vocabulary import EventKind, TicketStatus, those_that_may_become

_HAND_OVER = text("""
WITH t AS (
    UPDATE ticket SET status = 'with_coordinator', deadline = :deadline, updated_at = :now
    WHERE id = :ticket AND status = ANY(:sources)
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, 'line', jsonb_build_object('reason', CAST(:reason AS text)) FROM t
RETURNING ticket_id
""")


def needs_coordinator(session: Session, ticket_id: int, reason: str, *, now: datetime, grid: Grid) -> bool:
    """The ticket goes to the coordinator, to be seen to by the end of the next working day; False if it was there.

    `reason` is a short code, never a sentence.
    """
    handed = session.execute(
        _HAND_OVER,
        {
            "ticket": ticket_id,
            "deadline": deadline(now, grid),
            "now": now,
            "sources": [status.value for status in those_that_may_become(TicketStatus.WITH_COORDINATOR)],
            "event": EventKind.TO_COORDINATOR,
            "reason": reason,
        },
    )
    return handed.first() is not None


_MISS = text("""
WITH c AS (
    UPDATE callback SET state = 'missed', ended_at = :now, tries = coalesce(CAST(:tries AS bigint), tries)
    WHERE id = :id AND state = ANY(:sources)
    RETURNING id, ticket_id
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE about = :about AND state = 'waiting'
), t AS (
    UPDATE ticket SET status = 'with_coordinator', deadline = :deadline, updated_at = :now
    FROM c WHERE ticket.id = c.ticket_id
    RETURNING ticket.id, can_text, caller_index IS NOT NULL AS reachable
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT t.id, :now, kind, 'line', jsonb_build_object('callback', CAST(:id AS bigint), 'reason', CAST(:reason AS text))
    FROM t, unnest(CAST(:events AS text[])) AS kind
)
SELECT can_text, reachable FROM t
""")
_MISSABLE = {
    "sources": [state.value for state in callbacks_that_may_become(CallbackState.MISSED)],
    "events": [EventKind.MISSED.value, EventKind.TO_COORDINATOR.value],
}


def miss(
    session: Session,
    callback_id: int,
    reason: str,
    *,
    now: datetime,
    grid: Grid,
    tries: int | None = None,
    news: Template | None = Template.MISSED,
) -> bool:
    """The promise could not be kept: the coordinator gets the ticket, and the caller is told; False if it had ended.

    `tries` are those used up; `news` is what the caller has not heard. Who takes no texts is rung only about a promise
    that we missed, not about a call that they did.
    """
    values = {"id": callback_id, "about": about(callback_id), "reason": reason, "tries": tries, "now": now}
    row = session.execute(_MISS, values | {"deadline": deadline(now, grid), **_MISSABLE}).first()
    if row is not None and news is not None and (row.can_text or (row.reachable and news is Template.MISSED)):
        enqueue(session, tell(callback_id, news, can_text=row.can_text, grid=grid, now=now, number=tries))
    return row is not None


def deadline(now: datetime, grid: Grid) -> datetime:
    """By when a coordinator sees to what comes now: the end of the next working day."""
    return instant_of(next_working_day(now.astimezone(grid.tz).date()), grid.closes, grid.tz)
