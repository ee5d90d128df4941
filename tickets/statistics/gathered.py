"""Groups in the statistics: how many came to tour stops, events and courses, as their holders told."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import text
from sqlalchemy.orm import Session

from tickets.municipalities import by_code
from tickets.statistics.dimensions import Dimension
from tickets.statistics.figures import MonthSums, Sums
from tickets.statistics.periods import Period

_READ = text("""
SELECT CAST(o.starts_at AT TIME ZONE :zone AS date) AS day, g.municipality, g.organisation_id, r.people, r.topics, r.languages
FROM occasion o JOIN gathering_report r ON r.occasion_id = o.id JOIN gathering g ON g.id = o.gathering_id
WHERE g.network_id = :network AND o.starts_at >= :begins AND o.starts_at < :until
    AND (CAST(:organisation AS bigint) IS NULL OR g.organisation_id = :organisation)
""")


@dataclass(frozen=True, slots=True)
class Group:
    """One gathering that was held."""

    day: date
    municipality: str | None
    organisation_id: int | None
    people: int
    topics: Mapping[str, int]
    languages: Mapping[str, int]


def groups_of(
    session: Session, network_id: int, period: Period, *, zone: ZoneInfo, organisation_id: int | None = None
) -> tuple[Group, ...]:
    """The gatherings of a period of which it was told how many came."""
    values = {
        "network": network_id,
        "zone": str(zone),
        "begins": datetime.combine(period.begins, time(0), zone),
        "until": datetime.combine(period.until, time(0), zone),
        "organisation": organisation_id,
    }
    return tuple(Group(*row) for row in session.execute(_READ, values))


def as_sums(groups: tuple[Group, ...], by: Dimension | None) -> tuple[MonthSums, ...]:
    """Their sums by a dimension, or in all; nothing by a dimension that groups do not have."""
    values = (lambda _group: {"": None}) if by is None else _VALUES.get(by, lambda _group: {})
    return tuple(
        MonthSums(
            group.day.replace(day=1),
            value,
            group.organisation_id or 0,
            Sums(gatherings=1, gathered=group.people if people is None else people),
        )
        for group in groups
        for value, people in values(group).items()
    )


def _area(kind: str) -> Callable[[Group], Mapping[str, int | None]]:
    def value_of(group: Group) -> Mapping[str, int | None]:
        place = None if group.municipality is None else by_code(group.municipality)
        return {"" if place is None else getattr(place, kind).code: None}

    return value_of


# The values of a group, and how many of its people have them; nothing: all of them.
_VALUES: Final[Mapping[Dimension, Callable[[Group], Mapping[str, int | None]]]] = {
    Dimension.MUNICIPALITY: lambda group: {group.municipality or "": None},
    Dimension.SUBREGION: _area("subregion"),
    Dimension.REGION: _area("region"),
    Dimension.WELLBEING_COUNTY: _area("wellbeing_county"),
    Dimension.ORGANISATION: lambda group: {str(group.organisation_id or ""): None},
    Dimension.WEEK: lambda group: {(group.day - timedelta(days=group.day.weekday())).isoformat(): None},
    Dimension.TOPIC: lambda group: group.topics,
    Dimension.LANGUAGE: lambda group: group.languages,
}
