"""Sentences put together from what somebody has recorded."""

import io
import struct
from dataclasses import replace
from datetime import datetime

import pytest

from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.pieces import Gap, Piece, Spelled, all_pieces, in_pieces
from voice_prompts.speech import HELSINKI, spoken_code, spoken_number, spoken_time
from voice_prompts.ulaw import RATE, seconds_of, silence, sound_in, wav_of

FI, SV = Language.FI, Language.SV


@pytest.fixture
def catalogue() -> Catalogue:
    return Catalogue.load()


def texts(sequence: tuple[Piece | Gap, ...]) -> list[str]:
    return [piece.text for piece in sequence if isinstance(piece, Piece)]


def test_a_promised_time_is_recorded_weekday_by_weekday_and_number_by_number(catalogue: Catalogue) -> None:
    at = datetime(2026, 11, 24, 14, 45, tzinfo=HELSINKI)
    time = Spelled(spoken_time(at, now=None, language=FI), by_word=True)
    heard = texts(in_pieces(catalogue, FI, "offer_slot", {"time": time}))
    assert heard[1:7] == [
        "tiistaina",
        "kahdeskymmenesneljäs",
        "marraskuuta",
        "kello",
        "neljätoista",
        "neljäkymmentäviisi",
    ]


def test_tomorrow_is_one_breath_in_swedish_though_it_is_two_words(catalogue: Catalogue) -> None:
    now = datetime(2026, 11, 23, 9, tzinfo=HELSINKI)
    time = spoken_time(datetime(2026, 11, 24, 14, tzinfo=HELSINKI), now=now, language=SV)
    heard = texts(in_pieces(catalogue, SV, "offer_slot", {"time": Spelled(time, by_word=True)}))
    assert heard[1:4] == ["i morgon", "tisdag", "den"]


def test_a_number_pauses_between_its_groups(catalogue: Catalogue) -> None:
    number = Spelled(spoken_number("+358401234567", FI), by_word=True)
    sequence = in_pieces(catalogue, FI, "confirm_number", {"number": number})
    gaps = [at for at, one in enumerate(sequence) if one == Gap(250)]
    assert len(gaps) == 2


@pytest.mark.parametrize("language", Language)
def test_whoever_records_the_whole_list_has_recorded_every_sentence(catalogue: Catalogue, language: Language) -> None:
    known = set(all_pieces(catalogue, language))
    by_word = {
        "time": spoken_time(datetime(2026, 1, 1, 0, 0, tzinfo=HELSINKI), now=None, language=language),
        "number": spoken_number("+46701234567", language),
        "code": spoken_code("0918", language),
        "postcode": spoken_code("20100", language),
    }
    for key in sorted(catalogue.keys()):
        entry = catalogue.entry(language, key)
        if not entry.say:
            continue
        words = {
            name: Spelled(by_word[name], by_word=True) if name in by_word else Spelled(f"<{name}>")
            for name in entry.placeholders()
        }
        for again in (False, True):
            pieces = [one for one in in_pieces(catalogue, language, key, words, again=again) if isinstance(one, Piece)]
            missing = [one for one in pieces if one not in known and not one.text.startswith("<")]
            assert missing == [], key


def test_one_changed_letter_makes_a_recording_stale() -> None:
    piece = Piece(FI, "Voimme soittaa")
    assert replace(piece, text="Voimme soittaa.").name != piece.name
    assert replace(piece, language=SV).name != piece.name
    assert Piece(FI, "Voimme soittaa").name == piece.name


def test_a_wav_of_the_telephone_network_is_read_back_as_it_was_written() -> None:
    for sound in (silence(100), bytes(range(255)), b""):
        wav = wav_of(sound)
        assert sound_in(wav) == sound
        assert struct.unpack_from("<I", wav, 4)[0] == len(wav) - 8
    assert seconds_of(silence(1500)) == 1.5
    assert RATE == 8000


@pytest.mark.parametrize(
    "junk",
    [b"", b"RIFF", b"RIFF\0\0\0\0WAVE", wav_of(b"abc")[:30], wav_of(b"abc").replace(b"\x07\x00\x01", b"\x01\x00\x01")],
)
def test_another_file_is_not_taken_for_one(junk: bytes) -> None:
    with pytest.raises(ValueError, match="µ-law"):
        sound_in(io.BytesIO(junk).getvalue())
