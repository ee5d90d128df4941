"""The directory: what stands in it, on which days something is held, what is nearest, and how it went."""

from datetime import date, datetime, time, timedelta
from threading import Thread
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.exc import IntegrityError

from scheduler.gatherings import Held, call_off, cancel_gathering, extend_all, put_gathering, report
from scheduler.rota.recurrence import RuleFault, RuleRefused
from scheduler.slots import HELSINKI
from tests.entries import WEDNESDAY, gathering, point
from tests.integration.store.conftest import Town
from tickets.directory import add_network, add_organisation
from tickets.entries import EntryRefusal, GatheringFacts, PointFacts, put_point
from tickets.listed import Wanted, listed, reports_between
from tickets.municipalities import Municipality, all_municipalities, by_code, of_postcode
from tickets.near import Near, Nearness, Whereabouts
from tickets.nearby import knows_any, nearest_points, next_gatherings
from tickets.points import ReferralPoint
from tickets.vocabulary import Outcome
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV
TUESDAY = date(2026, 11, 24)
ACTOR = "person:1"
PLACES = ["853", "445", "202", "734", "738", "271", "091", "049", "698", None]  # Turku and ever farther from it
POSTCODES = ["20100", "20110", "20540", "21600", "20780", "24100", "00100", "96100", None]


def put(town: Town, *entries: PointFacts | GatheringFacts, now: datetime | None = None) -> list[int]:
    made = []
    for entry in entries:
        with town.sessions.begin() as session:
            putting = put_point if isinstance(entry, PointFacts) else put_gathering
            answer = putting(session, town.network, entry, now=now or town.now)  # type: ignore[arg-type]
        assert isinstance(answer, int), answer
        made.append(answer)
    return made


def days(town: Town) -> list[str]:
    rows = town.fetch("SELECT starts_at, called_off_at IS NOT NULL FROM occasion ORDER BY starts_at")
    return [f"{at.astimezone(HELSINKI):%Y-%m-%d %H:%M}{' off' if off else ''}" for at, off in rows]  # type: ignore[attr-defined]


def near(town: Town, postcode: str | None = None, language: Language = FI) -> list[Near]:
    with town.sessions() as session:
        return list(nearest_points(session, town.network, Whereabouts(postcode), language))


def coming(town: Town, postcode: str | None = None, language: Language = FI) -> list[Near]:
    with town.sessions() as session:
        return list(next_gatherings(session, town.network, Whereabouts(postcode), language, now=town.now))


# What is nearest.


def shared(here: Whereabouts, postcode: str | None, code: str | None) -> int:
    """How near, found the slow way: by everything that two municipalities may share."""
    if postcode and here.postcode:
        if postcode == here.postcode:
            return 0
        if postcode.startswith(here.postcode[:3]):
            return 1
    own = by_code(here.municipality) if here.municipality else of_postcode(here.postcode or "")
    other: Municipality | None = by_code(code or "")
    if own is None or other is None:
        return 6
    pairs = [
        (own.code, other.code),
        (own.subregion.code, other.subregion.code),
        (own.region.code, other.region.code),
        (own.wellbeing_county.code, other.wellbeing_county.code),
    ]
    return min((2 + level for level, (one, two) in enumerate(pairs) if one == two), default=6)


places = st.tuples(st.sampled_from(POSTCODES), st.sampled_from(PLACES), st.text("abcåäö", min_size=1, max_size=3))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture], derandomize=True)
@given(st.lists(places, min_size=1, max_size=12), st.sampled_from(POSTCODES), st.sampled_from(PLACES))
def test_places_come_by_what_they_share_with_the_caller_and_then_by_name(
    town: Town, known: list[tuple[str | None, str | None, str]], postcode: str | None, municipality: str | None
) -> None:
    here = Whereabouts(postcode, municipality)
    facts = [
        point(
            f"p{number}",
            postcode=code,
            municipality=place,
            name_fi=name,
            name_sv=None,
            address_fi=None,
            address_sv=None,
        )
        for number, (code, place, name) in enumerate(known)
    ]
    with town.sessions() as session:
        session.connection().exec_driver_sql("DELETE FROM referral_point")
        ids = [put_point(session, town.network, each, now=town.now) for each in facts]
        found = nearest_points(session, town.network, here, FI)
    levels = {
        key: (shared(here, code, place), name.casefold(), key)
        for key, (code, place, name) in zip(ids, known, strict=True)
    }
    assert [one.id for one in found] == sorted(ids, key=lambda key: levels[key])  # type: ignore[arg-type]
    assert [int(one.nearness) for one in found] == sorted(level for level, _, _ in levels.values())


def test_every_municipality_is_nearest_to_itself(town: Town) -> None:
    for place in all_municipalities():
        here = Whereabouts(None, place.code)
        assert shared(here, None, place.code) == Nearness.MUNICIPALITY


