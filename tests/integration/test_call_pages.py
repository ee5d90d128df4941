"""Calls looked for by day, and one call step by step: who may look, what is shown, and that the look is written down."""

import re

import pytest
from sqlalchemy import text

from ivr.journal import calls_of_ids
from tests.integration.case_room import Reader, words_of
from tests.integration.day_desk import Desk
from tests.integration.ticket_office import PARAINEN, TURKU
from tickets.store import cipher_of
from tickets.vocabulary import Role


def told_in(desk: Desk, municipality: str = TURKU, sid: str = "CA1") -> tuple[int, str]:
    """A call that has made a ticket: the call's number, the ticket's code."""
    call = desk.call(sid, ended=True)
    code = desk.office.ticket(municipality=municipality, key=f"call:{sid}:1")
    return call, code


def test_a_days_calls_are_listed_with_their_line_and_tickets_and_nobodys_number(
    desk: Desk, coordinator: Reader
) -> None:
    call, code = told_in(desk)
    page = coordinator.sees("/admin/calls")
    assert f"/admin/calls/{call}" in page
    assert code in page
    assert "9.07" in page
    ways = re.findall(r'<a href="([^"]*)"', page[page.index("<tbody>") :])
    assert ways[0].endswith(f"/admin/calls/{call}")  # its time is the way to the call
    assert ways[1].endswith(code)
    assert "1112233" not in page.replace(" ", "")
    assert f"/admin/calls/{call}" not in coordinator.sees("/admin/calls?day=2026-11-23")
    assert f"/admin/calls/{call}" in coordinator.sees("/admin/calls?state=over&part=caller")
    assert f"/admin/calls/{call}" not in coordinator.sees("/admin/calls?state=on")


@pytest.mark.parametrize(
    "question",
    ["day=yesterday", "day=9999-99-99", "day=0001-01-01", "line=x", "part=<script>", "state=gone", "before=x"],
)
def test_a_question_that_makes_no_sense_is_answered_with_todays_calls(coordinator: Reader, question: str) -> None:
    assert "tiistai 24.11.2026" in coordinator.sees(f"/admin/calls?{question}")


def test_calls_come_page_by_page(desk: Desk, coordinator: Reader) -> None:
    calls = [desk.call(f"CA{number}") for number in range(51)]
    page = coordinator.sees("/admin/calls")
    assert page.count("/admin/calls/") == 50
    assert f'/admin/calls/{calls[0]}"' not in page
    assert f'/admin/calls/{calls[0]}"' in coordinator.sees(f"/admin/calls?day=2026-11-24&before={calls[1]}")


def test_a_call_is_told_step_by_step_and_the_look_is_written_down(desk: Desk, coordinator: Reader) -> None:
    call, code = told_in(desk)
    page = coordinator.sees(f"/admin/calls/{call}")
    for words in (
        "Painettiin",
        "<kbd>1</kbd>",
        '/fi/choose_language"',
        "Katsottiin, onko soittajalla jo asia",
        code,
    ):
        assert words in page
    assert "Puhelu katkesi tai suljettiin kesken" in page
    assert desk.rows("SELECT seen, person_id, t.code FROM view_log JOIN ticket t ON t.id = ticket_id") == [
        ("ticket", coordinator.person, code)
    ]


def test_what_became_of_a_call_is_told_when_it_is_over(desk: Desk, coordinator: Reader) -> None:
    running, over = desk.call("CA1"), desk.call("CA2", ended=True)
    assert "Puhelusta ei syntynyt tukipyyntöä" not in coordinator.sees(f"/admin/calls/{running}")
    assert "Puhelusta ei syntynyt tukipyyntöä" in coordinator.sees(f"/admin/calls/{over}")


def test_a_call_about_another_organisations_matter_is_not_told_though_one_of_its_matters_is_theirs(desk: Desk) -> None:
    call, code = told_in(desk, TURKU)
    theirs = desk.office.ticket(municipality=PARAINEN, key="call:CA1:2")
    turku = desk.reader(Role.KOORDINAATTORI, 0)
    assert code in turku.sees("/admin/calls")
    assert theirs not in turku.sees("/admin/calls")
    assert turku.gets(f"/admin/calls/{call}").status_code == 403
    assert desk.rows("SELECT FROM view_log") == []


def test_a_call_about_nothing_is_told_to_who_reads_all_of_the_network_only(desk: Desk, coordinator: Reader) -> None:
    call = desk.call()
    assert coordinator.gets(f"/admin/calls/{call}").status_code == 200
    assert desk.reader(Role.KOORDINAATTORI, 0).gets(f"/admin/calls/{call}").status_code == 403


def test_a_volunteer_reads_no_call_that_is_not_about_a_case_of_theirs(desk: Desk) -> None:
    call, _ = told_in(desk)
    assert desk.reader(Role.JASEN).gets(f"/admin/calls/{call}").status_code == 403
    assert desk.reader(Role.JASEN).gets("/admin/calls").status_code == 302


def test_a_call_of_another_network_is_not_there(desk: Desk, coordinator: Reader) -> None:
    call, _ = told_in(desk)
    with desk.parts.sessions.begin() as session:
        session.execute(text("INSERT INTO network (name, boundaries, created_at) VALUES ('Muu', '{}', now())"))
        session.execute(text("UPDATE call SET network_id = (SELECT max(id) FROM network)"))
    assert coordinator.gets(f"/admin/calls/{call}").status_code == 404
    assert f"/admin/calls/{call}" not in coordinator.sees("/admin/calls")


@pytest.mark.parametrize("number", ["999999", "0", "9223372036854775807"])
def test_a_call_that_is_kept_no_longer_says_how_long_calls_are_kept(coordinator: Reader, number: str) -> None:
    page = coordinator.gets(f"/admin/calls/{number}")
    assert page.status_code == 404
    assert "30 päivää" in words_of(page)


def test_a_call_whose_contents_are_forgotten_says_so(desk: Desk, coordinator: Reader) -> None:
    call, _ = told_in(desk)
    with desk.parts.sessions.begin() as session:
        session.execute(text("SET LOCAL digilinja.forgetting = 'on'"))
        session.execute(text("DELETE FROM journal"))
        session.execute(text("UPDATE call SET facts_sealed = :nothing"), {"nothing": cipher_of(session).seal("null")})
        assert calls_of_ids(session, desk.office.network, [call])
    page = coordinator.sees(f"/admin/calls/{call}")
    assert "Tämän puhelun sisältö on unohdettu" in page
    assert "<blockquote" not in page
