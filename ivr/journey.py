"""A call told again from its journal, step by step: what the line said, what was pressed, what was done. Pure.

Of a number, a code or a postcode nothing is told: its digits stay sealed. Whose matter is under turvakielto, of them no
place is told either.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, Final

from pydantic import JsonValue

from ivr.conversation import Entry, Question, ScriptChanged, Speech, Turn, turns_heard, up_to_turn
from ivr.effects import BookTime, FindTime, MoveTime, OpenTicket, TakeOffer
from ivr.journal import LiveCall
from ivr.stage import CHANGED, perform_play, refuse
from ivr.steps import Address, Ask, Code, Number, Pause, PlayMessage, Postcode, Say, Word
from ivr.twiml import spelled
from voice_prompts.catalogue import Catalogue, CatalogueError
from voice_prompts.language import Language

MASK: Final = "•••"
DIGIT: Final = "•"
NEVER_TOLD: Final = (Number, Code, Postcode)
# Words that every caller hears alike: the name of the line, and a bulletin as somebody wrote it.
HEARD_BY_ALL: Final = frozenset({"line", "bulletin"})
ABOUT_A_TIME: Final = frozenset({FindTime.key, BookTime.key, MoveTime.key, TakeOffer.key})
# What the operator says of a leg that was answered.
ANSWERED: Final = "completed"


class Sound(StrEnum):
    """What was heard that is no sentence."""

    PAUSE = "pause"
    MESSAGE = "message"  # the caller's own


class Did(StrEnum):
    """What whoever held the phone did."""

    PRESSED = "pressed"
    NOTHING = "nothing"
    SPOKE = "spoke"
    SAID_NOTHING = "said_nothing"
    TALKED = "talked"
    DID_NOT_TALK = "did_not_talk"
    WENT_ON = "went_on"  # nothing was asked: the line took a breath
    SCRIPT_CHANGED = "script_changed"  # the line was mended under the call


class CallEnd(StrEnum):
    """How a call ended, as far as its journal tells."""

    GOING_ON = "going_on"
    SAID_ALL = "said_all"
    HUNG_UP = "hung_up"
    FORGOTTEN = "forgotten"


@dataclass(frozen=True, slots=True)
class Heard:
    """A sentence as it was heard, in its language; or a sound that is no sentence."""

    key: str
    language: Language | None = None
    sentences: tuple[str, ...] = ()
    sound: Sound | None = None


@dataclass(frozen=True, slots=True)
class Act:
    """What was done at the phone, in answer to which question; of several keys only how many. `seconds` of speech or talk."""

    did: Did
    question: str | None = None
    keys: str = ""
    seconds: int = 0


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the line did, and whether anything came of it; `at` is the time that it was about."""

    key: str
    came: bool
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One turn: what was done at the phone, what the line did, what it said, and what it then waited for.

    `waited` is from the reply before to the answer: the sentences and the thinking. `told` is False where the line says
    other things by now than it did then, so that its sentences are not known.
    """

    number: int
    at: datetime
    act: Act | None
    waited: timedelta | None
    deeds: tuple[Deed, ...]
    heard: tuple[Heard, ...]
    asks: Question[Any] | None
    told: bool = True


@dataclass(frozen=True, slots=True)
class Journey:
    """A call from its first word to its end."""

    steps: tuple[Step, ...]
    end: CallEnd


@dataclass(frozen=True, slots=True)
class Ear:
    """Hears sentences as this line says them; `hides` places of somebody who lives under turvakielto."""

    catalogue: Catalogue
    hides: bool = False

    def hears(self, said: Speech, at: datetime) -> Heard | None:
        """What was heard; nothing of what has been unsaid since."""
        match said:
            case Say():
                return self._sentence(said, at)
            case Pause():
                return Heard("pause", sound=Sound.PAUSE)
            case PlayMessage():
                return Heard("message", sound=Sound.MESSAGE)
        return None

    def _sentence(self, said: Say, at: datetime) -> Heard:
        words = {name: self._word(name, word, said.language, at) for name, word in said.words.items()}
        try:
            spoken = self.catalogue.spoken(said.language, said.key, again=said.again, **words)
        except CatalogueError:  # the line has lost this sentence since
            spoken = ()
        return Heard(said.key, said.language, spoken)

    def _word(self, name: str, word: Word, language: Language, at: datetime) -> str:
        a_place = isinstance(word, Address) or (type(word) is str and name not in HEARD_BY_ALL)
        if isinstance(word, NEVER_TOLD) or (a_place and self.hides):
            return MASK
        return spelled(word, language, at, self.catalogue).text


def retold(call: LiveCall, journal: Sequence[Entry], ear: Ear) -> Journey:
    """The whole call; of one whose journal is forgotten, only that it was."""
    if call.facts is None:
        return Journey((), CallEnd.FORGOTTEN)
    steps = list[Step]()
    for number in range(turns_heard(journal) + 1):
        past = up_to_turn(journal, number)
        steps.append(_step(call, number, past, turn_of(call, past), steps[-1] if steps else None, ear))
    return Journey(tuple(steps), _end(call, steps))


def turn_of(call: LiveCall, journal: Sequence[Entry]) -> Turn | None:
    """What the line said and asked at the end of this journal; None where the script tells another story by now."""
    try:
        turn, _ = perform_play(call, journal, refuse)
    except (ScriptChanged, ValueError):  # or its facts are those of another version
        return None
    return turn


def last_heard(call: LiveCall, journal: Sequence[Entry], ear: Ear, at: datetime) -> Heard | None:
    """The sentence that was said last in a call that goes on."""
    turn = turn_of(call, journal)
    said = () if turn is None else turn.said
    return next((ear.hears(one, at) for one in reversed(said) if isinstance(one, Say)), None)


def tickets_named(call: LiveCall, journal: Sequence[Entry]) -> frozenset[int]:
    """The tickets (ids) that the call's facts and journal name."""
    opened = (entry.value for entry in journal if entry.key == OpenTicket.key)
    asked_about = (entry.value.get("feedback") for entry in journal if isinstance(entry.value, dict))
    named = [_ticket_ids(value) for value in (call.facts, *(entry.value for entry in journal))]
    return frozenset(one for one in (*opened, *asked_about) if type(one) is int).union(*named)


