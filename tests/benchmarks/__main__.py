"""`make bench`: every figure, to a table and to var/bench.json."""

from pathlib import Path

from rich.console import Console

from tests.benchmarks import autofill, calls, learning, matching, offers, pages, protection, simulated, tickets
from tests.benchmarks.ground import ground
from tests.benchmarks.measure import Measured, as_table, write


def main() -> None:
    """Measure all, nothing else going on if possible."""
    measured: list[Measured] = [*matching.measure(), *simulated.measure(), *autofill.measure(), *protection.measure()]
    with ground() as line:
        measured += calls.measure(line)
    with ground() as line:
        measured += offers.measure(line)
    measured += tickets.measure()
    measured += learning.measure()
    measured += pages.measure()
    write(measured, Path("var/bench.json"))
    Console().print(as_table(measured))


if __name__ == "__main__":
    main()
