"""A place that its holder offers is taken by exactly one, and is the holder's until then, however the shift is edited."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from scheduler.rota.editing import Edit, Edited, edit_shift
from scheduler.rota.listing import shift_card
from scheduler.rota.openings import open_places, open_swaps
from scheduler.rota.places import Answer, Refusal
from scheduler.rota.swaps import take_swap
from scheduler.slots import Span
from tests.integration.store.rota import COORDINATOR, Rota, at_once
from tickets.directory import add_network
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


@pytest.mark.parametrize("attempt", range(3))
def test_of_twelve_who_take_a_swap_at_once_exactly_one_has_it(rota: Rota, town: Town, attempt: int) -> None:
    giver, takers = town.helper(), [town.helper() for _ in range(12)]
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    answers = at_once([lambda h=taker: rota.swap(place, h) for taker in takers])
    assert sorted(answer.refusal or "" for answer in answers) == ["", *["not_offered"] * 11]
    (winner,) = rota.who(shift)
    assert winner in takers
    assert [kind for kind, *_ in rota.changes()] == ["swap_offered", "swap_taken"]


def test_the_giver_keeps_the_place_until_somebody_takes_it(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    assert rota.offer(place, giver) == rota.offer(place, giver) == Answer(place)
    assert rota.who(shift) == [giver]
    taken = rota.swap(place, taker)
    assert taken.refusal is None
    assert rota.who(shift) == [taker]
    assert rota.withdraw(place, giver).refusal is Refusal.NOT_HELD
    assert rota.changes() == [
        ("swap_offered", f"helper:{giver}", giver),
        ("swap_taken", f"helper:{taker}", taker),
    ]
    assert set(rota.texts()) == {
        f"text:place-{place}:helper_swap_taken",
        f"text:place-{taken.place_id}:helper_swap_yours",
    }


def test_a_helper_who_comes_after_all_takes_the_offer_back(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    assert rota.swap(place, taker).refusal is Refusal.NOT_OFFERED
    rota.offer(place, giver)
    assert rota.withdraw(place, taker).refusal is Refusal.NOT_HELD
    assert rota.withdraw(place, giver) == Answer(place)
    assert rota.withdraw(place, giver).refusal is Refusal.NOT_OFFERED
    assert rota.swap(place, taker).refusal is Refusal.NOT_OFFERED
    assert rota.who(shift) == [giver]


def test_whoever_withdraws_as_another_takes_it_either_keeps_it_or_has_lost_it(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    back, taken = at_once([lambda: rota.withdraw(place, giver), lambda: rota.swap(place, taker)])
    assert (back.refusal is None) != (taken.refusal is None)
    assert rota.who(shift) == [giver if back.refusal is None else taker]


def test_an_offer_survives_an_edit_of_the_shift_it_is_about(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    _move(rota, town, shift, timedelta(hours=2))
    with town.sessions() as session:
        (opening,) = open_swaps(session, town.network, taker, now=town.now)
    assert (opening.swap_place_id, opening.during.begins) == (place, town.at("12:00", 1))
    taken = rota.swap(place, taker)
    assert town.fetch("SELECT lower(during) FROM place WHERE id = :id", id=taken.place_id) == [(town.at("12:00", 1),)]


def test_an_edit_while_a_swap_is_taken_leaves_one_holder_at_the_new_time(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    at_once([lambda: _move(rota, town, shift, timedelta(hours=2)), lambda: rota.swap(place, taker)])
    held = "SELECT helper_id, lower(during) FROM place WHERE state = 'held'"
    assert town.fetch(held) == [(taker, town.at("12:00", 1))]


def test_a_swap_follows_the_rules_of_any_place(rota: Rota, town: Town) -> None:
    giver, busy, foreign = town.helper(FI, SV), town.helper(FI, SV), town.helper(FI)
    shift = town.shift("10:00", "12:00", giver, days=1)
    town.update("shift", shift, language="sv")
    town.shift("11:00", "13:00", busy, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    assert rota.swap(place, busy).refusal is Refusal.OVERLAPS
    assert rota.swap(place, foreign).refusal is Refusal.WRONG_LANGUAGE
    assert rota.swap(place, giver).refusal is Refusal.OVERLAPS
    assert rota.who(shift) == [giver]


def test_a_swap_of_another_network_does_not_exist_for_this_one(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    town.shift("10:00", "12:00", giver, days=1)
    place = rota.place(giver)
    rota.offer(place, giver)
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
    how = {"now": town.now, "grid": town.grid, "actor": f"helper:{taker}"}
    assert rota.does(take_swap, elsewhere, place, taker, **how).refusal is Refusal.NOT_OFFERED


def test_whom_the_giver_was_to_ring_is_rung_by_the_taker(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(), town.helper()
    town.shift("10:00", "12:00", giver)
    promised = town.promise("10:00")
    assert town.choose(promised) == giver
    place = rota.place(giver)
    rota.offer(place, giver)
    assert rota.swap(place, taker).deficits == ()
    assert town.fetch("SELECT assigned_helper_id, state FROM callback") == [(None, "promised")]
    assert town.choose(promised) == taker


def test_a_taker_who_lacks_the_language_of_a_promise_is_told_of_the_deficit(rota: Rota, town: Town) -> None:
    giver, taker = town.helper(FI, SV), town.helper(FI)
    town.shift("10:00", "12:00", giver)
    promised = town.promise("10:00", language=SV)
    place = rota.place(giver)
    rota.offer(place, giver)
    assert rota.swap(place, taker).deficits == (promised.callback_id,)


def test_a_place_beyond_capacity_stays_marked_as_such_when_it_changes_hands(rota: Rota, town: Town) -> None:
    first, giver, taker = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first, days=1)
    place = rota.give(shift, giver, override=True).place_id
    assert place is not None
    rota.offer(place, giver)
    taken = rota.swap(place, taker)
    assert town.fetch("SELECT overridden FROM place WHERE id = :id", id=taken.place_id) == [(True,)]


def test_what_may_be_taken_is_listed_by_the_rules_that_it_is_written_by(rota: Rota, town: Town) -> None:
    giver, helper = town.helper(FI, SV), town.helper()
    town.update("helper", helper, wished_per_week=1, rest_minutes=0)
    shifts = [
        town.shift("10:00", "12:00", days=2),
        town.shift("09:00", "11:00", giver, days=1),  # full, and offered
        town.shift("12:00", "14:00", days=1, published=False),
        town.shift("14:00", "16:00", days=1),
    ]
    swedish = town.shift("17:00", "18:00", days=1)
    town.update("shift", swedish, language="sv")
    rota.offer(rota.place(giver), giver)
    rota.take(town.shift("12:00", "13:00", days=3), helper)
    with town.sessions() as session:
        places = open_places(session, town.network, helper, now=town.now)
        swaps = open_swaps(session, town.network, helper, now=town.now)
        assert open_swaps(session, town.network, giver, now=town.now) == ()
    assert [opening.shift_id for opening in places] == [shifts[3], shifts[0]]
    assert [(opening.shift_id, opening.swap_place_id) for opening in swaps] == [(shifts[1], rota.place(giver))]
    assert all(opening.beyond_wish for opening in (*places, *swaps))
    assert (places[0].free, places[0].missing) == (1, 1)
    for opening in places:
        assert rota.take(opening.shift_id, helper).refusal is None


def _move(rota: Rota, town: Town, shift: int, by: timedelta) -> Answer:
    with town.sessions() as session:
        card = shift_card(session, town.network, shift)
    assert card is not None
    during = Span(card.terms.during.begins + by, card.terms.during.ends + by)
    how = {"now": town.now, "grid": town.grid, "actor": COORDINATOR}
    edited = rota.does(edit_shift, town.network, shift, Edit(replace(card.terms, during=during), card.version), **how)
    assert isinstance(edited, Edited)
    return Answer(None)
