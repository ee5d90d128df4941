"""Finnish and Swedish sentences are set as Finnish and Swedish: quoted words stand between ” and ”."""

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

from admin.wording import catalogue
from tickets.vocabulary import PageLanguage

ROOT = Path(__file__).resolve().parents[2]
FOREIGN_QUOTES = re.compile(r'[“„"]')


def told_in(found: object, language: str) -> Iterator[str]:
    """What a file of words says in this language: under its code, or all of it where the file is named after it."""
    for key, value in found.items() if isinstance(found, dict) else ():
        if key == language and isinstance(value, dict):
            yield from all_of(value)
        elif key == language:
            yield str(value)
        else:
            yield from told_in(value, language)


def all_of(found: object) -> Iterator[str]:
    if isinstance(found, str):
        yield found
    for value in found.values() if isinstance(found, dict) else found if isinstance(found, list) else ():
        yield from all_of(value)


@pytest.mark.parametrize("language", [PageLanguage.FI, PageLanguage.SV])
def test_no_sentence_quotes_as_english_does(language: PageLanguage) -> None:
    said = list(catalogue(language).values())
    for file in sorted(path for room in ("ivr", "voice_prompts") for path in (ROOT / room).rglob("*.toml")):
        words = tomllib.loads(file.read_text(encoding="utf-8"))
        said += all_of(words) if file.stem == language else told_in(words, str(language))
    assert len(said) > 2000
    assert [sentence for sentence in said if FOREIGN_QUOTES.search(sentence)] == []
