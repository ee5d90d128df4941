"""The desk's form: what was typed, and what is wrong with it. Reads no clock and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, TypeVar

from admin.people.reading import number_of
from admin.public.form import NEED, Mistake, read_number
from scheduler.desk import Then, Told
from scheduler.outcomes import Ending
from tickets.email_addresses import plain_address
from tickets.municipalities import municipality_of
from tickets.vocabulary import AccessNeed, Device, DidThemselves, HeardOfUs, HelpForm, Outcome, Topic
from voice_prompts.language import Language

LONGEST_TEXT: Final = 5000
LONGEST_NAME: Final = 100
LONGEST_MINUTES: Final = 480
C = TypeVar("C", bound=StrEnum)


class DeskMistake(StrEnum):
    """What else is wrong with a field of the desk's form; the page has the words."""

    THEN = "then"
    MUNICIPALITY = "municipality"
    MINUTES = "minutes"
    NO_LINE = "no_line"
    NO_NUMBER = "no_number"
    NO_SUCH_TICKET = "no_such_ticket"
    NO_SUCH_E_SERVICE = "no_such_e_service"
    NOT_NOW = "not_now"
    TIME_GONE = "time_gone"
    HAS_A_TIME = "has_a_time"


Wrong = Mistake | DeskMistake


@dataclass(frozen=True, slots=True)
class Typed:
    """The fields as they were typed; shown again when something is wrong. Boxes hold "1" or nothing."""

    key: str = ""
    same: str = ""
    language: str = ""
    number: str = ""
    name: str = ""
    email: str = ""
    municipality: str = ""
    topic: str = ""
    device: str = ""
    e_service: str = ""
    wished_form: str = ""
    heard_of_us: str = ""
    text: str = ""
    on_behalf: str = ""
    non_disclosure: str = ""
    training_need: str = ""
    then: str = ""
    outcome: str = Outcome.RATKAISTU_HETI.value
    did_themselves: str = ""
    minutes: str = ""
    needs: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Matter:
    """What is to be logged, once nothing is wrong."""

    told: Told
    then: Then
    ending: Ending


@dataclass(frozen=True, slots=True)
class Read:
    """A form as it came in: the matter, or the mistakes by field."""

    typed: Typed
    matter: Matter | None = None
    mistakes: Mapping[str, Wrong] = field(default_factory=dict)


def read(fields: Mapping[str, str]) -> Read:
    """Read a form that was sent in."""
    typed = typed_in(fields)
    mistakes = {name: wrong for name, wrong in _mistakes(typed).items() if wrong is not None}
    if mistakes:
        return Read(typed, mistakes=mistakes)
    ending = Ending(
        Outcome(typed.outcome),
        did_themselves=DidThemselves(typed.did_themselves) if typed.did_themselves in set(DidThemselves) else None,
        minutes=number_of(typed.minutes),
    )
    return Read(typed, Matter(_told(typed), Then(typed.then), ending))


def typed_in(fields: Mapping[str, str]) -> Typed:
    """What was typed, whatever it is."""
    names = [name for name in Typed.__dataclass_fields__ if name != "needs" and name in fields]
    needs = frozenset(need.value for need in AccessNeed if fields.get(NEED + need))
    return Typed(**{name: fields[name].strip() for name in names}, needs=needs)


def _told(typed: Typed) -> Told:
    return Told(
        key=typed.key,
        language=Language(typed.language),
        number=read_number(typed.number)[0] if typed.number else None,
        same_person_as=typed.same or None,
        name=typed.name or None,
        email=plain_address(typed.email),
        topic=_one_of(Topic, typed.topic),
        device=_one_of(Device, typed.device),
        e_service=typed.e_service or None,
        on_behalf=True if typed.on_behalf else None,
        access_needs=tuple(need for need in AccessNeed if need in typed.needs),
        wished_form=_one_of(HelpForm, typed.wished_form),
        heard_of_us=_one_of(HeardOfUs, typed.heard_of_us),
        municipality=municipality_of(typed.municipality) if typed.municipality else None,
        non_disclosure=bool(typed.non_disclosure),
        training_need=bool(typed.training_need),
        text=typed.text or None,
    )


def _one_of(kind: type[C], chosen: str) -> C | None:
    return next((code for code in kind if code == chosen), None)


def _mistakes(typed: Typed) -> Mapping[str, Wrong | None]:
    rung = typed.then in (Then.TIME, Then.WAITS) and not typed.same
    no_number = DeskMistake.NO_NUMBER if rung else None
    minutes = typed.minutes == "" or number_of(typed.minutes, most=LONGEST_MINUTES) is not None
    unknown = typed.municipality != "" and municipality_of(typed.municipality) is None
    return {
        "language": None if typed.language in list(Language) else Mistake.LANGUAGE,
        "number": read_number(typed.number)[1] if typed.number else no_number,
        "name": Mistake.NAME_TOO_LONG if len(typed.name) > LONGEST_NAME else None,
        "email": Mistake.EMAIL if typed.email and plain_address(typed.email) is None else None,
        "municipality": DeskMistake.MUNICIPALITY if unknown else None,
        "text": Mistake.TEXT_TOO_LONG if len(typed.text) > LONGEST_TEXT else None,
        "then": None if typed.then in list(Then) else DeskMistake.THEN,
        "minutes": None if minutes else DeskMistake.MINUTES,
    }
