"""The words hang together: statuses, topics, municipalities."""

import pytest

from tickets.municipalities import all_municipalities, by_code, in_region, of_postcode
from tickets.vocabulary import PHONE_TOPICS, TICKET_MOVES, TicketStatus, Topic, those_that_may_become
from voice_prompts.language import Language


def test_every_status_can_be_reached_from_a_new_ticket_and_every_ticket_can_be_closed() -> None:
    reached = {TicketStatus.OPEN, TicketStatus.UNFINISHED}
    while new := {target for status in reached for target in TICKET_MOVES[status]} - reached:
        reached |= new
    assert reached == set(TicketStatus)
    assert set(those_that_may_become(TicketStatus.CLOSED)) == set(TicketStatus) - {TicketStatus.CLOSED}


def test_a_closed_ticket_can_only_be_opened_again() -> None:
    assert TICKET_MOVES[TicketStatus.CLOSED] == {TicketStatus.OPEN}


def test_nobody_is_rung_without_a_promise() -> None:
    assert those_that_may_become(TicketStatus.CALLING) == (TicketStatus.PROMISED,)


def test_the_phone_offers_four_topics() -> None:
    assert list(PHONE_TOPICS) == [1, 2, 3, 4]
    assert set(PHONE_TOPICS.values()) <= set(Topic)


def test_a_municipality_is_found_by_code_and_by_postcode() -> None:
    turku = of_postcode("20100")
    assert turku is not None
    assert (turku.code, turku.name_in(Language.FI), turku.name_in(Language.SV)) == ("853", "Turku", "Åbo")
    assert turku.languages == (Language.FI, Language.SV)
    assert turku.region.name_fi == "Varsinais-Suomi"
    assert by_code("853") is turku
    assert turku.code in in_region(turku.region.code)


@pytest.mark.parametrize("postcode", ["00000", "2010", "", "abcde"])
def test_a_postcode_that_nobody_has_belongs_nowhere(postcode: str) -> None:
    assert of_postcode(postcode) is None


def test_all_municipalities_are_there_with_both_names() -> None:
    places = all_municipalities()
    assert len(places) == 308
    assert all(place.name_fi and place.name_sv and place.languages for place in places)
