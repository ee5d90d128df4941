"""The page's own words: the exchange knows nothing of the product, and so nothing of its languages either."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path

from werkzeug.datastructures import LanguageAccept

LANGUAGES = ("fi", "sv", "en")
FIRST = "fi"
Words = Mapping[str, str]


@cache
def words_in(language: str) -> Words:
    """Every word of the page in this language, by what it is for."""
    return all_words()[language]


@cache
def all_words() -> Mapping[str, Words]:
    """The words of every language, as `words.toml` has them."""
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def chosen_language(asked: str | None, kept: str | None, accepted: LanguageAccept) -> str:
    """The language asked for, else the one kept, else what the browser likes best.

    A browser that likes English may well be a Finn's who never told it otherwise: English comes when it is pressed.
    """
    for wish in (asked, kept):
        if wish in LANGUAGES:
            return str(wish)
    liked = (value.partition("-")[0].lower() for value, _ in accepted)
    return next((language for language in liked if language in ("fi", "sv")), FIRST)
