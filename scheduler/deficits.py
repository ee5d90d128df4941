"""A promise that nobody can keep any more: the coordinator hears of it, and so does the caller, before its time."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, TextClause, func, select, text, tuple_
from sqlalchemy.orm import Session

from scheduler.alerts import Alert, AlertKind
from scheduler.errands import Errand
from scheduler.hours import ON_DUTY, first_in
from scheduler.notices import Template
from scheduler.records import IS_LIVE, Callback, CallbackState
from scheduler.sight import Ways, leads_to, open_place
from scheduler.slots import Grid
from tickets.ticket import Ticket
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
    """A promise that nobody can keep as the rota stands, without name or number; `since` is when it lost its helper.

    `alert_id` is the alert about it that nobody has seen, if there is one.
    """

    callback_id: int
    ticket_code: str
    starts_at: datetime
    language: Language
    topic: Topic | None
    municipality: str | None
    since: datetime | None
    alert_id: int | None


def deficits_of(
    session: Session, network_id: int, *, ways: Ways | None = None, most: int | None = None, after: int | None = None
) -> tuple[Deficit, ...]:
    """The promises of a network that are in deficit now, the nearest first; of tickets that `ways` lead to, all where None.

    `after` is the number of the promise after which a page begins.
    """
    wanted = _unkept(network_id, ways)
    last = None if after is None else session.get(Callback, after)
    if last is not None:
        wanted.append(tuple_(Callback.starts_at, Callback.id) > (last.starts_at, last.id))
    about = select(func.max(Alert.at)).where(Alert.callback_id == Callback.id, Alert.kind == AlertKind.DEFICIT)
    unseen = select(func.max(Alert.id)).where(Alert.callback_id == Callback.id, Alert.kind == AlertKind.DEFICIT)
    unseen = unseen.where(Alert.seen_at.is_(None), Alert.resolved_at.is_(None))
    promise = (Callback.id, Ticket.code, Callback.starts_at, Callback.language, Callback.topic)
    found = select(*promise, open_place(Callback.municipality), about.scalar_subquery(), unseen.scalar_subquery())
    found = found.join(Ticket, Ticket.id == Callback.ticket_id).where(*wanted)
    rows = session.execute(found.order_by(Callback.starts_at, Callback.id).limit(most))
    return tuple(Deficit(*row) for row in rows)


def how_many_deficits(session: Session, network_id: int, *, ways: Ways | None, most: int) -> int:
    """How many of the promises that somebody may see are in deficit, as far as we count."""
    found = select(Callback.id).join(Ticket, Ticket.id == Callback.ticket_id).where(*_unkept(network_id, ways))
    return session.scalar(select(func.count()).select_from(found.limit(most).subquery())) or 0


def _unkept(network_id: int, ways: Ways | None) -> list[ColumnElement[bool] | TextClause]:
    unkept: list[ColumnElement[bool] | TextClause] = [
        text(f"callback.{IS_LIVE}"),
        Callback.network_id == network_id,
        Callback.state == CallbackState.DEFICIT,
    ]
    return unkept if ways is None else [*unkept, leads_to(ways)]
