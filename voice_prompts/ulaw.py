"""Sound as the telephone network carries it: µ-law (ITU-T G.711), 8,000 bytes a second, one channel."""

import struct
from collections.abc import Iterable
from functools import cache
from typing import Final

RATE: Final = 8000
SILENCE: Final = b"\xff"  # µ-law's nought
_MULAW: Final = 7  # WAVE_FORMAT_MULAW


def encoded(samples: Iterable[int]) -> bytes:
    """Samples of 16 bits, 8,000 a second, as µ-law."""
    table = _table()
    return bytes(table[sample & 0xFFFF] for sample in samples)


def wav_of(sound: bytes) -> bytes:
    """A WAV file of these bytes, which an operator plays without converting anything."""
    form = struct.pack("<HHIIHHH", _MULAW, 1, RATE, RATE, 1, 8, 0)
    fact = struct.pack("<I", len(sound))
    body = b"WAVE" + _chunk(b"fmt ", form) + _chunk(b"fact", fact) + _chunk(b"data", sound)
    return _chunk(b"RIFF", body)


def sound_in(wav: bytes) -> bytes:
    """The bytes of such a file; ValueError for any other."""
    at, form = 12, b""
    while at + 8 <= len(wav) and wav[:4] == b"RIFF" and wav[8:12] == b"WAVE":
        name, size = struct.unpack_from("<4sI", wav, at)
        content = wav[at + 8 : at + 8 + size]
        if name == b"fmt ":
            form = content
        if name == b"data":
            if len(form) < 16 or struct.unpack_from("<HHIIHH", form) != (_MULAW, 1, RATE, RATE, 1, 8):
                break
            return content
        at += 8 + size + size % 2
    raise ValueError("not a WAV file of µ-law at 8,000 samples a second in one channel")


def silence(milliseconds: int) -> bytes:
    """So much of nothing."""
    return SILENCE * (RATE * milliseconds // 1000)


def joined(parts: Iterable[bytes]) -> bytes:
    """Sounds one after another."""
    return b"".join(parts)


def seconds_of(sound: bytes) -> float:
    """How long these bytes last."""
    return len(sound) / RATE


@cache
def _table() -> bytes:
    """The byte of each sample, negative ones above 0x7FFF."""
    return bytes(_byte_of(sample if sample < 0x8000 else sample - 0x10000) for sample in range(0x10000))


def _byte_of(sample: int) -> int:
    size = min(abs(sample), 32635) + 132
    exponent = size.bit_length() - 8
    return ~((sample < 0) << 7 | exponent << 4 | size >> exponent + 3 & 15) & 0xFF


def _chunk(name: bytes, content: bytes) -> bytes:
    return name + struct.pack("<I", len(content)) + content + b"\0" * (len(content) % 2)
