"""Whatever people do with the rota, and in whatever order, over both changes of the clock: what was promised holds."""

import os
import random
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from functools import partial
from threading import Barrier
from typing import Any, ClassVar, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy.orm import Session, sessionmaker

from scheduler.rota.closures import Closed
from scheduler.rota.editing import Edited
from scheduler.rota.places import Answer
from scheduler.slots import HELSINKI
from tests.properties.rota_hands import HELD, OFFERED, SHIFTS, WANTED, Hand
from tests.properties.rota_holds import everything_holds
from tests.properties.rota_seen import Asked, Seen
from tests.properties.rota_world import BEGINNINGS, CHANGES, ENDS, HELSINKI_CITY, LENGTHS, TURKU, World
from voice_prompts.language import Language

USUAL = 15
EXAMPLES = int(os.environ.get("DIGILINJA_ROTA_EXAMPLES", USUAL))  # more on a machine that has the night
STEPS = 20
TURNS = max(1, EXAMPLES // USUAL)  # of many hands
HANDS = 4
T = TypeVar("T")

picks = st.integers(0, 59)
languages = st.sampled_from(Language)
topics = st.sampled_from(sorted(LENGTHS))
municipalities = st.sampled_from([None, TURKU, HELSINKI_CITY])
crowds = st.lists(st.tuples(languages, topics, municipalities), min_size=6, max_size=12)
begins, ends = st.sampled_from(BEGINNINGS), st.sampled_from(ENDS)


class RotaMachine(RuleBasedStateMachine):
    """One deed after another; after each, everything is looked at."""

    sessions: ClassVar[sessionmaker[Session]]
    world: World

    @initialize(change=st.sampled_from(CHANGES), crowd=crowds)
    def a_rota_is_published_and_a_crowd_rings(self, change: date, crowd: list[Any]) -> None:
        self.world = world = World(self.sessions, change)
        one, two, three, four, five = world.helpers
        morning = world.drafts(time(9), time(12), [one, two, four])
        afternoon = world.drafts(time(12), time(15), [three, five], 30)
        night = world.drafts(time(1), time(6), [one, five])
        for template, first, last in ((morning, 0, 2), (afternoon, 0, 2), (night, 1, 1)):
            self.writes(partial(world.publishes, template, first, last), _of_publication)
        for number, caller in enumerate(crowd):
            nine = world.on(change, time(9), time(12)).begins
            self.books(_at(world.asks(*caller), nine + number % 2 * timedelta(hours=1)))

    def writes(self, deed: Callable[[], T], rows: Callable[[T], int]) -> T:
        """Each change of the rota is written down once, and what was refused or changed nothing is not."""
        before = self._written()
        done = deed()
        assert self._written() - before == rows(done), done
        return done

    def _written(self) -> int:
        ((count,),) = self.world.town.fetch("SELECT count(*) FROM rota_change")
        assert isinstance(count, int)
        return count

    def pick(self, number: int, statement: str) -> tuple[Any, ...]:
        rows = self.world.town.fetch(statement)
        return rows[number % len(rows)] if rows else ()

    # Callers.

    @rule(language=languages, topic=topics, municipality=municipalities, number=picks, too=st.booleans())
    def somebody_wants_a_time(self, language: Language, topic: Any, municipality: Any, number: int, too: bool) -> None:
        """Any time, or the one that another has, too."""
        seen, wish = self.world.seen(), self.world.asks(language, topic, municipality)
        wanted = [one.starts_at for one in seen.asked] if too else []
        self.books(_at(wish, _one_of(wanted or seen.starts(), number)))

    def books(self, wish: Asked) -> None:
        """A time is given exactly when some way of keeping all promises leaves room for one more."""
        expected = self.world.seen().may_be_booked(wish)
        assert (self.world.books(wish) is not None) == expected, wish

    @rule(language=languages, topic=topics, municipality=municipalities)
    def somebody_takes_the_first_time(self, language: Language, topic: Any, municipality: str | None) -> None:
        seen, wish = self.world.seen(), self.world.asks(language, topic, municipality)
        offered = self.world.offered(wish)
        assert offered == seen.first_offer(wish), wish
        if offered is not None:
            assert self.world.books(_at(wish, offered)) is not None

    @rule(number=picks, start=picks, beside=st.booleans())
    def a_caller_asks_for_another_time(self, number: int, start: int, beside: bool) -> None:
        seen = self.world.seen()
        if seen.asked:
            promised = _one_of(_beside_a_deficit(seen, beside), number)
            wish = _at(promised, _one_of(seen.starts(), start))
            expected = seen.may_be_booked(wish)
            assert (self.world.moves(promised, wish.starts_at) is not None) == expected, wish

    @rule(number=picks, beside=st.booleans())
    def a_caller_gives_a_time_back(self, number: int, beside: bool) -> None:
        seen = self.world.seen()
        if seen.asked:
            promised = _one_of(_beside_a_deficit(seen, beside), number)
            assert self.world.cancels(promised) == (promised.state != "talking")

    # Helpers.

    @rule(number=picks, helper=picks)
    def a_helper_takes_a_place(self, number: int, helper: int) -> None:
        if shift := self.pick(number, SHIFTS):
            who = _one_of(self.world.helpers, helper)
            mine = self.world.town.fetch(f"{HELD} AND shift_id = :shift AND helper_id = :who", shift=shift[0], who=who)
            self.writes(lambda: self.world.takes(shift[0], who), lambda answer: _one(answer) if not mine else 0)

    @rule(number=picks, alone=st.booleans(), wanted=st.booleans())
    def a_helper_leaves(self, number: int, alone: bool, wanted: bool) -> None:
        if place := self.pick(number, WANTED if wanted else HELD):
            self.writes(lambda: self.world.leaves(place[0], place[1] if alone else None), _one)

    @rule(number=picks)
    def a_helper_would_rather_not_come(self, number: int) -> None:
        if place := self.pick(number, f"{HELD} AND swap_offered_at IS NULL"):
            self.writes(lambda: self.world.would_swap(*place), _one)

    @rule(number=picks, helper=picks)
    def another_comes_instead(self, number: int, helper: int) -> None:
        if place := self.pick(number, OFFERED):
            self.writes(lambda: self.world.swaps(place[0], _one_of(self.world.helpers, helper)), _one)

    # Coordinators.

    @rule(number=picks, helper=picks, override=st.booleans())
    def a_helper_is_given_a_place(self, number: int, helper: int, override: bool) -> None:
        if shift := self.pick(number, SHIFTS):
            who = _one_of(self.world.helpers, helper)
            self.writes(lambda: self.world.gives(shift[0], who, override=override), _one)

    @rule(number=picks, day=picks, begins=begins, ends=ends, most=st.integers(1, 3))
    def a_shift_is_edited(self, number: int, day: int, begins: time, ends: time, most: int) -> None:
        if shift := self.pick(number, SHIFTS):
            during = self.world.on(self.world.day(day), begins, ends)
            self.writes(lambda: self.world.edits(shift[0], during, most), partial(_of_edit, shift[1]))

    @rule(number=picks)
    def a_shift_is_called_off(self, number: int) -> None:
        if shift := self.pick(number, SHIFTS):
            self.writes(lambda: self.world.calls_off(shift[0]), partial(_of_edit, shift[1]))

    @rule(begins=begins, ends=ends, helpers=st.sets(st.integers(0, 4)), minutes=st.sampled_from([30, 60]), days=picks)
    def a_template_is_published(self, begins: time, ends: time, helpers: set[int], minutes: int, days: int) -> None:
        template = self.world.drafts(begins, ends, [self.world.helpers[number] for number in helpers], minutes)
        made = self.writes(lambda: self.world.publishes(template, days, days // 3), _of_publication)
        for shift in made.made:
            assert _wall(shift.new.during.begins) in (begins, time(4)), "the hour that spring skips is over at four"

    @rule(number=picks)
    def a_template_is_published_again(self, number: int) -> None:
        self.writes(lambda: self.world.publishes(_one_of(self.world.templates, number), 0, 2), _of_publication)

    @rule(day=picks, begins=begins, ends=ends, who=st.integers(0, 2))
    def it_is_closed_for_some_hours(self, day: int, begins: time, ends: time, who: int) -> None:
        during = self.world.on(self.world.day(day), begins, ends)
        organisation = (None, *self.world.organisations)[who]
        self.writes(lambda: self.world.closes(during, organisation), lambda closed: isinstance(closed, Closed))

    @rule(day=picks)
    def there_is_a_holiday(self, day: int) -> None:
        during = self.world.on(self.world.day(day), time(0), time(0))
        self.writes(lambda: self.world.closes(during, None), lambda closed: isinstance(closed, Closed))

    @rule(number=picks)
    def it_is_opened_again(self, number: int) -> None:
        if closure := self.pick(number, "SELECT id FROM closure ORDER BY id"):
            self.writes(lambda: self.world.reopens(closure[0]), lambda opened: isinstance(opened, Closed))

    # The clock.

    @rule(quarters=st.sampled_from([1, 4, 30, 64, 96]))
    def time_passes(self, quarters: int) -> None:
        self.writes(lambda: self.world.passes(self.world.town.now + quarters * timedelta(minutes=15)), lambda _: 0)

    @precondition(lambda self: hasattr(self, "world"))
    @invariant()
    def what_was_promised_holds(self) -> None:
        everything_holds(self.world)


def _at(wish: Any, start: datetime) -> Any:
    return replace(wish, starts_at=start)


def _one_of(some: Sequence[T], number: int) -> T:
    return some[number % len(some)]


def _wall(moment: datetime) -> time:
    return moment.astimezone(HELSINKI).time()


def _beside_a_deficit(seen: Seen, beside: bool) -> list[Asked]:
    """The promises that stand where another does not, if there are any and it is asked for; else all."""
    starts = {one.starts_at for one in seen.asked if one.state == "deficit"}
    return [one for one in seen.asked if beside and one.starts_at in starts and one.state == "promised"] or seen.asked


def _one(answer: Answer) -> int:
    return int(answer.refusal is None)


def _of_edit(version: int, edited: Any) -> int:
    """The shift itself, if it is another one now, and everybody who lost a place by it."""
    return (edited.version > version) + len(edited.lost) if isinstance(edited, Edited) else 0


def _of_publication(made: Any) -> int:
    """The publication, its shifts, and everybody in them."""
    return (made.batch_id is not None) + len(made.shifts) + sum(len(shift.coming) for shift in made.made)


def test_whatever_happens_to_the_rota_what_was_promised_holds(sessions: sessionmaker[Session]) -> None:
    class Machine(RotaMachine):
        pass

    Machine.sessions = sessions
    how = settings(
        max_examples=EXAMPLES,
        stateful_step_count=STEPS,
        deadline=None,
        derandomize=EXAMPLES == USUAL,
        database=None,
        phases=[Phase.generate, Phase.shrink],  # to explain takes minutes
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Machine, settings=how)  # type: ignore[no-untyped-call]


@pytest.mark.parametrize("change", CHANGES)
def test_whatever_many_hands_do_at_once_what_was_promised_holds(sessions: sessionmaker[Session], change: date) -> None:
    world = World(sessions, change)
    for begins, ends, helpers in (
        (time(9), time(12), [0, 1, 3]),
        (time(12), time(15), [2, 4]),
        (time(1), time(6), [0]),
    ):
        world.publishes(world.drafts(begins, ends, [world.helpers[number] for number in helpers]), 0, 2)
    for turn in range(TURNS):
        together = Barrier(HANDS)
        hands = [Hand(world, random.Random(f"{change}:{turn}:{number}")) for number in range(HANDS)]
        with ThreadPoolExecutor(HANDS) as pool:
            for done in [pool.submit(hand.works, together) for hand in hands]:
                done.result()
        everything_holds(world)
