"""Each form of a ticket's page with what is missing, wrong, hostile or stale, and by whom it may be sent."""

import re

import pytest
from markupsafe import escape

from tests.integration.case_room import Reader, Room, at, one
from tests.integration.signed_in_people import field
from tests.integration.ticket_office import PARAINEN
from tickets.vocabulary import Role

HOSTILE = '</textarea><script>alert("x")</script>'


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
    for form, typed, name, why in WRONG:
        page = coordinator.refused(at(code, form), **typed)
        assert f'id="{name}-mistake"' in page, (form, typed)
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
    seen = field(coordinator.sees(at(code)), "seen")
    form = field(coordinator.sees(at(code, "/refine")), "seen")
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
    coordinator.done(at(code, "/refine"), seen=field(page, "seen"), language="sv", device="ipad")
    assert one(room, code, "language, device") == ("sv", "ipad")
