"""The directory's pages: what is due for review first; nothing half saved, nothing overwritten unseen, nothing of another network."""

from datetime import date, datetime, timedelta
from html import unescape
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import text
from werkzeug.test import TestResponse

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.forms import hidden
from tests.integration.signed_in_people import signed_in
from tickets.network import Network
from tickets.tokens import issue_token
from tickets.vocabulary import Role

BASE = "/admin/directory"
HOSTILE = "<script>alert('x')</script>"
POINT = {
    "name_fi": "Kirjaston digipiste",
    "kind": "library",
    "address_fi": "Kirjakuja 1",
    "postcode": "20100",
    "active": "1",
}
LINK = {
    "title": "Salasanan vaihto",
    "kind": "guide",
    "url": "https://www.example.fi/ohje",
    "language": "fi",
    "active": "1",
}
EVENT = {
    "name_sv": "Digistöd på torget", "kind": "tour_stop", "first_day": "2026-11-25", "begins": "10:00", "ends": "12:30",
    "repeats": "weekly", "until": "2026-12-16", "municipality": "Åbo", "languages": "sv",
}  # fmt: skip


class Reader:
    """Somebody with a role, signed in, in a network of their own or in the demo's."""

    def __init__(self, app: Flask, parts: Parts, role: Role, network: int) -> None:
        with parts.sessions.begin() as session:
            token = issue_token(session, network, role, now=parts.clock.now())
        self.parts, self.client = parts, signed_in(app, parts, token)
        self.csrf = hidden(self.client.get("/sign-in?lang=fi"), "csrf")

    def sees(self, path: str, status: int = 200) -> str:
        page = self.client.get(f"{BASE}{path}")
        assert page.status_code == status, page.text
        return page.text

    def sends(self, path: str, **typed: Any) -> TestResponse:
        return self.client.post(f"{BASE}{path}", data={"csrf": self.csrf, **typed})

    def rows(self, statement: str, **values: object) -> list[tuple[Any, ...]]:
        with self.parts.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]


@pytest.fixture
def network(demo: DemoData, parts: Parts) -> int:
    with parts.sessions() as session:
        return session.scalars(text("SELECT id FROM network").columns()).one()


@pytest.fixture
def coordinator(app: Flask, parts: Parts, network: int) -> Reader:
    return Reader(app, parts, Role.KOORDINAATTORI, network)


@pytest.fixture
def elsewhere(app: Flask, parts: Parts, now: datetime) -> Reader:
    """A coordinator of another network."""
    with parts.sessions.begin() as session:
        other = Network(name="Toinen", created_at=now)
        session.add(other)
        session.flush()
        number = other.id
    return Reader(app, parts, Role.KOORDINAATTORI, number)


def test_a_place_is_added_shown_and_changed(coordinator: Reader) -> None:
    made = coordinator.sends("/new-point", **POINT, topics=["PUHELIN", "KELA"])
    assert (made.status_code, made.location) == (303, f"{BASE}/points/kirjaston-digipiste")
    page = coordinator.sees("/points/kirjaston-digipiste")
    assert "Tallennettu." in page
    assert all(told in page for told in ("Turku", "Kela", "Kirjakuja 1"))
    form = coordinator.client.get(f"{BASE}/points/kirjaston-digipiste/edit")
    assert 'value="Kirjaston digipiste"' in form.text
    changed = {**POINT, "name_sv": "Bibliotekets digipunkt", "seen": hidden(form, "seen")}
    assert coordinator.sends("/points/kirjaston-digipiste/edit", **changed).status_code == 303
    known = coordinator.rows(
        "SELECT name_fi, name_sv, municipality, topics FROM referral_point WHERE code = 'kirjaston-digipiste'"
    )
    assert known == [("Kirjaston digipiste", "Bibliotekets digipunkt", "853", [])]


