"""Who watches over what is known of people: the logs, the rights of the registered, how long what is kept."""

import io
import json
import re
import zipfile
from datetime import timedelta

import pytest
from sqlalchemy import text

from tests.integration.case_room import Reader, Room, at
from tickets.vocabulary import Role

CALLER = "+358405550077"
HOSTILE = '"><script>alert(1)</script>'
SURE = {"confirm": "poista kaikki"}


@pytest.fixture
def officer(room: Room) -> Reader:
    return room.reader(Role.TIETOSUOJAVASTAAVA)


def rows_in(page: str) -> list[str]:
    body = page[page.index("<tbody>") : page.index("</tbody>")]
    return [re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row)).strip() for row in body.split("</tr>")[:-1]]


def test_the_officer_sees_who_looked_at_what_by_person_by_ticket_and_by_day(
    room: Room, officer: Reader, coordinator: Reader
) -> None:
    first, second = room.office.ticket(), room.office.ticket()
    adviser = room.reader(Role.NEUVOJA, 0)
    coordinator.sees(at(first))
    adviser.sees(at(second))
    adviser.sees("/admin/tickets?q=tulostin")
    told = rows_in(officer.sees("/admin/view-log"))
    assert [row.split("9.10 ")[1] for row in told] == [
        "Aino neuvoja haku –",
        f"Aino neuvoja pyynnön sisältö {second}",
        f"Aino koordinaattori pyynnön sisältö {first}",
    ]
    assert len(rows_in(officer.sees(f"/admin/view-log?person={adviser.person}"))) == 2
    assert len(rows_in(officer.sees(f"/admin/view-log?ticket={first.lower()}"))) == 1
    assert len(rows_in(officer.sees("/admin/view-log?since=2026-11-24&until=2026-11-24"))) == 3
    assert "Tällaisia ei ole" in officer.sees("/admin/view-log?until=2026-11-23")
    for asked, field in (("since=x", "since"), ("person=x", "person"), ("since=2026-11-24&until=2026-11-01", "until")):
        wrong = officer.gets(f"/admin/view-log?{asked}")
        assert wrong.status_code == 422, asked
        assert f'id="{field}-mistake"' in wrong.text, asked
    for hostile in (f"ticket={HOSTILE}", "before=99999999999999999999", "ticket=%00", "before=x"):
        page = officer.gets(f"/admin/view-log?{hostile}")
        assert page.status_code == 200, hostile
        assert "<script>alert" not in page.text, hostile


def test_a_long_log_is_read_page_by_page_and_a_day_in_it_is_found(room: Room, officer: Reader) -> None:
    code = room.office.ticket()
    add = """INSERT INTO view_log (network_id, at, ticket_id, seen)
    SELECT network_id, CAST(:since AS timestamptz) + n * interval '1 hour', id, 'ticket' FROM ticket, generate_series(0, 239) n"""
    with room.parts.sessions.begin() as session:
        session.execute(text(add), {"since": room.now - timedelta(days=10)})
    first = officer.sees("/admin/view-log")
    assert len(rows_in(first)) == 50
    older = re.search(r'href="([^"]*before=\d+)" rel="next"', first)
    assert older is not None
    second = officer.sees(older[1])
    assert len(rows_in(second)) == 50
    assert not set(rows_in(first)) & set(rows_in(second))
    day = officer.sees("/admin/view-log?since=2026-11-16&until=2026-11-16")
    assert len(rows_in(day)) == 24
    assert all("16.11." in row and code in row for row in rows_in(day))


def test_changes_of_people_are_told_by_name_and_those_of_other_organisations_are_not(
    room: Room, coordinator: Reader
) -> None:
    api = room.office.person(Role.PAAKAYTTAJA)
    organisation = room.office.organisations[1]
    made = api("POST", "/people", name="Uusi Ihminen", role="neuvoja", organisation=organisation).json
    assert made is not None
    page = coordinator.sees("/admin/changes")
    assert "Uusi Ihminen" in rows_in(page)[0]
    assert "Aino Auttaja" in rows_in(page)[0]
    assert "neuvoja" in rows_in(page)[0]
    there = room.reader(Role.YHDYSHENKILO, 1)
    assert "Uusi Ihminen" in there.sees("/admin/changes")
    elsewhere = room.reader(Role.YHDYSHENKILO, 2)
    assert "Uusi Ihminen" not in elsewhere.sees("/admin/changes")
    assert room.reader(Role.NEUVOJA, 1).gets("/admin/changes").status_code == 302


