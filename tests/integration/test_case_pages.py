"""A ticket's page: what is read there, by whom, and what is done with a ticket from it."""

import re
from datetime import datetime

from sqlalchemy import text

from tests.integration.case_room import Reader, Room, at, one
from tests.integration.ticket_office import PARAINEN
from tickets.vocabulary import Role

HETU = "131052-308T"


def test_a_ticket_is_read_with_what_was_told_and_what_happened_and_the_look_is_written_down(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket("Näyttö on musta")
    message = room.message(code)
    page = coordinator.sees(at(code))
    assert "Näyttö on musta" in page
    assert f'src="/sounds/{message}"' in page
    assert "<strong>tuli</strong>: lomake" in page
    assert "soittaja" in page
    assert room.rows("SELECT seen FROM view_log") == [("ticket",)]
    assert "+35840" not in page


def test_whose_matter_it_is_is_shown_on_a_press_to_who_has_it_and_told_why_not_to_others(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket(name="Maija Meikäläinen")
    before = coordinator.sees(at(code))
    assert "Maija" not in before
    assert "Numero näytetään sille, joka ottaa " in before
    assert "Näytä nimi ja numero" not in before
    assert "Muistiinpanoja ei vielä ole." in before
    assert before.count("Otan sen") == 1  # with whoever sees to it
    refused = coordinator.sends(at(code, "/contact"))
    assert refused.status_code == 200
    assert 'role="alert"' in refused.text
    assert "Maija" not in refused.text
    assert "Näytä nimi ja numero" in coordinator.done(at(code, "/owner"), person=coordinator.person)
    shown = coordinator.sends(at(code, "/contact")).text
    assert "Maija Meikäläinen" in shown
    assert "040 123" in shown
    assert room.rows("SELECT count(*) FROM view_log WHERE seen = 'contact'") == [(1,)]
    unbound = room.reader(Role.KOORDINAATTORI, bound=False)
    coordinator.done(at(code, "/owner"), person=unbound.person)
    assert "Allekirjoita ensin" in unbound.sends(at(code, "/contact")).text
    program = room.reader(Role.KOORDINAATTORI, program=True)
    assert "Avain on ohjelman" in program.sends(at(code, "/contact")).text


def test_identity_codes_are_marked_and_taken_out_for_good(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket(f"Tunnukseni on {HETU}, auttakaa")
    page = coordinator.sees(at(code))
    assert re.search(rf"<mark>{HETU}", page)
    assert "Tässä on jotakin, mitä ei pidä säilyttää" in page
    done = coordinator.done(at(code, "/redaction"))
    assert HETU not in done
    assert "■■■■" in done
    coordinator.done(at(code, "/redaction"), passage="auttakaa")
    assert "auttakaa" not in coordinator.sees(at(code))
    assert "Poistettavaa ei löytynyt" in coordinator.refused(at(code, "/redaction"), 409, passage="auttakaa")


def test_a_message_is_written_down_by_hand_and_only_on_its_own_ticket(room: Room, coordinator: Reader) -> None:
    code, other = room.office.ticket(), room.office.ticket()
    message = room.message(code)
    page = coordinator.done(at(code, f"/messages/{message}"), text="Tulostin ei tulosta")
    assert "Tulostin ei tulosta" in page
    assert "Viesti on kirjoitettu auki" in page
    coordinator.refused(at(other, f"/messages/{message}"), 409, text="Muuta")
    assert 'id="transcript-' in coordinator.refused(at(code, f"/messages/{message}"), text="")


def test_a_ticket_is_taken_given_by_a_moment_and_put_back(room: Room, coordinator: Reader) -> None:
    code, worker = room.office.ticket(), room.reader(Role.NEUVOJA, 0)
    page = worker.done(at(code, "/owner"), person=worker.person)
    assert "Pyynnöllä on vastuuhenkilö" in page
    assert one(room, code, "owner_person_id, status") == (worker.person, "with_owner")
    second = room.reader(Role.NEUVOJA, 0)
    assert "samaan aikaan" in second.refused(at(code, "/owner"), 409, person=second.person)
    given = coordinator.done(at(code, "/owner"), person=second.person, deadline="2026-11-26T12:00")
    assert "26.11." in given
    assert one(room, code, "owner_person_id, deadline AT TIME ZONE 'Europe/Helsinki'") == (
        second.person,
        datetime(2026, 11, 26, 12, 0),  # noqa: DTZ001 - as the clock on the wall shows it
    )
    second.done(at(code, "/return"))
    assert one(room, code, "owner_person_id, status") == (None, "open")
    assert "nykyisessä tilassa" in second.refused(at(code, "/return"), 409)


def test_who_gives_back_their_only_case_is_shown_the_list(room: Room, coordinator: Reader) -> None:
    code, member = room.office.ticket(), room.reader(Role.JASEN, 1)
    coordinator.done(at(code, "/owner"), person=member.person)
    answer = member.sends(at(code, "/return"))
    assert (answer.status_code, answer.location) == (303, "/admin/tickets")


def test_a_ticket_is_closed_with_what_is_known_opened_again_and_closed_as_a_duplicate(
    room: Room, coordinator: Reader
) -> None:
    code, stays = room.office.ticket(), room.office.ticket()
    coordinator.done(
        at(code, "/closing"), outcome="RATKAISTU", did_themselves="partly", minutes="25", training_need="1"
    )
    assert one(room, code, "status, outcome, did_themselves, minutes, training_need") == (
        "closed", "RATKAISTU", "partly", 25, True,
    )  # fmt: skip
    assert "jo suljettu" in coordinator.refused(at(code, "/closing"), 409, outcome="RATKAISTU")
    coordinator.done(at(code, "/reopening"))
    assert "ei ole suljettu" in coordinator.refused(at(code, "/reopening"), 409)
    same = {"outcome": "KAKSOISKAPPALE"}
    assert "Tällaista pyyntöä ei ole" in coordinator.refused(at(code, "/closing"), 409, duplicate_of="DL-ZZZZZ", **same)
    assert one(room, code, "status, training_need") == ("open", True)
    coordinator.done(at(code, "/closing"), duplicate_of=stays.lower(), **same)
    assert one(room, code, "outcome") == ("KAKSOISKAPPALE",)


def test_an_organisation_sees_a_ticket_when_it_is_given_it_and_no_more_when_it_is_taken_back(
    room: Room, coordinator: Reader
) -> None:
    code, guest = room.office.ticket(), room.reader(Role.NEUVOJA, 1)
    number = room.office.organisations[1]
    assert guest.gets(at(code)).status_code == 404
    coordinator.done(at(code, "/organisations"), organisation=number)
    guest.sees(at(code))
    assert "näkee pyynnön jo" in coordinator.refused(at(code, "/organisations"), 409, organisation=number)
    coordinator.done(at(code, f"/organisations/{number}/back"))
    assert guest.gets(at(code)).status_code == 404
    assert "ei enää näe" in coordinator.refused(at(code, f"/organisations/{number}/back"), 409)
    own = room.office.organisations[0]
    assert "näkee pyynnön aina" in coordinator.refused(at(code, f"/organisations/{own}/back"), 409)


def test_the_same_caller_is_known_by_their_other_matters_as_far_as_the_reader_may_read(
    room: Room, coordinator: Reader
) -> None:
    first = room.office.ticket(caller="+358405550001")
    here, far = (room.office.ticket(caller="+358405550001", another=True, municipality=town) for town in ("853", "445"))
    for code, shown in ((here, True), (far, True)):
        assert (code in coordinator.sees(at(first))) is shown
    adviser = room.reader(Role.NEUVOJA, 0).sees(at(first))
    assert here in adviser
    assert far not in adviser


def test_turvakielto_keeps_the_town_out_of_the_page_and_out_of_its_form(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket(municipality=PARAINEN)
    coordinator.done(at(code, "/refine"), language="fi", municipality="Parainen", non_disclosure="1", topic="PUHELIN")
    for path in ("", "/refine", "/referral"):
        page = coordinator.sees(at(code, path))
        page = page[page.index("<main") :]
        assert 'value="Parainen"' not in page, path
        assert "sama kunta" not in page, path
        assert path == "/referral" or "Parainen" not in page, path
    coordinator.done(at(code, "/refine"), language="fi", non_disclosure="1", device="ipad", topic="PUHELIN")
    assert one(room, code, "municipality, device") == (PARAINEN, "ipad")


def test_what_was_forgotten_takes_no_more_words(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket("Näyttö on musta")
    coordinator.done(at(code, "/closing"), outcome="RATKAISTU")
    with room.parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET anonymised_at = closed_at"))
    page = coordinator.sees(at(code))
    assert "säilytysaika on kulunut" in page
    for form in ("/notes", "/closing", "/hold"):
        assert f'action="{at(code, form)}"' not in page
    assert "jo poistettu" in coordinator.refused(at(code, "/notes"), 409, text="Vielä")
