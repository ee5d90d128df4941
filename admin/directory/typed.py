"""What was typed into a form of the directory, read with the same eyes as a line of a spreadsheet."""

import re
import secrets
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError
from werkzeug.datastructures import MultiDict

from admin.directory.mistakes import DirectoryMistake, Mistakes, mistakes_in
from admin.directory_file import value_of
from tickets.municipalities import municipality_of

S = TypeVar("S", bound=BaseModel)
SEVERAL: Final = frozenset({"topics", "languages"})
LONGEST_NAME: Final = 40


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed, or as the entry has them; `several` are the boxes that were ticked."""

    one: Mapping[str, str]
    several: Mapping[str, Collection[str]]

    @classmethod
    def sent(cls, form: MultiDict[str, str]) -> "Typed":
        """What the form holds."""
        return cls(form.to_dict(), {name: form.getlist(name) for name in SEVERAL})

    def __getitem__(self, name: str) -> str:
        """A field's text; empty where there was none."""
        return self.one.get(name, "")

    def ticked(self, name: str) -> Collection[str]:
        """The boxes of a name that were ticked."""
        return self.several.get(name, ())


def read(shape: type[S], typed: Typed, more: Mapping[str, object]) -> S | Mistakes:
    """The entry that was typed, or what is wrong with each field; `more` is what the form does not ask for."""
    told: dict[str, object] = {}
    mistakes: dict[str, str] = {}
    for name in shape.model_fields:
        if shape.model_fields[name].annotation is bool:
            told[name] = bool(typed[name])
            continue
        value = _value(name, typed, mistakes)
        if value not in (None, "", []):
            told[name] = value
    try:
        entry = shape.model_validate({**told, **more})
    except ValidationError as error:
        return {**mistakes_in(error.errors()), **mistakes}
    return mistakes or entry


def code_for(name: str, is_taken: Callable[[str], bool]) -> str:
    """A code of small letters for a new entry, from its name; none that stands for another entry."""
    plain = unicodedata.normalize("NFKD", name.lower()).encode("ascii", "ignore").decode()
    words = re.sub(r"[^a-z0-9]+", "-", plain).strip("-")[:LONGEST_NAME].strip("-")
    code = words or "x"
    while is_taken(code):
        code = f"{words or 'x'}-{secrets.token_hex(3)}"
    return code


def _value(name: str, typed: Typed, mistakes: dict[str, str]) -> object:
    if name in SEVERAL:
        return list(typed.ticked(name))
    text = typed[name].strip()
    if name == "municipality" and text:
        return municipality_of(text) or text
    if name == "serves" and text:
        found = [municipality_of(one) for one in re.split(r"\s*[,;\n]\s*", text) if one]
        if None in found:
            mistakes["serves"] = DirectoryMistake.MUNICIPALITIES
        return [code for code in found if code]
    return value_of(name, text) if text else ""
