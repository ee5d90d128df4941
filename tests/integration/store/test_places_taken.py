"""Helpers take, confirm and leave places by the rules; coordinators go beyond them, and it is written down."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from scheduler.rota.availability import Wishes, set_wishes
from scheduler.rota.editing import Edit, edit_shift
from scheduler.rota.listing import rota_of
from scheduler.rota.places import Answer, Refusal, confirm_place, drop_place, release_place, take_place
from scheduler.rota.wishes import Says
from scheduler.slots import Span
from tests.integration.store.rota import COORDINATOR, Rota, at_once, until_somebody_waits
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


@pytest.fixture
def rota(town: Town) -> Rota:
    return Rota(town)


def test_rest_the_most_per_week_and_what_they_said_hold_for_whoever_takes_a_place(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.update("helper", helper, most_per_week=2, rest_minutes=12 * 60)
    assert rota.take(town.shift("19:00", "21:00", days=1), helper).refusal is None
    assert rota.take(town.shift("08:00", "10:00", days=2), helper).refusal is Refusal.TOO_LITTLE_REST
    rota.says(helper, Says.CANNOT, town.at("10:00", 2), town.at("11:30", 2))
    assert rota.take(town.shift("11:00", "12:00", days=2), helper).refusal is Refusal.SAID_CANNOT
    assert rota.take(town.shift("12:00", "14:00", days=2), helper).refusal is None
    assert rota.take(town.shift("14:00", "15:00", days=3), helper).refusal is Refusal.MOST_PER_WEEK
    assert rota.take(town.shift("14:00", "15:00", days=6), helper).refusal is None  # Monday


def test_asking_twice_for_the_same_place_changes_nothing(rota: Rota, town: Town) -> None:
    shift, helper = town.shift("10:00", "12:00"), town.helper()
    taken = rota.take(shift, helper)
    assert rota.take(shift, helper) == taken
    assert rota.changes() == [("place_taken", f"helper:{helper}", helper)]


def test_a_helper_and_a_shift_of_another_network_do_not_exist_for_this_one(rota: Rota, town: Town) -> None:
    with town.sessions.begin() as session:
        elsewhere = add_network(session, "Muualla", now=town.now)
        organisation = add_organisation(session, elsewhere, "Salo")
        new = NewHelper("Vieras", "+358509999999", (FI,), HelperKind.VOLUNTEER)
        stranger = add_helper(session, organisation, new, now=town.now)
    shift, helper = town.shift("10:00", "12:00"), town.helper()
    assert rota.take(shift, stranger) == rota.give(shift, stranger, override=True) == Answer(None, Refusal.NOT_FOUND)
    how = {"now": town.now, "grid": town.grid, "actor": COORDINATOR}
    assert rota.does(take_place, elsewhere, shift, helper, **how).refusal is Refusal.NOT_FOUND
    place = rota.take(shift, helper).place_id
    assert place is not None
    assert rota.does(release_place, elsewhere, place, **how).refusal is Refusal.NOT_HELD
    assert rota.who(shift) == [helper]


def test_a_coordinator_goes_beyond_capacity_only_on_purpose_and_it_is_written_down(rota: Rota, town: Town) -> None:
    first, second = town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first)
    assert rota.give(shift, second) == Answer(None, Refusal.FULL)
    given = rota.give(shift, second, override=True)
    assert given.overridden == (Refusal.FULL,)
    assert rota.who(shift) == [first, second]
    assert town.fetch("SELECT overridden FROM place WHERE id = :id", id=given.place_id) == [(True,)]
    assert town.fetch("SELECT actor, details FROM rota_change WHERE place_id = :id", id=given.place_id) == [
        (COORDINATOR, {"overridden": "full"})
    ]


def test_a_coordinator_sets_rest_and_the_week_aside_and_never_a_language(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.update("helper", helper, most_per_week=1)
    rota.take(town.shift("19:00", "21:00", days=1), helper)
    early = town.shift("07:00", "09:00", days=2)
    assert rota.give(early, helper).refusal is Refusal.TOO_LITTLE_REST
    town.update("shift", early, language="sv")
    assert rota.give(early, helper, override=True).refusal is Refusal.WRONG_LANGUAGE
    town.update("shift", early, language="fi")
    given = rota.give(early, helper, override=True)
    assert given.overridden == (Refusal.TOO_LITTLE_REST, Refusal.MOST_PER_WEEK)


def test_a_place_within_the_rules_is_no_override_though_it_was_allowed(rota: Rota, town: Town) -> None:
    given = rota.give(town.shift("10:00", "12:00"), town.helper(), override=True)
    assert given.overridden == ()
    assert town.fetch("SELECT overridden FROM place WHERE id = :id", id=given.place_id) == [(False,)]


def test_a_coordinator_plans_a_draft_and_fills_a_shift_that_goes_on(rota: Rota, town: Town) -> None:
    draft, going_on = town.shift("10:00", "12:00", published=False), town.shift("09:00", "12:00")
    one, other = town.helper(), town.helper()
    assert rota.give(draft, one).refusal is None
    assert rota.take(going_on, other).refusal is Refusal.BEGUN
    assert rota.give(going_on, other).refusal is None
    assert {key.split(":")[1] for key in rota.texts()} == {f"place-{rota.place(other)}"}  # of a draft nobody hears


def test_a_helper_who_comes_says_so_once_and_only_of_their_own(rota: Rota, town: Town) -> None:
    helper, other = town.helper(), town.helper()
    place = rota.take(town.shift("10:00", "12:00"), helper).place_id
    assert place is not None
    assert rota.confirm(place, other).refusal is Refusal.NOT_HELD
    assert rota.confirm(place, helper) == rota.confirm(place, helper) == Answer(place)
    assert [kind for kind, *_ in rota.changes()] == ["place_taken", "place_confirmed"]
    over = rota.does(confirm_place, place, helper, now=town.at("12:00"))
    assert over.refusal is Refusal.ENDED


def test_a_helper_leaves_a_place_until_a_day_before_and_then_only_with_a_coordinator(rota: Rota, town: Town) -> None:
    helper, other = town.helper(), town.helper()
    tomorrow, later = town.shift("09:00", "10:00", helper, days=1), town.shift("09:15", "10:15", other, days=1)
    place, in_time = rota.place(helper), rota.place(other)
    assert rota.drop(place, other).refusal is Refusal.NOT_HELD
    assert rota.drop(place, helper).refusal is Refusal.TOO_LATE  # it is ten past nine
    assert rota.drop(in_time, other) == Answer(in_time)
    assert (rota.who(tomorrow), rota.who(later)) == ([helper], [])
    assert rota.release(place) == Answer(place)
    assert rota.release(place) == Answer(None, Refusal.NOT_HELD)
    assert rota.who(tomorrow) == []
    assert rota.changes() == [("place_dropped", f"helper:{other}", other), ("place_dropped", COORDINATOR, helper)]
    assert rota.texts() == {f"text:place-{place}:helper_lost": town.now}


def test_who_leaves_hears_which_promises_nobody_can_keep(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper, days=3)
    promised = town.promise("11:00", days=3)
    assert rota.drop(rota.place(helper), helper).deficits == (promised.callback_id,)


def test_the_last_place_goes_to_exactly_one_of_twelve_helpers_at_once(rota: Rota, town: Town) -> None:
    shift, helpers = town.shift("10:00", "12:00", days=1), [town.helper() for _ in range(12)]
    answers = at_once([lambda h=helper: rota.take(shift, h) for helper in helpers])
    assert sorted(answer.refusal or "" for answer in answers) == ["", *["full"] * 11]
    assert len(rota.who(shift)) == 1


def test_shifts_at_one_time_taken_by_one_helper_at_once_are_one_place(rota: Rota, town: Town) -> None:
    helper = town.helper()
    shifts = [town.shift("10:00", "12:00", days=1) for _ in range(8)]
    answers = at_once([lambda s=shift: rota.take(s, helper) for shift in shifts])
    assert sorted(answer.refusal or "" for answer in answers) == ["", *["overlaps"] * 7]


def test_places_of_one_week_taken_at_once_are_no_more_than_the_most(rota: Rota, town: Town) -> None:
    """Different shifts share no slot: it is the helper who is locked."""
    helper = town.helper()
    town.update("helper", helper, most_per_week=2, rest_minutes=0)
    shifts = [town.shift(f"{hour}:00", f"{hour + 1}:00", days=1) for hour in range(10, 18)]
    answers = at_once([lambda s=shift: rota.take(s, helper) for shift in shifts])
    assert sum(answer.refusal is None for answer in answers) == 2
    assert {answer.refusal for answer in answers} == {None, Refusal.MOST_PER_WEEK}


def test_whoever_waits_for_a_shift_that_moves_meanwhile_takes_it_at_its_new_time(rota: Rota, town: Town) -> None:
    """The slots of the old time are not the ones whose promises the place can keep."""
    leaving, coming = town.helper(), town.helper()
    town.shift("13:00", "14:00", leaving, days=2)
    promised = town.promise("13:00", days=2)
    rota.drop(rota.place(leaving), leaving)
    assert town.state(promised.callback_id) == "deficit"
    shift = town.shift("10:00", "11:00", days=2)
    with ThreadPoolExecutor(1) as hand, town.sessions.begin() as session:
        (terms,) = (
            card.terms for card in rota_of(session, town.network, Span(town.at("10:00", 2), town.at("11:00", 2)))
        )
        later = replace(terms, during=Span(town.at("13:00", 2), town.at("14:00", 2)))
        edit_shift(session, town.network, shift, Edit(later, 1), now=town.now, grid=town.grid, actor=COORDINATOR)
        taken = hand.submit(rota.take, shift, coming)
        until_somebody_waits(town)
        session.commit()
        assert taken.result().refusal is None
    assert town.state(promised.callback_id) == "promised"


def test_the_line_drops_a_place_however_late(rota: Rota, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    place = rota.place(helper)
    assert rota.does(drop_place, place, now=town.now, grid=town.grid) == Answer(place)
    assert rota.changes() == [("place_dropped", "line", helper)]


def test_each_thing_that_a_person_does_is_written_down_once_and_what_is_refused_not_at_all(
    rota: Rota, town: Town
) -> None:
    one, other, third = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", days=2)
    place = rota.take(shift, one).place_id
    assert place is not None
    rota.leave(shift, other)  # waits for nothing yet
    deeds = [
        lambda: rota.wait(shift, other),
        lambda: rota.leave(shift, other),
        lambda: rota.confirm(place, one),
        lambda: rota.offer(place, one),
        lambda: rota.withdraw(place, one),
        lambda: rota.offer(place, one),
        lambda: rota.swap(place, other),
        lambda: rota.release(rota.place(other)),
        lambda: rota.give(shift, third),
        lambda: rota.drop(rota.place(third), third),
        lambda: rota.says(third, Says.CANNOT, town.at("10:00", 4), town.at("12:00", 4)),
        lambda: rota.does(set_wishes, town.network, third, Wishes(2), now=town.now),
    ]
    for number, deed in enumerate(deeds, start=2):
        deed()
        assert len(rota.changes()) == number
    refused = [
        lambda: rota.take(shift, 0),
        lambda: rota.swap(place, third),
        lambda: rota.withdraw(place, one),
        lambda: rota.drop(place, one),
        lambda: rota.wait(shift, third),
        lambda: rota.give(0, third),
    ]
    for deed in refused:
        answer = deed()
        assert isinstance(answer, Answer)
        assert answer.refusal is not None
    assert len(rota.changes()) == len(deeds) + 1
