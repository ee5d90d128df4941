"""Every scenario of the line as a play in Finnish and in Swedish, word for word (tests/calls/plays)."""

import itertools
from types import SimpleNamespace

import pytest

from tests.calls.days import Day
from tests.calls.paper import FOLDER, compare, spoken_on
from tests.calls.scenarios.playbill import all_plays
from tests.calls.staging import Stage
from tests.calls.tongues import all_sentences
from voice_prompts.language import Language

PLAYS = all_plays()


@pytest.fixture(autouse=True)
def _codes_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same codes each time, so that the same words are heard."""
    codes = itertools.cycle(("4721", "3805", "9164", "2750", "6043"))
    monkeypatch.setattr("scheduler.promises.callback_code", lambda _taken=(): next(codes))
    monkeypatch.setattr("tickets.sign_in_codes.secrets", SimpleNamespace(token_bytes=bytes))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PLAYS)
def test_the_play_is_given_as_it_is_written(day: Day, name: str, language: Language) -> None:
    stage = Stage(day, language)
    PLAYS[name].scenario(stage)
    compare(f"{name}.{language}.txt", stage.written(PLAYS[name].titles[language]))


@pytest.mark.parametrize("language", Language)
def test_every_sentence_is_heard_or_read_in_a_play(language: Language) -> None:
    heard: set[tuple[str, bool]] = set()
    for path in FOLDER.glob(f"*.{language}.txt"):
        heard |= spoken_on(path.read_text(encoding="utf-8"), language)
    there_are = {(sentence.key, sentence.again) for sentence in all_sentences(language)}
    assert sorted(there_are - heard) == []


def test_no_play_is_left_over_that_nobody_gives() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{language}.txt" for name in PLAYS for language in Language
    }
