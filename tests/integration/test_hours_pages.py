"""The hours of a network on their page: changed by whoever keeps the settings, nothing half saved, followed at once."""

from html import unescape

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.signed_in_people import HOSTILE, Keeper, field
from tickets.vocabulary import Role

PAGE, LINES = "/admin/lines/hours", "/admin/lines"
KEPT = "SELECT to_char(opens, 'HH24:MI'), to_char(closes, 'HH24:MI'), notice_minutes, working_days FROM network"
TYPED = {"opens": "10:15", "closes": "18:00", "notice_minutes": "60", "working_days": "5"}


@pytest.fixture
def keeper(app: Flask, parts: Parts, demo: DemoData, now: object) -> Keeper:
    return Keeper(app, parts, demo, parts.clock.now())


def test_hours_are_changed_and_every_page_follows_them(keeper: Keeper) -> None:
    assert "klo 9.00–15.00" in keeper.sees(LINES)
    page = keeper.does(PAGE, seen=field(keeper.sees(PAGE), "seen"), **TYPED)
    assert "Asetukset on tallennettu." in page
    assert "klo 10.15–18.00" in page
    assert "60 minuutin" in page
    assert "5 arkipäivää" in page
    assert keeper.fetch(KEPT) == [("10:15", "18:00", 60, 5)]
    desk = Keeper(keeper.app, keeper.parts, keeper.demo, keeper.now, Role.KOORDINAATTORI)
    shift = desk.sees("/admin/rota/shifts/new")
    assert (field(shift, "begins"), field(shift, "ends")) == ("10:15", "18:00")
    logged = keeper.fetch("SELECT kind, details->'fields' FROM people_change ORDER BY id DESC LIMIT 1")
    assert logged == [("settings_changed", ["opens", "closes", "notice_minutes", "working_days"])]


@pytest.mark.parametrize("typed", ["9", "9.00", "09:00", "9:00"])
def test_an_hour_is_taken_as_people_write_it(keeper: Keeper, typed: str) -> None:
    seen = field(keeper.sees(PAGE), "seen")
    keeper.does(PAGE, seen=seen, **{**TYPED, "opens": typed})
    assert keeper.fetch(KEPT) == [("09:00", "18:00", 60, 5)]


WRONG: list[tuple[dict[str, str], str]] = [
    ({"opens": ""}, "Kirjoita kellonaika"),
    ({"opens": "25:00"}, "Kirjoita kellonaika"),
    ({"closes": "24:00"}, "Kirjoita kellonaika"),
    ({"opens": HOSTILE}, "Kirjoita kellonaika"),
    ({"closes": "9" * 10_000}, "Kirjoita kellonaika"),
    ({"opens": "1\u0660:00"}, "Kirjoita kellonaika"),
    ({"opens": "10:10"}, "neljännestunnille"),
    ({"closes": "11:00"}, "vähintään tuntia"),
    ({"closes": "09:00"}, "vähintään tuntia"),
    ({"notice_minutes": ""}, "rajojen sisällä"),
    ({"notice_minutes": "14"}, "rajojen sisällä"),
    ({"notice_minutes": "1441"}, "rajojen sisällä"),
    ({"notice_minutes": "puoli tuntia"}, "rajojen sisällä"),
    ({"working_days": "0"}, "rajojen sisällä"),
    ({"working_days": "31"}, "rajojen sisällä"),
    ({"working_days": "-1"}, "rajojen sisällä"),
]


def test_what_is_wrong_with_hours_is_said_beside_its_field_and_they_stay(keeper: Keeper) -> None:
    seen = field(keeper.sees(PAGE), "seen")
    for wrong, told in WRONG:
        answer = keeper.sends(PAGE, seen=seen, **{**TYPED, **wrong})
        assert answer.status_code == 422, wrong
        assert "<script>alert" not in answer.text
        page = unescape(answer.text)
        assert told in page, wrong
        (name,) = wrong
        assert f'id="{name}-mistake"' in page, wrong
        others = {other: typed for other, typed in TYPED.items() if other != name}
        assert {other: field(page, other) for other in others} == others, wrong
        assert keeper.fetch(KEPT) == [("09:00", "15:00", 30, 10)]