@pytest.mark.parametrize("path", ["", "/gatherings", "/materials"])
def test_nobody_is_sent_to_a_command_line_from_a_list(coordinator: Reader, path: str) -> None:
    page = coordinator.sees(path)
    assert "digilinja directory import" not in page
    assert "/admin/directory/lists" in page


def test_two_places_of_one_name_are_two(coordinator: Reader) -> None:
    first, second = (coordinator.sends("/new-point", **POINT).location for _ in range(2))
    assert first != second
    assert coordinator.rows("SELECT count(*) FROM referral_point WHERE name_fi = 'Kirjaston digipiste'") == [(2,)]


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name_fi": ""}, "name_fi", "Kirjoita nimi ainakin yhdellä kielellä."),
        ({"name_fi": "x" * 10_000}, "name_fi", "Tämä on liian pitkä."),
        ({"name_fi": "a\x00b"}, "name_fi", "Kirjoita tämä yhdelle riville."),
        ({"kind": ""}, "kind", "Täytä tämä."),
        ({"kind": "castle"}, "kind", "Valitse uudelleen"),
        ({"postcode": "99998"}, "postcode", "postinumeroa ei ole"),
        ({"postcode": "", "municipality": "Atlantis"}, "municipality", "kuntaa"),
        ({"postcode": ""}, "postcode", "Kirjoita osoitteen postinumero tai kunta."),
        ({"address_fi": ""}, "address_fi", "Kirjoita osoite, puhelinnumero tai verkkosivu"),
        ({"phone": "soita"}, "phone", "puhelinnumero"),
        ({"web": "javascript:alert(1)"}, "web", "Kirjoita koko osoite"),
        ({"serves": "Turku, Atlantis"}, "serves", "Jotakin näistä kunnista ei tunneta."),
        ({"organisation": "999999"}, "organisation", "Valitse uudelleen"),
        ({"organisation": "yksi"}, "organisation", "Valitse uudelleen"),
        ({"owner": "999999"}, "owner", "Valitse uudelleen"),
        ({"review_due": "huomenna"}, "review_due", "päivä"),
        ({"topics": "HISTORIA"}, "topics", "Valitse uudelleen"),
    ],
)
def test_a_place_typed_wrongly_is_told_beside_the_field_and_nothing_is_saved(
    coordinator: Reader, typed: dict[str, str], field: str, told: str
) -> None:
    before = coordinator.rows("SELECT count(*) FROM referral_point")
    refused = coordinator.sends("/new-point", **POINT | {"about_fi": HOSTILE} | typed)
    assert refused.status_code == 422
    beside = unescape(refused.text).partition(f'id="{field}-mistake">')[2].partition("</p>")[0]
    assert told.casefold() in beside.casefold()
    assert HOSTILE not in refused.text
    assert HOSTILE in unescape(refused.text), "what was typed is kept"
    assert coordinator.rows("SELECT count(*) FROM referral_point") == before


def test_who_saves_over_somebody_elses_change_is_told_and_nothing_is_overwritten(coordinator: Reader) -> None:
    coordinator.sends("/new-point", **POINT)
    path = "/points/kirjaston-digipiste/edit"
    seen = hidden(coordinator.client.get(BASE + path), "seen")
    assert coordinator.sends(path, **POINT | {"name_fi": "Uusi nimi", "seen": seen}).status_code == 303
    late = coordinator.sends(path, **POINT | {"name_fi": "Toinen nimi", "seen": seen})
    assert late.status_code == 409
    assert "Joku on muuttanut tätä sillä välin" in late.text
    assert 'value="Toinen nimi"' in late.text
    assert coordinator.rows("SELECT name_fi FROM referral_point WHERE code = 'kirjaston-digipiste'") == [("Uusi nimi",)]
    again = coordinator.sends(path, **POINT | {"name_fi": "Toinen nimi", "seen": hidden(late, "seen")})
    assert again.status_code == 303
    assert coordinator.sends("/points/ei-ole/edit", **POINT, seen="").status_code == 409


