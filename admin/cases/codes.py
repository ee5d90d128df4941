"""The codes that the pages of tickets say, so that a test can ask for their words."""

from typing import Final

from admin.cases.doing import CaseMistake
from admin.cases.filters import ListMistake
from admin.cases.refining import FIELDS
from admin.cases.registered import ERASES, WhoseMistake
from admin.cases.terms import TermMistake

DONE: Final = (
    "note",
    "transcript",
    "redaction",
    "owner",
    "return",
    "close",
    "reopen",
    "give",
    "takeback",
    "hold",
    "release",
    "refined",
    "referred",
    "material",
    "directions",
    "time",
    "moved",
    "cancelled",
    "waits",
    "published",
    "withdrawn",
)
SAID: Final = frozenset(f"case_{form}" for form in DONE)
MISTAKES: Final = frozenset({*CaseMistake, *ListMistake, *TermMistake, *WhoseMistake})
REFINED: Final = FIELDS | {"did_themselves", "minutes", "number"}
BY_WHEN: Final = ("starts_at", "deadline", "until", "at")
CONFIRMED: Final = (ERASES,)
