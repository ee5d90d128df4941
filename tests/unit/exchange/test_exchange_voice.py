"""Sound on the exchange: what espeak-ng says, and what a telephone makes of it."""

from array import array

import pytest

from ivr.exchange.espeak import EspeakVoice
from ivr.exchange.recordings import Stretch, Tape
from ivr.exchange.values import Piece
from ivr.exchange.voice import SilentVoice
from ivr.exchange.wav import at_telephone_rate, linear, samples_of, seconds_of, silence, wav_of
from voice_prompts.ulaw import wav_of as mulaw

SENTENCE = (Piece("Digituki, hyvää päivää."),)


def loudness(wav):
    samples, _ = samples_of(wav)
    return max(abs(sample) for sample in samples)


def test_espeak_really_speaks():
    wav = EspeakVoice().wav(SENTENCE, "fi-FI")
    assert loudness(wav) > 1000
    assert 1 < seconds_of(wav) < 5
    assert EspeakVoice().seconds(SENTENCE, "fi-FI") == seconds_of(wav)


def test_finnish_and_swedish_sound_different():
    voice = EspeakVoice()
    assert voice.wav(SENTENCE, "fi-FI") != voice.wav(SENTENCE, "sv-SE")


def test_slow_speech_and_pauses_take_longer():
    voice = EspeakVoice()
    plain = voice.seconds(SENTENCE, "fi-FI")
    assert voice.seconds((Piece(SENTENCE[0].text, rate=0.8),), "fi-FI") > plain
    assert voice.seconds((*SENTENCE, Piece("", pause=0.7)), "fi-FI") == pytest.approx(plain + 0.7, abs=0.01)


def test_the_silent_voice_takes_about_as_long_and_says_nothing():
    wav = SilentVoice().wav((Piece("a" * 28),), "fi-FI")
    assert seconds_of(wav) == pytest.approx(2)
    assert loudness(wav) == 0


def test_speech_is_brought_to_the_rate_of_a_telephone():
    wav = EspeakVoice().wav(SENTENCE, "fi-FI")
    samples = at_telephone_rate(wav)
    assert len(samples) / 8000 == pytest.approx(seconds_of(wav), abs=0.01)
    assert max(samples) > 1000


def test_a_recording_holds_the_speech_and_the_silence_around_it(world):
    world.exchange.office.voice = EspeakVoice()
    world.answers("/call", '<Record action="/done" trim="do-not-trim" timeout="2"/>')
    call = world.caller.dial(world.line.number)
    call.until_asked()
    call.speak("Tulostin ei toimi", seconds=2).until_over()
    samples, rate = samples_of(world.exchange.recordings[0].wav())
    assert rate == 8000
    assert max(samples[: 2 * rate]) > 1000
    assert not any(samples[2 * rate :])
    assert len(samples) == 4 * rate


def test_a_tape_keeps_the_pause_between_two_words():
    tape = Tape(at=0.0)
    tape.begin(None, 1.0)
    tape.end(None, 1.0)
    tape.run_to(3.0)
    assert tape.cut(trim=False) == (Stretch(1.0), Stretch(2.0))
    assert tape.cut(trim=True) == ()


@pytest.mark.parametrize("junk", [b"", b"RIFF", b"not a sound at all"])
def test_what_is_no_sound_lasts_no_time(junk):
    assert seconds_of(junk) == 0
    with pytest.raises(ValueError, match="not a WAV"):
        samples_of(junk)


def test_a_file_in_stereo_is_refused():
    stereo = bytearray(wav_of(silence(0.1)))
    stereo[22] = 2
    with pytest.raises(ValueError, match="one channel"):
        samples_of(bytes(stereo))


def test_samples_survive_the_way_into_a_file():
    samples = array("h", [0, 1, -1, 32767, -32768])
    assert samples_of(wav_of(samples)) == (samples, 8000)


def test_the_networks_own_sound_is_heard_as_it_was_recorded() -> None:
    # Nought, and the loudest of either sign, by ITU-T G.711.
    samples, rate = samples_of(linear(mulaw(b"\xff\x7f\x80\x00")))
    assert (list(samples), rate) == ([0, 0, 32124, -32124], 8000)


def test_a_sound_that_is_no_mulaw_stays_as_it_is() -> None:
    plain = wav_of(array("h", [1, -2, 3]))
    assert linear(plain) == plain
    assert linear(b"not a sound") == b"not a sound"
