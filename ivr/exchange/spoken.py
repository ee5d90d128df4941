"""<Gather input="speech">: what may be said into it. There is no ear here: the words are those that were put into the speech."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from ivr.exchange.process import Steps, wait
from ivr.exchange.values import CallError

if TYPE_CHECKING:
    from ivr.exchange.attributes import Attributes
    from ivr.exchange.leg import Speech

SPEECH: Final = ("language", "hints", "speechTimeout", "speechModel", "profanityFilter")
INPUTS: Final = ("dtmf", "dtmf speech", "speech dtmf")


@dataclass(frozen=True, slots=True)
class Hearing:
    """In which language something may be said, and how many seconds of silence end it."""

    language: str
    timeout: int


def read_hearing(attributes: Attributes) -> Hearing | None:
    """How something may be said; nothing where only keys are heard."""
    if "speech" not in attributes.choice("input", "dtmf", INPUTS).split():
        return None
    if len(attributes.text("hints").split(",")) > 500:
        raise CallError(12200, "<Gather hints>: 500 are the most")
    attributes.choice("speechModel", "default", ("default",))
    attributes.flag("profanityFilter", default=True)
    # Unless told otherwise, as long a silence as before the first word.
    timeout = attributes.integer("timeout", 5, least=1, most=600)
    ends = attributes.integer("speechTimeout", timeout, least=1, most=600)
    return Hearing(attributes.text("language", "en-US"), ends)


def spoken(speech: Speech | None, timeout: int) -> Steps[tuple[tuple[str, str], ...]]:
    """What has been said, as the product is told it, once the silence after it is over; nothing for a mere noise."""
    yield from wait(timeout)
    if speech is None or not speech.text:
        return ()
    return (("SpeechResult", speech.text), ("Confidence", "0.9"), ("msg", "Gather End"))
