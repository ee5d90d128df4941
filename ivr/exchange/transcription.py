"""<Start> and <Stop> of a <Transcription>: what a person says on this leg is written along and told to the product.

A stretch of speech is told when it has been spoken, and as the words that were put into it: there is no ear here.
"""

from __future__ import annotations

import json
import xml.etree.ElementTree as ET
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

from ivr.exchange.attributes import Attributes, refuse_children, refuse_text, require_name
from ivr.exchange.faults import Kind
from ivr.exchange.values import CallError

if TYPE_CHECKING:
    from ivr.exchange.leg import Leg, Speech

_NOUN = (
    *("name", "track", "statusCallbackUrl", "statusCallbackMethod", "partialResults", "languageCode"),
    *("transcriptionEngine", "profanityFilter", "speechModel", "hints", "enableAutomaticPunctuation"),
)


@dataclass(frozen=True, slots=True)
class Start:
    """From here on what is said is written along."""

    name: str
    language: str
    status_url: str
    status_method: str


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing is written along any more under this name."""

    name: str


def read_start(element: ET.Element) -> Start:
    """A <Start>; of what may be started only transcriptions are known here."""
    noun = _noun(element)
    attributes = Attributes(noun, _NOUN)
    attributes.choice("track", "both_tracks", ("inbound_track", "both_tracks"))
    attributes.choice("transcriptionEngine", "google", ("google", "deepgram"))
    for flag in ("partialResults", "profanityFilter", "enableAutomaticPunctuation"):
        attributes.flag(flag, default=False)
    return Start(
        name=attributes.text("name"),
        language=attributes.text("languageCode", "en-US"),
        status_url=attributes.text("statusCallbackUrl"),
        status_method=attributes.method("statusCallbackMethod"),
    )


def read_stop(element: ET.Element) -> Stop:
    """A <Stop>; it names what it stops."""
    noun = _noun(element)
    name = Attributes(noun, _NOUN).text("name")
    if not name:
        raise CallError(12200, "<Stop><Transcription> without a name")
    return Stop(name)


def start(leg: Leg, verb: Start) -> None:
    """Write along what this leg's person says."""
    along = _Along(leg, verb, leg.office.new_sid("GT"))
    leg.listeners[verb.name] = along.write
    along.tell("transcription-started")


def stop(leg: Leg, verb: Stop) -> None:
    """Write along no more."""
    if leg.listeners.pop(verb.name, None) is None:
        leg.office.alert(32700, f"no transcription is called {verb.name!r}", leg.sid, leg.url)


@dataclass(slots=True)
class _Along:
    leg: Leg
    verb: Start
    sid: str
    sequence: int = 0

    def write(self, speech: Speech) -> None:
        if speech.text:
            data = json.dumps({"transcript": speech.text, "confidence": 0.9}, ensure_ascii=False)
            self.tell("transcription-content", Track="inbound_track", TranscriptionData=data, Final="true")

    def tell(self, event: str, **more: str) -> None:
        if not self.verb.status_url:
            return
        self.sequence += 1
        params = {
            "AccountSid": self.leg.office.account_sid,
            "CallSid": self.leg.sid,
            "TranscriptionSid": self.sid,
            "TranscriptionEvent": event,
            "LanguageCode": self.verb.language,
            "Timestamp": self.leg.office.now().astimezone(UTC).isoformat(),
            "SequenceId": str(self.sequence),
        }
        url = self.leg.absolute(self.verb.status_url)
        self.leg.tell_apart(url, self.verb.status_method, Kind.TRANSCRIPTION, params | more)


def _noun(element: ET.Element) -> ET.Element:
    Attributes(element, ())
    refuse_text(element)
    if len(element) != 1:
        raise CallError(12200, f"<{element.tag}> takes one <Transcription>")
    require_name(element[0], "Transcription")
    refuse_children(element[0])
    refuse_text(element[0])
    return element[0]
