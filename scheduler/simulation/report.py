"""What the simulated days came to, for a person and for a program."""

import json
import sys
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Final

from rich.console import Console
from rich.progress import Progress

from scheduler.simulation.world import Call, WeeklyShift
from voice_prompts.language import Language

LATE: Final = "late"
ONE_MORE: Final = "late-one-more"

Stage = Callable[[str, int], Callable[[float], None]]


@dataclass(frozen=True, slots=True)
class Fate:
    """What became of one call: the start first promised, if any, and whether the telephone rang then."""

    call: Call
    start: datetime | None
    kept: bool


@dataclass(frozen=True, slots=True)
class Result:
    """Shares of 1: callers refused, Swedish-speaking callers refused, promises kept. Median wait from call to start."""

    refused: float
    refused_sv: float
    kept: float
    wait: timedelta
    fates: tuple[Fate, ...]

    @classmethod
    def of(cls, fates: Collection[Fate]) -> "Result":
        """Count some calls."""
        starts = [(fate.start - fate.call.at).total_seconds() for fate in fates if fate.start is not None]
        return cls(
            _share_refused(fates),
            _share_refused([fate for fate in fates if fate.call.need.language is Language.SV]),
            _share(sum(fate.kept for fate in fates), len(starts), of_none=1.0),
            timedelta(seconds=median(starts) if starts else 0),
            tuple(fates),
        )

    @property
    def turned_away(self) -> int:
        """How many callers were refused."""
        return sum(fate.start is None for fate in self.fates)

    @property
    def let_down(self) -> int:
        """How many promises were not kept."""
        return sum(fate.start is not None and not fate.kept for fate in self.fates)


@dataclass(frozen=True, slots=True)
class Report:
    """The same days under each policy; "late" is the line itself. `one_more` is the shift that had one more helper."""

    preset: str
    seed: int
    days: int
    results: Mapping[str, Result]
    one_more: WeeklyShift | None = None


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


@contextmanager
def progress() -> Iterator[Stage]:
    """Bars on stderr, one for each stage, which is begun with its name and length and then moved on; none off a terminal."""
    with Progress(console=Console(stderr=True), transient=True, disable=not sys.stderr.isatty()) as bars:

        def stage(name: str, length: int) -> Callable[[float], None]:
            bar = bars.add_task(name, total=length)
            return lambda steps: bars.advance(bar, steps)

        yield stage


def _share_refused(fates: Collection[Fate]) -> float:
    return _share(sum(fate.start is None for fate in fates), len(fates), of_none=0.0)


def _share(part: int, whole: int, *, of_none: float) -> float:
    return part / whole if whole else of_none
