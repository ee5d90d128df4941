"""Messages written down on this machine, by faster-whisper, where an operator has installed it: nothing leaves the house.

It is no dependency of ours: a model is a gigabyte, and most lines do without transcripts.
"""

import io
from collections.abc import Iterable
from functools import cached_property
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final, Protocol

from scheduler.ports import TranscriptError
from tickets.transcripts import SpokenMessage

PACKAGE: Final = "faster_whisper"


class _Segment(Protocol):
    text: str


class Whisper:
    """A model, by its size or its folder; read when the first message comes, and kept."""

    def __init__(self, model: str) -> None:
        self._name = model

    def write_down(self, message: SpokenMessage) -> str | None:
        """The words of a message, nothing where none are heard. Raises `TranscriptError`."""
        try:
            segments: Iterable[_Segment]
            segments, _ = self._model.transcribe(
                io.BytesIO(message.media),
                language=message.language.value,
                vad_filter=True,  # in a silence it would hear what it was trained on
                condition_on_previous_text=False,
            )
            said = " ".join(segment.text.strip() for segment in segments).strip()
        except Exception as error:  # whatever a model falls over, the message is there to be heard
            raise TranscriptError(f"the model failed: {type(error).__name__}", permanent=False) from error
        return said or None

    @cached_property
    def _model(self) -> Any:
        return import_module(PACKAGE).WhisperModel(self._name, device="cpu", compute_type="int8")


def is_installed() -> bool:
    """Whether there is what runs a model."""
    return find_spec(PACKAGE) is not None
