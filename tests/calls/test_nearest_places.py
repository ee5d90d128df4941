"""A caller asks for the nearest place or the next stop: it is said so that one can go there, and texted on wish."""

import pytest
from sqlalchemy import Engine

from tests.calls.days import LANDLINE, MOBILE, SV, Day
from tests.calls.guide import lists
from tests.calls.phones import Play, key_of
from tests.calls.test_budget import counting
from tests.entries import gathering, point


def asks(day: Day, number: str = MOBILE, language: str = "1", postcode: str = "20100") -> Play:
    """Somebody books a time and then asks for the nearest place."""
    call = day.dials(number).hears("choose_language").presses(language).goes_forward(until="postcode")
    call.presses(postcode).goes_forward(until="another_matter_nearby")
    return call.presses("3").hears()


def test_a_network_without_a_directory_offers_no_nearest_place(day: Day) -> None:
    day.helper()
    day.dials().goes_forward().does_not_hear("another_matter_nearby")


def test_a_caller_hears_name_address_and_number_of_the_nearest_place_and_then_the_next_stop(day: Day) -> None:
    day.helper()
    lists(day, point("kirjasto"), gathering("bussi"))
    call = asks(day)
    assert call.words_of("nearby_name") == "Nimi on Esimerkkikirjasto."
    assert call.words_of("nearby_address") == "Osoite on Mallikatu kaksitoista B, Turku."
    assert call.words_of("nearby_phone").startswith("Puhelinnumero on nolla kaksi, viisi viisi viisi, ")
    call.presses("3").hears("nearby_stop", "nearby_name", "nearby_place", "nearby_keys_text")
    assert call.words_of("nearby_stop") == (
        "Seuraava tilaisuus lähellänne on huomenna keskiviikkona kahdeskymmenesviides marraskuuta kello kymmenen."
    )
    assert call.words_of("nearby_place") == "Paikkana on Kauppatori."
    call.presses("1").hears("another_matter").presses("1").hears("goodbye")
    assert len(day.callbacks()) == len(day.tickets()) == 1


