"""The sums of each month, taken anew when its events have changed: what reports read."""

from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from tickets.records import values_of
from tickets.statistics.dimensions import NO_MATTER, SOLVED, STEP, Dimension, Kept
from tickets.statistics.records import ALL


def sum_due_months(session: Session, *, limit: int = 1) -> int:
    """Sum so many months anew whose events have changed; how many that were. Who counts meanwhile makes them due again."""
    months = session.execute(_CLAIM, {"limit": limit}).all()
    for month in months:
        about = {"network": month.network_id, "month": month.month}
        session.execute(_CLEAR, about)
        session.execute(_SUM, about)
    return len(months)


_CLAIM = text("""
UPDATE support_month_due SET due = false WHERE (network_id, month) IN (
    SELECT network_id, month FROM support_month_due WHERE due ORDER BY network_id, month LIMIT :limit FOR UPDATE SKIP LOCKED
) RETURNING network_id, month
""")
_CLEAR = text("DELETE FROM support_month WHERE network_id = :network AND month = :month")

_OF_EACH: Final = f"""
('{Kept.TOTAL}', ''),
('{Dimension.MUNICIPALITY}', coalesce(municipality, '')),
('{Dimension.SUBREGION}', coalesce(subregion, '')),
('{Dimension.REGION}', coalesce(region, '')),
('{Dimension.WELLBEING_COUNTY}', coalesce(wellbeing_county, '')),
('{Dimension.LANGUAGE}', language),
('{Dimension.E_SERVICE}', coalesce(e_service, '')),
('{Dimension.DEVICE}', coalesce(device, '')),
('{Dimension.CHANNEL}', channel),
('{Dimension.OUTCOME}', coalesce(outcome, '')),
('{Dimension.HELPER_KIND}', coalesce(helper_kind, '')),
('{Dimension.WEEK}', CAST(CAST(date_trunc('week', day) AS date) AS text)),
('{Dimension.HOUR}', to_char(hour_band, 'FM00')),
('{Dimension.DID_THEMSELVES}', coalesce(did_themselves, '')),
('{Dimension.ON_BEHALF}', CASE WHEN on_behalf THEN 'yes' WHEN NOT on_behalf THEN 'no' ELSE '' END),
('{Dimension.WISHED_FORM}', coalesce(wished_form, '')),
('{Dimension.HEARD_OF_US}', coalesce(heard_of_us, '')),
('{Dimension.FEEDBACK}', coalesce(CAST(feedback AS text), '')),
('{Dimension.CAMPAIGN}', coalesce(CAST(campaign_id AS text), '')),
('{Kept.HELPED_IN}', CASE WHEN helper_kind IS NOT NULL THEN coalesce(municipality, '') END),
('{Kept.SPOKEN_IN}', municipality || ':' || language)
"""
_MATTER: Final = f"(outcome IS NULL OR outcome NOT IN ({values_of(NO_MATTER)}))"
_SUM = text(f"""
INSERT INTO support_month (network_id, month, dimension, value, organisation_id, events, matters, same_day, solved, promises,
    kept, rang_again, training, answered, helped, minutes, waits)
SELECT :network, :month, dimension, value, coalesce(organisation, {ALL}), CAST(sum(events) AS bigint), CAST(sum(matters) AS bigint),
    CAST(sum(same_day) AS bigint), CAST(sum(solved) AS bigint), CAST(sum(promises) AS bigint), CAST(sum(kept) AS bigint),
    CAST(sum(rang_again) AS bigint), CAST(sum(training) AS bigint), CAST(sum(answered) AS bigint), CAST(sum(helped) AS bigint),
    CAST(sum(minutes) AS bigint), coalesce(jsonb_object_agg(wait, events) FILTER (WHERE wait IS NOT NULL), '{{}}')
FROM (
    SELECT dimension, value, coalesce(organisation_id, 0) AS organisation, {STEP} AS wait, count(*) AS events,
        count(*) FILTER (WHERE {_MATTER}) AS matters,
        count(*) FILTER (WHERE {_MATTER} AND same_day) AS same_day,
        count(*) FILTER (WHERE outcome IN ({values_of(SOLVED)})) AS solved,
        sum(promises) AS promises, sum(kept) AS kept, sum(rang_again) AS rang_again,
        count(*) FILTER (WHERE training_need) AS training, count(feedback) AS answered,
        count(*) FILTER (WHERE feedback = 1) AS helped, coalesce(sum(minutes), 0) AS minutes
    FROM support_event
    CROSS JOIN LATERAL (
        SELECT * FROM (VALUES {_OF_EACH}) AS one(dimension, value) WHERE value IS NOT NULL
        UNION ALL SELECT '{Dimension.TOPIC}', topic FROM unnest(CASE WHEN topics = '{{}}' THEN ARRAY[''] ELSE topics END) AS topic
    ) AS seen
    WHERE network_id = :network AND day >= :month AND day < :month + interval '1 month'
    GROUP BY GROUPING SETS ((dimension, value, organisation, wait), (dimension, value, wait))
) AS by_wait
GROUP BY dimension, value, organisation
""")  # noqa: S608 - of our own words only
