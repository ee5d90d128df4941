"""What the scheduler needs of the world: a clock, and somebody who can ring and text."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class Clock(Protocol):
    """The time, aware and in UTC."""

    def now(self) -> datetime:
        """This moment."""
        ...


class Ringing(StrEnum):
    """How far a call has come."""

    GOING_ON = "going_on"
    ANSWERED = "answered"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class OperatorCall:
    """A call as the operator tells it; `inbound` ones came to a line of ours."""

    call_sid: str
    caller: str
    called: str
    ringing: Ringing
    inbound: bool
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OperatorRecording:
    """A recording that lies at the operator."""

    recording_sid: str
    call_sid: str
    seconds: int
    started_at: datetime


@dataclass(frozen=True, slots=True)
class OperatorText:
    """A text that a caller sent to a line of ours."""

    message_sid: str
    caller: str
    called: str
    body: str
    sent_at: datetime


class TelephonyError(Exception):
    """The operator did not do what it was asked; `permanent` when asking again cannot help.

    `expected` when it only takes a moment, as it usually does.
    """

    def __init__(self, message: str, *, permanent: bool, code: int | None = None, expected: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.expected = expected
        self.code = code


class Telephony(Protocol):
    """The operator: rings, texts, and keeps recordings until we have fetched them.

    Every method may raise `TelephonyError`. `ring` and `text` may have been done all the same when
    they raise a retryable one: look before asking again.
    """

    def ring(self, *, to: str, shown: str, url: str, status_url: str, seconds: int) -> str:
        """Ring a number, showing a line's own; the call's sid."""
        ...

    def find_call(self, *, to: str, shown: str, since: datetime) -> str | None:
        """The sid of a call that we placed since then, if there is one."""
        ...

    def call(self, call_sid: str) -> OperatorCall | None:
        """How a call is doing."""
        ...

    def text(self, *, to: str, shown: str, body: str, status_url: str) -> str:
        """Send a text; its sid."""
        ...

    def find_text(self, *, to: str, shown: str, body: str, since: datetime) -> str | None:
        """The sid of such a text sent since then, if there is one."""
        ...

    def fetch_recording(self, recording_sid: str) -> bytes | None:
        """The sound, as WAV; nothing while it is not ready."""
        ...

    def delete_recording(self, recording_sid: str) -> None:
        """Forget a recording; one that is gone already is no error."""
        ...

    def calls_since(self, since: datetime) -> tuple[OperatorCall, ...]:
        """The calls to our lines since then."""
        ...

    def recordings_since(self, since: datetime) -> tuple[OperatorRecording, ...]:
        """The recordings made since then."""
        ...

    def texts_since(self, since: datetime) -> tuple[OperatorText, ...]:
        """The texts that came to our lines since then, the oldest first."""
        ...


class Urls(Protocol):
    """Where the operator asks what is to be said on a call of ours."""

    def helper(self, attempt_id: int) -> str:
        """What a helper hears."""
        ...

    def announcement(self, callback_id: int, *, sorry: bool) -> str:
        """What a resident hears whose number takes no texts."""
        ...

    def offer(self, callback_id: int) -> str:
        """What a waiting caller hears whose number takes no texts."""
        ...

    def change(self, callback_id: int) -> str:
        """What a resident hears whose time cannot be kept and whose number takes no texts."""
        ...

    def status_of(self, attempt_id: int) -> str:
        """Where news of a helper's call goes."""
        ...

    def text_status(self, message_id: int) -> str:
        """Where news of a text goes."""
        ...

    @property
    def status(self) -> str:
        """Where news of any other call goes."""
        ...
