"""A caller's message, played to whom the matrix lets, and to nobody without its being written down."""

import pytest

from tests.integration.case_room import SOUND, Room
from tests.integration.ticket_office import PARAINEN
from tickets.vocabulary import Role

LOOKS = "SELECT seen FROM view_log ORDER BY id"


def test_whoever_may_read_the_ticket_hears_its_message_and_nobody_keeps_it_on_the_way(room: Room) -> None:
    message = room.message(room.office.ticket())
    heard = room.reader(Role.NEUVOJA, 0).gets(f"/sounds/{message}")
    assert (heard.status_code, heard.data, heard.mimetype) == (200, SOUND, "audio/wav")
    assert heard.headers["Cache-Control"] == "no-store"
    assert heard.headers["Accept-Ranges"] == "bytes"
    assert room.rows(LOOKS) == [("message",)]


def test_a_player_asks_for_a_part_and_gets_that_part(room: Room) -> None:
    message, reader = room.message(room.office.ticket()), room.reader(Role.NEUVOJA, 0)
    part = reader.gets(f"/sounds/{message}", Range="bytes=100-199")
    assert (part.status_code, part.data) == (206, SOUND[100:200])
    assert part.headers["Content-Range"] == f"bytes 100-199/{len(SOUND)}"
    assert part.headers["Cache-Control"] == "no-store"
    assert reader.gets(f"/sounds/{message}", Range=f"bytes={len(SOUND)}-").status_code == 416


def test_all_parts_of_one_listening_are_one_look_and_somebody_elses_is_another(room: Room) -> None:
    message, reader = room.message(room.office.ticket()), room.reader(Role.NEUVOJA, 0)
    for start in (0, 50, 500):
        reader.gets(f"/sounds/{message}", Range=f"bytes={start}-")
    assert room.rows(LOOKS) == [("message",)]
    room.reader(Role.NEUVOJA, 0).gets(f"/sounds/{message}", Range="bytes=900-")
    assert room.rows(LOOKS) == [("message",), ("message",)]


def test_whose_right_does_not_reach_the_ticket_hears_nothing(room: Room) -> None:
    code = room.office.ticket(municipality=PARAINEN)
    message = room.message(code)
    assert room.reader(Role.NEUVOJA, 0).gets(f"/sounds/{message}").status_code == 404
    assert room.reader(Role.JASEN, 2).gets(f"/sounds/{message}").status_code == 404
    assert room.reader(Role.PAAKAYTTAJA).gets(f"/sounds/{message}").status_code == 302
    assert room.rows(LOOKS) == []


@pytest.mark.parametrize("gone", ["state = 'erased', media_sealed = NULL", "discarded = true"])
def test_what_is_gone_or_was_said_again_is_not_heard(room: Room, gone: str) -> None:
    message, reader = room.message(room.office.ticket()), room.reader(Role.KOORDINAATTORI)
    with room.parts.sessions.begin() as session:
        session.connection().exec_driver_sql(f"UPDATE recording SET {gone}")
    assert reader.gets(f"/sounds/{message}").status_code == 404
    assert reader.gets("/sounds/999999999999999999").status_code == 404
