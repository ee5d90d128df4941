"""How it went, as a helper says it in three taps: what was typed, and what is wrong with it. Reads no clock and no database."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from werkzeug.datastructures import MultiDict

from admin.helper.mistakes import HelperMistake, text_in
from admin.people.reading import number_of
from scheduler.outcomes import Ending
from tickets.points import REFERRALS
from tickets.vocabulary import DidThemselves, Outcome, Topic

LONGEST_MINUTES: Final = 480
Fields = MultiDict[str, str]


class Result(StrEnum):
    """What a helper says first; the page has the words."""

    SOLVED = "solved"
    PARTLY = "partly"
    REFERRED = "referred"
    NOT_REACHED = "not_reached"
    OTHER = "other"


OTHERS: Final = (
    Outcome.EI_VOIDA_TEHDA_PUOLESTA,
    Outcome.HUIJAUSEPAILY,
    Outcome.EI_DIGITUKEA,
    Outcome.SIIRRETTY,
    Outcome.PERUTTU,
    Outcome.HAIRINTA,
)
_OUTCOME: Final[Mapping[Result, Outcome]] = {
    Result.SOLVED: Outcome.RATKAISTU,
    Result.PARTLY: Outcome.OSITTAIN_JATKOAIKA,
    Result.NOT_REACHED: Outcome.EI_TAVOITETTU,
}


@dataclass(frozen=True, slots=True)
class Told:
    """The fields as they were typed."""

    result: str = ""
    where: str = Outcome.OHJATTU_LAHI.value
    point: str = ""
    other: str = ""
    did: str = ""
    minutes: str = ""
    note: str = ""
    training: bool = False
    topics: tuple[str, ...] = ()

    @property
    def says_more(self) -> bool:
        """Whether anything was typed that may be left out, so that it is shown unfolded."""
        return bool(self.minutes or self.note or self.training or self.topics)


@dataclass(frozen=True, slots=True)
class Account:
    """What is to be kept, once nothing is wrong. `ending` is None where the case is closed already, and more is told of it."""

    ending: Ending | None
    did: DidThemselves | None
    minutes: int | None
    point_id: int | None
    note: str
    training: bool
    topics: tuple[Topic, ...]


@dataclass(frozen=True, slots=True)
class OutcomeRead:
    """The form as it came in: what is to be kept, or the mistakes by field."""

    told: Told
    account: Account | None = None
    mistakes: Mapping[str, HelperMistake] = field(default_factory=dict)


def read_outcome(fields: Fields, *, closed: bool) -> OutcomeRead:
    """Read what a helper says of a call; of a case that is closed already, only what is told besides."""
    told = _told(fields)
    found = {**({} if closed else _ending_mistakes(told)), **_besides(told)}
    mistakes = {name: wrong for name, wrong in found.items() if wrong is not None}
    if mistakes:
        return OutcomeRead(told, mistakes=mistakes)
    did = DidThemselves(told.did) if told.did in set(DidThemselves) else None
    minutes = number_of(told.minutes, 0, LONGEST_MINUTES)
    ending = None if closed else Ending(_outcome(told), did, minutes)
    point = int(told.point) if told.result == Result.REFERRED and told.point else None
    topics = tuple(topic for topic in Topic if topic in told.topics)
    return OutcomeRead(told, Account(ending, did, minutes, point, text_in(told.note).text, told.training, topics))


def _told(fields: Fields) -> Told:
    one = {name: fields.get(name, "").strip() for name in ("result", "point", "other", "did", "minutes", "note")}
    where = fields.get("where", Outcome.OHJATTU_LAHI.value)
    return Told(**one, where=where, training=bool(fields.get("training", "")), topics=tuple(fields.getlist("topics")))


def _ending_mistakes(told: Told) -> dict[str, HelperMistake | None]:
    wrong = HelperMistake
    match told.result:
        case Result.REFERRED:
            number = number_of(told.point, 1, 10**8) if told.point else 0
            known = bool(told.point) or told.where in REFERRALS
            return {"point": wrong.POINT_GONE if number is None else None, "where": None if known else wrong.NO_WHERE}
        case Result.OTHER:
            return {"other": None if told.other in OTHERS else wrong.NO_OTHER}
        case _:
            return {"result": None if told.result in set(Result) else wrong.NO_RESULT}


def _besides(told: Told) -> dict[str, HelperMistake | None]:
    bad = told.minutes and number_of(told.minutes, 0, LONGEST_MINUTES) is None
    return {
        "minutes": HelperMistake.BAD_MINUTES if bad else None,
        "note": text_in(told.note, required=False).mistake,
    }


def _outcome(told: Told) -> Outcome:
    if told.result == Result.REFERRED:
        return Outcome(told.where) if told.where in REFERRALS else Outcome.OHJATTU_LAHI
    return Outcome(told.other) if told.result == Result.OTHER else _OUTCOME[Result(told.result)]
