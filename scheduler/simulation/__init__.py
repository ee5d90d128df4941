"""Days of calls, played against the line itself on a virtual clock: `run` is the way in."""

from scheduler.simulation.play import Question, run
from scheduler.simulation.policies import COMPARISONS
from scheduler.simulation.presets import PRESETS, Preset
from scheduler.simulation.report import Report, as_json
from scheduler.simulation.tables import By, as_tables
from scheduler.simulation.world import WeeklyShift

__all__ = ["COMPARISONS", "PRESETS", "By", "Preset", "Question", "Report", "WeeklyShift", "as_json", "as_tables", "run"]
