"""Which sentence of the catalogue was heard or read, and whether a word of the other language slipped into it."""

import re
from dataclasses import dataclass
from functools import cache

from tickets.municipalities import all_municipalities
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.places import where
from voice_prompts.speech import clock_words, day_words, digit_words, spoken_count

OTHER = {Language.FI: Language.SV, Language.SV: Language.FI}
# Names are what they are, whoever reads them; times, numbers, codes and municipalities have words in each language.
NAMES = frozenset({"line", "place", "address", "details"})
# Words that both languages have, each looked at by a person. A word that is new here has most likely slipped in.
SHARED = frozenset({"en", "fi", "ja", "kanta", "plus", "se", "suomi"})
CLOCK = {Language.FI: "klo", Language.SV: "kl"}
# Before a date only: elsewhere "on" is no Wednesday but a Finnish verb.
WEEKDAYS = {
    Language.FI: ["ma", "ti", "ke", "to", "pe", "la", "su"],
    Language.SV: ["må", "ti", "on", "to", "fr", "lö", "sö"],
}
_DATE = re.compile(r"\b([^\W\d_]{2}) (?=[0-9]+\.[0-9]+\.[0-9]{4})")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence of the catalogue as it is said or texted; `again`: its shorter repeat."""

    key: str
    again: bool
    language: Language
    pattern: re.Pattern[str]


def sentences_in(words: str, language: Language) -> tuple[Sentence, ...]:
    """The sentences that these words may be, in that language; two keys may say the same."""
    plain = " ".join(words.split())
    return tuple(sentence for sentence in all_sentences(language) if sentence.pattern.fullmatch(plain))


def faults_in(words: str, language: Language) -> list[str]:
    """What is wrong with words that were heard in a voice of this language, or texted in it: nothing, one hopes."""
    found = sentences_in(words, language)
    if not found:
        return [f"not a sentence in {language.name}: {words}"]
    strange = min((strangers_in(words, sentence) for sentence in found), key=len)
    return [f"not a word in {language.name}: “{word}” in “{words}”" for word in sorted(strange)]


def strangers_in(words: str, sentence: Sentence) -> set[str]:
    """The words of a sentence that belong to the other language only; names of lines and places are excepted."""
    match = sentence.pattern.fullmatch(" ".join(words.split()))
    assert match is not None, words
    plain = match.string
    for name in sorted(NAMES & match.groupdict().keys(), key=lambda name: -match.start(name)):
        plain = plain[: match.start(name)] + plain[match.end(name) :]
    towns, others = town_words(sentence.language), OTHER[sentence.language]
    days = set(_DATE.findall(plain)) - set(WEEKDAYS[sentence.language])
    plain = _DATE.sub("", plain)
    return days | (words_of(plain) & (vocabulary(others) | town_words(others)) - vocabulary(sentence.language) - towns)


def words_of(text: str) -> set[str]:
    """The words of a text, in small letters."""
    return set(re.findall(r"[^\W\d_]+", text.lower()))


@cache
def vocabulary(language: Language) -> frozenset[str]:
    """Every word that the line knows in a language: of its sentences, times and numbers."""
    entries = Catalogue.load().books[language].entries.values()
    said = [" ".join((*entry.say, *entry.again, entry.text or "")) for entry in entries]
    counts = [spoken_count(number, language) for number in range(1000)]
    tables = [*clock_words(language), *day_words(language), *digit_words(language), *counts, CLOCK[language]]
    return frozenset(words_of(re.sub(r"\{\w+\}", " ", " ".join((*said, *tables)))))


@cache
def town_words(language: Language) -> frozenset[str]:
    """Every municipality's name in a language, and where that is."""
    names = [town.name_in(language) for town in all_municipalities()]
    return frozenset(words_of(" ".join((*names, *(where(name, language) for name in names)))))


@cache
def all_sentences(language: Language) -> tuple[Sentence, ...]:
    """Everything that may be said or texted; what {topic} and {language} mean is no sentence of its own."""
    catalogue = Catalogue.load()
    found: list[Sentence] = []
    for key in sorted(catalogue.keys()):
        if key.startswith(("topic.", "language.")):
            continue
        entry = catalogue.entry(language, key)
        ways = ((False, entry.say or (entry.text or "",)), (True, entry.again))
        found += [Sentence(key, again, language, _pattern(parts)) for again, parts in ways if parts]
    return tuple(found)


def _pattern(parts: tuple[str, ...]) -> re.Pattern[str]:
    # What fills a gap has no full stop before a blank, but for “kl. 10.30”: else a short sentence would be found within a longer one.
    gap = r"(?P<\1>(?:[^.:]|[.:](?=\\S)|(?<=kl)\.)+?)"
    return re.compile(re.sub(r"\\\{(\w+)\\\}", gap, re.escape(" ".join(parts))))
