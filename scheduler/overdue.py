"""What ought to have happened and has not: a worker was away, the operator was, or a job could not be done.

A promise whose time has passed is never left lying: it gets another time, or the coordinator.
"""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.alerts import note_short_shifts, resolve_alerts
from scheduler.briefing import Brief
from scheduler.coordination import miss, needs_coordinator
from scheduler.feedback import ask_for_feedback
from scheduler.grids import grid_of_callback, grid_of_ticket
from scheduler.jobs import enqueue
from scheduler.notices import Template, tell
from scheduler.offers import lapse_overdue
from scheduler.promises import Later, move_to_next
from scheduler.slots import Grid
from scheduler.waiting import join_line, keep_looking

TOO_LATE: Final = timedelta(minutes=45)  # past a slot's start: the helper's hour is nearly over
STUCK_AFTER: Final = timedelta(minutes=20)
LONGEST_CALL: Final = timedelta(hours=2)
OUTCOME_WITHIN: Final = timedelta(hours=24)


def is_too_late(due: datetime, now: datetime) -> bool:
    """Whether what was due then had better not be done now: the helper has gone home, the resident sleeps."""
    return now - due > TOO_LATE


def give_another_time(session: Session, known: Brief, *, now: datetime, grid: Grid) -> None:
    """Nobody rang at the promised time: the next one that the rota can keep, and the resident is told."""
    later = Later(now, template=Template.MOVED, actor="line")
    promise = move_to_next(session, known.callback_id, later, now=now, grid=grid)
    if promise is None:
        miss(session, known.callback_id, "rung_too_late", now=now, grid=grid)
        join_line(session, known.ticket_id, now=now)
    elif not known.can_text:
        enqueue(session, tell(promise.callback_id, Template.MOVED, can_text=False, grid=grid, now=now))


_STUCK = text("""
SELECT c.id FROM callback c
WHERE c.state IN ('promised', 'deficit', 'ringing', 'talking') AND c.starts_at < :late
    AND NOT EXISTS (
        SELECT FROM job j WHERE j.about = 'callback-' || c.id AND j.state IN ('waiting', 'running')
    )
    AND NOT EXISTS (
        SELECT FROM attempt a WHERE a.callback_id = c.id AND a.state <> 'ended' AND a.intended_at > :longest
    )
""")
_WITHOUT_OUTCOME = text("SELECT id FROM ticket WHERE status = 'awaiting_outcome' AND updated_at < :since")
# Whoever took a case and has not closed it in time has it still; but the coordinator looks after it too.
_OWNER_LATE = text("SELECT id FROM ticket WHERE status = 'with_owner' AND deadline < :now")


def sweep(session: Session, *, now: datetime) -> int:
    """Hand over what nothing will happen to by itself any more; how much that was."""
    stuck = session.scalars(_STUCK, {"late": now - STUCK_AFTER, "longest": now - LONGEST_CALL}).all()
    silent = session.scalars(_WITHOUT_OUTCOME, {"since": now - OUTCOME_WITHIN}).all()
    late = session.scalars(_OWNER_LATE, {"now": now}).all()
    lapse_overdue(session, now=now)
    keep_looking(session, now=now)
    resolve_alerts(session, now=now)
    note_short_shifts(session, now=now)
    ask_for_feedback(session, now=now)
    for callback_id in stuck:
        miss(session, callback_id, "stuck", now=now, grid=grid_of_callback(session, callback_id))
    for ticket_id in silent:
        needs_coordinator(session, ticket_id, "no_outcome", now=now, grid=grid_of_ticket(session, ticket_id))
    for ticket_id in late:
        needs_coordinator(session, ticket_id, "owner_late", now=now, grid=grid_of_ticket(session, ticket_id))
    return len(stuck) + len(silent) + len(late)
