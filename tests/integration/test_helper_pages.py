"""A helper's pages: the one thing to do now, the case, ringing, how it went; and nobody reads or does another's."""

import re
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from admin.auth import SIGN_IN
from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.cases import Doing, give_owner
from scheduler.rota.places import places_of
from scheduler.slots import Grid
from tests.integration.case_room import Reader, words_of
from tests.integration.helper_day import HelperDay
from tickets.people import Person
from tickets.sign_ins import How, begin_sign_in
from tickets.ticket import Ticket
from tickets.tokens import bearer_of_person
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

HOSTILE = "<script>alert('x')</script>"


def reader(app: Flask, parts: Parts, helper: int, now: datetime) -> Reader:
    """A helper who has signed in and reads Finnish."""
    with parts.sessions.begin() as session:
        person = session.scalars(select(Person.id).where(Person.helper_id == helper)).one()
        who = bearer_of_person(session, person)
        assert who is not None
        secret = begin_sign_in(session, who, How.DEMO, device="", now=now)
    client = app.test_client()
    with client.session_transaction() as kept:
        kept[SIGN_IN], kept["csrf"] = secret, "the-word"
    client.set_cookie("lang", "fi")
    return Reader(client, person, "the-word")


def someone(demo: DemoData, kind: HelperKind, place: int = 0) -> int:
    return [one.id for one in demo.helpers if one.kind is kind][place]


