"""A script over its journal: what is new is done once, and a changed script is noticed."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, ClassVar

import pytest

from ivr.conversation import (
    Effect,
    Entry,
    Script,
    ScriptChanged,
    answered,
    ask,
    do,
    play,
    turns_heard,
    up_to_turn,
)
from ivr.stage import refuse
from ivr.steps import Ask, Pressed, Say
from voice_prompts.language import Language

NOW = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Count(Effect[int]):
    """Something with a result."""

    key: ClassVar[str] = "count"
    result: ClassVar[Any] = int


def say(key: str) -> Say:
    return Say(Language.FI, key)


def short_call(heard: list[str]) -> Script[None]:
    """A question, a deed, another question."""
    yield say("intro")
    first = yield from ask(Ask("first"))
    heard.append(first.keys)
    count = yield from do(Count())
    heard.append(str(count))
    yield say("human")
    second = yield from ask(Ask("second"))
    heard.append(second.keys)
    yield say("goodbye")


JOURNAL = (
    Entry("first", {"keys": "1"}, NOW),
    Entry("count", 7),
    Entry("second", {"keys": "2"}, NOW),
)


def test_a_script_goes_on_to_the_first_thing_that_it_has_to_wait_for() -> None:
    turn = play(short_call([]), (), refuse)
    assert turn.said == (say("intro"),)
    assert turn.asked == Ask("first")


def test_an_answer_is_written_down_with_what_it_brings_about() -> None:
    heard: list[str] = []
    turn = play(short_call(heard), (), lambda _: 7, lambda question: answered(question, Pressed("1"), NOW))
    assert turn.written == JOURNAL[:2]
    assert (turn.said, turn.asked) == ((say("human"),), Ask("second"))
    assert heard == ["1", "7"]


def test_only_one_answer_is_heard_in_a_turn() -> None:
    asked: list[str] = []

    def hear(question: Any) -> Entry:
        asked.append(question.key)
        return answered(question, Pressed("1"), NOW)

    play(short_call([]), (), lambda _: 7, hear)
    assert asked == ["first"]


def test_what_the_journal_has_is_not_done_again() -> None:
    heard: list[str] = []
    turn = play(short_call(heard), JOURNAL, refuse)
    assert heard == ["1", "7", "2"]
    assert (turn.said, turn.asked, turn.written) == ((say("goodbye"),), None, ())


@pytest.mark.parametrize(
    "journal",
    [
        (Entry("zeroth", {"keys": "1"}, NOW),),
        (JOURNAL[0], Entry("sum", 7)),
        (JOURNAL[0], Entry("count", "seven")),
        (Entry("first", {"digits": "1"}, NOW),),
        (JOURNAL[0], JOURNAL[2]),
        (*JOURNAL, Entry("third", {"keys": "3"}, NOW)),
    ],
)
def test_a_journal_of_another_script_is_noticed(journal: tuple[Entry, ...]) -> None:
    with pytest.raises(ScriptChanged):
        play(short_call([]), journal, lambda _: 7)


def test_the_journal_can_be_read_as_it_stood_after_any_turn() -> None:
    assert up_to_turn(JOURNAL, 0) == ()
    assert up_to_turn(JOURNAL, 1) == JOURNAL[:2]
    assert up_to_turn(JOURNAL, 2) == up_to_turn(JOURNAL, 9) == JOURNAL
    assert turns_heard(JOURNAL) == 2
