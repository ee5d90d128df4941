"""Signing in without a password: a code to a phone or an address, once, whoever asks and however often."""

from __future__ import annotations

import re
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, text

from admin.app import build
from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from admin.settings import Settings
from admin.sign_in.asking import masked
from scheduler.jobs import Job
from tests.integration.way_in import STRANGER, WayIn, email_of, phone_of
from tickets.directory import NewHelper, add_helper, add_network, add_organisation
from tickets.people import Person
from tickets.sign_in_codes import (
    GOOD_FOR,
    SignInCode,
)
from tickets.sign_ins import SignIn
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language
from voice_prompts.speech import written_number


def test_a_helper_signs_in_by_a_text_however_they_write_their_number_and_comes_to_their_day(
    way: WayIn, demo: DemoData
) -> None:
    phone = phone_of(demo)
    answer = way.comes_in(f"0{phone[4:6]} {phone[6:]}")
    assert (answer.status_code, answer.location) == (303, "/helper/")
    assert [to for to, _, _ in way.post.texts] == [phone]
    assert way.is_in


def test_whoever_sits_at_a_desk_signs_in_by_a_letter_and_comes_to_the_page_they_wanted(
    way: WayIn, demo: DemoData
) -> None:
    address = email_of(demo, Role.KOORDINAATTORI)
    answer = way.comes_in(f"  {address.upper()} ", to="/admin/prompts?line=1")
    assert answer.location == "/admin/prompts?line=1"
    assert [letter.to for letter in way.post.letters] == [address]
    assert way.post.texts == []


@pytest.mark.parametrize(
    ("language", "begins"), [("fi", "Digituki: kirjautumiskoodinne"), ("sv", "Digistöd: er inloggningskod")]
)
def test_the_text_is_in_the_language_of_the_page_and_from_a_line_that_opens_in_it(
    way: WayIn, demo: DemoData, language: str, begins: str
) -> None:
    way.shows(f"/sign-in?lang={language}")
    way.asks(phone_of(demo))
    ((_, shown, body),) = way.post.texts
    assert body.startswith(begins)
    assert shown == {"fi": "+35825550100", "sv": "+35825550200"}[language]


def test_a_page_says_the_same_of_an_address_that_is_known_and_of_one_that_is_not(way: WayIn, demo: DemoData) -> None:
    known = phone_of(demo)
    answers = {address: way.asks(address) for address in (known, STRANGER)}
    assert {(answer.status_code, answer.location) for answer in answers.values()} == {(303, "/sign-in/code")}
    pages = []
    for address in (known, STRANGER):
        way.asks(address)
        written = masked(address)
        pages.append(
            (way.shows("/sign-in/code").text.replace(written, ""), way.types("123456").text.replace(written, ""))
        )
    assert pages[0] == pages[1]
    assert {to for to, _, _ in way.post.texts} == {known}


def test_asking_does_the_same_work_for_everybody_and_sends_nothing_by_itself(
    way: WayIn, demo: DemoData, parts: Parts
) -> None:
    for address in (phone_of(demo), STRANGER):
        way.sends("/sign-in", address=address)
    assert way.post.texts == []
    with parts.sessions() as session:
        assert session.scalar(select(func.count(SignInCode.id))) == 2
        assert session.scalar(select(func.count(Job.id)).where(Job.kind == "sign_in_code")) == 2
        assert set(session.scalars(select(SignInCode.sent_at))) == {None}


def test_a_code_is_nowhere_in_the_database(way: WayIn, demo: DemoData, parts: Parts) -> None:
    way.asks(phone_of(demo))
    code = way.post.code
    with parts.sessions() as session:
        for table in session.scalars(text("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")).all():
            rows = session.execute(text(f"SELECT t::text FROM {table} t")).scalars()
            assert not [row for row in rows if re.search(rf"\b{code}\b", row)], table