def test_a_swedish_speaker_hears_it_in_swedish(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    lists(day, point("kirjasto"), gathering("bussi"))
    call = asks(day, language="2")
    assert call.words_of("nearby_name") == "Namnet är Exempelbiblioteket."
    assert call.words_of("nearby_address") == "Adressen är Modellgatan tolv B, Åbo."
    call.presses("3").hears("nearby_stop")
    assert "i morgon onsdag den tjugofemte november klockan tio" in call.words_of("nearby_stop")
    assert {one.language for one in call.call.said[2:]} == {"sv-SE"}


def test_a_name_that_is_known_in_the_other_language_only_is_read_by_a_voice_of_that_language(day: Day) -> None:
    day.helper("09:30", "14:30", SV)
    lists(day, point("kirjasto", name_sv=None, address_sv=None))
    call = asks(day, language="2")
    voices = {one.text: one.language for one in call.call.said}
    assert voices["Nimi on Esimerkkikirjasto."] == "fi-FI"
    assert voices["Det närmaste stället är det här."] == "sv-SE"


def test_the_place_is_texted_on_wish_once_and_in_the_callers_language(day: Day) -> None:
    day.helper()
    lists(day, point("kirjasto", hours_fi="ma\u2013pe 9\u201315"))
    asks(day).presses("2").hears("nearby_text", "another_matter").presses("1").hears("goodbye")
    day.passes(seconds=20)
    assert day.templates() == ["booked", "nearby"]
    assert day.texts()[1].startswith(
        "Digituki: apua saatte täältä: Esimerkkikirjasto, Mallikatu 12 B, Turku, 02 555 0123, ma-pe 9-15."
    )


def test_a_stop_that_is_called_off_before_the_text_leaves_is_not_texted(day: Day) -> None:
    day.helper()
    lists(day, gathering("bussi"))
    day.worker_is_up = False
    asks(day).presses("2").hears("nearby_text").presses("1").hears("goodbye")
    with day.sessions.begin() as session:
        session.connection().exec_driver_sql("UPDATE occasion SET called_off_at = now()")
    day.worker_is_up = True
    day.passes(seconds=20)
    assert day.templates() == ["booked"]


def test_a_landline_is_given_time_to_find_a_pen_and_no_text_is_offered(day: Day) -> None:
    day.helper()
    lists(day, point("kirjasto"), point("toinen", name_fi="Toinen kirjasto", name_sv=None))
    call = asks(day, LANDLINE).hears()
    assert call.keys.index("nearby_pen") < call.keys.index("nearby_point")
    call.presses("9").hears("nearby_name", "nearby_address", "nearby_keys_next")
    call.presses("2").hears("nearby_point_more", "nearby_keys").presses("1").hears("another_matter")
    call.does_not_hear("nearby_text", "nearby_keys_both")


def test_who_waits_without_a_time_and_rings_again_is_told_of_the_nearest_place(day: Day) -> None:
    lists(day, point("kirjasto"))
    day.dials().goes_forward(until="postcode").presses("20100").goes_forward()
    again = day.dials().hears().presses("1").hears("waiting_still", "existing_open").presses("1")
    again.hears("no_slot", "nearby_offer").presses("2").hears("nearby_point", "nearby_name").presses("1")
    again.hears("goodbye")
    assert len(day.tickets()) == 1


def test_a_far_place_without_a_number_is_not_told_and_one_with_a_number_is_told_as_such(day: Day) -> None:
    day.helper()
    lists(day, point("rovaniemi", postcode="96100", municipality="698", phone=None))
    call = asks(day)
    assert "nearby_none" in call.keys
    call.presses("1").hears("goodbye")
    lists(day, point("rovaniemi", postcode="96100", municipality="698"))
    other = asks(day, "+358401119999")
    assert {"nearby_by_phone", "nearby_phone"} <= set(other.keys)
    other.does_not_hear("nearby_point")


def test_who_falls_silent_at_the_places_keeps_the_time(day: Day) -> None:
    day.helper()
    lists(day, point("kirjasto"))
    call = asks(day)
    call.hears("more_time").hears("last_try").hears("kept", "goodbye")
    assert [one.state for one in day.callbacks()] == ["promised"]


def test_a_person_is_asked_for_at_the_places_and_the_time_stands(day: Day) -> None:
    day.helper()
    lists(day, point("kirjasto"))
    asks(day).presses("0").hears("kept", "goodbye")


def test_a_directory_makes_a_happy_call_no_longer_than_one_short_option(day: Day) -> None:
    day.helper()
    day.helper()
    without = day.dials().goes_forward()
    lists(day, point("kirjasto"), gathering("bussi"))
    listed = day.dials("+358401119999").goes_forward()
    assert listed.keys == [key.replace("another_matter", "another_matter_nearby") for key in without.keys]
    assert without.keys.count("another_matter") == 1
    # All else is as long as the number and the time that it says of each caller, which are not the directory's doing.
    assert 0 < seconds_of(listed, "another_matter_nearby") - seconds_of(without, "another_matter") < 5


def seconds_of(call: Play, key: str) -> float:
    """How long a sentence took that was said once."""
    (said,) = [one for one in call.call.said if key_of(one) == key]
    return said.seconds


@pytest.mark.parametrize("number", [MOBILE, LANDLINE])
def test_asking_for_the_nearest_place_costs_no_more(day: Day, engine: Engine, number: str) -> None:
    day.helper()
    lists(day, *(point(f"paikka-{place}") for place in range(30)), *(gathering(f"bussi-{stop}") for stop in range(30)))
    with counting(engine, day) as counter:
        call = asks(day, number).hears()
        call.presses("3" if number == MOBILE else "2").hears("nearby_stop").presses("2").hears()
        call.presses("1").hears()
        day.dials("+358401110000").hears().presses("1").hears().presses("1")
    assert len(counter.spent) > 10
    assert counter.too_much == []
