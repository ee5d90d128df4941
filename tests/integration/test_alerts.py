"""Alerts on the coordinator's page: each seen once, each organisation its own, and however many there are none is lost."""

import re

import pytest
from sqlalchemy import text

from scheduler.alerts import AlertKind, note_alert
from tests.integration.case_room import Reader
from tests.integration.day_desk import Desk, statements_of
from tests.integration.ticket_office import PARAINEN
from tickets.vocabulary import Role


def many_alerts(desk: Desk, count: int, columns: str = "", values: str = "") -> None:
    """So many alerts about nobody's ticket, shift or helper; or about what `columns` and `values` say."""
    with desk.parts.sessions.begin() as session:
        noted = text(f"""
            INSERT INTO alert (network_id, key, kind, at, details{columns})
            SELECT :network, concat('mail-', (SELECT count(*) FROM alert), '-', n), 'mail', :now, '{{}}'{values}
            FROM generate_series(1, :count) AS n
        """)
        session.execute(noted, {"network": desk.office.network, "now": desk.now, "count": count})


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
