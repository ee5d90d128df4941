"""Tickets that are not to be forgotten yet: held with a reason, listed, and let go."""

import re

from sqlalchemy import text

from tests.integration.case_room import Reader, Room, at
from tickets.store import cipher_of
from tickets.vocabulary import Role


def test_a_ticket_is_held_listed_with_its_reason_and_let_go(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    page = coordinator.done(at(code, "/hold"), reason="Poliisi tutkii", until="2027-01-31")
    assert "Poliisi tutkii" in page
    assert "on jo merkitty" in coordinator.refused(at(code, "/hold"), 409, reason="Taas", until="2027-01-31")
    holds = coordinator.sees("/admin/holds")
    assert code in holds
    assert "Poliisi tutkii" in holds
    assert "Poliisi tutkii" not in room.reader(Role.NEUVOJA, 0).sees(at(code))
    coordinator.done(at(code, "/hold/end"))
    assert code not in coordinator.sees("/admin/holds")
    assert "ei ole enää merkitty" in coordinator.refused(at(code, "/hold/end"), 409)
    assert "on jo mennyt" in coordinator.refused(at(code, "/hold"), 409, reason="Vanha", until="2026-11-01")
    assert "kolme vuotta" in coordinator.refused(at(code, "/hold"), 409, reason="Pitkä", until="2031-01-01")


def test_what_is_held_is_listed_a_page_at_a_time_what_ends_first_before_the_others(
    room: Room, coordinator: Reader
) -> None:
    codes = [room.office.ticket() for _ in range(53)]
    held = text("""
        INSERT INTO legal_hold (network_id, ticket_id, during, reason_sealed, placed_by)
        SELECT network_id, t.id, tstzrange(:now, CAST(:now AS timestamptz) + interval '1 month' - (t.id % 7) * interval '1 day'),
            CAST(:reason AS text), 'person:1' FROM ticket t
    """)
    with room.parts.sessions.begin() as session:
        session.execute(held, {"now": room.now, "reason": cipher_of(session).seal("Poliisi tutkii")})
    page = coordinator.sees("/admin/holds")
    first = re.findall(r"/admin/tickets/(DL-\w+)/hold/end", page)
    way = re.search(r'href="(/admin/holds\?after=DL-\w+)"', page)
    assert way
    second = re.findall(r"/admin/tickets/(DL-\w+)/hold/end", coordinator.sees(way[1]))
    assert (len(first), len(second)) == (50, 3)
    assert sorted(first + second) == sorted(codes)
    ending = room.rows("SELECT code FROM legal_hold h JOIN ticket t ON t.id = h.ticket_id ORDER BY upper(during), h.id")
    assert [(code,) for code in first + second] == ending
    assert "/hold/end" not in coordinator.sees("/admin/holds?after=DL-22222")
