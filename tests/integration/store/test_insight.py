"""What a coordinator asks: who must not fall ill, why not this time, who could be offered what."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import insert
from sqlalchemy.orm import Session

from scheduler.demand import Demand
from scheduler.insight import Why, WhyNot, openings, scarce_kinds, single_points, why_not
from scheduler.promises import Wish
from scheduler.slots import Span
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


def test_the_only_swedish_speaker_must_not_fall_ill_and_one_of_two_may(session: Session, town: Town) -> None:
    swede, first, second = town.helper(FI, SV), town.helper(), town.helper()
    town.shift("10:00", "12:00", swede, first, second)
    swedish = town.promise("10:00", language=SV)
    town.promise("10:00")
    town.promise("11:00")
    points = _points(session, town)
    assert [(point.starts_at, point.helper.helper, point.lost) for point in points] == [
        (town.at("10:00"), swede, (swedish.callback_id,))
    ]
    town.promise("10:00")
    lost = {point.helper.helper: point.lost for point in _points(session, town)}
    assert set(lost) == {swede, first, second}, "three promises need all three"
    assert lost[swede] == (swedish.callback_id,)


def test_the_kinds_that_nothing_can_be_spared_of_are_told_with_the_scarcest_first(session: Session, town: Town) -> None:
    swede, finn = town.helper(FI, SV), town.helper(kind=HelperKind.STAFF)
    town.shift("10:00", "12:00", swede)
    town.shift("13:00", "14:00", finn)
    for wall in ("10:00", "11:00", "13:00"):
        town.promise(wall)
    scarcest, other = scarce_kinds(_points(session, town))
    assert (scarcest.languages, scarcest.starts, scarcest.helpers) == ({FI, SV}, 2, {swede})
    assert len(scarcest.lost) == 2
    assert other.kind is HelperKind.STAFF


def test_the_calendar_answers_first(session: Session, town: Town) -> None:
    town.close("13:00", "14:00", days=1)
    assert _why(session, town, town.at("10:05", 1)) is Why.OFF_GRID
    assert _why(session, town, town.at("10:00", 12)) is Why.HOLIDAY
    assert _why(session, town, town.at("13:15", 1)) is Why.CLOSED
    assert _why(session, town, town.at("09:30")) is Why.TOO_SOON
    assert _why(session, town, town.at("08:00")) is Why.PAST
    assert _why(session, town, town.at("08:05")) is Why.PAST, "whatever else is wrong with it"
    assert _why(session, town, town.at("10:00", 40)) is Why.TOO_FAR
    assert _why(session, town, town.at("10:00", 1)) is Why.NOBODY


def test_then_the_people_do(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    caller = "+358401234567"
    town.promise("11:00", caller=caller)
    promised = town.promise("10:00")
    assert _why(session, town, town.at("10:00"), language=SV) is Why.NOBODY_FITS
    assert why_not(session, _wish(town), town.at("10:00"), now=town.now, grid=town.grid) == WhyNot(
        Why.BLOCKED, frozenset({promised.callback_id}), frozenset({helper})
    )
    index = bytes(town.fetch("SELECT caller_index FROM ticket ORDER BY id LIMIT 1")[0][0])  # type: ignore[call-overload]
    assert _why(session, town, town.at("10:15"), caller_index=index) is Why.OVERLAPS
    town.shift("10:00", "11:00", town.helper())
    assert _why(session, town, town.at("10:00")) is None


def test_a_time_that_is_kept_for_swedish_callers_says_so_until_it_is_released(session: Session, town: Town) -> None:
    _expect_swedish(town)
    town.shift("10:00", "11:00", town.helper(FI, SV), days=2)
    assert _why(session, town, town.at("10:00", 2)) is Why.KEPT
    assert _why(session, town, town.at("10:00", 2), language=SV) is None
    town.now += timedelta(days=1, hours=2)
    assert _why(session, town, town.at("10:00", 1)) is None


def test_the_overview_tells_each_kind_of_caller_what_could_be_offered(session: Session, town: Town) -> None:
    _expect_swedish(town)
    town.shift("10:00", "12:00", town.helper(FI, SV), days=2)
    town.shift("10:00", "11:00", town.helper(), days=2)
    town.close("11:00", "11:30", days=2)
    span = Span(town.now, town.at("15:00", 5))
    (opens,) = openings(session, town.network, span, now=town.now, grid=town.grid).items()
    start, kinds = opens
    assert start == town.at("10:00", 2)
    assert {(kind.language, kind.municipalities) for kind in kinds} == {
        (language, codes) for language in Language for codes in ((), ("853",))
    }
    assert {kind.topic for kind in kinds} >= {None, Topic.PUHELIN}
    town.promise("10:00", days=2)
    ((_, kinds),) = openings(session, town.network, span, now=town.now, grid=town.grid).items()
    assert {kind.language for kind in kinds} == {SV}


def _points(session: Session, town: Town):
    span = Span(town.at("09:00"), town.at("15:00"))
    return single_points(session, town.network, span, now=town.now, grid=town.grid)


def _wish(town: Town, language: Language = FI, **more: bytes) -> Wish:
    return Wish(town.network, language, None, None, **more)


def _why(session: Session, town: Town, at: datetime, **wish) -> Why | None:
    return why_not(session, _wish(town, **wish), at, now=town.now, grid=town.grid).why


def _expect_swedish(town: Town) -> None:
    row = {"network_id": town.network, "language": SV, "expected": 2.0, "reckoned_at": town.now}
    with town.sessions.begin() as session:
        session.execute(insert(Demand), [row | {"weekday": d, "hour": h} for d in range(7) for h in range(24)])
