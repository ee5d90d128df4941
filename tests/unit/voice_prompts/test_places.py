"""Every municipality in the case that answers "where?"."""

import re

import pytest

from tickets.municipalities import all_municipalities
from voice_prompts.language import Language
from voice_prompts.places import where

FI, SV = Language.FI, Language.SV
# The last part of a compound decides the vowels of the ending: Rovaniemellä, Kristiinankaupungissa.
FRONT_LAST_PARTS = ("järve", "vede", "nieme", "mäe", "kylä", "pää", "näs", "pyy", "ekiö", "kyrö")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("Turku", "Turussa"),
        ("Tampere", "Tampereella"),
        ("Raasepori", "Raaseporissa"),
        ("Parainen", "Paraisilla"),
        ("Kaustinen", "Kaustisella"),
        ("Laukaa", "Laukaassa"),
        ("Loimaa", "Loimaalla"),
        ("Tornio", "Torniossa"),
        ("Ylitornio", "Ylitorniolla"),
        ("Isokyrö", "Isossakyrössä"),
        ("Uusikaupunki", "Uudessakaupungissa"),
        ("Pihtipudas", "Pihtiputaalla"),
    ],
)
def test_a_finn_says_where_they_live_as_their_neighbours_do(name: str, said: str) -> None:
    assert where(name, FI) == said


@pytest.mark.parametrize(
    ("name", "said"),
    [("Åbo", "i Åbo"), ("Pargas", "i Pargas"), ("Kökar", "på Kökar"), ("Kimitoön", "på Kimitoön")],
)
def test_an_islander_lives_on_the_island(name: str, said: str) -> None:
    assert where(name, SV) == said


def test_every_municipality_of_finland_can_be_said_in_both_languages() -> None:
    for place in all_municipalities():
        assert where(place.name_fi, FI)
        assert where(place.name_sv, SV).split(" ", 1)[1] == place.name_sv
    assert len({where(place.name_fi, FI) for place in all_municipalities()}) == 308


def test_no_form_is_a_slip_of_the_pen() -> None:
    for place in all_municipalities():
        name, said = place.name_fi, where(place.name_fi, FI)
        assert re.fullmatch(r"[A-ZÅÄÖ][\wåäö-]+( kunnassa)?", said), said
        assert said.endswith(("ssa", "ssä", "lla", "llä")), said
        assert said[:2].lower() == name[:2].lower(), said
        assert _has_front_vowels(said) is said.endswith("ä"), said


def _has_front_vowels(said: str) -> bool:
    """Of the last part of the word alone, as vowel harmony goes."""
    stem = said[:-3].lower()
    begins = max(stem.rfind(part) for part in (*FRONT_LAST_PARTS, "-"))
    return not re.search("[aou]", stem[max(begins, 0) :])


def test_a_place_that_is_none_has_no_form() -> None:
    with pytest.raises(LookupError):
        where("Narnia", FI)
