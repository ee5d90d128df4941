"""The rota's week, its places and shifts, as a coordinator works them: asked before it breaks, told when it cannot be."""

from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from scheduler.rota.availability import Stated, say
from scheduler.rota.closures import NewClosure, close
from scheduler.rota.waits import ask_to_wait
from scheduler.rota.wishes import Says
from scheduler.slots import Grid, Span
from tests.integration.rota_desk import SATURDAY, RotaDesk
from tests.integration.signed_in_people import HOSTILE
from tickets.vocabulary import Role
from voice_prompts.language import Language

WEEK = f"/admin/rota?day={SATURDAY}"
NEW = {"day": "2026-11-28", "begins": "09:00", "ends": "12:00", "needed": "1", "most": "2", "call": "60"}


@pytest.fixture
def desk(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> RotaDesk:
    return RotaDesk(app, parts, demo, now)


def two_of(desk: RotaDesk) -> tuple[int, int]:
    """One who speaks Swedish, and one who does not."""
    swede = next(one.id for one in desk.demo.helpers if Language.FI in one.languages and Language.SV in one.languages)
    return swede, next(one.id for one in desk.demo.helpers if Language.SV not in one.languages)


def test_a_week_shows_everybody_with_their_places_and_what_keeps_them(desk: RotaDesk, now: datetime) -> None:
    one = desk.demo.helpers[0]
    with desk.parts.sessions.begin() as session:
        span = Span(now + timedelta(days=1), now + timedelta(days=1, hours=2))
        say(session, desk.network, one.id, Stated(Says.CANNOT, span), now=now)
        closed = NewClosure(Span(now + timedelta(days=2), now + timedelta(days=2, hours=2)), HOSTILE)
        close(session, desk.network, closed, now=now, grid=Grid(), actor="test")
    desk.shift(published=False)
    page = desk.sees("/admin/rota")
    for helper in desk.demo.helpers:
        assert f'<span class="rota__name">{helper.name}</span>' in page
    assert page.count('data-place="') == 48
    assert "ei pääse 9.10–11.10" in page
    assert "1 tämän viikon vuoro on luonnos" in page
    assert HOSTILE in page
    assert HOSTILE not in desk.client.get("/admin/rota").text, "escaped"


def test_a_week_by_time_tells_room_promises_and_what_nobody_keeps(desk: RotaDesk) -> None:
    swede, finn = two_of(desk)
    shift = desk.shift("10:00", swede, finn)
    desk.promise("10:00", language=Language.SV)
    assert "1 lupaus" in desk.sees(f"{WEEK}&by=time")
    desk.does(f"/admin/rota/places/{desk.place(shift, swede)}/release")
    assert "1 ilman auttajaa" in desk.sees(f"{WEEK}&by=time")


def test_weeks_that_nobody_offers_are_shown_as_the_usual_one(desk: RotaDesk) -> None:
    days = ("day=%00", "day=9999-12-31", "day=0001-01-01", "page=-1", "page=99999", "moved=1.2", "moved=%00.1.1")
    whose = ("by=x&language=xx", "organisation=x", "area=%00", "organisation=99999999999999999999", "moved=9999999.1.1")
    for asked in (*days, *whose):
        assert desk.gets(f"/admin/rota?by=helper&{asked}") == 200, asked
        assert desk.gets(f"/admin/rota?by=time&{asked}") == 200, asked


def test_a_week_is_narrowed_to_a_language_an_organisation_and_a_municipality(desk: RotaDesk) -> None:
    swedish = {one.name for one in desk.demo.helpers if Language.SV in one.languages}
    shown = _rows(desk.sees("/admin/rota?language=sv"))
    assert shown == swedish
    own = _rows(desk.sees(f"/admin/rota?organisation={desk.organisation()}"))
    assert own == {one.name for one in desk.demo.helpers if one.organisation == desk.demo.organisations[0]}
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE organisation SET agreed = '{}'"))
    served = _rows(desk.sees("/admin/rota?area=445"))
    assert served == {one.name for one in desk.demo.helpers if one.organisation != desk.demo.organisations[0]}


def _rows(page: str) -> set[str]:
    return {piece.split("</span>")[0] for piece in page.split('<span class="rota__name">')[1:]}


def test_a_place_that_nobody_would_miss_moves_at_once_and_back_again(desk: RotaDesk) -> None:
    first, second = desk.demo.helpers[0].id, desk.demo.helpers[8].id
    shift = desk.shift("10:00", first)
    page = desk.does(f"/admin/rota/places/{desk.place(shift)}/move", shift=shift, helper=second)
    assert desk.who(shift) == [second]
    assert "Paikka on siirretty" in page
    assert f"{desk.name(first)}, la 28.11. 10.00–13.00" in page
    desk.does(f"/admin/rota/places/{desk.place(shift)}/move", shift=shift, helper=first)
    assert desk.who(shift) == [first]


def test_what_a_move_would_break_is_told_before_and_done_only_when_it_is_known(desk: RotaDesk) -> None:
    swede, finn = two_of(desk)
    shift = desk.shift("10:00", swede)
    callback, place = desk.promise("10:00", language=Language.SV), desk.place(shift)
    page = desk.sees(f"/admin/rota/places/{place}")
    assert "1 lupausta kukaan ei voisi pitää:" in page
    assert "Ilman ruotsin puhujaa jäisi:" in page
    move = {"shift": shift, "helper": finn}
    asked = desk.gets_back(f"/admin/rota/places/{place}/move", 200, **move)
    assert "Siirretäänkö silti?" in asked
    assert (desk.who(shift), desk.state(callback)) == ([swede], "promised")
    desk.does(f"/admin/rota/places/{place}/move", **move, anyway="1")
    assert (desk.who(shift), desk.state(callback)) == ([finn], "deficit")


def test_a_helper_goes_to_another_shift_of_the_days_around(desk: RotaDesk) -> None:
    helper = desk.demo.helpers[0].id
    early, late = desk.shift("10:00", helper), desk.shift("14:00")
    place = desk.place(early)
    assert "la 28.11. 14.00–17.00" in desk.sees(f"/admin/rota/places/{place}")
    desk.does(f"/admin/rota/places/{place}/move", shift=late, helper=helper, anyway="1")
    assert (desk.who(early), desk.who(late)) == ([], [helper])


def test_what_bars_a_move_is_said_beside_the_place_and_nothing_moves(desk: RotaDesk) -> None:
    first, second = desk.demo.helpers[0].id, desk.demo.helpers[1].id
    shift = desk.shift("10:00", first)
    desk.shift("11:00", second)
    path = f"/admin/rota/places/{desk.place(shift)}/move"
    assert "Hänellä on silloin toinen vuoro." in desk.gets_back(path, 409, shift=shift, helper=second, anyway="1")
    assert desk.who(shift) == [first]


def test_a_place_that_has_moved_since_is_told_kindly_with_the_shift_as_it_is(desk: RotaDesk) -> None:
    first, second, third = (one.id for one in desk.demo.helpers[:3])
    shift = desk.shift("10:00", first)
    place = desk.place(shift)
    desk.does(f"/admin/rota/places/{place}/move", shift=shift, helper=second, anyway="1")
    for path in ("move", "release", "confirm", "stays"):
        page = desk.gets_back(f"/admin/rota/places/{place}/{path}", 409, shift=shift, helper=third, anyway="1")
        assert "Paikka on muuttunut sen jälkeen, kun avasit sivun" in page
        assert desk.name(second) in page
    assert desk.who(shift) == [second]
    assert desk.gets(f"/admin/rota/places/{place}") == 409
    assert desk.gets("/admin/rota/places/999999") == 404


def test_a_move_that_no_form_of_ours_sends_moves_nothing(desk: RotaDesk) -> None:
    helper = desk.demo.helpers[0].id
    shift = desk.shift("10:00", helper)
    path = f"/admin/rota/places/{desk.place(shift)}/move"
    desk.gets_back(path, 400)
    for typed in (("x", "1"), ("1", "\x00"), ("99999999999999999999", "1"), ("1" * 10_000, "1")):
        desk.gets_back(path, 400, shift=typed[0], helper=typed[1])
    desk.gets_back(path, 409, shift="999999", helper=helper, anyway="1")
    assert desk.who(shift) == [helper]


def test_whoever_drags_is_told_the_same_of_each_target(desk: RotaDesk) -> None:
    swede, finn = two_of(desk)
    shift = desk.shift("10:00", swede)
    page = desk.sees(f"/admin/rota/places/{desk.place(shift)}/targets")
    assert f'data-holder="{swede}"' in page
    line = next(piece for piece in page.split("<li") if f'data-helper="{finn}"' in piece and str(SATURDAY) in piece)
    assert 'data-grade="breaks"' in line
    assert "Ilman ruotsin puhujaa jäisi" in line


def test_coming_swaps_and_leaving_are_noted(desk: RotaDesk) -> None:
    helper = desk.demo.helpers[0].id
    shift = desk.shift("10:00", helper)
    place = desk.place(shift)
    assert "on luvannut tulla" in desk.does(f"/admin/rota/places/{place}/confirm")
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE place SET swap_offered_at = now() WHERE id = :id"), {"id": place})
    assert "etsii sijaista" in desk.sees(f"/admin/rota/places/{place}")
    assert f"{desk.name(helper)}, la 28.11. 10.00–13.00" in desk.sees("/admin/rota/openings")
    assert "etsii sijaista" not in desk.does(f"/admin/rota/places/{place}/stays")
    desk.gets_back(f"/admin/rota/places/{place}/stays", 409)
    assert "Ei vielä ketään" in desk.does(f"/admin/rota/places/{place}/release")


def test_a_place_is_given_also_beyond_wishes_but_only_knowingly(desk: RotaDesk, now: datetime) -> None:
    helper, shift = desk.demo.helpers[0].id, desk.shift("10:00")
    with desk.parts.sessions.begin() as session:
        whole = Span(now, now + timedelta(days=9))
        say(session, desk.network, helper, Stated(Says.CANNOT, whole), now=now)
    path = f"/admin/rota/shifts/{shift}/places"
    assert "Hän on sanonut, ettei pääse." in desk.gets_back(path, 409, helper=helper)
    assert "Hän on sanonut, ettei pääse." in desk.sees(f"/admin/rota/shifts/{shift}")
    assert "annettu säännöistä poiketen" in desk.does(path, helper=helper, anyway="1")
    assert desk.who(shift) == [helper]
    assert desk.sends(path, helper="x").status_code == 400


def test_who_waits_for_a_shift_is_shown_in_their_order_and_may_be_taken_off(desk: RotaDesk, now: datetime) -> None:
    first, second = desk.demo.helpers[0].id, desk.demo.helpers[1].id
    shift = desk.shift("10:00", first)
    with desk.parts.sessions.begin() as session:
        ask_to_wait(session, desk.network, shift, second, now=now)
    assert "Odottavat paikkaa tähän vuoroon" in desk.sees(f"/admin/rota/shifts/{shift}")
    assert "Odottavat paikkaa tähän vuoroon" not in desk.does(f"/admin/rota/shifts/{shift}/waits", helper=second)
    assert "ei enää odota" in desk.gets_back(f"/admin/rota/shifts/{shift}/waits", 409, helper=second)


def test_whoever_does_not_see_the_rota_is_shown_none_of_it(desk: RotaDesk) -> None:
    shift = desk.shift("10:00", desk.demo.helpers[0].id)
    paths = ("/admin/rota", f"/admin/rota/places/{desk.place(shift)}", f"/admin/rota/shifts/{shift}")
    for role in (Role.NEUVOJA, Role.OPASTAJA, Role.ALUEKOORDINAATTORI):
        other = RotaDesk(desk.app, desk.parts, desk.demo, desk.now, role)
        assert [other.gets(path) for path in paths] == [302, 302, 302], role
        assert other.sends(f"/admin/rota/shifts/{shift}/removal", version="1").status_code == 302
    assert desk.who(shift)


def test_an_organisations_coordinator_sees_and_moves_its_own_helpers_only(desk: RotaDesk) -> None:
    theirs, own = (
        next(one for one in desk.demo.helpers if one.organisation == desk.demo.organisations[place]) for place in (1, 0)
    )
    pooled = desk.shift("10:00", theirs.id, own.id)
    elsewhere = desk.shift("14:00", theirs.id, organisation_id=desk.organisation(1))
    colleague = desk.of_organisation(0)
    page = colleague.sees(WEEK)
    assert own.name in page
    assert theirs.name not in page
    assert "Toisen organisaation auttaja" in colleague.sees(f"/admin/rota/shifts/{pooled}")
    assert colleague.gets(f"/admin/rota/shifts/{elsewhere}") == 404
    mine, not_mine = desk.place(pooled, own.id), desk.place(pooled, theirs.id)
    assert colleague.gets(f"/admin/rota/places/{not_mine}") == 403
    colleague.gets_back(f"/admin/rota/places/{not_mine}/release", 403)
    colleague.gets_back(f"/admin/rota/places/{mine}/move", 403, shift=pooled, helper=theirs.id, anyway="1")
    colleague.gets_back(f"/admin/rota/shifts/{pooled}/removal", 403, version="1", anyway="1")
    colleague.gets_back("/admin/rota/shifts/new", 403, **NEW)
    assert desk.who(pooled) == sorted([theirs.id, own.id])
    colleague.does(f"/admin/rota/places/{mine}/release")
    assert desk.who(pooled) == [theirs.id]
    assert colleague.does("/admin/rota/shifts/new", **NEW, organisation=colleague.organisation(0))


def test_the_first_page_of_publishing_offers_the_week_after_one_that_ends_on_friday(desk: RotaDesk) -> None:
    (template,) = desk.fetch("SELECT id FROM template")[0]
    desk.does("/admin/rota/weeks/new", template=template, first="2026-12-21", last="2027-01-01")
    page = desk.sees("/admin/rota/weeks/new")
    assert "maanantai 4.1.2027 – sunnuntai 10.1.2027" in page
    assert "Julkaise</button>" in page
    page = desk.sees(f"/admin/rota/weeks/new?template={template}&first=2026-12-21&last=2026-12-27")
    assert "Syntyisi 0 vuoroa" in page
    assert "first=2026-12-28&last=2027-01-03" in page


def test_a_move_that_overfills_a_shift_is_asked_about_once_more_and_told_beside_the_way_back(desk: RotaDesk) -> None:
    first, second = desk.demo.helpers[0].id, desk.demo.helpers[1].id
    shift, full = desk.shift("10:00", first), desk.shift("14:00", second)
    desk.promise("10:00")
    place = desk.place(shift)
    ways = desk.sees(f"/admin/rota/places/{place}")
    assert 'name="anyway"' not in _form_of(ways, full, first)
    assert "Varmistamme sen vielä ennen muutosta." in ways
    path, typed = f"/admin/rota/places/{place}/move", {"shift": full, "helper": first}
    page = desk.gets_back(path, 200, **typed)
    assert "Vuoro on täynnä." in page
    assert "1 lupausta kukaan ei voisi pitää" in page
    assert desk.who(shift) == [first]
    page = desk.does(path, **typed, anyway="1")
    assert "Vuorossa on enemmän auttajia kuin paikkoja." in page
    assert "1 lupausta kukaan ei nyt voi pitää:" in page
    moved = desk.place(full, first)
    page = desk.does(f"/admin/rota/places/{moved}/move", shift=shift, helper=first)
    assert "Paikka on siirretty" in page
    assert "enemmän auttajia" not in page
    assert "ei nyt voi" not in page


def test_a_move_undone_is_told_and_has_no_way_back_of_its_own(desk: RotaDesk) -> None:
    first, second = desk.demo.helpers[0].id, desk.demo.helpers[1].id
    shift, full = desk.shift("10:00", first), desk.shift("14:00", second)
    page = desk.does(f"/admin/rota/places/{desk.place(shift)}/move", shift=full, helper=first, anyway="1")
    assert 'name="back"' in _form_of(page, shift, first)
    desk.promise("14:00")
    desk.promise("14:00")
    path = f"/admin/rota/places/{desk.place(full, first)}/move"
    asked = desk.gets_back(path, 200, shift=shift, helper=first, back="1")
    assert 'name="back"' in _form_of(asked, shift, first), "who is asked first is undoing it still"
    page = desk.does(path, shift=shift, helper=first, back="1", anyway="1")
    assert "Siirto on kumottu." in page
    assert not [one for one in ("Paikka on siirretty", "Kumoa siirto") if one in page]
    assert desk.who(shift) == [first]


def _form_of(page: str, shift: int, helper: int) -> str:
    wanted = f'name="shift" value="{shift}"', f'name="helper" value="{helper}"'
    return next(
        form for form in page.split("<form")[1:] if all(one in form.split("</form>")[0] for one in wanted)
    ).split("</form>")[0]


def test_when_nothing_is_left_of_this_week_the_next_one_with_shifts_is_shown(desk: RotaDesk) -> None:
    assert "Viikko 48 " in desk.sees("/admin/rota")
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE shift SET cancelled_at = now() WHERE lower(during) < '2026-12-07'"))
    assert "Viikko 50 " in desk.sees("/admin/rota")
    assert "Viikko 48 " in desk.sees("/admin/rota?day=2026-11-24")
    page = desk.sees("/admin/rota/weeks/copy?source=2026-11-24")
    assert "Kopioitavassa viikossa ei ole vuoroja." in page
    assert "Syntyisi" not in page
