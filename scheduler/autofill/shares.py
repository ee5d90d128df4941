"""What a proposal means for each helper. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from itertools import permutations

from scheduler.autofill.asked import Helper
from scheduler.autofill.proposed import Assignment, Share
from scheduler.autofill.question import Question
from scheduler.autofill.rules import hardly_before, likes
from scheduler.slots import Span


def shares_of(question: Question, places: Iterable[Assignment]) -> Iterator[Share]:
    """Each helper's share, in the order of helpers."""
    during = {shift.id: shift.during for shift in question.shifts}
    proposed: dict[int, list[Span]] = defaultdict(list)
    for place in places:
        proposed[place.helper].append(during[place.shift])
    for helper in question.helpers:
        yield _share(question, helper, proposed[helper.id])


def _share(question: Question, helper: Helper, proposed: list[Span]) -> Share:
    held = [place.during for place in helper.holds]
    return Share(
        helper.id,
        len(proposed),
        sum(question.held_in(helper, week) for week in question.weeks),
        None if helper.wished is None else helper.wished * len(question.weeks),
        sum(not likes(helper, span) for span in proposed),
        _short_rests(question, proposed, held),
        helper.done + len(held) + len(proposed),
        question.due(helper),
    )


def _short_rests(question: Question, proposed: list[Span], held: list[Span]) -> int:
    known = {later for earlier, later in permutations(held, 2) if hardly_before(earlier, later.begins, question.calm)}
    both = permutations([*proposed, *held], 2)
    short = {later for earlier, later in both if hardly_before(earlier, later.begins, question.calm)}
    return len(short - known)
