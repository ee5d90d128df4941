"""Before anything else, once: was a caller who takes no texts helped the last time?"""

from dataclasses import dataclass, replace
from typing import Any, ClassVar

from ivr.conversation import Effect, Script, do
from ivr.dialogue import FellSilent, Paper, choose
from ivr.effects import KnownCaller, OpenRequest

NOT_HELPED = "3"


@dataclass(frozen=True, slots=True)
class GiveFeedback(Effect[bool]):
    """Write down whether the caller was helped: 1, 2 or 3; the result is whether their matter is open again."""

    key: ClassVar[str] = "give_feedback"
    result: ClassVar[Any] = bool
    ticket_id: int
    helped: int


def ask_whether_helped(paper: Paper, known: KnownCaller) -> Script[KnownCaller]:
    """Three keys, asked once; silence goes on at once. Who was not helped may choose a time for the same matter."""
    if known.feedback is None:
        return known
    yield paper.says("feedback_before")
    try:
        pressed = yield from choose(paper, "feedback", paper.says("feedback"), "123", rounds=1)
    except FellSilent:
        return known
    reopened = yield from do(GiveFeedback(known.feedback, int(pressed)))
    yield paper.says("feedback_sorry" if pressed == NOT_HELPED else "feedback_thanks")
    return replace(known, requests=(OpenRequest(known.feedback), *known.requests)) if reopened else known
