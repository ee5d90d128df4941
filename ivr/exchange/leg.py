"""One leg of a call: a phone's connection to the exchange, and what the product is told of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Protocol
from urllib.parse import urljoin

from ivr.exchange.faults import Kind
from ivr.exchange.mail import Letter
from ivr.exchange.office import Line, Office
from ivr.exchange.process import Process, Signal
from ivr.exchange.texts import Text, TextFate
from ivr.exchange.values import CallOverError, CallStatus, Direction, Heard, Waiting

_EVENTS = {
    CallStatus.INITIATED: "initiated",
    CallStatus.RINGING: "ringing",
    CallStatus.IN_PROGRESS: "answered",
}


class Handset(Protocol):
    """The phone at the end of a leg, as the leg sees it."""

    number: str
    text_fate: TextFate

    def take_up(self, leg: Leg) -> None:
        """A call to or from this phone has begun."""

    def engaged(self, leg: Leg) -> CallStatus | None:
        """Why this call cannot ring here (busy or failed), or None if it can."""

    def ring(self, leg: Leg) -> None:
        """The call rings here."""

    def hear(self, leg: Leg, heard: Heard) -> None:
        """This comes out of the phone."""

    def changed(self, leg: Leg) -> None:
        """The call's state has changed."""

    def take_text(self, text: Text) -> None:
        """A text arrives."""


@dataclass(frozen=True, slots=True)
class Goto:
    """Where the call's next instructions are, and what is sent along."""

    url: str
    method: str = "POST"
    kind: Kind = Kind.VOICE
    params: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Inline:
    """Instructions that came with a REST request."""

    twiml: str


@dataclass(frozen=True, slots=True)
class Subscription:
    """Who is told of a call's progress, and of which events."""

    url: str
    method: str = "POST"
    events: tuple[str, ...] = ("completed",)


@dataclass(frozen=True, slots=True)
class Speech:
    """Something said into a phone; `wav` may be of any rate."""

    text: str
    seconds: float
    wav: bytes = b""
    language: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True)
class Key(Signal):
    """A key pressed."""

    digit: str


@dataclass(frozen=True, slots=True)
class SpeechBegan(Signal):
    """Somebody begins to speak; what they say may be known already."""

    speech: Speech | None = None


@dataclass(frozen=True, slots=True)
class SpeechEnded(Signal):
    """Somebody has spoken; None when they thought better of it."""

    speech: Speech | None


class Answered(Signal):
    """The phone was picked up."""


class Declined(Signal):
    """The person would not take the call."""


@dataclass(frozen=True, slots=True)
class ChildOver(Signal):
    """A leg that this one dialled has ended, or has gone its own way."""

    lasting = True
    child: Leg


class MovedError(Exception):
    """The product gave the live call new instructions; thrown into whatever the line was doing."""

    def __init__(self, goto: Goto | Inline) -> None:
        super().__init__(goto)
        self.goto = goto


