"""In a network of many people somebody is found by name wherever a person is chosen; in a small one a list is enough."""

import re
from datetime import datetime

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.parts import Parts
from admin.people.choosing import AT_ONCE, Choice, choice_of, fits
from scheduler.people.persons import Identity, add_person
from tests.integration.case_room import Reader, Room
from tests.integration.rota_desk import RotaDesk
from tests.integration.signed_in_people import field
from tickets.directory import NewHelper, add_helper
from tickets.vocabulary import HelperKind, Role
from voice_prompts.language import Language

MANY = 70
LAST = "Zacharias Östling"


@pytest.fixture
def crowded(room: Room) -> Room:
    """With more people who work on tickets than a list should hold; the last by name is Zacharias."""
    with room.parts.sessions.begin() as session:
        for name in (*(f"Neuvoja {number:03}" for number in range(MANY)), LAST):
            made = add_person(
                session, room.office.network, Identity(name), Role.NEUVOJA, who=None, now=room.now, actor="test"
            )
            assert isinstance(made, int)
    return room


def options(page: str, name: str) -> list[str]:
    chosen = re.search(rf'<select[^>]*name="{name}".*?</select>', page, re.DOTALL)
    assert chosen
    return re.findall(r"<option[^>]*>([^<]+)</option>", chosen[0])


def person(room: Room, position: str = "max") -> int:
    ((number,),) = room.rows(f"SELECT {position}(id) FROM person WHERE helper_id IS NULL AND role = 'neuvoja'")
    return int(str(number))


def test_a_few_are_a_list_and_of_many_those_are_shown_who_fit_with_whoever_is_chosen() -> None:
    few = {1: "Aino Aalto", 2: "Bo Berg"}
    assert choice_of(few, "zzz") == Choice(few)
    many = {number: f"Aino {number:03}" for number in range(200)}
    found = choice_of(many, "aino", "150", None)
    assert (len(found.found), found.more, found.searches) == (AT_ONCE + 1, 149, True)
    assert found.found[150] == "Aino 150"
    assert choice_of(many, "033 AINO").found == {33: "Aino 033"}
    assert choice_of(many, "\0" * 9 + "x" * 10_000).found == {}


@pytest.mark.parametrize(("sought", "fit"), [("", True), ("ÖST", True), ("östling zach", True), ("östlin k", False)])
def test_a_name_is_found_by_its_pieces_in_any_order_and_case(sought: str, *, fit: bool) -> None:
    assert fits(sought, LAST) is fit


def test_a_coordinator_gives_a_ticket_to_somebody_far_down_the_list(crowded: Room, coordinator: Reader) -> None:
    path = f"/admin/tickets/{crowded.office.ticket()}"
    before = options(coordinator.sees(path), "person")
    assert LAST not in before
    assert len(before) <= AT_ONCE + 2
    looked = coordinator.sends(f"{path}/owner", person_sought="östling", look="1", deadline="2026-11-30T12:00")
    assert looked.status_code == 200
    assert options(looked.text, "person") == ["Valitse", LAST]
    assert 'value="2026-11-30T12:00"' in looked.text
    assert crowded.rows("SELECT owner_person_id FROM ticket") == [(None,)]
    assert LAST in coordinator.done(f"{path}/owner", person=person(crowded), person_sought="östling")
    assert LAST in options(coordinator.sees(path), "person")
    nobody = coordinator.sends(f"{path}/owner", person_sought="<script>alert(1)</script>", look="1")
    assert "Tämännimistä ei ole." not in nobody.text  # whoever has it is still there to be chosen
    assert "<script>alert" not in nobody.text


def test_in_a_small_network_there_is_nothing_to_search_in(room: Room, coordinator: Reader) -> None:
    assert "person_sought" not in coordinator.sees(f"/admin/tickets/{room.office.ticket()}")


def test_the_officer_finds_who_looked_and_whose_data_is_meant_by_name(crowded: Room) -> None:
    officer = crowded.reader(Role.TIETOSUOJAVASTAAVA)
    assert options(officer.sees("/admin/view-log?person_sought=zach"), "person")[1:] == [LAST]
    assert "muuta sopii myös" in officer.sees("/admin/view-log")
    assert "Tämännimistä ei ole." in officer.sees("/admin/view-log?person_sought=qqq")
    found = officer.sends("/admin/registered", look="1", person_sought="zach")
    assert found.status_code == 200
    assert options(found.text, "person")[1:] == [LAST]


@pytest.fixture
def many_helpers(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> RotaDesk:
    desk = RotaDesk(app, parts, demo, now)
    with parts.sessions.begin() as session:
        for number, name in enumerate((*(f"Auttaja {number:03}" for number in range(MANY)), LAST)):
            new = NewHelper(name, f"+35850{number:07}", (Language.FI,), HelperKind.STAFF)
            add_helper(session, desk.organisation(0), new, now=now)
    return desk


def test_a_helper_is_found_in_the_rota_by_name(many_helpers: RotaDesk) -> None:
    assert LAST not in many_helpers.sees("/admin/rota")
    page = many_helpers.sees("/admin/rota?name=zach")
    assert LAST in page
    assert "Auttaja 001" not in page
    hostile = many_helpers.client.get("/admin/rota?name=%00%3Cscript%3E")
    assert hostile.status_code == 200
    assert "<script>" not in hostile.text


def test_whom_a_place_is_given_to_is_found_by_name(many_helpers: RotaDesk) -> None:
    desk = many_helpers
    helper = desk.demo.helpers[0].id
    shift = desk.shift("10:00", helper, most=2)
    path = f"/admin/rota/shifts/{shift}"
    assert LAST not in desk.sees(path)
    assert "muuta sopii myös" in desk.sees(path)
    found = desk.sees(f"{path}?name=zach")
    assert LAST in found
    assert "Auttaja 001" not in found
    place = f"/admin/rota/places/{desk.place(shift, helper)}"
    assert LAST not in desk.sees(place)
    assert LAST in desk.sees(f"{place}?name=zach")


def test_who_usually_holds_a_place_is_found_by_name_and_whoever_is_chosen_stays(many_helpers: RotaDesk) -> None:
    desk = many_helpers
    (template,) = desk.fetch("SELECT id FROM template")[0]
    path = f"/admin/rota/templates/{template}"
    assert LAST not in desk.sees(path)
    helper = desk.demo.helpers[0]
    found = desk.gets_back(f"{path}/shifts", 200, helper_sought="zach", look="1", helpers=[helper.id], begins="10:00")
    assert LAST in found
    assert helper.name in found
    assert "Auttaja 001" not in found
    assert field(found, "begins") == "10:00"
    shift = desk.fetch("SELECT min(id) FROM template_shift")[0][0]
    assert LAST in desk.gets_back(f"{path}/shifts/{shift}", 200, helper_sought="zach", look="1")
