"""Which numbers can be rung back: Finnish mobiles and landlines, whatever is keyed or shown."""

import pytest

from ivr.numbers import Verdict, judge_caller, judge_keyed

MOBILE = "+358401112233"


@pytest.mark.parametrize(
    ("keyed", "e164"),
    [
        ("0401112233", MOBILE),
        ("00358401112233", MOBILE),
        ("99900358401112233", None),  # an operator's prefix of old; read back as no number
        ("0501234567", "+358501234567"),
        ("0457123456", "+358457123456"),
        ("022330000", "+35822330000"),
        ("0942450100", "+358942450100"),
        ("01812345", "+3581812345"),  # Åland
    ],
)
def test_a_number_is_taken_as_people_key_it(keyed: str, e164: str | None) -> None:
    judged = judge_keyed(keyed)
    assert (judged.e164 if judged.verdict is Verdict.OK else None) == e164


@pytest.mark.parametrize(
    "keyed", ["112", "118", "0600123456", "0700123456", "116117", "060012345", "1", "11", "020202"]
)
def test_a_number_that_costs_or_calls_for_help_is_not_rung(keyed: str) -> None:
    assert judge_keyed(keyed).verdict is not Verdict.OK


@pytest.mark.parametrize("keyed", ["0401234", "04012345678901", "0000000000", "401112233445566", "", "00", "000"])
def test_a_number_of_the_wrong_length_is_not_rung(keyed: str) -> None:
    assert judge_keyed(keyed).verdict in (Verdict.NOT_VALID, Verdict.NOT_ALLOWED)


@pytest.mark.parametrize("keyed", ["0046701234567", "004915112345678", "003725012345"])
def test_a_foreign_number_is_told_apart(keyed: str) -> None:
    assert judge_keyed(keyed).verdict is Verdict.FOREIGN


@pytest.mark.parametrize(
    "shown",
    [
        *("anonymous", "unknown", "Restricted", "unavailable", "private", "blocked", "", "+", "0401112233"),
        *("+266696687", "+7378742833", "+2562533", "+8656696", "+86282452253", "sip:someone@example.org"),
        *("+358", "+3584011122334455", "+35811", "+358112"),
    ],
)
def test_whatever_is_no_valid_number_counts_as_withheld(shown: str) -> None:
    judged = judge_caller(shown)
    assert (judged.verdict, judged.e164) == (Verdict.WITHHELD, None)


def test_a_shown_number_is_taken_as_it_is() -> None:
    assert judge_caller(MOBILE).e164 == MOBILE
    assert judge_caller("+46701234567").verdict is Verdict.FOREIGN
