"""A database for what must touch nobody's data: a PostgreSQL of its own in a scratch folder, gone afterwards."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory
from typing import Final

import psutil
from cryptography.fernet import Fernet
from sqlalchemy import text
from sqlalchemy.orm import Session, sessionmaker

from admin import embedded, migrations
from tickets.store import Cipher, make_engine, make_session_factory

STOPPED_WITHIN_S: Final = 30
# Nothing of it outlives the command, so nothing has to reach the disk.
HURRY: Final = ("fsync", "synchronous_commit", "full_page_writes")


@contextmanager
def scratch_server() -> Iterator[str]:
    """The address of an empty, migrated database, whatever database is configured."""
    with TemporaryDirectory(prefix="digilinja-scratch-", ignore_cleanup_errors=True) as folder:
        url = embedded.start(Path(folder))
        # Stopped here, while its folder is still there: it would stop by itself only at the end of this process.
        server = psutil.Process(int((Path(folder) / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
        try:
            _hurry(url)
            migrations.upgrade(url)
            yield url
        finally:
            server.send_signal(SIGINT)
            server.wait(timeout=STOPPED_WITHIN_S)


@contextmanager
def scratch_database() -> Iterator[sessionmaker[Session]]:
    """Sessions on such a database, one at a time, under keys of their own."""
    with scratch_server() as url:
        engine = make_engine(url)
        sessions = make_session_factory(engine, Cipher([Fernet.generate_key().decode()], Fernet.generate_key()))
        with engine.connect() as connection:
            sessions.configure(bind=connection)
            yield sessions
        engine.dispose()


def _hurry(url: str) -> None:
    engine = make_engine(url)
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        for setting in HURRY:
            connection.execute(text(f"ALTER SYSTEM SET {setting} = off"))
        connection.execute(text("SELECT pg_reload_conf()"))
    engine.dispose()
