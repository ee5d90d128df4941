"""Counting: each matter that was closed becomes one support event, without anything that says whose it was.

A ticket's row is the lock of its counting, so any number of workers may count. What changed since is counted anew in the
same event, what was opened again is taken out; an event whose ticket was anonymised stays for good.
"""

from datetime import datetime, timedelta
from functools import cache
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, last_done
from scheduler.slots import HELSINKI
from scheduler.tools import Tools
from tickets.municipalities import all_municipalities
from tickets.records import values_of
from tickets.statistics.dimensions import NO_MATTER
from tickets.statistics.records import CAMPAIGN_OF
from tickets.statistics.sums import sum_due_months
from tickets.ticket import TO_COUNT
from tickets.vocabulary import HELPER_AWAY, AttemptResult, EventKind, Outcome

AT_ONCE: Final = 200  # a caller's next call may wait for a ticket that is being counted, so not for long
IN_TIME: Final = timedelta(minutes=10)


def count_all(tools: Tools, _job: ClaimedJob) -> None:
    """Count what is closed and sum the months it belongs to, a batch a transaction: killed, it has lost nothing."""
    count(tools.sessions)


def counted_until(session: Session) -> datetime | None:
    """Up to when all that was closed is counted; None where no round is remembered."""
    return last_done(session, Errand.COUNT)


def count(sessions: sessionmaker[Session], *, at_once: int = AT_ONCE) -> int:
    """Count until nothing is left that nobody else counts; how many events were written or taken out."""
    counted = 0
    while True:
        with sessions.begin() as session:
            batch = count_some(session, limit=at_once)
        if not batch:
            break
        counted += batch
    while True:
        with sessions.begin() as session:
            if not sum_due_months(session):
                return counted


def count_some(session: Session, *, limit: int = AT_ONCE) -> int:
    """Count so many tickets at most, and take out as many; how many events that were."""
    values: dict[str, object] = {"limit": limit, "zone": str(HELSINKI), "in_time": IN_TIME, **_places()}
    counted = session.execute(_COUNT, values).scalar_one()
    return int(counted + session.execute(_TAKE_OUT, {"limit": limit}).scalar_one())


@cache
def _places() -> dict[str, list[str]]:
    known = all_municipalities()
    return {
        "municipalities": [place.code for place in known],
        "subregions": [place.subregion.code for place in known],
        "regions": [place.region.code for place in known],
        "counties": [place.wellbeing_county.code for place in known],
    }


