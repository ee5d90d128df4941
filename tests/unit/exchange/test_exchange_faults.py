"""Webhooks that arrive twice, late, in the wrong order or not at all, on demand."""

import pytest

from ivr.exchange import Fault, Kind

ASK = '<Gather action="/turn/1" numDigits="1"><Say>Press one.</Say></Gather>'


@pytest.fixture
def asked(world):
    """A call that waits for a key."""
    world.answers("/call", ASK)
    world.answers("/turn/1", "<Say>Thank you.</Say>")
    call = world.caller.dial(world.line.number)
    call.until_asked()
    return call


def test_a_duplicated_turn_reaches_the_product_twice_and_the_caller_once(world, asked):
    world.exchange.faults.webhook(Fault.DUPLICATE, kind=Kind.ACTION, seconds=1)
    asked.press("1").until_over()
    world.clock.run_for(1)
    assert len(world.product.forms("/turn/1")) == 2
    assert asked.words == "Press one. Thank you."


def test_a_delayed_turn_makes_the_caller_wait(world, asked):
    world.exchange.faults.webhook(Fault.DELAY, url="/turn/1", seconds=8)
    pressed_at = world.clock.timer()
    asked.press("1").until_over()
    assert world.clock.timer() - pressed_at > 8
    assert asked.words == "Press one. Thank you."


def test_an_answer_that_comes_after_the_caller_hung_up_goes_nowhere(world, asked):
    world.exchange.faults.webhook(Fault.DELAY, url="/turn/1", seconds=8)
    asked.press("1")
    world.clock.run_for(2)
    asked.hang_up()
    world.clock.run_for(30)
    assert len(world.product.forms("/turn/1")) == 1
    assert asked.words == "Press one."


def test_a_turn_timed_out_on_is_answered_by_the_second_try(world, asked):
    world.exchange.faults.webhook(Fault.TIME_OUT, kind=Kind.ACTION)
    asked.press("1").until_over()
    assert len(world.product.forms("/turn/1")) == 2
    assert asked.words == "Press one. Thank you."


def test_the_second_matching_webhook_can_be_the_one_that_fails(world):
    world.exchange.faults.webhook(Fault.FAIL, kind=Kind.VOICE, nth=2, status=503)
    world.answers("/call", "<Say>Hei</Say>")
    first, second = (world.caller.dial(world.line.number).until_over() for _ in range(2))
    assert first.words == "Hei"
    assert second.words == ""
    assert [error.message for error in world.exchange.errors] == ["status 503"]


def test_status_callbacks_can_arrive_in_the_wrong_order(world):
    number = (
        '<Number statusCallback="/status" statusCallbackEvent="initiated ringing answered completed">'
        "+358405556677</Number>"
    )
    world.answers("/call", f'<Dial callerId="+358942412345" timeout="5">{number}</Dial>')
    world.exchange.faults.webhook(Fault.REORDER, kind=Kind.STATUS, nth=2)
    world.caller.dial(world.line.number).until_over()
    world.clock.run_for(60)
    sequence = [form["SequenceNumber"] for form in world.product.forms("/status")]
    assert sequence == ["0", "2", "1"]


def test_the_last_of_its_kind_is_only_late_when_reordered(world):
    world.line.status_callback = "http://product.test/status"
    world.exchange.faults.webhook(Fault.REORDER, kind=Kind.STATUS)
    world.caller.dial(world.line.number).until_over()
    assert not world.product.forms("/status")
    world.clock.run_for(61)
    assert len(world.product.forms("/status")) == 1


def test_a_lost_status_callback_is_put_down(world):
    world.line.status_callback = "http://product.test/status"
    world.exchange.faults.webhook(Fault.DROP, kind=Kind.STATUS, times=None)
    world.caller.dial(world.line.number).until_over()
    world.clock.run_for(60)
    assert not world.product.forms("/status")
    assert [error.code for error in world.exchange.errors] == [11205]


def test_a_turn_cannot_be_reordered_for_its_call_waits_for_it(world):
    with pytest.raises(ValueError, match="name their kind"):
        world.exchange.faults.webhook(Fault.REORDER, kind=Kind.ACTION)
