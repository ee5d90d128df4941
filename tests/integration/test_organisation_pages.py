"""Organisations, who takes which topic, who may do what, the rules and the board: as whoever keeps them uses the pages."""

import re
from datetime import datetime, timedelta
from typing import Any, Final

import pytest
from flask import Flask
from sqlalchemy import text
from sqlalchemy.exc import OperationalError

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.people import boundaries, rights
from tests.integration.signed_in_people import HOSTILE, Keeper, field
from tickets.rights import Right, Rights, Scope
from tickets.vocabulary import Role, Topic

OTHER: Final = '{"staff": {"MUU": "guides"}}'


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now)


@pytest.fixture
def coordinator(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Keeper:
    return Keeper(app, parts, demo, now, Role.KOORDINAATTORI)


def first_organisation(keeper: Keeper) -> int:
    return int(str(keeper.fetch("SELECT min(id) FROM organisation")[0][0]))


def test_an_organisation_joins_with_municipalities_found_by_name_and_by_region(keeper: Keeper) -> None:
    answer = keeper.sends("/admin/organisations/new", name="Uusi", wanted="turku", find="1")
    assert answer.status_code == 200
    assert 'name="serves-853"' in answer.text
    typed = {"name": "Uusi", "serves-853": "own", "serves-019": "agreed", "serves-202": "no"}
    region = keeper.sends("/admin/organisations/new", wanted="åland", find="1", **typed).text
    assert region.count('name="serves-') > 15
    assert re.search(r'name="serves-853">\s*<option[^>]*>[^<]*</option><option value="own" selected', region)
    assert keeper.fetch("SELECT count(*) FROM organisation WHERE name = 'Uusi'") == [(0,)]
    page = keeper.does("/admin/organisations/new", **typed)
    assert "Uusi" in page
    assert keeper.fetch("SELECT serves, agreed FROM organisation WHERE name = 'Uusi'") == [(["853"], ["019"])]


def test_municipalities_stand_in_the_order_of_the_names_that_are_read(keeper: Keeper) -> None:
    typed = {"name": "Saaristo", "serves-445": "own", "serves-853": "own", "serves-018": "own", "serves-148": "own"}
    keeper.does("/admin/organisations/new", **typed)
    for language, names in (("fi", "Askola, Inari, Parainen, Turku"), ("sv", "Askola, Enare, Pargas, Åbo")):
        assert names in keeper.sees(f"/admin/organisations?lang={language}"), language


def test_what_is_wrong_with_an_organisation_is_said_and_nothing_is_kept(keeper: Keeper) -> None:
    (name,) = keeper.fetch("SELECT name FROM organisation ORDER BY id LIMIT 1")[0]
    before = keeper.fetch("SELECT count(*) FROM organisation")
    assert "Kirjoita tähän jotakin" in keeper.is_told("/admin/organisations/new", name=" ")
    assert "on jo olemassa" in keeper.is_told("/admin/organisations/new", name=name, **{"serves-853": "own"})
    assert "liian pitkä" in keeper.is_told("/admin/organisations/new", name="x" * 10_000)
    kept = keeper.is_told("/admin/organisations/new", name=name, **{"serves-853": "own", "serves-999": "own"})
    assert 'name="serves-853"' in kept
    assert 'name="serves-999"' not in kept
    assert keeper.fetch("SELECT count(*) FROM organisation") == before
    assert keeper.gets("/admin/organisations/999999") == 404
    assert keeper.sends("/admin/organisations/999999", name="X").status_code == 404
    assert "<script>" not in keeper.sends("/admin/organisations/new", name=HOSTILE, find="1").text


def test_an_organisation_is_changed_and_only_by_those_whose_it_is(
    keeper: Keeper, app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    organisation = first_organisation(keeper)
    answer = keeper.sends(f"/admin/organisations/{organisation}", name="Toinen nimi", sure="1")
    assert answer.status_code == 303
    assert keeper.fetch("SELECT name FROM organisation WHERE id = :id", id=organisation) == [("Toinen nimi",)]
    yrsa = Keeper(app, parts, demo, now, Role.YHDYSHENKILO)
    assert yrsa.gets(f"/admin/organisations/{organisation}") == 404
    assert yrsa.sends(f"/admin/organisations/{organisation}", name="Vierasta", sure="1").status_code == 404
    assert keeper.fetch("SELECT name FROM organisation WHERE id = :id", id=organisation) == [("Toinen nimi",)]
    assert "toiselle organisaatiolle" in yrsa.is_told("/admin/organisations/new", name="Vieras")


def cells(page: str) -> dict[str, str]:
    """What each cell of the matrix says now."""
    found = re.findall(r'<select name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL)
    chosen = {name: re.search(r'value="([^"]*)" selected', options) for name, options in found}
    return {name: "" if one is None else one[1] for name, one in chosen.items()}


def test_every_cell_can_be_set_and_says_what_it_inherits(keeper: Keeper) -> None:
    page = keeper.sees("/admin/boundaries")
    assert len(cells(page)) == 2 * len(Topic)
    assert set(cells(page).values()) == {""}
    assert "Tavallisesti: Hoitaa" in page
    assert "Kuten muuallakin" not in page  # the network is everywhere
    options = set(re.findall(r'<option value="\w+"[^>]*>([^<]+)</option>', page.split('id="form"')[1]))
    assert options == {"Hoitaa", "Opastaa", "Ohjaa eteenpäin", "Ei saa"}
    typed = {"seal": field(page, "seal"), "volunteer-KELA": "guides", "staff-MUU": "handles"}
    after = keeper.does("/admin/boundaries", **typed)
    assert {name for name, said in cells(after).items() if said} == {"volunteer-KELA", "staff-MUU"}
    organisation = first_organisation(keeper)
    theirs = keeper.sees(f"/admin/boundaries?organisation={organisation}")
    assert set(cells(theirs).values()) == {""}
    assert "kuten koko verkostossa" in theirs
    assert "Kuten muuallakin: " in theirs


def test_helpers_who_would_lose_a_topic_are_told_of_before_it_is_done(keeper: Keeper) -> None:
    typed = {"seal": field(keeper.sees("/admin/boundaries"), "seal"), "volunteer-PUHELIN": "must_not"}
    asked = keeper.sends("/admin/boundaries", **typed)
    assert asked.status_code == 200
    assert "Näitä aiheita ei sitten enää oteta" in asked.text
    assert keeper.fetch("SELECT boundaries FROM network") == [({},)]
    keeper.does("/admin/boundaries", sure="1", **typed)
    assert keeper.fetch("SELECT boundaries FROM network") == [({"volunteer": {"PUHELIN": "must_not"}},)]


def test_who_changes_a_matrix_that_somebody_else_has_changed_sees_theirs_first(keeper: Keeper) -> None:
    seal = field(keeper.sees("/admin/boundaries"), "seal")
    keeper.does("/admin/boundaries", seal=seal, **{"staff-PANKKI": "guides"})
    page = keeper.is_told("/admin/boundaries", seal=seal, **{"staff-MUU": "guides"})
    assert "Joku muu on muuttanut" in page
    assert cells(page)["staff-PANKKI"] == "guides"
    assert keeper.fetch("SELECT boundaries FROM network") == [({"staff": {"PANKKI": "guides"}},)]
    assert keeper.gets("/admin/boundaries?organisation=999999") == 404


def test_stances_and_cells_that_there_are_not_change_nothing(keeper: Keeper) -> None:
    seal = field(keeper.sees("/admin/boundaries"), "seal")
    keeper.does("/admin/boundaries", seal=seal, **{"staff-MUU": "emperor", "robot-MUU": "handles", "staff-X": "guides"})
    assert keeper.fetch("SELECT boundaries FROM network") == [({},)]


def test_who_keeps_one_organisation_sets_its_matrix_and_only_reads_the_networks(
    keeper: Keeper, app: Flask, parts: Parts, demo: DemoData, now: datetime
) -> None:
    yrsa = Keeper(app, parts, demo, now, Role.YHDYSHENKILO)
    page = yrsa.sees("/admin/boundaries")
    assert not cells(page)
    assert yrsa.sends("/admin/boundaries", seal=field(page, "seal")).location.startswith("/sign-in")


def test_the_matrix_of_rights_shows_every_role_and_right(keeper: Keeper) -> None:
    page = keeper.sees("/admin/rights")
    assert page.count('<th scope="row">') == len(Right)
    assert page.count('href="/admin/rights/') == len(Role)


def test_a_right_is_given_and_taken_and_what_may_not_be_is_not_offered(keeper: Keeper) -> None:
    page = keeper.sees("/admin/rights/neuvoja")
    assert re.search(r'id="read_view_log".*?value="network" disabled', page, re.DOTALL)
    assert "Laajempaa oikeutta ei voi antaa tälle roolille." in page
    after = keeper.does("/admin/rights/neuvoja", seal=field(page, "seal"), read_relay="none", post_on_board="network")
    assert "tavallisesti: Koko verkosto" in after
    changed = keeper.fetch("SELECT role_rights FROM network")[0][0]
    assert changed == {"neuvoja": {"read_relay": None, "post_on_board": "network"}}


@pytest.mark.parametrize(
    ("role", "typed", "told"),
    [
        ("neuvoja", {"read_view_log": "network"}, "ei voi antaa tälle roolille"),
        ("opastaja", {"see_contact": "own", "read_relay": "none"}, "ei voi antaa tälle roolille"),
        ("paakayttaja", {"keep_settings": "none"}, "ei voi poistaa"),
    ],
)
def test_what_may_not_be_given_is_refused_whole(keeper: Keeper, role: str, typed: dict[str, str], told: str) -> None:
    seal = field(keeper.sees(f"/admin/rights/{role}"), "seal")
    assert told in keeper.is_told(f"/admin/rights/{role}", seal=seal, **typed)
    assert keeper.fetch("SELECT role_rights FROM network") == [({},)]
    assert "Joku muu" in keeper.is_told(f"/admin/rights/{role}", seal="x", **typed)
    assert keeper.gets("/admin/rights/keisari") == 404


def test_rules_are_published_required_and_accepted(keeper: Keeper) -> None:
    day = (keeper.now + timedelta(days=30)).date()
    page = keeper.does("/admin/rules/new", text_fi="Olemme ystävällisiä.", text_sv="Vi är vänliga.", sure="1")
    assert "Olemme ystävällisiä." in page
    assert "Hyväksyntää ei vaadita." in page
    version = keeper.fetch("SELECT max(version) FROM network_rules")[0][0]
    assert f"{day.day}.{day.month}.{day.year}" in keeper.does(
        f"/admin/rules/{version}/requirement", required_from=day, sure="1"
    )
    people = keeper.fetch("SELECT count(*) FROM person WHERE active")[0][0]
    assert f"Ei vielä hyväksyneet ({people})" in keeper.sees("/admin/rules")
    assert f"Ei vielä hyväksyneet ({int(str(people)) - 1})" in keeper.does(f"/admin/rules/{version}/acceptance")


def test_rules_without_words_or_from_a_day_that_is_over_are_not_published(keeper: Keeper) -> None:
    past = (keeper.now - timedelta(days=1)).date()
    before = keeper.fetch("SELECT count(*) FROM network_rules")
    page = keeper.is_told("/admin/rules/new", text_fi=HOSTILE, required_from=past)
    assert "on jo mennyt" in page
    assert "Kirjoita tähän" in keeper.is_told("/admin/rules/new", text_fi="")
    assert "liian pitkä" in keeper.is_told("/admin/rules/new", text_fi="x" * 60_000)
    assert "Valitse päivä" in keeper.is_told("/admin/rules/new", text_fi="Sääntö.", required_from="x")
    assert keeper.fetch("SELECT count(*) FROM network_rules") == before
    assert keeper.sends("/admin/rules/999/acceptance").status_code == 404
    assert keeper.sends("/admin/rules/999/requirement", required_from="").status_code == 404


def test_a_notice_goes_up_is_reworded_and_comes_down(keeper: Keeper) -> None:
    page = keeper.does("/admin/board/new", title="Kahvit", text="Kahvit torstaina.", pinned_until="2026-12-01")
    assert "Kahvit torstaina." in page
    assert "ylimpänä 1.12.2026 asti" in page
    (post,) = keeper.fetch("SELECT id FROM board_post ORDER BY id DESC LIMIT 1")[0]
    assert "Kahvit perjantaina." in keeper.does(f"/admin/board/{post}", title="Kahvit", text="Kahvit perjantaina.")
    assert "Kahvit perjantaina." not in keeper.does(f"/admin/board/{post}/removal")
    assert "poistettu taululta" in keeper.does(f"/admin/board/{post}/removal")


def test_a_notice_without_words_or_with_too_many_is_not_put_up(keeper: Keeper) -> None:
    before = keeper.fetch("SELECT count(*) FROM board_post")
    assert "Kirjoita tähän" in keeper.is_told("/admin/board/new", title="", text="Hei")
    assert "liian pitkä" in keeper.is_told("/admin/board/new", title="Hei", text="x" * 10_001)
    assert 'value="Hei"' in keeper.is_told("/admin/board/new", title="Hei", text="", pinned_until="x")
    assert keeper.fetch("SELECT count(*) FROM board_post") == before
    assert keeper.gets("/admin/board/999999") == 404
    assert "<script>" not in keeper.sends("/admin/board/new", title=HOSTILE, text="").text


def test_a_notice_of_somebody_else_is_theirs(keeper: Keeper, coordinator: Keeper) -> None:
    keeper.does("/admin/board/new", title="Oma", text="Oma ilmoitus.")
    (post,) = keeper.fetch("SELECT max(id) FROM board_post")[0]
    assert coordinator.gets(f"/admin/board/{post}") == 403
    assert coordinator.sends(f"/admin/board/{post}", title="X", text="Y").status_code == 403
    assert f'/admin/board/{post}"' not in coordinator.sees("/admin/board")
    assert "Oma ilmoitus." in keeper.sees("/admin/board")


def test_a_full_board_is_read_page_by_page(keeper: Keeper) -> None:
    for number in range(22):
        assert keeper.sends("/admin/board/new", title=f"Ilmoitus {number}", text="Hei.").status_code == 303
    first = keeper.sees("/admin/board")
    assert first.count('class="card notice"') == 20
    older = re.search(r'href="(/admin/board\?before=\d+)"', first)
    assert older is not None
    assert keeper.sees(older[1]).count('class="card notice"') >= 2


def test_who_saves_an_organisation_from_an_old_page_is_shown_how_it_is_now(keeper: Keeper) -> None:
    path = f"/admin/organisations/{first_organisation(keeper)}"
    seen = field(keeper.sees(path), "seen")
    keeper.does(path, seen=seen, name="Toisen nimi", sure="1", **{"serves-853": "own"})
    looked = keeper.sends(path, seen=seen, name="Oma nimi", wanted="turku", find="1").text
    assert field(looked, "seen") == seen, "looking for municipalities does not make an old page new"
    page = keeper.is_told(path, seen=seen, name="Oma nimi", sure="1", **{"serves-019": "own"})
    assert "Joku muu on muuttanut" in page
    assert "Toisen nimi" in page
    assert "Turku" in page
    assert field(page, "name") == "Oma nimi"
    kept = "SELECT name, serves FROM organisation ORDER BY id LIMIT 1"
    assert keeper.fetch(kept) == [("Toisen nimi", ["853"])]
    keeper.does(path, seen=field(page, "seen"), name="Oma nimi", sure="1", **{"serves-019": "own"})
    assert keeper.fetch(kept) == [("Oma nimi", ["019"])]


def test_a_matrix_that_is_written_after_it_was_read_is_not_overwritten(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = field(keeper.sees("/admin/boundaries"), "seal")
    before = boundaries.settle

    def later(*asked: Any, **how: Any) -> Any:
        with keeper.parts.sessions.begin() as session:
            session.execute(text("UPDATE network SET boundaries = CAST(:kept AS jsonb)"), {"kept": OTHER})
        return before(*asked, **how)

    monkeypatch.setattr(boundaries, "settle", later)
    assert "Joku muu" in keeper.is_told("/admin/boundaries", seal=seal, **{"staff-PANKKI": "guides"})
    assert keeper.fetch("SELECT boundaries::text FROM network") == [(OTHER,)]


def test_nobody_writes_rights_between_their_reading_and_their_writing(
    keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    seal = field(keeper.sees("/admin/rights/neuvoja"), "seal")
    before = rights._typed

    def later(held: Rights) -> dict[Right, Scope | None]:
        with keeper.parts.sessions() as session:
            session.execute(text("SET LOCAL lock_timeout = '50ms'"))
            with pytest.raises(OperationalError):
                session.execute(text("UPDATE network SET role_rights = '{}'"))
        return before(held)

    monkeypatch.setattr(rights, "_typed", later)
    keeper.does("/admin/rights/neuvoja", seal=seal, read_relay="none")
    assert keeper.fetch("SELECT role_rights FROM network") == [({"neuvoja": {"read_relay": None}},)]


def test_a_notice_that_is_sent_twice_hangs_once(keeper: Keeper) -> None:
    word = field(keeper.sees("/admin/board/new"), "once")
    for _ in range(2):
        keeper.does("/admin/board/new", title="Kahvit", text="Torstaina.", once=word)
    assert keeper.sees("/admin/board").count("Torstaina.") == 1
