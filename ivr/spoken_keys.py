"""A key that is said: "yksi", "två", "toista", or yes and no where the question is one."""

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

NOT_UNDERSTOOD: Final = "?"  # a key that no telephone has: the line asks again, as after a wrong one
# Which keys yes and no are, by question. A time that is to be given up is none of these: there "yes" could mean either.
YES_AND_NO: Final[Mapping[str, tuple[str, str]]] = {
    "callback": ("1", "2"),
    "change_offer": ("1", "2"),
    "confirm_number": ("1", "2"),
    "feedback": ("1", "3"),
    "offer_held": ("1", "2"),
    "offer_slot": ("1", "2"),
    "own_opening": ("1", "2"),
    "postcode_is": ("1", "2"),
    "record_choice": ("1", "2"),
}
MOST_HINTS: Final = 500


def key_said(question: str, said: str) -> str:
    """The key that a caller means by what they say in answer to a question; in either language, whichever it is asked in."""
    meant = _meanings()
    words = re.sub(r"[^\w ]", " ", said.lower()).split()
    told = " ".join(word for word in words if meant.get(word) != "beside")
    meaning = meant.get(" ".join(words)) or meant.get(told) or _same(told.split(), meant)
    if meaning in ("yes", "no"):
        return YES_AND_NO.get(question, (NOT_UNDERSTOOD, NOT_UNDERSTOOD))[meaning == "no"]
    return NOT_UNDERSTOOD if meaning in (None, "beside") else str(meaning)


def hints(language: Language) -> str:
    """What is likely to be said, for whoever has to hear it."""
    listed = Catalogue.load().words_said(language)
    return ",".join([said for said, meaning in listed.items() if meaning != "beside"][:MOST_HINTS])


def _same(words: list[str], meant: Mapping[str, str]) -> str | None:
    """The same thing said several times over: "yksi, yksi"."""
    meanings = {meant.get(word) for word in words}
    return meanings.pop() if len(meanings) == 1 else None


@cache
def _meanings() -> Mapping[str, str]:
    both: dict[str, str] = {}
    for language in Language:
        both.update(Catalogue.load().words_said(language))
    return {**both, **{str(digit): str(digit) for digit in range(10)}}
