"""The coordinator's page: what needs a person, what is promised, who waits, who is on the phone – and what each role sees of it."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask
from sqlalchemy import event, text

from admin.demo.data import DemoData
from admin.parts import Parts
from ivr.conversation import Entry
from ivr.journal import NewCall, Part, append, end_call, open_call
from ivr.script import Answering
from ivr.stage import facts_of
from scheduler.alerts import AlertKind, note_alert
from scheduler.coordination import needs_coordinator
from scheduler.deficits import note_deficits
from scheduler.matching import may_take
from scheduler.pools import look
from scheduler.slots import MINUTE, Grid, Span
from scheduler.waiting import join_line
from tests.integration.case_room import Reader, Room, words_of
from tests.integration.ticket_office import PARAINEN, TURKU
from tickets.directory import helpers_of
from tickets.vocabulary import Role
from voice_prompts.language import Language

NUMBER = "+358401112233"
LANGUAGES = (Language.FI, Language.SV)


class Desk(Room):
    """The demo's network on a day on which things happen."""

    def with_coordinator(self, municipality: str = TURKU, **more: object) -> str:
        code = self.office.ticket(municipality=municipality, **more)
        with self.parts.sessions.begin() as session:
            ticket = session.scalar(text("SELECT id FROM ticket WHERE code = :code"), {"code": code})
            assert ticket is not None
            assert needs_coordinator(session, ticket, "test", now=self.now, grid=Grid())
        return code

    def promised(self, municipality: str = TURKU) -> tuple[str, datetime]:
        code = self.office.ticket(municipality=municipality)
        return code, self.office.promised(code)

    def change(self, code: str, assignment: str) -> int:
        with self.parts.sessions.begin() as session:
            changed = text(
                f"UPDATE callback SET {assignment} FROM ticket t WHERE t.id = ticket_id AND t.code = :code RETURNING callback.id"
            )
            return int(session.execute(changed, {"code": code}).scalar_one())

    def deficit(self, municipality: str = TURKU) -> str:
        code, _ = self.promised(municipality)
        callback = self.change(code, "state = 'deficit'")
        with self.parts.sessions.begin() as session:
            note_deficits(session, self.office.network, [callback], now=self.now, grid=Grid())
        return code

    def call(self, sid: str = "CA1", *, pressed: str = "1", ended: bool = False) -> int:
        """Somebody rings the first line, hears which languages there are, and presses one key."""
        facts = facts_of(Answering("Esimerkkilinja", LANGUAGES, None, NUMBER))
        with self.parts.sessions.begin() as session:
            line = session.scalar(text("SELECT min(id) FROM line"))
            new = NewCall(sid, Part.CALLER, self.office.network, line, None, facts)
            call = open_call(session, new, now=self.now - timedelta(minutes=3))
            assert call is not None
            heard = [Entry("language", {"keys": pressed}, self.now - timedelta(minutes=2))]
            heard.append(Entry("look_up_caller", {"promises": [], "requests": [], "offered": None, "feedback": None}))
            append(session, call, heard, place=0)
            if ended:
                end_call(session, call, now=self.now)
            return call.id


