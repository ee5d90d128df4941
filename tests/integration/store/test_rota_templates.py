"""A week as it usually is, kept under a name."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, time
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.rota.recurrence import RuleFault, RuleRefused
from scheduler.rota.shifts import ShiftRefusal
from scheduler.rota.templates import (
    Weekly,
    add_template,
    add_template_shift,
    change_template_shift,
    leave_out,
    remove_template_shift,
    rename_template,
    template_card,
    templates_of,
)
from tests.integration.store.rota import until_somebody_waits
from tickets.directory import add_network, add_organisation
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

WHO = "coordinator:liisa"
MORNING = Weekly("FREQ=WEEKLY;BYDAY=MO", date(2026, 11, 23), time(9), time(12), most=2)


def trace(town: Town) -> dict[str, object]:
    return {"now": town.now, "actor": WHO}


def template(session: Session, town: Town) -> int:
    made = add_template(session, town.network, "Talvi", **trace(town))
    assert isinstance(made, int)
    return made


def test_of_two_who_give_a_name_at_the_same_moment_the_second_hears_that_it_is_taken(
    session: Session, town: Town
) -> None:
    other = template(session, town)
    session.commit()

    def renames() -> ShiftRefusal | None:
        with town.sessions.begin() as own:
            return rename_template(own, town.network, other, "Kesä", **trace(town))  # type: ignore[arg-type]

    with ThreadPoolExecutor(1) as hand:
        with town.sessions.begin() as first:
            add_template(first, town.network, "Kesä", **trace(town))  # type: ignore[arg-type]
            second = hand.submit(renames)
            until_somebody_waits(town)
        assert second.result() is ShiftRefusal.NAME_TAKEN


def test_a_template_is_read_as_it_was_written(session: Session, town: Town) -> None:
    key, helper = template(session, town), town.helper()
    weekly = replace(
        MORNING, language=Language.SV, kind=HelperKind.STAFF, organisation_id=town.organisation, helpers=(helper,)
    )
    night = replace(MORNING, begins=time(22), ends=time(6))
    second = add_template_shift(session, town.network, key, night, **trace(town))
    first = add_template_shift(session, town.network, key, weekly, **trace(town))
    card = template_card(session, town.network, key)
    assert card is not None
    assert (card.name, [shift.id for shift in card.shifts]) == ("Talvi", [first, second])
    assert [shift.weekly for shift in card.shifts] == [weekly, night]
    assert templates_of(session, town.network) == (card,)


def test_a_template_s_shift_is_changed_left_out_put_back_and_removed_each_with_its_row(
    session: Session, town: Town
) -> None:
    key = template(session, town)
    shift = add_template_shift(session, town.network, key, MORNING, **trace(town))
    assert isinstance(shift, int)
    later, day = replace(MORNING, begins=time(10)), date(2026, 12, 7)
    assert change_template_shift(session, town.network, shift, later, **trace(town)) is None
    assert leave_out(session, town.network, shift, day, **trace(town)) is None
    assert leave_out(session, town.network, shift, day, **trace(town)) is None
    (card,) = templates_of(session, town.network)
    assert (card.shifts[0].weekly, card.shifts[0].left_out) == (later, {day})
    assert leave_out(session, town.network, shift, day, out=False, **trace(town)) is None
    assert templates_of(session, town.network)[0].shifts[0].left_out == frozenset()
    assert remove_template_shift(session, town.network, shift, **trace(town)) is None
    assert templates_of(session, town.network)[0].shifts == ()
    assert remove_template_shift(session, town.network, shift, **trace(town)) is ShiftRefusal.NOT_FOUND
    session.commit()
    rows = town.fetch("SELECT details->>'what' FROM rota_change WHERE kind = 'template_changed' ORDER BY id")
    whats = ["added", "shift_added", "shift_changed", "day_left_out", "day_put_back", "shift_removed"]
    assert [what for (what,) in rows] == whats


def test_a_name_is_given_once_in_a_network(session: Session, town: Town) -> None:
    template(session, town)
    assert add_template(session, town.network, "Talvi", **trace(town)) is ShiftRefusal.NAME_TAKEN
    elsewhere = add_network(session, "Toinen", now=town.now)
    assert isinstance(add_template(session, elsewhere, "Talvi", **trace(town)), int)


@pytest.mark.parametrize(
    ("wanted", "refusal"),
    [
        ({"rrule": "FREQ=SECONDLY"}, RuleRefused(RuleFault.TOO_OFTEN, "FREQ=SECONDLY")),
        ({"rrule": "FREQ=WEEKLY;UNTIL=20261101"}, RuleRefused(RuleFault.ENDS_BEFORE, "UNTIL=20261101")),
        ({"needed": 3}, ShiftRefusal.BAD_NUMBERS),
        ({"call_minutes": 0}, ShiftRefusal.BAD_NUMBERS),
        ({"organisation_id": 999_999}, ShiftRefusal.UNKNOWN_ORGANISATION),
        ({"helpers": (999_999,)}, ShiftRefusal.UNKNOWN_HELPER),
    ],
)
def test_what_cannot_come_again_is_refused_when_it_is_written_and_not_when_it_is_published(
    session: Session, town: Town, wanted: dict[str, object], refusal: object
) -> None:
    key = template(session, town)
    assert add_template_shift(session, town.network, key, replace(MORNING, **wanted), **trace(town)) == refusal
    made = add_template_shift(session, town.network, key, MORNING, **trace(town))
    assert isinstance(made, int)
    assert change_template_shift(session, town.network, made, replace(MORNING, **wanted), **trace(town)) == refusal
    assert templates_of(session, town.network)[0].shifts[0].weekly == MORNING


def test_more_helpers_than_places_are_refused(session: Session, town: Town) -> None:
    key, helpers = template(session, town), (town.helper(), town.helper(), town.helper())
    crowd = replace(MORNING, helpers=helpers)
    assert add_template_shift(session, town.network, key, crowd, **trace(town)) is ShiftRefusal.TOO_MANY_HELD


def test_templates_of_another_network_are_not_there(session: Session, town: Town) -> None:
    key = template(session, town)
    shift = add_template_shift(session, town.network, key, MORNING, **trace(town))
    assert isinstance(shift, int)
    elsewhere = add_network(session, "Toinen", now=town.now)
    stranger = replace(MORNING, organisation_id=add_organisation(session, elsewhere, "Muualla"))
    assert template_card(session, elsewhere, key) is None
    assert add_template_shift(session, elsewhere, key, MORNING, **trace(town)) is ShiftRefusal.NOT_FOUND
    assert change_template_shift(session, elsewhere, shift, MORNING, **trace(town)) is ShiftRefusal.NOT_FOUND
    assert remove_template_shift(session, elsewhere, shift, **trace(town)) is ShiftRefusal.NOT_FOUND
    assert leave_out(session, elsewhere, shift, date(2026, 12, 7), **trace(town)) is ShiftRefusal.NOT_FOUND
    refused = add_template_shift(session, town.network, key, stranger, **trace(town))
    assert refused is ShiftRefusal.UNKNOWN_ORGANISATION
