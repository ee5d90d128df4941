"""What the exchange keeps: its lines, calls, recordings and texts, and its list of alerts."""

from __future__ import annotations

import hashlib
import itertools
import threading
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from ivr.exchange.faults import Faults
from ivr.exchange.mail import Letter, Mail, post
from ivr.exchange.messages import Lost
from ivr.exchange.process import Process, Steps
from ivr.exchange.timers import Agenda
from ivr.exchange.values import Alert

if TYPE_CHECKING:
    from ivr.exchange.leg import Handset, Leg
    from ivr.exchange.recordings import Recording
    from ivr.exchange.texts import Text
    from ivr.exchange.voice import Voice


@dataclass(slots=True)
class Line:
    """A number of the account, and where its calls and texts are answered."""

    sid: str
    number: str
    name: str = ""
    voice_url: str = ""
    voice_method: str = "POST"
    voice_fallback_url: str = ""
    voice_fallback_method: str = "POST"
    status_callback: str = ""
    status_callback_method: str = "POST"
    sms_url: str = ""
    sms_method: str = "POST"
    created_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Habits:
    """How the exchange behaves where networks and accounts differ; times in seconds."""

    api_url: str = "http://exchange.test"  # where the product finds the exchange
    setup_seconds: float = 0.5  # from placing a call to its first ring
    ring_grace_seconds: float = 5.0  # Twilio lets a phone ring a little longer than asked
    recording_ready_seconds: float = 2.0
    text_seconds: float = 1.0  # from sending a text to its arrival
    calls_per_second: float | None = None  # None: calls are placed without queueing
    destinations: tuple[str, ...] = ("+358",)  # geographic permissions
    public_media: bool = False  # whether recordings can be fetched without signing in


@dataclass(slots=True)
class Office:
    """The state of the exchange, and the means its calls work with."""

    account_sid: str
    auth_token: str
    now: Callable[[], datetime]
    agenda: Agenda
    faults: Faults
    mail: Mail
    voice: Voice
    habits: Habits
    handset: Callable[[str], Handset]
    lock: threading.RLock = field(default_factory=threading.RLock)
    alerts: list[Alert] = field(default_factory=list)
    lines: dict[str, Line] = field(default_factory=dict)
    legs: dict[str, Leg] = field(default_factory=dict)
    recordings: dict[str, Recording] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    verified: set[str] = field(default_factory=set)
    opted_out: set[tuple[str, str]] = field(default_factory=set)  # (line, phone)
    next_call_at: float = 0.0
    _seed: str = field(default_factory=lambda: uuid.uuid4().hex)
    _count: itertools.count[int] = field(default_factory=itertools.count)

    def new_sid(self, prefix: str) -> str:
        """A new identifier such as CA and 32 hexadecimal digits; never one of an earlier run."""
        number = f"{self._seed}:{next(self._count)}"
        return prefix + hashlib.sha256(number.encode()).hexdigest()[:32]

    def alert(self, code: int, message: str, call_sid: str = "", url: str = "") -> None:
        """Put down a mistake of the product."""
        self.alerts.append(Alert(code, message, call_sid, url))

    def start(self, steps: Steps[None]) -> Process:
        """A new line of work, not yet begun."""
        return Process(self.agenda, self.mail, steps)

    def tell(self, letter: Letter) -> None:
        """Send a webhook that no call waits for."""
        self.agenda.after(0, self.start(_told(self, letter)).start)

    def may_call(self, number: str) -> bool:
        """Whether the account's geographic permissions cover this number."""
        return number.startswith(self.habits.destinations)


def _told(office: Office, letter: Letter) -> Steps[None]:
    answer, url = yield from post(letter)
    if isinstance(answer, Lost):
        office.alert(11205, f"{letter.kind}: {answer.reason}", letter.call_sid, url)
    elif answer.status >= 400:
        office.alert(11200, f"{letter.kind}: status {answer.status}", letter.call_sid, url)
