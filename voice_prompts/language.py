"""The two languages of the line."""

from enum import StrEnum


class Language(StrEnum):
    """A language in which a caller is answered, texted and rung back."""

    FI = "fi"
    SV = "sv"
