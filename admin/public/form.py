"""The form for those who write: what was typed, and what is wrong with it. Reads no clock and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from ivr.numbers import Verdict, judge_keyed
from tickets.email_addresses import plain_address
from tickets.municipalities import of_postcode
from tickets.vocabulary import PHONE_TOPICS, AccessNeed, Device, HeardOfUs, HelpForm, Topic
from voice_prompts.language import Language

LONGEST_TEXT: Final = 2000
LONGEST_NAME: Final = 100
TOPICS: Final = (*PHONE_TOPICS.values(), Topic.HALUAN_AUTTAA)
NEED: Final = "need_"  # how the box of an access need begins, as in need_hearing
CHOICES: Final[Mapping[str, type[StrEnum]]] = {"device": Device, "wished_form": HelpForm, "heard_of_us": HeardOfUs}
C = TypeVar("C", bound=StrEnum)


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
    NAME_TOO_LONG = "name_too_long"
    EMAIL = "email"
    CHOICE = "choice"
    STALE = "stale"
    TOO_FAST = "too_fast"
    TOO_OFTEN = "too_often"


MISTAKE_OF: Final[Mapping[Verdict, Mistake]] = {
    Verdict.WITHHELD: Mistake.NUMBER,
    Verdict.NOT_VALID: Mistake.NUMBER,
    Verdict.FOREIGN: Mistake.NUMBER_ABROAD,
    Verdict.NOT_ALLOWED: Mistake.NUMBER_NOT_ALLOWED,
}


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed; shown again when something is wrong. `needs` are the boxes that were ticked."""

    language: str = ""
    topic: str = ""
    postcode: str = ""
    number: str = ""
    text: str = ""
    name: str = ""
    email: str = ""
    on_behalf: str = ""
    device: str = ""
    wished_form: str = ""
    heard_of_us: str = ""
    needs: frozenset[str] = frozenset()

    @property
    def says_more(self) -> bool:
        """Whether anything was typed that may be left out, so that it is shown again unfolded."""
        return bool(
            self.name
            or self.email
            or self.on_behalf
            or self.device
            or self.wished_form
            or self.heard_of_us
            or self.needs
        )


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked for, once nothing is wrong: a number in E.164, a municipality by its code."""

    language: Language
    topic: Topic
    number: str
    municipality: str | None = None
    text: str | None = None
    name: str | None = None
    email: str | None = None
    on_behalf: bool | None = None
    access_needs: tuple[AccessNeed, ...] = ()
    device: Device | None = None
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it came in: the request, or the mistakes by field."""

    typed: Typed
    request: Request | None = None
    mistakes: Mapping[str, Mistake] = field(default_factory=dict)


def read(fields: Mapping[str, str]) -> Read:
    """Read a form that was sent in."""
    typed = _typed(fields)
    number = judge_keyed(typed.number)
    mistakes = {name: mistake for name, mistake in _mistakes(typed, number.verdict).items() if mistake}
    if mistakes or number.e164 is None:
        return Read(typed, mistakes=mistakes)
    place = of_postcode(typed.postcode)
    request = Request(
        language=Language(typed.language),
        topic=Topic(typed.topic),
        number=number.e164,
        municipality=None if place is None else place.code,
        text=typed.text or None,
        name=typed.name or None,
        email=plain_address(typed.email),
        on_behalf=True if typed.on_behalf else None,
        access_needs=tuple(need for need in AccessNeed if need in typed.needs),
        device=_chosen(Device, typed.device),
        wished_form=_chosen(HelpForm, typed.wished_form),
        heard_of_us=_chosen(HeardOfUs, typed.heard_of_us),
    )
    return Read(typed, request)


def read_number(typed: str) -> tuple[str | None, Mistake | None]:
    """A number alone, in E.164, or what is wrong with it."""
    judged = judge_keyed(typed.strip())
    return judged.e164, MISTAKE_OF.get(judged.verdict) if typed.strip() else Mistake.NUMBER_MISSING


def _typed(fields: Mapping[str, str]) -> Typed:
    names = [name for name in Typed.__dataclass_fields__ if name != "needs"]
    needs = frozenset(need.value for need in AccessNeed if fields.get(NEED + need))
    return Typed(**{name: fields.get(name, "").strip() for name in names}, needs=needs)


def _mistakes(typed: Typed, verdict: Verdict) -> Mapping[str, Mistake | None]:
    postcode_unknown = typed.postcode != "" and of_postcode(typed.postcode) is None
    email_unknown = typed.email != "" and plain_address(typed.email) is None
    return {
        "language": None if typed.language in list(Language) else Mistake.LANGUAGE,
        "topic": None if typed.topic in TOPICS else Mistake.TOPIC,
        "number": MISTAKE_OF.get(verdict) if typed.number else Mistake.NUMBER_MISSING,
        "postcode": Mistake.POSTCODE if postcode_unknown else None,
        "text": Mistake.TEXT_TOO_LONG if len(typed.text) > LONGEST_TEXT else None,
        "name": Mistake.NAME_TOO_LONG if len(typed.name) > LONGEST_NAME else None,
        "email": Mistake.EMAIL if email_unknown else None,
        **{name: _mistake_of_choice(kind, getattr(typed, name)) for name, kind in CHOICES.items()},
    }


def _mistake_of_choice(kind: type[StrEnum], typed: str) -> Mistake | None:
    return Mistake.CHOICE if typed and typed not in list(kind) else None


def _chosen(kind: type[C], typed: str) -> C | None:
    """A choice of a list that may be left out."""
    return kind(typed) if typed else None
