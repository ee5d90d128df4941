"""What the plays are held against: a word of the other language does not go unnoticed."""

import pytest

from tests.calls.tongues import SHARED, faults_in, vocabulary
from voice_prompts.language import Language

FI, SV = Language.FI, Language.SV


def test_no_word_of_one_language_has_slipped_into_the_sentences_of_the_other() -> None:
    assert vocabulary(FI) & vocabulary(SV) == SHARED


@pytest.mark.parametrize(
    ("words", "language"),
    [
        ("Kiirettä ei ole.", FI),
        ("Det är ingen brådska.", SV),
        ("Det här är Esimerkkiseudun digituki.", SV),  # a line has its name
        ("Postnumret två noll ett noll noll finns i Åbo. Om det här är rätt: tryck ett. Om det här är fel: tryck två.", SV),
        ("Digitalt stöd: er tid ti 24.11.2026 kl. 10.30 är avbokad och vi ringer inte upp er. Ni kan ringa oss igen när som helst.", SV),
    ],
)  # fmt: skip
def test_a_sentence_in_its_own_voice_is_right(words: str, language: Language) -> None:
    assert faults_in(words, language) == []


@pytest.mark.parametrize(
    ("words", "language", "strange"),
    [
        ("Kiirettä ei ole.", SV, "not a sentence in SV"),
        ("Det är ingen brådska.", FI, "not a sentence in FI"),
        ("Bra. Vi ringer er tänään klockan tio.", SV, "not a word in SV: “tänään”"),
        ("Hyvä. Soitamme teille i dag kello kymmenen.", FI, "not a word in FI: “dag”"),
        ("Er kod är neljä sju två ett. Den som ringer säger koden först.", SV, "not a word in SV: “neljä”"),
        ("Postnumret två noll ett noll noll finns i Turku. Om det här är rätt: tryck ett. Om det här är fel: tryck två.", SV, "not a word in SV: “turku”"),
        ("Digitalt stöd: er tid ti 24.11.2026 klo 10.30 är avbokad och vi ringer inte upp er. Ni kan ringa oss igen när som helst.", SV, "not a word in SV: “klo”"),
        ("Digitalt stöd: er tid ke 24.11.2026 kl. 10.30 är avbokad och vi ringer inte upp er. Ni kan ringa oss igen när som helst.", SV, "not a word in SV: “ke”"),
    ],
)  # fmt: skip
def test_a_word_of_the_other_language_is_noticed(words: str, language: Language, strange: str) -> None:
    assert strange in " ".join(faults_in(words, language))
