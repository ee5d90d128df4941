"""Recordings: what was said after the beep, ready a little later, fetched and deleted by the product."""

from __future__ import annotations

from array import array
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ivr.exchange.wav import RATE, at_telephone_rate, joined, silence, wav_of

if TYPE_CHECKING:
    from ivr.exchange.leg import Speech
    from ivr.exchange.office import Office


class RecordingStatus(StrEnum):
    """Where a recording stands, in Twilio's words."""

    IN_PROGRESS = "in-progress"
    PROCESSING = "processing"
    COMPLETED = "completed"
    ABSENT = "absent"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a tape: so many seconds of a speech, or of silence."""

    seconds: float
    speech: Speech | None = None


@dataclass(slots=True)
class Tape:
    """What the line hears while it records; `at` is always in timer seconds."""

    at: float
    stretches: list[Stretch] = field(default_factory=list)
    speaking: bool = False
    _speech: Speech | None = None

    def begin(self, speech: Speech | None, at: float) -> None:
        """Somebody begins to speak."""
        self.run_to(at)
        self.speaking, self._speech = True, speech

    def end(self, speech: Speech | None, at: float) -> None:
        """Somebody has spoken, this much; how long they took to find the words is not recorded."""
        if speech is not None:
            self.stretches.append(Stretch(speech.seconds, speech))
        self.speaking, self._speech, self.at = False, None, at

    def run_to(self, at: float) -> None:
        """Let the tape run on, over silence or over the middle of a speech."""
        if not self.speaking:
            self.stretches.append(Stretch(at - self.at))
        elif self._speech is not None:
            seconds = min(at - self.at, self._speech.seconds)
            self.stretches.append(Stretch(seconds, self._speech))
            self.speaking, self._speech = False, None
        self.at = at

    def cut(self, *, trim: bool) -> tuple[Stretch, ...]:
        """The tape as it is kept, without silence at its ends if it is trimmed."""
        kept = [stretch for stretch in self.stretches if stretch.seconds > 0]
        while trim and kept and kept[0].speech is None:
            kept.pop(0)
        while trim and kept and kept[-1].speech is None:
            kept.pop()
        return tuple(kept)


@dataclass(slots=True)
class Recording:
    """One recording of one call."""

    sid: str
    call_sid: str
    created_at: datetime
    status: RecordingStatus = RecordingStatus.IN_PROGRESS
    stretches: tuple[Stretch, ...] = ()

    @property
    def seconds(self) -> int:
        """Its length in whole seconds, at least one if anything is on it."""
        return max(1, round(sum(s.seconds for s in self.stretches))) if self.stretches else 0

    def wav(self) -> bytes:
        """Its sound: 8,000 samples a second, 16 bits, one channel."""
        return wav_of(joined(_samples(stretch) for stretch in self.stretches))

    @property
    def words(self) -> str:
        """What was said in it, for tests."""
        return " ".join(s.speech.text for s in self.stretches if s.speech and s.speech.text)


def recording_url(office: Office, sid: str) -> str:
    """Where a recording's media is, as told to the product."""
    return f"{office.habits.api_url}/2010-04-01/Accounts/{office.account_sid}/Recordings/{sid}"


def sound_of(office: Office, url: str) -> bytes | None:
    """The sound of one of our own recordings, if that is what the URL names."""
    if not url.startswith(f"{office.habits.api_url}/2010-04-01/"):
        return None
    name = urlsplit(url).path.rpartition("/")[2].removesuffix(".wav")
    recording = office.recordings.get(name)
    return recording.wav() if recording is not None else None


def _samples(stretch: Stretch) -> array[int]:
    wanted = round(stretch.seconds * RATE)
    if stretch.speech is None or not stretch.speech.wav:
        return silence(stretch.seconds)
    samples = at_telephone_rate(stretch.speech.wav)[:wanted]
    samples.extend(array("h", bytes(2 * (wanted - len(samples)))))
    return samples
