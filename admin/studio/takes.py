"""A recording as somebody made it, brought to what the telephone carries: one channel, 8 kHz, −19 LUFS, no silence around it.

Loudness by EBU R128 (ITU-R BS.1770), as pyloudnorm measures it. Needs the extra `studio` (requirements-studio.lock).
"""

import io
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Final

from admin.errors import AdminError
from voice_prompts.ulaw import RATE

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Samples = NDArray[np.float64]

LOUDNESS: Final = -19.0  # LUFS
HEADROOM: Final = 10 ** (-1.0 / 20)  # the loudest that a sample may be
QUIET: Final = 10 ** (-40.0 / 20)  # of the loudest moment: less than that, before and after, is silence
MARGIN_S: Final = 0.06  # kept before and after, so that no first letter is cut
SHORTEST_S: Final = 0.08
FASTEST: Final = 192_000
MOST_CHANNELS: Final = 8
LONGEST_S: Final = 60.0
LARGEST_TAKE: Final = 12 * 1024 * 1024  # bytes: a minute of studio sound
FAINTEST: Final = 10 ** (-50.0 / 20)
MEASURED_S: Final = 3.0  # what is shorter is measured again and again until it is that long


class TakeFault(StrEnum):
    """Why a recording cannot be used, and what to do instead; pages have words of their own for it."""

    UNREADABLE = "unreadable"
    LENGTH = "length"
    SILENT = "silent"
    CLICK = "click"


_TOLD: Final = {
    TakeFault.UNREADABLE: "is no sound that can be read: record it as WAV, FLAC, OGG or MP3",
    TakeFault.LENGTH: "lasts {seconds} s: a piece lasts less than {longest} s, and something",
    TakeFault.SILENT: "is silent: look at the microphone, and record it again",
    TakeFault.CLICK: "has only a click in it: record the words again",
}


class TakeError(AdminError):
    """A recording that cannot be used; the message says what to do instead."""

    def __init__(self, fault: TakeFault, **words: str) -> None:
        super().__init__(_TOLD[fault].format_map(words))
        self.fault = fault


class NoStudioError(AdminError):
    """What prepares recordings is not installed here."""

    def __init__(self) -> None:
        super().__init__("Recordings need the studio: install requirements-studio.lock (docs/operating.md)")


@dataclass(frozen=True, slots=True)
class Take:
    """A recording for the telephone: µ-law bytes, how long it lasts, how loud it was."""

    sound: bytes
    seconds: float
    loudness_before: float


def prepared(recording: bytes) -> Take:
    """Bring a recording to the telephone; TakeError where it is no sound, or has nothing to hear."""
    try:
        import soundfile  # noqa: PLC0415 – an extra, and slow to load
    except ImportError as error:
        raise NoStudioError from error
    samples = _trimmed(_at_telephone_rate(*_read(recording)))
    before = _loudness(samples)
    out = io.BytesIO()
    soundfile.write(out, _made_loud(samples), RATE, format="RAW", subtype="ULAW")
    return Take(out.getvalue(), len(samples) / RATE, before)


def loudness_of(sound: bytes) -> float:
    """How loud µ-law bytes are, in LUFS."""
    return _loudness(_linear(sound))


def is_clipped(sound: bytes) -> bool:
    """Whether any sample of µ-law bytes is as loud as a sample can be."""
    import numpy as np  # noqa: PLC0415

    return bool(np.max(np.abs(_linear(sound)), initial=0.0) >= 0.98)


def _linear(sound: bytes) -> "Samples":
    import soundfile  # noqa: PLC0415

    samples: Samples = soundfile.read(
        io.BytesIO(sound), samplerate=RATE, channels=1, format="RAW", subtype="ULAW", dtype="float64"
    )[0]
    return samples


def _read(recording: bytes) -> tuple["Samples", int]:
    import numpy as np  # noqa: PLC0415
    import soundfile  # noqa: PLC0415

    try:
        with soundfile.SoundFile(io.BytesIO(recording)) as file:
            rate, lasts = file.samplerate, file.frames / file.samplerate
            if not 0 < lasts <= LONGEST_S:
                raise TakeError(TakeFault.LENGTH, seconds=f"{lasts:.0f}", longest=f"{LONGEST_S:.0f}")
            if rate > FASTEST or file.channels > MOST_CHANNELS:  # a small file may unfold to gigabytes
                raise TakeError(TakeFault.UNREADABLE)
            samples = file.read(dtype="float64", always_2d=True)
    except soundfile.LibsndfileError as error:
        raise TakeError(TakeFault.UNREADABLE) from error
    if not np.isfinite(samples).all():
        raise TakeError(TakeFault.UNREADABLE)
    return samples.mean(axis=1), rate


def _at_telephone_rate(samples: "Samples", rate: int) -> "Samples":
    from scipy.signal import resample_poly  # noqa: PLC0415

    brought: Samples = samples if rate == RATE else resample_poly(samples, RATE, rate)
    return brought


def _trimmed(samples: "Samples") -> "Samples":
    import numpy as np  # noqa: PLC0415

    window = max(1, RATE // 100)
    loudest = np.max(np.abs(samples), initial=0.0)
    if loudest < FAINTEST:
        raise TakeError(TakeFault.SILENT)
    # A click is not a word: what is heard is heard for ten milliseconds.
    strength = np.sqrt(np.convolve(samples**2, np.ones(window) / window, mode="same"))
    heard = np.flatnonzero(strength > QUIET * np.max(strength))
    margin = round(MARGIN_S * RATE)
    kept = samples[max(0, heard[0] - margin) : heard[-1] + margin + 1]
    if heard[-1] - heard[0] < SHORTEST_S * RATE:
        raise TakeError(TakeFault.CLICK)
    return kept


def _made_loud(samples: "Samples") -> "Samples":
    """At −19 LUFS; peaks that would not fit are bent, and what that takes away is given back."""
    import numpy as np  # noqa: PLC0415

    loud = samples
    for _ in range(6):
        loud = loud * 10 ** ((LOUDNESS - _loudness(loud)) / 20)
        if np.max(np.abs(loud)) <= HEADROOM:
            break
        loud = HEADROOM * np.tanh(loud / HEADROOM)
    return loud


def _loudness(samples: "Samples") -> float:
    import numpy as np  # noqa: PLC0415
    from pyloudnorm import Meter  # noqa: PLC0415

    times = max(1, -(-round(MEASURED_S * RATE) // max(1, len(samples))))
    return float(Meter(RATE).integrated_loudness(np.tile(samples, times)))
