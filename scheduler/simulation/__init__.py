"""Days of calls, played against the real matching on a virtual clock: `run` is the way in."""

from scheduler.simulation.play import run
from scheduler.simulation.policies import COMPARISONS
from scheduler.simulation.presets import PRESETS
from scheduler.simulation.report import Report, as_json, as_table

__all__ = ["COMPARISONS", "PRESETS", "Report", "as_json", "as_table", "run"]
