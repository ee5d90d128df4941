"""Why was this time not offered? Asked in a form, answered in words and by name; what is typed wrongly is told beside it."""

from html import escape

import pytest
from sqlalchemy import text

from scheduler.slots import HELSINKI
from tests.integration.case_room import Reader, words_of
from tests.integration.day_desk import Desk
from tickets.vocabulary import Role

ASKED = {"day": "2026-11-24", "at": "10:15", "language": "fi", "municipality": "Turku", "topic": "PUHELIN"}


def answer_to(reader: Reader, status: int = 200, **changes: str) -> str:
    page = reader.client.get("/admin/why-not", query_string={**ASKED, **changes})
    assert page.status_code == status, page.text
    return words_of(page) + page.text


def test_a_time_that_would_be_offered_is_said_to_be(coordinator: Reader) -> None:
    assert "Aikaa tarjottaisiin" in answer_to(coordinator)


@pytest.mark.parametrize(
    ("changes", "why", "mend"),
    [
        ({"at": "10:07"}, "Aika ei osu verkoston alkamisaikoihin.", "tasavartilla"),
        ({"at": "9:15"}, "Aika on liian pian", "Valitse myöhempi aika."),
        ({"day": "2026-12-24"}, "Päivä on pyhäpäivä.", "Valitse työpäivä."),
        ({"day": "2027-02-01"}, "Aika on liian kaukana", "Odota, kunnes päivä tulee lähemmäs."),
        ({"at": "22:00"}, "Kukaan ei ole silloin vuorossa.", "Julkaise vuoro"),
    ],
)
def test_why_a_time_is_not_offered_and_what_would_mend_it_is_told_in_words(
    coordinator: Reader, changes: dict[str, str], why: str, mend: str
) -> None:
    page = answer_to(coordinator, **changes)
    assert why in page
    assert mend in page


def test_who_stands_in_the_way_is_told_by_name_and_by_ticket_to_whoever_may_know(
    desk: Desk, coordinator: Reader
) -> None:
    code, start = desk.promised()
    while True:  # until nobody is left for one more
        at = start.astimezone(HELSINKI)
        if "Ne auttajat, jotka voisivat" in answer_to(coordinator, at=f"{at:%H:%M}"):
            break
        code = desk.office.ticket()
        assert desk.office.promised(code) == start
    page = answer_to(coordinator, at=f"{at:%H:%M}")
    assert code in page
    assert "tarvitsisivat yhden auttajan enemmän" in page
    assert "Yksi uusi auttaja" in page
    assert page.count("<li>") >= 2
    parainen = answer_to(desk.reader(Role.KOORDINAATTORI, 1), at=f"{at:%H:%M}")
    assert code not in parainen
    assert "Toisen organisaation" in parainen


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"day": ""}, "Valitse päivä."),
        ({"day": "31.2.2026"}, "Valitse päivä."),
        ({"day": "9999-12-31"}, "Valitse päivä."),
        ({"at": "kymmeneltä"}, "Kirjoita kellonaika"),
        ({"at": ""}, "Kirjoita kellonaika"),
        ({"municipality": "Atlantis"}, "Tätä kuntaa tai postinumeroa ei ole."),
        ({"language": "en"}, "millä kielellä"),
    ],
)
def test_what_is_typed_wrongly_is_told_beside_it_and_stays(
    coordinator: Reader, changes: dict[str, str], told: str
) -> None:
    page = answer_to(coordinator, 422, **changes)
    assert told in page
    kept = {**ASKED, **changes}["municipality"]
    assert f'value="{kept}"' in page


@pytest.mark.parametrize("typed", ["<script>alert(1)</script>", "x" * 10_000, "\x00", "Turku\x00"])
def test_hostile_questions_are_only_text(coordinator: Reader, typed: str) -> None:
    page = answer_to(coordinator, 422, municipality=typed, topic=typed)
    assert "<script>alert" not in page
    assert escape(typed)[:50].strip("\x00") in page


def test_nothing_asked_shows_the_form_alone(coordinator: Reader) -> None:
    page = coordinator.sees("/admin/why-not")
    assert "Mikä auttaisi" not in page
    assert 'name="day"' in page


def test_a_question_that_was_sent_empty_says_what_to_choose(coordinator: Reader) -> None:
    page = answer_to(coordinator, 422, day="", at="", municipality="", topic="")
    assert "Valitse päivä." in page
    assert "Kirjoita kellonaika, esimerkiksi 10.15." in page


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.JASEN, Role.PAAKAYTTAJA])
def test_whoever_does_not_see_the_rota_is_shown_the_way_in(desk: Desk, role: Role) -> None:
    assert desk.reader(role).gets("/admin/why-not").status_code == 302


def test_a_closed_day_says_that_it_is_closed(desk: Desk, coordinator: Reader) -> None:
    with desk.parts.sessions.begin() as session:
        session.execute(
            text("""
            INSERT INTO closure (network_id, during, reason, made_at)
            SELECT min(id), tstzrange('2026-11-24T00:00+02', '2026-11-25T00:00+02'), 'remontti', now() FROM network
            """)
        )
    assert "Verkosto on suljettu silloin." in answer_to(coordinator)
