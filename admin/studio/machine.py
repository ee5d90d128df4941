"""A machine's voice for a piece: espeak-ng, which is always here, or Piper where it is installed."""

import shutil
import subprocess
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

from admin.errors import AdminError
from ivr.exchange.espeak import spoken_once
from ivr.exchange.values import Piece as Breath
from ivr.exchange.wav import at_telephone_rate
from ivr.twiml import LOCALES
from voice_prompts.language import Language
from voice_prompts.pieces import BETWEEN_PARTS, Piece
from voice_prompts.ulaw import encoded

UNHURRIED: Final = 0.88  # as the line's own voices speak
PATIENCE_S: Final = 60


class MachineVoice(Protocol):
    """Speaks a piece."""

    def speak(self, piece: Piece) -> bytes:
        """The piece as a WAV file."""
        ...


class Espeak:
    """espeak-ng, from its wheel."""

    def speak(self, piece: Piece) -> bytes:
        """The piece as a WAV file."""
        return spoken_once([Breath(piece.text, UNHURRIED)], LOCALES[piece.language])

    def say(self, parts: Sequence[str], language: Language) -> bytes:
        """A sentence as the telephone would carry it, in µ-law, with the pauses between its parts."""
        pauses = [BETWEEN_PARTS / 1000] * (len(parts) - 1) + [0.0]
        breaths = [Breath(part, UNHURRIED, pause) for part, pause in zip(parts, pauses, strict=True)]
        return encoded(at_telephone_rate(spoken_once(breaths, LOCALES[language])))


@dataclass(frozen=True, slots=True)
class Piper:
    """Piper with one of its voices, such as fi_FI-harri-medium.onnx; `command` is where it is."""

    model: Path
    command: str

    @classmethod
    def with_model(cls, model: Path) -> "Piper":
        """Piper on this machine; AdminError where it or the voice is not here."""
        command = shutil.which("piper")
        if command is None:
            raise AdminError("piper is not on the path: install it (`pip install piper-tts`), or leave --piper out")
        if not model.is_file():
            raise AdminError(f"{model} is no file: give the path of a Piper voice (.onnx)")
        return cls(model, command)

    def speak(self, piece: Piece) -> bytes:
        """The piece as a WAV file."""
        with tempfile.TemporaryDirectory() as folder:
            out = Path(folder) / "piece.wav"
            words = [self.command, "--model", str(self.model), "--output_file", str(out)]
            done = subprocess.run(
                words, input=piece.text.encode(), capture_output=True, timeout=PATIENCE_S, check=False
            )
            if done.returncode or not out.is_file():
                raise AdminError(f"piper could not say “{piece.text}”: {done.stderr.decode(errors='replace')[-200:]}")
            return out.read_bytes()
