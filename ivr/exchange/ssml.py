"""<Say>: its text, voice and language, and the little SSML that may stand in it."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.exchange.attributes import Attributes, refuse_children
from ivr.exchange.values import CallError, Piece

MOST_CHARACTERS = 4096
# Voices with one language; Twilio has no Finland-Swedish voice at all.
_VOICES = {"Polly.Suvi-Neural": "fi-FI", "Polly.Elin-Neural": "sv-SE", "Polly.Astrid": "sv-SE"}
_OTHER_VOICES = re.compile(r"(man|woman|alice|Polly\.[A-Za-z-]+|Google\.[a-z]{2}-[A-Z]{2}-[\w-]+)\Z")
_LANGUAGES = ("fi-FI", "sv-SE", "en-US", "en-GB", "nb-NO", "da-DK", "de-DE", "fr-FR", "es-ES")
_STRENGTHS = {"none": 0.0, "x-weak": 0.0, "weak": 0.15, "medium": 0.3, "strong": 0.6, "x-strong": 1.0}
_RATES = {"x-slow": 0.5, "slow": 0.8, "medium": 1.0, "fast": 1.25, "x-fast": 1.6}
_SENTENCE_PAUSE, _PARAGRAPH_PAUSE = 0.3, 0.6


@dataclass(frozen=True, slots=True)
class Say:
    """Text for a voice, `loop` times (0: without end)."""

    pieces: tuple[Piece, ...]
    language: str
    voice: str
    loop: int

    @property
    def text(self) -> str:
        """The words alone."""
        return " ".join(piece.text for piece in self.pieces if piece.text)


def read_say(element: ET.Element) -> Say:
    """A <Say>; raises CallError for a voice, language or SSML that Twilio would not speak."""
    attributes = Attributes(element, ("voice", "language", "loop"))
    voice = attributes.text("voice", "man")
    language = _language_of(voice, attributes)
    say = Say(tuple(_pieces(element, 1.0)), language, voice, attributes.integer("loop", 1, least=0, most=1000))
    if not say.text:
        raise CallError(13520, "<Say> without words")
    if len(say.text) > MOST_CHARACTERS:
        raise CallError(13520, f"<Say> of {len(say.text)} characters; {MOST_CHARACTERS} is the most")
    return say


def _language_of(voice: str, attributes: Attributes) -> str:
    own = _VOICES.get(voice)
    if own is None and not _OTHER_VOICES.match(voice):
        raise CallError(13520, f"there is no voice {voice}")
    if own is None and voice.startswith("Google."):
        own = voice.removeprefix("Google.")[:5]
    language = attributes.choice("language", own or "en-US", _LANGUAGES)
    if own is not None and language != own:
        raise CallError(13520, f"the voice {voice} speaks {own}, not {language}")
    return language


def _pieces(element: ET.Element, rate: float) -> Iterator[Piece]:
    yield from _piece(element.text, rate)
    for child in element:
        yield from _nested(child, rate)
        yield from _piece(child.tail, rate)


def _nested(element: ET.Element, rate: float) -> Iterator[Piece]:
    match element.tag:
        case "break":
            yield Piece("", rate, _break_seconds(element))
        case "prosody":
            attributes = Attributes(element, ("rate", "pitch", "volume"))
            yield from _pieces(element, rate * _rate(attributes))
        case "s" | "p":
            Attributes(element, ())
            yield from _pieces(element, rate)
            yield Piece("", rate, _SENTENCE_PAUSE if element.tag == "s" else _PARAGRAPH_PAUSE)
        case _:
            raise CallError(12200, f"<{element.tag}> may not stand in <Say>")


def _piece(text: str | None, rate: float) -> Iterator[Piece]:
    words = " ".join((text or "").split())
    if words:
        yield Piece(words, rate)


def _break_seconds(element: ET.Element) -> float:
    attributes = Attributes(element, ("time", "strength"))
    refuse_children(element)
    time = attributes.text("time")
    if not time:
        return _STRENGTHS[attributes.choice("strength", "medium", tuple(_STRENGTHS))]
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(ms|s)", time)
    seconds = float(match[1]) / (1000 if match[2] == "ms" else 1) if match else 99.0
    if seconds > 10:
        raise CallError(12200, f'<break time="{time}">: must be at most 10 s')
    return seconds


def _rate(attributes: Attributes) -> float:
    rate = attributes.text("rate", "medium")
    if rate in _RATES:
        return _RATES[rate]
    match = re.fullmatch(r"(\d+)%", rate)
    if match is None or not 20 <= int(match[1]) <= 200:
        raise CallError(12200, f'<prosody rate="{rate}">: must be a word or 20% to 200%')
    return int(match[1]) / 100
