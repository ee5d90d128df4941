"""What every page is given: settings, clock and database, made once by the composition root."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from flask import Flask, current_app, request
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from admin import embedded
from admin.settings import Settings
from scheduler.ports import Clock
from tickets.store import Cipher, make_engine, make_session_factory

PARTS: Final = "digilinja"


@dataclass(frozen=True, slots=True)
class Parts:
    """The parts of one running process."""

    settings: Settings
    clock: Clock
    engine: Engine
    sessions: sessionmaker[Session]

    def give_to(self, app: Flask) -> None:
        """Let the pages of this application find their parts."""
        app.extensions[PARTS] = self


def assemble(settings: Settings) -> Parts:
    """Make the parts of this process, web or not: its clock, its database, its cipher."""
    url = settings.database_url or embedded.start(settings.data_dir)
    engine = make_engine(url)
    cipher = Cipher.from_settings(settings.data_keys, settings.index_key)
    return Parts(settings, settings.clock_now(), engine, make_session_factory(engine, cipher))


def parts() -> Parts:
    """The parts of the application that answers now."""
    found = current_app.extensions[PARTS]
    assert isinstance(found, Parts)
    return found


def now() -> datetime:
    """The present moment, as the line sees it."""
    return parts().clock.now()


def address_here() -> str:
    """Where people and programs reach us: as it is set, else as whoever asks has reached us."""
    return (parts().settings.public_url or request.host_url).rstrip("/")


@contextmanager
def transaction() -> Iterator[Session]:
    """One page, one transaction: written whole when the page is done, not at all when it fails."""
    with parts().sessions.begin() as session:
        yield session