def _ticket_ids(value: JsonValue) -> frozenset[int]:
    if isinstance(value, list):
        return frozenset[int]().union(*(map(_ticket_ids, value)))
    if not isinstance(value, Mapping):
        return frozenset()
    own = value.get("ticket_id")
    return frozenset([own] if type(own) is int else ()).union(*(map(_ticket_ids, value.values())))


def _step(call: LiveCall, number: int, past: Sequence[Entry], turn: Turn | None, before: Step | None, ear: Ear) -> Step:
    place = max((at for at, entry in enumerate(past) if entry.heard_at is not None), default=None)
    answer = None if place is None else past[place]
    at = call.started_at if answer is None or answer.heard_at is None else answer.heard_at
    heard = [one for said in (turn.said if turn else ()) if (one := ear.hears(said, at)) is not None]
    return Step(
        number,
        at,
        None if answer is None else _act(answer, before.asks if before else None),
        None if before is None else at - before.at,
        tuple(_deed(entry) for entry in past[0 if place is None else place + 1 :]),
        tuple(heard),
        None if turn is None else turn.asked,
        told=turn is not None,
    )


def _act(answer: Entry, question: Question[Any] | None) -> Act:
    if answer.key == CHANGED:
        return Act(Did.SCRIPT_CHANGED)
    told = answer.value if isinstance(answer.value, dict) else {}
    seconds = int(str(told.get("seconds") or 0))
    if "recording_sid" in told:
        return Act(Did.SPOKE if told["recording_sid"] else Did.SAID_NOTHING, answer.key, seconds=seconds)
    if "bridged" in told:
        talked = told["bridged"] if told["bridged"] is not None else told.get("status") == ANSWERED
        return Act(Did.TALKED if talked else Did.DID_NOT_TALK, answer.key, seconds=seconds)
    if not isinstance(question, Ask | None):
        return Act(Did.WENT_ON, answer.key)
    keys = str(told.get("keys") or "")
    several = question is None or question.digits > 1 or len(keys) > 1
    return Act(Did.PRESSED if keys else Did.NOTHING, answer.key, DIGIT * len(keys) if several else keys)


def _deed(entry: Entry) -> Deed:
    about = entry.value.get("starts_at") if isinstance(entry.value, dict) else entry.value
    moment = datetime.fromisoformat(about) if entry.key in ABOUT_A_TIME and isinstance(about, str) else None
    return Deed(entry.key, entry.value not in (None, False, []), moment)


def _end(call: LiveCall, steps: Sequence[Step]) -> CallEnd:
    if call.ended_at is None:
        return CallEnd.GOING_ON
    last = steps[-1]
    return CallEnd.SAID_ALL if last.told and last.asks is None else CallEnd.HUNG_UP
