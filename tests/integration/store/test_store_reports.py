"""The reports against counting by hand: what they say is so, and what is small is not said."""

import random
from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime, timedelta
from statistics import median_low

import pytest
from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.parity import parity
from scheduler.slots import HELSINKI
from tests.integration.store.conftest import FI, SV, Town
from tests.integration.store.reports import LOIMAA, NAANTALI, NOVEMBER, PARAINEN, TURKU, YEAR, Statistics, how, shown
from tickets.gatherings import Gathering, GatheringKind, GatheringReport, Occasion
from tickets.statistics.between import help_between
from tickets.statistics.dimensions import NO_MATTER, SOLVED, Dimension, Measure, step
from tickets.statistics.figures import Figure
from tickets.statistics.periods import Period
from tickets.statistics.records import SupportEvent
from tickets.statistics.reports import report
from tickets.vocabulary import Channel, Device, HeardOfUs, HelperKind, Outcome, Topic


@pytest.fixture
def statistics(town: Town) -> Statistics:
    """A network without events yet."""
    return Statistics(town)


SINGLE = {
    Dimension.LANGUAGE: "language",
    Dimension.CHANNEL: "channel",
    Dimension.OUTCOME: "outcome",
    Dimension.DEVICE: "device",
    Dimension.HELPER_KIND: "helper_kind",
    Dimension.HEARD_OF_US: "heard_of_us",
    Dimension.MUNICIPALITY: "municipality",
    Dimension.REGION: "region",
    Dimension.TOPIC: "topics",
    Dimension.E_SERVICE: "e_service",
}


def drawn(town: Town, chance: random.Random, organisations: list[int]) -> SupportEvent:
    """An event of the autumn as it may come."""
    promises = chance.choice([0, 1, 1, 1, 2])
    place = chance.choice([(TURKU, "023", "02", "05"), (PARAINEN, "021", "02", "05"), (None,) * 4])
    return SupportEvent(
        network_id=town.network,
        day=date(2026, 9, 1) + timedelta(days=chance.randrange(91)),
        hour_band=chance.randrange(8) * 3,
        channel=chance.choice(list(Channel)),
        language=chance.choice([FI, FI, FI, SV]),
        municipality=place[0],
        subregion=place[1],
        region=place[2],
        wellbeing_county=place[3],
        topics=chance.sample([topic.value for topic in Topic][:6], chance.randrange(3)),
        e_service=chance.choice([None, "kela"]),
        device=chance.choice([None, *list(Device)[:3]]),
        helper_kind=chance.choice([None, *HelperKind]),
        organisation_id=chance.choice([None, *organisations]),
        wait_minutes=chance.choice([None, chance.randrange(6000)]),
        same_day=chance.random() < 0.6,
        promises=promises,
        kept=chance.randint(0, promises),
        attempts=chance.randrange(3),
        rang_again=chance.choice([0, 0, 0, 1, 2]),
        outcome=chance.choice([*list(Outcome)[:8], *NO_MATTER]),
        heard_of_us=chance.choice([None, *HeardOfUs]),
        feedback=chance.choice([None, 1, 2, 3]),
        training_need=chance.random() < 0.2,
    )


def values_of(event: SupportEvent, by: Dimension) -> Iterable[str]:
    value = getattr(event, SINGLE[by])
    if by is Dimension.TOPIC:
        return value or [""]
    return ["" if value is None else str(value)]


def share(part: int, whole: int) -> Figure:
    if 0 < whole < 5:
        return Figure(None, hidden=True)
    return Figure(round(part / whole, 2) if whole else None)


