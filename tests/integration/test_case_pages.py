"""A ticket's page: what is read there, by whom, and each form of it with what is missing, wrong, hostile or stale."""

import re
from datetime import datetime

import pytest
from flask import Flask
from markupsafe import escape
from sqlalchemy import text

from admin.demo.data import DemoData
from admin.parts import Parts
from tests.integration.case_room import Reader, Room
from tests.integration.ticket_office import PARAINEN
from tickets.store import cipher_of
from tickets.vocabulary import Role

HOSTILE = '</textarea><script>alert("x")</script>'
HETU = "131052-308T"


@pytest.fixture
def room(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Room:
    return Room(app, parts, now)


@pytest.fixture
def coordinator(room: Room) -> Reader:
    return room.reader(Role.KOORDINAATTORI)


def at(code: str, rest: str = "") -> str:
    return f"/admin/tickets/{code}{rest}"


def seen_in(page: str) -> str:
    found = re.search(r'name="seen" value="([^"]+)"', page)
    assert found
    return found[1]


def one(room: Room, code: str, columns: str) -> tuple[object, ...]:
    (row,) = room.rows(f"SELECT {columns} FROM ticket WHERE code = :code", code=code)
    return row


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


def test_what_happened_is_told_in_words_with_names_and_never_with_a_code_of_ours(
    room: Room, coordinator: Reader
) -> None:
    code, other = room.office.ticket(), room.office.ticket()
    room.office.promised(code)
    coordinator.done(at(code, "/notes"), text="Soitin takaisin.")
    coordinator.done(at(code, "/refine"), language="fi", device="ipad", topic="PUHELIN", municipality="Turku")
    coordinator.done(at(code, "/organisations"), organisation=room.office.organisations[1])
    coordinator.done(at(code, "/hold"), reason="Poliisi tutkii", until="2027-01-31")
    coordinator.done(at(other, "/closing"), outcome="KAKSOISKAPPALE", duplicate_of=code)
    page = coordinator.sees(at(code))
    told = page[page.index('class="story"') :]
    for words in (
        "aika luvattiin",
        "kirjattiin muistiinpano",
        "tietoja tarkennettiin</strong>: laite",
        "annettiin toiselle organisaatiolle</strong>: Pargas digistöd",
        "säilytettävä toistaiseksi</strong>: ",
        "Aino koordinaattori",
        f'<a href="/admin/tickets/{other}">',
    ):
        assert words in told, words
    for code_of_ours in ("person:", "starts_at", "device", "{", "callback", "organisation"):
        assert code_of_ours not in re.sub(r"<[^>]+>", "", told), code_of_ours


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


def test_each_role_is_shown_what_the_matrix_gives_it_and_nothing_of_others(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket("Näyttö on musta")
    adviser = room.reader(Role.NEUVOJA, 0).sees(at(code))
    assert "/closing" in adviser
    for right_of_others in ("/organisations", "/hold", f"/{code}/relay", 'id="owner-person"'):
        assert right_of_others not in adviser, right_of_others
        assert right_of_others in coordinator.sees(at(code)), right_of_others
    member = room.reader(Role.JASEN, 1)
    assert member.gets(at(code)).status_code == 404
    coordinator.done(at(code, "/owner"), person=member.person)
    assert "Näyttö on musta" in member.sees(at(code))
    for role in (Role.TIETOSUOJAVASTAAVA, Role.PAAKAYTTAJA, Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI):
        assert room.reader(role).gets(at(code)).status_code == 302


FORMS = (
    "/contact", "/notes", "/messages/1", "/redaction", "/owner", "/return", "/closing", "/reopening", "/organisations",
    "/organisations/1/back", "/hold", "/hold/end", "/refine", "/referral", "/materials", "/directions", "/time",
    "/time/cancel", "/time/waiting", "/relay", "/relay/publication", "/relay/withdrawal",
)  # fmt: skip
FILLED = {
    "text": "x", "passage": "xyz", "person": 1, "outcome": "RATKAISTU", "organisation": 1, "reason": "x",
    "until": "2027-01-01", "language": "fi", "point": "x", "material": "x", "kind": "point", "place": 1,
    "starts_at": "2026-11-24T12:00:00+02:00", "callback": 1, "number": "V-22222",
}  # fmt: skip


@pytest.mark.parametrize("role", [Role.NEUVOJA, Role.JASEN, Role.OPASTAJA, Role.PAAKAYTTAJA])
def test_nobody_does_anything_with_a_ticket_that_their_right_does_not_reach(room: Room, role: Role) -> None:
    code = room.office.ticket("Salaista", municipality=PARAINEN)
    stranger = room.reader(role, 0)
    before = room.rows("SELECT * FROM ticket"), room.rows("SELECT count(*) FROM ticket_event")
    for form in FORMS:
        answer = stranger.sends(at(code, form), **FILLED)
        assert answer.status_code in (302, 404), (form, answer.status_code)
        assert answer.status_code == 404 or answer.location.startswith("/sign-in"), form
        assert stranger.sends(at("DL-ZZZZZ", form), **FILLED).status_code == answer.status_code, form
    for page in ("", "/refine", "/referral", "/time", "/relay"):
        assert stranger.gets(at(code, page)).status_code in (302, 404), page
    assert before == (room.rows("SELECT * FROM ticket"), room.rows("SELECT count(*) FROM ticket_event"))


WRONG: tuple[tuple[str, dict[str, str], str, str], ...] = (
    ("/notes", {"text": "  "}, "note-text", "Kirjoita ensin jotakin"),
    ("/notes", {"text": "x" * 20_001}, "note-text", "liian pitkä"),
    ("/redaction", {"passage": "ab"}, "redaction-passage", "vähintään kolme"),
    ("/owner", {"person": "", "deadline": "huomenna"}, "owner-deadline", "ei ole päivä ja kellonaika"),
    ("/owner", {"person": "1", "deadline": "2020-01-01T10:00"}, "owner-deadline", "on jo mennyt"),
    ("/closing", {"outcome": ""}, "close-outcome", "miten asia päättyi"),
    ("/closing", {"outcome": "RATKAISTUU"}, "close-outcome", "miten asia päättyi"),
    ("/closing", {"outcome": "RATKAISTU", "minutes": "kymmenen"}, "close-minutes", "minuutit numeroin"),
    ("/closing", {"outcome": "RATKAISTU", "minutes": "1441"}, "close-minutes", "minuutit numeroin"),
    ("/closing", {"outcome": "KAKSOISKAPPALE"}, "close-duplicate_of", "pyynnön tunnus"),
    ("/organisations", {"organisation": "x"}, "give-organisation", "Valitse jokin"),
    ("/hold", {"reason": "", "until": "2027-01-01"}, "hold-reason", "miksi pyyntö"),
    ("/hold", {"reason": "Syy", "until": "ei koskaan"}, "hold-until", "viimeinen päivä"),
    ("/refine", {"language": "en"}, "language", "Valitse jokin"),
    ("/refine", {"language": "fi", "device": "toaster"}, "device", "Valitse jokin"),
    ("/refine", {"language": "fi", "municipality": "Atlantis"}, "municipality", "kuntaa tai postinumeroa ei ole"),
)
KNOWN = ("RATKAISTU", "fi", "1", "RATKAISTUU", "toaster", "en")  # chosen from a list, which shows no other


def test_what_is_wrong_is_told_beside_its_field_what_was_typed_stays_and_nothing_is_kept(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket("Näyttö on musta")
    before = room.rows("SELECT * FROM ticket"), room.rows("SELECT count(*) FROM ticket_event")
    for form, typed, field, why in WRONG:
        page = coordinator.refused(at(code, form), **typed)
        assert f'id="{field}-mistake"' in page, (form, typed)
        assert why in page, (form, typed)
        assert all(value.strip()[:100] in page for value in typed.values() if value not in KNOWN), (form, typed)
    assert before == (room.rows("SELECT * FROM ticket"), room.rows("SELECT count(*) FROM ticket_event"))


def test_what_is_hostile_is_kept_and_shown_as_it_was_typed_and_does_nothing(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket(HOSTILE)
    coordinator.done(at(code, "/notes"), text=f"a\0b {HOSTILE}")
    coordinator.done(at(code, "/hold"), reason=HOSTILE, until="2027-01-01")
    refused = coordinator.sends(at(code, "/closing"), outcome=HOSTILE, minutes=HOSTILE, duplicate_of=HOSTILE)
    assert refused.status_code == 422
    for page in (coordinator.gets(at(code)), refused, coordinator.gets("/admin/holds")):
        assert '<script>alert("x")' not in page.text
        assert str(escape(HOSTILE)) in page.text
    for person in ("999999", "99999999999999999999", HOSTILE):
        assert coordinator.sends(at(code, "/owner"), person=person).status_code in (303, 400, 409), person
    assert coordinator.sends(at(code, "/organisations"), organisation="99999999999999999999").status_code == 400
    assert "ei ole verkostossa" in coordinator.refused(at(code, "/organisations"), 409, organisation=999_999)


def test_a_form_that_was_open_while_somebody_changed_the_ticket_is_not_taken(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    seen = seen_in(coordinator.sees(at(code)))
    form = seen_in(coordinator.sees(at(code, "/refine")))
    room.reader(Role.KOORDINAATTORI).done(at(code, "/refine"), language="fi", device="mac")
    for path, typed in (
        ("/closing", {"outcome": "RATKAISTU", "minutes": "5"}),
        ("/owner", {"person": str(coordinator.person)}),
        ("/return", {}),
    ):
        page = coordinator.refused(at(code, path), 409, seen=seen, **typed)
        assert "Joku muu muutti pyyntöä samaan aikaan" in page, path
    page = coordinator.refused(at(code, "/refine"), 409, seen=form, language="sv", device="ipad")
    assert "Joku muu muutti pyyntöä" in page
    assert re.search(r'<option value="ipad" selected', page)
    assert one(room, code, "status, language, device") == ("open", "fi", "mac")
    coordinator.done(at(code, "/refine"), seen=seen_in(page), language="sv", device="ipad")
    assert one(room, code, "language, device") == ("sv", "ipad")


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


def test_a_note_that_is_sent_twice_is_written_once(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    found = re.search(r'name="once" value="([^"]+)"', coordinator.sees(at(code)))
    assert found
    for _ in range(2):
        coordinator.done(at(code, "/notes"), text="Soitettu kotiin", once=found[1])
    assert coordinator.sees(at(code)).count("Soitettu kotiin") == 1
    coordinator.done(at(code, "/notes"), text="Soitettu toisen kerran", once=found[1])
    assert "Soitettu toisen kerran" in coordinator.sees(at(code))


def test_notes_are_read_the_newest_first_and_older_ones_on_the_next_page(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    for number in range(23):
        coordinator.done(at(code, "/notes"), text=f"Muistiinpano numero {number}.")
    page = coordinator.sees(at(code))
    assert re.findall(r"Muistiinpano numero (\d+)\.", page) == [str(number) for number in range(22, 2, -1)]
    way = re.search(rf'href="({at(code)}\?notes=\d+)#notes"', page)
    assert way
    older = coordinator.sees(way[1])
    assert re.findall(r"Muistiinpano numero (\d+)\.", older) == ["2", "1", "0"]
    assert "Vanhemmat muistiinpanot" not in older
    assert f'href="{at(code)}#notes"' in older


def test_what_happened_is_told_a_page_at_a_time_and_nothing_is_left_out(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    for number in range(40):
        coordinator.done(at(code, "/notes"), text=f"Merkintä {number}.")
    page, told = coordinator.sees(at(code)), 0
    while way := re.search(rf'href="({at(code)}\?events=\d+)#story">Aiemmin', page):
        told += page.count("kirjattiin muistiinpano")
        page = coordinator.sees(way[1])
    assert told + page.count("kirjattiin muistiinpano") == 40
    assert "<strong>tuli</strong>" in page


@pytest.mark.parametrize("query", ["events=x", "events=99999999999999999999", "notes=-1", "notes=%00", "events=0"])
def test_a_page_of_notes_or_events_that_there_is_not_is_no_mistake_of_ours(
    room: Room, coordinator: Reader, query: str
) -> None:
    assert coordinator.gets(at(room.office.ticket(), f"?{query}")).status_code == 200


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
