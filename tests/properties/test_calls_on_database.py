"""Any call on the real line: nothing that was told is lost, and the operator has nothing to complain of."""

from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy.orm import Session, sessionmaker

from ivr.exchange import Waiting
from ivr.numbers import judge_caller
from scheduler.records import LIVE
from tests.calls.days import Day, tuesday_morning
from tests.calls.phones import Play

HANGS_UP, SPEAKS, KEYS_A_NUMBER = "hangs up", "speaks", "keys a number"
deeds = st.lists(
    st.sampled_from([*"1111223456789", "0", "", "20100", KEYS_A_NUMBER, SPEAKS, SPEAKS, HANGS_UP]), max_size=22
)


def go_through(caller: Play, told: list[str], own: str) -> bool:
    """Do one thing at each question, then fall silent; whether the caller hung up."""
    waiting = list(told)
    while caller.call.until_asked() is not None:
        deed = waiting.pop(0) if waiting else ""
        if deed == HANGS_UP:
            caller.hangs_up()
            return True
        if caller.call.waiting_for is Waiting.RECORDING:
            if deed:
                caller.says("Puhelin ei toimi.", seconds=3)
        elif deed not in ("", SPEAKS):
            caller.presses(own if deed == KEYS_A_NUMBER else deed)
    return False


def see_that_nothing_is_lost(day: Day, caller: Play, hung_up: bool, tickets: int) -> None:
    """What was told stands on a ticket, and is rung back about unless the caller would have it otherwise."""
    keys = caller.keys
    assert hung_up or keys[-1] == "goodbye"
    new = day.tickets()[tickets:]
    if "postcode" in keys or not hung_up:  # a topic was told, or the line said that a request is kept
        assert new
    if "postcode" in keys:
        assert any(ticket.topic for ticket in new)
    live = {callback.ticket_id for callback in day.callbacks() if callback.state in LIVE}
    for ticket in new:
        may_be_rung = "offer_slot" in keys or not caller.call.leg.from_number.startswith("+46")
        if ticket.topic and ticket.caller_index and may_be_rung and "no_more_slots" not in keys:
            assert ticket.id in live
    texts = day.fetch("SELECT ticket_id, template, count(*) FROM message GROUP BY 1, 2 HAVING count(*) > 1")
    assert texts == []


@pytest.fixture
def day(sessions: sessionmaker[Session]) -> Iterator[Day]:
    """Tuesday 24 November 2026, nine in the morning."""
    with Day(sessions, tuesday_morning()) as day:
        yield day


def test_any_call_loses_nothing(day: Day) -> None:
    for days in (0, 1, 2, 3, 6, 7, 8, 9, 10):
        for _ in range(4):
            day.helper("09:30", "14:30", *Day.BOTH, days=days)
    numbers = iter(range(1000, 10_000))

    @settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
    @given(deeds, st.sampled_from(["mobile", "landline", "foreign", "withheld"]))
    def calls(told: list[str], kind: str) -> None:
        number = next(numbers)
        shown = {
            "mobile": f"+35840111{number}",
            "landline": f"+3582233{number}",
            "foreign": f"+4670123{number}",
            "withheld": "anonymous",
        }[kind]
        assert (judge_caller(shown).e164 is None) is (kind == "withheld")
        tickets = len(day.tickets())
        caller = Play(day.phone(f"+35840111{number}").dial("+358942450100", caller_id=shown), day)
        hung_up = go_through(caller, told, f"040222{number}")
        day.passes(seconds=20)
        see_that_nothing_is_lost(day, caller, hung_up, tickets)
        assert not day.exchange.errors
        assert not day.fetch("SELECT key FROM job WHERE last_error IS NOT NULL")

    calls()
