"""A stretch of rota is seen, published, copied and undone; once made, nothing is made twice."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from itertools import pairwise
from threading import Thread
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.rota.candidates import Days
from scheduler.rota.closures import NewClosure, close
from scheduler.rota.editing import Edit, cancel_shift, edit_shift
from scheduler.rota.listing import ShiftCard, rota_of, shift_card
from scheduler.rota.plans import PlannedHelper, PlannedShift, Verdict
from scheduler.rota.publishing import Publication, preview, publish
from scheduler.rota.rules import Refusal
from scheduler.rota.shifts import ShiftRefusal
from scheduler.rota.templates import Weekly, add_template, add_template_shift, leave_out
from scheduler.slots import HELSINKI, Span, starts_of
from tickets.directory import add_network
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

WHO = "coordinator:liisa"
TUESDAY = date(2026, 11, 24)  # today
FIVE_DAYS = Days(TUESDAY, date(2026, 11, 30))
DAILY = Weekly("FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR", TUESDAY, time(10), time(12), most=2)


def laid(session: Session, town: Town, *weeklies: Weekly) -> tuple[int, list[int]]:
    """A template with these shifts."""
    template = add_template(session, town.network, "Talvi", now=town.now, actor=WHO)
    assert isinstance(template, int)
    keys = [add_template_shift(session, town.network, template, one, now=town.now, actor=WHO) for one in weeklies]
    return template, [key for key in keys if isinstance(key, int)]


def published(
    session: Session, town: Town, template: int, days: Days = FIVE_DAYS, *, draft: bool = False
) -> Publication:
    made = publish(session, town.network, template, days, now=town.now, grid=town.grid, actor=WHO, draft=draft)
    assert isinstance(made, Publication)
    session.commit()
    return made


def seen(session: Session, town: Town, template: int, days: Days = FIVE_DAYS) -> Sequence[PlannedShift]:
    plan = preview(session, town.network, template, days, now=town.now, grid=town.grid)
    assert isinstance(plan, Publication)
    return plan.plan


def verdicts(plan: Sequence[PlannedShift]) -> list[tuple[str, Verdict]]:
    return [(f"{shift.candidate.day:%-d.%-m.}", shift.verdict) for shift in plan]


def shifts(session: Session, town: Town, days: Days = FIVE_DAYS) -> tuple[ShiftCard, ...]:
    ends = (days.last - TUESDAY).days + 1
    return rota_of(session, town.network, Span(town.at("00:00"), town.at("00:00", ends)))


def helpers_in(session: Session, town: Town) -> list[tuple[int, ...]]:
    return [tuple(place.helper_id for place in shift.places) for shift in shifts(session, town)]


def trace(town: Town) -> dict[str, object]:
    return {"now": town.now, "grid": town.grid, "actor": WHO}


def test_a_week_is_published_with_its_usual_helpers_in_one_batch(session: Session, town: Town) -> None:
    helper = town.helper()
    template, (key,) = laid(session, town, replace(DAILY, helpers=(helper,), language=Language.FI))
    made = published(session, town, template)
    assert verdicts(made.plan) == [(f"{day}.11.", Verdict.MADE) for day in (24, 25, 26, 27, 30)]
    cards = shifts(session, town)
    assert [card.id for card in cards] == list(made.shifts)
    assert {(card.template_shift_id, card.batch_id, card.published) for card in cards} == {(key, made.batch_id, True)}
    assert helpers_in(session, town) == [(helper,)] * 5
    rows = town.fetch("SELECT kind, count(*) FROM rota_change WHERE batch_id = :b GROUP BY kind", b=made.batch_id)
    assert dict(rows) == {"published": 1, "shift_added": 5, "place_given": 5}
    assert town.promise("11:00").starts_at == town.at("11:00")


def test_publishing_twice_makes_nothing_twice(session: Session, town: Town) -> None:
    template, _ = laid(session, town, replace(DAILY, helpers=(town.helper(),)))
    first = published(session, town, template)
    again = published(session, town, template)
    assert again.batch_id is None
    assert {shift.verdict for shift in again.plan} == {Verdict.ALREADY_THERE}
    longer = published(session, town, template, Days(TUESDAY, date(2026, 12, 1)))
    assert [day for day, verdict in verdicts(longer.plan) if verdict is Verdict.MADE] == ["1.12."]
    assert len(shifts(session, town)) == len(first.shifts)
    assert town.fetch("SELECT count(*) FROM rota_change WHERE kind = 'published'") == [(2,)]


def test_two_who_publish_the_same_week_at_once_publish_it_once(session: Session, town: Town) -> None:
    template, _ = laid(session, town, replace(DAILY, helpers=(town.helper(),)))
    session.commit()
    made: list[Publication] = []

    def publishes() -> None:
        with town.sessions.begin() as own:
            published_one = publish(own, town.network, template, FIVE_DAYS, **trace(town))
            assert isinstance(published_one, Publication)
            made.append(published_one)

    threads = [Thread(target=publishes) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(len(one.shifts) for one in made) == [0, 0, 0, 5]


def test_what_a_person_changed_or_called_off_since_is_left_as_it_is(session: Session, town: Town) -> None:
    template, _ = laid(session, town, DAILY)
    made = published(session, town, template)
    edited, cancelled = made.shifts[0], made.shifts[1]
    card = shift_card(session, town.network, edited)
    assert card is not None
    later = Edit(replace(card.terms, during=Span(town.at("13:00"), town.at("14:00"))), 1)
    edit_shift(session, town.network, edited, later, **trace(town))
    cancel_shift(session, town.network, cancelled, **trace(town))
    again = published(session, town, template)
    assert [verdict for _, verdict in verdicts(again.plan)][:3] == [
        Verdict.ALREADY_THERE,
        Verdict.CANCELLED,
        Verdict.ALREADY_THERE,
    ]
    assert len(shifts(session, town)) == 4
    assert shift_card(session, town.network, edited).terms == later.terms  # type: ignore[union-attr]


def test_holidays_closed_days_days_left_out_and_past_ones_are_named_with_the_reason(
    session: Session, town: Town
) -> None:
    days = Days(date(2026, 11, 23), date(2026, 12, 25))
    template, (key,) = laid(session, town, replace(DAILY, first_day=date(2026, 11, 20)))
    leave_out(session, town.network, key, date(2026, 11, 26), now=town.now, actor=WHO)
    shut = NewClosure(Span(town.at("00:00", 3), town.at("13:00", 3)), "Koulutuspäivä")
    afternoon = NewClosure(Span(town.at("11:00", 6), town.at("13:00", 6)), "Kokous")
    for closure in (shut, afternoon):
        close(session, town.network, closure, **trace(town))
    plan = seen(session, town, template, days)
    left_out = {day: (shift.verdict, shift.reason) for (day, _), shift in zip(verdicts(plan), plan, strict=True)}
    assert {day: what for day, what in left_out.items() if what[0] is not Verdict.MADE} == {
        "23.11.": (Verdict.PAST, ""),
        "26.11.": (Verdict.EXCEPTION, ""),
        "27.11.": (Verdict.CLOSED, "Koulutuspäivä"),
        "24.12.": (Verdict.HOLIDAY, ""),
        "25.12.": (Verdict.HOLIDAY, ""),
    }
    assert left_out["30.11."][0] is Verdict.MADE, "closed for a part of it only"
    assert shifts(session, town, days) == (), "a preview makes nothing"


def test_an_organisation_s_closed_day_leaves_out_its_own_shifts_and_names_its_helpers_in_pooled_ones(
    session: Session, town: Town
) -> None:
    helper = town.helper()
    own = replace(DAILY, organisation_id=town.organisation)
    template, _ = laid(session, town, own, replace(DAILY, begins=time(13), ends=time(15), helpers=(helper,)))
    closure = NewClosure(Span(town.at("00:00", 1), town.at("00:00", 2)), "Virkistyspäivä", town.organisation)
    close(session, town.network, closure, **trace(town))
    theirs, pooled = seen(session, town, template, Days(date(2026, 11, 25), date(2026, 11, 25)))
    assert (theirs.verdict, pooled.verdict) == (Verdict.CLOSED, Verdict.MADE)
    assert pooled.helpers == (PlannedHelper(helper, None, closed=True),)


def test_who_cannot_come_is_named_with_the_reason_and_gets_no_place(session: Session, town: Town) -> None:
    busy, expiring, elsewhere, swede, fine = (
        town.helper(),
        town.helper(badge_expires_on=date(2026, 11, 23)),
        town.helper(),
        town.helper(Language.SV),
        town.helper(),
    )
    session.execute(
        text("INSERT INTO availability (helper_id, during, says) VALUES (:h, tstzrange(:b, :e), 'cannot')"),
        {"h": busy, "b": town.at("08:00"), "e": town.at("11:00")},
    )
    session.commit()
    town.shift("11:00", "13:00", elsewhere)
    usual = (busy, expiring, elsewhere, swede, fine)
    template, _ = laid(session, town, replace(DAILY, helpers=usual, most=5, language=Language.FI))
    (shift,) = seen(session, town, template, Days(TUESDAY, TUESDAY))
    assert {helper.helper_id: helper.why_not for helper in shift.helpers} == {
        busy: Refusal.SAID_CANNOT,
        expiring: Refusal.BADGE_EXPIRES,
        elsewhere: Refusal.OVERLAPS,
        swede: Refusal.WRONG_LANGUAGE,
        fine: None,
    }
    made = published(session, town, template, Days(TUESDAY, TUESDAY))
    assert made.made[0].coming == (fine,)
    card = shift_card(session, town.network, made.shifts[0])
    assert card is not None
    assert [place.helper_id for place in card.places] == [fine]


def test_nobody_is_put_in_two_places_at_once_by_one_publication(session: Session, town: Town) -> None:
    helper = town.helper()
    early = replace(DAILY, helpers=(helper,))
    late = replace(early, begins=time(11), ends=time(13))
    template, _ = laid(session, town, early, late)
    first, second = seen(session, town, template, Days(TUESDAY, TUESDAY))
    assert (first.coming, second.coming) == ((helper,), ())
    assert second.helpers[0].why_not is Refusal.OVERLAPS


def test_a_draft_is_seen_by_nobody_and_promised_from_by_nobody_until_it_is_published(
    session: Session, town: Town
) -> None:
    helper = town.helper()
    template, _ = laid(session, town, replace(DAILY, helpers=(helper,)))
    published(session, town, template, draft=True)
    assert not any(card.published for card in shifts(session, town))
    assert rota_of(session, town.network, Span(town.at("00:00"), town.at("00:00", 7)), drafts=False) == ()
    assert town.jobs() == {}, "nobody is reminded of a draft"


def test_helpers_are_reminded_of_what_was_published(session: Session, town: Town) -> None:
    template, _ = laid(session, town, replace(DAILY, helpers=(town.helper(),)))
    published(session, town, template)
    assert len([key for key in town.jobs() if key.startswith("remind:")]) == 4, "today's evening before has been"


def test_publishing_covers_promises_that_had_lost_their_helper(session: Session, town: Town) -> None:
    shift = town.shift("10:00", "12:00", town.helper())
    promised = town.promise("11:00")
    cancel_shift(session, town.network, shift, **trace(town))
    template, _ = laid(session, town, replace(DAILY, helpers=(town.helper(),)))
    session.commit()
    told = preview(session, town.network, template, FIVE_DAYS, now=town.now, grid=town.grid)
    assert isinstance(told, Publication)
    assert [one.callback_id for one in told.effect.covered] == [promised.callback_id]
    assert town.state(promised.callback_id) == "deficit"
    assert published(session, town, template).effect == told.effect
    assert town.state(promised.callback_id) == "promised"


@pytest.mark.parametrize("changes", [(date(2026, 3, 25), 29), (date(2026, 10, 21), 25)])
def test_a_weekly_nine_o_clock_stays_nine_over_the_change_of_the_clock(
    session: Session, town: Town, changes: tuple[date, int]
) -> None:
    first, change = changes
    town.now = datetime(2026, first.month, 1, tzinfo=HELSINKI)
    day = replace(DAILY, rrule="FREQ=DAILY", first_day=first, begins=time(9), ends=time(21))
    night = replace(day, begins=time(21), ends=time(9))
    template, _ = laid(session, town, day, night)
    made = published(session, town, template, Days(first, first + timedelta(days=9)))
    spans = [shift.new.during for shift in made.plan]
    assert [span.begins.astimezone(HELSINKI).time() for span in spans] == [time(9), time(21)] * 10
    assert all(span.ends == later.begins for span, later in pairwise(spans)), "no gap, no double"
    lengths = {f"{span.begins:%-d.%-m.}": span.ends - span.begins for span in spans}
    odd = {day: length for day, length in lengths.items() if length != timedelta(hours=12)}
    hours = 11 if first.month == 3 else 13
    assert odd == {f"{change - 1}.{first.month}.": timedelta(hours=hours)}
    for shift in made.made:
        starts = starts_of(shift.new.during, shift.new.held_phase, timedelta(hours=1))
        assert starts[0] == shift.new.during.begins, "it begins at its first start"


def test_hours_that_the_clock_skips_are_left_out_and_said_to_be(session: Session, town: Town) -> None:
    town.now = datetime(2026, 3, 1, tzinfo=HELSINKI)
    sunday = date(2026, 3, 29)
    template, _ = laid(
        session, town, replace(DAILY, rrule="FREQ=DAILY", first_day=sunday, begins=time(3), ends=time(4))
    )
    made = published(session, town, template, Days(sunday, sunday + timedelta(days=1)))
    assert verdicts(made.plan) == [("29.3.", Verdict.SKIPPED), ("30.3.", Verdict.MADE)]


def test_a_span_that_cannot_be_published_and_a_strange_template_are_refused(session: Session, town: Town) -> None:
    template, _ = laid(session, town, DAILY)
    elsewhere = add_network(session, "Toinen", now=town.now)
    backwards, years = Days(FIVE_DAYS.last, TUESDAY), Days(TUESDAY, date(2036, 1, 1))
    assert publish(session, town.network, template, backwards, **trace(town)) is ShiftRefusal.NO_LENGTH
    assert publish(session, town.network, template, years, **trace(town)) is ShiftRefusal.TOO_LONG
    assert publish(session, elsewhere, template, FIVE_DAYS, **trace(town)) is ShiftRefusal.NOT_FOUND
    shown = preview(session, elsewhere, template, FIVE_DAYS, now=town.now, grid=town.grid)
    assert shown is ShiftRefusal.NOT_FOUND
