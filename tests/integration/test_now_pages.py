"""The coordinator's page: what needs a person, what is promised, who waits, who is on the phone – and what each role sees of it."""

import re

import pytest
from sqlalchemy import text

from scheduler.matching import may_take
from scheduler.pools import look
from scheduler.slots import MINUTE, Grid, Span
from scheduler.waiting import join_line
from tests.integration.case_room import Reader, words_of
from tests.integration.day_desk import Desk, statements_of
from tests.integration.ticket_office import PARAINEN, TURKU
from tickets.directory import helpers_of
from tickets.vocabulary import Role
from voice_prompts.language import Language


def test_a_quiet_day_says_so_and_shows_nothing_more(coordinator: Reader) -> None:
    page = coordinator.sees("/admin/")
    assert "Juuri nyt mikään ei vaadi toimia." in page
    assert "Kukaan ei odota." in page
    assert "Puheluita ei ole käynnissä." in page


def test_what_nobody_can_keep_comes_first_with_what_to_do_about_it(desk: Desk, coordinator: Reader) -> None:
    kept, _ = desk.promised()
    unkept, waits = desk.deficit(), desk.with_coordinator()
    page = coordinator.sees("/admin/")
    places = [page.index(f"/admin/tickets/{code}") for code in (unkept, waits, kept)]
    assert places == sorted(places)
    assert "Lupaukselta puuttuu auttaja" in page
    assert "Etsi vuoroon auttaja tai siirrä aika." in page
    assert "/admin/rota?by=time&day=2026-11-24" in page


@pytest.mark.parametrize(
    ("assignment", "words"),
    [
        ("starts_at = starts_at - interval '3 hours', during = tstzrange(starts_at - interval '3 hours', starts_at)",
         "Myöhässä: soittajalle ei ole soitettu"),
        ("state = 'ringing'", "Nyt on aika soittaa"),
        ("state = 'talking', caller_rung_at = starts_at", "Puhelu käynnissä"),
        ("state = 'promised'", "Tulossa"),
    ],
)  # fmt: skip
def test_a_promise_says_in_words_how_it_stands_to_its_time(
    desk: Desk, coordinator: Reader, assignment: str, words: str
) -> None:
    code, _ = desk.promised()
    desk.change(code, assignment)
    page = coordinator.sees("/admin/now")
    row = page[page.index('id="promise-') :]
    assert words in row
    assert code in row


def test_each_sees_the_matters_of_their_own_organisation_and_a_coordinator_of_all_sees_all(
    desk: Desk, coordinator: Reader
) -> None:
    ours, theirs = desk.with_coordinator(TURKU), desk.with_coordinator(PARAINEN)
    (promised, _), (theirs_too, _) = desk.promised(TURKU), desk.promised(PARAINEN)
    adviser = desk.reader(Role.NEUVOJA, 0).sees("/admin/")
    assert [code in adviser for code in (ours, theirs, promised, theirs_too)] == [True, False, True, False]
    everything = coordinator.sees("/admin/")
    assert all(code in everything for code in (ours, theirs, promised, theirs_too))


def test_matters_that_came_in_are_counted_by_whoever_may_see_them(desk: Desk, coordinator: Reader) -> None:
    code = desk.office.ticket(municipality=PARAINEN)
    adviser = desk.reader(Role.NEUVOJA, 0)
    assert "Tulleita asioita 1" in words_of(coordinator.gets("/admin/now"))
    assert "Tulleita asioita 0" in words_of(adviser.gets("/admin/now"))
    empty, full = adviser.sees("/admin/tickets"), coordinator.sees("/admin/tickets")
    assert code in full
    assert "Tallenna tämä luettelo" in full
    assert "Sinulla ei ole avoimia tukipyyntöjä." in empty
    assert "Tallenna tämä luettelo" not in empty
    narrowed = adviser.sees("/admin/tickets?topic=KELA")
    assert "Tallenna tämä luettelo" in narrowed
    assert "Sinulla ei ole avoimia tukipyyntöjä." not in narrowed


def test_an_adviser_sees_no_helper_and_not_on_whom_the_day_hangs(desk: Desk, coordinator: Reader) -> None:
    code, _ = desk.promised()
    desk.change(code, "assigned_helper_id = (SELECT min(id) FROM helper)")
    with desk.parts.sessions() as session:
        names = {helper.name for helper in helpers_of(session, desk.office.network)}
    shown = coordinator.sees("/admin/")
    assert any(name in shown for name in names)
    adviser = desk.reader(Role.NEUVOJA, 0)
    page = adviser.sees("/admin/")
    assert not any(name in page for name in names)
    assert "Kuka ei saa sairastua" not in page
    assert adviser.gets("/admin/now/pillars").status_code == 302


