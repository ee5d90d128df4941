"""What a simulated day came to, for a person and for a program."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from scheduler.matching import Need
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one call; no wait means that no time could be promised."""

    need: Need
    wait: timedelta | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of 1: callers refused, Swedish-speaking callers refused, promises kept. Median wait from call to slot."""

    refused: float
    refused_sv: float
    kept: float
    wait: timedelta

    @classmethod
    def of(cls, fates: Collection[Fate]) -> "Result":
        """Count a day's calls."""
        promised = [fate for fate in fates if fate.wait is not None]
        waits = [fate.wait.total_seconds() for fate in promised if fate.wait is not None]
        return cls(
            _share_refused(fates),
            _share_refused([fate for fate in fates if fate.need.language is Language.SV]),
            _share(sum(fate.kept for fate in promised), len(promised), of_none=1.0),
            timedelta(seconds=median(waits) if waits else 0),
        )


@dataclass(frozen=True, slots=True)
class Report:
    """The same day under each policy; "late" is the product's own."""

    preset: str
    seed: int
    results: Mapping[str, Result]


def as_json(report: Report) -> str:
    """{"late": {"refused", "refused_sv", "kept"}, "round_robin": {…}}, shares of 1."""
    return json.dumps(
        {
            policy.replace("-", "_"): {
                "refused": round(result.refused, 5),
                "refused_sv": round(result.refused_sv, 5),
                "kept": round(result.kept, 5),
            }
            for policy, result in report.results.items()
        }
    )


def as_table(report: Report) -> Table:
    """The report for a terminal."""
    table = Table(title=f"{report.preset}, seed {report.seed}")
    for heading in ("helper chosen", "refused", "refused in Swedish", "promises kept", "median wait"):
        table.add_column(heading, justify="left" if heading == "helper chosen" else "right")
    for policy, result in report.results.items():
        table.add_row(
            policy,
            *(f"{share:.2%}" for share in (result.refused, result.refused_sv, result.kept)),
            f"{result.wait / timedelta(hours=1):.1f} h",
        )
    return table


@contextmanager
def progress(steps: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr that the yielded function moves on; nothing where stderr is no terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bar:
        calls = bar.add_task("calls", total=steps)
        yield lambda: bar.advance(calls)


def _share_refused(fates: Collection[Fate]) -> float:
    return _share(sum(fate.wait is None for fate in fates), len(fates), of_none=0.0)


def _share(part: int, whole: int, *, of_none: float) -> float:
    return part / whole if whole else of_none