@dataclass(slots=True, eq=False)
class Leg:
    """One leg, from its beginning to its end; durations are in timer seconds."""

    office: Office
    direction: Direction
    from_number: str
    to_number: str
    phone: Handset
    line: Line | None = None
    parent: Leg | None = None
    subscription: Subscription | None = None
    fallback: Goto | None = None
    status: CallStatus = CallStatus.QUEUED
    sid: str = ""
    url: str = ""  # of the document being performed
    heard: list[Heard] = field(default_factory=list)
    waiting_for: Waiting | None = None
    question: int = 0  # counts what the person was asked
    takes_keys: bool = False
    away: bool = False  # given instructions of its own, and no longer part of the dial that placed it
    cookies: dict[str, str] = field(default_factory=dict)
    listeners: dict[str, Callable[[Speech], None]] = field(default_factory=dict)  # by name, to what is said here
    process: Process | None = None
    created_at: datetime = field(init=False)
    updated_at: datetime = field(init=False)
    started_at: datetime | None = None
    ended_at: datetime | None = None
    seconds: float = 0.0
    fetched: tuple[float, int] = (-1.0, 0)  # documents fetched at one instant
    _answered_timer: float | None = None
    _sequence: int = 0

    def __post_init__(self) -> None:
        self.sid = self.office.new_sid("CA")
        self.created_at = self.updated_at = self.office.now()
        self.office.legs[self.sid] = self
        self.phone.take_up(self)

    @property
    def answered(self) -> bool:
        """Whether the call has been picked up."""
        return self._answered_timer is not None

    @property
    def shown_number(self) -> str:
        """The number at the other end as this phone shows it."""
        return self.to_number if self.direction is Direction.INBOUND else self.from_number

    def move(self, status: CallStatus) -> None:
        """Take the next state, and tell who asked to be told."""
        if self.status.over or status is self.status:
            return
        self.status = status
        self.updated_at = self.office.now()
        if self.started_at is None and not status.over:
            self.started_at = self.updated_at
        if status is CallStatus.IN_PROGRESS:
            self._answered_timer = self.office.agenda.timer()
        if status.over:
            self._close()
            if self.parent is not None:
                self.parent.signal(ChildOver(self))
        self._tell(_EVENTS.get(status, "completed"))
        self.phone.changed(self)

    def answer(self) -> None:
        """Pick up an incoming call, if that has not been done."""
        if not self.answered:
            self.move(CallStatus.IN_PROGRESS)

    def end(self, status: CallStatus = CallStatus.COMPLETED) -> None:
        """End the call from outside: the person hangs up, or the product cuts it."""
        if self.status.over:
            return
        self.move(status)
        if self.process is not None:
            self.process.interrupt(CallOverError(status))

    def signal(self, signal: Signal) -> None:
        """Let this reach whatever the line is doing."""
        if self.process is not None:
            self.process.signal(signal)
        if isinstance(signal, SpeechEnded) and signal.speech is not None and not self.status.over:
            for listen in tuple(self.listeners.values()):
                listen(signal.speech)

    def hear(self, heard: Heard) -> None:
        """Let this come out of the phone."""
        if not self.status.over:
            self.heard.append(heard)
            self.phone.hear(self, heard)

    def ask(self, waiting: Waiting | None) -> None:
        """From here on the line waits for this from the person."""
        if waiting is not None and self.waiting_for is None:
            self.question += 1
        self.waiting_for = waiting
        self.phone.changed(self)

    def letter(self, goto: Goto) -> Letter:
        """A webhook of this call with the parameters that Twilio always sends."""
        return self.bare_letter(goto, self.params() | dict(goto.params))

    def bare_letter(self, goto: Goto, params: dict[str, str]) -> Letter:
        """A webhook of this call with these parameters alone."""
        cookies = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        token = self.office.new_sid("")
        return Letter(goto.kind, goto.method, goto.url, params, token, cookies, self.sid)

    def tell_apart(self, url: str, method: str, kind: Kind, params: dict[str, str]) -> None:
        """Send a webhook about this call that it does not wait for, with these parameters alone."""
        self.office.tell(self.bare_letter(Goto(url, method, kind), params))

    def absolute(self, url: str) -> str:
        """A URL of the document being performed, in full; empty means the document itself."""
        return urljoin(self.url, url)

    def params(self) -> dict[str, str]:
        """What every webhook of this call carries; blanks included, as Twilio sends them."""
        params = {
            "CallSid": self.sid,
            "AccountSid": self.office.account_sid,
            "From": self.from_number,
            "To": self.to_number,
            "Caller": self.from_number,
            "Called": self.to_number,
            "CallStatus": self.status.value,
            "ApiVersion": "2010-04-01",
            "Direction": self.direction.value,
            "FromCity": "",
            "FromCountry": "FI" if self.from_number.startswith("+358") else "",
            "ToCountry": "FI" if self.to_number.startswith("+358") else "",
        }
        if self.parent is not None:
            params["ParentCallSid"] = self.parent.sid
        return params

    def _close(self) -> None:
        self.ended_at = self.office.now()
        self.waiting_for = None
        if self._answered_timer is not None:
            self.seconds = self.office.agenda.timer() - self._answered_timer

    def _tell(self, event: str) -> None:
        subscription = self.subscription
        if subscription is None or event not in subscription.events:
            return
        params = {
            "Timestamp": format_datetime(self.office.now().astimezone(UTC)),
            "CallbackSource": "call-progress-events",
            "SequenceNumber": str(self._sequence),
        }
        if event == "completed":
            params["CallDuration"] = str(round(self.seconds))
            params["Duration"] = str(-(-round(self.seconds) // 60))
        self._sequence += 1
        extra = tuple(params.items())
        self.office.tell(self.letter(Goto(subscription.url, subscription.method, Kind.STATUS, extra)))