def by_hand(events: list[SupportEvent]) -> dict[Measure, Figure]:
    matters = [event for event in events if event.outcome not in NO_MATTER]
    answers = [event.feedback for event in events if event.feedback]
    waits = [step(event.wait_minutes) for event in events if event.wait_minutes is not None]
    median = (
        Figure(median_low(waits) if waits else None) if len(waits) not in range(1, 5) else Figure(None, hidden=True)
    )
    return {
        Measure.EVENTS: Figure(len(events)),
        Measure.SAME_DAY_SHARE: share(sum(event.same_day for event in matters), len(matters)),
        Measure.SOLVED_SHARE: share(sum(event.outcome in SOLVED for event in matters), len(matters)),
        Measure.KEPT_SHARE: share(sum(event.kept for event in events), sum(event.promises for event in events)),
        Measure.HELPED_SHARE: share(answers.count(1), len(answers)),
        Measure.MEDIAN_WAIT: median,
    }


@pytest.mark.parametrize("seed", range(2))
def test_every_figure_that_is_shown_is_what_counting_by_hand_gives(statistics: Statistics, seed: int) -> None:
    town, chance = statistics.town, random.Random(seed)
    organisations = [town.organisation, statistics.organisation("Parainen", PARAINEN)]
    with town.sessions.begin() as session:
        events = [drawn(town, chance, organisations) for _ in range(400)]
        session.add_all(events)
        session.execute(text("INSERT INTO support_month_due SELECT DISTINCT network_id, date_trunc('month', day), true "
                             "FROM support_event"))  # fmt: skip
    for period in (NOVEMBER, Period.read("2026-Q4"), YEAR):
        mine = [event for event in events if period.begins <= event.day < period.until]
        for by in SINGLE:
            told = statistics.report(by, period)
            assert {measure: told.total[measure] for measure in by_hand(mine)} == by_hand(mine), by
            for row in told.rows:
                expected = by_hand([event for event in mine if row.value in values_of(event, by)])
                if row[Measure.EVENTS].hidden:
                    assert all(row[measure].hidden for measure in expected)
                else:
                    told_exactly = {measure for measure in expected if not row[measure].rounded}
                    assert {measure: row[measure] for measure in told_exactly} == {
                        measure: expected[measure] for measure in told_exactly
                    }, (by, row.value)
                    assert abs((row[Measure.EVENTS].number or 0) - (expected[Measure.EVENTS].number or 0)) <= 2
            if told.named:
                assert {row.value for row in told.rows} == {value for event in mine for value in values_of(event, by)}


def test_a_small_cell_is_hidden_with_the_next_smallest_and_the_total_stays(statistics: Statistics) -> None:
    for times, channel in ((3, Channel.DESK), (7, Channel.FORM), (40, Channel.PHONE)):
        statistics.write(times, channel=channel)
    told = statistics.report(Dimension.CHANNEL)
    assert shown(told) == {"neuvoja": "hidden", "lomake": "hidden", "puhelin": 40}
    assert told.total[Measure.EVENTS] == Figure(50)
    assert all(figure.hidden for figure, measure in zip(told.rows[0].figures, Measure, strict=True)
               if measure not in (Measure.GATHERINGS, Measure.GATHERED))  # fmt: skip


def test_a_lonely_small_municipality_takes_its_neighbour_along_and_not_the_whole_region(statistics: Statistics) -> None:
    for times, place, subregion in ((2, NAANTALI, "023"), (60, TURKU, "023"), (30, LOIMAA, "025"), (20, "561", "025")):
        statistics.write(times, municipality=place, subregion=subregion, region="02", wellbeing_county="05")
    told = shown(statistics.report(Dimension.MUNICIPALITY))
    assert told == {NAANTALI: "hidden", TURKU: "hidden", LOIMAA: 30, "561": 20}
    assert shown(statistics.report(Dimension.SUBREGION)) == {"023": 62, "025": 50}
    assert shown(statistics.report(Dimension.REGION)) == {"02": 112}