@pytest.fixture
def volunteer(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> tuple[Reader, HelperDay]:
    helper = someone(demo, HelperKind.VOLUNTEER)
    return reader(app, parts, helper, now), HelperDay(parts, helper, now)


@pytest.fixture
def staff(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> tuple[Reader, HelperDay]:
    helper = someone(demo, HelperKind.STAFF)
    return reader(app, parts, helper, now), HelperDay(parts, helper, now)


Pair = tuple[Reader, HelperDay]


def test_the_most_urgent_thing_is_the_one_button(volunteer: Pair) -> None:
    page, day = volunteer
    assert "Juuri nyt ei ole tehtävää" in page.sees("/helper/") or "Oletko tulossa?" in page.sees("/helper/")
    kept = day.kept()
    assert f'href="/helper/cases/{kept.code}/outcome">Kerro, miten meni' in page.sees("/helper/")
    due = day.promise(5, caller="+358407654321")
    shown = page.sees("/helper/")
    assert f'action="/helper/cases/{due.code}/ring"' in shown
    assert "4 minuutin kuluttua" in shown or "5 minuutin kuluttua" in shown
    day.rings(due)
    shown = page.sees("/helper/")
    assert "Puhelu on käynnissä" in shown
    assert f'href="/helper/cases/{due.code}/call">Avaa puhelu' in shown


def test_the_live_part_of_the_day_is_a_piece_of_the_page(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    piece = page.sees("/helper/now")
    assert "<html" not in piece
    assert due.code in piece


def test_a_promise_much_later_is_not_rung_yet(volunteer: Pair) -> None:
    page, day = volunteer
    later = day.promise(50)
    shown = page.sees(f"/helper/cases/{later.code}")
    assert "Soita nyt" not in shown
    assert "kymmenen minuuttia ennen" in shown
    answer = page.done(f"/helper/cases/{later.code}/ring")
    assert "kymmenen minuuttia ennen" in answer
    assert day.one("SELECT min(run_at) FROM job WHERE kind = 'ring'") == day.now + timedelta(minutes=50)


def test_ring_now_brings_the_ring_forward_once_however_often_it_is_pressed(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    for _ in range(3):
        assert "Puhelimesi soi hetken kuluttua" in page.done(f"/helper/cases/{due.code}/ring")
    ((run_at,),) = day.rows("SELECT run_at FROM job WHERE kind = 'ring' AND state = 'waiting'")
    assert isinstance(run_at, datetime)
    assert run_at < day.now + timedelta(minutes=4)


def test_the_page_of_the_call_follows_it_to_how_it_went(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    attempt = day.rings(due)
    live = f"/helper/cases/{due.code}/call/now"
    assert 'data-stage="helper_rung"' in page.sees(live)
    day.takes(due, attempt)
    assert 'data-stage="talking"' in page.sees(live)
    assert 'hx-trigger="every 3s"' in page.sees(live)
    day.talked(due)
    shown = page.sees(live)
    assert f'data-go="/helper/cases/{due.code}/outcome"' in shown
    assert "hx-trigger" not in shown


def test_a_case_shows_what_its_helper_needs_and_the_look_is_written_down(volunteer: Pair) -> None:
    page, day = volunteer
    earlier = day.kept(topic=Topic.TULOSTIN)
    page.done(f"/helper/cases/{earlier.code}/outcome", result="solved", did="yes")
    day.ticket(Topic.VERO)  # another matter of the same caller, with nobody
    due = day.promise(5, topic=Topic.KELA, said=HOSTILE)
    answer = page.gets(f"/helper/cases/{due.code}")
    assert "no-store" in answer.headers["Cache-Control"]
    shown = page.sees(f"/helper/cases/{due.code}")
    for told in ("Kela", "Asiakas tekee itse", "Mitä et saa tehdä", "Opastat vierestä", "tulostin", "ratkaistu"):
        assert told in shown, told
    assert "1 muu asia on jollakulla toisella." in shown
    assert "<script>alert" not in answer.text
    assert "&lt;script&gt;" in answer.text
    looks = day.rows("SELECT seen FROM view_log WHERE ticket_id = :id", id=due.ticket)
    assert looks == [("ticket",), ("ticket",)]


def test_what_a_volunteer_may_and_may_not_see(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    shown = page.sees(f"/helper/cases/{due.code}")
    assert "Numero on piilossa" in shown
    assert "omalla puhelimella" not in shown
    refused = page.refused(f"/helper/cases/{due.code}/contact", 403)
    assert "123 4567" not in refused
    assert "123 4567" not in page.refused(f"/helper/cases/{due.code}/own-phone", 403)
    assert day.rows("SELECT seen FROM view_log WHERE seen = 'contact'") == []
    assert day.one("SELECT state FROM callback WHERE id = :id", id=due.callback) == "promised"


def test_staff_see_the_number_when_they_ask_and_that_is_written_down(staff: Pair) -> None:
    page, day = staff
    due = day.promise(5)
    assert "123 4567" not in page.sees(f"/helper/cases/{due.code}")
    shown = page.refused(f"/helper/cases/{due.code}/contact", 200)
    assert 'href="tel:+358401234567"' in shown
    assert day.rows("SELECT seen FROM view_log WHERE seen = 'contact'") == [("contact",)]


def test_by_ones_own_phone_the_code_comes_first_and_then_what_came_of_it(staff: Pair) -> None:
    page, day = staff
    due = day.promise(5)
    shown = page.refused(f"/helper/cases/{due.code}/own-phone", 200)
    assert " ".join(due.secret) in shown
    assert 'href="tel:+358401234567"' in shown
    assert shown.index(" ".join(due.secret)) < shown.index("tel:")
    call = page.sees(f"/helper/cases/{due.code}/call")
    assert "Näytä numero uudelleen" in call
    assert "tel:" not in call
    answer = page.sends(f"/helper/cases/{due.code}/own-phone/end", result="VASTASI")
    assert answer.location == f"/helper/cases/{due.code}/outcome"
    assert day.one("SELECT status FROM ticket WHERE id = :id", id=due.ticket) == "awaiting_outcome"
    again = page.done(f"/helper/cases/{due.code}/own-phone/end", result="VASTASI")
    assert "jo kerrottu" in again


@pytest.mark.parametrize("result", ["", "AUTTAJA_KIELTAYTYI", HOSTILE])
def test_only_what_can_come_of_a_call_is_taken(staff: Pair, result: str) -> None:
    page, day = staff
    due = day.promise(5)
    page.refused(f"/helper/cases/{due.code}/own-phone", 200)
    assert "Valitse, mitä puhelusta tuli." in page.done(f"/helper/cases/{due.code}/own-phone/end", result=result)
    assert day.one("SELECT state FROM callback WHERE id = :id", id=due.callback) == "talking"


def test_not_reached_by_ones_own_phone_the_line_rings_again(staff: Pair) -> None:
    page, day = staff
    due = day.promise(5)
    page.refused(f"/helper/cases/{due.code}/own-phone", 200)
    shown = page.done(f"/helper/cases/{due.code}/own-phone/end", result="EI_VASTANNUT")
    assert "Asiakasta ei tavoitettu" in shown
    assert "Linja soittaa sinulle itse uudelleen" in shown
    assert "Soita nyt" in shown


def test_nobody_reads_or_does_anything_with_a_case_of_another(
    volunteer: Pair, app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    _, day = volunteer
    due = day.promise(5)
    other = reader(app, parts, someone(demo, HelperKind.VOLUNTEER, 1), now)
    for path in ("", "/call", "/call/now", "/outcome", "/time"):
        assert other.gets(f"/helper/cases/{due.code}{path}").status_code == 404, path
    for path in ("/ring", "/own-phone", "/own-phone/end", "/contact", "/time"):
        form = {"result": "VASTASI", "starts_at": "2026-11-24T10:00+02:00"}
        assert other.sends(f"/helper/cases/{due.code}{path}", **form).status_code == 404, path
    sent = {"notes": {"text": "x"}, "outcome": {"result": "solved"}, "materials": {"material": "x"}}
    sent["directions"] = {"kind": "point", "place": "1"}
    for path, typed in sent.items():
        assert other.sends(f"/helper/cases/{due.code}/{path}", **typed).status_code == 404, path
    assert day.rows("SELECT 1 FROM view_log") == []


def test_whoever_took_a_case_in_the_relay_finds_it_among_their_own(
    volunteer: Pair, parts: Parts, now: datetime
) -> None:
    page, day = volunteer
    code = day.ticket(said="Kuvat eivät siirry.")
    with parts.sessions.begin() as session:
        ticket = session.scalars(select(Ticket).where(Ticket.code == code)).one()
        assert page.person is not None
        assert give_owner(session, ticket, page.person, Doing(now, "person:1", Grid())) is None
    assert f'href="/helper/cases/{code}"' in page.sees("/helper/")
    shown = page.sees(f"/helper/cases/{code}")
    assert "Kuvat eivät siirry." in shown
    assert f'href="/helper/cases/{code}/time"' in shown
    times = page.sees(f"/helper/cases/{code}/time")
    starts = re.findall(r'name="starts_at" value="([^"]+)"', times)
    assert len({at[:10] for at in starts}) == 5  # so many days at once
    assert "Aika on luvattu" in page.done(f"/helper/cases/{code}/time", starts_at=starts[0])
    assert day.one("SELECT status FROM ticket WHERE code = :code", code=code) == "promised"
    assert "ehti mennä" in page.done(f"/helper/cases/{code}/time", starts_at=starts[1])
    assert "ehti mennä" in page.done(f"/helper/cases/{code}/time", starts_at="x")


def test_a_note_is_kept_and_a_bad_one_is_not_lost(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    path = f"/helper/cases/{due.code}/notes"
    assert HOSTILE in page.done(path, text=HOSTILE)
    for text, mistake in (
        ("", "Kirjoita ensin jotain."),
        ("x" * 10_000, "enintään 5 000"),
        ("a\0b", "ei voi tallentaa"),
    ):
        shown = page.refused(path, text=text)
        assert mistake in shown
        assert 'aria-invalid="true"' in shown
    assert "x" * 10_000 in page.refused(path, text="x" * 10_000)
    assert day.one("SELECT count(*) FROM note") == 1


def test_a_link_is_told_of_and_directions_are_texted_once(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5)
    shown = page.sees(f"/helper/cases/{due.code}")
    link = re.search(r'name="material" value="([^"]+)"', shown)
    place = re.search(r'name="kind" value="(\w+)">\s*<input type="hidden" name="place" value="(\d+)"', shown)
    assert link
    assert place
    assert "kerrottu asiakkaalle" in page.done(f"/helper/cases/{due.code}/materials", material=link[1])
    assert "Linkkiä ei enää ole." in page.done(f"/helper/cases/{due.code}/materials", material="x")
    for _ in range(2):
        page.done(f"/helper/cases/{due.code}/directions", kind=place[1], place=place[2])
    assert day.one("SELECT count(*) FROM job WHERE key LIKE 'text:ticket-%:nearby:%'") == 1
    assert "hakemistossa" in page.done(f"/helper/cases/{due.code}/directions", kind="point", place="999999")
    for kind, number in (("point", "x"), ("x", "1"), ("point", str(2**70))):
        assert page.sends(f"/helper/cases/{due.code}/directions", kind=kind, place=number).status_code == 400


def test_a_case_read_in_swedish_is_in_swedish(volunteer: Pair) -> None:
    page, day = volunteer
    due = day.promise(5, language=Language.FI)
    shown = words_of(page.gets(f"/helper/cases/{due.code}?lang=sv"))
    assert "Ring nu" in shown


def test_a_shift_that_was_given_up_is_taken_back_where_it_was_said(volunteer: Pair) -> None:
    page, day = volunteer
    with day.parts.sessions() as session:
        place = places_of(session, day.helper, since=day.now)[3]
    told = page.done(f"/helper/shifts/{place.id}/leaving")
    assert "ei ole enää sinun" in told
    assert f'action="/helper/openings/{place.shift_id}/taking"' in told
    assert "Otan vuoron takaisin" in told
    taken = page.done(f"/helper/openings/{place.shift_id}/taking", **{"from": "shifts"})
    assert "Vuoro on sinun." in taken
    assert "<h1>Vuorosi</h1>" in taken
    for left in (place.shift_id, "%00", "x"):
        assert "Otan vuoron takaisin" not in page.sees(f"/helper/shifts?left={left}")
