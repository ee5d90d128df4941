"""A matter that was closed is open again, and somebody sees to it."""

from datetime import datetime
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.coordination import needs_coordinator
from scheduler.slots import Grid
from tickets.vocabulary import EventKind

# The caller may have opened a matter of the same name since: then this one is told apart from it.
_REOPEN: Final = text("""
WITH t AS (
    UPDATE ticket SET status = 'open', closed_at = NULL, outcome = NULL, updated_at = :now,
        matter = CASE WHEN EXISTS (
            SELECT FROM ticket o WHERE o.line_id = ticket.line_id AND o.caller_index = ticket.caller_index
                AND o.matter = ticket.matter AND o.status <> 'closed'
        ) THEN concat_ws('-', matter, 'again', id) ELSE matter END
    WHERE id = :ticket AND status = 'closed' AND anonymised_at IS NULL
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, :actor, jsonb_build_object('reason', CAST(:reason AS text)) FROM t
RETURNING ticket_id
""")


def reopen(session: Session, ticket_id: int, reason: str, *, actor: str, now: datetime, grid: Grid) -> bool:
    """Open it again and hand it to the coordinator; False when it was open, or is forgotten. `reason` is a short code."""
    values = {"ticket": ticket_id, "now": now, "event": EventKind.REOPENED, "actor": actor, "reason": reason}
    if session.execute(_REOPEN, values).first() is None:
        return False
    return needs_coordinator(session, ticket_id, reason, now=now, grid=grid)
