"""An outgoing leg up to the moment somebody picks up, and two legs talking."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.exchange.leg import Answered, ChildOver, Declined, Key, Leg, SpeechBegan, SpeechEnded
from ivr.exchange.process import Signal, Steps, wait
from ivr.exchange.values import CallOverError, CallStatus, Connected, Spoken, Waiting


@dataclass(frozen=True, slots=True)
class ChildAnswered(Signal):
    """A dialled phone was picked up."""

    lasting = True
    child: Leg


@dataclass(frozen=True, slots=True)
class ChildReady(Signal):
    """What was to be played to the dialled phone has been played; the two can be bridged."""

    lasting = True
    child: Leg


def ring(leg: Leg, timeout: int) -> Steps[None]:
    """Ring the phone until it is picked up; raises CallOverError when it is not."""
    habits = leg.office.habits
    leg.move(CallStatus.INITIATED)
    yield from wait(habits.setup_seconds)
    engaged = leg.phone.engaged(leg)
    if engaged is not None:
        raise CallOverError(engaged)
    leg.move(CallStatus.RINGING)
    leg.phone.ring(leg)
    signal = yield from wait(timeout + habits.ring_grace_seconds, Answered, Declined)
    if not isinstance(signal, Answered):
        raise CallOverError(CallStatus.BUSY if signal else CallStatus.NO_ANSWER)
    leg.move(CallStatus.IN_PROGRESS)


def talk(leg: Leg, other: Leg, seconds: float | None, *, star_ends: bool) -> Steps[None]:
    """Let one leg talk with the other, until the other ends, the time is up, or * if that ends it."""
    timer = leg.office.agenda.timer
    end = None if seconds is None else timer() + seconds
    leg.hear(Connected(leg.shown_number))
    leg.ask(Waiting.TALK)
    try:
        while True:
            left = None if end is None else max(0.0, end - timer())
            signal = yield from wait(left, ChildOver, SpeechBegan, SpeechEnded, Key)
            if signal is None or _ends(signal, other, star_ends=star_ends):
                return
            if isinstance(signal, SpeechEnded) and signal.speech is not None:
                speech = signal.speech
                other.hear(Spoken(speech.text, speech.seconds, speech.wav, speech.language))
    finally:
        leg.ask(None)


def _ends(signal: Signal, other: Leg, *, star_ends: bool) -> bool:
    if isinstance(signal, Key):
        return star_ends and signal.digit == "*"
    return isinstance(signal, ChildOver) and signal.child is other
