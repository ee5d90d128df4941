"""<Gather>: prompts, and the keys a person presses during or after them."""

from __future__ import annotations

from ivr.exchange.audio import perform_prompt
from ivr.exchange.faults import Kind
from ivr.exchange.leg import Goto, Key, Leg
from ivr.exchange.process import Steps, wait
from ivr.exchange.twiml import Gather
from ivr.exchange.values import Waiting


def gather(leg: Leg, verb: Gather) -> Steps[Goto | None]:
    """Where the keys lead; None when nothing was pressed and silence is no answer here."""
    leg.takes_keys = True
    try:
        first = yield from _prompts(leg, verb)
        digits, finished_on = yield from _collect(leg, verb, first)
    finally:
        leg.takes_keys = False
        leg.ask(None)
    if not digits and not verb.action_on_empty_result:
        return None
    entered = (("Digits", digits), ("FinishedOnKey", finished_on), ("msg", "Gather End"))
    return Goto(leg.absolute(verb.action), verb.method, Kind.ACTION, entered)


def _prompts(leg: Leg, verb: Gather) -> Steps[Key | None]:
    for prompt in verb.prompts:
        key = yield from perform_prompt(leg, prompt, Key)
        if isinstance(key, Key):
            return key
    return None


def _collect(leg: Leg, verb: Gather, first: Key | None) -> Steps[tuple[str, str]]:
    digits, key = "", first
    while True:
        if key is not None and key.digit in verb.finish_on_key:
            return digits, key.digit
        if key is not None:
            digits += key.digit
        if len(digits) == verb.num_digits:
            return digits, ""
        leg.ask(Waiting.DIGITS)
        pressed = yield from wait(verb.timeout, Key)
        if not isinstance(pressed, Key):
            return digits, ""
        key = pressed
