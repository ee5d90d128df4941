"""What is summed, and what of it is shown: counts, shares, the median. Pure."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Final, Self

from tickets.statistics.dimensions import Measure
from tickets.statistics.suppression import is_small

ROUNDED_TO: Final = 5


@dataclass(frozen=True, slots=True)
class Sums:
    """The sums of some support events, and of gatherings in the same place."""

    events: int = 0
    matters: int = 0
    same_day: int = 0
    solved: int = 0
    promises: int = 0
    kept: int = 0
    rang_again: int = 0
    training: int = 0
    answered: int = 0
    helped: int = 0
    minutes: int = 0
    waits: Mapping[int, int] = field(default_factory=dict)
    gatherings: int = 0
    gathered: int = 0


@dataclass(frozen=True, slots=True)
class MonthSums:
    """The sums of a month with one value of a dimension, of one organisation or none (0)."""

    month: date
    value: str
    organisation_id: int
    sums: Sums


@dataclass(frozen=True, slots=True)
class Figure:
    """A number that is shown; none where there is nothing to tell or it is not to be told.

    `rounded`: to the nearest five, as the exact number would give a hidden one of a shorter period away.
    """

    number: float | None = None
    hidden: bool = False
    rounded: bool = False

    @classmethod
    def of(cls, count: int, how: "Shown") -> Self:
        """A count, shown as it may be."""
        match how:
            case Shown.HIDDEN:
                return cls(None, hidden=True)
            case Shown.ROUNDED:
                return cls((count + ROUNDED_TO // 2) // ROUNDED_TO * ROUNDED_TO, rounded=True)
            case Shown.EXACT:
                return cls(count)


class Shown(StrEnum):
    """How a count is shown."""

    EXACT = "exact"
    ROUNDED = "rounded"
    HIDDEN = "hidden"


@dataclass(frozen=True, slots=True)
class Row:
    """One value of what a table is by, and its figures in the order of the measures."""

    value: str
    figures: tuple[Figure, ...]

    def __getitem__(self, measure: Measure) -> Figure:
        """Its figure for a measure."""
        return self.figures[list(Measure).index(measure)]


COUNTED: Final = (Measure.EVENTS, Measure.RANG_AGAIN, Measure.TRAINING, Measure.GATHERED)


def added(all_of_them: Iterable[Sums]) -> Sums:
    """Several sums as one."""
    several = tuple(all_of_them)
    if len(several) == 1:
        return several[0]
    waits: Counter[int] = Counter()
    for one in several:
        waits.update(one.waits)
    numbers = (sum(getattr(one, name) for one in several) for name in Sums.__slots__ if name != "waits")
    names = (name for name in Sums.__slots__ if name != "waits")
    return Sums(**dict(zip(names, numbers, strict=True)), waits=waits)


def count_of(sums: Sums, measure: Measure) -> int:
    """A measure that is a count of people or calls."""
    match measure:
        case Measure.RANG_AGAIN:
            return sums.rang_again
        case Measure.TRAINING:
            return sums.training
        case Measure.GATHERED:
            return sums.gathered
        case _:
            return sums.events


def row_of(value: str, sums: Sums, shown: Mapping[Measure, Shown]) -> Row:
    """What is shown of some sums; of hidden events nothing is told, and no share or median is of fewer than five."""
    closed = shown[Measure.EVENTS] is Shown.HIDDEN
    shares = {
        Measure.SAME_DAY_SHARE: (sums.same_day, sums.matters),
        Measure.KEPT_SHARE: (sums.kept, sums.promises),
        Measure.SOLVED_SHARE: (sums.solved, sums.matters),
        Measure.HELPED_SHARE: (sums.helped, sums.answered),
    }
    figures = {measure: _share(*parts, hidden=closed) for measure, parts in shares.items()}
    for measure in COUNTED:
        how = Shown.HIDDEN if closed and measure is not Measure.GATHERED else shown[measure]
        figures[measure] = Figure.of(count_of(sums, measure), how)
    figures[Measure.MEDIAN_WAIT] = _median(sums.waits, hidden=closed)
    figures[Measure.GATHERINGS] = Figure(sums.gatherings)
    return Row(value, tuple(figures[measure] for measure in Measure))


def _share(part: int, whole: int, *, hidden: bool) -> Figure:
    if hidden or is_small(whole):
        return Figure(None, hidden=True)
    return Figure(round(part / whole, 2) if whole else None)


def _median(waits: Mapping[int, int], *, hidden: bool) -> Figure:
    """The wait of whoever is in the middle; of an even number, of the earlier one."""
    several = sum(waits.values())
    if hidden or is_small(several):
        return Figure(None, hidden=True)
    before = 0
    for wait in sorted(waits):
        before += waits[wait]
        if 2 * before >= several:
            return Figure(wait)
    return Figure()
