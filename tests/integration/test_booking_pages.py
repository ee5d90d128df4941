"""A booking on the pages: found by number and code, moved, given back, and answered about – and guessed by nobody."""

import re
from datetime import datetime, timedelta
from html import unescape
from threading import Thread
from time import sleep

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.public.seals import BookingSeal
from scheduler.attempts import begin_attempt
from tests.integration.case_room import Room
from tests.integration.forms import SECRET, hidden
from tickets.store import cipher_of
from tickets.vocabulary import Channel

NUMBER = "040 123 4501"  # of the room's first ticket


class Resident:
    """Somebody with a booking, and a browser."""

    def __init__(self, app: Flask, parts: Parts, now: datetime) -> None:
        self.room, self.parts, self.now = Room(app, parts, now), parts, now
        self.ticket = self.room.office.ticket(channel=Channel.PHONE)
        self.starts_at = self.room.office.promised(self.ticket)
        self.client = app.test_client()
        self.client.set_cookie("lang", "fi")

    @property
    def code(self) -> str:
        with self.parts.sessions() as session:
            sealed = session.scalar(text("SELECT code_sealed FROM callback ORDER BY id DESC LIMIT 1"))
            assert sealed is not None
            return cipher_of(session).open(sealed)

    def asks(self, number: str = NUMBER, code: str | None = None) -> TestResponse:
        page = self.client.get("/booking")
        typed = {"csrf": hidden(page, "csrf"), "number": number, "code": self.code if code is None else code}
        return self.client.post("/booking", data=typed)

    def way(self) -> str:
        answer = self.asks()
        assert answer.status_code == 303, answer.text
        return answer.location

    def sees(self, path: str) -> str:
        page = self.client.get(path)
        assert page.status_code == 200, path
        return unescape(page.text)

    def sends(self, path: str, page: str, **changes: str) -> TestResponse:
        shown = self.client.get(page)
        fields = dict(re.findall(r'name="(csrf|starts_at|seen)" value="([^"]*)"', shown.text))
        return self.client.post(path, data={**{name: unescape(value) for name, value in fields.items()}, **changes})

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        return self.room.rows(statement)


