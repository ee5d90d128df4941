"""Phones on the exchange: what they do when they ring, and the calls a person makes with them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from ivr.exchange.call import Call
from ivr.exchange.leg import Answered, Leg, Speech, SpeechEnded
from ivr.exchange.numbers import WITHHELD
from ivr.exchange.placing import call_in
from ivr.exchange.texts import Text, TextFate, text_in
from ivr.exchange.values import CallStatus, Done, Heard, Piece

if TYPE_CHECKING:
    from ivr.exchange.office import Office

Drive = Callable[[Callable[[], bool], float], bool]
VOICEMAIL_SECONDS = 120.0


class Habit(StrEnum):
    """What a phone does when it rings."""

    MANUAL = "manual"  # rings until somebody answers
    ANSWER = "answer"
    IGNORE = "ignore"
    BUSY = "busy"
    VOICEMAIL = "voicemail"
    FAIL = "fail"


@dataclass(frozen=True, slots=True)
class Note:
    """Something that happened on a phone; `what` says what, for the phone's page."""

    number: int
    at: datetime
    what: Heard | Done | Text | CallStatus
    call_sid: str = ""


class Phone:
    """One telephone, with its number, its calls and its texts."""

    def __init__(self, office: Office, number: str, drive: Drive) -> None:
        self.number = number
        self.calls: list[Call] = []
        self.texts: list[Text] = []
        self.notes: list[Note] = []
        self.text_fate = TextFate.ARRIVE
        self._office = office
        self._drive = drive
        self._habit = Habit.MANUAL
        self._after = 0.0
        self._greeting = ""
        self._rung: list[Call] = []
        self._handed_out = 0

    # What a person does.

    def dial(self, number: str, *, withheld: bool = False, caller_id: str | None = None) -> Call:
        """Ring a number; a withheld call shows "anonymous", or whatever caller_id says instead."""
        with self._office.lock:
            shown = caller_id or (WITHHELD if withheld else self.number)
            return self._call_of(call_in(self._office, self, shown, number))

    def text(self, to: str, body: str) -> None:
        """Send a text."""
        with self._office.lock:
            self._note(text_in(self._office, self.number, to, body))

    def remember(self, done: Done, call: Call) -> None:
        """Write down what its person did in a call, so that the page can show it again."""
        with self._office.lock:
            self._note(done, call.sid)

    @property
    def call(self) -> Call | None:
        """The call going on, or ringing, right now."""
        return next((call for call in reversed(self.calls) if not call.over), None)

    def until_rung(self, within: float = 3600.0) -> Call:
        """Let time pass until this phone rings: each ringing is handed out once, in order.

        Raises AssertionError if it does not ring in so many seconds.
        """
        if not self._drive(lambda: len(self._rung) > self._handed_out, within):
            raise AssertionError(f"{self.number} was not rung within {within:.0f} s")
        self._handed_out += 1
        return self._rung[self._handed_out - 1]

    # What it does when it rings.

    def answers(self, after: float = 3.0) -> None:
        """From now on somebody picks up after so many seconds."""
        self._habit, self._after = Habit.ANSWER, after

    def is_manual(self) -> None:
        """From now on it rings until `call.answer()` or `call.decline()`."""
        self._habit = Habit.MANUAL

    def does_not_answer(self) -> None:
        """From now on it rings and rings, whatever a test does."""
        self._habit = Habit.IGNORE

    def is_busy(self) -> None:
        """From now on it is engaged."""
        self._habit = Habit.BUSY

    def fails(self) -> None:
        """From now on it cannot be reached."""
        self._habit = Habit.FAIL

    def has_voicemail(self, after: float = 20.0, greeting: str = "Jätä viesti äänimerkin jälkeen.") -> None:
        """From now on a machine picks up, speaks, beeps and listens; it never presses a key."""
        self._habit, self._after, self._greeting = Habit.VOICEMAIL, after, greeting

    # What the exchange does with it (leg.Handset).

    def take_up(self, leg: Leg) -> None:
        """A call to or from this phone has begun."""
        self.calls.append(Call(leg, self._drive))

    def engaged(self, leg: Leg) -> CallStatus | None:
        """Why this call cannot ring here: the phone fails, is busy, or is in a call already."""
        if self._habit is Habit.FAIL:
            return CallStatus.FAILED
        others = [c for c in self.calls if c.leg is not leg and c.occupies]
        return CallStatus.BUSY if others or self._habit is Habit.BUSY else None

    def ring(self, leg: Leg) -> None:
        """The call rings here, and somebody or something may answer it."""
        self._rung.append(self._call_of(leg))
        if self._habit is Habit.ANSWER:
            self._office.agenda.after(self._after, lambda: leg.signal(Answered()))
        elif self._habit is Habit.VOICEMAIL:
            self._office.agenda.after(self._after, lambda: self._voicemail(leg))

    def hear(self, leg: Leg, heard: Heard) -> None:
        """This comes out of the phone."""
        self._note(heard, leg.sid)

    def changed(self, leg: Leg) -> None:
        """The call's state has changed."""
        known = [n.what for n in self.notes if n.call_sid == leg.sid]
        if leg.status not in known:
            self._note(leg.status, leg.sid)

    def take_text(self, text: Text) -> None:
        """A text arrives."""
        self.texts.append(text)
        self._note(text)

    def _note(self, what: Heard | Done | Text | CallStatus, call_sid: str = "") -> None:
        self.notes.append(Note(len(self.notes) + 1, self._office.now(), what, call_sid))

    def _voicemail(self, leg: Leg) -> None:
        if leg.status is not CallStatus.RINGING:
            return
        leg.signal(Answered())
        pieces = (Piece(self._greeting),)
        seconds = self._office.voice.seconds(pieces, "fi-FI")
        speech = Speech(f"{self._greeting} (piip)", seconds, self._office.voice.wav(pieces, "fi-FI"))
        self._office.agenda.after(seconds, lambda: leg.signal(SpeechEnded(speech)))
        self._office.agenda.after(VOICEMAIL_SECONDS, leg.end)

    def _call_of(self, leg: Leg) -> Call:
        return next(call for call in self.calls if call.leg is leg)
