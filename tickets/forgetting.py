"""What has been kept long enough is thrown away: which tickets those are, and what goes with them.

Each of these is done again without harm: what is gone is not found any more. Who is to be forgotten is locked first and only
then looked at once more, so that a hold that was placed meanwhile counts.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Final

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from tickets.records import FORGETTING
from tickets.retention import Kept, Terms
from tickets.store import cipher_of
from tickets.timeline import note_event
from tickets.traces import HELD_TICKETS, OF_HELPERS, OF_PERSONS, OF_TICKETS, Trace
from tickets.vocabulary import EventKind, Outcome

THE_LINE: Final = "line"
_LIVE: Final = "('offered', 'promised', 'ringing', 'talking', 'deficit')"
_CLOSED: Final = "t.network_id = :network AND t.closed_at <= :before"
_TEXT_THERE: Final = "t.closed_at IS NOT NULL AND (t.anonymised_at IS NULL OR t.anonymised_at < t.closed_at)"
_DUE: Final[Mapping[Kept, str]] = {
    Kept.CONTACT: f"{_CLOSED} AND t.closed_at IS NOT NULL AND (t.contact_gone_at IS NULL OR t.contact_gone_at < t.closed_at)",
    Kept.TEXT: f"{_CLOSED} AND {_TEXT_THERE}",
    Kept.AUDIO: f"{_CLOSED} AND EXISTS (SELECT FROM recording r WHERE r.ticket_id = t.id AND r.state IN ('stored', 'announced'))",
    Kept.AUDIO_AT_MOST: """t.network_id = :network AND EXISTS (
        SELECT FROM recording r WHERE r.ticket_id = t.id AND r.state IN ('stored', 'announced') AND r.created_at <= :before)""",
    # Closed as not reached; or given up before anything was told, and nobody has seen to it since.
    Kept.NEVER_REACHED: f"""t.network_id = :network AND (
        (t.closed_at <= :before AND t.outcome = 'EI_TAVOITETTU' AND {_TEXT_THERE})
        OR (t.status = 'unfinished' AND t.updated_at <= :before
            AND NOT EXISTS (SELECT FROM callback c WHERE c.ticket_id = t.id AND c.state IN {_LIVE})
            AND NOT EXISTS (SELECT FROM waiting w WHERE w.ticket_id = t.id AND w.state IN ('waiting', 'offered'))))""",  # noqa: S608
}
# What of a ticket goes with a term: of NEVER_REACHED all.
REACH: Final[Mapping[Kept, Kept]] = {
    Kept.AUDIO: Kept.AUDIO,
    Kept.CONTACT: Kept.CONTACT,
    Kept.TEXT: Kept.TEXT,
    Kept.NEVER_REACHED: Kept.TEXT,
}
_NOT_HELD: Final = f"NOT EXISTS (SELECT FROM ({HELD_TICKETS}) h WHERE h.ticket_id = t.id)"
_STILL_DUE: Final = f"SELECT id FROM ticket t WHERE id = ANY(:ids) AND {_NOT_HELD}"  # noqa: S608


def due_tickets(session: Session, network_id: int, kept: Kept, terms: Terms, *, now: datetime, limit: int) -> list[int]:
    """Tickets of a network whose term has passed and that nobody holds, locked; another worker's are passed over."""
    locked = text(f"SELECT t.id FROM ticket t WHERE {_DUE[kept]} AND {_NOT_HELD} LIMIT :limit FOR UPDATE SKIP LOCKED")  # noqa: S608
    values = {"network": network_id, "before": terms[kept].before(now), "now": now, "limit": limit}
    found = list(session.scalars(locked, values))
    return list(session.scalars(text(_STILL_DUE), {"ids": found, "now": now})) if found else []


def count_due(session: Session, network_id: int, terms: Terms, *, now: datetime) -> dict[Kept, int]:
    """How many tickets would be touched under these terms, term by term; of held ones none."""
    return {
        kept: session.execute(
            text(f"SELECT count(*) FROM ticket t WHERE {due} AND {_NOT_HELD}"),  # noqa: S608
            {"network": network_id, "before": terms[kept].before(now), "now": now},
        ).scalar_one()
        for kept, due in _DUE.items()
    }


