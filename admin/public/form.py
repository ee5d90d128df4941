"""The form for those who write: what was typed, and what is wrong with it. Reads no clock and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from ivr.numbers import Verdict, judge_keyed
from tickets.municipalities import of_postcode
from tickets.vocabulary import PHONE_TOPICS, Topic
from voice_prompts.language import Language

LONGEST_TEXT: Final = 2000


class Mistake(StrEnum):
    """What is wrong with a field; the page has the words."""

    LANGUAGE = "language"
    TOPIC = "topic"
    POSTCODE = "postcode"
    NUMBER_MISSING = "number_missing"
    NUMBER = "number"
    NUMBER_ABROAD = "number_abroad"
    NUMBER_NOT_ALLOWED = "number_not_allowed"
    TEXT_TOO_LONG = "text_too_long"
    STALE = "stale"
    TOO_OFTEN = "too_often"


MISTAKE_OF: Final[Mapping[Verdict, Mistake]] = {
    Verdict.WITHHELD: Mistake.NUMBER,
    Verdict.NOT_VALID: Mistake.NUMBER,
    Verdict.FOREIGN: Mistake.NUMBER_ABROAD,
    Verdict.NOT_ALLOWED: Mistake.NUMBER_NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed; shown again when something is wrong."""

    language: str = ""
    topic: str = ""
    postcode: str = ""
    number: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, once nothing is wrong: a number in E.164, a municipality by its code."""

    language: Language
    topic: Topic
    number: str
    municipality: str | None
    text: str | None


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it came in: the request, or the mistakes by field."""

    typed: Typed
    request: Request | None = None
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)


def read(fields: Mapping[str, str]) -> Read:
    """Read a form that was sent in."""
    typed = Typed(**{name: fields.get(name, "").strip() for name in Typed.__dataclass_fields__})
    number = judge_keyed(typed.number)
    mistakes = {name: mistake for name, mistake in _mistakes(typed, number.verdict).items() if mistake}
    if mistakes or number.e164 is None:
        return Read(typed, mistakes=mistakes)
    place = of_postcode(typed.postcode)
    return Read(
        typed,
        Request(
            language=Language(typed.language),
            topic=Topic(typed.topic),
            number=number.e164,
            municipality=None if place is None else place.code,
            text=typed.text or None,
        ),
    )


def _mistakes(typed: Typed, verdict: Verdict) -> Mapping[str, Mistake | None]:
    postcode_unknown = typed.postcode != "" and of_postcode(typed.postcode) is None
    return {
        "language": None if typed.language in list(Language) else Mistake.LANGUAGE,
        "topic": None if typed.topic in PHONE_TOPICS.values() else Mistake.TOPIC,
        "postcode": Mistake.POSTCODE if postcode_unknown else None,
        "number": MISTAKE_OF.get(verdict) if typed.number else Mistake.NUMBER_MISSING,
        "text": Mistake.TEXT_TOO_LONG if len(typed.text) > LONGEST_TEXT else None,
    }
