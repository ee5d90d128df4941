"""A picture of numbers: bars beside their names, or a line over time. Worked out here, drawn by a template. Pure.

Every number of it stands as text in the table beside it: both are made of the same `Point`s.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

WIDTH: Final = 700
LONGEST: Final = 80.0  # of a hundred: beyond the longest bar its number has room
ROW: Final = 48
LINE_HEIGHT: Final = 260
LEFT, RIGHT, TOP, BOTTOM = 56, 24, 28, 48
MOST_BARS: Final = 30
MOST_TICKS: Final = 12


@dataclass(frozen=True, slots=True)
class Point:
    """A value of the table: its name, its number as far as it may be told, and how both are written."""

    name: str
    number: float | None
    written: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar as it is drawn, under its name; `length` is in hundredths of the width, nought where the number is not told."""

    name: str
    written: str
    y: float
    length: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A point of a line as it is drawn; `named` where its name stands below it."""

    name: str
    written: str
    x: float
    y: float
    named: bool


@dataclass(frozen=True, slots=True)
class Band:
    """A stretch of time that is marked over a line, such as a campaign; `row` so that two do not hide each other."""

    name: str
    x: float
    width: float
    row: int


@dataclass(frozen=True, slots=True)
class Bars:
    """A picture of bars, and how many more there would be."""

    bars: Sequence[Bar]
    height: int
    left_out: int


@dataclass(frozen=True, slots=True)
class Line:
    """A picture of a line, broken where a number is not told; `top` is the number at the upper edge."""

    dots: Sequence[Dot]
    strokes: Sequence[str]
    bands: Sequence[Band]
    width: int
    height: int
    base: float
    top: str


def bars(points: Sequence[Point]) -> Bars:
    """Bars from left to right, one below the other, the first so many; as wide as the page has room for."""
    shown = points[:MOST_BARS]
    most = max((point.number or 0 for point in shown), default=0) or 1
    drawn = [
        Bar(one.name, one.written, at * ROW, round((one.number or 0) / most * LONGEST, 2))
        for at, one in enumerate(shown)
    ]
    return Bars(drawn, max(ROW, len(shown) * ROW), len(points) - len(shown))


def line(points: Sequence[Point], spans: Sequence[tuple[str, float, float]] = ()) -> Line:
    """A line over time, each point amid its stretch; `spans` are marked over stretches, such as (name, 1.5, 4) of 6."""
    rows = _rows(spans)
    top = TOP + 18 * (max(rows, default=-1) + 1)
    most = max((point.number or 0 for point in points), default=0) or 1
    best = max(points, key=lambda point: point.number or 0, default=Point("", None, ""))
    step = (WIDTH - LEFT - RIGHT) / max(1, len(points))
    every = -(-len(points) // MOST_TICKS) or 1
    base = float(LINE_HEIGHT - BOTTOM + top - TOP)
    dots = [
        None
        if one.number is None
        else Dot(
            one.name,
            one.written,
            round(LEFT + (at + 0.5) * step, 1),
            round(base - one.number / most * (base - top), 1),
            at % every == 0,
        )
        for at, one in enumerate(points)
    ]
    bands = [
        Band(name, round(LEFT + begins * step, 1), round(max(2.0, (ends - begins) * step), 1), row)
        for (name, begins, ends), row in zip(spans, rows, strict=True)
    ]
    drawn = [dot for dot in dots if dot is not None]
    return Line(drawn, list(_strokes(dots)), bands, WIDTH, int(base) + BOTTOM, base, best.written)


def _strokes(dots: Sequence[Dot | None]) -> Iterator[str]:
    """The stretches of the line between gaps, as SVG has points."""
    stretch: list[str] = []
    for dot in [*dots, None]:
        if dot is not None:
            stretch.append(f"{dot.x},{dot.y}")
        elif stretch:
            yield " ".join(stretch)
            stretch = []


def _rows(spans: Sequence[tuple[str, float, float]]) -> Sequence[int]:
    """The lowest row for each span in which it meets no other."""
    taken: list[float] = []
    rows = []
    for _, begins, ends in spans:
        row = next((at for at, until in enumerate(taken) if until <= begins), len(taken))
        taken[row : row + 1] = [ends]
        rows.append(row)
    return rows
