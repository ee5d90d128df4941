"""What a script may yield: sentences, keys, a recording, a connection between two people.

Words that vary in a sentence are kept as what they mean (a time, a number, a code); the
catalogue's language turns them into speech when the turn is rendered.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from ivr.conversation import Question, Speech
from tickets.vocabulary import Topic
from voice_prompts.language import Language

FIRST_PART, LAST_PART = 150, 30  # seconds of a message: the recorder cannot speak, so the warning stands between


@dataclass(frozen=True, slots=True)
class Number:
    """A phone number in E.164, read in its national groups."""

    e164: str


@dataclass(frozen=True, slots=True)
class Code:
    """Digits read one by one: the four-digit code of a promise."""

    digits: str


@dataclass(frozen=True, slots=True)
class Postcode:
    """A postcode, read digit by digit."""

    digits: str


@dataclass(frozen=True, slots=True)
class Address:
    """A street and a house, its number read as a number."""

    text: str


@dataclass(frozen=True, slots=True)
class Key:
    """The name of a key: "yksi", "ett"."""

    digit: int


@dataclass(frozen=True, slots=True)
class Count:
    """A small number, said as a number."""

    number: int


Word = str | datetime | Number | Code | Postcode | Address | Key | Count | Topic | Language


@dataclass(frozen=True, slots=True)
class Say(Speech):
    """One sentence of the catalogue; a `whole` one is heard to its end, whatever is pressed; a `slow` one is louder too."""

    language: Language
    key: str
    words: Mapping[str, Word] = field(default_factory=dict)
    whole: bool = False
    again: bool = False
    slow: bool = False


@dataclass(frozen=True, slots=True)
class PlayMessage(Speech):
    """The caller's own message, played to the caller or to the helper."""

    recording_sid: str


@dataclass(frozen=True, slots=True)
class Pause(Speech):
    """Nothing is said for so many seconds: time to find a pen."""

    seconds: int


@dataclass(frozen=True, slots=True)
class Pressed:
    """The keys that were heard; none after a silence, and none that there is after what was said and not understood."""

    keys: str


@dataclass(frozen=True, slots=True)
class Ask(Question[Pressed]):
    """Wait for keys: `wait` seconds for the first one, `between` for each after it, `digits` of them at the most.

    `said`: on a line that hears speech, one key may be said instead.
    """

    answer: ClassVar[type[Pressed]] = Pressed
    key: str
    digits: int = 1
    wait: int = 10
    between: int = 5
    said: bool = False


@dataclass(frozen=True, slots=True)
class Moment(Question[Pressed]):
    """Go on at once in a turn of its own, so that no turn does too much; nothing is asked."""

    answer: ClassVar[type[Pressed]] = Pressed
    key: str


MOMENT = Moment("moment")


@dataclass(frozen=True, slots=True)
class Spoke:
    """What the recorder heard: no sid when nothing was said; `ended` by the caller's key."""

    recording_sid: str | None
    seconds: int
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Listen(Question[Spoke]):
    """Record the caller, who speaks this language, until `silence` seconds pass or `longest` is reached."""

    answer: ClassVar[type[Spoke]] = Spoke
    key: str
    language: Language
    silence: int = 5
    longest: int = FIRST_PART


@dataclass(frozen=True, slots=True)
class Talked:
    """How a connection ended: `bridged` says whether two people really talked (None: not told), for how long."""

    status: str
    bridged: bool | None
    seconds: int


@dataclass(frozen=True, slots=True)
class Connect(Question[Talked]):
    """Ring the other person and bridge the two, showing only the line's own number."""

    answer: ClassVar[type[Talked]] = Talked
    key: str
    to: str
    caller_id: str
    attempt: int
    ring_seconds: int = 40
    talk_seconds: int = 3600


@dataclass(frozen=True, slots=True)
class Bridge(Question[Pressed]):
    """The resident's leg has nothing more to hear: the operator joins the two."""

    answer: ClassVar[type[Pressed]] = Pressed
    key: str = "bridge"
