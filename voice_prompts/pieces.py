"""A sentence cut into what a person can record once and the line can put together again. Pure.

"Voimme soittaa {time}." is the fragment "Voimme soittaa" and the words of a time: a weekday, a day, a month, an hour. Each
piece has a name made from its language and its very text: change one letter and no recording bears that name any more, so
a recording that has gone stale is simply not found.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from voice_prompts.book import Entry
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.speech import clock_words, day_words, digit_words

BETWEEN_PARTS: Final = 700  # ms, as the voice pauses
BETWEEN_GROUPS: Final = 250
_PLACE: Final = re.compile(r"(\{[a-z_]+\})")
# What stays together though it is two words, and what is said one by one.
_ATOM: Final = re.compile(r"i dag|i morgon|,|[^\s,]+")


@dataclass(frozen=True, slots=True)
class Piece:
    """So many words in one breath."""

    language: Language
    text: str

    @property
    def name(self) -> str:
        """Sixteen hexadecimal digits that no other text has."""
        return hashlib.sha256(f"{self.language}\n{self.text}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing, for so many milliseconds."""

    milliseconds: int


Pieces = tuple[Piece | Gap, ...]


@dataclass(frozen=True, slots=True)
class Spelled:
    """A word of a sentence as it is spoken; `by_word` where each of its words is a piece of its own."""

    text: str
    by_word: bool = False


def in_pieces(
    catalogue: Catalogue, language: Language, key: str, words: Mapping[str, Spelled], *, again: bool = False
) -> Pieces:
    """A spoken sentence as pieces and the gaps between them; the words as `Catalogue.spoken` takes them."""
    entry = catalogue.entry(language, key)
    parts = entry.again if again and entry.again else entry.say
    pieces: list[Piece | Gap] = []
    for number, part in enumerate(parts):
        if number:
            pieces.append(Gap(BETWEEN_PARTS))
        pieces.extend(_of_part(part, language, words))
    return tuple(pieces)


def all_pieces(catalogue: Catalogue, language: Language) -> tuple[Piece, ...]:
    """Everything that is to be recorded for a line that is wholly human, but for the names of lines and places."""
    texts = [
        text
        for key, _ in catalogue.in_order()
        for part in _parts(catalogue.entry(language, key))
        for text in fragments(part)
    ]
    texts += [*clock_words(language), *day_words(language), *digit_words(language)]
    return tuple(Piece(language, text) for text in dict.fromkeys(texts))


@lru_cache(maxsize=4096)
def fragments(part: str) -> tuple[str, ...]:
    """What stands between the {words} of one part of a sentence."""
    texts = (text for text in _PLACE.split(part) if not _PLACE.fullmatch(text))
    return tuple(text.strip() for text in texts if re.search(r"\w", text))


def _parts(entry: Entry) -> tuple[str, ...]:
    return (*entry.say, *entry.again)


def _of_part(part: str, language: Language, words: Mapping[str, Spelled]) -> Iterator[Piece | Gap]:
    for text in _PLACE.split(part):
        if _PLACE.fullmatch(text):
            yield from _of_word(words[text[1:-1]], language)
        elif re.search(r"\w", text):
            yield Piece(language, text.strip())


def _of_word(word: Spelled, language: Language) -> Iterator[Piece | Gap]:
    if not word.by_word:
        yield Piece(language, word.text)
        return
    for atom in _ATOM.findall(word.text):
        yield Gap(BETWEEN_GROUPS) if atom == "," else Piece(language, atom)
