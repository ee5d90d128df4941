"""A call as the person on the phone has it: what they hear, what they can do."""

from __future__ import annotations

from collections.abc import Callable

from ivr.exchange.leg import Answered, Declined, Key, Leg, Speech, SpeechBegan, SpeechEnded
from ivr.exchange.values import CallStatus, Direction, Heard, Piece, Said, Waiting
from ivr.exchange.wav import seconds_of

_KEYS = frozenset("0123456789*#")
Drive = Callable[[Callable[[], bool], float], bool]


class Call:
    """One call on one phone."""

    def __init__(self, leg: Leg, drive: Drive) -> None:
        self.leg = leg
        self._drive = drive
        self._seen_question = 0
        self._seen_heard = 0

    # What there is to see and hear.

    @property
    def sid(self) -> str:
        """Twilio's name for the call."""
        return self.leg.sid

    @property
    def status(self) -> CallStatus:
        """Where the call stands."""
        return self.leg.status

    @property
    def over(self) -> bool:
        """Whether it has ended."""
        return self.leg.status.over

    @property
    def shown_number(self) -> str:
        """The number at the other end, as the phone shows it."""
        return self.leg.shown_number

    @property
    def heard(self) -> tuple[Heard, ...]:
        """Everything heard, in order."""
        return tuple(self.leg.heard)

    @property
    def said(self) -> tuple[Said, ...]:
        """The sentences heard, in order."""
        return tuple(heard for heard in self.leg.heard if isinstance(heard, Said))

    @property
    def words(self) -> str:
        """All the sentences heard, as one text."""
        return " ".join(said.text for said in self.said)

    @property
    def waiting_for(self) -> Waiting | None:
        """What the line waits for from this person; None while it speaks or works."""
        return self.leg.waiting_for

    @property
    def rings_here(self) -> bool:
        """Whether this phone rings with it right now."""
        return self.leg.status is CallStatus.RINGING and self.leg.direction is not Direction.INBOUND

    @property
    def occupies(self) -> bool:
        """Whether the phone is engaged by it."""
        placed = self.leg.status in (CallStatus.QUEUED, CallStatus.INITIATED)
        return not self.over and not placed

    def news(self) -> tuple[Heard, ...]:
        """What was heard since this was last asked."""
        new = self.heard[self._seen_heard :]
        self._seen_heard += len(new)
        return new

    # What a person does.

    def answer(self) -> Call:
        """Pick up."""
        with self.leg.office.lock:
            self.leg.signal(Answered())
        return self

    def decline(self) -> Call:
        """Push the call away while it rings."""
        with self.leg.office.lock:
            self.leg.signal(Declined())
        return self

    def press(self, keys: str) -> Call:
        """Press keys, one after another; a prompt inside Gather falls silent at the first."""
        require_keys(keys)
        with self.leg.office.lock:
            for key in keys:
                self.leg.signal(Key(key))
        return self

    def speak(self, what: str | bytes, seconds: float | None = None, language: str = "fi-FI") -> Call:
        """Say words, or play a WAV, into the call; it takes so many seconds from now on."""
        speech = self.speech(what, seconds, language)
        with self.leg.office.lock:
            self.leg.signal(SpeechBegan(speech))
            ended = SpeechEnded(speech)
            self.leg.office.agenda.after(speech.seconds, lambda: self.leg.signal(ended))
        return self

    def begin_to_speak(self) -> Call:
        """Begin to say something that is not known yet; `finish_speaking` says what it was."""
        with self.leg.office.lock:
            self.leg.signal(SpeechBegan())
        return self

    def finish_speaking(self, speech: Speech | None) -> Call:
        """Have said this; None for having said nothing after all."""
        with self.leg.office.lock:
            self.leg.signal(SpeechEnded(speech))
        return self

    def speech(self, what: str | bytes, seconds: float | None, language: str) -> Speech:
        """Words or a WAV as they sound in a telephone."""
        if isinstance(what, bytes):
            return Speech("", seconds_of(what) if seconds is None else seconds, what, language)
        pieces, voice = (Piece(what),), self.leg.office.voice
        length = voice.seconds(pieces, language) if seconds is None else seconds
        return Speech(what, length, voice.wav(pieces, language), language)

    def hang_up(self) -> Call:
        """Put the phone down; before an answer the call is given up."""
        with self.leg.office.lock:
            if self.rings_here:
                self.leg.signal(Declined())
            self.leg.end(CallStatus.COMPLETED if self.leg.answered else CallStatus.CANCELED)
        return self

    # How a test lets time pass.

    def until_asked(self, within: float = 900.0) -> Waiting | None:
        """Let time pass until this person is asked something new; None when the call is over instead.

        Raises AssertionError if neither happens in so many seconds.
        """
        if not self._drive(self._asked_or_over, within):
            raise AssertionError(f"nothing was asked within {within:.0f} s; heard {self.heard}")
        self._seen_question = self.leg.question
        return self.leg.waiting_for

    def until_over(self, within: float = 7200.0) -> Call:
        """Let time pass until the call has ended, with nobody doing anything about it."""
        if not self._drive(lambda: self.over, within):
            raise AssertionError(f"the call goes on after {within:.0f} s; heard {self.heard}")
        return self

    def _asked_or_over(self) -> bool:
        asked = self.leg.waiting_for is not None and self.leg.question != self._seen_question
        return asked or self.over


def require_keys(keys: str) -> None:
    """Make sure that these are keys of a telephone; ValueError if not."""
    if not keys or not set(keys) <= _KEYS:
        raise ValueError(f"a telephone has no such keys: {keys!r}")