@pytest.fixture
def desk(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Desk:
    """A day at the desk."""
    return Desk(app, parts, now)


@pytest.fixture
def coordinator(desk: Desk) -> Reader:
    """Who works for the whole network."""
    return desk.reader(Role.KOORDINAATTORI)


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
    assert "Kukaan ei voi pitää tätä lupausta" in page
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


def test_an_alert_is_marked_as_seen_once_and_then_is_gone(desk: Desk, coordinator: Reader) -> None:
    with desk.parts.sessions.begin() as session:
        note_alert(session, desk.office.network, AlertKind.MAIL, "somebody", now=desk.now)
    page = coordinator.sees("/admin/")
    assert "enemmän sähköpostia" in page
    way = re.search(r'action="(/admin/alerts/\d+/seen)"', page)
    assert way is not None
    assert "Merkitty nähdyksi." in coordinator.done(way[1])
    assert "enemmän sähköpostia" not in coordinator.sees("/admin/")
    coordinator.done(way[1])  # somebody who was slower
    ((seen_by,),) = desk.rows("SELECT seen_by FROM alert")
    assert seen_by == f"person:{coordinator.person}"


def test_a_deficit_that_was_seen_stays_until_it_is_mended(desk: Desk, coordinator: Reader) -> None:
    code = desk.deficit()
    ((alert,),) = desk.rows("SELECT id FROM alert WHERE kind = 'deficit'")
    coordinator.done(f"/admin/alerts/{alert}/seen")
    page = coordinator.sees("/admin/")
    assert code in page
    assert f"/admin/alerts/{alert}/seen" not in page


@pytest.mark.parametrize("path", ["/admin/alerts/999999/seen", "/admin/alerts/99999999999999999999/seen"])
def test_an_alert_that_there_is_not_is_not_found(coordinator: Reader, path: str) -> None:
    assert coordinator.sends(path).status_code in (400, 404)


def test_an_alert_of_another_organisation_is_neither_shown_nor_marked(desk: Desk) -> None:
    desk.deficit(PARAINEN)
    ((alert,),) = desk.rows("SELECT id FROM alert WHERE kind = 'deficit'")
    turku = desk.reader(Role.KOORDINAATTORI, 0)
    assert "/seen" not in turku.sees("/admin/")
    assert turku.sends(f"/admin/alerts/{alert}/seen").status_code == 404
    assert desk.rows("SELECT seen_at FROM alert") == [(None,)]


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


def statements_of(desk: Desk, work: Callable[[], object]) -> int:
    seen: list[str] = []

    def note(_c: object, _u: object, statement: str, *_: object) -> None:
        seen.append(statement)

    event.listen(desk.parts.engine, "before_cursor_execute", note)
    try:
        work()
    finally:
        event.remove(desk.parts.engine, "before_cursor_execute", note)
    return len(seen)


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


def test_what_is_not_shown_of_the_coordinators_requests_is_one_step_away(desk: Desk, coordinator: Reader) -> None:
    for _ in range(11):
        desk.with_coordinator()
    page = coordinator.sees("/admin/")
    assert 'href="/admin/tickets?state=with_coordinator"' in page


def test_alerts_about_many_shifts_cost_an_organisations_coordinator_no_more_than_one(desk: Desk) -> None:
    reader = desk.reader(Role.KOORDINAATTORI, 0)

    def short(count: int) -> None:
        with desk.parts.sessions.begin() as session:
            noted = text("""
                INSERT INTO alert (network_id, key, kind, at, shift_id, details)
                SELECT network_id, concat('short-', id, '-', :count), 'short', :now, id, '{}' FROM shift ORDER BY id LIMIT :count
            """)
            session.execute(noted, {"count": count, "now": desk.now})

    short(1)
    reader.sees("/admin/now")
    few = statements_of(desk, lambda: reader.sees("/admin/now"))
    short(6)
    assert statements_of(desk, lambda: reader.sees("/admin/now")) == few


def many_alerts(desk: Desk, count: int, columns: str = "", values: str = "") -> None:
    """So many alerts about nobody's ticket, shift or helper; or about what `columns` and `values` say."""
    with desk.parts.sessions.begin() as session:
        noted = text(f"""
            INSERT INTO alert (network_id, key, kind, at, details{columns})
            SELECT :network, concat('mail-', (SELECT count(*) FROM alert), '-', n), 'mail', :now, '{{}}'{values}
            FROM generate_series(1, :count) AS n
        """)
        session.execute(noted, {"network": desk.office.network, "now": desk.now, "count": count})


def test_an_old_alert_of_an_organisation_is_not_lost_behind_a_hundred_of_others(desk: Desk) -> None:
    ours = "(SELECT min(h.id) FROM helper h JOIN organisation o ON o.id = h.organisation_id AND o.name = :ours)"
    with desk.parts.sessions.begin() as session:
        (name,) = session.execute(text("SELECT name FROM organisation ORDER BY id LIMIT 1")).one()
        mine = text(f"""
            INSERT INTO alert (network_id, key, kind, at, details, helper_id)
            VALUES (:network, 'badge-1', 'badge', :now, '{{"on": "2026-12-02"}}', {ours})
        """)
        session.execute(mine, {"network": desk.office.network, "now": desk.now, "ours": name})
    theirs = desk.deficit(PARAINEN)
    many_alerts(desk, 150)
    reader = desk.reader(Role.KOORDINAATTORI, 0)
    for page in (reader.sees("/admin/"), reader.sees("/admin/alerts")):
        assert "2.12.2026" in page
        assert "enemmän sähköpostia" not in page
        assert theirs not in page


def test_an_old_promise_without_a_helper_is_not_lost_behind_a_hundred_of_others(desk: Desk) -> None:
    for _ in range(3):
        desk.deficit(PARAINEN)
    ours = desk.deficit(TURKU)
    desk.change(
        ours, "starts_at = starts_at + interval '1 day', during = tstzrange(lower(during) + interval '1 day', NULL)"
    )
    reader = desk.reader(Role.KOORDINAATTORI, 0)
    for page in (reader.sees("/admin/"), reader.sees("/admin/unkept")):
        assert re.findall(r'id="unkept-\d+"', page) == [f'id="unkept-{desk.change(ours, "state = state")}"']


def test_alerts_that_are_not_shown_are_counted_and_a_page_away(desk: Desk, coordinator: Reader) -> None:
    many_alerts(desk, 10)
    assert "lisää" not in coordinator.sees("/admin/")
    many_alerts(desk, 52)
    page = coordinator.sees("/admin/")
    assert page.count('id="alert-') == 10
    assert 'href="/admin/alerts">52 hälytystä lisää</a>' in page
    first = coordinator.sees("/admin/alerts")
    assert first.count('id="alert-') == 50
    way = re.search(r'href="(/admin/alerts\?before=\d+)"', first)
    assert way is not None
    second = coordinator.sees(way[1])
    assert second.count('id="alert-') == 12
    assert not set(re.findall(r'id="alert-\d+"', first)) & set(re.findall(r'id="alert-\d+"', second))
    many_alerts(desk, 200)
    assert "200+ hälytystä lisää" in coordinator.sees("/admin/")


def test_an_alert_seen_in_the_list_leads_back_to_the_list(desk: Desk, coordinator: Reader) -> None:
    many_alerts(desk, 11)
    way = re.search(r'action="(/admin/alerts/\d+/seen)"', coordinator.sees("/admin/alerts"))
    assert way is not None
    assert coordinator.sends(way[1], back="alerts").location == "/admin/alerts"
    assert coordinator.sees("/admin/alerts").count('id="alert-') == 10


def test_promises_that_nobody_can_keep_are_counted_and_a_page_away(desk: Desk, coordinator: Reader) -> None:
    for _ in range(12):
        desk.deficit()
    page = coordinator.sees("/admin/")
    assert page.count('id="unkept-') == 10
    assert 'href="/admin/unkept">2 lupausta lisää, joita kukaan ei voi pitää</a>' in page
    shown = re.findall(r'id="unkept-(\d+)"', coordinator.sees("/admin/unkept"))
    assert len(shown) == 12
    after = re.findall(r'id="unkept-(\d+)"', coordinator.sees(f"/admin/unkept?after={shown[4]}"))
    assert after == shown[5:]


def test_those_who_wait_and_are_not_shown_are_counted_and_a_list_away(desk: Desk, coordinator: Reader) -> None:
    for number in range(12):
        desk.office.ticket(municipality=PARAINEN if number else TURKU)
    with desk.parts.sessions.begin() as session:
        for ticket in session.scalars(text("SELECT id FROM ticket ORDER BY id")):
            assert join_line(session, ticket, now=desk.now)
    page = coordinator.sees("/admin/now")
    assert page.count('id="waiting-DL-') == 10
    assert 'href="/admin/tickets?waiting=1">2 muuta odottaa</a>' in page
    assert coordinator.sees("/admin/tickets?waiting=1").count("/admin/tickets/DL-") == 12
    narrow = desk.reader(Role.KOORDINAATTORI, 0).sees("/admin/now")
    assert narrow.count('id="waiting-DL-') == 1
    assert "suomi: 1" in narrow
    assert "muuta odottaa" not in narrow


def test_more_promises_than_a_page_holds_are_said_to_be_more(desk: Desk, coordinator: Reader) -> None:
    desk.promised()
    assert "Tässä ovat lähimmät." not in coordinator.sees("/admin/now")
    with desk.parts.sessions.begin() as session:  # of thirty more callers
        session.execute(text("CREATE TEMP TABLE one ON COMMIT DROP AS SELECT * FROM callback"))
        for number in range(30):
            code = desk.office.ticket()
            session.execute(text("""
                INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, code_sealed, state,
                    booked_at, times_moved, tries)
                SELECT t.id, slot_id, one.network_id, starts_at, during, one.language, one.topic, one.municipality, one.code_sealed,
                    'promised', booked_at, 0, 0 FROM one, ticket t WHERE t.code = :code
            """), {"code": code, "number": number})  # fmt: skip
    page = coordinator.sees("/admin/now")
    assert page.count('id="promise-') == 30
    assert "Tässä ovat lähimmät." in page
    assert 'href="/admin/tickets?state=promised"' in page