def test_a_place_for_other_municipalities_people_is_not_told(town: Town) -> None:
    put(town, point("kotituki", serves=["445"]))
    assert [near(town, "20100"), near(town), [one.name.text for one in near(town, "21600")]] == [
        [],
        [],
        ["Esimerkkikirjasto"],
    ]


def test_a_retired_place_an_authority_and_another_networks_place_are_not_told(town: Town) -> None:
    put(town, point("vanha", active=False), point("virasto", outcome=Outcome.OHJATTU_VIRANOMAINEN))
    with town.sessions.begin() as session:
        other = add_network(session, "Toinen", now=town.now)
        put_point(session, other, point("muualla"), now=town.now)
    assert near(town, "20100") == []
    with town.sessions() as session:
        assert not knows_any(session, town.network, now=town.now)
        assert knows_any(session, other, now=town.now)


def test_a_name_is_given_in_the_callers_language_and_else_in_the_other(town: Town) -> None:
    put(town, point("a"), point("b", name_sv=None, name_fi="Vain suomeksi", address_sv=None))
    assert [(one.name.text, one.name.language) for one in near(town, "20100", SV)] == [
        ("Exempelbiblioteket", SV),
        ("Vain suomeksi", FI),
    ]


def test_the_next_stop_is_the_nearest_and_then_the_soonest(town: Town) -> None:
    put(
        town,
        gathering("turku-myöhemmin".replace("ö", "o"), name_fi="B", first_day=date(2026, 12, 9)),
        gathering("turku", name_fi="C", first_day=date(2026, 12, 2), rrule="FREQ=DAILY;COUNT=3"),
        gathering("parainen", name_fi="A", postcode="21600", municipality="445"),
        gathering("helsinki", name_fi="D", postcode="00100", municipality="091"),
    )
    assert [one.name.text for one in coming(town, "20100")] == ["C", "B", "A", "D"]
    assert [one.name.text for one in coming(town, "21600")] == ["A", "C", "B", "D"]


def test_only_what_is_held_in_the_callers_language_and_soon_is_a_next_stop(town: Town) -> None:
    put(
        town,
        gathering("fi", languages=["fi"], name_fi="suomeksi"),
        gathering("kaikki", name_fi="kaikille"),
        gathering("kaukana", first_day=TUESDAY + timedelta(days=90)),
        gathering("ohi", first_day=TUESDAY, begins=time(8), ends=time(9)),
    )
    assert {one.name.text for one in coming(town, "20100", SV)} == {"Digibussen"}
    assert {one.name.text for one in coming(town, "20100")} == {"suomeksi", "kaikille"}


# On which days.


def test_a_weekly_gathering_keeps_its_hour_on_the_wall_over_the_change_of_the_clock(town: Town) -> None:
    put(
        town,
        gathering("viikko", first_day=date(2027, 3, 24), rrule="FREQ=WEEKLY;COUNT=2", begins=time(3, 30), ends=time(5)),
    )
    assert days(town) == ["2027-03-24 03:30", "2027-03-31 03:30"]
    rows = town.fetch("SELECT starts_at FROM occasion ORDER BY 1")
    assert [at.astimezone(ZoneInfo("UTC")).hour for (at,) in rows] == [1, 0]  # type: ignore[attr-defined]


def test_a_rule_without_an_end_stands_a_year_ahead_and_grows_by_the_day(town: Town) -> None:
    put(town, gathering("aina", first_day=WEDNESDAY, rrule="FREQ=WEEKLY;BYDAY=WE"))
    assert len(days(town)) == 53
    later = town.now + timedelta(days=14)
    for _ in range(2):
        with town.sessions.begin() as session:
            extend_all(session, now=later)
    assert len(days(town)) == 55


def test_an_old_rule_writes_out_one_year_back_and_no_more(town: Town) -> None:
    put(town, gathering("vanha", first_day=date(2000, 1, 5), rrule="FREQ=WEEKLY"))
    assert (days(town)[0], len(days(town))) == ("2025-11-26 10:00", 105)


