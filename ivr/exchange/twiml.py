"""TwiML as values: a document is read into verbs, and what is not known is an error as at Twilio."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from ivr.exchange.attributes import Attributes, refuse_children, refuse_text, require_name
from ivr.exchange.numbers import is_e164
from ivr.exchange.spoken import SPEECH, Hearing, read_hearing
from ivr.exchange.ssml import Say, read_say
from ivr.exchange.transcription import Start, Stop, read_start, read_stop
from ivr.exchange.values import CallError

MOST_BYTES = 64 * 1024
EVENTS = ("initiated", "ringing", "answered", "completed")


@dataclass(frozen=True, slots=True)
class Play:
    """A sound file, `loop` times (0: without end)."""

    url: str
    loop: int


@dataclass(frozen=True, slots=True)
class Pause:
    """So many seconds of silence."""

    seconds: int


Prompt = Say | Play | Pause


@dataclass(frozen=True, slots=True)
class Gather:
    """Prompts, and keys pressed during or after them."""

    prompts: tuple[Prompt, ...]
    action: str
    method: str
    timeout: int
    finish_on_key: str
    num_digits: int | None
    action_on_empty_result: bool
    hearing: Hearing | None = None  # where something may be said instead


@dataclass(frozen=True, slots=True)
class Record:
    """A message from the person on the phone."""

    action: str
    method: str
    max_length: int
    timeout: int
    finish_on_key: str
    play_beep: bool
    trim: bool
    status_url: str
    status_method: str
    status_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Number:
    """A number to dial, with what is played to it before the two are bridged."""

    number: str
    url: str
    method: str
    status_url: str
    status_method: str
    status_events: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Dial:
    """Ring these numbers at once and bridge with the first that answers."""

    numbers: tuple[Number, ...]
    action: str
    method: str
    timeout: int
    time_limit: int
    caller_id: str | None
    answer_on_bridge: bool
    hangup_on_star: bool
    ring_tone: str


@dataclass(frozen=True, slots=True)
class Hangup:
    """The end of the call."""


@dataclass(frozen=True, slots=True)
class Redirect:
    """Go on with another document."""

    url: str
    method: str


@dataclass(frozen=True, slots=True)
class Reject:
    """Do not answer the call at all."""

    reason: str


Verb = Say | Play | Pause | Gather | Record | Dial | Hangup | Redirect | Reject | Start | Stop


def read_document(body: bytes) -> tuple[Verb, ...]:
    """The verbs of a TwiML document; raises CallError with Twilio's code for what is wrong in it."""
    if len(body) > MOST_BYTES:
        raise CallError(11750, f"TwiML of {len(body)} bytes; 64 kB is the most")
    try:
        root = ET.XML(body)
    except ET.ParseError as error:
        raise CallError(12100, f"TwiML is not XML: {error}") from error
    require_name(root, "Response")
    Attributes(root, ())
    refuse_text(root)
    return tuple(_read_verb(element) for element in root)


def _read_verb(element: ET.Element) -> Verb:
    reader = _VERBS.get(element.tag)
    if reader is None:
        raise CallError(12200, f"<{element.tag}> is not a verb that may stand in <Response>")
    return reader(element)


def _read_prompt(element: ET.Element) -> Prompt:
    reader = _PROMPTS.get(element.tag)
    if reader is None:
        raise CallError(12200, f"<{element.tag}> may not stand in <Gather>")
    return reader(element)


def _read_play(element: ET.Element) -> Play:
    attributes = Attributes(element, ("loop",))
    refuse_children(element)
    url = (element.text or "").strip()
    if not url:
        raise CallError(12200, "<Play> without a URL")
    return Play(url, attributes.integer("loop", 1, least=0, most=1000))


def _read_pause(element: ET.Element) -> Pause:
    attributes = Attributes(element, ("length",))
    refuse_children(element)
    refuse_text(element)
    return Pause(attributes.integer("length", 1, least=1, most=600))


def _read_gather(element: ET.Element) -> Gather:
    attributes = Attributes(
        element,
        ("input", "action", "method", "timeout", "finishOnKey", "numDigits", "actionOnEmptyResult", *SPEECH),
    )
    refuse_text(element)
    return Gather(
        prompts=tuple(_read_prompt(child) for child in element),
        action=attributes.text("action"),
        method=attributes.method("method"),
        timeout=attributes.integer("timeout", 5, least=1, most=600),
        finish_on_key=attributes.keys("finishOnKey", "#", most=1),
        num_digits=attributes.optional_integer("numDigits", least=1, most=1000),
        action_on_empty_result=attributes.flag("actionOnEmptyResult", default=False),
        hearing=read_hearing(attributes),
    )


