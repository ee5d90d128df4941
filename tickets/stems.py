"""One key for the forms of a word, from what PostgreSQL's dictionaries leave of them. Pure.

The dictionaries cut endings and know nothing of what a stem does before them: they make three words of puhelin, puhelimen and
puhelinta, two of kaupunki and kaupungin, and take the end of sähköposti and salasana for an ending. What differs between
such leavings is folded away here; and each word is looked at a second time with an ending put on, which keeps its own end.
"""

import re
from typing import Final

from voice_prompts.language import Language

SHORTEST: Final = 3
PUT_ON: Final = {Language.FI: "n", Language.SV: "s"}  # a genitive: no dictionary takes more than it off such a word

_TWICE: Final = re.compile(r"(.)\1")
_SOFTENED: Final = {
    Language.FI: str.maketrans({"d": "t", "g": "k", "b": "p", "w": "v", "å": "o"}),
    Language.SV: str.maketrans({}),
}
_ENDINGS: Final = {
    Language.FI: (
        "umin",
        "ymin",
        "umis",
        "ymis",
        "ust",
        "yst",
        "uks",
        "yks",
        "im",
        "in",
        "um",
        "ym",
        "us",
        "ys",
        "ut",
        "yt",
        "ks",
    ),
    Language.SV: ("arna", "erna", "orna", "orn", "en", "et", "an", "ar", "er", "or", "ot", "n"),
}
_LEFT_OVER: Final = {Language.FI: "aeiouyäöj", Language.SV: "aeio"}


def folded(lexeme: str, language: Language) -> str:
    """What all forms of a word have in common, as far as endings tell."""
    stem = _bare(_TWICE.sub(r"\1", lexeme).translate(_SOFTENED[language]), language)
    shorter = _cut(stem, language)
    return shorter[:-1] if len(shorter) > SHORTEST and shorter[-1] in _LEFT_OVER[language] else shorter


def _cut(stem: str, language: Language) -> str:
    ending = next((ending for ending in _ENDINGS[language] if stem.endswith(ending)), "")
    return stem[: -len(ending)] if ending and len(stem) - len(ending) >= SHORTEST else stem


def _bare(stem: str, language: Language) -> str:
    while len(stem) >= SHORTEST and stem[-1] in _LEFT_OVER[language]:
        stem = stem[:-1]
    return stem
