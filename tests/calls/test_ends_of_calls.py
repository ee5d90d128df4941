"""A call is over when its people have hung up, whichever leg it was and whoever did not say so: nobody is left on the phone."""

import pytest

from ivr.calls import live_calls
from ivr.exchange import Fault, Kind
from ivr.journal import calls_of_ids, read_journal
from ivr.journey import CallEnd, Ear, retold
from tests.calls.days import MOBILE, Day
from tests.calls.meetings import in_talk, taken


def on_the_phone(day: Day) -> int:
    """How many calls the coordinator sees going on."""
    with day.sessions() as session:
        return len(live_calls(session, day.network, now=day.now))


def ends(day: Day) -> set[CallEnd]:
    """How the calls of the day ended, as the replay of each tells it."""
    with day.sessions() as session:
        ids = [int(str(one)) for (one,) in day.fetch("SELECT id FROM call")]
        calls = calls_of_ids(session, day.network, ids)
        return {retold(call, read_journal(session, call), Ear(day.catalogue)).end for call in calls}


@pytest.mark.parametrize("first", ["the resident", "the helper"])
def test_whoever_hangs_up_first_after_a_talk_nobody_is_left_on_the_phone(day: Day, first: str) -> None:
    rung, resident = in_talk(day)
    day.passes(minutes=3)
    assert on_the_phone(day) == 2
    (resident if first == "the resident" else rung).hangs_up()
    rung.hangs_up()
    assert on_the_phone(day) == 0
    assert CallEnd.GOING_ON not in ends(day)


def test_a_resident_who_hangs_up_without_a_word_is_not_left_on_the_phone(day: Day) -> None:
    day.helper()
    day.promise()
    rung, resident = taken(day)
    resident.hangs_up()
    rung.hangs_up()
    assert on_the_phone(day) == 0


def test_whose_hanging_up_nobody_told_us_of_is_not_left_on_the_phone(day: Day) -> None:
    rung, resident = in_talk(day)
    day.passes(minutes=3)
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    day.forgiven = {11205}
    resident.hangs_up()
    rung.hangs_up()
    assert on_the_phone(day) == 2
    day.passes(minutes=5)
    day.reconciles()
    assert on_the_phone(day) == 0


def test_a_talk_that_goes_on_is_left_in_peace(day: Day) -> None:
    rung, resident = in_talk(day)
    day.passes(minutes=3)
    day.passes(minutes=20)
    day.reconciles()
    assert on_the_phone(day) == 2
    resident.hangs_up()
    rung.hangs_up()


def test_a_call_that_the_operator_itself_has_forgotten_is_over(day: Day) -> None:
    day.helper()
    caller = day.dials(MOBILE).goes_forward(until="record_choice")
    day.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    day.forgiven = {11205}
    caller.hangs_up()
    del day.exchange.office.legs[caller.call.sid]
    day.passes(minutes=6)
    day.reconciles()
    assert on_the_phone(day) == 0
    assert day.ticket().topic == "PUHELIN"
