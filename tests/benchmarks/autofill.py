"""Autofill of four weeks for a hundred helpers, and the four public nurse-rostering instances."""

from collections.abc import Iterator
from datetime import date, time, timedelta
from random import Random
from time import perf_counter

from rich.console import Console

from scheduler.autofill import Helper, Shift, Spoken, propose
from scheduler.autofill.aims import AIMS
from scheduler.slots import DAY, span_on
from tests.benchmarks.measure import Measured
from tests.benchmarks.nrp import BEST_KNOWN, load
from tests.benchmarks.nrp_check import broken_rules, penalty
from tests.benchmarks.nrp_solve import solve
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

MONDAY = date(2026, 11, 30)
WEEKS, HELPERS = 4, 100
BILINGUAL = ("091", "049", "235", "853")
# Eight shifts a working day: two of three hours at a time before and after noon, and two short ones each.
HOURS = ((9, 12), (9, 12), (9, 12), (10, 12), (12, 15), (12, 15), (12, 15), (13, 15))


def measure() -> Iterator[Measured]:
    """The public instances against the best that anyone has found; then a rota of our own size."""
    for number, best in BEST_KNOWN.items():
        yield from _instance(number, best)
    shifts, helpers = four_weeks(1)
    begun = perf_counter()
    proposal = propose(shifts, helpers, limit=timedelta(seconds=30))
    yield Measured(f"autofill: {HELPERS} helpers, {WEEKS} weeks of 40 shifts", perf_counter() - begun, "s", at_most=30)
    unproven = [one.aim for one in proposal.reached if one.value > one.bound]
    yield Measured(
        "autofill: aims not proven best", len(AIMS) - len(proposal.reached) + len(unproven), "aims", at_most=0
    )


def _instance(number: int, best: int) -> Iterator[Measured]:
    try:
        instance = load(number)
    except FileNotFoundError as error:
        Console().print(f"Nurse rostering {number} is not measured: {error.filename} is not there.")
        return
    begun = perf_counter()
    solved = solve(instance, timedelta(seconds=60))
    took = perf_counter() - begun
    if broken := broken_rules(instance, solved.rosters):
        raise AssertionError(f"nurse rostering {number}: {broken}")
    yield Measured(f"nurse rostering {number}", penalty(instance, solved.rosters), "penalty", best, at_most=1)
    yield Measured(f"nurse rostering {number}: solved in", took, "s", at_most=60)


def four_weeks(seed: int) -> tuple[tuple[Shift, ...], tuple[Helper, ...]]:
    """40 shifts a week with places for about as many as the helpers wish, a part of them Swedish or of one organisation."""
    random = Random(seed)
    days = [MONDAY + DAY * (7 * week + day) for week in range(WEEKS) for day in range(5)]
    spoken = frozenset(Spoken(code, Language.SV) for code in BILINGUAL)
    shifts = tuple(
        Shift(
            number,
            span_on(day, time(begins), time(ends)),
            needed=random.choice((1, 1, 2, 2, 3)),
            most=3,
            organisation=random.choice((None, None, None, 1, 2, 3)),
            language=Language.SV if random.random() < 0.1 else None,
            kind=HelperKind.STAFF if random.random() < 0.1 else None,
            spoken=spoken,
        )
        for number, (day, (begins, ends)) in enumerate((day, hours) for day in days for hours in HOURS)
    )
    return shifts, tuple(_helper(number, days, random) for number in range(HELPERS))


def _helper(number: int, days: list[date], random: Random) -> Helper:
    swedish = random.random() < 0.15
    likes = random.sample(range(5), 3)
    organisation = random.randrange(1, 6)
    return Helper(
        number,
        organisation,
        HelperKind.STAFF if random.random() < 0.3 else HelperKind.VOLUNTEER,
        frozenset(Language) if swedish else frozenset({Language.FI}),
        serves=frozenset(random.sample(BILINGUAL, 3)) | {"837"} if organisation > 2 else frozenset(),
        can=tuple(span_on(day, time(9), time(15)) for day in days if day.weekday() in likes),
        cannot=tuple(span_on(day, time(8), time(18)) for day in random.sample(days, 5)),
        wished=random.choice((0, 1, 1, 2, 2, 3, None)),
        most_per_week=random.choice((2, 3, 4)),
        rest=timedelta(hours=random.choice((0, 11))),
        done=random.randrange(20),
        wished_before=random.randrange(5, 15),
    )
