"""A promise that nobody can keep any more: the coordinator hears of it, and so does the caller, before its time."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind
from scheduler.errands import Errand

_NOTE = text("""
WITH c AS (
    SELECT c.id, c.network_id, concat_ws('\\:', 'callback-' || c.id, count(e.id)) AS what FROM callback c
    LEFT JOIN ticket_event e ON e.ticket_id = c.ticket_id AND e.kind = 'deficit'
        AND e.details @> jsonb_build_object('callback', c.id)
    WHERE c.id = ANY(:callbacks) AND c.network_id = :network AND c.state = 'deficit' GROUP BY c.id
), a AS (
    INSERT INTO alert (network_id, key, kind, at, callback_id, details)
    SELECT network_id, concat_ws('\\:', CAST(:kind AS text), what), :kind, :now, id, '{}' FROM c
    ON CONFLICT (key) DO NOTHING RETURNING id, callback_id
), j AS (
    SELECT CAST(:mend AS text) AS kind, what, jsonb_build_object('callback', c.id, 'alert', a.id) AS payload
    FROM c JOIN a ON a.callback_id = c.id
    UNION ALL
    SELECT CAST(:tell AS text), 'alert-' || id, jsonb_build_object('alert', id) FROM a
)
INSERT INTO job (kind, key, run_at, payload, state, attempts)
SELECT kind, concat_ws('\\:', kind, what), :now, payload, 'waiting', 0 FROM j
ON CONFLICT (key) DO NOTHING
""")


def note_deficits(session: Session, network_id: int, callback_ids: Collection[int], *, now: datetime) -> None:
    """These promises have lost their helper: an alert for each, once for every time, and somebody sees to it. One statement.

    Those that are not in deficit are passed over.
    """
    if callback_ids:
        values = {"network": network_id, "callbacks": list(callback_ids), "now": now, "kind": AlertKind.DEFICIT}
        session.execute(_NOTE, {**values, "mend": Errand.MEND, "tell": Errand.ALERT})
