"""Who may have which place, case by case, by the clock on the wall in Helsinki."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest

from scheduler.rota.rules import (
    OVERRIDABLE,
    HelperTerms,
    Refusal,
    ShiftTerms,
    beyond_a_coordinator,
    beyond_wish,
    in_week_of,
    may_drop,
    refusals,
    rested,
)
from scheduler.slots import Span, instant_of, span_on
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

DAY = date(2026, 11, 26)
NOW = instant_of(date(2026, 11, 24), time(9, 10))


def on(day: date, begins: str, ends: str) -> Span:
    return span_on(day, time.fromisoformat(begins), time.fromisoformat(ends))


SHIFT = ShiftTerms(1, on(DAY, "10:00", "12:00"), published=True, cancelled=False, needed=1, most=2, held=1)
HELPER = HelperTerms(1, 1, frozenset({Language.FI}), HelperKind.VOLUNTEER)


def test_a_helper_of_the_network_may_take_a_place_that_is_free() -> None:
    assert refusals(SHIFT, HELPER, now=NOW) == ()


@pytest.mark.parametrize(
    ("shift", "refusal"),
    [
        ({"published": False}, Refusal.NOT_PUBLISHED),
        ({"cancelled": True}, Refusal.CANCELLED),
        ({"held": 2}, Refusal.FULL),
        ({"organisation": 2}, Refusal.WRONG_ORGANISATION),
        ({"kind": HelperKind.STAFF}, Refusal.WRONG_KIND),
        ({"language": Language.SV}, Refusal.WRONG_LANGUAGE),
        ({"during": on(date(2026, 11, 24), "09:00", "12:00")}, Refusal.BEGUN),
        ({"during": on(date(2026, 11, 24), "08:00", "09:00")}, Refusal.ENDED),
    ],
)
def test_what_a_shift_asks_for_is_asked_of_everybody(shift: dict[str, object], refusal: Refusal) -> None:
    assert refusals(replace(SHIFT, **shift), HELPER, now=NOW) == (refusal,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("helper", "refusal"),
    [
        ({"active": False}, Refusal.INACTIVE),
        ({"rules_accepted": False}, Refusal.RULES_NOT_ACCEPTED),
        ({"badge_expires_on": DAY - timedelta(days=1)}, Refusal.BADGE_EXPIRES),
        ({"held": (on(DAY, "11:00", "13:00"),)}, Refusal.OVERLAPS),
        ({"held": (on(DAY - timedelta(days=1), "21:00", "23:30"),)}, Refusal.TOO_LITTLE_REST),
        ({"held": (on(DAY - timedelta(days=3), "10:00", "12:00"),), "most_per_week": 1}, Refusal.MOST_PER_WEEK),
        ({"most_per_week": 0}, Refusal.MOST_PER_WEEK),
        ({"cannot": (on(DAY, "08:00", "10:15"),)}, Refusal.SAID_CANNOT),
        ({"busy": (on(DAY, "11:45", "16:00"),)}, Refusal.BUSY),
    ],
)
def test_what_stands_in_a_helpers_way_has_a_name(helper: dict[str, object], refusal: Refusal) -> None:
    assert refusals(SHIFT, replace(HELPER, **helper), now=NOW) == (refusal,)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "helper",
    [
        {"badge_expires_on": DAY},
        {"held": (on(DAY, "12:00", "14:00"), on(DAY, "08:00", "10:00"))},
        {"held": (on(DAY - timedelta(days=1), "20:00", "23:00"),)},
        {"held": (on(DAY - timedelta(days=1), "21:00", "23:30"),), "rest": timedelta(hours=10)},
        {"held": (on(DAY - timedelta(days=4), "10:00", "12:00"),), "most_per_week": 1},  # the Sunday before
        {"cannot": (on(DAY, "08:00", "10:00"),), "busy": (on(DAY, "12:00", "16:00"),)},
    ],
)
def test_what_only_comes_near_stands_in_nobodys_way(helper: dict[str, object]) -> None:
    assert refusals(SHIFT, replace(HELPER, **helper), now=NOW) == ()  # type: ignore[arg-type]


def test_a_badge_must_last_until_the_shift_is_over() -> None:
    night = replace(SHIFT, during=on(DAY, "22:00", "02:00"))
    until_midnight = replace(SHIFT, during=on(DAY, "22:00", "00:00"))
    helper = replace(HELPER, badge_expires_on=DAY)
    assert refusals(night, helper, now=NOW) == (Refusal.BADGE_EXPIRES,)
    assert refusals(until_midnight, helper, now=NOW) == ()


def test_the_night_that_lacks_an_hour_is_an_hour_less_of_rest() -> None:
    evening, morning = on(date(2026, 3, 28), "18:00", "22:00"), on(date(2026, 3, 29), "09:00", "12:00")
    assert not rested(morning, [evening])  # ten hours pass
    evening, morning = on(date(2026, 10, 24), "18:00", "22:00"), on(date(2026, 10, 25), "08:00", "12:00")
    assert rested(morning, [evening])  # eleven do
    assert not rested(evening, [on(date(2026, 10, 25), "07:00", "08:00")])


@pytest.mark.parametrize("change", [date(2026, 3, 29), date(2026, 10, 25)])
def test_a_week_ends_on_sunday_at_midnight_in_helsinki_also_when_the_clock_changes(change: date) -> None:
    last = Span(instant_of(change, time(23, 45)), instant_of(change + timedelta(days=1), time(1)))
    monday = on(change - timedelta(days=6), "00:00", "01:00")
    next_monday = on(change + timedelta(days=1), "00:00", "01:00")
    assert in_week_of(last, [monday, next_monday]) == 1


def test_more_than_somebody_wished_for_is_said_and_not_refused() -> None:
    helper = replace(HELPER, wished_per_week=1, held=(on(DAY - timedelta(days=1), "10:00", "12:00"),))
    assert beyond_wish(SHIFT.during, helper)
    assert refusals(SHIFT, helper, now=NOW) == ()
    assert not beyond_wish(SHIFT.during, replace(helper, wished_per_week=2))
    assert not beyond_wish(SHIFT.during, replace(helper, wished_per_week=None))


@pytest.mark.parametrize(("hours", "may"), [(24, True), (23.99, False), (-1, False)])
def test_a_place_can_be_left_until_a_day_before(hours: float, may: bool) -> None:
    assert may_drop(SHIFT.during, SHIFT.during.begins - timedelta(hours=hours)) is may


@pytest.mark.parametrize("refusal", Refusal)
def test_a_coordinator_sets_aside_wishes_and_agreements_and_nothing_else(refusal: Refusal) -> None:
    assert (beyond_a_coordinator([refusal], override=True) is None) == (
        refusal in OVERRIDABLE | {Refusal.BEGUN, Refusal.NOT_PUBLISHED}
    )
    assert (beyond_a_coordinator([refusal], override=False) is None) == (
        refusal in {Refusal.BEGUN, Refusal.NOT_PUBLISHED}
    )
    assert not OVERRIDABLE & {Refusal.WRONG_LANGUAGE, Refusal.BADGE_EXPIRES, Refusal.OVERLAPS, Refusal.INACTIVE}
