"""Any call of a helper to the line: nothing changes but by the keys that ask for it, and whatever is pressed, it ends."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.conversation import Effect, Entry, Question, Turn, answered, play, silence, up_to_turn
from ivr.dialogue import Paper
from ivr.effects import BookTime, FindTime, JoinLine, KnownCaller, LookUpCaller, OpenTicket, Place
from ivr.helper_line import OwnCall, helpers_own_call
from ivr.own_effects import (
    HowItCame,
    NextShift,
    OpenPlaces,
    OpenShift,
    OpenSwaps,
    OwnShift,
    WishAboutPlace,
    WishToTake,
)
from ivr.script import Answering
from ivr.stage import refuse
from ivr.steps import Ask, Listen, Moment, Pressed, Say, Spoke
from scheduler.rota.asking import Granted, Wish
from voice_prompts.language import Language

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
NUMBER = "+358501234567"
LINE = Answering("Digituki", (Language.FI, Language.SV), "853", NUMBER)
OWN = OwnCall(LINE, helper_id=3, number=NUMBER, language=Language.SV)
MOST_TURNS = 400
ASKING = {"own_line", "own_shift", "own_leave_sure", "own_swap_sure", "own_opening", "own_more"}


@dataclass
class World:
    """What the line finds, and what it has been asked to do."""

    shift: OwnShift | None = None
    places: int = 0
    swaps: int = 0
    pending: int = 0
    came: Granted = Granted.COMES
    done: list[Effect[Any]] = field(default_factory=list)

    def perform(self, effect: Effect[Any]) -> object:
        """Do it, as the database would."""
        self.done.append(effect)
        results: dict[type[Effect[Any]], object] = {
            NextShift: self.shift,
            OpenPlaces: tuple(OpenShift(10 + n, NOW + timedelta(days=2 * n)) for n in range(self.places)),
            OpenSwaps: tuple(OpenShift(30 + n, NOW + timedelta(days=2 * n + 1), 50 + n) for n in range(self.swaps)),
            WishAboutPlace: "helper_wish:place-1",
            WishToTake: "helper_wish:shift-1",
            LookUpCaller: KnownCaller(),
            OpenTicket: 7,
            FindTime: None,
            BookTime: None,
            JoinLine: Place(0),
        }
        if isinstance(effect, HowItCame):
            self.pending -= 1
            return Granted.PENDING if self.pending >= 0 else self.came
        return results.get(type(effect), True)

    def did(self, kind: type[Effect[Any]]) -> list[Any]:
        """What was done of a kind."""
        return [effect for effect in self.done if isinstance(effect, kind)]


def play_call(world: World, told: Sequence[str]) -> tuple[list[Turn], list[Entry], list[tuple[str, str]]]:
    """A call in which these keys are pressed, and then nothing more; with what was asked and pressed."""
    journal: list[Entry] = []
    turns: list[Turn] = []
    waiting, pressed = list(told), list[tuple[str, str]]()

    def hear(question: Question[Any]) -> Entry:
        if isinstance(question, Listen):
            return answered(question, Spoke(None, 0), NOW)
        quiet = isinstance(question, Moment) or (isinstance(question, Ask) and question.key == "own_moment")
        keys = "" if quiet or not waiting else waiting.pop(0)
        pressed.append((question.key, keys))
        return answered(question, Pressed(keys), NOW)

    while not turns or turns[-1].asked is not None:
        assert len(turns) < MOST_TURNS
        turn = play(helpers_own_call(OWN, Paper(Language.SV)), journal, world.perform, hear if turns else silence)
        journal.extend(turn.written)
        turns.append(turn)
    return turns, journal, pressed


def said(turns: Sequence[Turn]) -> list[Say]:
    """Every sentence, in order."""
    return [one for turn in turns for one in turn.said if isinstance(one, Say)]


shifts = st.builds(
    OwnShift, st.just(1), st.just(NOW + timedelta(hours=30)), st.booleans(), st.booleans(), may_leave=st.booleans()
)
worlds = st.builds(
    World,
    shift=st.none() | shifts,
    places=st.integers(0, 15),
    swaps=st.integers(0, 3),
    pending=st.integers(0, 6),
    came=st.sampled_from(Granted),
)
keys = st.lists(st.sampled_from([*"0123456789", ""]), max_size=30)


@settings(max_examples=400, deadline=None)
@given(worlds, keys)
def test_any_call_ends_with_a_goodbye_in_the_helpers_language_or_the_one_they_chose(
    world: World, told: list[str]
) -> None:
    turns, _, pressed = play_call(world, told)
    assert said(turns)[-1].key == "goodbye"
    if ("own_line", "2") not in pressed:
        assert {one.language for one in said(turns)} == {Language.SV}


@settings(max_examples=600, deadline=None)
@given(worlds, keys.map(lambda told: ["1", *told]))
def test_a_place_is_left_or_taken_only_by_whoever_pressed_for_it(world: World, told: list[str]) -> None:
    _, _, pressed = play_call(world, told)
    wishes = [effect.wish for effect in world.did(WishAboutPlace)]
    sure = [keys for key, keys in pressed if key in ("own_leave_sure", "own_swap_sure") and keys in ("1", "2")]
    assert wishes.count(Wish.LEAVE) == sure.count("2")
    assert wishes.count(Wish.COME) == sure.count("1") + pressed.count(("own_shift", "1"))
    assert len(wishes) <= 1
    assert len(world.did(WishToTake)) == pressed.count(("own_opening", "1")) <= 1


@settings(max_examples=300, deadline=None)
@given(worlds, keys.map(lambda told: ["1", *told]))
def test_openings_are_said_the_nearest_first_and_each_once_at_a_time(world: World, told: list[str]) -> None:
    turns, _, _ = play_call(world, told)
    heard = [one.words["time"] for one in said(turns) if one.key == "own_opening"]
    assert all(one <= other for one, other in pairwise(heard))  # type: ignore[operator]


@settings(max_examples=300, deadline=None)
@given(worlds, keys.map(lambda told: ["1", *told]))
def test_what_is_pressed_about_shifts_makes_no_request_unless_nought_asks_for_a_person(
    world: World, told: list[str]
) -> None:
    _, _, pressed = play_call(world, told)
    drafts = [effect.draft for effect in world.did(OpenTicket)]
    assert len(drafts) == any(key in ASKING and keys == "0" for key, keys in pressed)
    assert all((draft.number, draft.language) == (NUMBER, Language.SV) for draft in drafts)
    assert not world.did(FindTime)


@settings(max_examples=300, deadline=None)
@given(worlds, keys)
def test_a_helper_hears_the_truth_about_a_wish_or_that_it_comes_by_text(world: World, told: list[str]) -> None:
    turns, _, _ = play_call(world, told)
    heard = {one.key for one in said(turns)}
    if not (world.did(WishAboutPlace) or world.did(WishToTake)):
        assert not heard & {"own_confirmed", "own_left", "own_taken", "own_by_text", "own_not_changed", "own_not_taken"}
        return
    assert "own_moment" in heard
    if "own_confirmed" in heard:
        assert world.came is Granted.COMES
    if "own_left" in heard:
        assert world.came is Granted.LEFT
    if "own_taken" in heard:
        assert world.came is Granted.TAKEN


@settings(max_examples=300, deadline=None)
@given(worlds, keys)
def test_a_replay_says_the_same_and_does_nothing(world: World, told: list[str]) -> None:
    turns, journal, _ = play_call(world, told)
    for number, before in enumerate(turns):
        again = play(helpers_own_call(OWN, Paper(Language.SV)), up_to_turn(journal, number), refuse)
        assert (again.said, again.asked, again.written) == (before.said, before.asked, ())