def test_the_day_of_a_change_is_written_as_its_reader_writes_days(room: Room, coordinator: Reader) -> None:
    other = room.reader(Role.NEUVOJA, 1)
    coordinator.done(f"/admin/people/{other.person}/commitment", signed_on="2026-11-10")
    for language, day in (("fi", "10.11.2026"), ("sv", "10.11.2026"), ("en", "10 Nov 2026")):
        page = coordinator.sees(f"/admin/changes?lang={language}")
        assert day in rows_in(page)[0]
        assert "2026-11-10" not in rows_in(page)[0]


def test_the_officer_finds_somebody_and_gives_them_a_copy_and_both_are_in_the_log(room: Room, officer: Reader) -> None:
    code = room.office.ticket("Näyttö on musta", caller=CALLER, name="Maija Meikäläinen")
    found = officer.sends("/admin/registered", phone="040 555 0077")
    assert found.status_code == 200
    assert code in found.text
    assert "Maija" not in found.text
    file = officer.sends("/admin/registered/copy", phone="040 555 0077")
    assert file.headers["Content-Disposition"] == "attachment; filename=digilinja-2026-11-24.zip"
    assert file.headers["Cache-Control"] == "no-store"
    with zipfile.ZipFile(io.BytesIO(file.data)) as archive:
        data = json.loads(archive.read("data.json"))
    assert data["ticket"][0]["name"] == "Maija Meikäläinen"
    assert data["ticket"][0]["topic_in_words"] == "älypuhelin"
    assert room.rows("SELECT seen, ticket_id IS NULL FROM view_log ORDER BY id") == [
        ("search", True),
        ("export", False),
    ]


def test_who_asks_to_be_forgotten_is_once_that_is_said_in_words(room: Room, officer: Reader) -> None:
    code = room.office.ticket("Näyttö on musta", caller=CALLER)
    for confirm in ("", "poista", "x" * 10_000, HOSTILE):
        page = officer.refused("/admin/registered/erasure", ticket=code, confirm=confirm)
        assert 'id="confirm-mistake"' in page
        assert code in page
    looked = room.rows("SELECT seen, person_id FROM view_log ORDER BY id")
    assert looked == [("search", officer.person)] * 4  # the page has shown what there is
    assert room.rows("SELECT text_sealed IS NULL FROM ticket") == [(False,)]
    done = officer.done("/admin/registered/erasure", ticket=code.lower(), **SURE)
    assert "Tiedot on poistettu" in done
    assert "Aino tietosuojavastaava" in rows_in(done)[0]
    assert room.rows("SELECT text_sealed IS NULL, caller_sealed IS NULL FROM ticket") == [(True, True)]
    assert "Mitään ei löytynyt" in officer.refused("/admin/registered/erasure", 409, ticket=code, **SURE)
    assert "Mitään ei löytynyt" in officer.refused("/admin/registered/copy", 409, ticket=code)


def test_what_must_be_kept_is_refused_by_its_code(room: Room, officer: Reader, coordinator: Reader) -> None:
    code = room.office.ticket(caller=CALLER)
    coordinator.done(at(code, "/hold"), reason="Poliisi tutkii", until="2027-01-31")
    page = officer.refused("/admin/registered/erasure", 409, phone=CALLER, **SURE)
    assert code in page
    assert "on säilytettävä" in page
    assert "Poliisi" not in page
    assert f"Säilytettävä: {code}" in officer.sends("/admin/registered", phone=CALLER).text