def test_what_is_due_for_review_stands_first_and_is_found_right_from_the_list(
    coordinator: Reader, now: datetime
) -> None:
    coordinator.sends("/new-point", **POINT | {"name_fi": "Aina ajan tasalla"})
    coordinator.sends("/new-point", **POINT | {"name_fi": "Zeniitti vanhentunut", "review_due": "2026-11-01"})
    page = coordinator.sees("")
    assert page.index("Zeniitti") < page.index("Aina ajan tasalla")
    assert "Tarkistus myöhässä" in page
    assert "Aina ajan tasalla" not in coordinator.sees("?due=1")
    done = coordinator.sends("/points/zeniitti-vanhentunut/review", back="list")
    assert done.location == BASE
    due = coordinator.rows("SELECT review_due FROM referral_point WHERE code = 'zeniitti-vanhentunut'")[0][0]
    assert due > date(2027, 5, 1)
    assert coordinator.sends("/points/ei-ole/review").status_code == 404


def test_a_place_taken_out_of_use_stays_to_be_read_and_comes_last(coordinator: Reader) -> None:
    coordinator.sends("/new-point", **POINT | {"name_fi": "Aakkosissa ensin", "review_due": "2026-11-01"})
    assert coordinator.sends("/points/aakkosissa-ensin/retire").status_code == 303
    assert "Ei käytössä" in coordinator.sees("/points/aakkosissa-ensin")
    assert "Ei käytössä" in coordinator.sees("?words=aakkosissa")
    assert coordinator.sends("/points/ei-ole/retire").status_code == 404


def test_a_list_is_told_page_by_page_and_an_odd_page_is_none(coordinator: Reader) -> None:
    for number in range(30):
        coordinator.sends("/new-point", **POINT | {"name_fi": f"Piste {number}"})
    first, second = coordinator.sees("?words=piste"), coordinator.sees("?words=piste&first=25")
    assert first.count('<th scope="row">') == 25
    assert second.count('<th scope="row">') >= 5
    assert "first=25" in unescape(first)
    for odd in (
        "first=-1",
        "first=99999999999999999999",
        "first=x",
        "topic=HISTORIA",
        "words=%25",
        "municipality=Atlantis",
    ):
        coordinator.sees(f"?{odd}")


def test_a_link_is_added_only_with_an_encrypted_address(coordinator: Reader) -> None:
    refused = coordinator.sends("/materials/new", **LINK | {"url": "http://www.example.fi/"})
    assert refused.status_code == 422
    assert "Sen pitää alkaa https://" in refused.text
    made = coordinator.sends("/materials/new", **LINK, topics="TUNNUKSET")
    assert made.location == f"{BASE}/materials/salasanan-vaihto"
    assert "www.example.fi" in coordinator.sees("/materials")
    assert "https://www.example.fi/ohje" in coordinator.sees("/materials/salasanan-vaihto")
    coordinator.sends("/materials/salasanan-vaihto/review")
    coordinator.sends("/materials/salasanan-vaihto/retire")
    assert coordinator.rows("SELECT active FROM material WHERE code = 'salasanan-vaihto'") == [(False,)]


