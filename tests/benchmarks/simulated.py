"""The simulated day, played on the line itself, with its two shares against those of round robin on the same day."""

from collections.abc import Iterator
from time import perf_counter

from admin.scratch import scratch_database
from scheduler.simulation import PRESETS, Question, run
from tests.benchmarks.measure import Measured

NATIONAL = "national"


def measure() -> Iterator[Measured]:
    """Preset national; callers refused may be a third of round robin's, in Swedish a half."""
    with scratch_database() as sessions:
        begun = perf_counter()
        report = run(Question(NATIONAL, PRESETS[NATIONAL], compare="round-robin"), sessions)
        took = perf_counter() - begun
    late, other = report.results["late"], report.results["round-robin"]
    yield Measured("national day: refused", late.refused, "share", other.refused, at_most=1 / 3)
    yield Measured("national day: refused in Swedish", late.refused_sv, "share", other.refused_sv, at_most=1 / 2)
    yield Measured("national day: promises kept", late.kept, "share", other.kept)
    yield Measured("national day: both policies, played in", took, "s", at_most=300)
