"""Which numbers the line can ring back: Finnish mobiles and landlines, and nothing that costs.

`phonenumbers` knows the numbering plan; it accepts "040 1234" as valid, so the length is ours.
"""

from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

import phonenumbers
from phonenumbers import PhoneNumberType

COUNTRY = "FI"
SHORTEST, LONGEST = 7, 10  # digits after the country code

_RINGABLE = {
    PhoneNumberType.MOBILE,
    PhoneNumberType.FIXED_LINE,
    PhoneNumberType.FIXED_LINE_OR_MOBILE,
    PhoneNumberType.VOIP,
}


class Verdict(StrEnum):
    """What the line thinks of a number."""

    OK = "ok"
    WITHHELD = "withheld"
    FOREIGN = "foreign"
    NOT_ALLOWED = "not_allowed"
    NOT_VALID = "not_valid"


@dataclass(frozen=True, slots=True)
class Judged:
    """A verdict, and the number in E.164 where there is one."""

    verdict: Verdict
    e164: str | None = None


def judge_caller(raw: str) -> Judged:
    """The number that rings us: anything that is not valid E.164 counts as withheld."""
    if not raw.startswith("+"):
        return Judged(Verdict.WITHHELD)
    judged = _judge(raw)
    if judged.verdict in (Verdict.NOT_VALID, Verdict.NOT_ALLOWED):
        return Judged(Verdict.WITHHELD)
    return judged


def judge_keyed(digits: str) -> Judged:
    """A number that a caller keyed, with its area code or as 00358…"""
    return _judge(digits)


@lru_cache(maxsize=256)
def _judge(raw: str) -> Judged:
    try:
        number = phonenumbers.parse(raw, COUNTRY)
    except phonenumbers.NumberParseException:
        return Judged(Verdict.NOT_VALID)
    e164 = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if phonenumbers.region_code_for_number(number) not in (COUNTRY, "AX", None):
        return Judged(Verdict.FOREIGN if phonenumbers.is_valid_number(number) else Verdict.NOT_VALID, e164)
    if _costs_or_calls_for_help(raw, number):
        return Judged(Verdict.NOT_ALLOWED, e164)
    return Judged(Verdict.OK if _is_ringable(number) else Verdict.NOT_VALID, e164)


def _is_ringable(number: phonenumbers.PhoneNumber) -> bool:
    length = len(phonenumbers.national_significant_number(number))
    if not (phonenumbers.is_valid_number(number) and SHORTEST <= length <= LONGEST):
        return False
    return phonenumbers.number_type(number) in _RINGABLE


def _costs_or_calls_for_help(raw: str, number: phonenumbers.PhoneNumber) -> bool:
    """Short, emergency and service numbers: they answer, but never with the caller."""
    if phonenumbers.is_valid_short_number_for_region(number, COUNTRY) or len(raw) <= 3:
        return True
    kind = phonenumbers.number_type(number)
    return kind not in _RINGABLE and kind != PhoneNumberType.UNKNOWN
