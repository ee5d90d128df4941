"""Reports over a million support events, and over a hundredth of them: the same months, in the same network."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import cycle, islice
from time import perf_counter
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.counting import count_some
from scheduler.parity import parity
from scheduler.slots import HELSINKI
from tests.benchmarks.measure import Measured
from tests.benchmarks.tickets_ground import NOW, SMALL, YEARS, TicketsGround, tickets_grounds
from tickets.municipalities import all_municipalities
from tickets.statistics.between import help_between
from tickets.statistics.dimensions import Dimension
from tickets.statistics.periods import Period
from tickets.statistics.reading import reported_years
from tickets.statistics.reports import report
from tickets.statistics.sums import sum_due_months

EVENTS: Final = 1_000_000
FEW: Final = 20  # tickets: the events are written straight in
TIMES, WARM = 60, 6
GROWTH_AT_MOST: Final = 2.0
# Spread over the years as they come: some towns large, most small; two in seven in Swedish; most helped the same day.
_FILL: Final = text("""
INSERT INTO support_event (network_id, day, hour_band, channel, language, municipality, subregion, region, wellbeing_county,
    topics, e_service, device, helper_kind, organisation_id, wait_minutes, same_day, promises, kept, attempts, minutes,
    rang_again, outcome, heard_of_us, feedback, training_need)
SELECT :network, CAST(:until AS date) - CAST(floor(power(random(), 0.9) * :days) AS int), 9, 'puhelin',
    CASE WHEN random() < 0.7 THEN 'fi' ELSE 'sv' END, place.code, place.subregion, place.region, place.county,
    ARRAY[(CAST(:topics AS text[]))[1 + CAST(floor(random() * 8) AS int)]], NULL, 'android', 'volunteer',
    (CAST(:organisations AS bigint[]))[1 + CAST(floor(random() * :several) AS int)], CAST(random() * 4000 AS int),
    random() < 0.6, 1, CAST(random() < 0.9 AS int), 1, 40, CAST(random() < 0.1 AS int), 'RATKAISTU', 'library',
    CASE WHEN random() < 0.4 THEN 1 + CAST(floor(random() * 3) AS int) END, random() < 0.1
FROM generate_series(1, :events) AS number
JOIN (SELECT row_number() OVER () AS nth, * FROM unnest(CAST(:codes AS text[]), CAST(:subregions AS text[]),
    CAST(:regions AS text[]), CAST(:counties AS text[])) AS place(code, subregion, region, county)) AS place
    ON place.nth = 1 + CAST(floor(:places * power(abs(sin(number)), 3)) AS int)
""")


def measure(events: int = EVENTS) -> Iterator[Measured]:
    """What a coordinator asks of a month, of all years, and how fast tickets become events."""
    with tickets_grounds(FEW, SMALL) as grounds:
        yield from _measure(grounds[FEW], grounds[SMALL], events)


def _measure(large: TicketsGround, small: TicketsGround, events: int) -> Iterator[Measured]:
    for ground, several in ((large, events), (small, events // 100)):
        fill(ground, several)
    for name, ask in _QUESTIONS.items():
        floor, value = _p95(ask, small, large)
        yield Measured(f"report: {name}, {events:,} events (p95)", value, "ms", floor=floor, at_most=GROWTH_AT_MOST)
    for by in (Dimension.TOPIC, Dimension.MUNICIPALITY):
        yield Measured(f"report: all time by {by}, {events:,} events", _all_time(large, by), "s")
    yield Measured("counting: closed tickets", _counted_a_second(small), "tickets/s")


def fill(ground: TicketsGround, events: int) -> None:
    """Put so many support events into a network, and sum its months."""
    region = [place for place in all_municipalities() if place.region.code in ("01", "02", "06")]
    values = {
        "network": ground.network,
        "until": NOW.date(),
        "days": YEARS * 365,
        "events": events,
        "topics": ["PUHELIN", "TIETOKONE", "TUNNIST", "KELA", "OMAKANTA", "SPOSTI", "SOVELLUS", "MUU"],
        "organisations": list(ground.organisations),
        "several": len(ground.organisations),
        "places": len(region),
        "codes": [place.code for place in region],
        "subregions": [place.subregion.code for place in region],
        "regions": [place.region.code for place in region],
        "counties": [place.wellbeing_county.code for place in region],
    }
    with ground.sessions.begin() as session:
        session.execute(_FILL, values)
        session.execute(text("INSERT INTO support_month_due SELECT DISTINCT network_id, date_trunc('month', day), true "
                             "FROM support_event ON CONFLICT DO NOTHING"))  # fmt: skip
        while sum_due_months(session):
            pass
    with ground.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE support_event"))
        connection.execute(text("VACUUM ANALYZE support_month"))


Ask = Callable[[Session, int, Period], object]


def _by(by: Dimension) -> Ask:
    return lambda session, network, period: report(session, network, period, by, zone=HELSINKI)


_QUESTIONS: Final[dict[str, Ask]] = {
    "a month by topic": _by(Dimension.TOPIC),
    "a month by municipality": _by(Dimension.MUNICIPALITY),
    "a month by organisation": _by(Dimension.ORGANISATION),
    "a month's help between municipalities": help_between,
    "a month's parity": lambda session, network, period: parity(session, network, period, zone=HELSINKI),
}


def _p95(ask: Ask, *grounds: TicketsGround) -> list[float]:
    """Asked by turns: machines have moods."""
    months = [Period.month_of((NOW - timedelta(days=30 * back)).date()) for back in range(1, YEARS * 12)]
    took: dict[int, list[float]] = {ground.size: [] for ground in grounds}
    for month in islice(cycle(months), TIMES):
        for ground in grounds:
            with ground.sessions() as session:
                begun = perf_counter()
                ask(session, ground.network, month)
                took[ground.size].append(perf_counter() - begun)
    settled = (sorted(times[WARM:]) for times in took.values())
    return [times[int(len(times) * 0.95)] * 1000 for times in settled]


def _all_time(ground: TicketsGround, by: Dimension) -> float:
    with ground.sessions() as session:
        begun = perf_counter()
        years = reported_years(session, ground.network)
        assert years is not None
        report(session, ground.network, years, by, zone=HELSINKI)
        return perf_counter() - begun


def _counted_a_second(ground: TicketsGround) -> float:
    counted, begun = 0, perf_counter()
    while True:
        with ground.sessions.begin() as session:
            some = count_some(session)
        if not some:
            return counted / (perf_counter() - begun)
        counted += some
