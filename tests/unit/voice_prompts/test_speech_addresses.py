"""A street and a house, as a voice reads them right."""

import pytest

from voice_prompts.language import Language
from voice_prompts.speech import spoken_address

FI, SV = Language.FI, Language.SV


@pytest.mark.parametrize(
    ("language", "written", "spoken"),
    [
        (FI, "Linnankatu 2", "Linnankatu kaksi"),
        (FI, "Mallikatu 12 B 3", "Mallikatu kaksitoista B kolme"),
        (FI, "Mallikatu 12\u201314", "Mallikatu kaksitoista, neljätoista"),
        (FI, "Mallikatu 12-14 C", "Mallikatu kaksitoista, neljätoista C"),
        (SV, "Södra vägen 121", "Södra vägen etthundratjugoett"),
        (SV, "S:t Eriksgatan 7b", "Sankt Eriksgatan sju b"),
        (FI, "Tie 1234", "Tie yksi kaksi kolme neljä"),
        (SV, "Torget", "Torget"),
    ],
)
def test_a_house_has_its_number_and_not_its_digits(language: Language, written: str, spoken: str) -> None:
    assert spoken_address(written, language) == spoken
