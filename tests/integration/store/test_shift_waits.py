"""Helpers who wait for a full shift get the place that frees, in the order of asking, each at most one and one each."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest

from scheduler.rota.places import Answer, Refusal, drop_place
from scheduler.rota.waits import waits_of
from scheduler.rota.wishes import Says
from tests.integration.store.rota import Rota, at_once, until_somebody_waits
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


def test_the_first_in_line_has_the_place_in_the_moment_in_which_it_frees(rota: Rota, town: Town) -> None:
    leaving, first, second = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", leaving, days=2)
    promised = town.promise("10:00", days=2)
    assert rota.wait(shift, first) == rota.wait(shift, first) == rota.wait(shift, second) == Answer(None)
    left = rota.drop(rota.place(leaving), leaving)
    assert left.passed_to == (rota.place(first),)
    assert left.deficits == ()
    assert rota.who(shift) == [first]
    assert "deficit" not in town.events(promised.ticket_id)
    assert rota.changes() == [
        ("wait_begun", f"helper:{first}", first),
        ("wait_begun", f"helper:{second}", second),
        ("place_dropped", f"helper:{leaving}", leaving),
        ("place_taken", "line", first),
    ]
    assert rota.texts() == {f"text:place-{rota.place(first)}:helper_placed": town.now}
    assert _states(town) == [(first, "placed", None), (second, "waiting", None)]


def test_whoever_cannot_have_it_any_more_is_passed_over_and_the_reason_is_kept(rota: Rota, town: Town) -> None:
    leaving, away, second = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", leaving, days=2)
    rota.wait(shift, away)
    rota.wait(shift, second)
    rota.says(away, Says.CANNOT, town.at("08:00", 2), town.at("16:00", 2))
    rota.drop(rota.place(leaving), leaving)
    assert rota.who(shift) == [second]
    assert _states(town) == [(away, "waiting", "said_cannot"), (second, "placed", None)]
    with town.sessions() as session:
        (wait,) = waits_of(session, away, now=town.now)
    assert (wait.shift_id, wait.position, wait.skipped) == (shift, 1, Refusal.SAID_CANNOT)


def test_nobody_waits_for_a_place_that_is_free_or_that_they_could_not_have(rota: Rota, town: Town) -> None:
    free, full = town.shift("10:00", "12:00", days=2), town.shift("10:00", "12:00", town.helper(), days=2)
    helper = town.helper()
    assert rota.wait(free, helper).refusal is Refusal.NOT_FULL
    town.update("shift", full, language="sv")
    assert rota.wait(full, helper).refusal is Refusal.WRONG_LANGUAGE
    assert rota.wait(0, helper).refusal is Refusal.NOT_FOUND
    assert _states(town) == []


def test_whoever_leaves_the_line_is_not_served(rota: Rota, town: Town) -> None:
    leaving, first = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", leaving, days=2)
    rota.wait(shift, first)
    assert rota.leave(shift, first) == Answer(None)
    assert rota.leave(shift, first).refusal is Refusal.NOT_WAITING
    assert rota.drop(rota.place(leaving), leaving).passed_to == ()
    assert rota.who(shift) == []
    assert [kind for kind, *_ in rota.changes()] == ["wait_begun", "wait_ended", "place_dropped"]


def test_when_more_places_are_made_as_many_are_served_as_there_is_room_for(rota: Rota, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper(), days=2)
    waiting = [town.helper() for _ in range(3)]
    for helper in waiting:
        rota.wait(shift, helper)
    town.update("shift", shift, most=3)
    assert len(rota.fill(shift)) == 2
    assert rota.who(shift)[1:] == waiting[:2]
    assert rota.fill(shift) == ()


def test_one_helper_who_waits_for_two_shifts_at_one_time_gets_one(rota: Rota, town: Town) -> None:
    one, other = (town.shift("10:00", "12:00", town.helper(), days=2) for _ in range(2))
    helper = town.helper()
    for shift in (one, other):
        rota.wait(shift, helper)
        town.update("shift", shift, most=2)
    assert len(rota.fill(one, other)) == 1
    assert _states(town) == [(helper, "placed", None), (helper, "waiting", "overlaps")]


def test_whoever_waits_takes_the_place_of_who_offers_it(rota: Rota, town: Town) -> None:
    giver, first = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=2)
    place = rota.place(giver)
    rota.wait(shift, first)
    assert rota.offer(place, giver).passed_to == (rota.place(first),)
    assert rota.who(shift) == [first]
    assert [kind for kind, *_ in rota.changes()] == ["wait_begun", "swap_offered", "swap_taken"]
    assert set(rota.texts()) == {
        f"text:place-{place}:helper_swap_taken",
        f"text:place-{rota.place(first)}:helper_swap_yours",
    }


def test_so_shortly_before_the_shift_nobody_is_placed_who_might_not_hear_of_it(rota: Rota, town: Town) -> None:
    leaving, in_time, late = town.helper(), town.helper(), town.helper()
    soon = town.shift("11:00", "12:00", leaving)
    rota.wait(soon, late)
    later = town.shift("12:00", "13:00", leaving)
    rota.wait(later, in_time)
    for place in town.fetch("SELECT id FROM place WHERE helper_id = :h ORDER BY id", h=leaving):
        rota.release(int(str(place[0])))
    assert (rota.who(soon), rota.who(later)) == ([], [in_time])


def test_places_that_free_at_once_go_to_as_many_who_wait(rota: Rota, town: Town) -> None:
    leaving, waiting = [town.helper() for _ in range(4)], [town.helper() for _ in range(6)]
    shift = town.shift("10:00", "12:00", *leaving, days=2)
    for helper in waiting:
        rota.wait(shift, helper)
    places = [rota.place(helper) for helper in leaving]
    at_once([lambda p=place, h=helper: rota.drop(p, h) for place, helper in zip(places, leaving, strict=True)])
    assert sorted(map(str, rota.who(shift))) == sorted(map(str, waiting[:4]))


def test_a_place_that_frees_as_others_grasp_for_it_goes_to_who_waits(rota: Rota, town: Town) -> None:
    leaving, waiting, others = town.helper(), town.helper(), [town.helper() for _ in range(6)]
    shift = town.shift("10:00", "12:00", leaving, days=2)
    rota.wait(shift, waiting)
    place = rota.place(leaving)
    answers = at_once([lambda: rota.drop(place, leaving), *(lambda h=helper: rota.take(shift, h) for helper in others)])
    assert rota.who(shift) == [waiting]
    assert {answer.refusal for answer in answers[1:]} == {Refusal.FULL}


def test_whoever_asks_while_a_place_frees_is_served_or_told_that_there_is_one(rota: Rota, town: Town) -> None:
    leaving, asking = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", leaving, days=2)
    place = rota.place(leaving)
    _, asked = at_once([lambda: rota.drop(place, leaving), lambda: rota.wait(shift, asking)])
    assert rota.who(shift) == ([asking] if asked.refusal is None else [])
    assert asked.refusal in (None, Refusal.NOT_FULL)


def test_whoever_is_first_in_two_lines_is_placed_once_though_both_places_free_at_once(rota: Rota, town: Town) -> None:
    """The two shifts share no slot: it is the helper who is locked."""
    holders, first = [town.helper(), town.helper()], town.helper()
    shifts = [town.shift("10:00", "12:00", holders[0], days=2), town.shift("10:15", "12:15", holders[1], days=2)]
    for shift in shifts:
        rota.wait(shift, first)
    one, other = (rota.place(helper) for helper in holders)
    with ThreadPoolExecutor(1) as hand, town.sessions.begin() as session:
        drop_place(session, one, now=town.now, grid=town.grid, helper_id=holders[0])
        dropped = hand.submit(rota.drop, other, holders[1])
        until_somebody_waits(town)
        session.commit()
        assert dropped.result().passed_to == ()
    assert [rota.who(shift) for shift in shifts] == [[first], []]
    assert _states(town) == [(first, "placed", None), (first, "waiting", "overlaps")]


def test_helpers_who_wait_for_each_others_shifts_never_wait_for_ever(rota: Rota, town: Town) -> None:
    """Two shifts with the same line in opposite order, freed at once: locks are taken in one order."""
    holders, waiting = [town.helper(), town.helper()], [town.helper() for _ in range(4)]
    shifts = [town.shift(f"{10 + 3 * at}:00", f"{12 + 3 * at}:00", holder, days=2) for at, holder in enumerate(holders)]
    for shift, line in zip(shifts, (waiting, waiting[::-1]), strict=True):
        for helper in line:
            rota.wait(shift, helper)
    places = [rota.place(helper) for helper in holders]
    at_once([lambda p=place, h=holder: rota.drop(p, h) for place, holder in zip(places, holders, strict=True)])
    assert [rota.who(shift) for shift in shifts] == [[waiting[0]], [waiting[-1]]]


def _states(town: Town) -> list[tuple[object, ...]]:
    return town.fetch("SELECT helper_id, state, skipped FROM shift_wait ORDER BY id")
