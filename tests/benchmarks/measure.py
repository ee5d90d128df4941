"""What a benchmark has measured, and how it is told."""

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter

from rich.table import Table


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure; `floor` is what it is held against, measured in the same run, and `at_most` the ratio or value allowed."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    at_most: float | None = None

    @property
    def ratio(self) -> float | None:
        """How many times the floor."""
        return self.value / self.floor if self.floor else None

    @property
    def holds(self) -> bool:
        """Whether it is within what is allowed."""
        measured = self.value if self.ratio is None else self.ratio
        return self.at_most is None or measured <= self.at_most


def milliseconds(act: Callable[[], object], times: int = 25) -> float:
    """The median time of doing it once."""
    took = []
    for _ in range(times):
        begun = perf_counter()
        act()
        took.append(perf_counter() - begun)
    return median(took) * 1000


def write(measured: Iterable[Measured], path: Path) -> None:
    """A list of {"name", "value", "unit", "floor", "ratio"}."""
    rows = [
        {"name": one.name, "value": one.value, "unit": one.unit, "floor": one.floor, "ratio": one.ratio}
        for one in measured
    ]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")


def as_table(measured: Iterable[Measured]) -> Table:
    """The figures for a terminal; what is over its limit stands out."""
    table = Table(title="Benchmarks")
    for heading in ("name", "value", "unit", "floor", "ratio", "at most", ""):
        table.add_column(heading, justify="left" if heading in ("name", "unit") else "right")
    for one in measured:
        floor = "" if one.floor is None else f"{one.floor:.3f}"
        ratio = "" if one.ratio is None else f"{one.ratio:.2f}"
        limit = "" if one.at_most is None else f"{one.at_most:.4g}"
        verdict = "" if one.at_most is None else ("ok" if one.holds else "OVER")
        table.add_row(one.name, f"{one.value:.4g}", one.unit, floor, ratio, limit, verdict)
    return table
