"""What the coordinator's page has no room for: counted, a page away, and the most urgent never behind the others."""

import re

from sqlalchemy import text

from scheduler.waiting import join_line
from tests.integration.case_room import Reader
from tests.integration.day_desk import Desk
from tests.integration.ticket_office import PARAINEN, TURKU
from tickets.vocabulary import Role


def test_what_is_not_shown_of_the_coordinators_requests_is_one_step_away(desk: Desk, coordinator: Reader) -> None:
    for _ in range(11):
        desk.with_coordinator()
    page = coordinator.sees("/admin/")
    assert 'href="/admin/tickets?state=with_coordinator"' in page


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


def test_a_promise_that_nobody_could_keep_in_its_time_stands_once_and_says_that_it_is_late(
    desk: Desk, coordinator: Reader
) -> None:
    late = desk.deficit()
    page = coordinator.sees("/admin/")
    assert "Soittajalle kerrotaan ajoissa" in page
    assert "ei ole luvattu muuta" in page
    day = "interval '1 day'"
    desk.change(late, f"starts_at = starts_at - {day}, during = tstzrange(lower(during) - {day}, NULL)")
    for page in (coordinator.sees("/admin/"), coordinator.sees("/admin/unkept")):
        assert page.count(f'href="/admin/tickets/{late}"') == 1
        assert "Myöhässä" in page
        assert "Aika on jo mennyt." in page
        assert "Soittajalle kerrotaan ajoissa" not in page


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
