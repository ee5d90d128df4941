"""Any call that keeps a promise: only a person takes it, and whatever is pressed, it ends."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.conversation import Effect, Entry, Question, Script, Turn, answered, play, silence, up_to_turn
from ivr.dialogue import Paper
from ivr.effects import (
    AfterTalk,
    BookTime,
    DeclineCallback,
    Ending,
    EndTalk,
    FindTime,
    HasLaterTime,
    HeldPromise,
    LeaveOpen,
    MessageArrived,
    MoveTime,
    ResidentReady,
    SaveOutcome,
    TakeCallback,
    Taking,
)
from ivr.helper_script import Task, helpers_call, residents_leg
from ivr.stage import refuse
from ivr.steps import Bridge, Connect, Moment, Pressed, Say, Talked
from tickets.vocabulary import Outcome, Topic
from voice_prompts.language import Language

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
MOST_TURNS = 300
TASK = Task(
    attempt_id=1,
    callback_id=5,
    ticket_id=7,
    starts_at=NOW,
    code="4721",
    topic=Topic.PUHELIN,
    resident_language=Language.SV,
    resident_number="+358401112233",
    line_number="+358942450100",
    recordings=("RE1",),
    helper_language=Language.FI,
)


@dataclass
class World:
    """What the line finds, and what it has done."""

    taking: Taking = Taking.YOURS
    after: AfterTalk = AfterTalk.TALKED
    free: int = 1000
    losing: int = 0  # so many times are lost to somebody quicker
    done: list[Effect[Any]] = field(default_factory=list)

    def perform(self, effect: Effect[Any]) -> object:
        """Do it, as the database would."""
        self.done.append(effect)
        results: dict[type[Effect[Any]], object] = {
            TakeCallback: self.taking,
            EndTalk: Ending(self.after, 1),
            BookTime: HeldPromise(3, 7, NOW + timedelta(hours=2), "4721"),
        }
        if isinstance(effect, FindTime):
            number = ((effect.after or NOW) - NOW) // timedelta(minutes=15) + 1
            return NOW + number * timedelta(minutes=15) if number <= self.free else None
        if isinstance(effect, MoveTime):
            self.losing -= 1
            return None if self.losing >= 0 else HeldPromise(6, effect.ticket_id, effect.starts_at, "4721")
        if isinstance(effect, HasLaterTime):
            return self.free > 0
        if isinstance(effect, DeclineCallback | LeaveOpen | MessageArrived | ResidentReady | SaveOutcome):
            return True
        return results[type(effect)]

    def did(self, kind: type[Effect[Any]]) -> list[Effect[Any]]:
        """What was done of a kind."""
        return [effect for effect in self.done if isinstance(effect, kind)]


Playing = Callable[[Task, Paper], Script[None]]


def play_call(playing: Playing, world: World, told: Sequence[str]) -> tuple[list[Turn], list[Entry]]:
    """A call in which these keys are pressed, and then nothing more."""
    journal: list[Entry] = []
    turns: list[Turn] = []
    waiting = list(told)

    def hear(question: Question[Any]) -> Entry:
        if isinstance(question, Connect):
            return answered(question, Talked("completed", True, 60), NOW)
        return answered(question, Pressed(waiting.pop(0) if waiting else ""), NOW)

    while not turns or turns[-1].asked is not None:
        assert len(turns) < MOST_TURNS
        paper = Paper(Language.FI, person_at_zero=False)
        turn = play(playing(TASK, paper), journal, world.perform, hear if turns else silence)
        journal.extend(turn.written)
        turns.append(turn)
    return turns, journal


keys = st.lists(st.sampled_from([*"0123456789", ""]), max_size=25)
worlds = st.builds(
    World,
    taking=st.sampled_from(Taking),
    after=st.sampled_from(AfterTalk),
    free=st.sampled_from([0, 2, 1000]),
    losing=st.integers(0, 3),
)


@settings(max_examples=300, deadline=None)
@given(worlds, keys)
def test_only_a_helper_who_pressed_one_is_connected(world: World, told: list[str]) -> None:
    turns, _ = play_call(helpers_call, world, told)
    connected = any(isinstance(turn.asked, Connect) for turn in turns)
    assert connected is (bool(world.did(TakeCallback)) and world.taking is Taking.YOURS)
    assert bool(world.did(TakeCallback)) or world.did(DeclineCallback)
    assert not (world.did(TakeCallback) and world.did(DeclineCallback))
    if "1" not in told:
        assert not connected


@settings(max_examples=200, deadline=None)
@given(worlds, st.lists(st.just(""), max_size=5))
def test_a_voicemail_declines_for_its_owner(world: World, told: list[str]) -> None:
    play_call(helpers_call, world, told)
    assert world.done == [DeclineCallback(answered=False)]


@settings(max_examples=300, deadline=None)
@given(worlds, keys)
def test_a_talk_is_followed_by_one_outcome_at_most(world: World, told: list[str]) -> None:
    turns, _ = play_call(helpers_call, world, told)
    outcomes = [effect.outcome for effect in world.did(SaveOutcome)]
    assert len(outcomes) <= 1
    assert len(world.did(BookTime)) <= (Outcome.OSITTAIN_JATKOAIKA in outcomes)
    said = [one.key for turn in turns for one in turn.said if isinstance(one, Say)]
    if world.did(TakeCallback):
        assert said[-1] == "helper_thanks"


@settings(max_examples=200, deadline=None)
@given(worlds, keys)
def test_only_a_resident_who_pressed_a_key_is_connected(world: World, told: list[str]) -> None:
    turns, journal = play_call(residents_leg, world, told)
    assert len(world.did(ResidentReady)) + bool(world.did(FindTime)) <= 1
    if not {"0", "1"} & set(told):
        assert not world.did(ResidentReady)
    assert isinstance(turns[-2].asked, Bridge) is bool(world.did(ResidentReady))
    for number, before in enumerate(turns):
        again = play(residents_leg(TASK, Paper(Language.FI, person_at_zero=False)), up_to_turn(journal, number), refuse)
        assert (again.said, again.asked, again.written) == (before.said, before.asked, ())


@settings(max_examples=300, deadline=None)
@given(worlds, keys.map(lambda told: ["2", *told]))
def test_a_resident_who_cannot_talk_now_is_told_the_new_time_or_that_the_request_is_kept(
    world: World, told: list[str]
) -> None:
    lost = world.losing
    turns, _ = play_call(residents_leg, world, told)
    moved = world.did(MoveTime)[lost:]
    said = [one for turn in turns for one in turn.said if isinstance(one, Say)]
    heard = [one.key for one in said]
    assert len(moved) <= 1
    assert heard[-1] == "callback_goodbye"
    assert ("moved" in heard) is bool(moved)
    assert ("callback_later_open" in heard) is not bool(moved)
    assert not (world.did(LeaveOpen) and moved)
    assert all(effect.callback_id == TASK.callback_id for effect in world.did(MoveTime))
    assert not any(isinstance(turn.asked, Moment) for turn in turns)
    if moved:
        assert {one.words["time"] for one in said if one.key in ("moved", "booked_again")} == {moved[0].starts_at}
