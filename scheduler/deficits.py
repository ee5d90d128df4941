"""A promise that nobody can keep any more: the coordinator hears of it, and so does the caller, before its time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind
from scheduler.errands import Errand
from scheduler.hours import ON_DUTY, first_in
from scheduler.notices import Template
from scheduler.slots import Grid
from tickets.vocabulary import Topic
from voice_prompts.language import Language

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
), over AS (
    UPDATE alert SET resolved_at = :now FROM c WHERE alert.callback_id = c.id AND alert.resolved_at IS NULL
        AND alert.key <> concat_ws('\\:', CAST(:kind AS text), c.what)
), j AS (
    SELECT CAST(:mend AS text) AS kind, what, jsonb_build_object('callback', c.id, 'alert', a.id) AS payload
    FROM c JOIN a ON a.callback_id = c.id
    UNION ALL
    SELECT 'text', 'alert-' || id, jsonb_build_object('alert', id, 'template', CAST(:template AS text)) FROM a
)
INSERT INTO job (kind, key, run_at, payload, state, attempts)
SELECT kind, concat_ws('\\:', kind, what), CASE kind WHEN 'text' THEN :decent ELSE :now END, payload, 'waiting', 0 FROM j
ON CONFLICT (key) DO NOTHING
""")


def note_deficits(
    session: Session, network_id: int, callback_ids: Collection[int], *, now: datetime, grid: Grid
) -> None:
    """These promises have lost their helper: an alert for each, once for every time, and somebody sees to it. One statement.

    Those that are not in deficit are passed over.
    """
    if callback_ids:
        values = {"network": network_id, "callbacks": list(callback_ids), "now": now, "kind": AlertKind.DEFICIT}
        decent = first_in(ON_DUTY, now, grid)
        session.execute(_NOTE, {**values, "mend": Errand.MEND, "template": Template.ALERT_DEFICIT, "decent": decent})


@dataclass(frozen=True, slots=True)
class Deficit:
    """A promise that nobody can keep as the rota stands, without name or number; `since` is when it lost its helper."""

    callback_id: int
    ticket_code: str
    starts_at: datetime
    language: Language
    topic: Topic | None
    municipality: str | None
    since: datetime | None


_DEFICITS = text("""
SELECT c.id, t.code, c.starts_at, c.language, c.topic, CASE WHEN NOT t.non_disclosure THEN c.municipality END, (
    SELECT max(a.at) FROM alert a WHERE a.callback_id = c.id AND a.kind = 'deficit'
) AS since
FROM callback c JOIN ticket t ON t.id = c.ticket_id
WHERE c.network_id = :network AND c.state = 'deficit' ORDER BY c.starts_at, c.id LIMIT :most
""")


def deficits_of(session: Session, network_id: int, *, most: int | None = None) -> tuple[Deficit, ...]:
    """The promises of a network that are in deficit now, the nearest first."""
    rows = session.execute(_DEFICITS, {"network": network_id, "most": most})
    return tuple(
        Deficit(key, code, at, Language(language), Topic(topic) if topic else None, municipality, since)
        for key, code, at, language, topic, municipality, since in rows
    )
