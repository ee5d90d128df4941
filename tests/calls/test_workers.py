"""Workers that die between intent and call, and an operator whose answers get lost: nobody is rung twice."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import text

from ivr.exchange import Fault, Kind, RestFault
from tests.calls.days import LANDLINE, MOBILE, Day


class KilledError(BaseException):
    """The worker's process is gone: no handler of its own runs any more."""


class DyingTelephony:
    """The operator, as a worker sees it that dies before or after one request."""

    def __init__(self, real: object, deed: str, *, before: bool) -> None:
        self._real, self._deed, self._before = real, deed, before

    def __getattr__(self, name: str) -> Callable[..., object]:
        real: Callable[..., object] = getattr(self._real, name)
        if name != self._deed:
            return real

        def dies(**how: object) -> object:
            if not self._before:
                real(**how)
            raise KilledError

        return dies


def let_die(day: Day, deed: str, *, before: bool) -> None:
    """Let the day's worker die in the middle of its next such deed, and another one carry on."""
    healthy = day.worker
    dying = DyingTelephony(healthy.tools.telephony, deed, before=before)
    day.worker = replace(healthy, tools=replace(healthy.tools, telephony=dying))
    beat = day.worker.beat

    def run_due() -> int:
        try:
            return beat()
        except KilledError:
            day.worker = healthy
            day.run_due = healthy.beat
            return 1

    day.run_due = run_due


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_killed_around_the_call_is_replaced_and_the_helper_is_rung_once(day: Day, before: bool) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    helper.answers(after=3)
    let_die(day, "ring", before=before)
    day.until(promise.starts_at)
    rung = helper.until_rung(within=400)
    rung.until_asked()
    rung.press("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    rung.until_asked()
    rung.press("1")
    day.passes(minutes=10)
    assert day.rings_of(helper) == 1
    assert day.ticket().outcome == "RATKAISTU"
    assert (day.callback().caller_rung_at - promise.starts_at).total_seconds() < 600
    assert len(day.attempts()) == 1
    assert not day.jobs_left()


def test_a_helper_rung_by_a_dead_worker_who_does_not_answer_is_passed_over(day: Day) -> None:
    first, second = day.helper(), day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    let_die(day, "ring", before=False)
    day.until(promise.starts_at)
    day.passes(seconds=5)
    chosen, other = (first, second) if day.rings_of(first) else (second, first)
    day.rings(other.number, within=400).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro")
    assert day.rings_of(chosen) == 1
    assert (day.callback().caller_rung_at - promise.starts_at).total_seconds() < 600


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_killed_around_a_text_sends_it_once(day: Day, before: bool) -> None:
    day.helper()
    let_die(day, "text", before=before)
    day.promise()
    day.passes(minutes=10)
    assert len(day.texts()) == 1
    assert day.templates() == ["booked"]
    assert day.fetch("SELECT state FROM message") == [("delivered",)]


@pytest.mark.parametrize("before", [True, False])
def test_a_worker_killed_around_an_announcement_tells_it_once(day: Day, before: bool) -> None:
    helper = day.helper()
    promise = day.promise(LANDLINE)
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears()
    day.phone(LANDLINE).answers(after=2)
    let_die(day, "ring", before=before)
    rung.presses("3").hears("helper_not_now")
    day.passes(minutes=10)
    assert day.rings_of(day.phone(LANDLINE)) == 1


@pytest.mark.parametrize("fault", [RestFault.LOSE_ANSWER, RestFault.FAIL_AFTER])
def test_a_call_that_was_placed_although_its_answer_was_lost_is_not_placed_again(day: Day, fault: RestFault) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    day.exchange.faults.rest(fault, path="Calls.json")
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    rung.hears("helper_outcome").presses("1").hears("helper_outcome_saved")
    day.passes(minutes=5)
    assert day.rings_of(helper) == 1
    assert day.attempts()[0].call_sid == rung.call.sid


def test_a_text_that_was_sent_although_its_answer_was_lost_is_not_sent_again(day: Day) -> None:
    day.helper()
    day.exchange.faults.rest(RestFault.LOSE_ANSWER, path="Messages.json")
    day.promise()
    day.passes(minutes=5)
    assert len(day.texts()) == 1


def test_an_operator_who_refuses_for_a_while_is_asked_again_with_patience(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    day.exchange.faults.rest(RestFault.REFUSE, path="Calls.json", times=2, status=503, code=20500)
    day.until(promise.starts_at)
    day.rings(helper.number).hears("helper_options")
    assert day.rings_of(helper) == 1


def test_a_helper_whose_number_the_operator_refuses_is_passed_over(day: Day) -> None:
    first, second = day.helper(), day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    day.exchange.faults.rest(RestFault.REFUSE, path="Calls.json", status=400, code=21211)
    day.until(promise.starts_at)
    day.passes(seconds=10)
    assert sorted([day.rings_of(first), day.rings_of(second)]) == [0, 1]
    assert day.results() == ["AUTTAJA_EI_VASTANNUT", None]


def test_an_operator_who_is_away_for_a_minute_breaks_no_promise(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    day.exchange.faults.rest(RestFault.REFUSE, path="Calls.json", times=7, status=503)
    day.until(promise.starts_at)
    day.rings(helper.number, within=300).hears("helper_options")
    assert day.results() == [None]


def test_an_operator_who_rings_nobody_all_day_leaves_the_promise_to_the_coordinator(day: Day) -> None:
    day.helper()
    promise = day.promise()
    day.until(day.at("10:25"))
    day.exchange.faults.rest(RestFault.REFUSE, path="Calls.json", times=None, status=503)
    day.until(promise.starts_at)
    day.passes(hours=5)
    assert (day.callback().state, day.ticket().status) == ("missed", "with_coordinator")
    assert day.results() == ["KATKESI", "KATKESI", "KATKESI"]


def test_nobody_is_rung_at_night_by_a_worker_that_was_away_all_day(day: Day) -> None:
    helper = day.helper()
    day.helper(days=1)
    day.promise()
    day.worker_is_up = False
    day.passes(hours=14)
    day.worker_is_up = True
    day.passes(minutes=10)
    assert day.rings_of(helper) == 0
    assert day.callback().starts_at > day.now
    assert "moved" in day.templates()


def test_a_promise_whose_job_was_given_up_is_not_forgotten(day: Day) -> None:
    day.helper()
    promise = day.promise()
    with day.sessions.begin() as session:
        session.execute(text("UPDATE job SET state = 'cancelled' WHERE state = 'waiting'"))
    day.until(promise.starts_at)
    day.passes(minutes=30)
    day.reconciles()
    assert (day.callback().state, day.ticket().status) == ("missed", "with_coordinator")


def test_a_helper_who_never_tells_the_outcome_leaves_it_to_the_coordinator(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    rung.hangs_up()
    assert day.ticket().status == "awaiting_outcome"
    day.passes(hours=25)
    day.reconciles()
    assert day.ticket().status == "with_coordinator"


def test_recordings_of_others_on_the_same_account_are_left_alone(day: Day) -> None:
    day.forgiven |= {11205}
    day.exchange.add_line("+358942450999", day.addresses.fallback)
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.RECORDING, times=None)
    call = day.phone(MOBILE).dial("+358942450999")
    call.until_asked()
    call.speak("Tämä ei ole digitukea.", seconds=5).until_over()
    day.passes(minutes=1)
    day.reconciles()
    assert len(day.exchange.recordings) == 1
    assert not day.fetch("SELECT id FROM recording")


def test_two_workers_who_see_the_same_hour_ring_once(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    second = day.another_worker()
    day.worker_is_up = False
    day.until(promise.starts_at)
    day.worker_is_up = True
    assert day.worker.beat() + second.beat() == 2  # choose and ring, each once
    assert second.beat() == 0
    day.passes(seconds=5)
    assert day.rings_of(helper) == 1


def test_a_worker_that_was_away_rings_late_rather_than_never(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.worker_is_up = False
    day.until(promise.starts_at)
    day.passes(minutes=4)
    day.worker_is_up = True
    day.rings(helper.number).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro")


def test_after_a_short_time_is_over_the_helper_is_the_next_callers(day: Day) -> None:
    helper = day.helper(minutes=30)
    with day.sessions.begin() as session:
        session.execute(text("""UPDATE network SET call_minutes = '{"PUHELIN": 30}'"""))
    promise = day.promise()
    day.worker_is_up = False
    day.until(promise.starts_at + timedelta(minutes=31))
    day.worker_is_up = True
    day.passes(minutes=1)
    assert day.rings_of(helper) == 0
    assert day.templates()[-1] == "moved"


def test_a_job_that_runs_again_after_all_was_done_does_nothing(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears().presses("1")
    day.rings(MOBILE).hears().presses("1").talks()
    rung.hears().presses("1").hears("helper_outcome_saved")
    day.passes(minutes=5)
    with day.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE job SET state = 'waiting', run_at = %s", (day.now,))
    day.passes(minutes=5)
    assert day.rings_of(helper) == day.rings_of(day.phone(MOBILE)) == 1
    assert day.templates() == ["booked"]
    assert len(day.texts()) == 1
    assert day.ticket().outcome == "RATKAISTU"
    assert not day.jobs_left()
