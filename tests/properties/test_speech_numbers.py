"""Numbers and codes, whatever their digits."""

import re
import subprocess
import sys

import phonenumbers
from hypothesis import given, settings
from hypothesis import strategies as st

from voice_prompts.language import Language
from voice_prompts.speech import spoken_code, spoken_count, spoken_name, spoken_number, spoken_postcode, written_number

WORDS = {
    Language.FI: ["nolla", "yksi", "kaksi", "kolme", "neljä", "viisi", "kuusi", "seitsemän", "kahdeksan", "yhdeksän"],
    Language.SV: ["noll", "ett", "två", "tre", "fyra", "fem", "sex", "sju", "åtta", "nio"],
}
# The first number of a country reads its rules from disk, which takes what it takes.
unhurried = settings(deadline=None)
languages = st.sampled_from(Language)
digits = st.text("0123456789", min_size=1, max_size=15)
prefixes = st.sampled_from(["40", "50", "41", "44", "45", "46", "9", "2", "18", "19", "29", "600", "800"])
finnish = st.builds("+358{}{}".format, prefixes, st.text("0123456789", min_size=3, max_size=9))
foreign = st.builds("+{}{}".format, st.sampled_from([46, 47, 45, 372, 49, 44, 1, 7, 370]), digits)


def digits_heard(spoken: str, language: Language) -> str:
    """What a listener writes down, word by word."""
    return "".join(str(WORDS[language].index(word)) for word in spoken.replace(",", "").split() if word != "plus")


@unhurried
@given(finnish, languages)
def test_a_listener_writes_down_the_number_that_rings_the_same_phone(number: str, language: Language) -> None:
    heard = digits_heard(spoken_number(number, language), language)
    if phonenumbers.is_valid_number(phonenumbers.parse(number)):
        assert phonenumbers.parse(heard, "FI") == phonenumbers.parse(number)
    else:
        assert heard.removeprefix("0") == number.removeprefix("+358").removeprefix("0")


@unhurried
@given(foreign, languages)
def test_a_foreign_number_is_heard_with_plus_and_country_code(number: str, language: Language) -> None:
    spoken = spoken_number(number, language)
    assert spoken.startswith("plus ")
    assert "+" + digits_heard(spoken, language) == written_number(number).replace(" ", "").replace("-", "")


@unhurried
@given(finnish | foreign | digits, languages)
def test_no_group_is_longer_than_four_digits(number: str, language: Language) -> None:
    groups = spoken_number(number, language).removeprefix("plus ").split(", ")
    assert all(1 <= len(group.split()) <= 4 for group in groups)


@unhurried
@given(finnish | foreign | digits, languages)
def test_what_is_written_and_what_is_spoken_are_the_same_number(number: str, language: Language) -> None:
    spoken, written = spoken_number(number, language), written_number(number)
    assert digits_heard(spoken, language) == re.sub(r"[^0-9]", "", written)
    assert [len(group.split()) for group in spoken.removeprefix("plus ").split(", ")] == [
        len(group) for group in written.removeprefix("+").split(" ")
    ]


@unhurried
@given(digits, languages)
def test_a_code_and_a_postcode_are_heard_digit_by_digit(code: str, language: Language) -> None:
    assert digits_heard(spoken_code(code, language), language) == code
    assert spoken_postcode(code, language) == spoken_code(code, language)


@unhurried
@given(st.integers(0, 999), st.integers(0, 999), languages)
def test_two_counts_never_sound_the_same(one: int, other: int, language: Language) -> None:
    assert (spoken_count(one, language) == spoken_count(other, language)) == (one == other)


@unhurried
@given(st.text(max_size=40), languages)
def test_no_name_reaches_the_voice_with_a_digit_in_it(name: str, language: Language) -> None:
    assert not re.search(r"[0-9]", spoken_name(name, language))


def test_speaking_never_loads_the_slow_geocoder() -> None:
    speak = (
        "import sys; from voice_prompts.language import Language; from voice_prompts.speech import spoken_number;"
        "spoken_number('+358401234567', Language.FI); spoken_number('+46701234567', Language.SV);"
        "print(any(name.startswith('phonenumbers.geo') for name in sys.modules))"
    )
    ran = subprocess.run([sys.executable, "-c", speak], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "False"
