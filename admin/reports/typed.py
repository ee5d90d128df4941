"""Campaigns and figures from elsewhere as they are typed, and what is wrong with them. Pure."""

import re
from collections.abc import Mapping
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

from admin.directory.mistakes import DirectoryMistake, Mistakes, mistakes_in
from tickets.municipalities import municipality_of
from tickets.statistics.entries import EntryRefusal
from tickets.vocabulary import PageLanguage

S = TypeVar("S", bound=BaseModel)
Fields = Mapping[str, str]
_M = DirectoryMistake
FORMS: Final[Mapping[str, DirectoryMistake]] = {
    "begins": _M.NO_SUCH_DAY,
    "ends": _M.NO_SUCH_DAY,
    "source_date": _M.NO_SUCH_DAY,
    "value": _M.DECIMAL,
}
MAY_BE_EMPTY: Final = frozenset({"unit"})
REFUSED: Final[Mapping[EntryRefusal, Mistakes]] = {
    EntryRefusal.ENDS_BEFORE_IT_BEGINS: {"ends": _M.ENDS_BEFORE_FIRST},
    EntryRefusal.NO_SUCH_MUNICIPALITY: {"municipalities": _M.MUNICIPALITIES},
    EntryRefusal.NO_SOURCE: {"source": _M.MISSING},
}


def read(shape: type[S], typed: Fields, language: PageLanguage) -> S | Mistakes:
    """What was typed by a reader of this language, or what is wrong with each field."""
    told: dict[str, object] = {
        name: value for name in shape.model_fields if (value := _plain(name, typed, language)) or name in MAY_BE_EMPTY
    }
    mistakes: dict[str, str] = {}
    if "municipalities" in told:
        told["municipalities"] = _municipalities(str(told["municipalities"]), mistakes)
    mistakes |= {name: _M.ONE_LINE for name, value in told.items() if "\x00" in str(value)}
    try:
        entry = shape.model_validate(told)
    except ValidationError as error:
        return {**mistakes_in(error.errors(), FORMS), **mistakes}
    return mistakes or entry


def _plain(name: str, typed: Fields, language: PageLanguage) -> str:
    value = typed.get(name, "").strip()
    if name == "value":
        return _number(re.sub(r"[\s\u00a0]", "", value).replace("−", "-"), language)
    if name in FORMS and (day := re.fullmatch(r"(\d{1,2})\.(\d{1,2})\.(\d{4})", value)):
        return f"{day[3]}-{int(day[2]):02d}-{int(day[1]):02d}"
    return value


def _number(typed: str, language: PageLanguage) -> str:
    """A comma is before the decimals; but in English, where three digits follow each, it is between the thousands."""
    in_thousands = language is PageLanguage.EN and re.fullmatch(r"-?[1-9]\d{0,2}(,\d{3})+(\.\d+)?", typed)
    return typed.replace(",", "" if in_thousands else ".")


def _municipalities(typed: str, mistakes: dict[str, str]) -> list[str]:
    found = [municipality_of(one) for one in re.split(r"\s*[,;\n]\s*", typed) if one]
    if None in found:
        mistakes["municipalities"] = _M.MUNICIPALITIES
    return sorted({code for code in found if code})
