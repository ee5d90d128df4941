"""Texts from phones to the product, and its answers."""

import pytest

from ivr.exchange import WebhookResponse


@pytest.fixture(autouse=True)
def sms_line(world):
    world.line.sms_url = "http://product.test/sms"


def test_a_text_to_the_line_reaches_the_product(world):
    world.caller.text(world.line.number, "PERU ä")
    world.clock.run_for(1)
    (form,) = world.product.forms("/sms")
    assert (form["From"], form["Body"], form["NumMedia"]) == ("+358401112233", "PERU ä", "0")


def test_the_products_answer_comes_back_as_a_text(world):
    world.answers("/sms", "<Message>Peruttu.</Message>")
    world.caller.text(world.line.number, "PERU")
    world.clock.run_for(5)
    assert [(t.from_number, t.body) for t in world.caller.texts] == [(world.line.number, "Peruttu.")]


def test_an_empty_answer_sends_nothing(world):
    world.answers("/sms", WebhookResponse(204, "", b""))
    world.caller.text(world.line.number, "Kiitos")
    world.clock.run_for(5)
    assert not world.caller.texts
    assert not world.exchange.errors


def test_an_answer_that_is_no_twiml_is_put_down(world):
    world.answers("/sms", "<Say>Hei</Say>")
    world.caller.text(world.line.number, "Hei")
    world.clock.run_for(5)
    assert [error.code for error in world.exchange.errors] == [12200]


@pytest.mark.parametrize(("body", "segments"), [("å" * 160, 1), ("a" * 161, 2), ("💡" * 70, 1), ("💡" * 71, 2)])
def test_segments_are_counted_by_alphabet(world, body, segments):
    world.caller.text(world.line.number, body)
    world.clock.run_for(1)
    assert world.product.forms("/sms")[0]["NumSegments"] == str(segments)
