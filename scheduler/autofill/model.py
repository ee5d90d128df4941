"""The question as a programme in whole numbers: a variable for each helper and shift, a row for each rule. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from scheduler.autofill.asked import Helper, Shift
from scheduler.autofill.question import Question
from scheduler.autofill.rules import week_of
from scheduler.autofill.solver import Programme


@dataclass(frozen=True, slots=True)
class Choice:
    """That a helper takes a shift, or does not."""

    shift: Shift
    helper: Helper
    variable: int


@dataclass(frozen=True, slots=True)
class Model:
    """The programme and its choices, by helper and by shift (each by id), in the order of time and of helpers."""

    programme: Programme
    of_helper: dict[int, list[Choice]] = field(default_factory=lambda: defaultdict(list))
    of_shift: dict[int, list[Choice]] = field(default_factory=lambda: defaultdict(list))


def build(question: Question) -> Model:
    """All choices there are, under all rules."""
    model = Model(Programme())
    for helper in question.helpers:
        for shift in question.open_to[helper.id]:
            choice = Choice(shift, helper, model.programme.variable())
            model.of_helper[helper.id].append(choice)
            model.of_shift[shift.id].append(choice)
    _no_more_than_room(model, question)
    for helper in question.helpers:
        for near in crowds(model.of_helper[helper.id], helper.rest):
            if len(near) > 1:
                model.programme.row([(choice.variable, 1) for choice in near], most=1)
        _no_more_than_their_most(model, question, helper)
    return model


def crowds(choices: Sequence[Choice], rest: timedelta) -> Iterator[list[Choice]]:
    """The largest sets of a helper's choices that are all too near to each other, `less than `rest` apart."""
    crowd: list[Choice] = []
    for choice in choices:
        stays = [other for other in crowd if choice.shift.during.begins < other.shift.during.ends + rest]
        if len(crowd) > len(stays):
            yield crowd
        crowd = [*stays, choice]
    if crowd:
        yield crowd


def _no_more_than_room(model: Model, question: Question) -> None:
    for shift in question.shifts:
        if choices := model.of_shift[shift.id]:
            room = shift.most - len(question.holders[shift.id])
            model.programme.row([(choice.variable, 1) for choice in choices], most=room)


def _no_more_than_their_most(model: Model, question: Question, helper: Helper) -> None:
    if helper.most_per_week is None:
        return
    by_week = defaultdict(list)
    for choice in model.of_helper[helper.id]:
        by_week[week_of(choice.shift.during, question.tz)].append(choice.variable)
    for week, variables in by_week.items():
        room = helper.most_per_week - question.held_in(helper, week)
        model.programme.row([(variable, 1) for variable in variables], most=room)
