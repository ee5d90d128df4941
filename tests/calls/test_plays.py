"""Every scenario of the line as a play in Finnish and in Swedish, word for word (tests/calls/plays)."""

import itertools

import pytest

from tests.calls.days import Day
from tests.calls.scenarios import PLAYS
from tests.calls.staging import FOLDER, Stage, compare
from voice_prompts.language import Language

FI = Language.FI


@pytest.fixture(autouse=True)
def _codes_in_a_row(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same codes each time, so that the same words are heard."""
    codes = itertools.cycle(("4721", "3805", "9164", "2750", "6043"))
    monkeypatch.setattr("scheduler.promises.callback_code", lambda _taken=(): next(codes))


@pytest.mark.parametrize("language", Language)
@pytest.mark.parametrize("name", PLAYS)
def test_the_play_is_given_as_it_is_written(day: Day, name: str, language: Language) -> None:
    scenario, finnish, swedish = PLAYS[name]
    stage = Stage(day, language)
    scenario(stage)
    compare(stage, name, finnish if language is FI else swedish)


def test_no_play_is_left_over_that_nobody_gives() -> None:
    assert {path.name for path in FOLDER.iterdir()} == {
        f"{name}.{language}.txt" for name in PLAYS for language in Language
    }
