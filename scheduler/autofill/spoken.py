"""When which language is to be spoken for which municipality: time cut where shifts and held places begin and end. Pure."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, pairwise

from scheduler.autofill.asked import Helper, Shift, Spoken
from scheduler.autofill.question import Question
from scheduler.autofill.rules import answers
from scheduler.slots import Span


@dataclass(frozen=True, slots=True)
class Stretch:
    """A time in which the same shifts run, and what shall be spoken in it, without what who is on duty speaks already."""

    during: Span
    running: tuple[Shift, ...]
    spoken: tuple[Spoken, ...]


def stretches(question: Question) -> Iterator[Stretch]:
    """All times in which somebody is still wanted who speaks a language, in order."""
    held = (place.during for helper in question.helpers for place in helper.holds)
    spans = chain((shift.during for shift in question.shifts), held)
    edges = sorted({edge for span in spans for edge in (span.begins, span.ends)})
    for begins, ends in pairwise(edges):
        during = Span(begins, ends)
        running = tuple(shift for shift in question.shifts if runs_throughout(shift.during, during))
        wanted = sorted(frozenset[Spoken]().union(*(shift.spoken for shift in running)))
        if wanted and (spoken := _not_answered(question, during, wanted)):
            yield Stretch(during, running, spoken)


def runs_throughout(span: Span, during: Span) -> bool:
    """Whether the span holds all of the other."""
    return span.begins <= during.begins and during.ends <= span.ends


def _not_answered(question: Question, during: Span, wanted: list[Spoken]) -> tuple[Spoken, ...]:
    on_duty = [helper for helper in question.helpers if _holds(helper, during)]
    return tuple(spoken for spoken in wanted if not any(answers(helper, spoken) for helper in on_duty))


def _holds(helper: Helper, during: Span) -> bool:
    return any(runs_throughout(place.during, during) for place in helper.holds)