def test_the_year_does_not_give_away_the_one_month_that_is_hidden(statistics: Statistics) -> None:
    for month, sv, fi in ((1, 9, 50), (2, 3, 50), (3, 9, 50), (4, 9, 50)):
        statistics.write(sv, day=date(2026, month, 5), language=SV)
        statistics.write(fi, day=date(2026, month, 5))
    assert shown(statistics.report(Dimension.LANGUAGE, Period.read("2026-02"))) == {"sv": "hidden", "fi": "hidden"}
    assert shown(statistics.report(Dimension.LANGUAGE, Period.read("2026-03"))) == {"sv": 9, "fi": 50}
    assert shown(statistics.report(Dimension.LANGUAGE, Period.read("2026-Q1"))) == {"sv": "about 20", "fi": "about 150"}
    assert shown(statistics.report(Dimension.LANGUAGE, YEAR)) == {"sv": "about 30", "fi": "about 200"}


def test_a_year_of_small_months_is_told(statistics: Statistics) -> None:
    for month in range(1, 13):
        statistics.write(2, day=date(2026, month, 5), language=SV)
        statistics.write(50, day=date(2026, month, 5))
    assert shown(statistics.report(Dimension.LANGUAGE, YEAR)) == {"sv": 24, "fi": 600}


def test_the_months_of_a_year_stand_one_after_the_other(statistics: Statistics) -> None:
    for month, times in ((3, 8), (1, 6)):
        statistics.write(times, day=date(2026, month, 28))
    assert shown(statistics.report(Dimension.MONTH, YEAR)) == {"2026-01": 6, "2026-03": 8}


def test_weeks_begin_on_monday_and_one_that_spans_two_months_is_whole(statistics: Statistics) -> None:
    statistics.write(6, day=date(2026, 11, 30))
    statistics.write(7, day=date(2026, 12, 2))
    statistics.write(9, day=date(2026, 11, 3))
    told = statistics.report(Dimension.WEEK, YEAR)
    assert shown(told) == {"2026-11-02": 9, "2026-11-30": 13}


def test_an_organisation_sees_its_own_rows_and_no_others(statistics: Statistics) -> None:
    other = statistics.organisation("Parainen", PARAINEN)
    statistics.write(6, organisation_id=statistics.town.organisation, language=SV)
    statistics.write(30, organisation_id=other)
    told = statistics.report(Dimension.LANGUAGE, organisation=statistics.town.organisation)
    assert (shown(told), told.total[Measure.EVENTS].number) == ({"sv": 6}, 6)


def test_nothing_of_another_network_is_in_a_report(statistics: Statistics) -> None:
    statistics.write(6)
    with statistics.town.sessions() as session:
        told = report(session, statistics.town.network + 1, NOVEMBER, Dimension.LANGUAGE, zone=HELSINKI)
    assert (told.rows, told.total[Measure.EVENTS].number) == ((), 0)


def test_people_who_came_to_gatherings_are_told_beside_those_who_rang(statistics: Statistics) -> None:
    statistics.write(8, municipality=TURKU, subregion="023", region="02", wellbeing_county="05")
    _held(statistics, people=12, topics={"KELA": 9, "PUHELIN": 3})
    by_place = statistics.report(Dimension.MUNICIPALITY)
    assert shown(by_place, Measure.GATHERED) == {TURKU: 12}
    assert (by_place.total[Measure.GATHERINGS].number, by_place.total[Measure.EVENTS].number) == (1, 8)
    by_topic = statistics.report(Dimension.TOPIC)
    assert shown(by_topic, Measure.GATHERED) == {"KELA": "hidden", "PUHELIN": "hidden"}


