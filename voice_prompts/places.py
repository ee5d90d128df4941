"""Where a municipality's people live, as they say it themselves: "Turussa", "Tampereella", "i Åbo", "på Kökar"."""

import csv
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from voice_prompts.language import Language

# "På" where the whole municipality is an island that one goes out to; everywhere else "i".
_ISLANDS: Final = frozenset({"Brändö", "Föglö", "Karlö", "Kimitoön", "Kumlinge", "Kökar", "Sottunga", "Vårdö"})


def where(name: str, language: Language) -> str:
    """A municipality, by its name in the language, in the case that answers "where?"; LookupError for any other name."""
    if language is Language.SV:
        return f"{'på' if name in _ISLANDS else 'i'} {name}"
    return _finnish()[name]


@cache
def _finnish() -> Mapping[str, str]:
    """Finnish has two cases for it, and only custom tells which; see voice_prompts/data/README.md."""
    lines = files("voice_prompts").joinpath("data", "municipalities-fi.csv").read_text("utf-8").splitlines()
    return {row["name"]: row["where"] for row in csv.DictReader(lines)}
