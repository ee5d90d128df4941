"""The demo's processes: started together, watched, and stopped together."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import requests

from admin.errors import AdminError

START_WITHIN_S: Final = 60.0
STOP_WITHIN_S: Final = 20.0
LOOK_EVERY_S: Final = 0.1
LAST_LINES: Final = 5


@dataclass(frozen=True, slots=True)
class Part:
    """One process of the demo; `ready_at` is an address that answers once it is up."""

    name: str
    arguments: Sequence[str]
    ready_at: str | None = None


@dataclass
class Heartbeat:
    """Whether an address goes on answering: it may miss a few beats, as a busy machine does."""

    url: str
    patience: int = 5
    missed: int = 0

    def check(self) -> None:
        """AdminError after too many misses in a row."""
        self.missed = 0 if _answers(self.url) else self.missed + 1
        if self.missed >= self.patience:
            raise AdminError(f"{self.url} no longer answers: its database may have been stopped. Start the demo again")


class Processes:
    """Processes with one environment, each with a log of its own."""

    def __init__(self, environment: Mapping[str, str], logs: Path) -> None:
        self._environment = {**os.environ, **environment}
        self._logs = logs
        self._running: dict[str, subprocess.Popen[bytes]] = {}
        logs.mkdir(parents=True, exist_ok=True)

    def start(self, *parts: Part) -> None:
        """Start them all at once, and come back when each answers."""
        for part in parts:
            self._running[part.name] = self._spawn(part)
        deadline = time.monotonic() + START_WITHIN_S
        for part in parts:
            while part.ready_at is not None and not _answers(part.ready_at):
                self.check()
                if time.monotonic() > deadline:
                    raise AdminError(f"The {part.name} did not start in time; see {self._log(part.name)}")
                time.sleep(LOOK_EVERY_S)

    def check(self) -> None:
        """AdminError with the last words of a process that has ended."""
        for name, process in self._running.items():
            if process.poll() is not None:
                how = f"was killed (signal {-process.returncode})" if process.returncode < 0 else "has stopped"
                raise AdminError(f"The {name} {how}; its last words ({self._log(name)}):\n{self._last_words(name)}")

    def stop(self) -> None:
        """End them all, the last started first; whoever does not listen is killed."""
        for process in reversed(self._running.values()):
            process.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + STOP_WITHIN_S
        for process in self._running.values():
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        self._running.clear()

    def _spawn(self, part: Part) -> subprocess.Popen[bytes]:
        with self._log(part.name).open("wb") as log:
            return subprocess.Popen(
                [sys.executable, "-m", "admin", *part.arguments],
                env=self._environment,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C is for the demo, which then stops each in turn
            )

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _last_words(self, name: str) -> str:
        return "\n".join(self._log(name).read_text(errors="replace").strip().splitlines()[-LAST_LINES:])


def _answers(url: str) -> bool:
    try:
        return requests.get(url, timeout=5).ok
    except requests.RequestException:
        return False
