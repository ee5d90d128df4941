"""The sums as they are read: a period's months by index, however many events there were."""

from collections.abc import Collection, Mapping
from datetime import date
from typing import Any, Final

from sqlalchemy import Row, select, text
from sqlalchemy.orm import Session

from tickets.network import Organisation
from tickets.statistics.dimensions import Dimension, Kept
from tickets.statistics.figures import MonthSums, Sums
from tickets.statistics.periods import Period
from tickets.statistics.records import ALL

_COUNTS: Final = [
    "events",
    "matters",
    "same_day",
    "solved",
    "promises",
    "kept",
    "rang_again",
    "training",
    "answered",
    "helped",
    "minutes",
]
_READ = text(f"""
SELECT month, value, organisation_id, CASE WHEN :with_waits THEN waits ELSE '{{}}' END AS waits, {", ".join(_COUNTS)} FROM support_month
WHERE network_id = :network AND dimension = :dimension AND month >= :begins AND month < :until
    AND organisation_id = ANY(CAST(:organisations AS bigint[]))
    AND (CAST(:values AS text[]) IS NULL OR value = ANY(CAST(:values AS text[])))
""")  # noqa: S608 - of our own words only
# A row for each organisation, as there may be very many municipalities.
_HELPED = text(f"""
SELECT month, organisation_id, jsonb_object_agg(value, events) AS events FROM support_month
WHERE network_id = :network AND dimension = '{Kept.HELPED_IN}' AND month >= :begins AND month < :until
    AND organisation_id = ANY(CAST(:organisations AS bigint[]))
GROUP BY month, organisation_id
""")  # noqa: S608 - of our own words only
_SPAN = text("""
SELECT min(month), max(month) FROM support_month
WHERE network_id = :network AND organisation_id = :all AND dimension = 'total'
""")


def sums_of(
    session: Session,
    network_id: int,
    period: Period,
    dimension: Dimension | Kept,
    *,
    organisations: Collection[int] = (ALL,),
    values: Collection[str] | None = None,
    with_waits: bool = True,
) -> tuple[MonthSums, ...]:
    """The sums of a period by one dimension, or by these values of it: over all of the network, or of these organisations, each
    on its own."""
    about = {
        "network": network_id,
        "dimension": dimension,
        "begins": period.begins,
        "until": period.until,
        "organisations": list(organisations),
        "values": None if values is None else list(values),
        "with_waits": with_waits,
    }
    return tuple(map(_read, session.execute(_READ, about)))


def helped(
    session: Session, network_id: int, period: Period, organisations: Collection[int]
) -> dict[date, dict[tuple[int, str], int]]:
    """How many matters of each municipality each of these organisations saw to, month by month."""
    about = {
        "network": network_id,
        "begins": period.begins,
        "until": period.until,
        "organisations": list(organisations),
    }
    found: dict[date, dict[tuple[int, str], int]] = {}
    for month, organisation, events in session.execute(_HELPED, about):
        found.setdefault(month, {}).update({(organisation, value): count for value, count in events.items()})
    return found


def each_organisation(session: Session, network_id: int) -> tuple[int, ...]:
    """All that sums may be of one by one, nobody (0) with them."""
    mine = select(Organisation.id).where(Organisation.network_id == network_id)
    return (0, *session.scalars(mine))


def reported_years(session: Session, network_id: int) -> Period | None:
    """All years of which there is anything; nothing in a network that has counted nothing yet."""
    first, last = session.execute(_SPAN, {"network": network_id, "all": ALL}).one()
    return None if first is None else Period.years(first.year, last.year)


def _read(row: Row[Any]) -> MonthSums:
    month: date = row.month
    counts: Mapping[str, int] = {name: getattr(row, name) for name in _COUNTS}
    waits = {int(wait): events for wait, events in row.waits.items()}
    return MonthSums(month, row.value, row.organisation_id, Sums(**counts, waits=waits))
