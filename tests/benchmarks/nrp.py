"""The nurse-rostering instances of schedulingbenchmarks.org: what one is, and how its text is read.

A roster is a tuple of one shift id or None per day. The rules are told at the place that breaks them: nrp_check.py, which
judges, and nrp_graph.py, which builds; neither knows the other.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

FOLDER: Final = Path(__file__).parents[3] / "shared" / "data" / "nrp"
BEST_KNOWN: Final = {1: 607, 2: 828, 3: 1001, 4: 1716}

Roster = tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of shift; none of `not_before` may be worked on the day after."""

    minutes: int
    not_before: frozenset[str]


@dataclass(frozen=True, slots=True)
class Contract:
    """What a person may work; times in minutes, runs in days. A run that touches either end may go on beyond it."""

    most_of: tuple[tuple[str, int], ...]
    most_minutes: int
    least_minutes: int
    longest_run: int
    shortest_run: int
    shortest_rest: int
    most_weekends: int


@dataclass(frozen=True, slots=True)
class Cover:
    """How many people a shift on a day should have, and what each too few or too many costs."""

    day: int
    kind: str
    needed: int
    under: int
    over: int


@dataclass(frozen=True, slots=True)
class Instance:
    """One instance, as it is read; wishes and aversions are (person, day, kind) → weight."""

    days: int
    kinds: dict[str, Kind]
    staff: dict[str, Contract]
    days_off: dict[str, frozenset[int]]
    wishes: dict[tuple[str, int, str], int]
    aversions: dict[tuple[str, int, str], int]
    cover: tuple[Cover, ...]


def load(number: int) -> Instance:
    """The instance of that number; a FileNotFoundError says where it was sought."""
    return read((FOLDER / f"Instance{number}.txt").read_text(encoding="utf-8"))


def read(text: str) -> Instance:
    """An instance from its text."""
    parts = dict(_sections(text))
    return Instance(
        days=int(parts["HORIZON"][0][0]),
        kinds={kind: Kind(int(minutes), _members(after)) for kind, minutes, after in parts["SHIFTS"]},
        staff={person: _contract(most, numbers) for person, most, *numbers in parts["STAFF"]},
        days_off={person: frozenset(map(int, days)) for person, *days in parts["DAYS_OFF"]},
        wishes=_requests(parts["SHIFT_ON_REQUESTS"]),
        aversions=_requests(parts["SHIFT_OFF_REQUESTS"]),
        cover=tuple(Cover(int(d), kind, int(n), int(u), int(o)) for d, kind, n, u, o in parts["COVER"]),
    )


def _sections(text: str) -> Iterator[tuple[str, list[list[str]]]]:
    for block in text.split("SECTION_")[1:]:
        name, *lines = block.splitlines()
        yield name.strip(), [line.strip().split(",") for line in lines if line.strip() and not line.startswith("#")]


def _members(text: str) -> frozenset[str]:
    return frozenset(text.split("|")) if text else frozenset()


def _contract(most: str, numbers: list[str]) -> Contract:
    most_of = tuple((kind, int(count)) for kind, count in (pair.split("=") for pair in most.split("|")))
    return Contract(most_of, *map(int, numbers))


def _requests(rows: list[list[str]]) -> dict[tuple[str, int, str], int]:
    return {(person, int(day), kind): int(weight) for person, day, kind, weight in rows}