def test_an_event_comes_again_as_it_was_chosen(coordinator: Reader) -> None:
    made = coordinator.sends("/gatherings/new", **EVENT)
    assert made.status_code == 303, made.text
    path = made.location.removeprefix(BASE)
    page = coordinator.sees(path)
    assert all(day in unescape(page) for day in ("25.11.2026", "2.12.2026", "16.12.2026"))
    assert "23.12.2026" not in page
    form = coordinator.sees(f"{path}/edit")
    assert '<option value="weekly" selected>' in form
    assert 'value="2026-12-16"' in form
    changed = EVENT | {
        "repeats": "once",
        "until": "",
        "seen": hidden(coordinator.client.get(f"{BASE}{path}/edit"), "seen"),
    }
    coordinator.sends(f"{path}/edit", **changed)
    assert "2.12.2026" not in coordinator.sees(path)


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"name_sv": ""}, "name_fi"),
        ({"first_day": ""}, "first_day"),
        ({"first_day": "32.1.2026"}, "first_day"),
        ({"begins": "kymmeneltä"}, "begins"),
        ({"ends": "09:00"}, "ends"),
        ({"until": "2026-11-01"}, "until"),
        ({"more_days": "huomenna"}, "more_days"),
        ({"must_register": "1"}, "must_register"),
        ({"municipality": "Atlantis"}, "municipality"),
    ],
)
def test_an_event_typed_wrongly_is_told_beside_the_field(
    coordinator: Reader, typed: dict[str, str], field: str
) -> None:
    refused = coordinator.sends("/gatherings/new", **EVENT | typed)
    assert refused.status_code == 422
    assert f'id="{field}-mistake"' in refused.text
    assert coordinator.rows("SELECT count(*) FROM gathering WHERE name_sv = 'Digistöd på torget'") == [(0,)]


def test_a_day_is_called_off_and_held_after_all_and_the_event_is_ended(coordinator: Reader) -> None:
    path = coordinator.sends("/gatherings/new", **EVENT).location.removeprefix(BASE)
    coordinator.sends(f"{path}/days/2026-12-02", off="1")
    assert "Peruttu" in coordinator.sees(path)
    coordinator.sends(f"{path}/days/2026-12-02")
    assert coordinator.rows("SELECT count(*) FROM occasion WHERE called_off_at IS NOT NULL") == [(0,)]
    for odd in ("2026-12-03", "tomorrow", "2026-99-99"):
        assert coordinator.sends(f"{path}/days/{odd}", off="1").status_code == 404
    coordinator.sends(f"{path}/cancel")
    assert "Ei enää pidetä" in coordinator.sees(path)


def test_how_a_day_went_is_told_in_numbers_and_corrected(coordinator: Reader, now: datetime) -> None:
    day = (now.date() - timedelta(days=5)).isoformat()
    path = coordinator.sends(
        "/gatherings/new", **EVENT | {"first_day": day, "repeats": "once", "until": ""}
    ).location.removeprefix(BASE)
    report = f"{path}/days/{day}/report"
    told = {"people": "12", "minutes": "150", "staff": "2", "topic-PUHELIN": "7", "language-sv": "3"}
    assert coordinator.sends(report, **told).status_code == 303
    assert coordinator.sends(report, **told | {"people": "13"}).status_code == 303
    assert coordinator.rows("SELECT people, topics, languages, staff FROM gathering_report") == [
        (13, {"PUHELIN": 7}, {"sv": 3}, 2)
    ]
    assert 'value="13"' in coordinator.sees(report)
    page = coordinator.sees(path)
    assert "älypuhelin 7" in page


@pytest.mark.parametrize(
    "typed",
    [
        {"people": ""},
        {"people": "monta"},
        {"people": "-1"},
        {"minutes": "0"},
        {"people": "9" * 30},
        {"topic-KELA": "x"},
    ],
)
def test_a_report_without_numbers_is_none(coordinator: Reader, now: datetime, typed: dict[str, str]) -> None:
    day = (now.date() - timedelta(days=5)).isoformat()
    path = coordinator.sends(
        "/gatherings/new", **EVENT | {"first_day": day, "repeats": "once", "until": ""}
    ).location.removeprefix(BASE)
    refused = coordinator.sends(f"{path}/days/{day}/report", **{"people": "1", "minutes": "60"} | typed)
    assert refused.status_code == 422
    assert 'class="mistake"' in refused.text
    assert coordinator.rows("SELECT count(*) FROM gathering_report") == [(0,)]


def test_a_day_that_is_still_to_come_has_not_gone_any_way(coordinator: Reader) -> None:
    path = coordinator.sends("/gatherings/new", **EVENT).location.removeprefix(BASE)
    refused = coordinator.sends(f"{path}/days/2026-11-25/report", people="5", minutes="60")
    assert refused.status_code == 409
    assert "Tätä päivää ei ole vielä pidetty." in refused.text


