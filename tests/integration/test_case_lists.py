"""Tickets found from their list: filtered in the address, by words and by code, as a board, and under a name."""

import re
from datetime import timedelta

from sqlalchemy import text

from scheduler.cases import Doing, give_owner
from scheduler.slots import Grid
from tests.integration.case_room import Reader, Room, words_of
from tests.integration.day_desk import statements_of
from tests.integration.ticket_office import PARAINEN
from tickets.ticket import Ticket
from tickets.vocabulary import Channel, Role, Topic
from voice_prompts.language import Language

HOSTILE = '"><script>alert(1)</script>'


def codes_in(page: str) -> list[str]:
    """The tickets of a list, in its order."""
    return re.findall(r'<th scope="row">\s*<a href="/admin/tickets/(DL-\w+)"', page)


def own(room: Room, reader: Reader, code: str, *, days: int) -> None:
    with room.parts.sessions.begin() as session:
        ticket = session.query(Ticket).filter_by(code=code).one()
        assert reader.person is not None
        by = room.now + timedelta(days=days)
        assert give_owner(session, ticket, reader.person, Doing(room.now, "line", Grid()), by=by) is None


def test_the_most_urgent_come_first_and_closed_ones_are_asked_for(room: Room, coordinator: Reader) -> None:
    first, second, third, closed = (room.office.ticket() for _ in range(4))
    own(room, coordinator, third, days=1)
    coordinator.done(f"/admin/tickets/{closed}/closing", outcome="RATKAISTU_HETI")
    assert codes_in(coordinator.sees("/admin/tickets")) == [third, first, second]
    assert codes_in(coordinator.sees("/admin/tickets?sort=newest")) == [third, second, first]
    assert codes_in(coordinator.sees("/admin/tickets?state=all")) == [third, first, second, closed]
    assert codes_in(coordinator.sees("/admin/tickets?state=closed")) == [closed]
    assert codes_in(coordinator.sees("/admin/tickets?state=with_owner")) == [third]


def test_the_list_is_narrowed_by_whatever_stands_in_its_address(room: Room, coordinator: Reader) -> None:
    swedish = room.office.ticket(language=Language.SV, topic=Topic.KELA, municipality=PARAINEN)
    desk = room.office.ticket(channel=Channel.DESK)
    for asked, found in (
        ("language=sv", [swedish]),
        ("topic=KELA", [swedish]),
        ("municipality=Pargas", [swedish]),
        ("municipality=21600", [swedish]),
        (f"organisation={room.office.organisations[1]}", [swedish]),
        ("channel=neuvoja", [desk]),
        ("owner=me", []),
        ("owner=none&channel=neuvoja", [desk]),
        ("since=2026-11-24&until=2026-11-24", [swedish, desk]),
        ("until=2026-11-23", []),
        ("overdue=1", []),
        ("dated=1", []),
        ("waiting=1", []),
    ):
        assert codes_in(coordinator.sees(f"/admin/tickets?{asked}")) == found, asked
    own(room, coordinator, desk, days=1)
    assert codes_in(coordinator.sees("/admin/tickets?owner=me")) == [desk]
    assert codes_in(coordinator.sees("/admin/tickets?dated=1")) == [desk]


def test_an_e_service_that_a_ticket_was_refined_to_finds_it(room: Room, coordinator: Reader) -> None:
    code, _other = room.office.ticket(), room.office.ticket()
    coordinator.done(f"/admin/tickets/{code}/refine", language="fi", e_service="OMAKELA")
    assert codes_in(coordinator.sees("/admin/tickets?e_service=OMAKELA")) == [code]
    coordinator.done(f"/admin/tickets/{code}/refine", language="fi", e_service="")
    assert codes_in(coordinator.sees("/admin/tickets?e_service=OMAKELA")) == []


def test_words_find_what_was_told_and_the_search_is_written_down(room: Room, coordinator: Reader) -> None:
    code, _other = room.office.ticket("Tulostin ei tulosta mitään"), room.office.ticket("Puhelin on rikki")
    assert codes_in(coordinator.sees("/admin/tickets?q=tulostimen")) == [code]
    assert room.rows("SELECT seen FROM view_log") == [("search",)]


