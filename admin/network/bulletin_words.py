"""The words of a bulletin: as they were typed, from the ready ones, and what stands in for a language that somebody cannot write."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, Self

from flask import abort, url_for
from werkzeug.datastructures import MultiDict

from admin.people.reading import Fields, time_of
from admin.prompts.typed import folded
from admin.wording import word_in
from scheduler.slots import instant_of
from tickets.vocabulary import PageLanguage
from voice_prompts.book import Entry
from voice_prompts.bulletin import BulletinWords
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

LONGEST: Final = 400


class Ready(StrEnum):
    """What is most often to be told in a hurry; the words stand with the pages' words, as `ready bulletin`."""

    CROWDED = "crowded"
    E_SERVICE_DOWN = "e_service_down"
    OWN_FAULT = "own_fault"
    NO_CALLS_TODAY = "no_calls_today"
    SCAM = "scam"


ONLY_IN_OTHER: Final = "only_in_other"
READY_WORDS: Final = (*Ready, ONLY_IN_OTHER)


@dataclass(frozen=True, slots=True)
class Written:
    """A bulletin as it was typed; `filled` is the language that was left empty, and says where the words are."""

    words: BulletinWords
    filled: Language | None
    typed: MultiDict[str, str]

    @classmethod
    def read(cls, fields: Fields) -> Self:
        """What was typed, with a sentence for the language that was not; what is wrong is noted in `fields`."""
        typed = {one: fields.text(one, LONGEST) for one in Language}
        filled = next((one for one in Language if not typed[one] and any(typed.values())), None)
        if not any(typed.values()):
            fields.mistakes |= {one.value: "people_empty" for one in Language if one not in fields.mistakes}
        if filled is not None:
            typed[filled] = ready_words(ONLY_IN_OTHER, filled)
        shown = MultiDict(fields.sent)
        shown.setlist("fi", [typed[Language.FI]])
        shown.setlist("sv", [typed[Language.SV]])
        return cls(BulletinWords(typed[Language.FI], typed[Language.SV]).tidy(), filled, shown)


def ready_words(code: str, language: Language) -> str:
    """A ready sentence in one of the languages of the line."""
    return word_in(PageLanguage(language), "ready bulletin", code)


def ready_in_both(code: str | None) -> Mapping[str, str]:
    """A ready bulletin for the form; nothing where none of this name was asked for."""
    return {one.value: ready_words(code, one) for one in Language} if code in list(Ready) else {}


def ends_in(fields: Fields) -> datetime | None:
    """When it is to go off; what is wrong with it is noted."""
    day, wall = fields.day("until_day"), time_of(fields.sent.get("until_time", ""))
    if day is None:
        fields.mistakes.setdefault("until_day", "people_no_day")
    if wall is None:
        fields.mistakes["until_time"] = "bulletin_no_time"
    return None if day is None or wall is None else instant_of(day, wall)


def sounds_of(words: BulletinWords) -> Sequence[tuple[Language, str]]:
    """Where a bulletin is heard, in each language."""
    tokens = ((language, folded(Entry(say=(words.in_language(language),)))) for language in Language)
    return [
        (language, url_for("bulletins.sound", language=language, words=token)) for language, token in tokens if token
    ]


def spoken(words: str) -> str:
    """Words as the sentence around them takes them; what no voice could say is not there."""
    if Catalogue.load().placeholders("bulletin") != {"bulletin"} or any(letter.isdigit() for letter in words):
        abort(404)
    return words.rstrip(".")
