"""A week is copied; what came at once goes at once; what others have changed since stays, and is named."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time, timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.rota.batches import Kept, KeptBecause, Undone, batches_of, preview_undo, undo
from scheduler.rota.candidates import Days
from scheduler.rota.editing import Edit, cancel_shift, edit_shift
from scheduler.rota.listing import ShiftCard, rota_of, shift_card
from scheduler.rota.places import take_place
from scheduler.rota.plans import Verdict
from scheduler.rota.publishing import Publication, copy_week, preview_copy, publish
from scheduler.rota.shifts import NewShift, ShiftRefusal, add_shift
from scheduler.rota.templates import Weekly, add_template, add_template_shift
from scheduler.slots import HELSINKI, MINUTE, Grid, Span, instant_of, span_on, starts_of
from tickets.directory import add_network
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

WHO = "coordinator:liisa"
TUESDAY = date(2026, 11, 24)  # today
NEXT_MONDAY = date(2026, 11, 30)
WEEK = timedelta(weeks=1)
LATER = Days(date(2026, 11, 25), date(2026, 11, 27))  # Wednesday to Friday


def trace(town: Town) -> dict[str, object]:
    return {"now": town.now, "grid": town.grid, "actor": WHO}


def published(session: Session, town: Town, *helpers: int, days: Days = LATER) -> Publication:
    """A morning of two places, ten to twelve, on these days; published in one batch."""
    template = add_template(session, town.network, "Talvi", now=town.now, actor=WHO)
    weekly = Weekly("FREQ=DAILY", TUESDAY, time(10), time(12), most=2, helpers=helpers)
    assert isinstance(template, int)
    assert isinstance(add_template_shift(session, town.network, template, weekly, now=town.now, actor=WHO), int)
    made = publish(session, town.network, template, days, **trace(town))
    assert isinstance(made, Publication)
    session.commit()
    return made


def again(session: Session, town: Town) -> Publication:
    ((template,),) = town.fetch("SELECT id FROM template")
    assert isinstance(template, int)
    made = publish(session, town.network, template, LATER, **trace(town))
    assert isinstance(made, Publication)
    session.commit()
    return made


def undone(session: Session, town: Town, batch: int | None) -> Undone:
    assert batch is not None
    answer = undo(session, town.network, batch, **trace(town))
    session.commit()
    assert isinstance(answer, Undone)
    return answer


def week(session: Session, town: Town, monday: date) -> tuple[ShiftCard, ...]:
    begins, ends = (instant_of(day, time()) for day in (monday, monday + WEEK))
    return rota_of(session, town.network, Span(begins, ends))


def copied(session: Session, town: Town, source: date = TUESDAY, target: date = NEXT_MONDAY) -> Publication:
    made = copy_week(session, town.network, source, target, **trace(town))
    session.commit()
    return made


def test_a_batch_that_nobody_touched_goes_as_a_whole_and_can_come_again(session: Session, town: Town) -> None:
    helper = town.helper()
    made = published(session, town, helper)
    gone = undone(session, town, made.batch_id)
    assert (gone.shifts, gone.kept) == (made.shifts, ())
    assert [lost.helper_id for lost in gone.lost] == [helper] * 3
    assert week(session, town, TUESDAY) == ()
    rows = town.fetch("SELECT kind, count(*) FROM rota_change WHERE batch_id = :b GROUP BY kind", b=made.batch_id)
    assert dict(rows) | {"shift_cancelled": 3, "place_dropped": 3, "undone": 1} == dict(rows)
    assert len(again(session, town).shifts) == 3


def test_what_others_changed_since_stays_and_is_named(session: Session, town: Town) -> None:
    usual, other = town.helper(), town.helper()
    made = published(session, town, usual, days=Days(TUESDAY, date(2026, 11, 30)))
    today, edited, taken, confirmed, called_off, *rest = made.shifts
    card = shift_card(session, town.network, edited)
    assert card is not None
    edit_shift(session, town.network, edited, Edit(replace(card.terms, most=4), 1), **trace(town))
    assert take_place(session, town.network, taken, other, **trace(town)).place_id is not None
    cancel_shift(session, town.network, called_off, **trace(town))
    session.commit()
    ((place,),) = town.fetch("SELECT id FROM place WHERE shift_id = :s", s=confirmed)
    assert isinstance(place, int)
    town.update("place", place, confirmed_at=town.now)
    town.now = town.at("10:30")
    gone = undone(session, town, made.batch_id)
    assert gone.kept == (
        Kept(today, KeptBecause.BEGUN),
        Kept(edited, KeptBecause.EDITED),
        Kept(taken, KeptBecause.TAKEN),
        Kept(confirmed, KeptBecause.CONFIRMED),
    )
    assert gone.shifts == tuple(rest)
    standing = rota_of(session, town.network, Span(town.at("00:00"), town.at("00:00", 9)))
    assert [shift.id for shift in standing] == [today, edited, taken, confirmed]


def test_which_promises_nobody_could_keep_is_told_before_and_after(session: Session, town: Town) -> None:
    made = published(session, town, town.helper())
    promised = town.promise("11:00", days=1)
    assert made.batch_id is not None
    told = preview_undo(session, town.network, made.batch_id, now=town.now, grid=town.grid)
    session.commit()
    assert isinstance(told, Undone)
    assert [one.callback_id for one in told.effect.deficits] == [promised.callback_id]
    assert town.state(promised.callback_id) == "promised"
    assert undone(session, town, made.batch_id) == told
    assert town.state(promised.callback_id) == "deficit"


def test_places_that_a_batch_gave_in_other_shifts_are_free_again(session: Session, town: Town) -> None:
    given, own, sure = town.helper(), town.helper(), town.helper()
    shift = town.shift("10:00", "12:00", given, own, sure, days=1)
    made = published(session, town, days=Days(TUESDAY, TUESDAY))
    session.commit()
    town.update("shift", made.shifts[0], batch_id=None)
    places = dict(town.fetch("SELECT helper_id, id FROM place WHERE shift_id = :s", s=shift))
    for helper in (given, sure):
        town.update("place", places[helper], batch_id=made.batch_id)  # type: ignore[arg-type]
    town.update("place", places[sure], confirmed_at=town.now)  # type: ignore[arg-type]
    gone = undone(session, town, made.batch_id)
    assert [lost.helper_id for lost in gone.lost] == [given]
    assert gone.kept == (Kept(shift, KeptBecause.CONFIRMED, places[sure]),)  # type: ignore[arg-type]
    card = shift_card(session, town.network, shift)
    assert card is not None
    assert [place.helper_id for place in card.places] == [own, sure]


def test_a_batch_is_undone_once_and_by_its_own_network(session: Session, town: Town) -> None:
    made = published(session, town)
    elsewhere = add_network(session, "Toinen", now=town.now)
    assert made.batch_id is not None
    assert undo(session, elsewhere, made.batch_id, **trace(town)) is ShiftRefusal.NOT_FOUND
    undone(session, town, made.batch_id)
    assert undo(session, town.network, made.batch_id, **trace(town)) is ShiftRefusal.ALREADY_DONE
    (card,) = batches_of(session, town.network)
    assert (card.id, card.actor, card.undone, card.shifts, card.places) == (made.batch_id, WHO, True, 0, 0)
    assert batches_of(session, elsewhere) == ()


def test_a_copied_week_has_the_same_hours_and_the_same_people(session: Session, town: Town) -> None:
    helper = town.helper(Language.SV)
    during = Span(town.at("10:20", 1), town.at("13:00", 1))
    new = NewShift(during, 45, 1, 3, town.organisation, Language.SV, None, 60)
    assert isinstance(add_shift(session, town.network, new, now=town.now, helpers=[helper], grid=Grid()), int)
    made = copied(session, town)
    (copy,) = week(session, town, NEXT_MONDAY)
    assert copy.terms == replace(new.terms, during=Span(during.begins + WEEK, during.ends + WEEK))
    assert (copy.phase, [place.helper_id for place in copy.places]) == (45, [helper])
    assert made.shifts == (copy.id,)
    undone(session, town, made.batch_id)
    assert week(session, town, NEXT_MONDAY) == ()


def test_a_week_is_copied_once_whatever_became_of_the_copies(session: Session, town: Town) -> None:
    for wall in ("10:00", "12:00", "14:00"):
        town.shift(wall, "15:00", days=1)
    first = copied(session, town)
    card = shift_card(session, town.network, first.shifts[0])
    assert card is not None
    moved = replace(card.terms, during=Span(town.at("08:00", 8), town.at("09:00", 8)))
    edit_shift(session, town.network, card.id, Edit(moved, 1), **trace(town))
    cancel_shift(session, town.network, first.shifts[1], **trace(town))
    second = copied(session, town)
    assert second.batch_id is None
    assert [shift.verdict for shift in second.plan] == [
        Verdict.ALREADY_THERE,
        Verdict.CANCELLED,
        Verdict.ALREADY_THERE,
    ]
    assert [shift.verdict for shift in copied(session, town, NEXT_MONDAY, TUESDAY).plan] == [
        Verdict.MADE,  # what was moved to eight is new in this week
        Verdict.ALREADY_THERE,
    ]


def test_a_day_on_which_a_template_stands_twice_is_copied_with_both(session: Session, town: Town) -> None:
    wednesday, thursday, _ = published(session, town).shifts
    shift = shift_card(session, town.network, wednesday)
    assert shift is not None
    moved = replace(shift.terms, during=Span(town.at("13:00", 2), town.at("15:00", 2)))
    edit_shift(session, town.network, wednesday, Edit(moved, shift.version), **trace(town))
    session.commit()
    copies = copied(session, town)
    assert [one.verdict for one in copies.plan] == [Verdict.MADE] * 3
    assert [one.verdict for one in copied(session, town).plan] == [Verdict.ALREADY_THERE] * 3
    assert thursday not in copies.shifts


def test_a_copied_template_day_is_not_published_again(session: Session, town: Town) -> None:
    published(session, town)
    assert len(copied(session, town).shifts) == 3
    ((template,),) = town.fetch("SELECT id FROM template")
    assert isinstance(template, int)
    days = Days(NEXT_MONDAY, NEXT_MONDAY + timedelta(days=6))
    made = publish(session, town.network, template, days, **trace(town))
    assert isinstance(made, Publication)
    there = [shift.candidate.day.day for shift in made.plan if shift.verdict is Verdict.ALREADY_THERE]
    assert there == [2, 3, 4]


def test_holidays_are_not_copied_to_and_a_preview_copies_nothing(session: Session, town: Town) -> None:
    town.shift("10:00", "12:00", days=1)
    town.shift("10:00", "12:00", days=2)
    christmas = date(2026, 12, 21)
    told = preview_copy(session, town.network, TUESDAY, christmas, now=town.now, grid=town.grid)
    session.commit()
    assert [shift.verdict for shift in told.plan] == [Verdict.MADE, Verdict.HOLIDAY]
    assert (told.batch_id, week(session, town, christmas)) == (None, ())


@pytest.mark.parametrize(
    ("source", "target"), [(date(2026, 3, 18), date(2026, 3, 25)), (date(2026, 10, 20), date(2026, 10, 27))]
)
def test_copied_hours_are_the_same_on_the_wall_over_the_change_of_the_clock(
    session: Session, town: Town, source: date, target: date
) -> None:
    town.now = instant_of(date(source.year, source.month, 1), time(9))
    for day, begins, ends in ((5, time(21), time(9)), (6, time(9), time(21))):
        during = span_on(source - timedelta(days=source.weekday()) + timedelta(days=day), begins, ends)
        assert isinstance(
            add_shift(session, town.network, NewShift(during, call_minutes=45), now=town.now, grid=Grid()), int
        )
    made = copied(session, town, source, target)
    night, day_shift = (shift.new for shift in made.plan)
    assert night.during.ends == day_shift.during.begins
    walls = [moment.astimezone(HELSINKI).time() for moment in (night.during.begins, night.during.ends)]
    assert walls == [time(21), time(9)]
    for new in (night, day_shift):
        assert starts_of(new.during, new.held_phase, 45 * MINUTE)[0] == new.during.begins
