"""What a running demo tells the commands in other terminals: its clock, its addresses, its account."""

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Final

import psutil

NAME: Final = "demo.json"


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the demo: its process, the settings its parts share, and whether its clock is the real one."""

    pid: int
    began: float  # the process's own start, as another may have its number by now
    settings: Mapping[str, str]
    real_time: bool

    @property
    def going_on(self) -> bool:
        """Whether it runs still."""
        try:
            return psutil.Process(self.pid).create_time() == self.began
        except psutil.NoSuchProcess:
            return False


def this_run(settings: Mapping[str, str], *, real_time: bool) -> Run:
    """A run of this very process."""
    return Run(os.getpid(), psutil.Process().create_time(), settings, real_time)


def last_run(data_dir: Path) -> Run | None:
    """The last run in this folder, whether or not it goes on."""
    try:
        kept = json.loads((data_dir / NAME).read_text(encoding="utf-8"))
        return Run(**kept)
    except (OSError, ValueError, TypeError):
        return None


def note(data_dir: Path, run: Run) -> None:
    """Leave word of a run, for its owner's eyes only: the settings hold its keys."""
    data_dir.mkdir(parents=True, exist_ok=True)
    draft = data_dir / f".{NAME}-{os.getpid()}"
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w", encoding="utf-8") as file:
        json.dump(asdict(run), file)
    draft.replace(data_dir / NAME)


def environment(given: Mapping[str, str]) -> Mapping[str, str]:
    """The environment, and below it what a demo that goes on in the same folder has set; never beside a real database."""
    if given.get("DIGILINJA_DATABASE_URL"):
        return given
    run = last_run(Path(given.get("DIGILINJA_DATA_DIR") or "var"))
    return {**run.settings, **given} if run is not None and run.going_on else given
