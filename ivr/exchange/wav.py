"""Sound as a telephone has it: WAV, 8,000 samples a second, 16 bits, one channel."""

from __future__ import annotations

import io
import struct
import wave
from array import array
from collections.abc import Iterable
from itertools import pairwise

RATE = 8000


def wav_of(samples: array[int], rate: int = RATE) -> bytes:
    """A WAV file of these samples."""
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.tobytes())
    return out.getvalue()


def silence(seconds: float, rate: int = RATE) -> array[int]:
    """So many seconds of nothing."""
    return array("h", bytes(2 * round(seconds * rate)))


def samples_of(wav: bytes) -> tuple[array[int], int]:
    """The samples of a 16-bit one-channel WAV file, and its rate; raises ValueError for another."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            if (file.getnchannels(), file.getsampwidth()) != (1, 2):
                raise ValueError("a WAV file must have one channel of 16 bits")
            return array("h", file.readframes(file.getnframes())), file.getframerate()
    except (wave.Error, EOFError) as error:
        raise ValueError(f"not a WAV file: {error}") from error


def linear(wav: bytes) -> bytes:
    """A WAV file of µ-law (ITU-T G.711) as one of 16 bits; any other as it is."""
    at, is_mulaw = 12, False
    while at + 8 <= len(wav) and wav[8:12] == b"WAVE":
        name, size = struct.unpack_from("<4sI", wav, at)
        content = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            is_mulaw = content[:4] == b"\x07\x00\x01\x00"
        if name == b"data" and is_mulaw:
            return wav_of(array("h", (_LINEAR[byte] for byte in content)))
        at += 8 + size + size % 2
    return wav


def seconds_of(wav: bytes) -> float:
    """How long a WAV file lasts; 0 for what is none."""
    try:
        with wave.open(io.BytesIO(wav)) as file:
            frames: int = file.getnframes()
            rate: int = file.getframerate()
            return frames / rate
    except (wave.Error, EOFError):
        return 0.0


def at_telephone_rate(wav: bytes) -> array[int]:
    """The samples of a WAV file brought to 8,000 a second, each the mean of those it stands for."""
    samples, rate = samples_of(wav)
    if rate == RATE:
        return samples
    step = rate / RATE
    count = int(len(samples) / step)
    edges = [int(index * step) for index in range(count + 1)]
    return array("h", (_mean(samples, *pair) for pair in pairwise(edges)))


def joined(parts: Iterable[array[int]]) -> array[int]:
    """Sounds one after another."""
    whole = array("h")
    for part in parts:
        whole.extend(part)
    return whole


def _decoded(byte: int) -> int:
    exponent, mantissa = (~byte >> 4) & 7, ~byte & 15
    size: int = (((mantissa << 3) + 132) << exponent) - 132
    return size if byte & 128 else -size


_LINEAR = [_decoded(byte) for byte in range(256)]


def _mean(samples: array[int], start: int, end: int) -> int:
    stretch = samples[start : max(end, start + 1)]
    return sum(stretch) // len(stretch)
