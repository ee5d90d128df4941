"""Shifts are edited and cancelled: promises follow whoever can keep them, and everybody touched is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from threading import Barrier, Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.rota.editing import Edit, Edited, LostPlace, cancel_shift, edit_shift
from scheduler.rota.effects import foreseen
from scheduler.rota.listing import ShiftCard, shift_card
from scheduler.rota.rules import Refusal
from scheduler.rota.shifts import NewShift, ShiftRefusal, add_shift, publish
from scheduler.rota.waits import ask_to_wait
from scheduler.slots import MINUTE, Grid, Span, starts_of
from tickets.directory import add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

FI, SV = Language.FI, Language.SV
WHO = "coordinator:liisa"


def card_of(session: Session, town: Town, shift: int) -> ShiftCard:
    card = shift_card(session, town.network, shift)
    assert card is not None
    return card


def edit(
    session: Session, town: Town, shift: int, *, override: bool = False, during: tuple[str, str] = ("", ""), **wanted
) -> Edited | ShiftRefusal:
    """The coordinator reads the shift, changes this about it, and saves."""
    card = card_of(session, town, shift)
    if during != ("", ""):
        wanted["during"] = Span(*(town.at(wall) for wall in during))
    return save(session, town, card, override=override, **wanted)


def save(session: Session, town: Town, card: ShiftCard, *, override: bool = False, **wanted) -> Edited | ShiftRefusal:
    change = Edit(replace(card.terms, **wanted), card.version, override)
    return edit_shift(session, town.network, card.id, change, now=town.now, grid=town.grid, actor=WHO)


def cancel(session: Session, town: Town, shift: int) -> Edited | ShiftRefusal:
    return cancel_shift(session, town.network, shift, now=town.now, grid=town.grid, actor=WHO)


def changes(town: Town, shift: int) -> list[tuple[object, ...]]:
    rows = town.fetch("SELECT kind, actor, helper_id FROM rota_change WHERE shift_id = :s ORDER BY id", s=shift)
    return [row for row in rows if row[1] == WHO]


def test_a_shorter_shift_loses_what_lies_outside_and_moves_no_promise_within(session: Session, town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "14:00", helper)
    early, within, late = town.promise("10:00"), town.promise("11:00"), town.promise("13:00")
    edited = edit(session, town, shift, during=("10:30", "13:00"))
    session.commit()
    assert isinstance(edited, Edited)
    assert [one.callback_id for one in edited.effect.deficits] == [early.callback_id, late.callback_id]
    assert [one.starts_at for one in edited.effect.deficits] == [town.at("10:00"), town.at("13:00")]
    assert [town.state(one.callback_id) for one in (early, within, late)] == ["deficit", "promised", "deficit"]
    assert town.choose(within) == helper
    assert (edited.lost, edited.version) == ((), 2)


def test_a_longer_shift_covers_what_nobody_could_keep(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    promised = town.promise("11:00")
    edit(session, town, shift, during=("10:00", "11:00"))
    edited = edit(session, town, shift, during=("09:00", "13:00"))
    session.commit()
    assert isinstance(edited, Edited)
    assert [one.callback_id for one in edited.effect.covered] == [promised.callback_id]
    assert town.state(promised.callback_id) == "promised"
    assert town.events(promised.ticket_id)[-2:] == ["deficit", "covered"]


def test_places_follow_the_span_of_their_shift_and_ask_for_a_new_yes(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    ((place,),) = town.fetch("SELECT id FROM place")
    town.update("place", place, confirmed_at=town.now)
    edit(session, town, shift, needed=1)
    session.commit()
    assert card_of(session, town, shift).places[0].confirmed
    edit(session, town, shift, during=("10:00", "13:00"))
    session.commit()
    assert town.fetch("SELECT lower(during), upper(during) FROM place") == [(town.at("10:00"), town.at("13:00"))]
    assert not card_of(session, town, shift).places[0].confirmed


def test_whoever_has_another_place_at_the_new_time_loses_this_one_and_is_named(session: Session, town: Town) -> None:
    busy, free = town.helper(), town.helper()
    shift, other = town.shift("10:00", "12:00", busy, free), town.shift("13:00", "15:00", busy)
    edited = edit(session, town, shift, during=("10:00", "14:00"))
    session.commit()
    assert isinstance(edited, Edited)
    assert [(lost.helper_id, lost.why) for lost in edited.lost] == [(busy, Refusal.OVERLAPS)]
    assert [place.helper_id for place in card_of(session, town, shift).places] == [free]
    assert [place.helper_id for place in card_of(session, town, other).places] == [busy]
    assert changes(town, shift) == [("place_dropped", WHO, busy), ("shift_edited", WHO, None)]


@pytest.mark.parametrize(
    ("wanted", "why"),
    [
        ({"language": SV}, Refusal.WRONG_LANGUAGE),
        ({"kind": HelperKind.STAFF}, Refusal.WRONG_KIND),
        ({"organisation_id": ...}, Refusal.WRONG_ORGANISATION),
    ],
)
def test_whoever_a_shift_is_no_longer_for_loses_the_place(
    session: Session, town: Town, wanted: dict[str, object], why: Refusal
) -> None:
    leaving = town.helper(FI)
    shift = town.shift("10:00", "12:00", leaving)
    promised = town.promise("10:00")
    if "organisation_id" in wanted:
        wanted = {"organisation_id": add_organisation(session, town.network, "Salo")}
    edited = edit(session, town, shift, **wanted)
    session.commit()
    assert isinstance(edited, Edited)
    assert [(lost.helper_id, lost.why) for lost in edited.lost] == [(leaving, why)]
    assert [one.callback_id for one in edited.effect.deficits] == [promised.callback_id]


def test_who_was_let_in_against_the_rule_stays_while_the_rule_is_not_touched(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper(FI))
    town.update("shift", shift, language="sv")
    edited = edit(session, town, shift, during=("10:00", "13:00"))
    assert isinstance(edited, Edited)
    assert edited.lost == ()


def test_fewer_places_than_are_held_are_refused_unless_overridden_and_then_logged(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper(), town.helper())
    assert edit(session, town, shift, most=1) is ShiftRefusal.TOO_MANY_HELD
    assert isinstance(edit(session, town, shift, most=1, override=True), Edited)
    session.commit()
    (details,) = town.fetch("SELECT details FROM rota_change WHERE kind = 'shift_edited'")
    assert details == ({"most": 1, "was_most": 2, "held": 2},)


def test_of_two_coordinators_who_edit_the_same_shift_the_second_is_told(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00")
    read = card_of(session, town, shift)
    assert isinstance(save(session, town, read, most=3), Edited)
    assert save(session, town, read, most=4) is ShiftRefusal.STALE
    assert card_of(session, town, shift).terms.most == 3


def test_two_who_save_at_the_same_moment_do_not_overwrite_each_other(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00")
    read, both, answers = card_of(session, town, shift), Barrier(2), []

    def saves(most: int) -> None:
        with town.sessions.begin() as own:
            both.wait()
            answers.append(save(own, town, read, most=most))

    threads = [Thread(target=saves, args=(most,)) for most in (3, 4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(isinstance(answer, Edited) for answer in answers) == [False, True]
    assert ShiftRefusal.STALE in answers


@pytest.mark.parametrize(
    ("during", "numbers", "refusal"),
    [
        (("12:00", "10:00"), {}, ShiftRefusal.NO_LENGTH),
        (("", ""), {"needed": 3, "most": 2}, ShiftRefusal.BAD_NUMBERS),
        (("", ""), {"organisation_id": 999_999}, ShiftRefusal.UNKNOWN_ORGANISATION),
    ],
)
def test_what_no_shift_can_be_is_refused_and_changes_nothing(
    session: Session, town: Town, during: tuple[str, str], numbers: dict[str, int], refusal: ShiftRefusal
) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    before = card_of(session, town, shift)
    assert edit(session, town, shift, during=during, **numbers) is refusal
    assert card_of(session, town, shift) == before


def test_a_slip_in_a_date_does_not_make_a_shift_of_a_month(session: Session, town: Town) -> None:
    month = NewShift(Span(town.at("10:00"), town.at("12:00", days=30)))
    assert add_shift(session, town.network, month, now=town.now, grid=Grid()) is ShiftRefusal.TOO_LONG


def test_a_shift_that_is_over_stays_as_it_was(session: Session, town: Town) -> None:
    shift = town.shift("08:00", "09:00", town.helper())
    assert edit(session, town, shift, most=5) is ShiftRefusal.ENDED
    assert cancel(session, town, shift) is ShiftRefusal.ENDED


def test_saving_what_stands_already_writes_nothing(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00")
    assert edit(session, town, shift) == Edited(shift, 1)
    session.commit()
    assert changes(town, shift) == []


def test_nobody_touches_the_shifts_of_another_network(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    elsewhere = add_network(session, "Toinen verkosto", now=town.now)
    stranger = add_organisation(session, elsewhere, "Muualla")
    change = Edit(card_of(session, town, shift).terms, 1)
    trace = {"now": town.now, "grid": town.grid, "actor": WHO}
    assert edit_shift(session, elsewhere, shift, change, **trace) is ShiftRefusal.NOT_FOUND
    assert cancel_shift(session, elsewhere, shift, **trace) is ShiftRefusal.NOT_FOUND
    assert shift_card(session, elsewhere, shift) is None
    assert edit(session, town, shift, organisation_id=stranger) is ShiftRefusal.UNKNOWN_ORGANISATION
    theirs = NewShift(Span(town.at("10:00"), town.at("12:00")), organisation_id=stranger)
    assert add_shift(session, town.network, theirs, now=town.now, grid=Grid()) is ShiftRefusal.UNKNOWN_ORGANISATION
    ours = NewShift(Span(town.at("13:00"), town.at("14:00")))
    assert (
        add_shift(session, elsewhere, ours, now=town.now, helpers=[town.helper()], grid=Grid())
        is ShiftRefusal.UNKNOWN_HELPER
    )


def test_a_cancelled_shift_frees_everybody_and_names_the_promises_that_nobody_can_keep(
    session: Session, town: Town
) -> None:
    one, two, elsewhere = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", one, two)
    town.shift("10:00", "11:00", elsewhere)
    kept, lost = town.promise("10:00"), town.promise("10:00")
    cancelled = cancel(session, town, shift)
    session.commit()
    assert isinstance(cancelled, Edited)
    assert [touched.callback_id for touched in cancelled.effect.deficits] == [lost.callback_id]
    assert [place.helper_id for place in cancelled.lost] == [one, two]
    assert town.choose(kept) == elsewhere
    assert changes(town, shift) == [
        ("place_dropped", WHO, one),
        ("place_dropped", WHO, two),
        ("shift_cancelled", WHO, None),
    ]
    assert cancel(session, town, shift) is ShiftRefusal.CANCELLED
    session.commit()
    assert town.shift("10:00", "12:00", one)


def test_whose_hours_change_or_whose_place_goes_is_texted_and_of_a_draft_nobody_is(
    session: Session, town: Town
) -> None:
    shift = town.shift("10:00", "12:00", town.helper(), days=2)
    draft = town.shift("13:00", "15:00", town.helper(), days=2, published=False)
    for key in (shift, draft):
        card = card_of(session, town, key)
        later = replace(card.terms.during, ends=card.terms.during.ends + timedelta(hours=1))
        assert isinstance(save(session, town, card, during=later), Edited)
    session.commit()
    ((place,),) = town.fetch("SELECT id FROM place WHERE shift_id = :s", s=shift)
    told = {key for key in town.jobs() if key.startswith("text:")}
    assert told == {f"text:place-{place}:helper_moved:v2"}
    for key in (shift, draft):
        assert isinstance(cancel(session, town, key), Edited)
    session.commit()
    assert {key for key in town.jobs() if key.startswith("text:")} - told == {f"text:place-{place}:helper_lost"}


def test_whoever_waits_gets_the_place_that_an_edit_makes_and_waits_for_nothing_cancelled(
    session: Session, town: Town
) -> None:
    first, second, third = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", first, days=2)
    for helper in (second, third):
        ask_to_wait(session, town.network, shift, helper, now=town.now)
    assert isinstance(edit(session, town, shift, most=2), Edited)
    card = card_of(session, town, shift)
    assert ([place.helper_id for place in card.places], card.waiting) == ([first, second], (third,))
    assert isinstance(cancel(session, town, shift), Edited)
    session.commit()
    assert card_of(session, town, shift).waiting == ()
    assert ("wait_ended", WHO, third) in changes(town, shift)


def test_what_would_happen_is_told_and_does_not_happen(session: Session, town: Town) -> None:
    helper = town.helper()
    shift = town.shift("10:00", "12:00", helper)
    promised = town.promise("10:00")
    told = foreseen(session, lambda: cancel(session, town, shift))
    assert isinstance(told, Edited)
    assert [one.callback_id for one in told.effect.deficits] == [promised.callback_id]
    assert isinstance(told.lost[0], LostPlace)
    session.commit()
    assert town.state(promised.callback_id) == "promised"
    assert changes(town, shift) == []
    assert card_of(session, town, shift).places[0].helper_id == helper
    assert cancel(session, town, shift) == told, "what was told is what happens"


def test_looking_ahead_leaves_no_lock_behind(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    foreseen(session, lambda: cancel(session, town, shift))  # and the page stays open
    with town.sessions.begin() as other:
        assert isinstance(cancel(other, town, shift), Edited)


def test_a_new_shift_covers_what_nobody_could_keep_also_as_a_draft_once_it_is_published(
    session: Session, town: Town
) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    one, two = town.promise("10:00"), town.promise("11:00")
    cancel(session, town, shift)
    session.commit()
    draft = town.shift("10:00", "12:00", town.helper(), published=False)
    assert town.state(one.callback_id) == "deficit"
    made = publish(session, town.network, until=town.at("00:00", 1), now=town.now, grid=town.grid, actor=WHO)
    session.commit()
    assert made.shifts == (draft,)
    assert [touched.callback_id for touched in made.effect.covered] == [one.callback_id, two.callback_id]
    assert changes(town, draft) == [("published", WHO, None)]
    assert town.state(two.callback_id) == "promised"


def test_only_the_drafts_that_are_meant_are_published_and_each_once(session: Session, town: Town) -> None:
    one, two, gone = (town.shift("10:00", "12:00", published=False, days=days) for days in (0, 1, 2))
    cancel(session, town, gone)
    until, trace = town.at("00:00", 9), {"now": town.now, "grid": town.grid, "actor": WHO}
    assert publish(session, town.network, until=until, only=[two, gone], **trace).shifts == (two,)
    assert publish(session, town.network, until=town.at("09:00"), **trace).shifts == ()
    assert publish(session, town.network, until=until, **trace).shifts == (one,)
    assert publish(session, town.network, until=until, **trace).shifts == ()


def test_adding_a_shift_writes_who_added_it_and_whom_they_put_there(session: Session, town: Town) -> None:
    helper = town.helper()
    new = NewShift(Span(town.at("10:15"), town.at("12:15")), call_minutes=90)
    shift = add_shift(session, town.network, new, now=town.now, helpers=[helper], actor=WHO, grid=Grid())
    session.commit()
    assert isinstance(shift, int)
    assert changes(town, shift) == [("shift_added", WHO, None), ("place_given", WHO, helper)]
    card = card_of(session, town, shift)
    starts = starts_of(card.terms.during, card.phase, card.call_minutes * MINUTE)
    assert starts == (town.at("10:15"),), "it begins at its first start"
