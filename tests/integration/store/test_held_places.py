"""A place kept free for somebody who waits: it takes one helper's hour, not the slot, and ends by itself."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.choice import choose_helper
from scheduler.coverage import lock_slots, recheck
from scheduler.promises import Wish, offer
from scheduler.rota.places import drop_place, places_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

CALLER = "+358401234567"


@pytest.fixture
def soon(town: Town) -> datetime:
    """When the answer must have come."""
    return town.now + timedelta(minutes=30)


def test_a_held_place_takes_one_helper_and_leaves_the_others(session: Session, town: Town, soon: datetime) -> None:
    town.shift("10:00", "11:00", town.helper(), town.helper())
    town.hold("10:00", soon)
    assert _offer(session, town) == town.at("10:00")
    town.promise("10:00")
    assert _offer(session, town) is None
    assert town.book("10:00", town.ticket()) is None


def test_a_hold_whose_time_is_over_takes_nothing_though_nobody_has_lapsed_it(
    session: Session, town: Town, soon: datetime
) -> None:
    town.shift("10:00", "11:00", town.helper())
    held = town.hold("10:00", soon)
    town.now = soon - timedelta(seconds=1)
    assert town.book("10:00", town.ticket()) is None
    town.now = soon
    assert _offer(session, town) is None  # too near to be offered, but who was offered it may still have it
    assert town.book("10:00", town.ticket()) is not None
    assert town.state(held) == "offered"


def test_whoever_it_is_held_for_may_take_it_or_another_time_instead(town: Town, soon: datetime) -> None:
    town.shift("10:00", "12:00", town.helper())
    first, second = town.ticket(CALLER), town.ticket(CALLER, topic=Topic.TUNNIST)
    held = town.hold("10:00", soon, first)
    assert town.book("10:00", second) is None, "the same caller was given two times at once"
    assert town.book("11:00", first) is not None
    assert town.state(held) == "lapsed"

    again = town.hold("10:00", soon, second)
    assert town.book("10:00", second) is not None
    assert town.state(again) == "lapsed"


def test_a_caller_whose_hold_is_over_may_book_and_move_across_it(session: Session, town: Town, soon: datetime) -> None:
    town.shift("10:00", "12:00", town.helper(), town.helper())
    held = town.hold("11:00", soon, caller=CALLER)
    town.now = soon
    assert town.book("11:00", town.ticket(CALLER, topic=Topic.TUNNIST)) is not None
    assert town.state(held) == "lapsed"


def test_nobody_is_chosen_for_a_held_place_but_its_helper_is_left_to_it(session: Session, town: Town) -> None:
    finn, swede = town.helper(), town.helper(Language.FI, Language.SV)
    town.shift("10:00", "11:00", finn, swede)
    held = town.hold("10:00", town.at("10:00"), language=Language.SV)
    promised = town.promise("10:00")
    town.update("callback", promised.callback_id, municipality="853")
    assert choose_helper(session, promised.callback_id, now=town.at("09:50"), grid=town.grid) == finn
    session.commit()
    assert town.fetch("SELECT assigned_helper_id FROM callback WHERE id = :id", id=held) == [(None,)]
    assert choose_helper(session, held, now=town.at("09:50"), grid=town.grid) is None


def test_when_a_helper_leaves_a_held_place_goes_first_and_nothing_is_in_deficit(
    session: Session, town: Town, soon: datetime
) -> None:
    leaving = town.helper()
    town.shift("10:00", "11:00", town.helper(), leaving)
    held, promised = town.hold("10:00", soon), town.promise("10:00")
    (place,) = places_of(session, leaving, since=town.now)
    assert drop_place(session, place.id, now=town.now, grid=town.grid).deficits == ()
    session.commit()
    assert town.state(held) == "lapsed"
    assert town.state(promised.callback_id) == "promised"
    assert town.jobs().keys().isdisjoint({f"mend:callback-{held}"})


def test_of_two_promises_the_one_that_was_moved_before_or_given_first_is_kept(town: Town) -> None:
    town.shift("10:00", "11:00", town.helper(), town.helper(), town.helper())
    oldest, middle, moved = (town.promise("10:00").callback_id for _ in range(3))
    for key, days in ((oldest, 3), (middle, 2), (moved, 1)):
        town.update("callback", key, booked_at=town.now - timedelta(days=days))
    town.update("callback", moved, times_moved=1)
    assert _left_with(town, 2) == {middle}
    assert _left_with(town, 1) == {middle, oldest}


def test_what_stands_is_not_broken_for_what_is_in_deficit_already(town: Town) -> None:
    town.shift("10:00", "11:00", town.helper(), town.helper())
    older, newer = town.promise("10:00").callback_id, town.promise("10:00").callback_id
    town.update("callback", older, state="deficit")
    assert _left_with(town, 1) == {older}
    assert town.state(newer) == "promised"


def _left_with(town: Town, helpers: int) -> set[int]:
    """Who is in deficit when only so many are left of the slot's helpers."""
    for (place,) in town.fetch("SELECT id FROM place ORDER BY id OFFSET :n", n=helpers):
        town.update("place", int(str(place)), state="dropped")
    with town.sessions.begin() as session:
        lock_slots(session, town.network, [town.at("10:00")])
        return set(recheck(session, town.network, [town.at("10:00")], now=town.now, grid=town.grid))


def _offer(session: Session, town: Town) -> datetime | None:
    return offer(session, Wish(town.network, Language.FI, None, None), after=None, now=town.now, grid=town.grid)
