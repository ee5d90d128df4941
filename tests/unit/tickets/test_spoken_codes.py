"""Secrets said aloud are taken out of what a machine wrote down, whichever way it wrote them; telephone numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.tickets.test_identity_codes import identity_codes
from tickets.identity_codes import TAKEN_OUT
from tickets.spoken_codes import find_spoken, without_spoken_secrets
from voice_prompts.language import Language
from voice_prompts.speech import spoken_count, spoken_key

DASH = {Language.FI: "viiva", Language.SV: "streck"}


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("Hetuni on 131052-308T, kiitos.", f"Hetuni on {TAKEN_OUT}, kiitos."),
        ("kolmetoista kymmenen viisikymmentäkaksi viiva kolmesataakahdeksan T, kiitos", f"{TAKEN_OUT}, kiitos"),
        ("yksi kolme yksi nolla viisi kaksi viiva kolme nolla kahdeksan T.", f"{TAKEN_OUT}."),
        ("min kod är ett tre ett noll fem två streck tre noll åtta T tack", f"min kod är {TAKEN_OUT} tack"),
        ("13 10 52 - 308 T", TAKEN_OUT),
        ("131052 308 T", TAKEN_OUT),
        ("kortti neljä yksi yksi yksi 1111 1111 1 1 1 1 loppui", f"kortti {TAKEN_OUT} loppui"),
        ("Neljä, yksi, yksi, yksi, 1111, 1111, 1111.", f"{TAKEN_OUT}."),
        ("FI21 1234 5600 0007 85", TAKEN_OUT),
    ],
)
def test_what_is_said_aloud_is_taken_out(said: str, kept: str) -> None:
    assert without_spoken_secrets(said, TAKEN_OUT) == kept


@pytest.mark.parametrize(
    "said",
    [
        "Soittakaa 040 123 4567 tai +358 40 123 4567.",
        "nolla neljä nolla yksi kaksi kolme neljä viisi kuusi seitsemän",
        "nolla kaksi viiva kaksi kolme kolme nolla nolla nolla nolla",
        "Windows 11 ja tulostin, kello kaksi 24.11.2026",
        "kaksi kertaa kolme, sano minulle viiva ja piste",
        "",
    ],
)
def test_numbers_to_ring_and_plain_words_stay(said: str) -> None:
    assert without_spoken_secrets(said, TAKEN_OUT) == said


@given(identity_codes(), st.sampled_from(list(Language)), st.booleans())
def test_every_identity_code_is_found_said_digit_by_digit_or_in_tens(code: str, language: Language, tens: bool) -> None:
    born, sign, rest = code[:6], code[6], code[7:]
    parts = [born[:2], born[2:4], born[4:]] if tens else list(born)
    numbers = [*parts, *([rest[:3]] if tens else rest[:3])]
    words = [_aloud(number, language) for number in numbers]
    words.insert(len(parts), DASH[language] if sign in "-+" else sign)
    said = "koodi on " + " ".join([*words, rest[3:]]) + " siinä"
    assert find_spoken(said)
    assert without_spoken_secrets(said, TAKEN_OUT) == f"koodi on {TAKEN_OUT} siinä"


@given(st.text(alphabet="0123456789 -+TAabc viiva kolme,.", max_size=120))
def test_what_is_left_has_none_in_it_any_more(said: str) -> None:
    assert find_spoken(without_spoken_secrets(said, TAKEN_OUT)) == ()


def _aloud(digits: str, language: Language) -> str:
    """As one says a day or a year: the noughts before it too."""
    noughts = digits[: len(digits) - len(digits.lstrip("0"))] if digits.strip("0") else digits
    rest = digits[len(noughts) :]
    said = [spoken_key(0, language)] * len(noughts) + ([spoken_count(int(rest), language)] if rest else [])
    return " ".join(said)
