"""Helpers take places and leave them; who was promised a time keeps it as long as anybody can."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.choice import choose_helper
from scheduler.promises import Wish, offer
from scheduler.rota.places import Answer, Refusal, drop_place, places_of, take_place
from scheduler.rota.records import Shift
from scheduler.rota.shifts import ShiftRefusal, publish
from scheduler.slots import Grid
from tickets.directory import add_organisation
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV


def test_a_helper_takes_a_place_and_times_are_offered_from_it(session: Session, town: Town) -> None:
    shift, helper = town.shift("10:00", "12:00"), town.helper()
    assert _offer(session, town) is None
    place = _take(session, town, shift, helper)
    session.commit()
    assert [held.id for held in places_of(session, helper, since=town.now)] == [place.place_id]
    assert _offer(session, town) == town.at("10:00")


def test_a_full_shift_a_draft_and_a_second_place_at_the_same_time_are_refused(session: Session, town: Town) -> None:
    helper, other = town.helper(), town.helper()
    full, draft = town.shift("10:00", "12:00", other), town.shift("10:00", "12:00", published=False)
    overlapping, free = town.shift("11:00", "13:00"), town.shift("12:00", "14:00")
    for shift, taker, refusal in (
        (full, helper, Refusal.FULL),
        (draft, helper, Refusal.NOT_PUBLISHED),
        (overlapping, other, Refusal.OVERLAPS),
    ):
        assert _take(session, town, shift, taker).refusal is refusal
    assert _take(session, town, free, other).refusal is None


@pytest.mark.parametrize(
    ("reserved", "refusal"),
    [
        ({"language": SV}, Refusal.WRONG_LANGUAGE),
        ({"kind": HelperKind.STAFF}, Refusal.WRONG_KIND),
        ({"organisation_id": ...}, Refusal.WRONG_ORGANISATION),
    ],
)
def test_a_shift_that_is_kept_for_others_is_not_theirs_to_take(
    session: Session, town: Town, reserved: dict[str, object], refusal: Refusal
) -> None:
    shift, helper = town.shift("10:00", "12:00"), town.helper()
    if "organisation_id" in reserved:
        reserved = {"organisation_id": add_organisation(session, town.network, "Salo")}
    session.execute(update(Shift).where(Shift.id == shift).values(reserved))
    assert _take(session, town, shift, helper).refusal is refusal


def test_the_schema_itself_refuses_two_places_at_once(session: Session, town: Town) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    assert town.shift("11:00", "13:00", helper) == ShiftRefusal.HELPER_NOT_FREE
    other = town.shift("11:00", "13:00", town.helper())
    with pytest.raises(IntegrityError, match="ex_place_one_at_a_time"):
        town.update("place", town.fetch("SELECT id FROM place WHERE shift_id = :s", s=other)[0][0], helper_id=helper)  # type: ignore[arg-type]


def test_a_draft_is_promised_from_once_it_is_published(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", town.helper(), published=False)
    assert publish(session, town.network, until=town.at("00:00", 1), now=town.now, grid=Grid()).shifts
    assert _offer(session, town) == town.at("10:00")


def test_when_a_helper_leaves_another_takes_over_and_nothing_is_said(session: Session, town: Town) -> None:
    leaving, staying = town.helper(), town.helper()
    town.shift("10:00", "12:00", leaving, staying)
    promised = town.promise("10:00")
    (place,) = places_of(session, leaving, since=town.now)
    assert drop_place(session, place.id, now=town.now, grid=town.grid) == Answer(place.id)
    session.commit()
    assert town.state(promised.callback_id) == "promised"
    assert town.choose(promised) == staying
    assert drop_place(session, place.id, now=town.now, grid=town.grid) == Answer(None, Refusal.NOT_HELD)


def test_what_nobody_can_keep_any_more_is_a_deficit_until_somebody_comes(session: Session, town: Town) -> None:
    leaving, coming = town.helper(SV), town.helper(FI, SV)
    shift = town.shift("10:00", "12:00", leaving)
    promised = town.promise("10:00", language=SV)
    (place,) = places_of(session, leaving, since=town.now)
    assert drop_place(session, place.id, now=town.now, grid=town.grid).deficits == (promised.callback_id,)
    session.commit()
    assert town.state(promised.callback_id) == "deficit"
    assert town.events(promised.ticket_id)[-1] == "deficit"
    assert _take(session, town, shift, coming).refusal is None
    session.commit()
    assert town.state(promised.callback_id) == "promised"
    assert town.events(promised.ticket_id)[-1] == "covered"
    assert town.choose(promised) == coming


def test_the_later_promise_and_not_the_earlier_is_in_deficit(session: Session, town: Town) -> None:
    leaving, staying = town.helper(), town.helper()
    town.shift("10:00", "11:00", leaving, staying)
    earlier, later = town.promise("10:00"), town.promise("10:00")
    (place,) = places_of(session, staying, since=town.now)
    assert drop_place(session, place.id, now=town.now, grid=town.grid).deficits == (later.callback_id,)
    session.commit()
    assert (town.state(earlier.callback_id), town.state(later.callback_id)) == ("promised", "deficit")


def test_a_deficit_that_lasts_until_ten_minutes_before_is_told_before_the_time(session: Session, town: Town) -> None:
    leaving = town.helper()
    town.shift("10:00", "11:00", leaving)
    promised = town.promise("10:00", caller="+358401234567")
    (place,) = places_of(session, leaving, since=town.now)
    drop_place(session, place.id, now=town.now, grid=town.grid)
    session.commit()
    assert choose_helper(session, promised.callback_id, now=town.at("09:50"), grid=town.grid) is None
    session.commit()
    assert town.state(promised.callback_id) == "missed"
    assert town.jobs() == {"text:alert-1": town.now, f"text:callback-{promised.callback_id}:missed": town.at("09:50")}


def test_a_badge_that_expired_after_booking_leaves_the_call_to_somebody_else(session: Session, town: Town) -> None:
    expired, valid = town.helper(badge_expires_on=date(2026, 11, 24)), town.helper()
    town.shift("10:00", "11:00", expired, valid, days=1)
    assert town.choose(town.promise("10:00", days=1)) == valid


def test_a_shift_is_kept_as_it_was_made(session: Session, town: Town) -> None:
    shift = session.get_one(Shift, town.shift("10:15", "12:15", town.helper()))
    assert (shift.during.lower, shift.during.upper) == (town.at("10:15"), town.at("12:15"))
    assert (shift.phase, shift.needed, shift.most) == (15, 1, 1)


def _take(session: Session, town: Town, shift: int, helper: int) -> Answer:
    return take_place(session, town.network, shift, helper, now=town.now, grid=town.grid, actor=f"helper:{helper}")


def _offer(session: Session, town: Town) -> datetime | None:
    wish = Wish(town.network, FI, Topic.PUHELIN, None)
    return offer(session, wish, after=None, now=town.now, grid=town.grid)
