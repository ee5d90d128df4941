"""A place goes to somebody else or somewhere else in one step, and what that would do is known before."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from scheduler.rota.foresight import Turn
from scheduler.rota.holding import place_ref
from scheduler.rota.listing import shift_card
from scheduler.rota.moving import Move, Moved, move_place
from scheduler.rota.rules import Refusal
from scheduler.rota.shifts import publish
from scheduler.rota.standing import Only, StartCard, standing
from scheduler.rota.targets import Thought, could_come, think_over
from scheduler.rota.wishes import Says
from scheduler.slots import Span
from tests.integration.store.rota import COORDINATOR, Rota, at_once
from tickets.directory import add_organisation
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


def move(rota: Rota, place: int, shift: int, helper: int, *, override: bool = False) -> Moved | Refusal:
    how = {"now": rota.town.now, "grid": rota.town.grid, "actor": COORDINATOR}
    return rota.does(move_place, rota.town.network, Move(place, shift, helper, override), **how)


def thought(rota: Rota, place: int) -> Thought:
    def think(session: object) -> Thought | None:
        ref = place_ref(session, place)  # type: ignore[arg-type]
        assert ref is not None
        around = Span(rota.town.at("00:00"), rota.town.at("00:00", 7))
        return think_over(session, rota.town.network, ref, around, now=rota.town.now, grid=rota.town.grid)  # type: ignore[arg-type]

    found = rota.does(think)
    assert found is not None
    return found


def turns(some: object) -> list[tuple[Turn, Language | None, int]]:
    return [(one.turn, one.language, one.count) for one in some]  # type: ignore[attr-defined]


def test_a_place_goes_to_another_helper_and_both_are_told(rota: Rota, town: Town) -> None:
    first, second = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    place = rota.place(first)
    moved = move(rota, place, shift, second)
    assert isinstance(moved, Moved)
    assert (rota.who(shift), moved.effect.deficits) == ([second], ())
    assert rota.texts().keys() == {f"text:place-{place}:helper_lost", f"text:place-{moved.place_id}:helper_given"}
    assert [change[:2] for change in rota.changes()] == [("place_dropped", COORDINATOR), ("place_given", COORDINATOR)]


def test_a_helper_goes_to_another_shift_and_hears_of_the_new_one_only(rota: Rota, town: Town) -> None:
    helper = town.helper()
    early, late = town.shift("10:00", "12:00", helper), town.shift("12:00", "14:00")
    moved = move(rota, rota.place(helper), late, helper)
    assert isinstance(moved, Moved)
    assert (rota.who(early), rota.who(late)) == ([], [helper])
    assert rota.texts().keys() == {f"text:place-{moved.place_id}:helper_moved"}


def test_to_an_overlapping_shift_one_can_move_for_the_old_place_is_left(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    later = town.shift("11:00", "13:00")
    assert isinstance(move(rota, rota.place(helper), later, helper), Moved)
    assert rota.who(later) == [helper]


@pytest.mark.parametrize("override", [False, True])
def test_what_bars_every_place_bars_a_move_and_the_place_stays(rota: Rota, town: Town, override: bool) -> None:
    first, second = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    town.shift("11:00", "13:00", second)
    assert move(rota, rota.place(first), shift, second, override=override) is Refusal.OVERLAPS
    assert rota.who(shift) == [first]


def test_a_wish_is_set_aside_only_knowingly(rota: Rota, town: Town) -> None:
    first, second = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    rota.says(second, Says.CANNOT, town.at("09:00"), town.at("15:00"))
    place = rota.place(first)
    assert move(rota, place, shift, second) is Refusal.SAID_CANNOT
    moved = move(rota, place, shift, second, override=True)
    assert isinstance(moved, Moved)
    assert moved.overridden == (Refusal.SAID_CANNOT,)


def test_a_place_that_is_gone_or_anothers_network_moves_nowhere(rota: Rota, town: Town) -> None:
    first, second = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    place = rota.place(first)
    assert move(rota, place, 999_999, second) is Refusal.NOT_FOUND
    assert move(rota, place, shift, 999_999) is Refusal.NOT_FOUND
    rota.release(place)
    assert move(rota, place, shift, second) is Refusal.NOT_HELD
    assert rota.does(
        move_place, town.network + 1, Move(place, shift, second), now=town.now, grid=town.grid, actor="x"
    ) is (Refusal.NOT_HELD)


def test_whoever_waits_for_the_shift_that_is_left_has_the_place(rota: Rota, town: Town) -> None:
    first, second = town.helper(), town.helper()
    early, late = town.shift("13:00", "14:00", first), town.shift("14:00", "15:00")
    rota.wait(early, second)
    move(rota, rota.place(first), late, first)
    assert (rota.who(early), rota.who(late)) == ([second], [first])


def test_of_two_who_move_one_place_at_once_one_does(rota: Rota, town: Town) -> None:
    first, second, third = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    place = rota.place(first)
    answers = at_once([lambda: move(rota, place, shift, second), lambda: move(rota, place, shift, third)])
    assert sorted(isinstance(answer, Moved) for answer in answers) == [False, True]
    assert len(rota.who(shift)) == 1


def test_a_promise_that_nobody_could_keep_is_named_before_and_is_a_deficit_after(rota: Rota, town: Town) -> None:
    swede, finn = town.helper(FI, SV), town.helper()
    shift = town.shift("10:00", "12:00", swede)
    callback = town.promise("10:00", language=SV).callback_id
    place = rota.place(swede)
    (other,) = thought(rota, place).others
    assert turns(other.turns) == [(Turn.NOBODY_KEEPS, None, 1), (Turn.NO_SPEAKER, SV, 0)]
    assert other.turns[0].starts == (town.at("10:00"),)
    assert other.turns[1].starts == (town.at("10:00"), town.at("11:00"))
    moved = move(rota, place, shift, finn)
    assert isinstance(moved, Moved)
    assert [touched.callback_id for touched in moved.effect.deficits] == [callback]
    (back,) = thought(rota, moved.place_id).others
    assert turns(back.turns) == [(Turn.SOMEBODY_KEEPS, None, 1), (Turn.SPEAKER, SV, 0)]


def test_a_shift_that_would_be_short_and_one_that_would_be_filled_are_named(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.update("shift", town.shift("10:00", "12:00", helper, town.helper()), needed=2)
    lacking = town.shift("13:00", "15:00")
    town.update("shift", lacking, needed=1)
    found = thought(rota, rota.place(helper))
    (there,) = found.elsewhere
    assert (there.shift.id, there.barred, turns(there.turns)) == (lacking, False, [
        (Turn.SHORT, None, 1), (Turn.SPEAKER, FI, 0), (Turn.FILLED, None, 1)
    ])  # fmt: skip
    assert turns(found.without) == [(Turn.SHORT, None, 1)]


def test_a_draft_breaks_nothing(rota: Rota, town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper, published=False)
    assert turns(thought(rota, rota.place(helper)).without) == [(Turn.SHORT, None, 1)]
    rota.does(publish, town.network, until=town.at("00:00", 1), now=town.now, grid=town.grid)
    assert turns(thought(rota, rota.place(helper)).without) == [(Turn.NO_SPEAKER, FI, 0), (Turn.SHORT, None, 1)]
    assert rota.who(shift) == [helper]


def test_who_could_come_stands_before_who_said_that_they_cannot_and_who_may_not(rota: Rota, town: Town) -> None:
    shift = town.shift("10:00", "12:00")
    busy, cannot, free = town.helper(), town.helper(), town.helper()
    town.shift("11:00", "13:00", busy)
    rota.says(cannot, Says.CANNOT, town.at("09:00"), town.at("15:00"))
    card = rota.does(shift_card, town.network, shift)
    assert card is not None
    found = rota.does(could_come, town.network, card, now=town.now, grid=town.grid)
    assert [(one.helper_id, one.stands, one.barred) for one in found] == [
        (free, (), False),
        (cannot, (Refusal.SAID_CANNOT,), False),
        (busy, (Refusal.OVERLAPS,), True),
    ]


def test_each_start_tells_its_room_by_language_its_promises_and_what_nobody_can_keep(rota: Rota, town: Town) -> None:
    swede, finn = town.helper(FI, SV), town.helper()
    town.shift("10:00", "12:00", swede, finn)
    town.promise("10:00")
    town.promise("11:00", language=SV)
    first, second = _standing(rota)
    assert (first.starts_at, first.promised, first.lacking, first.room) == (town.at("10:00"), 1, 0, {FI: 1, SV: 1})
    assert (second.promised, second.room) == (1, {FI: 1, SV: 0})
    rota.release(rota.place(swede))
    first, second = _standing(rota)
    assert (first.promised, first.lacking, first.room, first.speaks(SV)) == (1, 0, {FI: 0, SV: 0}, False)
    assert (second.promised, second.lacking, second.room) == (0, 1, {FI: 1, SV: 0})


def test_room_for_a_municipality_is_only_with_whom_its_people_may_be_kept_by(rota: Rota, town: Town) -> None:
    town.shift("10:00", "11:00", town.helper())
    assert [one.room[FI] for one in _standing(rota, "853")] == [1]
    assert [one.room[FI] for one in _standing(rota, "091")] == [0]


def test_of_one_language_only_those_who_speak_it_and_promises_in_it_are_counted(rota: Rota, town: Town) -> None:
    swede, finn = town.helper(FI, SV), town.helper()
    town.shift("10:00", "11:00", swede, finn)
    town.promise("10:00")
    (all_,), (swedish,), (finnish,) = (_standing(rota, language=one) for one in (None, SV, FI))
    assert (len(all_.there), all_.promised, all_.room) == (2, 1, {FI: 1, SV: 1})
    assert ([one.helper for one in swedish.there], swedish.promised, swedish.room) == ([swede], 0, {SV: 1})
    assert (len(finnish.there), finnish.promised, finnish.room) == (2, 1, {FI: 1})


def test_of_one_organisation_its_helpers_its_promises_and_the_room_they_leave_are_counted(
    rota: Rota, town: Town
) -> None:
    with town.sessions.begin() as session:
        other = add_organisation(session, town.network, "Naapuri", serves=["853"])
    ours, neighbour = town.helper(), town.helper()
    town.update("helper", neighbour, organisation_id=other)
    town.shift("10:00", "11:00", ours, neighbour)
    town.shift("11:00", "12:00", ours)
    ticket = town.ticket()
    town.promise("10:00", ticket)
    town.update("ticket", ticket, owner_organisation_id=other)
    (theirs,) = _standing(rota, organisation=other)
    assert ([one.helper for one in theirs.there], theirs.promised, theirs.room[FI]) == ([neighbour], 1, 1)
    first, second = _standing(rota, organisation=town.organisation)
    assert ([one.helper for one in first.there], first.promised, first.room[FI]) == ([ours], 0, 1)
    assert second.room[FI] == 1
    town.update("ticket", ticket, non_disclosure=True)
    assert [_standing(rota, organisation=other, hidden=hides)[0].promised for hides in (False, True)] == [0, 1]


def _standing(rota: Rota, municipality: str | None = None, **only: Any) -> tuple[StartCard, ...]:
    span = Span(rota.town.at("00:00"), rota.town.at("00:00") + timedelta(days=1))
    how: dict[str, Any] = {"now": rota.town.now, "grid": rota.town.grid, "only": Only(municipality, **only)}
    return rota.does(standing, rota.town.network, span, **how)
