"""The pages about people: looked for, taken in, changed, gone; nothing half saved, nothing typed lost."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from scheduler.people.persons import Identity, add_person
from tests.integration.signed_in_people import HOSTILE, Keeper
from tickets.directory import add_network, add_organisation
from tickets.vocabulary import Role

NEW = {"name": "Uusi Auttaja", "rings": "yes", "phone": "050 555 0999", "kind": "volunteer", "languages": ["fi", "sv"]}


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


def organisation_of(keeper: Keeper, place: int = 0) -> int:
    return int(str(keeper.fetch("SELECT id FROM organisation ORDER BY id")[place][0]))


def names_in(page: str) -> list[str]:
    return re.findall(r'class="people__name"[^>]*>([^<]*)<', page)


def test_everybody_is_listed_by_name_and_found_by_filter(keeper: Keeper) -> None:
    everybody = names_in(keeper.sees("/admin/people"))
    assert len(everybody) == 19
    assert everybody == sorted(everybody, key=str.casefold)
    assert names_in(keeper.sees("/admin/people?name=kerttu")) == ["Kerttu Koordinaattori"]
    assert names_in(keeper.sees("/admin/people?role=neuvoja")) == ["Niilo Neuvoja"]
    swedish, staff = (
        names_in(keeper.sees("/admin/people?language=sv")),
        names_in(keeper.sees("/admin/people?kind=staff")),
    )
    assert 0 < len(swedish) < 12
    assert 0 < len(staff) < 12
    own = names_in(keeper.sees(f"/admin/people?organisation={organisation_of(keeper)}"))
    assert 0 < len(own) < 19


@pytest.mark.parametrize("asked", ["name=%00", "role=x&kind=y&language=z", "organisation=x", "page=99999", "page=-1"])
def test_filters_that_nobody_offers_ask_for_nothing(keeper: Keeper, asked: str) -> None:
    assert keeper.gets(f"/admin/people?{asked}") == 200


def test_a_long_list_is_shown_page_by_page(keeper: Keeper) -> None:
    with keeper.parts.sessions.begin() as session:
        told = {"who": None, "now": keeper.now, "actor": "test"}
        for number in range(60):
            add_person(session, keeper.network, Identity(f"Aa {number:02}"), Role.NEUVOJA, **told)
    first = keeper.sees("/admin/people?role=neuvoja")
    second = keeper.sees("/admin/people?role=neuvoja&page=2")
    assert (len(names_in(first)), len(names_in(second))) == (50, 11)
    assert "page=2" in first
    assert "role=neuvoja" in re.findall(r'href="([^"]*page=2[^"]*)"', first)[0]


def test_a_badge_that_runs_out_within_sixty_days_is_told_and_listed(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    helper = keeper.fetch("SELECT helper_id FROM person WHERE id = :id", id=person)[0][0]
    name = re.search(r"<h1>([^<]*)</h1>", keeper.sees(f"/admin/people/{person}"))
    for days, there in ((61, False), (60, True), (-3, True)):
        day = (keeper.now + timedelta(days=days)).date()
        with keeper.parts.sessions.begin() as session:
            wanted = "UPDATE helper SET badge_expires_on = CASE WHEN id = :id THEN CAST(:day AS date) END"
            session.execute(text(wanted), {"id": helper, "day": day})
        assert name is not None
        assert (name[1] in names_in(keeper.sees("/admin/people?expiring=1"))) is there, days


def test_whoever_is_taken_in_can_be_told_how_they_sign_in(keeper: Keeper) -> None:
    page = keeper.does("/admin/people/new", organisation=organisation_of(keeper), **NEW)
    assert "http://127.0.0.1:8000/sign-in" in page
    assert "050 555 0999" in page
    assert 'href="sms:+358505550999?body=' in page
    only_mail = {"name": "Neuvo Ja", "rings": "no", "role": "neuvoja", "email": "neuvo@esimerkki.fi"}
    assert 'href="mailto:neuvo@esimerkki.fi?body=' in keeper.does("/admin/people/new", organisation="", **only_mail)


def test_where_no_address_is_set_they_are_told_the_one_by_which_we_were_reached(keeper: Keeper) -> None:
    settings = replace(keeper.parts.settings, public_url=None)
    keeper.app.extensions[PARTS] = replace(keeper.parts, settings=settings)
    page = keeper.does("/admin/people/new", organisation=organisation_of(keeper), **NEW)
    assert "http://localhost/sign-in" in page
    assert "None/sign-in" not in page


def test_a_helper_is_taken_in_and_found(keeper: Keeper) -> None:
    page = keeper.does("/admin/people/new", organisation=organisation_of(keeper), **NEW)
    assert "Henkilö on lisätty." in page
    assert "Uusi Auttaja" in page
    assert "050 555 0999" in page
    assert names_in(keeper.sees("/admin/people?name=uusi")) == ["Uusi Auttaja"]


def test_somebody_who_does_not_ring_is_taken_in_for_the_whole_network(keeper: Keeper) -> None:
    page = keeper.does("/admin/people/new", name="Neuvo Nainen", rings="no", role="neuvoja", email="n@example.fi")
    assert "Koko verkosto" in page
    assert "n@example.fi" in page


WRONG_PEOPLE: list[tuple[dict[str, object], str]] = [
    ({"name": " "}, "Kirjoita tähän jotakin."),
    ({"name": "x" * 10_000}, "Teksti on liian pitkä"),
    ({"phone": "12"}, "Kirjoita numero muodossa"),
    ({"phone": ""}, "auttajalle soitetaan"),
    ({"email": "ei osoite"}, "Kirjoita osoite muodossa"),
    ({"languages": []}, "Valitse jokin vaihtoehdoista."),
    ({"kind": "robot"}, "Valitse jokin vaihtoehdoista."),
    ({"badge_expires_on": "eilen"}, "Valitse päivä."),
    ({"badge_expires_on": "0001-01-01"}, "Valitse päivä."),
    ({"organisation": ""}, "Valitse organisaatio"),
    ({"organisation": "999999"}, "ei ole tällaista organisaatiota"),
    ({"organisation": "9" * 30}, "Valitse jokin vaihtoehdoista."),
    ({"name": HOSTILE, "phone": "1"}, "Kirjoita numero muodossa"),
]


def test_what_is_wrong_is_said_beside_its_field_and_nothing_is_kept(keeper: Keeper) -> None:
    for wrong, told in WRONG_PEOPLE:
        before = keeper.fetch("SELECT count(*) FROM person")
        page = keeper.is_told("/admin/people/new", **{**NEW, "organisation": organisation_of(keeper), **wrong})
        assert told in page
        assert re.search(r'role="alert".*href="#\w+"', page, re.DOTALL)
        assert "<script>alert" not in keeper.sends("/admin/people/new", **{**NEW, "name": HOSTILE, "phone": "1"}).text
        assert keeper.fetch("SELECT count(*) FROM person") == before


def test_all_that_is_wrong_with_somebody_new_is_told_at_once_and_by_its_field(keeper: Keeper) -> None:
    page = keeper.is_told("/admin/people/new", rings="yes")
    for words in (
        "Nimi: Kirjoita tähän jotakin.",
        "Organisaatio: Valitse organisaatio",
        "Puhelinnumero: ",
        "Millainen auttaja: Valitse jokin",
    ):
        assert words in page, words
    taken, address = "040 555 0101", "yhteinen@example.fi"
    keeper.does("/admin/people/new", name="Ensi", rings="no", role="neuvoja", phone=taken, email=address)
    page = keeper.is_told("/admin/people/new", rings="no", phone=taken, email=address)
    for field in ("name", "phone", "email", "role"):
        assert f'<li><a href="#{field}">' in page, field


def test_what_is_chosen_for_somebody_new_at_first_fits_together(keeper: Keeper) -> None:
    page = keeper.sees("/admin/people/new")
    assert re.search(r'value="no" checked', page)  # the whole network is chosen, to which nobody who rings back belongs
    assert not re.search(r'value="yes" checked', page)


def test_nul_and_other_unseen_letters_are_left_out(keeper: Keeper) -> None:
    keeper.does("/admin/people/new", name="Ne\x00uvo\x1b", rings="no", role="neuvoja")
    assert names_in(keeper.sees("/admin/people?name=neuvo"))[0] == "Neuvo"


def test_what_was_typed_stays(keeper: Keeper) -> None:
    page = keeper.is_told("/admin/people/new", **{**NEW, "organisation": organisation_of(keeper), "phone": "x"})
    assert 'value="Uusi Auttaja"' in page
    assert re.search(r'value="volunteer" checked', page)
    assert len(re.findall(r'name="languages" value="\w+" checked', page)) == 2


def test_another_networks_organisation_and_people_are_not_there(keeper: Keeper) -> None:
    with keeper.parts.sessions.begin() as session:
        other = add_network(session, "Muu verkosto", now=keeper.now)
        theirs = add_organisation(session, other, "Muu kunta")
        told = {"who": None, "now": keeper.now, "actor": "test"}
        somebody = add_person(session, other, Identity("Muu Ihminen"), Role.NEUVOJA, **told)
    assert "ei ole tällaista organisaatiota" in keeper.is_told("/admin/people/new", **{**NEW, "organisation": theirs})
    assert keeper.gets(f"/admin/people/{somebody}") == 404
    assert keeper.sends(f"/admin/people/{somebody}/role", role="neuvoja").status_code == 404
    assert keeper.sends(f"/admin/people/{somebody}/leave", sure="1").status_code == 404
    assert "Muu Ihminen" not in keeper.sees("/admin/people")


def test_a_name_and_a_number_are_changed_and_the_log_says_so(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    page = keeper.does(f"/admin/people/{person}/identity", name="Toinen Nimi", phone="050 555 0888", email="")
    assert "<h1>Toinen Nimi</h1>" in page
    assert "Tietoja muutettu: nimi, puhelinnumero" in page
    assert "Paavo Pääkäyttäjä" in page
    taken = keeper.is_told(f"/admin/people/{keeper.helpers_person(1)}/identity", name="Kolmas", phone="050 555 0888")
    assert "käyttää jo tätä numeroa" in taken
    assert 'value="Kolmas"' in taken


def test_papers_are_changed_at_once_where_nobody_loses_by_it(keeper: Keeper) -> None:
    person, ahead = keeper.helpers_person(), (keeper.now + timedelta(days=900)).date()
    kind, organisation, languages = keeper.fetch(
        "SELECT h.kind, h.organisation_id, h.languages FROM helper h JOIN person p ON p.helper_id = h.id WHERE p.id = :id",
        id=person,
    )[0]
    kept = {"kind": kind, "organisation": organisation, "languages": languages}
    assert f"{ahead.day}.{ahead.month}.{ahead.year}" in keeper.does(
        f"/admin/people/{person}/papers", badge_expires_on=ahead, **kept
    )


def test_who_is_away_loses_shifts_and_that_is_asked_first(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    kind, organisation, languages = keeper.fetch(
        "SELECT h.kind, h.organisation_id, h.languages FROM helper h JOIN person p ON p.helper_id = h.id WHERE p.id = :id",
        id=person,
    )[0]
    typed = {"kind": kind, "organisation": organisation, "languages": languages, "away": "1"}
    held = (
        "SELECT count(*) FROM place WHERE state = 'held' AND helper_id = (SELECT helper_id FROM person WHERE id = :id)"
    )
    before = keeper.fetch(held, id=person)
    asked = keeper.sends(f"/admin/people/{person}/papers", **typed)
    assert asked.status_code == 200
    assert "Hän menettäisi nämä vuorot" in asked.text
    assert keeper.fetch(held, id=person) == before
    assert "Poissa" in keeper.does(f"/admin/people/{person}/papers", sure="1", **typed)
    assert keeper.fetch(held, id=person) != before


def test_somebody_leaves_only_when_it_is_confirmed_and_comes_back(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    asked = keeper.sends(f"/admin/people/{person}/leave")
    assert asked.status_code == 200
    assert "Oletko varma?" in asked.text
    assert keeper.fetch("SELECT active FROM person WHERE id = :id", id=person) == [(True,)]
    assert "Lähtenyt" in keeper.does(f"/admin/people/{person}/leave", sure="1")
    assert "on lähtenyt" in keeper.is_told(f"/admin/people/{person}/leave", sure="1")
    assert "Lähtenyt" not in keeper.does(f"/admin/people/{person}/return")
    assert "yhä verkostossa" in keeper.is_told(f"/admin/people/{person}/return")


def test_roles_are_given_and_not_to_oneself_nor_beyond_ones_own(keeper: Keeper) -> None:
    niilo = next(one.id for one in keeper.demo.people if one.role is Role.NEUVOJA)
    assert "Muutos on tallennettu." in keeper.does(f"/admin/people/{niilo}/role", role="jasen")
    assert keeper.fetch("SELECT role FROM person WHERE id = :id", id=niilo) == [("jasen",)]
    assert "et voi antaa" in keeper.is_told(f"/admin/people/{niilo}/role", role="tietosuojavastaava")
    assert "itsellesi" in keeper.is_told(f"/admin/people/{keeper.person}/role", role="neuvoja")
    assert "Valitse jokin" in keeper.is_told(f"/admin/people/{niilo}/role", role="keisari")
    assert keeper.fetch("SELECT role FROM person WHERE id = :id", id=niilo) == [("jasen",)]


def test_a_commitment_is_written_down_and_none_of_tomorrow(keeper: Keeper) -> None:
    niilo = next(one.id for one in keeper.demo.people if one.role is Role.NEUVOJA)
    today = keeper.now.date()
    path = f"/admin/people/{niilo}/commitment"
    assert f"{today.day}.{today.month}.{today.year}" in keeper.does(path, signed_on=today)
    assert "vasta tulossa" in keeper.is_told(path, signed_on=today + timedelta(days=1))
    assert "Valitse päivä" in keeper.is_told(path, signed_on="2026-02-31")
    assert "Sitoumus allekirjoittamatta" in keeper.does(path, signed_on="")


def test_who_keeps_one_organisations_people_sees_and_changes_no_others(
    app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    yrsa = Keeper(app, parts, demo, now, Role.YHDYSHENKILO)
    own = yrsa.fetch("SELECT organisation_id FROM person WHERE id = :id", id=yrsa.person)[0][0]
    seen = yrsa.fetch("SELECT count(*) FROM person WHERE organisation_id = :own AND active", own=own)[0][0]
    assert len(names_in(yrsa.sees("/admin/people"))) == seen
    (stranger,) = yrsa.fetch(
        "SELECT min(id) FROM person WHERE organisation_id <> :own AND helper_id IS NOT NULL", own=own
    )[0]
    assert yrsa.gets(f"/admin/people/{stranger}") == 404
    for path in ("leave", "identity", "role", "commitment", "return"):
        answer = yrsa.sends(
            f"/admin/people/{stranger}/{path}", sure="1", name="X", role="neuvoja", signed_on="2026-11-01"
        )
        assert answer.status_code in (404, 422), path
    assert yrsa.fetch("SELECT active FROM person WHERE id = :id", id=stranger) == [(True,)]
    (other,) = yrsa.fetch("SELECT min(id) FROM organisation WHERE id <> :own", own=own)[0]
    assert "toiselle organisaatiolle" in yrsa.is_told("/admin/people/new", **{**NEW, "organisation": other})


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.OPASTAJA, Role.ALUEKOORDINAATTORI, Role.TIETOSUOJAVASTAAVA])
def test_others_are_shown_the_way_in(app: Flask, parts: Parts, demo: DemoData, now: datetime, role: Role) -> None:
    somebody = Keeper(app, parts, demo, now, role)
    for path in ("/admin/people", "/admin/people/1", "/admin/people/new", "/admin/organisations", "/admin/rights"):
        assert somebody.client.get(path).location.startswith("/sign-in"), path
    assert somebody.sends("/admin/people/new", **NEW).location.startswith("/sign-in")


def test_a_form_of_somebody_elses_making_changes_nothing(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    assert keeper.client.post(f"/admin/people/{person}/leave", data={"sure": "1"}).status_code == 400
    assert keeper.fetch("SELECT active FROM person WHERE id = :id", id=person) == [(True,)]


@pytest.mark.parametrize(("language", "title"), [("fi", "Henkilöt"), ("sv", "Personer"), ("en", "People")])
def test_the_list_speaks_three_languages(keeper: Keeper, language: str, title: str) -> None:
    assert f"<h1>{title}</h1>" in keeper.sees(f"/admin/people?lang={language}")


def test_who_saves_from_an_old_page_does_not_put_back_what_somebody_else_changed(keeper: Keeper) -> None:
    person = keeper.helpers_person()
    page = keeper.sees(f"/admin/people/{person}")
    identity, papers = re.findall(r'name="seen" value="([^"]+)"', page)
    typed = {"languages": ["fi"], "kind": "volunteer", "organisation": organisation_of(keeper), "sure": "1"}
    keeper.does(f"/admin/people/{person}/papers", seen=papers, badge_expires_on="2028-12-31", **typed)
    told = keeper.is_told(f"/admin/people/{person}/papers", seen=papers, badge_expires_on="2027-12-31", **typed)
    assert "Joku muu on muuttanut tätä" in told
    assert 'value="2027-12-31"' in told, "what was typed stays"
    assert "31.12.2028" in told, "and what holds now is told"
    kept = "SELECT badge_expires_on::text FROM helper h JOIN person p ON p.helper_id = h.id WHERE p.id = :id"
    assert keeper.fetch(kept, id=person) == [("2028-12-31",)]
    again = re.findall(r'name="seen" value="([^"]+)"', told)[1]
    keeper.does(f"/admin/people/{person}/papers", seen=again, badge_expires_on="2027-12-31", **typed)
    assert keeper.fetch(kept, id=person) == [("2027-12-31",)]
    keeper.does(f"/admin/people/{person}/identity", seen=identity, name="Uusi Nimi", phone="050 555 0998")
    old = {"seen": identity, "name": "Vanha Nimi", "phone": "050 555 0997"}
    told = keeper.is_told(f"/admin/people/{person}/identity", **old | {"name": " "})
    assert f'value="{identity}"' in told, "a mistake does not make an old page new"
    assert "Joku muu" in keeper.is_told(f"/admin/people/{person}/identity", **old)
    assert "<h1>Uusi Nimi</h1>" in keeper.sees(f"/admin/people/{person}")


def test_everybodys_forms_carry_the_mark_of_what_is_kept(keeper: Keeper) -> None:
    kept = "h.organisation_id = p.organisation_id FROM person p JOIN helper h ON h.id = p.helper_id"
    assert set(keeper.fetch(f"SELECT {kept}")) == {(True,)}