def test_help_given_and_received_goes_by_the_helpers_and_the_callers_municipality(statistics: Statistics) -> None:
    both = statistics.organisation("Saaristo", PARAINEN, NAANTALI)
    everybody = statistics.organisation("Enter")
    staff = {"helper_kind": HelperKind.STAFF}
    statistics.write(10, organisation_id=statistics.town.organisation, municipality=TURKU, **staff)
    statistics.write(6, organisation_id=statistics.town.organisation, municipality=NAANTALI, **staff)
    statistics.write(7, organisation_id=both, municipality=NAANTALI, **staff)
    statistics.write(8, organisation_id=both, municipality=TURKU, **staff)
    statistics.write(9, organisation_id=everybody, municipality=TURKU, helper_kind=HelperKind.VOLUNTEER)
    statistics.write(99, organisation_id=both, municipality=TURKU)  # nobody helped them
    statistics.summed()
    with statistics.town.sessions() as session:
        told = help_between(session, statistics.town.network, NOVEMBER)
    assert {(one.giver, one.receiver): one.events.number for one in told.pairs} == {
        (TURKU, TURKU): 10, (TURKU, NAANTALI): 6, (NAANTALI, NAANTALI): 7, (PARAINEN, TURKU): 8, ("", TURKU): 9
    }  # fmt: skip
    balance = {
        one.municipality: tuple(map(how, (one.own, one.given_at_least, one.received, one.for_its_people)))
        for one in told.balances
    }
    assert balance == {
        TURKU: (10, 6, 17, 27), NAANTALI: (7, 0, 6, 13), PARAINEN: ("hidden", 8, "hidden", "hidden")
    }  # fmt: skip
    assert told.total.number == 40


def test_parity_tells_cover_and_wait_of_both_languages_in_a_bilingual_municipality(statistics: Statistics) -> None:
    town = statistics.town
    town.shift("09:00", "15:00", town.helper(FI))
    town.shift("10:00", "12:00", town.helper(FI, SV))
    statistics.write(20, municipality=TURKU, wait_minutes=30)
    statistics.write(6, municipality=TURKU, language=SV, wait_minutes=200, same_day=False)
    statistics.write(20, municipality=LOIMAA)  # Finnish only
    statistics.summed()
    with town.sessions() as session:
        (turku,) = parity(session, town.network, NOVEMBER, zone=HELSINKI)
    fi, sv = turku.sides
    assert (turku.municipality, fi.hours.number, sv.hours.number) == (TURKU, 6.0, 2.0)
    assert (fi.figures[Measure.MEDIAN_WAIT].number, sv.figures[Measure.MEDIAN_WAIT].number) == (30, 200)
    assert (fi.figures[Measure.SAME_DAY_SHARE].number, sv.figures[Measure.SAME_DAY_SHARE].number) == (1.0, 0.0)


def test_parity_does_not_tell_how_many_the_few_are(statistics: Statistics) -> None:
    statistics.write(20, municipality=TURKU)
    statistics.write(2, municipality=TURKU, language=SV)
    statistics.summed()
    with statistics.town.sessions() as session:
        (turku,) = parity(session, statistics.town.network, NOVEMBER, zone=HELSINKI)
    assert [side.figures[Measure.EVENTS].hidden for side in turku.sides] == [True, True]


def _held(statistics: Statistics, people: int, topics: dict[str, int]) -> None:
    town, begins = statistics.town, datetime(2026, 11, 12, 10, tzinfo=HELSINKI)
    with town.sessions.begin() as session:
        gathering = Gathering(
            network_id=town.network, code="g", kind=GatheringKind.EVENT, name_fi="Digipysäkki", municipality=TURKU,
            first_day=begins.date(), begins=begins.time(), ends=(begins + timedelta(hours=2)).time(), must_register=False,
            more_days=[], topics=[], languages=["fi"], changed_at=town.now,
        )  # fmt: skip
        session.add(gathering)
        session.flush()
        ends = begins + timedelta(hours=2)
        occasion = Occasion(gathering_id=gathering.id, starts_at=begins, ends_at=ends, changed_at=town.now)
        session.add(occasion)
        session.flush()
        session.add(_told(session, occasion.id, people, topics, town.now))


def _told(session: Session, occasion: int, people: int, topics: dict[str, int], now: datetime) -> GatheringReport:
    assert session.scalars(select(Occasion.id)).all() == [occasion]
    return GatheringReport(
        occasion_id=occasion, people=people, topics=topics, languages=Counter(fi=people), minutes=120, volunteers=1,
        staff=1, entered_at=now, entered_by="person:1",
    )  # fmt: skip