def test_who_hides_where_they_live_is_shown_without_a_municipality(desk: Desk, coordinator: Reader) -> None:
    code = desk.with_coordinator()
    assert "Turku" in coordinator.sees("/admin/now")
    with desk.parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET non_disclosure = true WHERE code = :code"), {"code": code})
    assert "Turku" not in coordinator.sees("/admin/now")


def test_who_waits_is_counted_by_language_and_shown_the_oldest_first(desk: Desk, coordinator: Reader) -> None:
    codes = [desk.office.ticket(), desk.office.ticket(language=Language.SV)]
    with desk.parts.sessions.begin() as session:
        for ticket in session.scalars(text("SELECT id FROM ticket ORDER BY id")):
            assert join_line(session, ticket, now=desk.now)
    page = coordinator.sees("/admin/now")
    assert "suomi: 1 · ruotsi: 1" in page
    assert page.index(f"waiting-{codes[0]}") < page.index(f"waiting-{codes[1]}")


def test_a_call_that_goes_on_is_shown_by_its_last_sentence_and_never_by_its_number(
    desk: Desk, coordinator: Reader
) -> None:
    desk.call()
    page = coordinator.sees("/admin/now")
    assert "Soittaja soittaa linjalle" in page
    assert re.search(r'<blockquote lang="fi">[^<]+</blockquote>', page)
    assert "1112233" not in re.sub(r"\s", "", page)
    desk.call("CA2", ended=True)
    assert coordinator.sees("/admin/now").count("<blockquote") == 1


def test_the_days_figures_are_of_today(desk: Desk, coordinator: Reader) -> None:
    for state in ("kept", "missed", "promised"):
        code, _ = desk.promised()
        desk.change(code, f"state = '{state}'")
    page = words_of(coordinator.gets("/admin/now"))
    assert "Pidetty 1" in page
    assert "Jäänyt pitämättä 1" in page
    assert "Vielä tulossa 1" in page
    assert "Tulleita asioita 3" in page


def test_on_whom_the_next_days_hang_is_told_by_name(desk: Desk, coordinator: Reader) -> None:
    _, start = desk.promised()
    with desk.parts.sessions.begin() as session:
        pools = look(session, desk.office.network, Span(start, start + MINUTE), Grid(), now=desk.now)
        (need,) = pools.needs(start)
        only = next(one.helper for one in pools.on_duty[start] if may_take(one, need, pools.rules))
        session.execute(
            text("UPDATE place SET state = 'dropped', dropped_at = now() WHERE helper_id <> :id"), {"id": only}
        )
        name = next(one.name for one in helpers_of(session, desk.office.network) if one.id == only)
    page = words_of(coordinator.gets("/admin/now/pillars"))
    assert f"{name} : 1 lupaus" in page
    assert "tiistai 24.11.2026" in page
    assert "<html" not in desk_part(coordinator, "/admin/now/pillars")


def desk_part(reader: Reader, path: str) -> str:
    return reader.gets(path, **{"HX-Request": "true"}).text


def test_the_page_asks_the_database_no_more_when_there_is_more_to_show(desk: Desk, coordinator: Reader) -> None:
    def busier(count: int) -> None:
        for number in range(count):
            desk.with_coordinator()
            desk.promised()
            desk.deficit()
            desk.call(f"CA{count}{number}")

    busier(1)
    coordinator.sees("/admin/now")
    few = statements_of(desk, lambda: coordinator.sees("/admin/now"))
    busier(4)
    assert statements_of(desk, lambda: coordinator.sees("/admin/now")) == few


@pytest.mark.parametrize(
    "role", [Role.ALUEKOORDINAATTORI, Role.TIETOSUOJAVASTAAVA, Role.PAAKAYTTAJA, Role.YHDYSHENKILO]
)
@pytest.mark.parametrize("path", ["/admin/", "/admin/now", "/admin/now/pillars", "/admin/calls", "/admin/calls/1"])
def test_whoever_has_nothing_to_do_with_the_day_is_shown_the_way_in(desk: Desk, role: Role, path: str) -> None:
    assert desk.reader(role).gets(path).status_code == 302