_FIELDS: Final = (
    "network_id, day, hour_band, channel, language, municipality, subregion, region, wellbeing_county, topics, e_service, "
    "device, helper_kind, organisation_id, wait_minutes, same_day, promises, kept, attempts, minutes, rang_again, outcome, "
    "did_themselves, on_behalf, wished_form, heard_of_us, feedback, training_need, campaign_id"
)
_DUE: Final = """
INSERT INTO support_month_due (network_id, month, due)
SELECT DISTINCT network_id, CAST(date_trunc('month', day) AS date), true FROM {changed} ORDER BY 1, 2
ON CONFLICT (network_id, month) DO UPDATE SET due = true
"""
_COUNT = text(f"""
WITH ripe AS (
    SELECT * FROM ticket WHERE {TO_COUNT} AND status = 'closed' ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
), place AS (
    SELECT * FROM unnest(CAST(:municipalities AS text[]), CAST(:subregions AS text[]), CAST(:regions AS text[]),
        CAST(:counties AS text[])) AS place(code, subregion, region, wellbeing_county)
), told AS (
    SELECT t.id AS ticket_id, t.anonymised_at, t.updated_at,
        coalesce(t.support_event_id, nextval(pg_get_serial_sequence('support_event', 'id'))) AS id,
        t.network_id, CAST(t.created_at AT TIME ZONE :zone AS date) AS day,
        CAST(extract(hour FROM t.created_at AT TIME ZONE :zone) AS int) / 3 * 3 AS hour_band, t.channel, t.language,
        place.code AS municipality, place.subregion, place.region, place.wellbeing_county,
        CASE WHEN t.topics <> '{{}}' OR t.topic IS NULL THEN t.topics ELSE ARRAY[CAST(t.topic AS text)] END AS topics,
        CASE WHEN t.e_service ~ '^[A-Z][A-Z0-9_]+$' THEN t.e_service END AS e_service, t.device, coalesce(h.kind, CASE WHEN p.id IS NOT NULL THEN coalesce(ph.kind, 'staff') END) AS helper_kind,
        coalesce(h.organisation_id, p.organisation_id, ph.organisation_id, t.owner_organisation_id) AS organisation_id,
        CAST(extract(epoch FROM c.rung_at - t.created_at) AS bigint) / 60 AS wait_minutes,
        coalesce(CAST(c.rung_at AT TIME ZONE :zone AS date) = CAST(t.created_at AT TIME ZONE :zone AS date),
            t.outcome NOT IN ('{Outcome.EI_TAVOITETTU}', {values_of(NO_MATTER)})
            AND CAST(t.closed_at AT TIME ZONE :zone AS date) = CAST(t.created_at AT TIME ZONE :zone AS date),
            false) AS same_day,
        c.promises, c.kept, a.attempts, coalesce(t.minutes, a.minutes) AS minutes, e.rang_again, t.outcome,
        t.did_themselves, t.on_behalf, t.wished_form, t.heard_of_us, t.feedback, t.training_need
    FROM ripe t
    LEFT JOIN place ON place.code = t.municipality AND NOT t.non_disclosure
    LEFT JOIN person p ON p.id = t.owner_person_id
    LEFT JOIN helper ph ON ph.id = p.helper_id
    CROSS JOIN LATERAL (
        SELECT min(caller_rung_at) AS rung_at, count(*) FILTER (WHERE stood) AS promises,
            count(*) FILTER (WHERE stood AND caller_rung_at <= starts_at + :in_time) AS kept
        FROM (SELECT caller_rung_at, starts_at, caller_rung_at IS NOT NULL OR state IN ('kept', 'missed')
            OR (state IN ('moved', 'cancelled') AND ended_at >= starts_at) AS stood
            FROM callback WHERE ticket_id = t.id) AS its
    ) c
    CROSS JOIN LATERAL (
        SELECT count(*) FILTER (WHERE result NOT IN ({values_of(sorted(HELPER_AWAY))})) AS attempts,
            CAST(round(extract(epoch FROM sum(ended_at - taken_at) FILTER (WHERE result = '{AttemptResult.VASTASI}')) / 60)
                AS bigint) AS minutes,
            (array_agg(helper_id ORDER BY taken_at DESC) FILTER (WHERE taken_at IS NOT NULL))[1] AS helper_id
        FROM attempt WHERE callback_id IN (SELECT id FROM callback WHERE ticket_id = t.id)
    ) a
    LEFT JOIN helper h ON h.id = a.helper_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS rang_again FROM ticket_event WHERE ticket_id = t.id AND kind = '{EventKind.RANG_AGAIN}'
    ) e
), written AS (
    INSERT INTO support_event (id, {_FIELDS}) OVERRIDING SYSTEM VALUE
    SELECT id, {_FIELDS} FROM (SELECT told.*, ({CAMPAIGN_OF.format(event="told")}) AS campaign_id FROM told) AS whole
    ON CONFLICT (id) DO UPDATE SET ({_FIELDS}) = ({", ".join(f"excluded.{name}" for name in _FIELDS.split(", "))})
), linked AS (
    UPDATE ticket SET support_event_id = CASE WHEN told.anonymised_at IS NULL THEN told.id END, counted_at = told.updated_at
    FROM told WHERE ticket.id = told.ticket_id
), due AS ({_DUE.format(changed="told")})
SELECT count(*) FROM told
""")  # noqa: S608 - of our own words only

_TAKE_OUT = text(f"""
WITH open_again AS (
    SELECT id, support_event_id FROM ticket WHERE {TO_COUNT} AND status <> 'closed'
    ORDER BY id LIMIT :limit FOR UPDATE SKIP LOCKED
), let_go AS (
    UPDATE ticket SET support_event_id = NULL, counted_at = NULL FROM open_again WHERE ticket.id = open_again.id
), gone AS (
    DELETE FROM support_event USING open_again WHERE support_event.id = open_again.support_event_id
    RETURNING support_event.network_id, support_event.day
), due AS ({_DUE.format(changed="gone")})
SELECT count(*) FROM gone
""")  # noqa: S608 - of our own words only
