"""Whoever guesses codes, or has them sent all day: few tries, counted for an address and for where they come from."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.way_in import WayIn, email_of, phone_of
from tickets.sign_in_codes import (
    MOST_A_DAY,
    MOST_AN_HOUR,
    MOST_OF_A_NETWORK,
    MOST_OF_ALL_AN_HOUR,
    MOST_TRIES,
    SignInCode,
)
from tickets.vocabulary import Role


def test_whoever_guesses_has_a_few_tries_and_then_the_right_code_is_too_late(way: WayIn, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    wrong = f"{(int(way.post.code) + 1) % 1_000_000:06}"
    answers = [way.types(wrong) for _ in range(MOST_TRIES)]
    assert {answer.status_code for answer in answers} == {422}
    assert "Koodi ei ole oikea" in answers[0].text
    assert "liian monta kertaa" in answers[-1].text
    assert "liian monta kertaa" in way.types(way.post.code).text
    assert not way.is_in


def test_hands_that_guess_at_once_have_no_more_tries_than_one(
    way: WayIn, app: Flask, parts: Parts, demo: DemoData
) -> None:
    way.asks(phone_of(demo))
    right = int(way.post.code)
    with way.client.session_transaction() as kept:
        asked = kept["asked"]
    browsers = [WayIn.of(app, parts, way.clock, way.post) for _ in range(8)]
    for browser in browsers:
        with browser.client.session_transaction() as kept:
            kept["asked"] = asked
    guesses = [f"{(right + place) % 1_000_000:06}" for place in range(1, 9)]
    with ThreadPoolExecutor(8) as hands:
        list(hands.map(lambda pair: pair[0].types(pair[1]), zip(browsers, guesses, strict=True)))
    with parts.sessions() as session:
        assert session.scalars(select(SignInCode.tries)).one() == MOST_TRIES


@pytest.mark.parametrize("typed", ["", "12345", "1234567", "abcdef", "١٢٣٤٥٦", "<script>", "1" * 10_000, "12\x00456"])
def test_what_is_no_code_is_no_try(way: WayIn, demo: DemoData, parts: Parts, typed: str) -> None:
    way.asks(phone_of(demo))
    answer = way.types(typed)
    assert answer.status_code == 422
    assert "Koodissa on kuusi numeroa" in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(SignInCode.tries)).one() == 0
    code = way.post.code
    assert way.types(f" {code[:3]} {code[3:]} ").status_code == 303


def test_one_connection_has_an_address_written_to_a_few_times_an_hour_in_whichever_browser(
    way: WayIn, app: Flask, parts: Parts, demo: DemoData
) -> None:
    for _ in range(MOST_AN_HOUR):
        assert WayIn.of(app, parts, way.clock, way.post).asks(phone_of(demo)).status_code == 303
    answer = way.asks(phone_of(demo))
    assert answer.status_code == 422
    assert "liian monta kertaa" in answer.text
    assert phone_of(demo) in answer.text
    assert len(way.post.texts) == MOST_AN_HOUR
    way.clock.at += timedelta(hours=1)
    assert way.asks(phone_of(demo)).status_code == 303


def asks_from(way: WayIn, connection: str, address: str) -> int:
    """What comes of it when somebody at another connection asks for a code to this address."""
    way.sends("/sign-in", address="")
    asked = {"csrf": "word", "address": address}
    return way.client.post("/sign-in", data=asked, environ_overrides={"REMOTE_ADDR": connection}).status_code


def test_whoever_asks_for_somebody_elses_codes_all_day_keeps_only_themselves_out(way: WayIn, demo: DemoData) -> None:
    address = email_of(demo, Role.KOORDINAATTORI)
    way.clock.at = way.clock.at.replace(hour=1)
    asked = 0
    for _ in range(4):
        asked += [asks_from(way, "203.0.113.7", address) for _ in range(20)].count(303)
        way.clock.at += timedelta(hours=1)
    assert asked == MOST_A_DAY
    assert way.comes_in(address).status_code == 303


def test_an_address_is_written_to_so_many_times_an_hour_whoever_asks(way: WayIn, demo: DemoData) -> None:
    phone = phone_of(demo)
    statuses = [asks_from(way, f"203.0.113.{number // MOST_AN_HOUR}", phone) for number in range(MOST_OF_ALL_AN_HOUR)]
    assert set(statuses) == {303}
    assert asks_from(way, "203.0.113.200", phone) == 422
    way.clock.at += timedelta(hours=1)
    assert asks_from(way, "203.0.113.200", phone) == 303


def test_one_connection_asks_for_so_many_codes_an_hour_and_a_home_of_the_new_internet_is_one(
    way: WayIn, parts: Parts
) -> None:
    def asks(number: int, address: str) -> int:
        return way.client.post(
            "/sign-in",
            data={"csrf": "word", "address": f"+3584011{number:05}"},
            environ_overrides={"REMOTE_ADDR": address},
        ).status_code

    way.sends("/sign-in", address="")
    for number in range(MOST_OF_A_NETWORK):
        assert asks(number, f"2001:db8::{number:x}") == 303
    assert asks(900, "2001:db8::ffff") == 422
    assert asks(901, "2001:db8:0:1::1") == 303
