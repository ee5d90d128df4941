"""What is wrong with an entry that was typed, as codes that the pages have words for."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from typing import Final

from pydantic_core import ErrorDetails

Mistakes = Mapping[str, str]


class DirectoryMistake(StrEnum):
    """What is wrong with a field; the page has the words."""

    MISSING = "missing"
    TOO_LONG = "too_long"
    ONE_LINE = "one_line"
    CHOICE = "choice"
    POSTCODE = "postcode"
    MUNICIPALITY = "municipality"
    MUNICIPALITIES = "municipalities"
    NUMBER = "number"
    WEB = "web"
    SECURE_WEB = "secure_web"
    NO_SUCH_DAY = "no_such_day"
    DAYS = "days"
    NO_SUCH_CLOCK = "no_such_clock"
    WHOLE_NUMBER = "whole_number"
    NO_NAME = "no_name"
    NO_PLACE = "no_place"
    NO_WAY_THERE = "no_way_there"
    ENDS_BEFORE = "ends_before"
    NO_REGISTERING = "no_registering"
    ENDS_BEFORE_FIRST = "ends_before_first"
    NOT_HELD_YET = "not_held_yet"
    CALLED_OFF = "called_off"
    DECIMAL = "decimal"
    CODE = "code"
    CODE_TWICE = "code_twice"
    EXTRA_CELLS = "extra_cells"
    LANGUAGE = "language_code"
    NUMBER_OF_ONE = "number_of_one"
    RULE = "rule"


_M = DirectoryMistake
# A mistake of the whole entry begins with the name of the field that mends it.
WHOLE: Final[Mapping[str, DirectoryMistake]] = {
    "name_fi": _M.NO_NAME,
    "postcode": _M.NO_PLACE,
    "address_fi": _M.NO_WAY_THERE,
    "ends": _M.ENDS_BEFORE,
    "must_register": _M.NO_REGISTERING,
}
FORM_OF: Final[Mapping[str, DirectoryMistake]] = {
    "postcode": _M.POSTCODE,
    "municipality": _M.MUNICIPALITY,
    "serves": _M.MUNICIPALITIES,
    "phone": _M.NUMBER,
    "web": _M.WEB,
    "url": _M.SECURE_WEB,
    "first_day": _M.NO_SUCH_DAY,
    "review_due": _M.NO_SUCH_DAY,
    "more_days": _M.DAYS,
    "begins": _M.NO_SUCH_CLOCK,
    "ends": _M.NO_SUCH_CLOCK,
    "people": _M.WHOLE_NUMBER,
    "minutes": _M.WHOLE_NUMBER,
    "volunteers": _M.WHOLE_NUMBER,
    "staff": _M.WHOLE_NUMBER,
    "topics": _M.WHOLE_NUMBER,
    "languages": _M.WHOLE_NUMBER,
}
# A list of many entries has columns that no form asks for.
IN_A_LIST: Final[Mapping[str, DirectoryMistake]] = {
    **FORM_OF,
    "code": _M.CODE,
    "language": _M.LANGUAGE,
    "languages": _M.LANGUAGE,
    "topics": _M.CHOICE,
    "owner": _M.NUMBER_OF_ONE,
    "organisation": _M.NUMBER_OF_ONE,
    "reviewed_on": _M.NO_SUCH_DAY,
}
KINDS: Final[Mapping[str, DirectoryMistake]] = {
    "missing": _M.MISSING,
    "string_too_short": _M.MISSING,
    "string_too_long": _M.TOO_LONG,
    "enum": _M.CHOICE,
    "literal_error": _M.CHOICE,
}


def mistakes_in(faults: Sequence[ErrorDetails], forms: Mapping[str, DirectoryMistake] = FORM_OF) -> Mistakes:
    """The first mistake of each field, in the order of the form; `forms` says what each field wants."""
    told: dict[str, str] = {}
    for fault in faults:
        field = str(fault["loc"][0]) if fault["loc"] else fault["msg"].removeprefix("Value error, ").partition(":")[0]
        told.setdefault(field, _mistake(field, fault, forms))
    return told


def _mistake(field: str, fault: ErrorDetails, forms: Mapping[str, DirectoryMistake]) -> DirectoryMistake:
    if not fault["loc"]:
        return WHOLE[field]
    usual = forms.get(field, _M.ONE_LINE if fault["type"] == "string_pattern_mismatch" else _M.CHOICE)
    return KINDS.get(fault["type"], usual)
