"""A list is brought in through a page: foreseen row by row, put in whole or not at all, and taken home in the same form."""

from __future__ import annotations

import csv
import re
from concurrent.futures import ThreadPoolExecutor
from html import unescape
from io import BytesIO, StringIO

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.directory.bringing import LARGEST
from admin.parts import Parts
from tests.integration.test_directory_pages import Reader
from tickets.vocabulary import Role

LISTS = "/admin/directory/lists"
HEADING = "code;kind;name_fi;phone;reviewed_on;review_due\n"
TWO = (
    HEADING
    + "uusi-paikka;library;Ääniöiden kirjasto;116117;3.11.2026;3.5.2027\nb;other;Bee;02 555 0301;3.11.2026;3.5.2027\n"
)


class Bringer(Reader):
    """Whoever may change the directory, with a spreadsheet."""

    def brings(self, content: str | bytes, name: str = "paikat.csv") -> TestResponse:
        raw = content.encode() if isinstance(content, str) else content
        page = self.client.post(LISTS, data={"csrf": self.csrf, "file": (BytesIO(raw), name)})
        page.request.environ["wsgi.input"].close()  # what the test's browser sent lies in a file of its own
        return page

    def accepts(self, page: TestResponse) -> TestResponse:
        told = unescape(page.text)
        mark = re.search(r'name="mark" value="(\w+)"', told)
        held = re.search(r"<textarea name=\"text\"[^>]*>(.*?)</textarea>", told, re.DOTALL)
        assert mark, told
        assert held, told
        typed = {"csrf": self.csrf, "mark": mark[1], "text": held[1]}
        return self.client.post(f"{LISTS}/accept", data=typed, content_type="multipart/form-data")

    @property
    def points(self) -> list[tuple[object, ...]]:
        return self.rows("SELECT code, name_fi, phone, active FROM referral_point ORDER BY code")


@pytest.fixture
def network(demo: DemoData, parts: Parts) -> int:
    with parts.sessions() as session:
        return int(session.execute(text("SELECT id FROM network")).scalar_one())


@pytest.fixture
def bringer(app: Flask, parts: Parts, network: int) -> Bringer:
    return Bringer(app, parts, Role.KOORDINAATTORI, network)


def test_a_list_is_foreseen_and_then_put_in(bringer: Bringer) -> None:
    before = bringer.points
    page = bringer.brings(TWO)
    assert page.status_code == 200
    assert "Lisätään 2" in page.text
    assert "Ääniöiden kirjasto" in page.text
    assert bringer.points == before
    done = bringer.accepts(page)
    assert (done.status_code, done.location) == (303, "/admin/directory")
    assert len(bringer.points) == len(before) + 2
    assert ("b", "Bee", "+35825550301", True) in bringer.points
    assert "Kaikki on jo paikallaan." in bringer.brings(TWO).text
    assert bringer.accepts(page).status_code == 303, "pressed twice, it is in"
    assert len(bringer.points) == len(before) + 2


def test_what_changes_and_what_stays_is_told_by_column(bringer: Bringer) -> None:
    bringer.accepts(bringer.brings(TWO))
    page = bringer.brings(TWO.replace("Bee", "Cee"))
    assert "Muuttuu 1" in page.text
    assert "Ennallaan 1" in page.text
    assert "Nimi suomeksi <code>name_fi</code>" in page.text
    bringer.accepts(page)
    assert ("b", "Cee", "+35825550301", True) in bringer.points


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("mark", [";", ",", "\t"])
def test_a_spreadsheet_of_any_office_is_read(bringer: Bringer, encoding: str, mark: str) -> None:
    page = bringer.brings(TWO.replace(";", mark).encode(encoding))
    assert "Lisätään 2" in page.text
    assert "Ääniöiden kirjasto" in page.text


