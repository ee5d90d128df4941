"""The two languages of the line."""

from enum import StrEnum


class Language(StrEnum):
    """A language in which a caller is answered, texted and rung back."""

    FI = "fi"
    SV = "sv"


class Written(StrEnum):
    """A language in which we write to people; in English nobody is rung."""

    FI = "fi"
    SV = "sv"
    EN = "en"

    @property
    def spoken(self) -> Language | None:
        """The same language on the phone."""
        return None if self is Written.EN else Language(self.value)


def name_said(language: Language, name: str, other_name: str | None, *, first: Language) -> str:
    """A line's name as it is said in a language: `name` in its `first`, else the other; where it has only one, that one."""
    return name if language is first else other_name or name
