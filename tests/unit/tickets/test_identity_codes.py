"""Identity codes, card and account numbers are found however people write them, and nothing else is taken for one."""

from datetime import date
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tickets.identity_codes import TAKEN_OUT, Secret, find, without_secrets

CHECKS = "0123456789ABCDEFHJKLMNPRSTUVWXY"
SIGNS = {1800: "+", 1900: "-YXWVU", 2000: "ABCDEF"}


@st.composite
def identity_codes(draw: st.DrawFn) -> str:
    """Any code that may have been given out, with any sign of its century, the new ones too."""
    century = draw(st.sampled_from(sorted(SIGNS)))
    born = draw(st.dates(date(century, 1, 1), date(century + 99, 12, 31)))
    number = draw(st.integers(2, 899))
    digits = f"{born:%d%m%y}{number:03}"
    return f"{digits[:6]}{draw(st.sampled_from(SIGNS[century]))}{digits[6:]}{CHECKS[int(digits) % 31]}"


@given(identity_codes(), st.sampled_from(["{}", "Olen {}.", "hetu:{},", "({})", "a {} b"]), st.booleans())
def test_every_identity_code_is_found_in_any_sentence(code: str, sentence: str, small: bool) -> None:
    said = sentence.format(code.lower() if small else code)
    (found,) = find(said)
    assert (found.kind, said[found.begins : found.ends].upper()) == (Secret.IDENTITY_CODE, code)
    assert without_secrets(said, TAKEN_OUT) == sentence.format(TAKEN_OUT)


@pytest.mark.parametrize("said", ["131052 -308T", "131052 - 308 T", "131052\u2013308T", "131052-308U", "010203A456B"])
def test_an_identity_code_with_blanks_a_long_dash_or_a_slip_is_found_too(said: str) -> None:
    assert [one.kind for one in find(said)] == [Secret.IDENTITY_CODE]


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("4111 1111 1111 1111", Secret.CARD),
        ("kortti 4111-1111-1111-1111.", Secret.CARD),
        ("5555555555554444", Secret.CARD),
        ("FI21 1234 5600 0007 85", Secret.ACCOUNT),
        ("tilille fi2112345600000785 siis", Secret.ACCOUNT),
    ],
)
def test_card_and_account_numbers_are_found(said: str, kind: Secret) -> None:
    assert [one.kind for one in find(said)] == [kind]


@pytest.mark.parametrize(
    "said",
    [
        "040 123 4567 ja +358 40 123 4567",
        "puhelu 24.11.2026 klo 14.00",
        "Windows 11, versio 10.0.22631.4460",
        "virhe 0x80070005",
        "4111 1111 1111 1112",
        "tilausnumero 1234567890123",
        "FI00 1234 5600 0007 86",
        "991352-308T",
        "viite 131052-3081234",
    ],
)
def test_what_only_looks_a_little_like_one_is_left_alone(said: str) -> None:
    assert find(said) == ()
    assert without_secrets(said) == said


@given(st.text(max_size=200))
def test_what_is_left_has_none_in_it_any_more(said: str) -> None:
    assert find(without_secrets(said, TAKEN_OUT)) == ()


@given(st.lists(identity_codes(), min_size=2, max_size=5))
def test_several_in_one_text_are_all_found_in_order(codes: list[str]) -> None:
    found = find(" ja ".join(codes))
    assert len(found) == len(codes)
    assert all(one.ends <= other.begins for one, other in pairwise(found))
