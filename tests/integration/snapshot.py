"""What a database holds, kept to be put back: a process works the demo out once, and copies it for every other test."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

import psycopg
from psycopg import sql
from sqlalchemy import Connection, Engine

from admin.demo.data import DemoData, fill
from admin.parts import Parts

T = TypeVar("T")
WRITTEN = """SELECT relname FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0"""
COUNTED = "SELECT sequencename, last_value FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL"


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The rows of every table, and how far its numbers have been given out."""

    rows: dict[str, bytes]
    counted: dict[str, int]

    @classmethod
    def of(cls, connection: psycopg.Connection[Any]) -> "Snapshot":
        """What the database holds now."""
        rows = {table: _copied(connection, table) for (table,) in connection.execute(WRITTEN).fetchall()}
        return cls(rows, dict(connection.execute(COUNTED).fetchall()))

    def put_back(self, connection: psycopg.Connection[Any]) -> None:
        """Into an empty database; in any order, for the rows fitted together when they were taken."""
        connection.execute("SET LOCAL session_replication_role = replica")
        for table, rows in self.rows.items():
            into = sql.SQL("COPY {} FROM STDIN (FORMAT binary)").format(sql.Identifier(table))
            with connection.cursor().copy(into) as copy:
                copy.write(rows)
        for sequence, last in self.counted.items():
            connection.execute("SELECT setval(%s::regclass, %s)", [sql.Identifier(sequence).as_string(), last])
        connection.execute("SET LOCAL session_replication_role = origin")


_KEPT: dict[object, tuple[Any, Snapshot]] = {}


def demo_in(parts: Parts, now: datetime) -> DemoData:
    """The demo's network, put in."""

    def make() -> DemoData:
        with parts.sessions.begin() as session:
            return fill(session, seed=1, now=now)

    made_of = ("demo", now, parts.settings.data_keys, parts.settings.index_key)
    return copied(parts.engine, made_of, make)


def copied(engine: Engine, made_of: object, make: Callable[[], T]) -> T:
    """What `make` puts into an empty database, and gives: made once for all that is made of the same."""
    with engine.begin() as connection:
        driver = _driver_of(connection)
        may_copy = driver.execute("SELECT current_setting('is_superuser')").fetchone() == ("on",)
        if may_copy and made_of in _KEPT:
            made, snapshot = _KEPT[made_of]
            snapshot.put_back(driver)
            return made  # type: ignore[no-any-return]
    made = make()
    with engine.connect() as connection:
        _KEPT[made_of] = (made, Snapshot.of(_driver_of(connection)))
    return made


def _driver_of(connection: Connection) -> psycopg.Connection[Any]:
    driver = connection.connection.driver_connection
    assert isinstance(driver, psycopg.Connection)
    return driver


def _copied(connection: psycopg.Connection[Any], table: str) -> bytes:
    with connection.cursor().copy(sql.SQL("COPY {} TO STDOUT (FORMAT binary)").format(sql.Identifier(table))) as copy:
        return b"".join(bytes(part) for part in copy)
