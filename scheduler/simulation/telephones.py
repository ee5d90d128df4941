"""The operator of a simulated day, and who stands at the other end: helpers and callers who answer, or do not.

What follows from each answer is written by the same functions as on a real call (ivr/keeping.py calls them there). The play
ends where the two talk: how long, and what comes of it, keeps or breaks no other promise.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from heapq import heappop, heappush
from itertools import count
from typing import Final
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.attempts import note_caller_rung, record_attempt_result, take
from scheduler.errands import next_helper_for, next_try_for
from scheduler.jobs import enqueue
from scheduler.ports import OperatorCall, OperatorRecording, OperatorText
from tickets.vocabulary import AttemptResult

ACCEPTS_AFTER: Final = timedelta(seconds=50)  # picks up, hears what it is about, presses 1
RINGS_OUT_AFTER: Final = timedelta(seconds=30)
CALLER_RINGS_OUT_AFTER: Final = timedelta(seconds=40)

Happening = Callable[[Session, datetime], bool]


@dataclass
class VirtualClock:
    """A clock that stands still until it is set."""

    at: datetime

    def now(self) -> datetime:
        """The moment to which it was set."""
        return self.at


@dataclass(frozen=True, slots=True)
class Answers:
    """Who answers: a helper (E.164) at a moment, a caller (ticket's id) at a try."""

    helper: Callable[[str, datetime], bool]
    caller: Callable[[int, int], bool]


class Addresses:
    """Addresses that no operator asks for: a call to a helper is known by its attempt alone."""

    status = ""

    def helper(self, attempt_id: int) -> str:
        """The attempt itself."""
        return str(attempt_id)

    def announcement(self, callback_id: int, *, sorry: bool) -> str:
        """Whoever is told something listens, and nothing follows."""
        return ""

    def offer(self, callback_id: int) -> str:
        """As with what is told."""
        return ""

    def change(self, callback_id: int) -> str:
        """As with what is told."""
        return ""

    def status_of(self, attempt_id: int) -> str:
        """News comes by itself."""
        return ""

    def text_status(self, message_id: int) -> str:
        """News comes by itself."""
        return ""


class Telephones:
    """An operator that never fails, on a virtual clock; what is to happen happens when `next_at` has come."""

    def __init__(self, clock: VirtualClock, answers: Answers) -> None:
        self._clock = clock
        self._answers = answers
        self._numbers = count(1)
        self._coming: list[tuple[datetime, int, Happening]] = []

    def next_at(self) -> datetime | None:
        """When something happens on the telephones next."""
        return self._coming[0][0] if self._coming else None

    def happen(self, session: Session) -> bool:
        """What comes next, and is written down now; whether it left something to do."""
        _, _, happening = heappop(self._coming)
        return happening(session, self._clock.at)

    def ring(self, *, to: str, shown: str, url: str, status_url: str, seconds: int) -> str:
        """A telephone rings."""
        if url:
            answers = self._answers.helper(to, self._clock.at)
            wait, happening = (ACCEPTS_AFTER, self._accept) if answers else (RINGS_OUT_AFTER, self._not_there)
            self._in(wait, partial(happening, attempt_id=int(url)))
        return _sid("CA")

    def find_call(self, *, to: str, shown: str, since: datetime) -> str | None:
        """No worker dies here, so none looks for what it may have done."""
        return None

    def call(self, call_sid: str) -> OperatorCall | None:
        """Nobody asks: news comes by itself."""
        return None

    def text(self, *, to: str, shown: str, body: str, status_url: str | None) -> str:
        """A text arrives."""
        return _sid("SM")

    def find_text(self, *, to: str, shown: str, body: str, since: datetime) -> str | None:
        """As with calls."""
        return None

    def fetch_recording(self, recording_sid: str) -> bytes | None:
        """Nobody records."""
        return None

    def delete_recording(self, recording_sid: str) -> None:
        """Nobody records."""

    def calls_since(self, since: datetime) -> tuple[OperatorCall, ...]:
        """None went past us."""
        return ()

    def recordings_since(self, since: datetime) -> tuple[OperatorRecording, ...]:
        """Nobody records."""
        return ()

    def texts_since(self, since: datetime) -> tuple[OperatorText, ...]:
        """Nobody texts the line."""
        return ()

    def connect_line(self, e164: str, **webhooks: str) -> bool:
        """Every number of the simulation is ours, and comes to us anyway."""
        return True

    def _not_there(self, session: Session, now: datetime, *, attempt_id: int) -> bool:
        on = session.execute(_ATTEMPT, {"attempt": attempt_id}).one()
        if record_attempt_result(session, attempt_id, AttemptResult.AUTTAJA_EI_VASTANNUT, now=now):
            enqueue(session, next_helper_for(on.callback_id, attempt_id, now=now))
        return True

    def _accept(self, session: Session, now: datetime, *, attempt_id: int) -> bool:
        on = session.execute(_ATTEMPT, {"attempt": attempt_id}).one()
        if take(session, on.callback_id, attempt_id, on.helper_id, now=now):
            note_caller_rung(session, on.callback_id, now=now)
            if not self._answers.caller(on.ticket_id, on.number):
                self._in(CALLER_RINGS_OUT_AFTER, partial(self._not_reached, attempt_id=attempt_id))
        return False

    def _not_reached(self, session: Session, now: datetime, *, attempt_id: int) -> bool:
        on = session.execute(_ATTEMPT, {"attempt": attempt_id}).one()
        if record_attempt_result(session, attempt_id, AttemptResult.EI_VASTANNUT, now=now):
            enqueue(session, next_try_for(on.callback_id, on.number, AttemptResult.EI_VASTANNUT, now=now))
        return True

    def _in(self, wait: timedelta, happening: Happening) -> None:
        heappush(self._coming, (self._clock.at + wait, next(self._numbers), happening))


def _sid(kind: str) -> str:
    return f"{kind}{uuid4().hex}"


_ATTEMPT = text("""
SELECT a.helper_id, a.number, a.callback_id, c.ticket_id
FROM attempt a JOIN callback c ON c.id = a.callback_id WHERE a.id = :attempt
""")
