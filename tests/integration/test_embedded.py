"""The embedded PostgreSQL, with real processes: shared, found again, and back after a kill."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psutil
import pytest

# A process that joins the folder's server, does what it is told, says so, and leaves when its input closes.
PROCESS = """
import sys
from pathlib import Path
import sqlalchemy
from admin import embedded
engine = sqlalchemy.create_engine(embedded.start(Path(sys.argv[1])))
with engine.begin() as connection:
    for statement in sys.argv[2].split(";"):
        result = connection.exec_driver_sql(statement)
    said = result.scalar()
print(said, flush=True)  # only what is committed is said
engine.dispose()
sys.stdin.read()
"""
WRITE = "CREATE TABLE kept AS SELECT 7 AS word; SELECT word FROM kept"
READ = "SELECT word FROM kept"
WHO = "SELECT pg_postmaster_start_time()::text"


@contextmanager
def process(folder: Path, sql: str) -> Iterator[str]:
    command = [sys.executable, "-W", "error", "-c", PROCESS, str(folder), sql]
    with subprocess.Popen(
        command,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        cwd=Path(__file__).parents[2],
    ) as running:
        assert running.stdout is not None
        yield running.stdout.readline().strip()
        assert running.stdin is not None
        running.stdin.close()
        assert running.wait(timeout=60) == 0


def server_of(folder: Path) -> psutil.Process:
    return psutil.Process(int((folder / "postgres/postmaster.pid").read_text().splitlines()[0]))


def runs(server: psutil.Process) -> bool:
    return server.is_running() and server.status() != psutil.STATUS_ZOMBIE


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "var"


def test_two_processes_share_one_server_and_the_last_one_stops_it(folder: Path) -> None:
    with process(folder, WHO) as first:
        with process(folder, WHO) as second:
            server = server_of(folder)
        assert first == second
        assert runs(server)
    assert not runs(server)


def test_a_second_start_finds_what_the_first_one_wrote(folder: Path) -> None:
    with process(folder, WRITE) as written:
        assert written == "7"
    with process(folder, READ) as read:
        assert read == "7"


def test_a_server_that_was_killed_comes_back_with_its_data(folder: Path) -> None:
    with process(folder, WRITE):
        server = server_of(folder)
        os.kill(server.pid, signal.SIGKILL)
        server.wait(timeout=30)
        with process(folder, READ) as read:
            assert read == "7"


def test_a_server_whose_number_another_process_has_now_is_not_taken_for_running(
    folder: Path,
) -> None:
    with process(folder, WRITE):
        pass
    stale = folder / "postgres/postmaster.pid"
    stale.write_text(f"{os.getpid()}\n{folder}/postgres\n1\n5432\n{folder}/postgres\n\n1 1\nready\n")
    with process(folder, READ) as read:
        assert read == "7"
