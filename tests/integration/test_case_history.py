"""A ticket's notes and what happened to it: told in words, page by page, nothing twice and nothing left out."""

import re

import pytest

from tests.integration.case_room import Reader, Room, at


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
    while way := re.search(rf'href="({at(code)}\?events=\d+)#story"[^>]*>Aiemmin', page):
        told += page.count("kirjattiin muistiinpano")
        page = coordinator.sees(way[1])
    assert told + page.count("kirjattiin muistiinpano") == 40
    assert "<strong>tuli</strong>" in page


@pytest.mark.parametrize("query", ["events=x", "events=99999999999999999999", "notes=-1", "notes=%00", "events=0"])
def test_a_page_of_notes_or_events_that_there_is_not_is_no_mistake_of_ours(
    room: Room, coordinator: Reader, query: str
) -> None:
    assert coordinator.gets(at(room.office.ticket(), f"?{query}")).status_code == 200
