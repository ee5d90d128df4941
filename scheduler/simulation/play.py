"""The virtual days: calls, drop-outs and starts that come due, in the order in which they happen."""

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from operator import itemgetter

from sqlalchemy.orm import Session, sessionmaker

from scheduler.simulation.drawing import make_world
from scheduler.simulation.line import Line
from scheduler.simulation.policies import COMPARISONS, Policy
from scheduler.simulation.presets import Preset
from scheduler.simulation.report import LATE, ONE_MORE, Fate, Report, Result, progress
from scheduler.simulation.world import Call, DropOut, WeeklyShift, World, shift_of, with_one_more
from voice_prompts.language import Language

Step = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Question:
    """What is played: a network, so many working days of its calls, and what the line is compared with.

    `seek_one_more` plays again with one more helper where the line refused most, `one_more` with one on this shift.
    """

    name: str
    preset: Preset
    seed: int = 1
    days: int = 1
    compare: str | None = None
    one_more: WeeklyShift | None = None
    seek_one_more: bool = False


def run(question: Question, sessions: sessionmaker[Session]) -> Report:
    """Play the line itself on this database, which is only added to, and any other policy on paper; KeyError on its name.

    Shows a progress bar on stderr if that is a terminal.
    """
    world = make_world(question.preset, question.seed, question.days)
    with progress() as stage:
        results = {LATE: play(world, Line(world, sessions), stage(LATE, 2 * len(world.calls)))}
        if question.compare is not None:
            policy = COMPARISONS[question.compare](world)
            results[question.compare] = play(world, policy, stage(question.compare, 2 * len(world.calls)))
        shift = one_more_for(question, results[LATE], world)
        if shift is not None:
            more = with_one_more(world, shift)
            results[ONE_MORE] = play(more, Line(more, sessions), stage(ONE_MORE, 2 * len(world.calls)))
    return Report(question.name, question.seed, question.days, results, shift)


def play(world: World, policy: Policy, step: Step = lambda _: None) -> Result:
    """All calls, and what became of the promises made on them; steps twice as often as there are calls."""
    promised: dict[int, datetime | None] = {}
    starts = list(world.pools())
    for at, happening in _in_order(world, starts):
        policy.pass_time(at)
        match happening:
            case Call():
                promised[happening.need.key] = policy.book(happening)
                step(1)
            case DropOut():
                policy.drop(happening)
            case _:
                step(len(world.calls) / len(starts))
    kept = policy.kept()
    return Result.of([Fate(call, promised[call.need.key], call.need.key in kept) for call in world.calls])


def one_more_for(question: Question, result: Result, world: World) -> WeeklyShift | None:
    """The shift that is wanted, or sought where most were refused, begun at the quarter for which most asked in vain."""
    refused = [fate.call for fate in result.fates if fate.start is None]
    asked = Counter(shift_of(call.free.begins, call.need.language, world.grid) for call in refused)
    wanted = question.one_more
    if wanted is not None:
        alike = Counter[WeeklyShift]()
        for shift, callers in asked.items():
            if (shift.weekday, shift.half) == (wanted.weekday, wanted.half) and shift.language in _spoken(wanted):
                alike[replace(wanted, late=shift.late)] += callers
        return max(alike, key=lambda shift: (alike[shift], -shift.late), default=wanted)
    if not question.seek_one_more:
        return None
    return max(asked, key=lambda shift: (asked[shift], str(shift)), default=None)


def _spoken(shift: WeeklyShift) -> tuple[Language, ...]:
    return Language.FI, shift.language


def _in_order(world: World, starts: list[datetime]) -> list[tuple[datetime, Call | DropOut | None]]:
    happenings: list[tuple[datetime, Call | DropOut | None]] = [(start, None) for start in starts]
    happenings += [(call.at, call) for call in world.calls]
    happenings += [(drop_out.at, drop_out) for drop_out in world.drop_outs]
    return sorted(happenings, key=itemgetter(0))
