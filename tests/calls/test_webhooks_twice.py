"""Webhooks that come twice, late, out of order or not at all: the day goes as it would have gone."""

import re

import pytest

from ivr.exchange import Fault, Kind
from tests.calls.days import MOBILE, Day


def play_whole_day(day: Day) -> None:
    """A call, a promise, a helper who declines, one who takes it, a talk, an outcome."""
    first, second = day.helper(), day.helper()
    caller = day.dials().goes_forward(until="recorded")
    caller.presses("3").hears("record").says("Puhelin ei toimi.").goes_forward()
    day.until(day.at("10:30"))
    day.passes(seconds=3)
    chosen, other = (first, second) if day.rings_of(first) else (second, first)
    day.rings(chosen.number).hears("helper_options").presses("3").hears("helper_not_now")
    rung = day.rings(other.number).hears("helper_options").presses("2").hears("helper_message").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    rung.hears("helper_outcome").presses("3").hears("helper_referred").presses("2").hears("helper_outcome_saved")
    day.passes(minutes=30)


def see_that_it_went_well(day: Day) -> None:
    """Everything has been done, once."""
    ticket, promise = day.ticket(), day.callback()
    assert (ticket.status, ticket.outcome, ticket.topic) == ("closed", "OHJATTU_VIRANOMAINEN", "PUHELIN")
    assert (promise.state, promise.tries, promise.times_moved) == ("kept", 0, 0)
    assert day.results() == ["AUTTAJA_KIELTAYTYI", "VASTASI"]
    assert day.templates() == ["booked"]
    assert len(day.texts()) == 1
    assert [(one.discarded, one.state) for one in day.recordings()] == [(True, "erased"), (False, "stored")]
    assert not day.exchange.recordings
    assert day.events() == [
        *("opened", "promised", "helper_chosen", "attempt_begun", "attempt_ended", "helper_chosen"),
        *("attempt_begun", "taken", "attempt_ended", "talk_ended", "closed"),
    ]
    assert [day.rings_of(day.phone(number)) for number in (MOBILE, "+358500000001", "+358500000002")] == [1, 1, 1]
    assert not day.jobs_left()


def test_a_whole_day_goes_well(day: Day) -> None:
    play_whole_day(day)
    see_that_it_went_well(day)


@pytest.mark.parametrize("seconds", [0, 0.7, 5, 45, 600])
def test_a_day_on_which_every_webhook_comes_twice_is_the_same_day(day: Day, seconds: float) -> None:
    day.exchange.faults.webhook(Fault.DUPLICATE, times=None, seconds=seconds)
    play_whole_day(day)
    see_that_it_went_well(day)


@pytest.mark.parametrize("seconds", [0, 8])
def test_a_webhook_that_comes_twice_is_answered_alike(day: Day, seconds: float) -> None:
    day.exchange.faults.webhook(Fault.DUPLICATE, times=None, seconds=seconds)
    play_whole_day(day)
    answers: dict[tuple[str, str], set[bytes]] = {}
    for request, reply in day.replies:
        # The same token stands for the same request; a link to a message is sealed anew each time.
        key = request.url, request.headers["I-Twilio-Idempotency-Token"]
        answers.setdefault(key, set()).add(re.sub(rb"/ivr/message/[^<]+", b"", reply.body))
    assert len(answers) > 20
    assert {key: found for key, found in answers.items() if len(found) > 1} == {}


@pytest.mark.parametrize("nth", range(1, 16))
def test_a_webhook_whose_answer_was_given_up_is_answered_again(day: Day, nth: int) -> None:
    day.exchange.faults.webhook(Fault.TIME_OUT, kind=Kind.ACTION, nth=nth)
    play_whole_day(day)
    see_that_it_went_well(day)


@pytest.mark.parametrize("kind", [Kind.VOICE, Kind.SCREEN, Kind.RECORDING, Kind.SMS_STATUS, Kind.STATUS])
def test_any_first_answer_may_be_given_up(day: Day, kind: Kind) -> None:
    day.exchange.faults.webhook(Fault.TIME_OUT, kind=kind)
    play_whole_day(day)
    see_that_it_went_well(day)


@pytest.mark.parametrize("seconds", [1, 20, 300])
def test_a_day_on_which_all_news_is_late_is_the_same_day(day: Day, seconds: float) -> None:
    for kind in (Kind.STATUS, Kind.SMS_STATUS):
        day.exchange.faults.webhook(Fault.DELAY, kind=kind, times=None, seconds=seconds)
    play_whole_day(day)
    see_that_it_went_well(day)


def test_a_day_on_which_news_comes_in_the_wrong_order_is_the_same_day(day: Day) -> None:
    for nth in range(1, 30, 2):
        day.exchange.faults.webhook(Fault.REORDER, kind=Kind.STATUS, nth=nth)
    play_whole_day(day)
    see_that_it_went_well(day)


def test_a_day_on_which_no_news_of_calls_comes_is_the_same_day(day: Day) -> None:
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    day.forgiven = {11205}
    play_whole_day(day)
    see_that_it_went_well(day)


def test_a_helper_who_does_not_answer_is_noticed_although_nobody_says_so(day: Day) -> None:
    first, second = day.helper(), day.helper()
    promise = day.promise()
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    day.forgiven = {11205}
    day.until(promise.starts_at)
    day.passes(seconds=3)
    other = second if day.rings_of(first) else first
    day.rings(other.number, within=400).hears("helper_options").presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    kept = day.callback()
    assert kept.state == "kept"
    assert (kept.caller_rung_at - kept.starts_at).total_seconds() < 600


def test_a_talk_of_whose_end_nobody_tells_us_is_noticed(day: Day) -> None:
    helper = day.helper()
    promise = day.promise()
    day.until(promise.starts_at)
    rung = day.rings(helper.number).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1")
    day.exchange.faults.webhook(Fault.DROP, times=None)
    day.forgiven = {11205}
    rung.call.until_asked()
    day.passes(minutes=12)
    rung.hangs_up()
    day.passes(minutes=15)
    assert (day.callback().state, day.ticket().status) == ("kept", "awaiting_outcome")
    assert day.results() == ["VASTASI"]


def test_a_caller_whose_hanging_up_is_never_told_is_found_by_the_reconciliation(day: Day) -> None:
    day.helper()
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    day.forgiven = {11205}
    day.dials().goes_forward(until="record_choice").hangs_up()
    day.passes(minutes=1)
    assert not day.tickets()
    day.reconciles()
    assert day.ticket().topic == "PUHELIN"
    assert day.callback().starts_at == day.at("10:30")
    day.reconciles()
    assert len(day.tickets()) == len(day.callbacks()) == 1


def test_old_news_does_not_end_a_later_try(day: Day) -> None:
    helper = day.helper()
    day.promise()
    day.phone(MOBILE).does_not_answer()
    day.until(day.callback().starts_at)
    day.exchange.faults.webhook(Fault.DELAY, kind=Kind.STATUS, times=None, seconds=640)
    day.rings(helper.number).hears().presses("1").hears("helper_no_answer")
    day.phone(MOBILE).is_manual()
    rung = day.rings(helper.number, within=900).hears().presses("1")
    day.rings(MOBILE).hears("callback_intro").presses("1").talks()
    rung.hears("helper_outcome").presses("1").hears("helper_outcome_saved")
    day.passes(minutes=20)
    assert day.results() == ["EI_VASTANNUT", "VASTASI"]
    assert day.ticket().outcome == "RATKAISTU"