def test_a_code_leads_straight_to_its_ticket(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    for told in (code, f"  {code} ", code.lower(), code.removeprefix("DL-")):
        answer = coordinator.client.get("/admin/tickets", query_string={"q": told})
        assert (answer.status_code, answer.location) == (302, f"/admin/tickets/{code}"), told


def test_a_code_that_is_typed_is_offered_before_it_is_sent(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    page = coordinator.client.get("/admin/tickets", query_string={"q": code}, headers={"HX-Request": "true"})
    assert f'<a href="/admin/tickets/{code}">' in page.text


WRONG = (
    ("state=nowhere", "state", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("language=en", "language", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("topic=%3Cscript%3E", "topic", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("organisation=x", "organisation", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("organisation=99999999999999999999", "organisation", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("e_service=NOSUCH", "e_service", "Tätä vaihtoehtoa ei ole luettelossa"),
    ("municipality=Atlantis", "municipality", "Tällaista kuntaa tai postinumeroa ei ole"),
    ("since=eilen", "since", "Tämä ei ole päivämäärä"),
    ("until=9999-99-99", "until", "Tämä ei ole päivämäärä"),
    ("since=2026-11-24&until=2026-11-23", "until", "Viimeinen päivä on ennen ensimmäistä"),
    ("q=ja", "q", "Näistä sanoista mitään ei haeta"),
    (f"q={'x' * 10_000}", "q", "Hakusanoja on liikaa"),
)


def test_what_cannot_be_asked_is_told_beside_its_field_and_stays(coordinator: Reader) -> None:
    for asked, field, why in WRONG:
        page = coordinator.gets(f"/admin/tickets?{asked}")
        assert page.status_code == 422, asked
        assert f'id="{field}-mistake"' in page.text, asked
        assert why in words_of(page), asked


def test_what_is_hostile_is_shown_as_it_was_typed_and_does_nothing(room: Room, coordinator: Reader) -> None:
    room.office.ticket()
    for asked in ({"q": HOSTILE}, {"q": f"puhelin {HOSTILE}", "after": HOSTILE}, {"municipality": HOSTILE}):
        assert "<script>alert" not in coordinator.client.get("/admin/tickets", query_string=asked).text
    for cursor in ("x", "due~1~x", "closed~DL-ZZZZZ", "\0", "open~99999999999999999999~"):
        for sort in ("urgent", "newest"):
            found = coordinator.client.get(
                "/admin/tickets", query_string={"after": cursor, "sort": sort, "state": "all"}
            )
            assert found.status_code == 200, (cursor, sort)
    assert coordinator.client.get("/admin/tickets", query_string={"municipality": "Turku\0"}).status_code == 200


def test_a_page_holds_fifty_and_the_next_one_goes_on(room: Room, coordinator: Reader) -> None:
    codes = [room.office.ticket(caller=f"+3584055500{number:02}") for number in range(53)]
    page = coordinator.sees("/admin/tickets")
    assert codes_in(page) == codes[:50]
    more = re.search(r'href="(/admin/tickets\?[^"]*after=[^"]+)"', page)
    assert more is not None
    assert codes_in(coordinator.sees(more[1])) == codes[50:]


def test_the_board_has_a_column_for_each_state_and_counts_as_far_as_fifty(room: Room, coordinator: Reader) -> None:
    for number in range(52):
        room.office.ticket(caller=f"+3584055500{number:02}")
    mine = room.office.ticket()
    own(room, coordinator, mine, days=1)
    page = coordinator.sees("/admin/tickets?view=board")
    assert re.search(r'id="column-open">avoin, ei aikaa\s*<span class="board__count">50\+</span>', page)
    assert re.search(r'id="column-with_owner">[^<]*<span class="board__count">1</span>', page)
    assert page.count('<li class="card') == 9
    assert "state=open" in page


def test_a_list_is_kept_opened_called_otherwise_and_dropped(room: Room, coordinator: Reader) -> None:
    code, _other = room.office.ticket("Näyttö on musta", language=Language.SV), room.office.ticket()
    asked = {"language": "sv", "q": "näyttö", "municipality": "Turku", "since": "2026-11-01", "until": "2026-11-30"}
    page = coordinator.done("/admin/tickets/lists", name="Ruotsiksi", **asked)
    assert "Luettelo on tallennettu" in page
    link = re.search(r'href="(/admin/tickets/lists/(\d+))">Ruotsiksi', page)
    assert link is not None
    answer = coordinator.gets(link[1])
    assert answer.status_code == 302
    opened = coordinator.client.get(answer.location, query_string=None)
    assert codes_in(opened.text) == [code]
    assert 'value="2026-11-30"' in opened.text
    assert 'value="Turku"' in opened.text
    renamed = coordinator.done(link[1], name="Svenska")
    assert "Svenska" in renamed
    assert "Ruotsiksi" not in renamed
    assert "Svenska" not in coordinator.done(f"{link[1]}/drop")
    assert coordinator.gets(link[1]).status_code == 404
    coordinator.done(f"{link[1]}/drop")  # as somebody who had the page open still


def test_what_a_program_saved_opens_here_and_what_was_saved_here_is_told_to_programs(
    room: Room, coordinator: Reader
) -> None:
    coordinator.done(
        "/admin/tickets/lists", name="Kaikkea", state="all", e_service="OMAKELA", dated="1", owner="me", shared="1"
    )
    program = room.office.coordinator()
    (kept,) = program("GET", "/views").json["views"]  # type: ignore[index]
    assert (kept["name"], kept["shared"]) == ("Kaikkea", True)
    assert (kept["filters"]["e_service"], kept["filters"]["dated"], kept["filters"]["owner"]) == ("OMAKELA", True, "me")
    assert not kept["filters"]["open"]
    made = program("POST", "/views", name="Avoimet", filters={"open": True, "language": "sv"}, shared=True)
    opened = coordinator.gets(f"/admin/tickets/lists/{made.json['id']}")  # type: ignore[index]
    assert opened.location == "/admin/tickets?language=sv"


def test_a_list_without_a_name_or_with_one_that_is_taken_is_not_saved(room: Room, coordinator: Reader) -> None:
    page = coordinator.refused("/admin/tickets/lists", name="  ", language="sv")
    assert 'id="name-mistake"' in page
    assert "Anna luettelolle nimi" in page
    assert "liian pitkä" in coordinator.refused("/admin/tickets/lists", name="x" * 10_000)
    assert 'id="language-mistake"' in coordinator.refused("/admin/tickets/lists", name="x", language="xx")
    for name in ("Eka", "Toka", HOSTILE, "a\0b"):
        coordinator.done("/admin/tickets/lists", name=name)
    ids = {str(name): number for number, name in room.rows("SELECT id, name FROM saved_view")}
    assert "ab" in ids
    assert "<script>alert" not in coordinator.gets("/admin/tickets/lists").text
    taken = coordinator.refused(f"/admin/tickets/lists/{ids['Eka']}", name="Toka")
    assert "Samanniminen luettelo on jo olemassa" in taken
    assert "Anna luettelolle nimi" in coordinator.refused(f"/admin/tickets/lists/{ids['Eka']}", name="")


def test_nobody_changes_a_list_of_somebody_else_nor_a_shared_one_without_the_right(
    room: Room, coordinator: Reader
) -> None:
    coordinator.done("/admin/tickets/lists", name="Oma")
    coordinator.done("/admin/tickets/lists", name="Yhteinen", shared="1")
    ids = {str(name): number for number, name in room.rows("SELECT id, name FROM saved_view")}
    adviser = room.reader(Role.NEUVOJA, 0)
    page = adviser.sees("/admin/tickets/lists")
    assert "Yhteinen" in page
    assert "Oma" not in re.sub("Oman?i", "", page).replace("Omat", "")
    assert adviser.gets(f"/admin/tickets/lists/{ids['Oma']}").status_code == 404
    for name in ("Oma", "Yhteinen"):
        assert adviser.sends(f"/admin/tickets/lists/{ids[name]}", name="Minun").status_code == 404
        adviser.sends(f"/admin/tickets/lists/{ids[name]}/drop")
    adviser.done("/admin/tickets/lists", name="Neuvojan", shared="1")  # what they may not share is their own
    assert room.rows("SELECT name, person_id IS NULL FROM saved_view ORDER BY id") == [
        ("Oma", False),
        ("Yhteinen", True),
        ("Neuvojan", False),
    ]


def test_each_role_sees_the_tickets_that_the_matrix_gives_it(room: Room, coordinator: Reader) -> None:
    turku, parainen = (
        room.office.ticket("Näyttö on musta"),
        room.office.ticket("Näyttö on musta", municipality=PARAINEN),
    )
    assert codes_in(coordinator.sees("/admin/tickets")) == [turku, parainen]
    adviser, member = room.reader(Role.NEUVOJA, 0), room.reader(Role.JASEN, 1)
    assert codes_in(adviser.sees("/admin/tickets")) == [turku]
    assert codes_in(adviser.sees("/admin/tickets?q=näyttö")) == [turku]
    assert codes_in(member.sees("/admin/tickets")) == []
    own(room, member, parainen, days=1)
    for path in ("/admin/tickets", "/admin/tickets?sort=newest", "/admin/tickets?q=näyttö"):
        assert codes_in(member.sees(path)) == [parainen], path
    for role in (Role.YHDYSHENKILO, Role.ALUEKOORDINAATTORI, Role.TIETOSUOJAVASTAAVA, Role.PAAKAYTTAJA):
        assert room.reader(role).gets("/admin/tickets").status_code == 302


def test_turvakielto_hides_town_and_organisation_in_the_list_and_from_its_filters(
    room: Room, coordinator: Reader
) -> None:
    code = room.office.ticket(municipality=PARAINEN)
    coordinator.done(f"/admin/tickets/{code}/refine", language="fi", municipality="Parainen", non_disclosure="1")
    page = coordinator.sees("/admin/tickets")
    (row,) = re.findall(rf"<tr.*?{code}.*?</tr>", page, re.DOTALL)
    assert "Parainen" not in row
    assert "Pargas" not in row
    assert codes_in(coordinator.sees("/admin/tickets?municipality=Parainen")) == []


def test_no_page_of_the_list_asks_more_of_the_database_when_there_is_more_in_it(
    room: Room, coordinator: Reader
) -> None:
    counts = []
    for many in (3, 30):
        for _ in range(many):
            room.office.ticket(caller=f"+35840555{room.office._told:04}")
        counts.append(statements_of(room, lambda: coordinator.sees("/admin/tickets?state=all")))
    assert counts[0] == counts[1] < 25


def test_the_state_of_a_promise_is_seen_in_the_list(room: Room, coordinator: Reader) -> None:
    code = room.office.ticket()
    room.office.promised(code)
    page = coordinator.sees("/admin/tickets")
    (row,) = re.findall(rf"<tr.*?{code}.*?</tr>", page, re.DOTALL)
    assert "aika luvattu" in row
    with room.parts.sessions.begin() as session:
        session.execute(text("UPDATE ticket SET deadline = created_at - interval '1 hour'"))
    assert "Myöhässä" in coordinator.sees("/admin/tickets")


def test_what_showed_that_somebody_needs_training_is_listed_and_counted_by_topic(
    room: Room, coordinator: Reader
) -> None:
    plain, trains = room.office.ticket(), room.office.ticket()
    coordinator.done(f"/admin/tickets/{trains}/closing", outcome="RATKAISTU", training_need="1")
    page = coordinator.sees("/admin/tickets?state=all&training_need=1")
    assert trains in page
    assert plain not in page
    assert "/admin/reports?by=topic&measure=training" in page
    assert coordinator.gets("/admin/reports?by=topic&measure=training").status_code == 200
    assert "measure=training" not in coordinator.sees("/admin/tickets?state=all")
