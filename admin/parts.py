"""What every page is given: settings, clock and database, made once by the composition root."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from flask import Flask, current_app
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from admin.settings import Settings
from scheduler.ports import Clock
from scheduler.slots import Grid

PARTS: Final = "digilinja"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running process."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]
    grid: Grid = field(default_factory=Grid)

    def give_to(self, app: Flask) -> None:
        """Let the pages of this application find their parts."""
        app.extensions[PARTS] = self


def parts() -> Parts:
    """The parts of the application that answers now."""
    found = current_app.extensions[PARTS]
    assert isinstance(found, Parts)
    return found


def now() -> datetime:
    """The present moment, as the line sees it."""
    return parts().clock.now()


@contextmanager
def transaction() -> Iterator[Session]:
    """One page, one transaction: written whole when the page is done, not at all when it fails."""
    with parts().sessions.begin() as session:
        yield session
