"""espeak-ng as a voice: robotic, but it really speaks Finnish and Swedish, on any machine."""

from __future__ import annotations

import ctypes
import threading
from array import array
from collections.abc import Callable
from functools import lru_cache

import espeakng_loader

from ivr.exchange.values import Piece
from ivr.exchange.voice import Pieces
from ivr.exchange.wav import joined, seconds_of, silence, wav_of

WORDS_A_MINUTE = 150
_RETRIEVAL, _DO_NOT_EXIT, _RATE_PARAMETER, _UTF8 = 1, 0x8000, 1, 1
_VOICES = {"en-US": "en-us", "en-GB": "en-gb", "nb-NO": "nb"}
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


class EspeakVoice:
    """Speaks through espeak-ng; what was said once is kept."""

    def seconds(self, pieces: Pieces, language: str) -> float:
        """How long the sound lasts."""
        return seconds_of(self.wav(pieces, language))

    def wav(self, pieces: Pieces, language: str) -> bytes:
        """The sound."""
        return _kept(tuple(pieces), language)


@lru_cache(maxsize=500)
def _kept(pieces: tuple[Piece, ...], language: str) -> bytes:
    return spoken_once(pieces, language)


def spoken_once(pieces: Pieces, language: str) -> bytes:
    """The sound as a WAV, and nothing of it is kept."""
    synthesizer = _synthesizer()
    parts = []
    for piece in pieces:
        if piece.text:
            parts.append(synthesizer.speak(piece.text, language, piece.rate))
        parts.append(silence(piece.pause, synthesizer.rate))
    return wav_of(joined(parts), synthesizer.rate)


@lru_cache(maxsize=1)
def _synthesizer() -> _Synthesizer:
    return _Synthesizer()


class _Synthesizer:
    """The library, of which there is one in a process and which does one thing at a time."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._samples = array("h")
        self._library = ctypes.CDLL(espeakng_loader.get_library_path())
        self.rate: int = self._library.espeak_Initialize(
            _RETRIEVAL, 500, espeakng_loader.get_data_path().encode(), _DO_NOT_EXIT
        )
        if self.rate <= 0:
            raise RuntimeError("espeak-ng does not find its voices")
        # Kept on the object, for the library calls it as long as it lives.
        self._callback: Callable[..., int] = _Callback(self._take)
        self._library.espeak_SetSynthCallback(self._callback)

    def speak(self, text: str, language: str, rate: float) -> array[int]:
        """The samples of this text in this language; rate 1 is the pace of a patient person."""
        with self._lock:
            self._samples = array("h")
            voice = _VOICES.get(language, language[:2])
            self._library.espeak_SetVoiceByName(voice.encode())
            pace = min(450, max(80, round(WORDS_A_MINUTE * rate)))
            self._library.espeak_SetParameter(_RATE_PARAMETER, pace, 0)
            words = text.encode()
            size = ctypes.c_size_t(len(words) + 1)
            self._library.espeak_Synth(words, size, 0, 1, 0, _UTF8, None, None)
            self._library.espeak_Synchronize()
            return self._samples

    def _take(self, samples: ctypes.Array[ctypes.c_short], count: int, _events: int) -> int:
        if samples and count > 0:
            self._samples.frombytes(ctypes.string_at(samples, count * 2))
        return 0