def test_two_lists_of_the_same_entries_in_another_order_wait_for_each_other_and_do_not_lock(
    bringer: Bringer, parts: Parts
) -> None:
    bringer.accepts(bringer.brings(TWO))  # "uusi-paikka" stands before "b"
    hold = "SELECT FROM referral_point WHERE code = :code FOR UPDATE NOWAIT"
    waits = "SELECT pg_sleep(0.01), (SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database())"
    with ThreadPoolExecutor(1) as hand:
        with parts.sessions.begin() as session:
            session.execute(text(hold), {"code": "b"})
            other = hand.submit(bringer.brings, TWO.replace("Bee", "Cee"))
            while not bringer.rows(waits)[0][1]:
                pass
            session.execute(text(hold), {"code": "uusi-paikka"})  # nobody who waits for the first holds the second
        assert other.result().status_code == 200


WRONG = {
    "no-kind;;A;116117;;": ("kind", "no-kind"),
    "Iso Koodi;other;A;116117;;": ("code", "Tunnus on pieniä kirjaimia"),
    "uusi-paikka;other;A;116117;;": ("code", "jo aiemmalla rivillä"),
    "c;other;A;116117;31.2.2026;": ("reviewed_on", "Päivä"),
    "c;other;A;hei;;": ("phone", "numero"),
    "c;other;;116117;;": ("name_fi", "nimi"),
    "c;other;A;;;": ("address_fi", ""),
    "c;other;A;116117;;;;ylimääräinen": ("code", "enemmän soluja"),
    "c;<script>alert(1)</script>;A;116117;;": ("kind", ""),
    f"c;other;{'x' * 10_000};116117;;": ("name_fi", "liian pitkä"),
}


@pytest.mark.parametrize("line", WRONG)
def test_one_wrong_row_keeps_all_out_and_is_told_with_its_column(bringer: Bringer, line: str) -> None:
    before, (column, told) = bringer.points, WRONG[line]
    page = bringer.brings(TWO + line + "\n")
    assert page.status_code == 422
    assert "Luetteloa ei voi vielä tuoda" in page.text
    assert "Virheellisiä 1" in page.text
    row = re.search(r'<th scope="row">4</th>.*?</tr>', page.text, re.DOTALL)
    assert row
    assert f"<code>{column}</code>" in row[0]
    assert "Virheellinen" in row[0]
    assert told.lower() in unescape(row[0]).lower()
    assert "<script>alert" not in page.text
    assert 'name="mark"' not in page.text
    typed = {"csrf": bringer.csrf, "mark": "x", "text": TWO + line}
    assert bringer.client.post(f"{LISTS}/accept", data=typed).status_code == 409
    assert bringer.points == before


def test_an_organisation_and_a_person_of_nobody_are_wrong_rows(bringer: Bringer) -> None:
    page = bringer.brings(
        "code;kind;name_fi;phone;organisation;owner\na;other;A;116117;99999;\nb;other;B;116117;;99999\n"
    )
    assert page.status_code == 422
    assert page.text.count("Tällaista ei ole tässä verkostossa") == 2


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "Valitse tiedosto"),
        (HEADING.encode(), "Valitse tiedosto"),
        (b"\x00" * 50, "Tämä ei ole luettelo"),
        (b"PK\x03\x04\x14\x00\x06\x00xl/workbook.xml", "Tämä ei ole luettelo"),
        (TWO.encode() + b"a;\x00;b", "Tämä ei ole luettelo"),
        (b"\x81\x8d\x8f\x90\x9d", "Tämä ei ole luettelo"),
        (b"<!doctype html><html><script>alert(1)</script></html>", "jota ei tunneta"),
        (b"code;kind;shoe_size\na;other;43\n", "jota ei tunneta"),
        (b"name_fi;phone\nA;116117\n", "puuttuu sarake"),
        (b"code;kind;code\na;other;a\n", "kahdesti"),
        (b"x" * (LARGEST + 1), "liian suuri"),
        (b"x" * 10_000_000, "liian suuri"),
        ((HEADING + "".join(f"p{number};other;A;116117;;\n" for number in range(501))).encode(), "Rivejä on liikaa"),
        ((HEADING + '"' + "a" * 200_000).encode(), "Tämä ei ole luettelo"),
    ],
)
def test_what_is_no_list_is_said_beside_the_field(bringer: Bringer, content: bytes, told: str) -> None:
    before = bringer.points
    page = bringer.brings(content)
    assert page.status_code == 422
    assert 'id="file-mistake"' in page.text
    assert told in page.text
    assert "<script>alert" not in page.text
    assert bringer.points == before