def test_a_changed_rule_moves_the_days_to_come_and_leaves_those_that_are_over(town: Town) -> None:
    put(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"))
    later = town.now + timedelta(days=2)
    with town.sessions.begin() as session:
        assert call_off(session, town.network, "kerho", date(2026, 12, 2), now=later, off=True) is None
    put(
        town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=2", begins=time(11), more_days=[date(2026, 12, 5)]), now=later
    )
    assert days(town) == ["2026-11-25 10:00", "2026-12-02 11:00 off", "2026-12-05 11:00"]
    put(town, gathering("kerho", first_day=date(2026, 12, 16)), now=later)
    assert days(town) == ["2026-11-25 10:00", "2026-12-16 10:00"]


def test_the_same_entry_again_changes_nothing_and_a_cancelled_one_comes_back(town: Town) -> None:
    first = put(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"))
    before = town.fetch("SELECT * FROM occasion"), town.fetch("SELECT * FROM gathering")
    assert put(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"), now=town.now + timedelta(hours=1)) == first
    assert (town.fetch("SELECT * FROM occasion"), town.fetch("SELECT * FROM gathering")) == before
    with town.sessions.begin() as session:
        assert cancel_gathering(session, town.network, "kerho", now=town.now)
    assert coming(town, "20100") == []
    put(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"))
    assert len(coming(town, "20100")) == 1


def test_two_who_put_the_same_gathering_in_at_once_make_one(town: Town) -> None:
    hands = [Thread(target=put, args=(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"))) for _ in range(4)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join()
    assert (len(town.fetch("SELECT id FROM gathering")), len(days(town))) == (1, 3)


def test_a_rule_that_cannot_be_followed_and_an_unknown_organisation_are_refused(town: Town) -> None:
    with town.sessions.begin() as session:
        refused = put_gathering(session, town.network, gathering("a", rrule="FREQ=HOURLY"), now=town.now)
        assert isinstance(refused, RuleRefused)
        assert refused.fault is RuleFault.TOO_OFTEN
        other = add_network(session, "Toinen", now=town.now)
        theirs = add_organisation(session, other, "Heidän")
        for facts in (gathering("a", organisation_id=theirs), gathering("a", organisation_id=999)):
            assert put_gathering(session, town.network, facts, now=town.now) is EntryRefusal.UNKNOWN_ORGANISATION
        assert (
            put_point(session, town.network, point("a", owner_person_id=7), now=town.now) is EntryRefusal.UNKNOWN_OWNER
        )
    assert town.fetch("SELECT id FROM gathering UNION SELECT id FROM referral_point") == []


@pytest.mark.parametrize(
    "wrong", [{"name_fi": None, "name_sv": None}, {"municipality": None}, {"outcome": Outcome.RATKAISTU}]
)
def test_the_table_holds_no_place_that_has_no_name_no_town_or_is_no_referral(
    town: Town, wrong: dict[str, object]
) -> None:
    with pytest.raises(IntegrityError):
        put(town, point("a", **wrong))


# How it went.


def test_a_day_is_reported_once_it_has_begun_and_may_be_corrected(town: Town) -> None:
    put(town, gathering("kerho", rrule="FREQ=WEEKLY;COUNT=3"))
    held = Held(12, {"PUHELIN": 9, "TURVA": 3}, {"fi": 8, "sv": 4}, 120, 2, 1)
    after = town.at("12:30", days=1)
    with town.sessions.begin() as session:
        told = {"now": after, "actor": ACTOR}
        assert report(session, town.network, "kerho", date(2026, 12, 2), held, **told) is EntryRefusal.NOT_HELD_YET  # type: ignore[arg-type]
        assert report(session, town.network, "kerho", date(2026, 11, 26), held, **told) is EntryRefusal.UNKNOWN_ENTRY  # type: ignore[arg-type]
        assert report(session, town.network, "kerho", WEDNESDAY, held, **told) is None  # type: ignore[arg-type]
        more = Held(13, held.topics, held.languages, 120, 2, 1)
        assert report(session, town.network, "kerho", WEDNESDAY, more, **told) is None  # type: ignore[arg-type]
        call_off(session, town.network, "kerho", date(2026, 12, 2), now=after, off=True)
        late = {"now": after + timedelta(days=9), "actor": ACTOR}
        assert report(session, town.network, "kerho", date(2026, 12, 2), held, **late) is EntryRefusal.CALLED_OFF  # type: ignore[arg-type]
    with town.sessions() as session:
        ((one, day, told_of),) = reports_between(session, town.network, WEDNESDAY, WEDNESDAY)
        assert (one.code, told_of.people, told_of.topics) == ("kerho", 13, {"PUHELIN": 9, "TURVA": 3})
        assert day.starts_at == town.at("10:00", days=1)
        assert reports_between(session, town.network, TUESDAY, TUESDAY) == []


def test_what_was_held_before_it_was_entered_can_be_reported(town: Town) -> None:
    put(town, gathering("syksy", first_day=date(2026, 11, 10), rrule="FREQ=WEEKLY;COUNT=2"))
    assert days(town) == ["2026-11-10 10:00", "2026-11-17 10:00"]


def test_entries_are_listed_page_by_page_and_the_overdue_ones_apart(town: Town) -> None:
    put(town, *(point(f"p{number}", review_due=TUESDAY + timedelta(days=number - 2)) for number in range(5)))
    with town.sessions() as session:
        first, following = listed(session, ReferralPoint, town.network, Wanted(limit=3))
        rest, end = listed(session, ReferralPoint, town.network, Wanted(after=following, limit=3))
        overdue, _ = listed(session, ReferralPoint, town.network, Wanted(overdue_on=TUESDAY))
    assert ([row.code for row in first], following) == (["p0", "p1", "p2"], "p2")
    assert ([row.code for row in rest], end) == (["p3", "p4"], None)
    assert [row.code for row in overdue] == ["p0", "p1", "p2"]
