"""Whether Finnish and Swedish speakers are served alike: cover and wait, in each bilingual municipality."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from tickets.municipalities import all_municipalities
from tickets.network import Organisation
from tickets.statistics.dimensions import Kept, Measure
from tickets.statistics.figures import COUNTED, Figure, MonthSums, Row, Sums, added, row_of
from tickets.statistics.periods import Period
from tickets.statistics.reading import sums_of
from tickets.statistics.suppression import Sum
from tickets.statistics.tables import Cell, Seen, counts_of, look_at
from voice_prompts.language import Language

BILINGUAL: Final = tuple(place.code for place in all_municipalities() if len(place.languages) > 1)
_SPOKEN: Final = tuple(f"{place}:{language}" for place in BILINGUAL for language in Language)


@dataclass(frozen=True, slots=True)
class Side:
    """One language in one municipality: hours in which some helper could be promised, and what came of the matters."""

    language: Language
    hours: Figure
    figures: Row


@dataclass(frozen=True, slots=True)
class Parity:
    """Both languages in a bilingual municipality, Finnish first."""

    municipality: str
    sides: tuple[Side, ...]


def parity(session: Session, network_id: int, period: Period, *, zone: ZoneInfo) -> tuple[Parity, ...]:
    """Cover and wait by language in each bilingual municipality that the network serves or was asked from."""
    hours = _hours(session, network_id, period, zone)
    return parity_of(period, sums_of(session, network_id, period, Kept.SPOKEN_IN, values=_SPOKEN), hours)


def parity_of(
    period: Period, months: Collection[MonthSums], hours: Mapping[tuple[str, Language], float]
) -> tuple[Parity, ...]:
    """The same from sums by municipality and language, and hours covered by both."""
    places = {place for place, _ in hours} | {_place(one) for one in months}
    mine = [one for one in months if _place(one) in BILINGUAL]
    sums: dict[str, list[Sums]] = defaultdict(list)
    for one in mine:
        sums[one.value].append(one.sums)
    seen = {measure: look_at(period, counts_of(mine, _cell, measure), _by_municipality) for measure in COUNTED}
    return tuple(
        Parity(place, tuple(_side(place, language, sums, seen, hours) for language in Language))
        for place in sorted(places & set(BILINGUAL))
    )


def _side(
    place: str,
    language: Language,
    sums: Mapping[str, Collection[Sums]],
    seen: Mapping[Measure, Seen],
    hours: Mapping[tuple[str, Language], float],
) -> Side:
    mine = added(sums.get(f"{place}:{language}", ()))
    shown = {measure: seen[measure].shown((place, language.value)) for measure in COUNTED}
    return Side(language, Figure(round(hours.get((place, language), 0.0), 1)), row_of(language, mine, shown))


def _place(one: MonthSums) -> str:
    return one.value.partition(":")[0]


def _cell(one: MonthSums) -> Cell:
    return tuple(one.value.split(":"))


def _by_municipality(cells: Mapping[Cell, int]) -> list[Sum[Cell]]:
    # Both together are in the table by municipality.
    return [
        Sum((place,), frozenset(cell for cell in cells if cell[0] == place)) for place in {cell[0] for cell in cells}
    ]


_HOURS = text("""
WITH by_organisation AS (
    SELECT h.organisation_id, spoken.language,
        range_agg(p.during * tstzrange(CAST(:begins AS timestamptz), CAST(:until AS timestamptz))) AS covered
    FROM place p
    JOIN shift s ON s.id = p.shift_id AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
    JOIN helper h ON h.id = p.helper_id
    JOIN unnest(h.languages) AS spoken(language) ON s.language IS NULL OR s.language = spoken.language
    WHERE p.network_id = :network AND p.state = 'held' AND upper(p.during) > :begins AND lower(p.during) < :until
    GROUP BY 1, 2
)
SELECT municipality, language, sum(extract(epoch FROM upper(span) - lower(span))) / 3600 AS hours
FROM (
    SELECT asked.municipality, by_organisation.language, range_agg(covered) AS covered
    FROM by_organisation
    JOIN organisation o ON o.id = organisation_id
    JOIN unnest(CAST(:municipalities AS text[])) AS asked(municipality)
        ON o.serves = '{}' OR asked.municipality = ANY(o.serves || o.agreed)
    GROUP BY 1, 2
) AS by_both, unnest(covered) AS span GROUP BY 1, 2
""")


def _hours(session: Session, network_id: int, period: Period, zone: ZoneInfo) -> dict[tuple[str, Language], float]:
    """Hours of a period in which a helper of the language who serves the municipality had a place; at once counts once."""
    served = session.scalars(
        select(func.unnest(Organisation.serves + Organisation.agreed)).where(Organisation.network_id == network_id)
    )
    values = {
        "network": network_id,
        "begins": datetime.combine(period.begins, time(0), zone),
        "until": datetime.combine(period.until, time(0), zone),
        "municipalities": sorted(set(BILINGUAL) & set(served)),
    }
    return {(row.municipality, Language(row.language)): float(row.hours) for row in session.execute(_HOURS, values)}