def forget_tickets(session: Session, ids: Collection[int], upto: Kept, *, now: datetime, actor: str) -> Counter[str]:
    """Take away what goes with this term and the earlier ones; how many rows of which table that touched.

    The last of them makes the tickets nobody's: they close, if they have not, and stay to be counted.
    """
    gone = Counter[str]()
    if upto is Kept.TEXT:
        _close(session, ids, now, actor)
    for kept, traces in OF_TICKETS.items():
        gone |= _take_away(session, traces, ids, now)
        if kept is upto:
            break
    if upto is Kept.TEXT:
        for ticket_id in ids:
            note_event(session, ticket_id, EventKind.ANONYMISED, actor, now=now)
    return gone


def forget_helpers(session: Session, ids: Collection[int], *, now: datetime) -> Counter[str]:
    """Make helpers nameless; what they did stays where it was done."""
    return _take_away(session, OF_HELPERS, ids, now)


def forget_persons(session: Session, ids: Collection[int], *, now: datetime) -> Counter[str]:
    """Make people nameless; what they did stays where it was done."""
    return _take_away(session, OF_PERSONS, ids, now)


_CLOSE: Final = text("""
WITH t AS (
    UPDATE ticket SET status = 'closed', outcome = coalesce(outcome, :outcome), closed_at = :now, updated_at = :now
    WHERE id = ANY(:ids) AND status <> 'closed' RETURNING id
), w AS (
    UPDATE waiting SET state = 'left', ended_at = :now WHERE ticket_id = ANY(:ids) AND state IN ('waiting', 'offered')
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details) SELECT id, :now, :event, :actor, '{}' FROM t
""")


def _close(session: Session, ids: Collection[int], now: datetime, actor: str) -> None:
    values = {"ids": list(ids), "now": now, "actor": actor, "event": EventKind.CLOSED}
    session.execute(_CLOSE, {**values, "outcome": Outcome.EI_TAVOITETTU if actor == THE_LINE else Outcome.PERUTTU})


def _take_away(session: Session, traces: Sequence[Trace], ids: Collection[int], now: datetime) -> Counter[str]:
    cipher = cipher_of(session)
    session.execute(text(f"SET LOCAL {FORGETTING} = 'on'"))
    values = {"ids": list(ids), "now": now, "blank": cipher.seal(""), "nothing": cipher.seal("null")}
    gone = Counter[str]()
    for trace in traces:
        statement = _statement(trace)
        named = {name: value for name, value in values.items() if f":{name}" in statement.text}
        gone[trace.table] = max(gone[trace.table], session.execute(statement, named).scalar_one())
    session.execute(text(f"SET LOCAL {FORGETTING} = 'off'"))
    return gone


def _statement(trace: Trace) -> TextClause:
    """What is done about one trace, as SQL that counts its rows."""
    table, whose = trace.table, f"{trace.whose} AND {trace.but}"
    if trace.becomes is None:
        return text(f"WITH gone AS (DELETE FROM {table} WHERE {whose} RETURNING 1) SELECT count(*) FROM gone")  # noqa: S608
    if trace.anew:
        return _written_anew(trace, trace.becomes)
    changes = ", ".join(f"{column} = {value}" for column, value in trace.becomes.items())
    return text(f"WITH gone AS (UPDATE {table} SET {changes} WHERE {whose} RETURNING 1) SELECT count(*) FROM gone")  # noqa: S608


# Nothing changes a row of what happened to a ticket: it goes, and what is harmless of it is written again under its number,
# so that programs elsewhere which were told of it are not told again.
_ANEW: Final = "id, ticket_id, at, kind, actor"


def _written_anew(trace: Trace, becomes: Mapping[str, str]) -> TextClause:
    return text(f"""
        WITH gone AS (DELETE FROM {trace.table} WHERE {trace.whose} RETURNING *), again AS (
            INSERT INTO {trace.table} ({_ANEW}, {", ".join(becomes)})
            OVERRIDING SYSTEM VALUE SELECT {_ANEW}, {", ".join(becomes.values())} FROM gone RETURNING 1
        ) SELECT count(*) FROM again""")  # noqa: S608
