"""<Gather>: prompts, and the keys a person presses during or after them, or what they say where that is heard."""

from __future__ import annotations

from ivr.exchange.audio import perform_prompt
from ivr.exchange.faults import Kind
from ivr.exchange.leg import Goto, Key, Leg, SpeechBegan, SpeechEnded
from ivr.exchange.process import Signal, Steps, wait
from ivr.exchange.spoken import spoken
from ivr.exchange.twiml import Gather
from ivr.exchange.values import Waiting

Entered = tuple[tuple[str, str], ...]


def gather(leg: Leg, verb: Gather) -> Steps[Goto | None]:
    """Where the keys lead; None when nothing was pressed and silence is no answer here."""
    leg.takes_keys = True
    try:
        first = yield from _prompts(leg, verb)
        entered = yield from _collect(leg, verb, first)
    finally:
        leg.takes_keys = False
        leg.ask(None)
    told = dict(entered)
    if not told.get("Digits") and "SpeechResult" not in told and not verb.action_on_empty_result:
        return None
    return Goto(leg.absolute(verb.action), verb.method, Kind.ACTION, entered)


def _wanted(verb: Gather) -> tuple[type[Signal], ...]:
    return (Key,) if verb.hearing is None else (Key, SpeechBegan)


def _prompts(leg: Leg, verb: Gather) -> Steps[Signal | None]:
    for prompt in verb.prompts:
        signal = yield from perform_prompt(leg, prompt, *_wanted(verb))
        if signal is not None:
            return signal
    return None


def _collect(leg: Leg, verb: Gather, first: Signal | None) -> Steps[Entered]:
    digits, signal = "", first
    while True:
        if isinstance(signal, SpeechBegan) and verb.hearing is not None and not digits:
            signal = yield from wait(None, Key, SpeechEnded)
            if isinstance(signal, SpeechEnded):
                return (yield from spoken(signal.speech, verb.hearing.timeout)) or _pressed("", "")
        if isinstance(signal, Key) and signal.digit in verb.finish_on_key:
            return _pressed(digits, signal.digit)
        if isinstance(signal, Key):
            digits += signal.digit
        if len(digits) == verb.num_digits:
            return _pressed(digits, "")
        leg.ask(Waiting.DIGITS)
        signal = yield from wait(verb.timeout, *_wanted(verb))
        if signal is None:
            return _pressed(digits, "")


def _pressed(digits: str, finished_on: str) -> Entered:
    return (("Digits", digits), ("FinishedOnKey", finished_on), ("msg", "Gather End"))
