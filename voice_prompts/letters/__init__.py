"""What the line writes by e-mail, in the three languages in which people write to it."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from voice_prompts.book import CatalogueError, placeholders_of
from voice_prompts.language import Written

_HERE: Final = Path(__file__).parent
_WORD: Final = re.compile(r"[^\W\d_]+")


@dataclass(frozen=True, slots=True)
class Paragraph:
    """One paragraph of a letter, and when it is written."""

    when: str
    text: str

    def placeholders(self) -> frozenset[str]:
        """The {words} that it needs."""
        return placeholders_of(self.text)


def paragraph(language: Written, key: str, /, **words: str) -> str:
    """A paragraph of a letter, filled; raises CatalogueError for one that there is not, or for other words than it has."""
    entry = letters(language).get(key)
    if entry is None:
        raise CatalogueError(f"there is no paragraph “{key}” in letters/{language.value}.toml")
    if entry.placeholders() != words.keys():
        raise CatalogueError(f"“{key}” needs the words {', '.join(sorted(entry.placeholders())) or 'none'}")
    return entry.text.format_map(words)


def words_of(key: str) -> frozenset[str]:
    """The words that a paragraph needs."""
    return letters(Written.FI)[key].placeholders()


@cache
def letters(language: Written) -> Mapping[str, Paragraph]:
    """Every paragraph of a language, by its key."""
    tables = tomllib.loads((_HERE / f"{language.value}.toml").read_text(encoding="utf-8"))
    return {key: Paragraph(table["when"], table["text"]) for key, table in tables.items()}


def language_of(text: str) -> Written | None:
    """The language that somebody writes in, by its small words; None where there are none, or as many of another."""
    said = _WORD.findall(text.lower())
    found = {language: sum(word in small for word in said) for language, small in _small_words().items()}
    first, second = sorted(found.values(), reverse=True)[:2]
    return max(found, key=found.__getitem__) if first > second else None


@cache
def _small_words() -> Mapping[Written, frozenset[str]]:
    lists = tomllib.loads((_HERE / "words.toml").read_text(encoding="utf-8"))
    return {Written(language): frozenset(words.split()) for language, words in lists.items()}
