"""Who could take which place over the coming weeks: aim after aim, each as far as the ones before it let it be. Pure."""

from collections.abc import Iterable
from datetime import timedelta
from typing import Final
from zoneinfo import ZoneInfo

from scheduler.autofill.aims import AIMS
from scheduler.autofill.asked import Helper, Shift
from scheduler.autofill.gaps import gaps_of
from scheduler.autofill.model import Model, build
from scheduler.autofill.proposed import Assignment, Proposal, Reached
from scheduler.autofill.question import Question
from scheduler.autofill.shares import shares_of
from scheduler.slots import HELSINKI

CALM: Final = timedelta(days=1)
LIMIT: Final = timedelta(seconds=60)


def propose(
    shifts: Iterable[Shift],
    helpers: Iterable[Helper],
    *,
    limit: timedelta = LIMIT,
    calm: timedelta = CALM,
    tz: ZoneInfo = HELSINKI,
) -> Proposal:
    """Who could take which open place; what is held stays held.

    `calm` is the rest that one would like between two places. The solver works for `limit` at most; within it, the same
    question has the same answer. SolverMissingError where HiGHS is not installed.
    """
    question = question_of(shifts, helpers, calm=calm, tz=tz)
    places, reached = _solve(question, limit)
    gaps = tuple(gaps_of(question, places))
    return Proposal(places, tuple(shares_of(question, places)), gaps, reached)


def question_of(
    shifts: Iterable[Shift], helpers: Iterable[Helper], *, calm: timedelta = CALM, tz: ZoneInfo = HELSINKI
) -> Question:
    """The question in the one order in which it always has the same answer."""
    return Question(
        tuple(sorted(shifts, key=lambda shift: (shift.during.begins, shift.id))),
        tuple(sorted(helpers, key=lambda helper: helper.id)),
        calm,
        tz,
    )


def _solve(question: Question, limit: timedelta) -> tuple[tuple[Assignment, ...], tuple[Reached, ...]]:
    model = build(question)
    values: tuple[float, ...] = ()
    reached: list[Reached] = []
    for number, (aim, price) in enumerate(AIMS.items()):
        costs = price(model, question)
        found = model.programme.least(costs.prices, limit / (len(AIMS) - number))
        if found is None:
            break
        values, limit = found.values, limit - found.took
        model.programme.keep()
        reached.append(Reached(aim, found.cost + costs.already, found.bound + costs.already))
    return _places(model, values), tuple(reached)


def _places(model: Model, values: tuple[float, ...]) -> tuple[Assignment, ...]:
    if not values:
        return ()
    chosen = (choice for choices in model.of_shift.values() for choice in choices if values[choice.variable] > 0.5)
    return tuple(sorted(Assignment(choice.shift.id, choice.helper.id) for choice in chosen))
