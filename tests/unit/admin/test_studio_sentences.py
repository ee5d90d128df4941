"""The telephone's sound; how a sentence is filled to be heard."""

import io

import numpy as np
import soundfile

from admin.studio.hearing import EXAMPLES
from ivr.exchange.wav import linear, samples_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.checks import KNOWN_PLACEHOLDERS
from voice_prompts.ulaw import RATE, encoded, wav_of


def test_there_is_an_example_for_every_word_that_a_spoken_sentence_may_have() -> None:
    common = Catalogue.load()
    spoken = {name for key in sorted(common.keys()) for name in common.placeholders(key) if not key.startswith("sms.")}
    assert spoken <= EXAMPLES.keys() <= KNOWN_PLACEHOLDERS


def test_every_sample_comes_back_from_mu_law_within_its_step() -> None:
    samples = [*range(-32768, 32768, 7), -32768, -1, 0, 1, 32767]
    heard, rate = samples_of(linear(wav_of(encoded(samples))))
    assert rate == RATE
    for sample, back in zip(samples, heard, strict=True):
        assert abs(back - max(-32635, min(32635, sample))) <= max(4, abs(sample) // 31 + 4), (sample, back)
    assert encoded([0]) == b"\xff"


def test_mu_law_is_what_others_make_of_the_same_samples() -> None:
    samples = np.arange(-32768, 32768, 5, dtype=np.int16)
    out = io.BytesIO()
    soundfile.write(out, samples, RATE, format="RAW", subtype="ULAW")
    differing = sum(ours != theirs for ours, theirs in zip(encoded(samples.tolist()), out.getvalue(), strict=True))
    assert differing <= len(samples) // 1000  # where a sample lies between two steps