def test_a_code_lets_in_once(way: WayIn, app: Flask, parts: Parts, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    with way.client.session_transaction() as kept:
        asked = kept["asked"]
    assert way.types(way.post.code).status_code == 303
    again = WayIn.of(app, parts, way.clock, way.post)
    with again.client.session_transaction() as kept:
        kept["asked"] = asked
    answer = again.types(way.post.code)
    assert answer.status_code == 422
    assert "Tällä koodilla on jo kirjauduttu" in answer.text
    assert not again.is_in


def test_a_code_is_for_the_browser_that_asked_for_it(way: WayIn, app: Flask, parts: Parts, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    thief = WayIn.of(app, parts, way.clock, way.post)
    answer = thief.types(way.post.code)
    assert answer.status_code == 422
    assert "Pyydä uusi koodi" in answer.text
    thief.asks(STRANGER)
    assert thief.types(way.post.code).status_code == 422
    assert not thief.is_in
    assert way.types(way.post.code).status_code == 303


def test_two_hands_that_press_at_once_come_in_once(way: WayIn, app: Flask, parts: Parts, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    with way.client.session_transaction() as kept:
        asked = kept["asked"]
    browsers = [WayIn.of(app, parts, way.clock, way.post) for _ in range(6)]
    for browser in browsers:
        with browser.client.session_transaction() as kept:
            kept["asked"] = asked
    with ThreadPoolExecutor(len(browsers)) as hands:
        statuses = list(hands.map(lambda browser: browser.types(way.post.code).status_code, browsers))
    assert sorted(statuses) == [303] + [422] * 5
    with parts.sessions() as session:
        assert session.scalar(select(func.count(SignIn.id))) == 1


def test_a_code_is_good_for_ten_minutes_and_not_a_moment_more(way: WayIn, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    way.clock.at += GOOD_FOR
    answer = way.types(way.post.code, to="/me")
    assert answer.status_code == 422
    assert "vanhentunut" in answer.text
    assert 'name="to" value="/me"' in answer.text


@pytest.mark.parametrize("email", [False, True])
def test_whoever_sits_at_that_desk_next_learns_no_address_and_after_the_code_not_even_its_end(
    way: WayIn, demo: DemoData, email: bool
) -> None:
    address = email_of(demo, Role.KOORDINAATTORI) if email else phone_of(demo)
    way.asks(address)
    page = way.shows("/sign-in/code").text
    assert masked(address) in page
    assert address not in page
    assert email or written_number(address) not in page
    with way.client.session_transaction() as kept:
        assert address not in str(dict(kept))
        assert masked(address) in str(dict(kept))
    assert way.sends("/sign-in/code/again").location == "/sign-in/code"
    way.works()
    assert len(way.post.letters if email else way.post.texts) == 2
    way.clock.at += GOOD_FOR
    page = way.shows("/sign-in/code").text
    assert masked(address) not in page
    assert 'name="address"' in page
    with way.client.session_transaction() as kept:
        assert masked(address) not in str(dict(kept))


def test_a_code_that_could_not_be_sent_in_time_is_not_sent_any_more(way: WayIn, demo: DemoData) -> None:
    way.sends("/sign-in", address=phone_of(demo))
    way.clock.at += GOOD_FOR
    way.works()
    assert way.post.texts == []


def test_the_newest_code_counts_and_the_older_one_is_wrong(way: WayIn, demo: DemoData) -> None:
    way.asks(phone_of(demo))
    first = way.post.code
    assert way.sends("/sign-in/code/again").location == "/sign-in/code"
    way.works()
    assert "Uusi koodi on pyydetty" in way.shows("/sign-in/code").text
    if first != way.post.code:
        assert way.types(first).status_code == 422
    assert way.types(way.post.code).status_code == 303


def test_a_worker_that_dies_after_sending_does_not_send_again(way: WayIn, demo: DemoData) -> None:
    way.post.dies = True
    way.asks(phone_of(demo))
    way.clock.at += timedelta(minutes=5)
    way.works()
    assert len(way.post.texts) == 1
    assert way.types(way.post.code).status_code == 303


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        ("", "ei ole puhelinnumero"),
        ("naapuri", "ei ole puhelinnumero"),
        ("a@b", "ei ole puhelinnumero"),
        ("<script>alert(1)</script>@x", "ei ole puhelinnumero"),
        ("1" * 10_000, "ei ole puhelinnumero"),
        ("040\x00123", "ei ole puhelinnumero"),
        ("02 255 50100", "ei voi lähettää tekstiviestiä"),
    ],
)
def test_what_is_no_address_is_told_beside_the_field_and_kept(way: WayIn, parts: Parts, typed: str, told: str) -> None:
    answer = way.asks(typed)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<script>alert" not in answer.text
    with parts.sessions() as session:
        assert session.scalars(select(SignInCode.id)).all() == []


def test_whoever_has_left_gets_no_code_and_nobody_sees_the_difference(way: WayIn, demo: DemoData, parts: Parts) -> None:
    way.asks(email_of(demo, Role.NEUVOJA))
    code = way.post.code
    with parts.sessions.begin() as session:
        session.scalars(select(Person).where(Person.role == Role.NEUVOJA)).one().active = False
    assert "Koodi ei ole oikea" in way.types(code).text
    way.asks(email_of(demo, Role.NEUVOJA))
    assert len(way.post.letters) == 1


def test_whoever_works_in_two_networks_chooses_and_comes_into_that_one_only(
    way: WayIn, demo: DemoData, parts: Parts, now: datetime
) -> None:
    phone = phone_of(demo)
    with parts.sessions.begin() as session:
        other = add_network(session, "Toinen seutu", now=now)
        office = add_organisation(session, other, "Toinen", serves=["091"])
        add_helper(session, office, NewHelper("Sama", phone, (Language.FI,), HelperKind.STAFF), now=now)
        theirs = session.scalars(select(Person).where(Person.network_id == other)).one()
        stranger = session.scalars(select(Person).where(Person.role == Role.KOORDINAATTORI)).one()
    way.asks(phone)
    assert way.sends("/sign-in/choose", person=str(theirs.id)).status_code == 422
    page = way.types(way.post.code)
    assert "Toinen seutu" in page.text
    assert "Esimerkkiseutu" in page.text
    assert not way.is_in
    assert way.sends("/sign-in/choose", person=str(stranger.id)).status_code == 422
    assert way.sends("/sign-in/choose", person=str(theirs.id)).status_code == 303
    assert "Sama" in way.shows("/me").text
    assert way.sends("/sign-in/choose", person=str(theirs.id)).location == "/sign-in"


def test_a_deployment_without_mail_asks_for_a_phone_only(environment: dict[str, str], demo: DemoData) -> None:
    app = build(Settings.read(environment))
    client = app.test_client()
    page = client.get("/sign-in?lang=fi").text
    assert "sähköpostiosoitteesi" not in page
    word = re.search(r'name="csrf" value="([^"]+)"', page)
    assert word
    answer = client.post("/sign-in", data={"csrf": word[1], "address": demo.people[0].email})
    app.extensions[PARTS].engine.dispose()
    assert answer.status_code == 422
    assert "Täältä ei lähde sähköpostia" in answer.text