def test_what_is_nearest_is_shown_to_a_postcode_or_a_name(coordinator: Reader) -> None:
    coordinator.sends("/new-point", **POINT)
    for where in ("20100", "Turku", "Åbo"):
        assert "Kirjaston digipiste" in coordinator.sees(f"/nearest?where={where}")
    refused = coordinator.sees("/nearest?where=Atlantis", 422)
    assert 'id="where-mistake"' in refused
    assert "Kirjaston digipiste" not in coordinator.sees("/nearest")


def test_nothing_of_another_network_is_seen_or_changed(coordinator: Reader, elsewhere: Reader) -> None:
    coordinator.sends("/new-point", **POINT)
    coordinator.sends("/materials/new", **LINK)
    event = coordinator.sends("/gatherings/new", **EVENT).location.removeprefix(BASE)
    for path in ("/points/kirjaston-digipiste", "/materials/salasanan-vaihto", event):
        elsewhere.sees(path, 404)
        elsewhere.sees(f"{path}/edit", 404)
    assert elsewhere.sends("/points/kirjaston-digipiste/retire").status_code == 404
    assert elsewhere.sends(f"{event}/cancel").status_code == 404
    assert elsewhere.sends(f"{event}/days/2026-11-25", off="1").status_code == 404
    assert elsewhere.sends("/points/kirjaston-digipiste/edit", **POINT, seen="").status_code == 409
    assert "Kirjaston digipiste" not in elsewhere.sees("")
    organisation = coordinator.rows("SELECT min(id) FROM organisation")[0][0]
    assert elsewhere.sends("/new-point", **POINT, organisation=organisation).status_code == 422


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.DIGITUKIJA, Role.JASEN, Role.YHDYSHENKILO])
def test_who_may_only_read_reads_and_is_shown_no_button(
    app: Flask, parts: Parts, network: int, coordinator: Reader, role: Role
) -> None:
    coordinator.sends("/new-point", **POINT)
    reader = Reader(app, parts, role, network)
    page = reader.sees("/points/kirjaston-digipiste")
    assert "/edit" not in page
    assert "/retire" not in page
    assert "new-point" not in reader.sees("")
    for path in (
        "/new-point",
        "/points/kirjaston-digipiste/edit",
        "/points/kirjaston-digipiste/retire",
        "/gatherings/new",
    ):
        answer = reader.sends(path, **POINT)
        assert answer.status_code in (302, 403)
    assert coordinator.rows("SELECT active FROM referral_point WHERE code = 'kirjaston-digipiste'") == [(True,)]


@pytest.mark.parametrize("role", [Role.ALUEKOORDINAATTORI, Role.TIETOSUOJAVASTAAVA])
def test_who_has_no_part_in_the_directory_is_shown_the_way_in(
    app: Flask, parts: Parts, network: int, role: Role
) -> None:
    reader = Reader(app, parts, role, network)
    for path in ("", "/materials", "/gatherings", "/nearest"):
        assert reader.client.get(BASE + path).status_code in (302, 403)


def test_a_form_that_was_not_shown_by_us_changes_nothing(coordinator: Reader) -> None:
    assert coordinator.client.post(f"{BASE}/new-point", data=POINT).status_code == 400


@pytest.mark.parametrize("language", ["fi", "sv", "en"])
def test_every_page_can_be_read_in_three_languages(coordinator: Reader, language: str) -> None:
    coordinator.sends("/new-point", **POINT)
    event = coordinator.sends("/gatherings/new", **EVENT).location.removeprefix(BASE)
    for path in (
        "",
        "/new-point",
        "/points/kirjaston-digipiste",
        "/materials",
        "/materials/new",
        "/gatherings",
        event,
        "/nearest?where=20100",
    ):
        page = coordinator.sees(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert f'<html lang="{language}">' in page
