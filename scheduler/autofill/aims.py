"""What each aim costs: variables for what falls short, and their prices. Pure.

Costs are whole numbers, nought being best; `already` is what no proposal can change.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby, pairwise
from typing import Final

from scheduler.autofill.asked import Helper, Shift
from scheduler.autofill.model import Choice, Model, crowds
from scheduler.autofill.proposed import Aim
from scheduler.autofill.question import Question
from scheduler.autofill.rules import Week, answers, hardly_before, likes, minutes, week_of
from scheduler.autofill.spoken import stretches

# A wished place at a time that is not liked is better than none; a place more than wished is worse than either.
UNLIKED, TOO_FEW, TOO_MANY = 1, 2, 3
PARTS: Final = 1000  # fairness is counted in thousandths


@dataclass(slots=True)
class Costs:
    """The price of each variable that an aim would rather have at nought."""

    prices: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    already: int = 0


def cover(model: Model, question: Question) -> Costs:
    """The minutes of needed places that stay open, and of each municipality whose language nobody on duty speaks."""
    costs = Costs()
    for shift in question.shifts:
        missing = shift.needed - len(question.holders[shift.id])
        if missing > 0:
            short = _shortfall(model, _variables(model, shift), missing)
            costs.prices[short] += minutes(shift.during)
    for takers, spent in _unspoken(model, question).items():
        costs.prices[_shortfall(model, takers, 1)] += spent
    return costs


def somebody(model: Model, question: Question) -> Costs:
    """The minutes of shifts with nobody at all."""
    costs = Costs()
    for shift in question.shifts:
        if shift.needed > 0 and not question.holders[shift.id]:
            costs.prices[_shortfall(model, _variables(model, shift), 1)] += minutes(shift.during)
    return costs


def wishes(model: Model, question: Question) -> Costs:
    """Places fewer or more than wished, week by week, and places at times that are not liked."""
    costs = Costs()
    for helper in question.helpers:
        for choice in model.of_helper[helper.id]:
            if not likes(helper, choice.shift.during):
                costs.prices[choice.variable] += UNLIKED
        if helper.wished is not None:
            _as_many_as_wished(model, question, helper, helper.wished, costs)
    return costs


def rest(model: Model, question: Question) -> Costs:
    """Places that begin too soon, though not against the rules, after the one before."""
    costs = Costs()
    for helper in question.helpers:
        _calm(model, question, helper, costs)
    return costs


def fairness(model: Model, question: Question) -> Costs:
    """For each helper the squared distance of their duty from what is due, by what is due: many small ones rather than a big one."""
    costs = Costs()
    for helper in question.helpers:
        due, before = question.due(helper), helper.done + len(helper.holds)
        apart = [round(PARTS * (before + new - due) ** 2 / due) for new in range(_at_most(model, helper) + 1)]
        costs.already += apart[0]
        steps = [model.programme.variable(whole=False) for _ in apart[1:]]
        costs.prices.update((step, after - now) for step, (now, after) in zip(steps, pairwise(apart), strict=True))
        taken = [(choice.variable, 1) for choice in model.of_helper[helper.id]]
        model.programme.row([*taken, *((step, -1) for step in steps)], least=0, most=0)
    return costs


AIMS: Final[Mapping[Aim, Callable[[Model, Question], Costs]]] = {
    Aim.COVER: cover,
    Aim.SOMEBODY: somebody,
    Aim.WISHES: wishes,
    Aim.REST: rest,
    Aim.FAIRNESS: fairness,
}


def _unspoken(model: Model, question: Question) -> dict[tuple[int, ...], int]:
    # Municipalities and times with the same people who could speak are one row, as heavy as all together.
    spent: dict[tuple[int, ...], int] = defaultdict(int)
    for stretch in stretches(question):
        present = [choice for shift in stretch.running for choice in model.of_shift[shift.id]]
        for spoken in stretch.spoken:
            spent[tuple(c.variable for c in present if answers(c.helper, spoken))] += minutes(stretch.during)
    return spent


def _as_many_as_wished(model: Model, question: Question, helper: Helper, wished: int, costs: Costs) -> None:
    by_week: dict[Week, list[int]] = {week: [] for week in question.weeks}
    for choice in model.of_helper[helper.id]:
        by_week[week_of(choice.shift.during, question.tz)].append(choice.variable)
    for week, variables in by_week.items():
        open_wishes = wished - question.held_in(helper, week)
        costs.already += TOO_MANY * max(0, -open_wishes)
        if open_wishes > 0:
            costs.prices[_shortfall(model, variables, open_wishes)] += TOO_FEW
        if len(variables) > max(0, open_wishes):
            costs.prices[_excess(model, variables, max(0, open_wishes))] += TOO_MANY


def _calm(model: Model, question: Question, helper: Helper, costs: Costs) -> None:
    choices, soon = model.of_helper[helper.id], dict[datetime, int]()
    held = [place.during for place in helper.holds]
    for begins, those in groupby(choices, key=lambda choice: choice.shift.during.begins):
        beginning = [choice.variable for choice in those]
        if any(hardly_before(place, begins, question.calm) for place in held):
            costs.prices.update((variable, costs.prices[variable] + 1) for variable in beginning)
        elif before := _before(choices, begins, question.calm):
            soon[begins] = _too_soon(model, before, helper, beginning)
    first = [
        c for c in choices if not any(hardly_before(place, c.shift.during.begins, question.calm) for place in held)
    ]
    _all_too_soon(model, crowds(first, question.calm), soon)
    for place in held:
        known = any(hardly_before(other, place.begins, question.calm) for other in held)
        if not known and (before := _before(choices, place.begins, question.calm)):
            soon[place.begins] = _too_soon(model, before, helper, None)
    costs.prices.update(dict.fromkeys(soon.values(), 1))


def _too_soon(model: Model, before: Sequence[Choice], helper: Helper, beginning: Sequence[int] | None) -> int:
    # One of those where a place begins (it is held where `beginning` is None) and one of those shortly before it is taken.
    too_soon = model.programme.variable(whole=False)
    for crowd in crowds(before, helper.rest):
        taken = [(choice.variable, 1) for choice in crowd] + [(variable, 1) for variable in beginning or ()]
        model.programme.row([(too_soon, -1), *taken], most=0 if beginning is None else 1)
    return too_soon


def _all_too_soon(model: Model, near: Iterable[list[Choice]], soon: Mapping[datetime, int]) -> None:
    # Of places that are all near to each other all but the first begin too soon. That follows from the rows for each, but
    # the solver sees it sooner so.
    for crowd in near:
        begins = sorted({choice.shift.during.begins for choice in crowd})[1:]
        places = [(choice.variable, 1) for choice in crowd]
        model.programme.row([*places, *((soon[at], -1) for at in begins if at in soon)], most=1)


def _before(choices: Iterable[Choice], begins: datetime, calm: timedelta) -> list[Choice]:
    return [choice for choice in choices if hardly_before(choice.shift.during, begins, calm)]


def _at_most(model: Model, helper: Helper) -> int:
    # No more places than times, and none beyond the most of a week: those rows stand already.
    return len(list(crowds(model.of_helper[helper.id], helper.rest)))


def _shortfall(model: Model, variables: Iterable[int], needed: int) -> int:
    short = model.programme.variable(needed, whole=False)
    model.programme.row([(short, 1), *((variable, 1) for variable in variables)], least=needed)
    return short


def _excess(model: Model, variables: Sequence[int], enough: int) -> int:
    over = model.programme.variable(len(variables), whole=False)
    model.programme.row([(over, -1), *((variable, 1) for variable in variables)], most=enough)
    return over


def _variables(model: Model, shift: Shift) -> list[int]:
    return [choice.variable for choice in model.of_shift[shift.id]]
