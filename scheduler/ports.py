"""What the scheduler needs of the world: a clock, somebody who can ring and text, and the post."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from tickets.mailboxes import MailTrouble
from tickets.transcripts import SpokenMessage


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
    """A recording that lies at the operator; on an `empty` one nothing was said."""

    recording_sid: str
    call_sid: str
    seconds: int
    started_at: datetime
    empty: bool = False


@dataclass(frozen=True, slots=True)
class OperatorText:
    """A text that a caller sent to a line of ours."""

    message_sid: str
    caller: str
    called: str
    body: str
    sent_at: datetime


class OutsideError(Exception):
    """Somebody outside did not do what they were asked; `permanent` when asking again cannot help.

    `expected` when it only takes a moment, as it usually does.
    """

    def __init__(self, message: str, *, permanent: bool, code: int | None = None, expected: bool = False) -> None:
        super().__init__(message)
        self.permanent = permanent
        self.expected = expected
        self.code = code


class TelephonyError(OutsideError):
    """The operator did not do what it was asked."""


class MailError(OutsideError):
    """A mail server did not take what was sent."""


class MailboxError(OutsideError):
    """A mailbox could not be read; the next round tries again."""

    def __init__(self, trouble: MailTrouble) -> None:
        super().__init__(trouble.value, permanent=False)
        self.trouble = trouble


class Operator(Protocol):
    """Whoever has the numbers of our lines."""

    def connect_line(self, e164: str, **webhooks: str) -> bool:
        """Tell it where a number is answered; False for a number it does not know. Raises `TelephonyError`."""
        ...


class Telephony(Operator, Protocol):
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

    def text(self, *, to: str, shown: str, body: str, status_url: str | None) -> str:
        """Send a text; its sid. Without a `status_url` we are not told what becomes of it."""
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
        """The recordings made since then of which the operator knows by now what is on them."""
        ...

    def texts_since(self, since: datetime) -> tuple[OperatorText, ...]:
        """The texts that came to our lines since then, the oldest first."""
        ...


class TranscriptError(OutsideError):
    """What was to be written down was not."""


class Transcriber(Protocol):
    """Somebody who writes down what is said: a machine of ours, or the operator's."""

    def write_down(self, message: SpokenMessage) -> str | None:
        """The words of a message, nothing where there are none to tell. Raises `TranscriptError`."""
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


@dataclass(frozen=True, slots=True)
class Email:
    """A message to one address, as plain text. Sent again under the same `message_id` it is the same message.

    `message_id`, `in_reply_to` and `references` have their angle brackets. Answers go to `reply_to`, else to whoever sends.
    """

    to: str
    subject: str
    text: str
    message_id: str | None = None
    in_reply_to: str | None = None
    references: tuple[str, ...] = ()
    reply_to: str | None = None


class Mail(Protocol):
    """The way out for e-mail. It may have gone all the same when a retryable MailError is raised."""

    def send(self, email: Email) -> None:
        """Hand a message over to the mail server; raises MailError."""
        ...


@dataclass(frozen=True, slots=True)
class MailAccount:
    """Where a mailbox lies, and what opens it; `done_folder` takes what was read, else it stays and is marked as seen."""

    host: str
    port: int
    user: str
    password: str
    folder: str = "INBOX"
    done_folder: str | None = None


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message that lies in a mailbox, as it came; only its head where it is too large to be read whole."""

    raw: bytes
    whole: bool


class Mailbox(Protocol):
    """A mailbox that is open. Every method may raise MailboxError."""

    def unread(self, most: int) -> tuple[str, ...]:
        """The numbers of the messages that nobody has dealt with, the oldest first."""
        ...

    def read(self, number: str) -> Arrived | None:
        """One message, left as unread as it was; nothing if it is gone."""
        ...

    def put_away(self, number: str) -> None:
        """This message has been dealt with: it is not shown as unread again."""
        ...


class PostOffice(Protocol):
    """Where mailboxes are opened."""

    def open(self, account: MailAccount) -> AbstractContextManager[Mailbox]:
        """Open a mailbox for a while; raises MailboxError."""
        ...


class WebTrouble(StrEnum):
    """Why something could not be posted."""

    NOT_AN_ADDRESS = "not_an_address"
    NOT_HTTPS = "not_https"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    MOVED = "moved"
    REFUSED = "refused"


class WebError(OutsideError):
    """What was posted was not taken; `code` is the answer's status, if one came."""

    def __init__(self, trouble: WebTrouble, *, permanent: bool, code: int | None = None) -> None:
        super().__init__(trouble.value if code is None else f"{trouble.value} {code}", permanent=permanent, code=code)
        self.trouble = trouble


class Web(Protocol):
    """The open internet: other people's programs, which are posted to and never read from."""

    def post(self, url: str, body: bytes, headers: Mapping[str, str]) -> int:
        """Post this and give the status of the answer (2xx). Raises `WebError`; it may have arrived all the same."""
        ...
