"""Papers that are about to run out: the coordinator hears of it while there is time to do something."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind
from scheduler.jobs import ClaimedJob
from scheduler.slots import HELSINKI
from scheduler.tools import Tools

BADGE_AHEAD: Final = timedelta(days=30)
RULES_AHEAD: Final = timedelta(days=7)  # they are read in a minute; a badge takes a course

_EXPIRING = text("""
INSERT INTO alert (network_id, key, kind, at, helper_id, details)
SELECT network_id, concat_ws('\\:', kind, 'helper-' || id, due), kind, :now, id, jsonb_build_object('on', due)
FROM (
    SELECT id, network_id, CAST(:badge AS text) AS kind, badge_expires_on AS due FROM helper
    WHERE active AND badge_expires_on <= :badge_by
    UNION ALL
    SELECT id, network_id, :rules, rules_due_on FROM helper WHERE active AND rules_due_on <= :rules_by
) AS soon
ON CONFLICT (key) DO NOTHING
""")
_OVER = text("""
UPDATE alert SET resolved_at = :now FROM helper h
WHERE h.id = alert.helper_id AND alert.resolved_at IS NULL AND alert.kind IN (:badge, :rules) AND (
    NOT h.active OR CAST(alert.details ->> 'on' AS date) IS DISTINCT FROM
        CASE alert.kind WHEN :badge THEN h.badge_expires_on ELSE h.rules_due_on END)
""")


def watch_papers(tools: Tools, _job: ClaimedJob) -> None:
    """Once a day: whose badge or acceptance runs out soon; what has been renewed is over by itself."""
    with tools.sessions.begin() as session:
        note_expiring(session, now=tools.clock.now())


def note_expiring(session: Session, *, now: datetime) -> None:
    """One alert for each helper and day: a badge that expires within thirty days, rules that are due within seven."""
    today = now.astimezone(HELSINKI).date()
    values: dict[str, object] = {"now": now, "badge": AlertKind.BADGE, "rules": AlertKind.RULES}
    session.execute(_OVER, values)
    session.execute(_EXPIRING, {**values, "badge_by": today + BADGE_AHEAD, "rules_by": today + RULES_AHEAD})
