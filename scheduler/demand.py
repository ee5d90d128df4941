"""How many calls for a time an hour of the week brings, by language: reckoned every night from the last eight weeks."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import ForeignKey, delete, insert, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from scheduler.jobs import ClaimedJob
from scheduler.slots import HELSINKI, instant_of
from scheduler.tools import Tools
from tickets.records import Base
from voice_prompts.language import Language

WEEKS: Final = 8
PRIOR_WEEKS: Final = 4  # so much history is what the hours of all callers together are worth


class Demand(Base):
    """Calls for a time in a language that an hour of a weekday (0 is Monday, both by Helsinki's clock) brings on average."""

    __tablename__ = "demand"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    expected: Mapped[float]
    reckoned_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class Hour:
    """An hour of the week, and a language."""

    language: Language
    weekday: int
    hour: int


def reckon_all(tools: Tools, _job: ClaimedJob) -> None:
    """The night's job: every network's calls of the last weeks, up to this morning."""
    now = tools.clock.now()
    with tools.sessions.begin() as session:
        for network_id in session.scalars(text("SELECT id FROM network ORDER BY id")).all():
            reckon(session, network_id, now=now)


def reckon(session: Session, network_id: int, *, now: datetime) -> None:
    """Expect what the last eight weeks brought, up to the last midnight; reckoned again on the same day, it is the same."""
    until = instant_of(now.astimezone(HELSINKI).date(), time(0), HELSINKI)
    counts, weeks = _history(session, network_id, until)
    session.execute(delete(Demand).where(Demand.network_id == network_id))
    rows = [
        {
            "network_id": network_id,
            "language": hour.language,
            "weekday": hour.weekday,
            "hour": hour.hour,
            "expected": expected,
            "reckoned_at": now,
        }
        for hour, expected in expect(counts, weeks).items()
    ]
    if rows:
        session.execute(insert(Demand), rows)


def expect(counts: Mapping[Hour, int], weeks: float) -> dict[Hour, float]:
    """Calls a week by the hour, from those counted over so many weeks.

    Few calls tell little about their hour: each language's are drawn towards the hours at which all callers ring. Its sum
    over the week stays what was counted.
    """
    calls, together = Counter[Language](), Counter[tuple[int, int]]()
    for hour, count in counts.items():
        calls[hour.language] += count
        together[hour.weekday, hour.hour] += count
    expected = {}
    for language, total in calls.items():
        for (weekday, hour_of_day), everyone in together.items():
            hour = Hour(language, weekday, hour_of_day)
            usual = total / weeks * everyone / together.total()
            expected[hour] = (counts.get(hour, 0) + PRIOR_WEEKS * usual) / (weeks + PRIOR_WEEKS)
    return expected


_HISTORY = text("""
SELECT language, CAST(extract(isodow FROM created_at AT TIME ZONE :zone) AS int) - 1 AS weekday,
    CAST(extract(hour FROM created_at AT TIME ZONE :zone) AS int) AS hour, count(*) AS calls, min(created_at) AS first
FROM ticket WHERE network_id = :network AND channel = 'puhelin' AND created_at >= :since AND created_at < :until
GROUP BY 1, 2, 3
""")


def _history(session: Session, network_id: int, until: datetime) -> tuple[dict[Hour, int], float]:
    values = {"network": network_id, "zone": str(HELSINKI), "since": until - timedelta(weeks=WEEKS), "until": until}
    rows = session.execute(_HISTORY, values).all()
    counts = {Hour(Language(row.language), row.weekday, row.hour): row.calls for row in rows}
    # A line that opened on Thursday has not had a slow week.
    age = until - min((row.first for row in rows), default=until)
    return counts, max(1.0, age / timedelta(weeks=1))