def test_somebody_of_ours_is_found_by_name_and_erased_only_after_they_left(room: Room, officer: Reader) -> None:
    leaver = room.reader(Role.NEUVOJA, 0)
    assert f'<option value="{leaver.person}">Aino neuvoja' in officer.sees("/admin/registered")
    page = officer.sends("/admin/registered", person=leaver.person)
    assert "Verkoston oma henkilö" in page.text
    assert "yhä verkostossa" in officer.refused("/admin/registered/erasure", 409, person=leaver.person, **SURE)
    room.office.person(Role.PAAKAYTTAJA)("DELETE", f"/people/{leaver.person}")
    officer.done("/admin/registered/erasure", person=leaver.person, **SURE)
    assert "Aino neuvoja" not in officer.sees("/admin/registered")


def test_whose_data_is_meant_must_be_said_in_one_way(officer: Reader) -> None:
    for typed, field in (
        ({}, "phone"),
        ({"phone": CALLER, "ticket": "DL-22222"}, "phone"),
        ({"phone": "soita"}, "phone"),
        ({"phone": HOSTILE}, "phone"),
        ({"email": "ei ole"}, "email"),
        ({"person": HOSTILE}, "person"),
        ({"person": "9" * 30}, "person"),
    ):
        for path in ("", "/copy", "/erasure"):
            page = officer.sends(f"/admin/registered{path}", **typed, **SURE)
            assert page.status_code == 422, (typed, path)
            assert f'id="{field}-mistake"' in page.text, (typed, path)
            assert "<script>alert" not in page.text
    assert officer.sends("/admin/registered", ticket="\0").status_code == 422
    assert "Hänestä ei ole mitään" in officer.sends("/admin/registered", ticket="DL-22222").text


@pytest.mark.parametrize("role", [Role.KOORDINAATTORI, Role.NEUVOJA, Role.PAAKAYTTAJA])
def test_nobody_but_the_officer_reads_the_log_copies_or_erases_anybody(room: Room, role: Role) -> None:
    code, reader = room.office.ticket(), room.reader(role)
    for path in ("/admin/view-log", "/admin/registered", "/admin/erasures"):
        assert reader.gets(path).status_code == 302
    for path in ("", "/copy", "/erasure"):
        assert reader.sends(f"/admin/registered{path}", ticket=code, **SURE).status_code == 302
    assert room.rows("SELECT anonymised_at FROM ticket") == [(None,)]


def test_a_term_is_changed_by_who_works_for_all_after_seeing_what_it_does(room: Room, coordinator: Reader) -> None:
    page = coordinator.sees("/admin/retention")
    assert "Katseluloki: 24 kuukautta" in page
    weighed = coordinator.sends("/admin/retention/contact", amount="10", was="30")
    assert weighed.status_code == 200
    assert "Ei vielä tallennettu" in weighed.text
    assert "Ensi yönä tämä koskisi 0 pyyntöä" in weighed.text
    assert room.rows("SELECT * FROM retention_rule") == []
    kept = coordinator.done("/admin/retention/contact", amount="10", was="30", sure="1")
    assert "viestit sulkemisen jälkeen: 10 päivää" in kept
    assert room.rows("SELECT kept, amount FROM retention_rule") == [("contact", 10)]
    coordinator.done("/admin/retention/contact", usual="1", was="10", sure="1")
    assert room.rows("SELECT * FROM retention_rule") == []


def test_a_term_that_is_wrong_or_was_changed_meanwhile_is_not_kept(room: Room, coordinator: Reader) -> None:
    for amount in ("", "0", "91", "kymmenen", "9" * 10_000, HOSTILE, "-5", "5\0"):
        page = coordinator.sends("/admin/retention/contact", amount=amount, was="30", sure="1")
        assert page.status_code == (303 if amount == "5\0" else 422), amount[:20]
        assert "<script>alert" not in page.text
    coordinator.done("/admin/retention/contact", amount="20", was="5", sure="1")
    stale = coordinator.refused("/admin/retention/contact", amount="15", was="5", sure="1")
    assert "Joku muu on juuri muuttanut" in stale
    assert 'value="15"' in stale
    assert room.rows("SELECT amount FROM retention_rule") == [(20,)]
    assert coordinator.sends("/admin/retention/everything", amount="5", was="5").status_code == 404
    own = room.reader(Role.KOORDINAATTORI, 0)
    assert "toimii koko verkostossa" in own.sees("/admin/retention")
    assert own.sends("/admin/retention/contact", amount="15", was="20", sure="1").status_code == 403
