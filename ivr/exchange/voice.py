"""The exchange's voices: one that is silent for tests, and espeak-ng, which really speaks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from ivr.exchange.values import Piece
from ivr.exchange.wav import silence, wav_of

CHARACTERS_A_SECOND = 14.0

Pieces = Sequence[Piece]


class Voice(Protocol):
    """Turns text into time, and into sound."""

    def seconds(self, pieces: Pieces, language: str) -> float:
        """How long it takes to say this."""

    def wav(self, pieces: Pieces, language: str) -> bytes:
        """The WAV of this being said."""


class SilentVoice:
    """Says nothing, in about the time that a voice would take."""

    def seconds(self, pieces: Pieces, language: str) -> float:
        """Fourteen characters a second, and the pauses."""
        return sum(len(p.text) / CHARACTERS_A_SECOND / p.rate + p.pause for p in pieces)

    def wav(self, pieces: Pieces, language: str) -> bytes:
        """Silence of that length."""
        return wav_of(silence(self.seconds(pieces, language)))
