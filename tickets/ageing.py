"""What goes by its own age, whosever it is: calls, texts about no ticket, the view log, finished work, marks of erasures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import TextClause, text
from sqlalchemy.orm import Session

from tickets.records import FORGETTING
from tickets.retention import Kept, Term, Terms, Unit
from tickets.traces import HELD_TICKETS, SIDS_HELD

_MONTH: Final = Term(30)
_TWO_DAYS: Final = Term(2)
_YEAR: Final = Term(12, Unit.MONTHS)


@dataclass(frozen=True, slots=True)
class Aged:
    """Rows of a table that go once :before has passed them; `after` is a network's term, or one for all networks."""

    table: str
    ripe: str
    after: Kept | Term
    becomes: Mapping[str, str] | None = None


# What was heard in a call about a held ticket is held with it.
_CALL: Final = f"""c.network_id = :network AND coalesce(c.ended_at, c.started_at) <= :before
    AND c.call_sid NOT IN ({SIDS_HELD})"""
_PUZZLE: Final = "network_id = :network AND ticket_id IS NULL AND made_at <= :before"
AGED: Final[Sequence[Aged]] = (
    Aged("journal", f"call_id IN (SELECT c.id FROM call c WHERE {_CALL})", Kept.CALLS),  # noqa: S608
    Aged("call", f"id IN (SELECT c.id FROM call c WHERE {_CALL})", Kept.CALLS),  # noqa: S608
    Aged(
        "message",
        "ticket_id IS NULL AND created_at <= :before AND line_id IN (SELECT id FROM line WHERE network_id = :network)",
        Kept.LETTERS,
    ),
    Aged(
        "view_log",
        f"network_id = :network AND at <= :before AND (ticket_id IS NULL OR ticket_id NOT IN ({HELD_TICKETS}))",
        Kept.VIEW_LOG,
    ),
    Aged("erasure", "network_id = :network AND at <= :before", Kept.VIEW_LOG),
    # What a member asked the others, in words of their own.
    Aged("relay_post", f"relay_id IN (SELECT id FROM relay WHERE {_PUZZLE})", Kept.TEXT),  # noqa: S608
    Aged("relay", _PUZZLE, Kept.TEXT),
    # A message of nobody's ticket: its caller hung up, or said it again.
    Aged(
        "recording",
        "ticket_id IS NULL AND media_sealed IS NOT NULL AND created_at <= :before",
        Term(14),
        {"state": "'erased'", "media_sealed": "NULL", "media_type": "NULL", "transcript_sealed": "NULL"},
    ),
    # By now the operator's lists, with which ours are compared for a week, name it no more.
    Aged("recording", "ticket_id IS NULL AND media_sealed IS NULL AND created_at <= :before", _MONTH),
    # A message is whole within hours; what is left over is of one that never came.
    Aged("transcript_piece", "heard_at <= :before", _TWO_DAYS),
    Aged("heard_text", "heard_at <= :before", _MONTH),
    # The last comparison with the operator's lists tells the next one how far to look back.
    Aged(
        "job",
        """state NOT IN ('waiting', 'running') AND coalesce(finished_at, run_at) <= :before AND id IS DISTINCT FROM
        (SELECT id FROM job WHERE kind = 'reconcile' AND state = 'done' ORDER BY finished_at DESC LIMIT 1)""",
        _MONTH,
    ),
    Aged("count", "begins <= :before", _TWO_DAYS),
    Aged("sign_in_code", "expires_at <= :before", _TWO_DAYS),
    Aged("sign_in", "least(ended_at, expires_at) <= :before", _MONTH),
    Aged("api_token", "least(revoked_at, expires_at) <= :before", _YEAR),
    Aged("calendar_feed", "revoked_at <= :before", _YEAR),
    Aged("erased_mark", "erased_at <= :before", _YEAR),
    # Counted after it was made nobody's: nothing leads from the one to the other.
    Aged(
        "ticket",
        "anonymised_at IS NOT NULL AND support_event_id IS NOT NULL AND anonymised_at <= :before",
        _TWO_DAYS,
        {"support_event_id": "NULL"},
    ),
)


def forget_aged(
    session: Session,
    aged: Aged,
    *,
    now: datetime,
    limit: int,
    network_id: int | None = None,
    terms: Terms | None = None,
) -> int:
    """Take away some rows that have reached their age; how many that were. A network's own need the network and its terms."""
    term = aged.after if isinstance(aged.after, Term) else (terms or {})[aged.after]
    session.execute(text(f"SET LOCAL {FORGETTING} = 'on'"))
    statement = _statement(aged)
    values = {"before": term.before(now), "limit": limit, "now": now, "network": network_id}
    named = {name: value for name, value in values.items() if f":{name}" in statement.text}
    gone = session.execute(statement, named).scalar_one()
    session.execute(text(f"SET LOCAL {FORGETTING} = 'off'"))
    return int(gone)


def _statement(aged: Aged) -> TextClause:
    """A batch of rows, those that another worker has in hand left out."""
    some = f"ctid = ANY(ARRAY(SELECT ctid FROM {aged.table} WHERE {aged.ripe} LIMIT :limit FOR UPDATE SKIP LOCKED))"  # noqa: S608
    if aged.becomes is None:
        done = f"DELETE FROM {aged.table} WHERE {some}"  # noqa: S608
    else:
        changes = ", ".join(f"{column} = {value}" for column, value in aged.becomes.items())
        done = f"UPDATE {aged.table} SET {changes} WHERE {some}"  # noqa: S608
    return text(f"WITH gone AS ({done} RETURNING 1) SELECT count(*) FROM gone")  # noqa: S608
