"""The headings over the sentences; the telephone's sound; how a sentence is filled to be heard."""

import io
import re
from pathlib import Path

import numpy as np
import pytest
import soundfile

import voice_prompts
from admin.studio.chapters import BEGINS, Chapter, in_order
from admin.studio.hearing import EXAMPLES
from ivr.exchange.wav import linear, samples_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.checks import KNOWN_PLACEHOLDERS
from voice_prompts.ulaw import RATE, encoded, wav_of

FOLDER = Path(voice_prompts.__file__).parent


@pytest.mark.parametrize("name", ["fi.toml", "sv.toml"])
def test_the_pages_headings_stand_where_the_files_have_theirs(name: str) -> None:
    file = (FOLDER / name).read_text(encoding="utf-8")
    headed = re.findall(r"^# ── .*\n(?:#.*\n|\n)*\[([\w.]+)\]", file, re.MULTILINE)
    assert headed == list(BEGINS)


def test_every_sentence_stands_under_one_heading_and_no_heading_is_empty() -> None:
    placed = list(in_order(Catalogue.load()))
    assert {key for key, _ in placed} == Catalogue.load().keys()
    assert list(dict.fromkeys(chapter for _, chapter in placed)) == list(Chapter)


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
