"""A wheel carries what the pages borrow; an installation in place has it from `make setup`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Assets(BuildHookInterface):  # type: ignore[type-arg]
    """Lays out the borrowed files before a wheel is packed."""

    def initialize(self, version: str, build_data: dict[str, object]) -> None:
        """Fetch them by their lock."""
        if version == "editable":
            return
        with tempfile.TemporaryDirectory() as folder:
            bundle = Path(self.root) / "admin" / "assets" / "bundle.py"
            subprocess.run([sys.executable, str(bundle), folder], check=True)
