"""How a matter ended, written in one way, whoever says it: the helper on the phone, the desk, a page, a program."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.coordination import deadline
from scheduler.slots import Grid
from tickets.vocabulary import DidThemselves, EventKind, Outcome, TicketStatus, those_that_may_become


@dataclass(frozen=True, slots=True)
class Ending:
    """An outcome, and what is known besides: whether the caller did it, how many minutes it took, of which ticket it is
    a duplicate, to which referral point they were sent. What is None stays as it is."""

    outcome: Outcome
    did_themselves: DidThemselves | None = None
    minutes: int | None = None
    duplicate_of: int | None = None
    referral_point: int | None = None

    @property
    def leads_to(self) -> TicketStatus:
        """A matter that needs more stays open: the coordinator has it until it gets another time."""
        more = self.outcome is Outcome.OSITTAIN_JATKOAIKA
        return TicketStatus.WITH_COORDINATOR if more else TicketStatus.CLOSED


_END = text("""
WITH t AS (
    UPDATE ticket SET status = :status, outcome = :outcome, updated_at = :now, deadline = :deadline, closed_at = :closed_at,
        did_themselves = coalesce(:did_themselves, did_themselves), minutes = coalesce(CAST(:minutes AS bigint), minutes)
    WHERE status = ANY(:sources) AND id = coalesce(CAST(:ticket AS bigint),
        (SELECT ticket_id FROM callback WHERE id = CAST(:callback AS bigint) AND state = 'kept'))
    RETURNING id, outcome AS ending
), w AS (
    UPDATE waiting SET state = 'left', ended_at = :now FROM t
    WHERE waiting.ticket_id = t.id AND waiting.state IN ('waiting', 'offered') AND :status = 'closed'
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, :actor, jsonb_strip_nulls(jsonb_build_object('outcome', ending,
    'duplicate_of', CAST(:duplicate_of AS bigint), 'referral_point', CAST(:referral_point AS bigint))) FROM t
RETURNING ticket_id
""")


def write_ending(
    session: Session,
    ending: Ending,
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    ticket_id: int | None = None,
    callback_id: int | None = None,
    only_from: Collection[TicketStatus] = frozenset(TicketStatus),
) -> bool:
    """The outcome of a ticket, or of the one whose promise was kept by this callback; False when it stood otherwise. One
    statement."""
    closes = ending.leads_to is TicketStatus.CLOSED
    values = {
        "ticket": ticket_id,
        "callback": callback_id,
        "status": ending.leads_to,
        "outcome": ending.outcome,
        "did_themselves": ending.did_themselves,
        "minutes": ending.minutes,
        "duplicate_of": ending.duplicate_of,
        "referral_point": ending.referral_point,
        "deadline": None if closes else deadline(now, grid),
        "closed_at": now if closes else None,
        "sources": [source.value for source in those_that_may_become(ending.leads_to) if source in only_from],
        "now": now,
        "event": EventKind.CLOSED if closes else EventKind.TO_COORDINATOR,
        "actor": actor,
    }
    return session.execute(_END, values).first() is not None
