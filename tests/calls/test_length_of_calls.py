"""How long the line speaks, measured on sound that is really spoken."""

from dataclasses import replace

import pytest

from ivr.exchange import Paused, Played, Said
from ivr.exchange.espeak import EspeakVoice
from ivr.exchange.voice import Pieces
from tests.calls.days import Day
from tests.calls.phones import Play, key_of
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

DIGIT = {Language.FI: "1", Language.SV: "2"}
WHOLE_CALL, HAS_A_TIME = 180, 20  # seconds
AT_DEFAULT = 175 / 150  # espeak-ng speaks 175 words a minute by default; the exchange lets it speak 150


class DefaultPace(EspeakVoice):
    """espeak-ng at its default rate, slowed only as the line slows every voice."""

    def wav(self, pieces: Pieces, language: str) -> bytes:
        """The sound."""
        return super().wav([replace(piece, rate=piece.rate * AT_DEFAULT) for piece in pieces], language)


@pytest.fixture
def aloud(day: Day) -> Day:
    """A day on which the exchange has a voice."""
    day.exchange.office.voice = DefaultPace()
    return day


def spoken(call: Play, until: str | None = None) -> float:
    """For how many seconds the line has spoken, up to the end of a sentence."""
    seconds = 0.0
    for heard in call.call.heard:
        if isinstance(heard, Said | Paused | Played):
            seconds += heard.seconds
        if until is not None and isinstance(heard, Said) and key_of(heard) == until:
            break
    return seconds


@pytest.mark.parametrize("language", Language)
def test_whoever_presses_one_everywhere_listens_for_less_than_three_minutes(aloud: Day, language: Language) -> None:
    aloud.helper("09:30", "14:30", language)
    call = aloud.dials().hears().presses(DIGIT[language]).goes_forward()
    assert "booked" in call.keys
    assert 60 < spoken(call) < WHOLE_CALL


@pytest.mark.parametrize("language", Language)
def test_whoever_has_a_time_hears_it_within_twenty_seconds(aloud: Day, language: Language) -> None:
    aloud.helper("09:30", "14:30", language)
    aloud.dials().hears().presses(DIGIT[language]).goes_forward()
    again = aloud.dials().hears()
    before = spoken(again)
    again.presses(DIGIT[language]).hears("this_is", "existing")
    time, *_ = Catalogue.load().spoken(language, "existing", time="*")
    assert time.endswith("*.")  # the time is the first thing that is said of it
    whole = again.call.said[-1]
    until_time = spoken(again) - whole.seconds * (1 - len(whole.text.partition(".")[0]) / len(whole.text))
    assert before < until_time < HAS_A_TIME
