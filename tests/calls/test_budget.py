"""A turn is one transaction of at most eight statements."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import Engine, event

from scheduler.promises import book
from tests.calls.days import LANDLINE, LINE, MOBILE, Day
from tests.calls.meetings import taken

MOST = 8


class Counter:
    """Counts statements, webhook by webhook."""

    def __init__(self, day: Day) -> None:
        self.day, self.running = day, 0
        self.spent: list[tuple[int, str]] = []
        deliver = day.exchange.office.mail.courier

        def counted(request: object, take: object) -> None:
            before = self.running
            deliver(request, take)
            self.spent.append((self.running - before, f"{request.url} {request.form.get('Digits', '')}"))

        day.exchange.office.mail.courier = counted

    def count(self, *_: object) -> None:
        """One statement more."""
        self.running += 1

    @property
    def too_much(self) -> list[tuple[int, str]]:
        """The webhooks that asked too much of the database."""
        return [spent for spent in self.spent if spent[0] > MOST]


@contextmanager
def counting(engine: Engine, day: Day) -> Iterator[Counter]:
    """Count what the webhooks of this day ask of the database."""
    counter = Counter(day)
    event.listen(engine, "before_cursor_execute", counter.count)
    yield counter
    event.remove(engine, "before_cursor_execute", counter.count)


def test_no_turn_of_a_whole_day_asks_more_of_the_database(day: Day, engine: Engine) -> None:
    helper = day.helper()
    with counting(engine, day) as counter:
        day.dials().goes_forward()
        again = day.dials().hears().presses("1").hears("existing").presses("2").hears("offer_slot").presses("1")
        again.hears("moved")
        day.until(day.callback().starts_at)
        rung = day.rings(helper.number).hears("helper_options").presses("2").hears("helper_options").presses("1")
        day.rings(MOBILE).hears("callback_intro").presses("1").talks()
        rung.hears("helper_outcome").presses("2").hears("helper_rebook").presses("1").hears("helper_rebooked")
        day.dials().hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("2").hears()
        day.passes(minutes=1)
    assert len(counter.spent) > 30
    assert counter.too_much == []


def test_a_long_message_played_back_and_said_again_costs_no_more(day: Day, engine: Engine) -> None:
    helper = day.helper()
    with counting(engine, day) as counter:
        caller = day.dials().goes_forward(until="record").says("Paljon.", seconds=152).hears("record_warning")
        caller.says("Loput.", seconds=40).hears("recording_full", "recorded")
        day.passes(seconds=5)
        caller.presses("2").hears("your_message").presses("3").hears("record")
        caller.says("Paljon.", seconds=152).hears("record_warning").says("Loput.").hears("recorded").goes_forward()
        day.until(day.callback().starts_at)
        day.rings(helper.number).hears("helper_options").presses("2").hears("helper_message").presses("1")
    assert counter.too_much == []


def test_a_lost_time_costs_no_more(day: Day, engine: Engine) -> None:
    day.helper("10:30", "11:30")
    day.helper("10:30", "11:30", days=9)  # found in the last of the three looks only
    caller = day.dials().goes_forward(until="offer_slot")
    other = day.request()
    with day.sessions.begin() as session:
        book(session, other, None, day.at("10:30"), now=day.now, grid=day.grid)
    with counting(engine, day) as counter:
        caller.presses("1").hears("slot_taken", "offer_next")
    assert counter.too_much == []
    assert max(counter.spent)[0] >= 6


def test_a_refused_and_a_far_time_cost_no_more(day: Day, engine: Engine) -> None:
    day.helper("10:30", "11:30")
    day.helper("10:30", "11:30", days=9)
    with counting(engine, day) as counter:
        caller = day.dials().goes_forward(until="offer_slot").presses("2").hears("offer_next").presses("2")
        caller.hears("no_more_slots").presses("1").hears("offer_slot").presses("1").hears("booked")
        again = day.dials(MOBILE).hears().presses("1").hears("existing").presses("2").hears("offer_slot")
        again.presses("1").hears("moved")
    assert counter.too_much == []


def test_a_time_that_is_looked_at_again_costs_no_more(day: Day, engine: Engine) -> None:
    day.helper("10:30", "11:30")
    with counting(engine, day) as counter:
        caller = day.dials().goes_forward(until="another_matter")
        caller.hears("more_time").hears("last_try").hears("kept", "goodbye")
        again = day.dials().hears().presses("1").hears("existing").presses("2").hears("no_other_slot", "kept")
        assert again.call.over
        day.dials().hears().presses("1").hears("existing").presses("3").hears("cancel_sure").presses("1").hears("kept")
    assert counter.too_much == []
    assert max(counter.spent)[0] >= 6


def test_a_silent_caller_and_one_whose_time_is_over_cost_no_more(day: Day, engine: Engine) -> None:
    day.helper()
    promise = day.promise(LANDLINE)
    day.until(promise.starts_at - timedelta(minutes=20))
    day.worker_is_up = False
    day.until(promise.starts_at + timedelta(minutes=70))
    with counting(engine, day) as counter:
        day.dials(LANDLINE).hears().presses("1").hears("existing_open").presses("1").hears("offer_slot")
        day.dials().hears().hears().hears().hears("request_saved_soon")
    assert counter.too_much == []


def test_asking_for_a_person_costs_no_more(day: Day, engine: Engine) -> None:
    day.helper("10:30", "11:30", days=9)
    with counting(engine, day) as counter:
        day.dials().hears().presses("0").hears("person_will_ring", "booked")
        day.helper("10:30", "11:30", days=9)
        day.dials(LANDLINE).goes_forward(until="offer_slot")
    assert counter.too_much == []


@pytest.mark.parametrize("taking", ["takes it", "wants none", "falls silent", "lost", "none left"])
def test_a_resident_who_asks_for_another_time_costs_no_more(day: Day, engine: Engine, taking: str) -> None:
    other = day.request()
    day.helper("10:30", "11:30" if taking == "none left" else "14:30")
    day.promise()
    rung, resident = taken(day)
    with counting(engine, day) as counter:
        resident.presses("2").hears("offer_slot" if taking != "none left" else "no_other_slot")
        if taking == "takes it":
            resident.presses("1").hears("moved")
        elif taking == "wants none":
            resident.presses("2").hears("no_more_slots").presses("2").hears("callback_later_open")
        elif taking == "falls silent":
            resident.hears().hears().hears("callback_later_open")
        elif taking == "lost":
            with day.sessions.begin() as session:
                assert book(session, other, None, day.at("13:30"), now=day.now, grid=day.grid)
            resident.presses("1").hears("slot_taken").hears("callback_later_open")
        rung.hears("helper_resident_later")
        day.passes(minutes=1)
    assert counter.too_much == []
    assert max(counter.spent)[0] >= 6


@pytest.mark.parametrize("ending", ["no answer", "declined", "hung up", "last try", "no later time"])
def test_a_try_that_comes_to_nothing_costs_no_more(day: Day, engine: Engine, ending: str) -> None:
    helper = day.helper("10:30", "11:30")
    if ending != "no later time":
        day.helper("10:30", "11:30", days=9)
    promise = day.promise()
    day.until(promise.starts_at)
    with counting(engine, day) as counter:
        rung = day.rings(helper.number).hears("helper_options")
        if ending == "declined":
            rung.presses("3").hears("helper_not_now")
        elif ending == "hung up":
            rung.hangs_up()
        else:
            day.phone(MOBILE).does_not_answer()
            rung.presses("1").hears("helper_no_answer")
            if ending in ("last try", "no later time"):
                heard = "helper_no_answer" if ending == "last try" else "helper_last_try"
                day.rings(helper.number, within=900).hears().presses("1").hears(heard)
        day.passes(minutes=2)
    assert counter.too_much == []


def test_waiting_and_what_comes_free_cost_no_more(day: Day, engine: Engine) -> None:
    day.helper("10:30", "11:30", days=15)
    with counting(engine, day) as counter:
        for number in (MOBILE, LANDLINE):
            assert "waiting_opens" in day.dials(number).goes_forward().keys
        day.dials(MOBILE).hears().presses("1").hears("waiting_still").presses("1").hears("no_slot", "goodbye")
        day.dials("+358401110000").hears().presses("0").hears("person_will_ring", "waiting_more")
        day.passes(seconds=10)
        day.helper("10:30", "12:30")
        day.rings(LANDLINE).hears("offer_held").presses("1").hears("booked")
        ringing = day.dials(MOBILE).hears().presses("1").hears("offer_held").presses("2").hears("waiting_on")
        ringing.presses("1").hears("goodbye")
        day.phone("+358401110000").text(LINE, "1")
        day.passes(minutes=1)
        day.phone(MOBILE).text(LINE, "2")
        day.passes(minutes=1)
    assert len(counter.spent) > 30
    assert counter.too_much == []
    assert max(counter.spent)[0] >= 6
