"""Recordings brought to the telephone."""

import io

import numpy as np
import pytest
import soundfile
from numpy.typing import NDArray

from admin.studio.machine import Espeak
from admin.studio.takes import TakeError, is_clipped, loudness_of, prepared
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Piece, all_pieces
from voice_prompts.ulaw import RATE, sound_in, wav_of

Samples = NDArray[np.float64]
EVERY = 7  # of the pieces: all of them take half a minute, and `digilinja prompts render` speaks all


def file_of(samples: Samples, rate: int, kind: str = "WAV") -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=kind)
    return out.getvalue()


def speech_like(seconds: float, rate: int, level: float = 0.3) -> Samples:
    """A hum that comes and goes as syllables do."""
    at = np.arange(round(seconds * rate)) / rate
    syllables = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * at)
    hum = sum(np.sin(2 * np.pi * pitch * at) / number for number, pitch in enumerate((180, 360, 540, 1200, 2400), 1))
    sound: Samples = level * syllables * hum / 2
    return sound


@pytest.mark.parametrize("level", [0.001, 0.05, 0.4])
@pytest.mark.parametrize(("rate", "kind"), [(8000, "WAV"), (44100, "FLAC"), (48000, "OGG")])
def test_a_faint_recording_and_a_loud_one_are_equally_loud_on_the_telephone(level: float, rate: int, kind: str) -> None:
    level = max(level, 0.02) if kind == "OGG" else max(level, 0.01)
    take = prepared(file_of(speech_like(1.5, rate, level), rate, kind))
    assert abs(loudness_of(take.sound) + 19) < 1
    assert not is_clipped(take.sound)
    assert take.seconds == pytest.approx(1.5, abs=0.1)


def test_the_silence_around_the_words_is_cut_away_and_no_first_letter_with_it() -> None:
    rate = 16000
    around = np.concatenate([np.zeros(rate), speech_like(0.8, rate), np.zeros(2 * rate)])
    take = prepared(file_of(around, rate))
    assert 0.8 <= take.seconds <= 1.0


def test_both_ears_of_a_stereo_recording_are_heard() -> None:
    left = speech_like(1, RATE)
    take = prepared(file_of(np.column_stack([left, np.zeros_like(left)]), RATE))
    assert abs(loudness_of(take.sound) + 19) < 1


@pytest.mark.parametrize(
    ("recording", "mend"),
    [
        (b"not a sound", "WAV, FLAC, OGG or MP3"),
        (b"", "WAV, FLAC, OGG or MP3"),
        (file_of(np.zeros(RATE), RATE), "microphone"),
        (file_of(np.zeros(0), RATE), "lasts 0 s"),
        (file_of(np.zeros(RATE * 70), RATE), "lasts 70 s"),
        (file_of(np.concatenate([np.zeros(4000), np.full(20, 0.9), np.zeros(4000)]), RATE), "click"),
    ],
)
def test_what_cannot_be_used_is_told_with_what_to_do(recording: bytes, mend: str) -> None:
    with pytest.raises(TakeError, match=mend):
        prepared(recording)


@pytest.mark.parametrize("language", Language)
def test_the_machines_pieces_are_loud_enough_and_never_clipped(language: Language) -> None:
    pieces = all_pieces(Catalogue.load(), language)[::EVERY]
    assert len(pieces) > 40
    for piece in pieces:
        sound = prepared(Espeak().speak(piece)).sound
        assert abs(loudness_of(sound) + 19) <= 1, piece
        assert not is_clipped(sound), piece


def test_a_rendered_piece_is_a_file_that_an_operator_plays_as_it_is() -> None:
    sound = prepared(Espeak().speak(Piece(Language.SV, "Det är ingen brådska."))).sound
    read, rate = soundfile.read(io.BytesIO(wav_of(sound)))
    assert (rate, len(read)) == (8000, len(sound))
    assert sound_in(wav_of(sound)) == sound