def test_of_two_who_change_them_the_second_sees_the_first_ones_and_keeps_what_was_typed(keeper: Keeper) -> None:
    seen = field(keeper.sees(PAGE), "seen")
    keeper.does(PAGE, seen=seen, **TYPED)
    page = keeper.is_told(PAGE, seen=seen, **{**TYPED, "opens": "08:00"})
    assert "Joku muu on muuttanut kellonaikoja" in page
    assert "klo 10.15–18.00" in page
    assert field(page, "opens") == "08:00"
    assert keeper.fetch(KEPT) == [("10:15", "18:00", 60, 5)]
    keeper.does(PAGE, seen=field(page, "seen"), **{**TYPED, "opens": "08:00"})
    assert keeper.fetch(KEPT) == [("08:00", "18:00", 60, 5)]


@pytest.mark.parametrize("slip", [{"opens": "ysi"}, {"opens": "10:10"}, {"notice_minutes": ""}])
def test_whoever_mistypes_after_somebody_changed_them_is_told_of_both_and_overwrites_nothing(
    keeper: Keeper, slip: dict[str, str]
) -> None:
    seen, mine = field(keeper.sees(PAGE), "seen"), {**TYPED, "opens": "08:00", "closes": "16:00"}
    keeper.does(PAGE, seen=seen, **TYPED)
    page = keeper.is_told(PAGE, seen=seen, **{**mine, **slip})
    assert "Joku muu on muuttanut kellonaikoja" in page
    assert "klo 10.15–18.00" in page
    assert keeper.fetch(KEPT) == [("10:15", "18:00", 60, 5)]


def test_a_slip_does_not_hide_what_somebody_changes_before_it_is_mended(keeper: Keeper) -> None:
    mine = {**TYPED, "opens": "08:00"}
    page = keeper.is_told(PAGE, seen=field(keeper.sees(PAGE), "seen"), **{**mine, "opens": "ysi"})
    keeper.does(PAGE, seen=field(keeper.sees(PAGE), "seen"), **TYPED)  # somebody else, meanwhile
    told = keeper.is_told(PAGE, seen=field(page, "seen"), **mine)
    assert "Joku muu on muuttanut kellonaikoja" in told
    assert keeper.fetch(KEPT) == [("10:15", "18:00", 60, 5)]


def test_the_same_hours_saved_again_are_no_change(keeper: Keeper) -> None:
    same = {"opens": "09:00", "closes": "15:00", "notice_minutes": "30", "working_days": "10"}
    before = keeper.fetch("SELECT count(*) FROM people_change")
    keeper.does(PAGE, seen=field(keeper.sees(PAGE), "seen"), **same)
    assert keeper.fetch("SELECT count(*) FROM people_change") == before


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.JASEN, Role.OPASTAJA])
def test_whoever_does_not_keep_the_settings_changes_nothing(keeper: Keeper, role: Role) -> None:
    seen = field(keeper.sees(PAGE), "seen")
    other = Keeper(keeper.app, keeper.parts, keeper.demo, keeper.now, role)
    assert other.gets(PAGE) in (302, 403)
    assert other.sends(PAGE, seen=seen, **TYPED).status_code in (302, 403)
    assert keeper.fetch(KEPT) == [("09:00", "15:00", 30, 10)]


def test_a_coordinator_who_keeps_prompts_reads_the_hours(keeper: Keeper) -> None:
    other = Keeper(keeper.app, keeper.parts, keeper.demo, keeper.now, Role.KOORDINAATTORI)
    page = other.sees(LINES)
    assert "klo 9.00–15.00" in page
    assert (PAGE in page) == (other.gets(PAGE) == 200)


def test_other_networks_keep_their_own(keeper: Keeper) -> None:
    with keeper.parts.sessions.begin() as session:
        session.connection().exec_driver_sql(
            "INSERT INTO network (name, boundaries, created_at) VALUES ('Toinen', '{}', now())"
        )
    keeper.does(PAGE, seen=field(keeper.sees(PAGE), "seen"), **TYPED)
    assert keeper.fetch(KEPT + " WHERE name = 'Toinen'") == [("09:00", "15:00", 30, 10)]
