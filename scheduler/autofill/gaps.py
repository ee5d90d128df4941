"""Why a place stays open: the rules, one after the other, until the last who could take it is shut out. Pure.

A proposal that is best leaves nobody who could simply be added, so the reason is what the rules say and no guess.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator

from scheduler.autofill.asked import Helper, Shift, Spoken
from scheduler.autofill.proposed import Assignment, Gap, Reason
from scheduler.autofill.question import Question
from scheduler.autofill.rules import answers, shut_out
from scheduler.autofill.spoken import Stretch, runs_throughout, stretches
from scheduler.slots import Span
from voice_prompts.language import Language

ORDER = tuple(Reason)


def gaps_of(question: Question, places: Iterable[Assignment]) -> Iterator[Gap]:
    """Every gap that these places leave, by time; first places, then languages."""
    filled = _Filled(question, places)
    for shift in question.shifts:
        missing = shift.needed - len(filled.members[shift.id])
        if missing > 0:
            reason, about = _why(
                filled.out_of(shift, helper) for helper in question.helpers if helper.id not in filled.members[shift.id]
            )
            yield Gap(shift.id, missing, reason, about, shift.language)
    yield from _unspoken(question, filled)


class _Filled:
    """The rota as it would be: who is in which shift, and when each helper is on duty."""

    def __init__(self, question: Question, places: Iterable[Assignment]) -> None:
        self._question = question
        during = {shift.id: shift.during for shift in question.shifts}
        self.members = {shift: set(helpers) for shift, helpers in question.holders.items()}
        self.on_duty: dict[int, list[Span]] = defaultdict(list)
        for helper in question.helpers:
            self.on_duty[helper.id] += [place.during for place in helper.holds]
        for place in places:
            self.members[place.shift].add(place.helper)
            self.on_duty[place.helper].append(during[place.shift])

    def out_of(self, shift: Shift, helper: Helper) -> tuple[Reason, int]:
        """What keeps the helper out of another place in the shift."""
        reason = shut_out(helper, shift, self.on_duty[helper.id], self._question.tz)
        full = len(self.members[shift.id]) >= shift.most
        return reason or (Reason.FULL if full else Reason.NOT_SOUGHT), helper.id

    def silent(self, stretch: Stretch, spoken: Spoken) -> bool:
        """Whether nobody on duty then speaks it."""
        present = (
            h for h in self._question.helpers if any(runs_throughout(s, stretch.during) for s in self.on_duty[h.id])
        )
        return not any(answers(helper, spoken) for helper in present)

    def silent_because(self, stretch: Stretch, spoken: Spoken, helper: Helper) -> tuple[Reason, int]:
        """What keeps the helper from being the one who speaks it, in the shift in which they come closest."""
        closest = max((self.out_of(shift, helper)[0] for shift in stretch.running), key=ORDER.index)
        speaks = answers(helper, spoken) or closest is Reason.NOBODY_FITS
        return closest if speaks else Reason.NO_SPEAKER, helper.id


def _unspoken(question: Question, filled: _Filled) -> Iterator[Gap]:
    of_places: dict[tuple[int, Reason, tuple[int, ...], Spoken], None] = {}
    for stretch in stretches(question):
        for spoken in stretch.spoken:
            if filled.silent(stretch, spoken):
                shift = next(shift for shift in stretch.running if spoken in shift.spoken)
                why = _why(filled.silent_because(stretch, spoken, helper) for helper in question.helpers)
                of_places[shift.id, *why, spoken] = None
    together: dict[tuple[int, Reason, tuple[int, ...], Language], list[str]] = defaultdict(list)
    for shift_id, reason, about, spoken in of_places:
        together[shift_id, reason, about, spoken.language].append(spoken.municipality)
    for (shift_id, reason, about, language), municipalities in together.items():
        yield Gap(shift_id, 1, reason, about, language, tuple(sorted(municipalities)))


def _why(shut_out_by: Iterable[tuple[Reason, int]]) -> tuple[Reason, tuple[int, ...]]:
    each = list(shut_out_by)
    last = max((reason for reason, _ in each), key=ORDER.index, default=Reason.NOBODY_FITS)
    return last, tuple(helper for reason, helper in each if reason is last)
