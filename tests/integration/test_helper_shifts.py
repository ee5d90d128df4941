"""A helper's shifts, own time, rules and board, as they keep them by themselves."""

import re
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from flask import Flask

from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from scheduler.people.rules import NewRules, publish_rules
from scheduler.rota.openings import full_shifts
from scheduler.rota.places import drop_place, places_of, release_place
from scheduler.slots import HELSINKI, Grid
from tests.integration.case_room import Reader, Room
from tests.integration.helper_day import HelperDay
from tests.integration.test_helper_pages import HOSTILE, Pair, reader, someone, staff, volunteer
from tickets.board import Notice, put_up
from tickets.network import Helper
from tickets.vocabulary import HelperKind, Role

__all__ = ["staff", "volunteer"]
ACTOR = "person:1"


@pytest.fixture
def page(volunteer: Pair) -> Reader:
    return volunteer[0]


@pytest.fixture
def day(volunteer: Pair) -> HelperDay:
    return volunteer[1]


@pytest.fixture
def other(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Reader:
    return reader(app, parts, someone(demo, HelperKind.VOLUNTEER, 1), now)


def places(day: HelperDay) -> list[int]:
    with day.parts.sessions() as session:
        return [place.id for place in places_of(session, day.helper, since=day.now)]


def state(day: HelperDay, place: int) -> tuple[object, ...]:
    (row,) = day.rows(
        "SELECT state, confirmed_at IS NOT NULL, swap_offered_at IS NOT NULL FROM place WHERE id = :id", id=place
    )
    return row


def test_a_helper_comes_leaves_in_time_and_seeks_somebody_too_late(page: Reader, day: HelperDay) -> None:
    today, tomorrow, later = places(day)[:3]
    assert "Hienoa, olet tulossa." in page.done(f"/helper/shifts/{tomorrow}/confirmation")
    assert state(day, tomorrow) == ("held", True, False)
    assert "liian pian" in page.done(f"/helper/shifts/{today}/leaving")
    assert state(day, today) == ("held", False, False)
    assert "etsitään toista" in page.done(f"/helper/shifts/{today}/swap")
    assert state(day, today) == ("held", False, True)
    assert "pysyy sinulla" in page.done(f"/helper/shifts/{today}/swap/withdrawal")
    assert "ei ole enää sinun" in page.done(f"/helper/shifts/{later}/leaving")
    assert state(day, later)[0] == "dropped"
    assert "ei ole enää sinun" in page.done(f"/helper/shifts/{later}/leaving")


def test_the_next_shift_is_confirmed_from_the_first_page(page: Reader, day: HelperDay, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        drop_place(session, places(day)[0], now=day.now, grid=Grid())
    tomorrow = places(day)[0]
    shown = page.sees("/helper/")
    assert f'action="/helper/shifts/{tomorrow}/confirmation"' in shown
    assert "Hienoa, olet tulossa." in page.done(f"/helper/shifts/{tomorrow}/confirmation", **{"from": "today"})
    assert state(day, tomorrow)[1] is True


def test_a_free_place_is_taken_and_a_swap_goes_to_whoever_takes_it_first(
    page: Reader, other: Reader, day: HelperDay, parts: Parts
) -> None:
    place = places(day)[3]
    shift = day.one("SELECT shift_id FROM place WHERE id = :id", id=place)
    page.done(f"/helper/shifts/{place}/leaving")
    assert f'action="/helper/openings/{shift}/taking"' in page.sees("/helper/openings")
    assert "Vuoro on sinun. Kiitos!" in page.done(f"/helper/openings/{shift}/taking")
    taken = day.one(
        "SELECT id FROM place WHERE shift_id = :s AND helper_id = :h AND state = 'held'", s=shift, h=day.helper
    )
    page.done(f"/helper/shifts/{taken}/swap")
    with parts.sessions.begin() as session:  # so that the other one is free then
        begins = (
            session.connection().exec_driver_sql("SELECT lower(during) FROM place WHERE id = %s", (taken,)).scalar_one()
        )
        theirs = (
            session.connection()
            .exec_driver_sql(
                "SELECT p.id FROM place p JOIN helper h ON h.id = p.helper_id JOIN person n ON n.helper_id = h.id"
                " WHERE n.id = %s AND p.state = 'held' AND lower(p.during)::date = %s::date",
                (other.person, begins),
            )
            .scalar()
        )
        if theirs is not None:
            release_place(session, day.network, theirs, now=day.now, grid=Grid(), actor=ACTOR)
    assert f'action="/helper/openings/swaps/{taken}/taking"' in other.sees("/helper/openings")
    assert "Vuoro on sinun." in other.done(f"/helper/openings/swaps/{taken}/taking")
    assert "ehti ottaa" in page.done(f"/helper/openings/swaps/{taken}/taking")
    assert state(day, int(str(taken)))[0] == "dropped"


def test_a_full_shift_is_waited_for(page: Reader, day: HelperDay, parts: Parts) -> None:
    place = places(day)[4]
    begins = day.one("SELECT lower(during) FROM place WHERE id = :id", id=place)
    page.done(f"/helper/shifts/{place}/leaving")
    assert isinstance(begins, datetime)
    with parts.sessions() as session:
        full = full_shifts(session, day.network, day.helper, now=day.now)
        shift = next(one.shift_id for one in full if one.during.begins.date() == begins.date())
    assert f'action="/helper/openings/{shift}/waiting"' in page.sees("/helper/openings")
    assert "Olet jonossa." in page.done(f"/helper/openings/{shift}/waiting")
    assert "jonossa sijalla 1" in page.sees("/helper/shifts")
    assert f'/helper/openings/{shift}/waiting"' not in page.sees("/helper/openings")
    assert "Et ole enää jonossa." in page.done(f"/helper/openings/{shift}/waiting/end")
    assert "Et ole jonossa" in page.done(f"/helper/openings/{shift}/waiting/end")


def test_nobody_touches_the_place_of_another(other: Reader, day: HelperDay) -> None:
    place = places(day)[1]
    for does in ("confirmation", "leaving", "swap", "swap/withdrawal"):
        assert "ei ole enää sinun" in other.done(f"/helper/shifts/{place}/{does}"), does
    assert state(day, place) == ("held", False, False)
    assert "Tätä vuoroa ei ole." in other.done("/helper/openings/999999/taking")


def test_days_away_are_said_shown_and_taken_back(page: Reader, day: HelperDay) -> None:
    begins = (day.now + timedelta(days=8)).date()
    said = {"says": "cannot", "first": str(begins), "last": str(begins + timedelta(days=2))}
    shown = page.done("/helper/time/away", **said)
    assert "Sinulla on vuoro, kun et pääse" in shown
    ((says, since, until),) = day.rows("SELECT says, lower(during), upper(during) FROM availability")
    assert isinstance(since, datetime)
    assert isinstance(until, datetime)
    assert (says, since.astimezone(HELSINKI).hour, until - since) == ("cannot", 0, timedelta(days=3))
    taken = page.done("/helper/time/taken-back", begins=since.isoformat(), ends=until.isoformat())
    assert "Peruttu." in taken
    assert day.rows("SELECT 1 FROM availability") == []


def test_days_away_that_were_sent_empty_ask_for_the_first_day_and_not_for_the_last(page: Reader) -> None:
    told = page.refused("/helper/time/away", 422, says="cannot", first="", last="")
    assert 'id="first-mistake"' in told or "first-mistake" in told
    assert "last-mistake" not in told


def test_what_is_told_of_a_form_is_told_on_the_page_it_stands_on(page: Reader) -> None:
    told = page.refused("/helper/time/away", 422, says="cannot", first="", last="")
    assert re.findall(r'href="([^"]+)" aria-current="page"', told) == ["/helper/time"]
    assert re.findall(r'href="([^"]+)" aria-current="page"', page.sees("/helper/")) == ["/helper/"]


def test_giving_up_and_seeking_somebody_are_told_apart(page: Reader) -> None:
    shown = page.sees("/helper/shifts")
    assert "En pääse tai haluan vaihtaa vuoroa" in shown
    assert "Luovu vuorosta: se ei ole enää sinun" in shown
    assert "se on sinun, kunnes joku ottaa sen" in shown


def test_the_same_weekdays_are_said_for_some_weeks(page: Reader, day: HelperDay) -> None:
    typed = {"says": "can", "weekdays": ["1", "3"], "clock_from": "9.30", "clock_to": "12:00", "weeks": "3"}
    page.done("/helper/time/weekly", **typed)
    rows = day.rows("SELECT lower(during), upper(during) FROM availability ORDER BY 1")
    assert len(rows) == 6
    walls = [tuple(at.astimezone(HELSINKI) for at in row if isinstance(at, datetime)) for row in rows]
    assert {(begins.weekday(), begins.hour, begins.minute, ends.hour) for begins, ends in walls} == {
        (1, 9, 30, 12),
        (3, 9, 30, 12),
    }


@pytest.mark.parametrize(
    ("form", "typed", "mistake"),
    [
        ("away", {}, "Valitse, pääsetkö vai et."),
        ("away", {"says": "busy", "first": "2026-12-01"}, "Valitse, pääsetkö vai et."),
        ("away", {"says": "can", "first": HOSTILE}, "Valitse päivä."),
        ("away", {"says": "can", "first": "2026-12-05", "last": "2026-12-01"}, "Loppu on ennen alkua."),
        ("away", {"says": "can", "first": "2026-11-20"}, "Tämä aika on jo mennyt."),
        ("away", {"says": "can", "first": "9999-12-31"}, "Päivä on liian kaukana"),
        ("away", {"says": "can", "first": "2026-12-01", "clock_from": "25:00"}, "Kirjoita kellonaika"),
        (
            "away",
            {"says": "can", "first": "2026-12-01", "clock_from": "12:00", "clock_to": "9:00"},
            "Loppu on ennen alkua.",
        ),
        ("weekly", {"says": "can"}, "Valitse ainakin yksi päivä."),
        ("weekly", {"says": "can", "weekdays": ["9"]}, "Valitse ainakin yksi päivä."),
        ("weekly", {"says": "can", "weekdays": ["1"], "weeks": "27"}, "Kirjoita viikkojen määrä"),
        ("wishes", {"wished": "monta"}, "Kirjoita luku 0–99"),
        ("wishes", {"wished": "3", "most": "2"}, "Enimmäismäärä on pienempi"),
        ("wishes", {"rest": "169"}, "Kirjoita tunnit 0–168"),
        ("calendar", {"address": "http://example.fi/a.ics"}, "Tätä osoitetta ei voi lukea"),
        ("calendar", {"address": HOSTILE}, "Tätä osoitetta ei voi lukea"),
    ],
)
def test_what_is_wrong_with_a_time_is_said_and_what_was_typed_stays(
    page: Reader, day: HelperDay, form: str, typed: dict[str, object], mistake: str
) -> None:
    shown = page.refused(f"/helper/time/{form}", **typed)
    assert mistake in shown
    assert all(value in shown for value in typed.values() if isinstance(value, str) and value != "busy")
    assert HOSTILE not in page.sends(f"/helper/time/{form}", **typed).text
    assert day.rows("SELECT 1 FROM availability") == []


def test_wishes_are_kept_and_forgotten_when_left_empty(page: Reader, day: HelperDay) -> None:
    mine = "SELECT wished_per_week, most_per_week, rest_minutes FROM helper WHERE id = :id"
    page.done("/helper/time/wishes", wished="2", most="4", rest="12")
    assert day.rows(mine, id=day.helper) == [(2, 4, 720)]
    assert 'value="12"' in page.sees("/helper/time")
    page.done("/helper/time/wishes", wished="", most="", rest="")
    assert day.rows(mine, id=day.helper) == [(None, None, None)]


def test_an_address_of_ones_shifts_is_shown_once_renewed_and_ended(page: Reader, day: HelperDay) -> None:
    found = r'value="(http[^"]+/calendar/[^"]+\.ics)"'
    first = re.search(found, page.refused("/helper/time/feed", 200))
    assert first
    assert not re.search(found, page.sees("/helper/time"))
    path = first[1].removeprefix("http://127.0.0.1:8000")
    assert page.gets(path).status_code == 200
    second = re.search(found, page.refused("/helper/time/feed", 200))
    assert second
    assert page.gets(path).status_code == 404
    page.done("/helper/time/feed/end")
    assert page.gets(second[1].removeprefix("http://127.0.0.1:8000")).status_code == 404
    page.done("/helper/time/feed/end")


def test_the_address_of_ones_shifts_is_whole_also_where_none_is_set_for_us(app: Flask, page: Reader) -> None:
    parts: Parts = app.extensions[PARTS]
    app.extensions[PARTS] = replace(parts, settings=replace(parts.settings, public_url=None))
    assert re.search(r'value="http://localhost/calendar/[^"]+\.ics"', page.refused("/helper/time/feed", 200))


def test_ones_own_calendar_is_read_and_no_more(page: Reader, day: HelperDay) -> None:
    assert "hetken kuluttua" in page.done("/helper/time/calendar", address="webcal://example.fi/oma.ics")
    assert day.one("SELECT count(*) FROM busy_calendar") == 1
    page.done("/helper/time/calendar/end")
    assert day.one("SELECT count(*) FROM busy_calendar") == 0


def test_rules_are_read_accepted_and_asked_anew_when_they_change(page: Reader, day: HelperDay, parts: Parts) -> None:
    def publish(words: str) -> None:
        asked = NewRules(words, None, (day.now + timedelta(days=10)).date())
        with parts.sessions.begin() as session:
            publish_rules(session, day.network, asked, who=None, now=day.now, grid=Grid(), actor=ACTOR)

    publish("Emme kysy tunnuksia.")
    assert "Lue ja hyväksy säännöt" in page.sees("/helper/")
    shown = page.sees("/helper/rules")
    assert "Emme kysy tunnuksia." in shown
    publish(f"Olemme ajoissa. {HOSTILE}")
    assert "säännöt ovat tällä välin muuttuneet" in page.done("/helper/rules", version="1").lower()
    for version in ("", "x", "99", "2"):
        shown = page.done("/helper/rules", version=version)
    assert "Hyväksyntäsi on kirjattu." in shown
    assert "Noudatan näitä sääntöjä" not in shown
    assert HOSTILE not in page.gets("/helper/rules").text
    assert day.one("SELECT count(*) FROM rules_acceptance") == 1
    assert "Lue ja hyväksy säännöt" not in page.sees("/helper/")


def test_a_badge_that_runs_out_is_told_of_with_how_to_renew_it(page: Reader, day: HelperDay, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        session.get_one(Helper, day.helper).badge_expires_on = (day.now + timedelta(days=6)).date()
    assert "Se on voimassa 30.11.2026 saakka." in page.sees("/helper/")
    assert "Uusi se käymällä" in page.sees("/helper/rules")


def test_the_board_is_read_page_by_page(page: Reader, day: HelperDay, parts: Parts) -> None:
    with parts.sessions.begin() as session:
        for number in range(25):
            notice = Notice(f"Ilmoitus {number}", HOSTILE)
            put_up(session, day.network, notice, person_id=None, now=day.now, actor=ACTOR)
    shown = page.gets("/helper/board")
    assert "Ilmoitus 24" in shown.text
    assert "Ilmoitus 4<" not in shown.text
    assert HOSTILE not in shown.text
    further = re.search(r'href="(/helper/board\?before=\d+)"', shown.text)
    assert further
    assert "Ilmoitus 4<" in page.sees(further[1])
    assert page.gets(f"/helper/board?before={2**80}").status_code == 200


def test_a_key_of_no_helper_has_no_day_here(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> None:
    program = Room(app, parts, now).reader(Role.OPASTAJA, program=True)
    for path in ("", "now", "shifts", "openings", "time", "rules"):
        assert program.gets(f"/helper/{path}").status_code == 403, path
