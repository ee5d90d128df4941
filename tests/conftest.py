"""What every test may ask for: a clean PostgreSQL, a session, a cipher, and one moment that is now."""

import hashlib
import os
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psutil
import psycopg
import pytest
import structlog
from psycopg import sql
from sqlalchemy import Engine, make_url, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.routing import Rule

from admin import embedded, migrations
from tickets.store import Cipher, make_engine, make_session_factory

ROOT = Path(__file__).parents[1]
TEMPLATE = "digilinja_template_"
OURS = "digilinja_test_"
MAKING_TEMPLATE = 0x7465737400


@pytest.fixture(scope="session", autouse=True)
def _addresses_written_once() -> Iterator[None]:
    # werkzeug writes and compiles Python for each address of each application;
    # tests make applications by the thousand, all alike.
    write: Any = vars(Rule)["_compile_builder"]
    written: dict[str, Any] = {}

    def once(rule: Rule, append_unknown: bool = True) -> Any:
        made_of = repr((rule.rule, vars(rule)["_trace"], rule.defaults, append_unknown))
        if made_of not in written:
            written[made_of] = write(rule, append_unknown)
        return written[made_of]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Rule, "_compile_builder", once)
        yield


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    # By default structlog draws each error with all that its callers held, which takes seconds;
    # and a program that the test before started may have written elsewhere.
    structlog.reset_defaults()
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer()])


@pytest.fixture
def now() -> datetime:
    """Tuesday 24 November 2026, ten past nine in Helsinki."""
    return datetime(2026, 11, 24, 7, 10, tzinfo=UTC)


@pytest.fixture(scope="session")
def cipher() -> Cipher:
    """The cipher of all tests; one key, always the same."""
    return Cipher(["3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc="], b"an index key for tests")


@pytest.fixture(scope="session")
def server_url() -> str:
    """A running PostgreSQL: the configured one, else one from the wheel, shared by all test processes."""
    configured = os.environ.get("DIGILINJA_DATABASE_URL")
    if configured:
        return configured
    data_dir = ROOT / "var" / "tests"
    data_dir.mkdir(parents=True, exist_ok=True)
    url = embedded.start(data_dir)
    _hurry(url)
    return url


@pytest.fixture(scope="session")
def template(server_url: str) -> str:
    """The name of a migrated, empty database; made anew only when a migration changed."""
    steps = sorted((ROOT / "admin" / "migrations" / "versions").glob("*.py"))
    print_of_steps = hashlib.sha256(b"".join(step.read_bytes() for step in steps)).hexdigest()[:12]
    name = TEMPLATE + print_of_steps
    with _connect(server_url) as connection:
        connection.execute("SELECT pg_advisory_lock(%s)", [MAKING_TEMPLATE])
        if name not in _databases(connection, TEMPLATE):
            _make_template(connection, server_url, name)
    return name


@pytest.fixture(scope="session")
def database_url(server_url: str, template: str) -> Iterator[str]:
    """The database of this test process; use `database` or `session`, which keep it clean."""
    name = f"{OURS}{os.getpid()}"
    with _connect(server_url) as connection:
        _drop_leftovers(connection)
        _copy(connection, template, name)
    yield _url_of(server_url, name)
    with _connect(server_url) as connection:
        _drop(connection, name)


@pytest.fixture
def empty_database(server_url: str) -> Iterator[str]:
    """A database of its own, without any table."""
    name = f"{OURS}{os.getpid()}_empty"
    with _connect(server_url) as connection:
        _drop(connection, name)
        _copy(connection, "template0", name)
    yield _url_of(server_url, name)
    with _connect(server_url) as connection:
        _drop(connection, name)


@pytest.fixture(scope="session")
def _engine(database_url: str) -> Iterator[Engine]:
    engine = make_engine(database_url, pool_size=20)
    yield engine
    engine.dispose()


@pytest.fixture
def engine(_engine: Engine) -> Iterator[Engine]:
    """An engine on a migrated, empty database; whatever the test commits is wiped after it."""
    yield _engine
    _wipe(_engine)


@pytest.fixture
def database(engine: Engine) -> str:
    """The address of a migrated, empty database; whatever the test commits is wiped after it."""
    return engine.url.render_as_string(hide_password=False)


@pytest.fixture
def sessions(engine: Engine, cipher: Cipher) -> sessionmaker[Session]:
    """Sessions on the empty database, for tests with several threads or transactions."""
    return make_session_factory(engine, cipher)


@pytest.fixture
def session(sessions: sessionmaker[Session]) -> Iterator[Session]:
    """One session on the empty database."""
    with sessions() as session:
        yield session


def _hurry(url: str) -> None:
    # A test database that a power cut spoils is made anew, so nothing has to reach the disk.
    with _connect(url) as connection:
        for setting in ("fsync", "synchronous_commit", "full_page_writes"):
            connection.execute(sql.SQL("ALTER SYSTEM SET {} = off").format(sql.Identifier(setting)))
        connection.execute("SELECT pg_reload_conf()")


def _make_template(connection: psycopg.Connection, server_url: str, name: str) -> None:
    for old in _databases(connection, TEMPLATE):
        with suppress(psycopg.errors.ObjectInUse):
            _drop(connection, old)
    made = f"{name}_in_the_making"
    _copy(connection, "template0", made)
    migrations.upgrade(_url_of(server_url, made))
    connection.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(made), sql.Identifier(name)))


def _drop_leftovers(connection: psycopg.Connection) -> None:
    for name in _databases(connection, OURS):
        owner = int(name.removeprefix(OURS).split("_")[0])
        if owner == os.getpid() or not psutil.pid_exists(owner):
            _drop(connection, name)


def _copy(connection: psycopg.Connection, template: str, name: str) -> None:
    connection.execute(sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template)))


def _drop(connection: psycopg.Connection, name: str) -> None:
    connection.execute(sql.SQL("DROP DATABASE IF EXISTS {}").format(sql.Identifier(name)))


def _databases(connection: psycopg.Connection, prefix: str) -> list[str]:
    rows = connection.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [prefix])
    return [str(name) for (name,) in rows]


def _connect(url: str) -> psycopg.Connection:
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True)


def _url_of(server_url: str, database: str) -> str:
    return make_url(server_url).set(database=database).render_as_string(hide_password=False)


def _wipe(engine: Engine) -> None:
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text(WIPE))
        written = connection.scalars(text(WRITTEN)).all()
        if written:
            connection.execute(text(f"VACUUM {', '.join(written)}"))


# Of some seventy tables a test writes to a few: emptied one by one they cost a tenth of what TRUNCATE costs, which makes new
# files for them all. What is deleted leaves its pages behind, and the next test's rows would lie in its gaps in no order: VACUUM
# gives the pages back. Once a table has grown, all begin anew.
WRITTEN = """
SELECT oid::regclass::text FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
    AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
"""
WIPE = """
DO $$ DECLARE written regclass; BEGIN
    IF current_setting('is_superuser') = 'off' OR EXISTS (
        SELECT FROM pg_class WHERE relnamespace = 'public'::regnamespace AND pg_relation_size(oid) > 524288
    ) THEN
        EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY CASCADE'
            FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version');
        RETURN;
    END IF;
    SET LOCAL session_replication_role = replica;  -- in any order, also what is written for good
    FOR written IN SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind = 'r'
        AND relname <> 'alembic_version' AND pg_relation_size(oid) > 0
    LOOP
        EXECUTE format('DELETE FROM %s', written);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, start_value, false)
        FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
END $$
"""
