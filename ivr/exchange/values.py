"""The words of a call: its states, what a phone hears, what goes wrong."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum


class CallStatus(StrEnum):
    """Where a call stands, in Twilio's words."""

    QUEUED = "queued"
    INITIATED = "initiated"
    RINGING = "ringing"
    IN_PROGRESS = "in-progress"
    COMPLETED = "completed"
    BUSY = "busy"
    FAILED = "failed"
    NO_ANSWER = "no-answer"
    CANCELED = "canceled"

    @property
    def over(self) -> bool:
        """Whether the call has ended, in whatever way."""
        return self in _OVER


_OVER = frozenset(
    {
        CallStatus.COMPLETED,
        CallStatus.BUSY,
        CallStatus.FAILED,
        CallStatus.NO_ANSWER,
        CallStatus.CANCELED,
    }
)


class Direction(StrEnum):
    """Which way a call goes."""

    INBOUND = "inbound"
    OUTBOUND_API = "outbound-api"
    OUTBOUND_DIAL = "outbound-dial"


class Waiting(StrEnum):
    """What the line waits for from the person on the phone."""

    DIGITS = "digits"
    RECORDING = "recording"
    TALK = "talk"


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of speech at one speed, and the silence after it in seconds."""

    text: str
    rate: float = 1.0
    pause: float = 0.0


@dataclass(frozen=True, slots=True)
class Said:
    """A sentence spoken by the line; `seconds` is how long it takes when nobody interrupts."""

    text: str
    language: str
    voice: str
    seconds: float
    pieces: tuple[Piece, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class Played:
    """A sound file played by the line."""

    url: str
    seconds: float
    sound: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Paused:
    """A silence that the line makes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Beep:
    """The tone before a recording."""


@dataclass(frozen=True, slots=True)
class RingingTone:
    """The tone heard while another phone rings."""

    country: str = ""


@dataclass(frozen=True, slots=True)
class Connected:
    """From here on one talks with whoever has the other number (as shown to this phone)."""

    number: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """What the person (or machine) at the other end said; `sound` is its WAV."""

    text: str
    seconds: float
    sound: bytes = field(default=b"", repr=False)
    language: str = field(default="", repr=False, compare=False)


@dataclass(frozen=True, slots=True)
class Pressed:
    """Keys that the person here pressed."""

    keys: str


@dataclass(frozen=True, slots=True)
class Uttered:
    """What the person here said into the phone; `sound` is its WAV."""

    text: str
    seconds: float
    language: str
    sound: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Apology:
    """Twilio's own "an application error has occurred", after which the call is cut."""

    code: int


@dataclass(frozen=True, slots=True)
class NotInUse:
    """The network's tone for a number that nobody answers for, or that rejects the call."""

    reason: str


Done = Pressed | Uttered
Heard = Said | Played | Paused | Beep | RingingTone | Connected | Spoken | Apology | NotInUse


@dataclass(frozen=True, slots=True)
class Alert:
    """A mistake that Twilio would list in its debugger: its code, what happened and where."""

    code: int
    message: str
    call_sid: str = ""
    url: str = ""


class CallError(Exception):
    """The call cannot go on as the TwiML says; carries Twilio's code."""

    def __init__(self, code: int, message: str) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message


class CallOverError(Exception):
    """Someone ended the call; thrown into whatever the line was doing."""

    def __init__(self, status: CallStatus = CallStatus.COMPLETED) -> None:
        super().__init__(status)
        self.status = status