def _read_record(element: ET.Element) -> Record:
    attributes = Attributes(
        element,
        (
            *("action", "method", "maxLength", "timeout", "finishOnKey", "playBeep", "trim"),
            *(f"recordingStatusCallback{what}" for what in ("", "Method", "Event")),
        ),
    )
    refuse_children(element)
    refuse_text(element)
    trim = attributes.choice("trim", "trim-silence", ("trim-silence", "do-not-trim"))
    return Record(
        action=attributes.text("action"),
        method=attributes.method("method"),
        max_length=attributes.integer("maxLength", 3600, least=2, most=14400),
        timeout=attributes.integer("timeout", 5, least=1, most=600),
        finish_on_key=attributes.keys("finishOnKey", "1234567890*#", most=12),
        play_beep=attributes.flag("playBeep", default=True),
        trim=trim == "trim-silence",
        status_url=attributes.text("recordingStatusCallback"),
        status_method=attributes.method("recordingStatusCallbackMethod"),
        status_events=attributes.words(
            "recordingStatusCallbackEvent", ("completed",), ("in-progress", "completed", "absent")
        ),
    )


def _read_dial(element: ET.Element) -> Dial:
    attributes = Attributes(
        element,
        (
            *("action", "method", "timeout", "timeLimit", "callerId", "answerOnBridge"),
            *("hangupOnStar", "ringTone"),
        ),
    )
    return Dial(
        numbers=_read_numbers(element),
        action=attributes.text("action"),
        method=attributes.method("method"),
        timeout=attributes.integer("timeout", 30, least=1, most=600),
        time_limit=attributes.integer("timeLimit", 14400, least=1, most=14400),
        caller_id=attributes.text("callerId") or None,
        answer_on_bridge=attributes.flag("answerOnBridge", default=False),
        hangup_on_star=attributes.flag("hangupOnStar", default=False),
        ring_tone=attributes.text("ringTone"),
    )


def _read_numbers(element: ET.Element) -> tuple[Number, ...]:
    bare = (element.text or "").strip()
    if bare and not len(element):
        return (_checked(Number(bare, "", "POST", "", "POST", ())),)
    refuse_text(element)
    if not 1 <= len(element) <= 10:
        raise CallError(12200, "<Dial> takes one to ten <Number>s")
    return tuple(_read_number(child) for child in element)


def _read_number(element: ET.Element) -> Number:
    require_name(element, "Number")
    attributes = Attributes(
        element,
        ("url", "method", "statusCallback", "statusCallbackEvent", "statusCallbackMethod"),
    )
    refuse_children(element)
    return _checked(
        Number(
            number=(element.text or "").strip(),
            url=attributes.text("url"),
            method=attributes.method("method"),
            status_url=attributes.text("statusCallback"),
            status_method=attributes.method("statusCallbackMethod"),
            status_events=attributes.words("statusCallbackEvent", ("completed",), EVENTS),
        )
    )


def _checked(number: Number) -> Number:
    if not is_e164(number.number):
        raise CallError(13224, f"{number.number!r} is not a number that can be dialled")
    return number


def _read_hangup(element: ET.Element) -> Hangup:
    Attributes(element, ())
    refuse_children(element)
    refuse_text(element)
    return Hangup()


def _read_redirect(element: ET.Element) -> Redirect:
    attributes = Attributes(element, ("method",))
    refuse_children(element)
    return Redirect((element.text or "").strip(), attributes.method("method"))


def _read_reject(element: ET.Element) -> Reject:
    attributes = Attributes(element, ("reason",))
    refuse_children(element)
    refuse_text(element)
    return Reject(attributes.choice("reason", "rejected", ("rejected", "busy")))


_PROMPTS: Mapping[str, Callable[[ET.Element], Prompt]] = {
    "Say": read_say,
    "Play": _read_play,
    "Pause": _read_pause,
}
_VERBS: Mapping[str, Callable[[ET.Element], Verb]] = {
    **_PROMPTS,
    "Gather": _read_gather,
    "Record": _read_record,
    "Dial": _read_dial,
    "Hangup": _read_hangup,
    "Redirect": _read_redirect,
    "Reject": _read_reject,
    "Start": read_start,
    "Stop": read_stop,
}
