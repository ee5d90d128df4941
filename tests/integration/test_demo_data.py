"""The demo's network: enough helpers at every start, the same people for the same seed, and only into an empty database."""

from datetime import UTC, date, datetime, timedelta

import phonenumbers
import pytest
from phonenumbers import PhoneNumberType
from sqlalchemy import select

from admin.demo.data import DemoData, fill
from admin.errors import AdminError
from admin.parts import Parts
from scheduler.boundaries import DEFAULT
from scheduler.matching import Need, may_take
from scheduler.pools import Pools, look
from scheduler.promises import Wish, offer
from scheduler.rota.candidates import Days
from scheduler.rota.publishing import Publication, publish
from scheduler.rota.templates import templates_of
from scheduler.slots import DAY, Grid, Span, instant_of, is_working_day
from tickets.municipalities import in_region
from tickets.network import Network
from tickets.vocabulary import PHONE_TOPICS, HelperKind
from voice_prompts.language import Language


def network_id(parts: Parts) -> int:
    with parts.sessions() as session:
        return session.scalars(select(Network.id)).one()


def pools_of(parts: Parts, day: date) -> Pools:
    with parts.sessions() as session:
        span = Span(instant_of(day, Grid().opens), instant_of(day, Grid().closes))
        return look(session, network_id(parts), span, Grid(), now=parts.clock.now())


def test_every_quarter_of_the_day_has_three_helpers_and_one_of_them_speaks_swedish(
    parts: Parts, demo: DemoData
) -> None:
    days = [demo.rota_from + number * DAY for number in range(28)]
    for day in filter(is_working_day, days):
        pools = pools_of(parts, day)
        opens = instant_of(day, Grid().opens)
        starts = [opens + number * Grid().step for number in range(24)]
        for start in starts:
            pool = pools.on_duty[start]
            assert len(pool) >= 3, start
            assert any(Language.SV in helper.languages for helper in pool), start


def test_an_ordinary_call_from_any_municipality_finds_two_finnish_speakers_and_mostly_three(
    parts: Parts, demo: DemoData, now: datetime
) -> None:
    pools = pools_of(parts, now.date())
    for municipality in [*in_region("02"), None]:
        for topic in PHONE_TOPICS.values():
            need = Need(0, Language.FI, topic, municipality)
            able = [
                sum(may_take(helper, need, pools.rules) for helper in pool) for start, pool in pools.on_duty.items()
            ]
            assert min(able) >= 2
            assert sum(count >= 3 for count in able) >= len(able) * 3 / 4


def test_a_swedish_call_is_offered_a_time_within_the_hour(parts: Parts, demo: DemoData, now: datetime) -> None:
    for topic in PHONE_TOPICS.values():
        with parts.sessions() as session:
            wish = Wish(network_id(parts), Language.SV, topic, "445")
            start = offer(session, wish, after=None, now=now, grid=Grid())
        assert start is not None
        assert start - now <= timedelta(hours=1)


def test_everybody_has_a_number_that_can_be_rung_and_that_spells_fiction(demo: DemoData) -> None:
    numbers = [helper.phone for helper in demo.helpers] + [person.phone for person in demo.residents[:2]]
    assert len(set(numbers)) == len(numbers)
    for number in numbers:
        parsed = phonenumbers.parse(number)
        assert phonenumbers.is_valid_number(parsed)
        assert phonenumbers.number_type(parsed) == PhoneNumberType.MOBILE
        assert "555" in number
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(line.e164)) for line in demo.lines)


def test_the_network_is_as_the_contract_says(demo: DemoData) -> None:
    assert demo.network == "Esimerkkiseutu"
    assert [(line.first_language, line.municipality) for line in demo.lines] == [
        (Language.FI, None),
        (Language.SV, "445"),
    ]
    assert len(demo.organisations) == 3
    assert len(demo.helpers) == 12
    assert {helper.languages for helper in demo.helpers} == {("fi",), ("sv",), ("fi", "sv")}
    assert {helper.kind for helper in demo.helpers} == set(HelperKind) == set(DEFAULT)
    assert (demo.rota_from, demo.rota_to) == (date(2026, 11, 24), date(2026, 12, 21))


def test_newcomers_find_the_week_from_which_the_rota_was_published_and_can_go_on_with_it(
    parts: Parts, demo: DemoData, now: datetime
) -> None:
    with parts.sessions() as session:
        (template,) = templates_of(session, network_id(parts))
        assert [len(shift.weekly.helpers) for shift in template.shifts] == [3, 3, 3, 3]
        trace = {"now": now, "grid": Grid(), "actor": "coordinator:liisa"}
        again = publish(session, network_id(parts), template.id, Days(demo.rota_from, demo.rota_to), **trace)
        assert isinstance(again, Publication)
        assert again.made == ()
        fifth = Days(demo.rota_to + DAY, demo.rota_to + 7 * DAY)
        more = publish(session, network_id(parts), template.id, fifth, **trace)
        assert isinstance(more, Publication)
        assert {len(shift.coming) for shift in more.made} == {3}


def test_the_same_seed_gives_the_same_people_and_another_gives_others(parts: Parts, now: datetime) -> None:
    made = []
    for seed in (1, 1, 2):
        with parts.sessions() as session:  # never committed
            made.append([(helper.name, helper.phone) for helper in fill(session, seed=seed, now=now).helpers])
    assert made[0] == made[1] != made[2]


def test_a_database_that_holds_a_network_is_left_alone(parts: Parts, demo: DemoData, now: datetime) -> None:
    with parts.sessions() as session, pytest.raises(AdminError, match="not empty"):
        fill(session, seed=1, now=now)


def test_the_rota_begins_today_even_late_on_a_winter_evening(parts: Parts) -> None:
    nearly_midnight = datetime(2026, 11, 24, 21, 59, tzinfo=UTC)
    with parts.sessions() as session:
        assert fill(session, seed=1, now=nearly_midnight).rota_from == date(2026, 11, 24)
