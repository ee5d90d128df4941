"""Thanks by text, in answer to what we texted: heard, and neither a request nor answered. Pure."""

import re
from typing import Final

# "Apua, kiitos" and "hjälp, tack" ask for help: what may be wished for is in neither list, nor is any no.
_THANKS: Final = (
    "kiitos", "kiitokset", "kiitoksia", "kiitän", "kiitämme", "kiitti", "tack", "tackar", "tacksamma", "tacksam",
    "thanks", "thank", "ok", "okei", "okej", "okay", "selvä", "hyvä", "hienoa", "mahtavaa", "loistavaa", "bra",
    "fint", "toppen", "jättebra", "utmärkt",
)  # fmt: skip
_BESIDE: Final = (
    "paljon", "kovasti", "oikein", "suuri", "suuret", "sydämellinen", "sydämelliset", "tuhannet", "tuhansia",
    "teille", "sinulle", "avusta", "avustanne", "ajasta", "tiedosta", "vastauksesta", "vastauksestanne", "soitosta",
    "hei", "moi", "heippa", "hyvää", "päivää", "päivänjatkoa", "jatkoa", "asia", "kyllä", "joo", "juu", "sopii",
    "hyvin", "mycket", "tusen", "så", "för", "hjälpen", "svaret", "er", "dig", "det", "är", "hej", "ja", "jo",
    "passar", "you", "very", "much",
)  # fmt: skip
_MEANT: Final = frozenset(_THANKS)
_KNOWN: Final = _MEANT | frozenset(_BESIDE)


def is_courtesy(said: str) -> bool:
    """Whether a text says thanks or all right and nothing else; a heart or a thumb says it too, a question mark asks."""
    words = re.findall(r"\w+", said.casefold())
    if "?" in said or not said.strip():
        return False
    return not words or (not _MEANT.isdisjoint(words) and _KNOWN.issuperset(words))
