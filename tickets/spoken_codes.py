"""Personal identity codes and card numbers as they are said aloud: digit by digit, in tens, with "viiva" for a dash. Pure.

A machine that writes down speech writes some of it as digits and some as words; both are read as the digits they mean, and
what then looks like a secret is taken out of the text as it stands.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

from tickets.identity_codes import Found, Secret, find
from voice_prompts.language import Language
from voice_prompts.speech import spoken_count

_TOKEN: Final = re.compile(r"\S+")
_EDGES: Final = ".,;:!?\u2026\"'()"
_COLLOQUIAL: Final = {
    "yks": "1", "kaks": "2", "nelj": "4", "viis": "5", "kuus": "6", "seittemän": "7", "kaheksan": "8", "yheksän": "9", "en": "1",
}  # fmt: skip
_DASHES: Final = ("viiva", "väliviiva", "yhdysmerkki", "miinus", "streck", "bindestreck", "minus")
_JOINING: Final = re.compile(r"[A-Za-z]|[-+]?[\d-]*[A-Za-z]?|\+")
# Said aloud, a code may follow upon other numbers without a stop; and who forgets the dash means the same.
_ALOUD: Final = (
    (Secret.IDENTITY_CODE, re.compile(r"\d{6,}[-+]\d{3,}[A-Za-z]?|\d{9,}[A-Za-z](?!\w)")),
    (Secret.CARD, re.compile(r"\d(?:-?\d){15,}")),
)


@dataclass(frozen=True, slots=True)
class _Read:
    """A stretch of a text, and what it is read as."""

    begins: int
    ends: int
    text: str
    joins: bool


def without_spoken_secrets(said: str, instead: str) -> str:
    """The text with something else in place of every identity code, card and account number, written or said aloud."""
    found = find_spoken(said)
    while found:  # what is left may make another one with what stands beside it
        for one in reversed(found):
            said = said[: one.begins] + instead + said[one.ends :]
        found = find_spoken(said)
    return said


def find_spoken(said: str) -> tuple[Found, ...]:
    """Every one in a text, first to last, by where it stands in the text itself."""
    written = find(said)
    reads = [_read(token) for token in _TOKEN.finditer(said)]
    plain, starts = "", []
    for place, read in enumerate(reads):
        if place and not (read.joins and reads[place - 1].joins):
            plain += " "
        starts.append(len(plain))
        plain += read.text
    aloud = [_back(one, reads, starts) for one in (*find(plain), *_aloud_in(plain))]
    found: list[Found] = []
    for one in sorted((*written, *aloud), key=lambda each: (each.begins, -each.ends)):
        if not found or one.begins >= found[-1].ends:
            found.append(one)
    return tuple(found)


def _aloud_in(plain: str) -> Iterator[Found]:
    for kind, pattern in _ALOUD:
        yield from (Found(kind, match.start(), match.end()) for match in pattern.finditer(plain))


def _read(token: re.Match[str]) -> _Read:
    bare = token[0].strip(_EDGES)
    begins = token.start() + token[0].find(bare) if bare else token.start()
    number = _NUMBERS.get(bare.lower())
    if number is not None:
        return _Read(begins, begins + len(bare), number, joins=True)
    if bare.lower() in _DASHES:
        return _Read(begins, begins + len(bare), "-", joins=True)
    return _Read(begins, begins + len(bare), bare, joins=_JOINING.fullmatch(bare) is not None)


def _back(one: Found, reads: list[_Read], starts: list[int]) -> Found:
    """From the text as it was read to the text as it stands: whole words are taken out."""
    inside = [
        read
        for read, start in zip(reads, starts, strict=True)
        if start < one.ends and start + len(read.text) > one.begins
    ]
    return Found(one.kind, inside[0].begins, inside[-1].ends)


def _numbers() -> Mapping[str, str]:
    words = {spoken_count(count, language): str(count) for language in Language for count in range(1000)}
    return MappingProxyType({**words, **_COLLOQUIAL})


_NUMBERS: Final = _numbers()