def test_who_brings_an_unknown_column_is_shown_the_known_ones(bringer: Bringer) -> None:
    assert "<details open>" not in bringer.sees("/lists")
    page = bringer.brings(b"code;kind;shoe_size\na;other;43\n").text
    assert page.count("<details open>") == 3
    assert "Postinumero <code>postcode</code>" in page


def test_who_accepts_what_has_changed_meanwhile_is_shown_what_it_would_do_now(bringer: Bringer) -> None:
    bringer.accepts(bringer.brings(TWO))
    page = bringer.brings(TWO.replace("Bee", "Cee"))
    with bringer.parts.sessions.begin() as session:
        session.execute(
            text(
                "UPDATE referral_point SET phone = '116117', changed_at = changed_at + interval '1 s' WHERE code = 'b'"
            )
        )
    late = bringer.accepts(page)
    assert late.status_code == 409
    assert "Joku on muuttanut" in late.text
    assert "<code>phone</code>" in late.text
    assert ("b", "Bee", "116117", True) in bringer.points
    assert bringer.accepts(late).status_code == 303
    assert ("b", "Cee", "+35825550301", True) in bringer.points


@pytest.mark.parametrize("kind", ["points", "gatherings", "materials"])
def test_what_is_taken_home_comes_back_as_it_is(bringer: Bringer, kind: str) -> None:
    home = bringer.client.get(f"{LISTS}/{kind}.csv")
    assert (home.status_code, home.mimetype) == (200, "text/csv")
    assert home.data.startswith(b"\xef\xbb\xbf")
    assert "Kaikki on jo paikallaan." in bringer.brings(home.data).text


def test_no_cell_that_is_taken_home_is_a_formula(bringer: Bringer) -> None:
    bringer.accepts(bringer.brings(HEADING + "a;other;'=HYPERLINK(1);02 555 0301;3.11.2026;3.5.2027\n"))
    assert ("a", "=HYPERLINK(1)", "+35825550301", True) in bringer.points
    home = bringer.client.get(f"{LISTS}/points.csv").data.decode("utf-8-sig")
    cells = [cell for row in csv.reader(StringIO(home), delimiter=";") for cell in row]
    assert "'=HYPERLINK(1)" in cells
    assert not [cell for cell in cells if cell.startswith(("=", "+", "-", "@"))]


def test_a_list_of_one_network_touches_no_other(bringer: Bringer, parts: Parts, app: Flask, network: int) -> None:
    with parts.sessions.begin() as session:
        other = session.execute(
            text("INSERT INTO network (name, boundaries, call_minutes, role_rights, created_at)"
                 " SELECT 'Toinen', boundaries, call_minutes, role_rights, created_at FROM network LIMIT 1 RETURNING id")
        ).scalar_one()  # fmt: skip
    bringer.accepts(bringer.brings(TWO))
    named = "SELECT code, name_fi FROM referral_point WHERE network_id = :whose ORDER BY code"
    before = bringer.rows(named, whose=network)
    assert ("b", "Bee") in before
    theirs = Bringer(app, parts, Role.KOORDINAATTORI, other)
    assert len(theirs.client.get(f"{LISTS}/points.csv").data.splitlines()) == 1
    assert theirs.accepts(theirs.brings(TWO.replace("Bee", "Cee"))).status_code == 303
    assert ("b", "Cee") in bringer.rows(named, whose=other)
    assert bringer.rows(named, whose=network) == before


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.JASEN, Role.ALUEKOORDINAATTORI])
def test_who_only_reads_takes_home_and_brings_nothing(app: Flask, parts: Parts, network: int, role: Role) -> None:
    reader = Bringer(app, parts, role, network)
    assert reader.brings(TWO).status_code == 302
    assert reader.client.get(LISTS).status_code == 302
    assert ("b",) not in reader.rows("SELECT code FROM referral_point")


def test_a_kind_that_nobody_knows_is_not_there(bringer: Bringer) -> None:
    assert bringer.client.get(f"{LISTS}/people.csv").status_code == 404
