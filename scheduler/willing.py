"""Whoever wants to help is not promised a time: the coordinator rings them. Only a network that says so has times for it."""

from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.boundaries import Stance
from scheduler.coordination import needs_coordinator
from scheduler.jobs import enqueue
from scheduler.notices import Template, saved
from scheduler.slots import Grid
from tickets.vocabulary import Topic

WANTS_TO_HELP = "wants_to_help"

_WILLING = text("""
SELECT EXISTS (
    SELECT FROM jsonb_each(n.boundaries) AS own WHERE own.value ->> :topic = ANY(:taking)
) AS has_times
FROM ticket t JOIN network n ON n.id = t.network_id WHERE t.id = :ticket AND t.topic = :topic
""")
_TAKING = [stance.value for stance in Stance if stance.takes_calls]


def see_to_willing(session: Session, ticket_id: int, *, now: datetime, grid: Grid) -> bool:
    """Hand a ticket of somebody who wants to help to the coordinator; False for any other, which is to get a time.

    False also where the network's own boundaries let somebody take such calls: then it is booked as any other.
    """
    values = {"ticket": ticket_id, "topic": Topic.HALUAN_AUTTAA.value, "taking": _TAKING}
    row = session.execute(_WILLING, values).first()
    if row is None or row.has_times:
        return False
    if needs_coordinator(session, ticket_id, WANTS_TO_HELP, now=now, grid=grid):
        enqueue(session, saved(ticket_id, now=now, template=Template.WILLING))
    return True
