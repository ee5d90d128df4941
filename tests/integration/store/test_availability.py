"""What helpers say of their own time: the last word counts, and no place is lost by it."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text

from scheduler.rota.availability import (
    Heard,
    Stated,
    Wishes,
    availability_of,
    clashes,
    set_availability,
    set_wishes,
    wishes_of,
)
from scheduler.rota.places import Refusal
from scheduler.rota.wishes import Says
from scheduler.slots import Span
from tests.integration.store.rota import Rota
from tickets.directory import add_network

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

CAN, CANNOT, BUSY = Says.CAN, Says.CANNOT, Says.BUSY

_BUSY = text("""
WITH c AS (
    INSERT INTO busy_calendar (helper_id, url_sealed, added_at) VALUES (:helper, 'sealed', :now) RETURNING id
)
INSERT INTO availability (helper_id, during, says, calendar_id) SELECT :helper, tstzrange(:b, :e), 'busy', id FROM c
""")


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


def test_spans_that_touch_or_overlap_become_one(rota: Rota, town: Town) -> None:
    helper = town.helper()
    for begins, ends in (("10:00", "12:00"), ("14:00", "16:00"), ("11:00", "13:00"), ("13:00", "14:00")):
        rota.says(helper, CAN, town.at(begins, 1), town.at(ends, 1))
    assert _said(rota, helper) == [(CAN, "10:00", "16:00")]


def test_what_is_said_last_takes_the_place_of_what_was_said_before(rota: Rota, town: Town) -> None:
    helper = town.helper()
    rota.says(helper, CAN, town.at("09:00", 1), town.at("15:00", 1))
    rota.says(helper, CANNOT, town.at("11:00", 1), town.at("12:00", 1))
    assert _said(rota, helper) == [(CAN, "09:00", "11:00"), (CANNOT, "11:00", "12:00"), (CAN, "12:00", "15:00")]
    rota.says(helper, CAN, town.at("11:30", 1), town.at("13:00", 1))
    assert _said(rota, helper) == [(CAN, "09:00", "11:00"), (CANNOT, "11:00", "11:30"), (CAN, "11:30", "15:00")]


def test_a_whole_week_is_said_anew_and_other_times_stay(rota: Rota, town: Town) -> None:
    helper = town.helper()
    rota.says(helper, CAN, town.at("09:00", 1), town.at("12:00", 1))
    within = Span(town.at("10:00", 1), town.at("18:00", 1))
    stated = [
        Stated(CAN, Span(town.at("13:00", 1), town.at("20:00", 1))),  # what lies outside is not asked about
        Stated(CANNOT, Span(town.at("14:00", 1), town.at("15:00", 1))),
        Stated(CANNOT, Span(town.at("14:30", 1), town.at("16:00", 1))),
    ]
    rota.does(set_availability, town.network, helper, within, stated, now=town.now)
    assert _said(rota, helper) == [
        (CAN, "09:00", "10:00"),
        (CAN, "13:00", "14:00"),
        (CANNOT, "14:00", "16:00"),
        (CAN, "16:00", "18:00"),
    ]
    rota.does(set_availability, town.network, helper, within, [], now=town.now)
    assert _said(rota, helper) == [(CAN, "09:00", "10:00")]


def test_saying_the_same_again_is_no_change(rota: Rota, town: Town) -> None:
    helper = town.helper()
    for _ in range(2):
        rota.says(helper, CANNOT, town.at("10:00", 1), town.at("12:00", 1))
    rota.says(helper, CANNOT, town.at("10:30", 1), town.at("11:00", 1))
    assert rota.changes() == [("availability_set", f"helper:{helper}", helper)]


def test_a_place_that_they_cannot_come_to_is_named_and_stays_theirs(rota: Rota, town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper, days=1)
    town.shift("13:00", "15:00", helper, days=1)
    assert rota.says(helper, CAN, town.at("08:00", 1), town.at("16:00", 1)) == Heard()
    heard = rota.says(helper, CANNOT, town.at("11:30", 1), town.at("13:00", 1))
    assert [place.shift_id for place in heard.clashes] == [shift]
    assert rota.who(shift) == [helper]


def test_what_their_calendar_says_stands_beside_their_own_words(rota: Rota, town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper, days=1)
    with town.sessions.begin() as session:
        session.execute(_BUSY, {"helper": helper, "now": town.now, "b": town.at("09:00", 1), "e": town.at("11:00", 1)})
    rota.says(helper, CAN, town.at("08:00", 1), town.at("16:00", 1))
    assert _said(rota, helper) == [(CAN, "08:00", "16:00"), (BUSY, "09:00", "11:00")]
    within = Span(town.at("00:00", 1), town.at("00:00", 2))
    with town.sessions() as session:
        (clash,) = clashes(session, helper, within, now=town.now)
    assert clash.shift_id == shift


def test_how_much_somebody_wishes_for_is_kept_and_written_down_once(rota: Rota, town: Town) -> None:
    helper, wishes = town.helper(), Wishes(2, 3, timedelta(hours=9))
    for _ in range(2):
        assert rota.does(set_wishes, town.network, helper, wishes, now=town.now) is None
    with town.sessions() as session:
        assert wishes_of(session, town.network, helper) == wishes
    assert rota.changes() == [("wishes_set", f"helper:{helper}", helper)]
    rota.does(set_wishes, town.network, helper, Wishes(), now=town.now)
    with town.sessions() as session:
        assert wishes_of(session, town.network, helper) == Wishes()


def test_nobody_says_anything_for_a_helper_of_another_network(rota: Rota, town: Town) -> None:
    helper = town.helper()
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
    stated = Stated(CANNOT, Span(town.at("10:00", 1), town.at("12:00", 1)))
    heard = rota.does(set_availability, elsewhere, helper, stated.during, [stated], now=town.now)
    assert heard.refusal is Refusal.NOT_FOUND
    assert rota.does(set_wishes, elsewhere, helper, Wishes(1), now=town.now) is Refusal.NOT_FOUND
    assert _said(rota, helper) == []


@pytest.mark.parametrize(
    "wrong", [{"wished_per_week": -1}, {"most_per_week": 100}, {"rest": timedelta(days=8)}, {"rest": -timedelta(1)}]
)
def test_what_makes_no_sense_is_named_with_what_may_be_said(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="say"):
        Wishes(**wrong)  # type: ignore[arg-type]


def _said(rota: Rota, helper: int) -> list[tuple[Says, str, str]]:
    town = rota.town
    with town.sessions() as session:
        stated = availability_of(session, helper, Span(town.at("00:00"), town.at("00:00", 8)))
    return [
        (
            one.says,
            f"{one.during.begins.astimezone(town.grid.tz):%H:%M}",
            f"{one.during.ends.astimezone(town.grid.tz):%H:%M}",
        )
        for one in stated
    ]