@pytest.fixture
def resident(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Resident:
    """Somebody whom we ring today."""
    return Resident(app, parts, now)


def test_number_and_code_show_the_time(resident: Resident) -> None:
    page = resident.sees(resident.way())
    assert "ti 24.11.2026 klo 9.45" in page
    assert "Siirrä aika" in page
    assert "Aihe: " in page, "what it is about"
    assert "Tunnusluku pysyy samana" in page
    assert resident.code not in page


@pytest.mark.parametrize(
    ("number", "code"), [("040 123 4501", "wrong"), ("040 999 9999", "right"), ("040 999 9999", "wrong")]
)
def test_an_unknown_number_and_a_wrong_code_are_answered_alike(resident: Resident, number: str, code: str) -> None:
    wrong = "0000" if resident.code != "0000" else "1111"
    answer = resident.asks(number, resident.code if code == "right" else wrong)
    assert answer.status_code == 422
    assert re.search(r'id="code-mistake">Tällä numerolla ja tunnusluvulla ei löydy varausta', answer.text)
    assert f'value="{number}"' in answer.text


@pytest.mark.parametrize(
    ("number", "code", "told"),
    [
        ("", "1234", "Kirjoita numero"),
        ("040 1234", "1234", "ei ole kokonainen puhelinnumero"),
        (NUMBER, "", "Kirjoita tunnusluku"),
        (NUMBER, "12345", "Kirjoita tunnusluku"),
        (NUMBER, "١٢٣٤", "Kirjoita tunnusluku"),
        (NUMBER, "<b>1", "Kirjoita tunnusluku"),
        ("<script>alert(1)</script>", "1234", "ei ole kokonainen puhelinnumero"),
        ("4" * 10_000, "1234", "puhelinnumero"),
        (NUMBER, "1\x003", "Kirjoita tunnusluku"),
    ],
)
def test_what_is_typed_wrongly_is_told_beside_it(resident: Resident, number: str, code: str, told: str) -> None:
    answer = resident.asks(number, code)
    assert answer.status_code == 422
    assert told in answer.text
    assert "<script>alert" not in answer.text


def test_whoever_guesses_is_stopped_before_a_code_is_likely_and_even_the_right_one_opens_nothing_then(
    resident: Resident,
) -> None:
    wrong = [code for code in ("0000", "1111", "2222", "3333", "4444", "5555") if code != resident.code][:5]
    assert [resident.asks(code=code).status_code for code in wrong] == [422] * 5
    refused = resident.asks()
    assert refused.status_code == 429
    assert "Yrityksiä on ollut liian monta" in refused.text


def test_an_address_that_tries_many_numbers_is_stopped_too(resident: Resident) -> None:
    codes = [resident.asks(f"040 555 {number:04}", "0000").status_code for number in range(31)]
    assert codes == [422] * 30 + [429]


def test_a_home_with_a_block_of_addresses_is_stopped_as_one(resident: Resident) -> None:
    def tries(number: int, address: str) -> int:
        resident.client.environ_base["REMOTE_ADDR"] = address
        return resident.asks(f"040 555 {number:04}", "0000").status_code

    assert [tries(number, f"2001:db8::{number + 1:x}") for number in range(31)] == [422] * 30 + [429]
    assert tries(31, "2001:db8:0:1::1") == 422


def test_a_time_is_moved_under_the_same_code_and_told(resident: Resident) -> None:
    way, code = resident.way(), resident.code
    page = resident.sees(f"{way}/time")
    assert "tiistai 24.11.2026 </span>klo 9.45</button>" not in page
    assert "tiistai 24.11.2026 </span>klo 10.00</button>" in page
    answer = resident.sends(f"{way}/time", f"{way}/time")
    assert answer.status_code == 303
    shown = resident.sees(answer.location)
    assert "Aika on siirretty." in shown
    assert "klo 9.45" not in shown
    assert resident.code == code
    ((actor,),) = resident.rows("SELECT actor FROM ticket_event WHERE kind = 'moved'")
    assert actor == "caller:page"


def test_later_times_are_later(resident: Resident) -> None:
    way = resident.way()
    later = re.search(r'href="([^"]*after=[^"]*)"', resident.sees(f"{way}/time"))
    assert later is not None
    first = hidden(resident.client.get(f"{way}/time"), "starts_at")
    assert hidden(resident.client.get(later[1]), "starts_at") > first


def test_a_time_that_somebody_took_is_not_moved_to_and_the_old_one_stands(resident: Resident) -> None:
    way = resident.way()
    answer = resident.sends(f"{way}/time", f"{way}/time", starts_at="2026-11-24T03:00:00+00:00")
    assert answer.status_code == 409
    assert "Tämä aika ei ole enää vapaa" in answer.text
    assert "klo 9.45" in resident.sees(way)


@pytest.mark.parametrize("starts_at", ["", "tomorrow", "9999-12-31T00:00:00+00:00", "2026-11-24T10:00"])
def test_a_moment_that_is_none_changes_nothing(resident: Resident, starts_at: str) -> None:
    way = resident.way()
    assert resident.sends(f"{way}/time", f"{way}/time", starts_at=starts_at).status_code == 400
    assert "klo 9.45" in resident.sees(way)


def test_a_time_is_given_back_after_one_more_question(resident: Resident) -> None:
    way = resident.way()
    assert "Perutaanko aika?" in resident.sees(f"{way}/cancel")
    assert resident.rows("SELECT state FROM callback") == [("promised",)]
    answer = resident.sends(f"{way}/cancel", f"{way}/cancel")
    assert "Aika on peruttu. Emme soita sinulle." in resident.sees(answer.location)
    assert resident.rows("SELECT status, outcome FROM ticket") == [("closed", "PERUTTU")]


@pytest.mark.parametrize("path", ["time", "cancel"])
def test_what_was_changed_on_the_phone_meanwhile_is_shown_and_not_overwritten(resident: Resident, path: str) -> None:
    way = resident.way()
    seen = hidden(resident.client.get(f"{way}/{path}"), "seen")
    assert resident.sends(f"{way}/time", f"{way}/time").status_code == 303
    before = resident.rows("SELECT state, starts_at FROM callback ORDER BY id")
    answer = resident.sends(f"{way}/{path}", f"{way}/time", seen=unescape(seen))
    assert answer.status_code == 409
    assert "Tilanne oli ehtinyt muuttua." in answer.text
    assert resident.rows("SELECT state, starts_at FROM callback ORDER BY id") == before


def test_while_we_ring_nothing_is_changed(resident: Resident) -> None:
    way = resident.way()
    with resident.parts.sessions.begin() as session:
        session.execute(text("UPDATE callback SET state = 'talking'"))
    assert "Soitamme sinulle juuri nyt" in resident.sees(way)
    assert "Perutaanko" not in resident.sees(f"{way}/cancel")


@pytest.mark.parametrize(("path", "ends"), [("time", "moved"), ("cancel", "cancelled")])
def test_a_change_in_the_moment_in_which_we_ring_stops_neither(resident: Resident, path: str, ends: str) -> None:
    way, answers = resident.way(), list[int]()
    (helper,) = resident.rows("SELECT min(id) FROM helper")[0]
    resident.client.get(f"{way}/{path}")
    with resident.parts.sessions.begin() as session:
        session.execute(text("UPDATE callback SET assigned_helper_id = :helper"), {"helper": helper})
    with resident.parts.sessions.begin() as line:
        callback = line.execute(text("SELECT id FROM callback FOR UPDATE")).scalar_one()
        hand = Thread(target=lambda: answers.append(resident.sends(f"{way}/{path}", f"{way}/time").status_code))
        hand.start()
        while not resident.rows("SELECT FROM pg_locks l JOIN pg_stat_activity a USING (pid) WHERE NOT granted"):
            sleep(0.01)
        assert begin_attempt(line, callback, 1, int(str(helper)), now=resident.now) is not None
    hand.join()
    assert answers == [303]
    assert resident.rows("SELECT state FROM callback ORDER BY id LIMIT 1") == [(ends,)]


def test_a_seal_that_is_forged_or_old_opens_nothing(resident: Resident) -> None:
    assert resident.client.get("/booking/forged").status_code == 404
    old = BookingSeal(1, resident.now - timedelta(hours=3)).written(SECRET)
    assert resident.client.get(f"/booking/{old}").status_code == 404
    assert resident.client.get(f"/feedback/{old}").status_code == 404


def test_a_form_of_somebody_elses_making_cancels_nothing(resident: Resident) -> None:
    way = resident.way()
    assert resident.client.post(f"{way}/cancel", data={"csrf": "guessed"}).status_code == 400
    assert resident.rows("SELECT state FROM callback") == [("promised",)]


def closed(resident: Resident) -> str:
    with resident.parts.sessions.begin() as session:
        session.execute(text("UPDATE callback SET state = 'kept', ended_at = now(), caller_rung_at = starts_at"))
        session.execute(
            text("UPDATE ticket SET status = 'closed', outcome = 'RATKAISTU', closed_at = :now"), {"now": resident.now}
        )
    way = resident.way()
    assert "/feedback/" in resident.sees(way)
    return way.replace("/booking/", "/feedback/")


def test_whoever_was_helped_says_so_with_a_few_words_once(resident: Resident) -> None:
    way = closed(resident)
    answer = resident.sends(way, way, helped="1", words="Kiitos <b>avusta</b>!")
    assert "Kiitos vastauksesta." in resident.sees(answer.location)
    resident.sends(way, way, helped="3", words="Sittenkään")
    assert resident.rows("SELECT feedback, status FROM ticket") == [(1, "closed")]
    with resident.parts.sessions() as session:
        sealed = session.scalars(text("SELECT text_sealed FROM note")).all()
        assert [cipher_of(session).open(one) for one in sealed] == ["Kiitos <b>avusta</b>!"]
    assert resident.rows("SELECT author FROM note") == [("caller",)]


@pytest.mark.parametrize(
    ("asked", "age", "asks", "kept"),
    [("NULL", 13, True, 1), ("NULL", 15, True, None), ("NULL", 1, False, None), ("closed_at", 1, False, 1)],
)
def test_it_is_asked_for_a_fortnight_where_the_network_asks_or_has_asked(
    resident: Resident, asked: str, age: int, asks: bool, kept: int | None
) -> None:
    way = closed(resident)
    typed = {"csrf": hidden(resident.client.get(way), "csrf"), "helped": "1"}
    with resident.parts.sessions.begin() as session:
        session.execute(text("UPDATE network SET asks_feedback = :asks"), {"asks": asks})
        session.execute(text("UPDATE ticket SET closed_at = :at"), {"at": resident.now - timedelta(days=age)})
        session.execute(text(f"UPDATE ticket SET feedback_asked_at = {asked}"))
    assert ("ei ole nyt mitään vastattavaa" in resident.sees(way)) is (kept is None)
    resident.client.post(way, data=typed)
    assert resident.rows("SELECT feedback FROM ticket") == [(kept,)]


def test_whoever_was_not_helped_comes_back_to_the_coordinator(resident: Resident) -> None:
    way = closed(resident)
    page = resident.sees(resident.sends(way, way, helped="3").location)
    assert "Koordinaattori hoitaa asiaa" in page
    assert resident.rows("SELECT feedback, status FROM ticket") == [(3, "with_coordinator")]


@pytest.mark.parametrize(
    ("typed", "told"),
    [({}, "Valitse jokin vaihtoehdoista."), ({"helped": "4"}, "Valitse jokin vaihtoehdoista."),
     ({"helped": "1", "words": "x" * 1001}, "Teksti on liian pitkä")],
)  # fmt: skip
def test_an_answer_that_is_none_is_asked_for_again_and_its_words_stay(
    resident: Resident, typed: dict[str, str], told: str
) -> None:
    way = closed(resident)
    answer = resident.sends(way, way, **{"words": "Sanani", **typed})
    assert answer.status_code == 422
    assert told in answer.text
    assert typed.get("words", "Sanani")[:100] in answer.text
    assert resident.rows("SELECT feedback FROM ticket") == [(None,)]


def test_of_a_booking_that_is_not_over_nothing_is_asked(resident: Resident) -> None:
    way = resident.way().replace("/booking/", "/feedback/")
    assert "ei ole nyt mitään vastattavaa" in resident.sees(way)
    resident.sends(way, way, helped="1")
    assert resident.rows("SELECT feedback FROM ticket") == [(None,)]


@pytest.mark.parametrize(
    ("path", "language", "words"),
    [
        ("/accessibility", "fi", "Liikenne- ja viestintävirasto Traficom"),
        ("/accessibility", "sv", "Transport- och kommunikationsverket Traficom"),
        ("/accessibility", "en", "306/2019"),
        ("/accessibility", "fi", "itse, viimeksi sunnuntaina 22.11.2026:"),
        ("/accessibility", "sv", "senast söndagen den 22.11.2026:"),
        ("/accessibility", "en", "ourselves on Sunday 22 November 2026:"),
        ("/", "fi", "vastaa ensin suomeksi"),
        ("/", "sv", "svarar först på finska"),
        ("/", "en", "answers first in Finnish"),
        ("/privacy", "fi", "tietosuojavaltuutetulle"),
        ("/privacy", "sv", "dataombudsmannen"),
        ("/privacy", "en", "Data Protection Ombudsman"),
    ],
)
def test_the_law_is_served_in_three_languages(
    client: FlaskClient, demo: DemoData, path: str, language: str, words: str
) -> None:
    page = client.get(f"{path}?lang={language}")
    assert page.status_code == 200
    assert words in unescape(page.text)


def test_the_privacy_notice_tells_the_networks_own_terms(client: FlaskClient, parts: Parts, demo: DemoData) -> None:
    assert "30 päivää" in client.get("/privacy?lang=fi").text
    with parts.sessions.begin() as session:
        session.execute(
            text("""
            INSERT INTO retention_rule (network_id, kept, amount, set_at, actor)
            SELECT id, 'audio', 17, now(), 'test' FROM network
            """)
        )
    page = client.get("/privacy?lang=fi").text
    assert "17 päivää" in page
    assert "Esimerkki" in page
