"""In what a helper has said that they would need training: by topic, from the cases that they rang about or took."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.slots import HELSINKI
from tickets.vocabulary import EventKind, Topic

LOOKED_AT: Final = 300  # of their latest calls, and as many of their cases


@dataclass(frozen=True, slots=True)
class TrainingNeed:
    """A topic that they marked: in how many cases, and when last; None where the case has no topic."""

    topic: Topic | None
    times: int
    last_on: date


_MARKED = text("""
WITH own AS (
    (SELECT ticket_id FROM callback WHERE assigned_helper_id = :helper ORDER BY id DESC LIMIT :most)
    UNION (SELECT id FROM ticket WHERE owner_person_id = :person ORDER BY id DESC LIMIT :most)
), marked AS (
    SELECT t.id, t.topic, t.topics, max(e.at) AS at FROM own JOIN ticket t ON t.id = own.ticket_id AND t.training_need
        JOIN ticket_event e ON e.ticket_id = t.id AND e.kind = :refined AND e.actor = :actor
            AND e.details -> 'fields' @> '["training_need"]'
    GROUP BY t.id
)
SELECT about.topic, count(*) AS times, max(at) AS last_at
FROM marked, unnest(CASE WHEN cardinality(topics) > 0 THEN topics ELSE ARRAY[topic] END) AS about(topic)
GROUP BY about.topic ORDER BY times DESC, last_at DESC
""")


def training_needs(session: Session, helper_id: int, person_id: int | None, actor: str) -> Sequence[TrainingNeed]:
    """What they marked and nobody has unmarked, the most often first; one statement."""
    values = {"helper": helper_id, "person": person_id, "actor": actor, "refined": EventKind.REFINED, "most": LOOKED_AT}
    rows = session.execute(_MARKED, values)
    return [
        TrainingNeed(Topic(row.topic) if row.topic else None, row.times, row.last_at.astimezone(HELSINKI).date())
        for row in rows
    ]
