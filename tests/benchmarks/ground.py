"""A line to ring: its own folder, embedded PostgreSQL, demo data and web processes; and the floors beside it."""

import os
import socket
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPConnection
from json import loads
from pathlib import Path
from signal import SIGINT
from tempfile import TemporaryDirectory
from time import monotonic
from urllib.parse import urlencode

import psutil
import psycopg

from admin import embedded
from admin.settings import Settings
from tests.benchmarks.caller import Account
from tests.benchmarks.floors import TABLES

SID, TOKEN = "AC" + "0" * 31 + "1", "0123456789abcdef" * 2
WORKERS, THREADS = "2", "4"  # both the product and the floors


@dataclass(frozen=True, slots=True)
class Ground:
    """A migrated database with demo data, and how to reach it."""

    account: Account
    settings: Settings
    line: str
    environment: Mapping[str, str]
    port: int


class Connection:
    """One HTTP connection, kept open as an operator's is."""

    def __init__(self, port: int) -> None:
        self._http = HTTPConnection("127.0.0.1", port, timeout=30)

    def post(self, path: str, form: Mapping[str, str], signature: str) -> str:
        """The reply's body; AssertionError unless it is a 200."""
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        self._http.request("POST", path, urlencode(form), headers)
        response = self._http.getresponse()
        body = response.read().decode()
        assert response.status == 200, f"{path}: {response.status} {body[:200]}"
        return body


@contextmanager
def ground() -> Iterator[Ground]:
    """A folder of its own, gone afterwards; nothing of the machine's settings gets in."""
    with TemporaryDirectory(prefix="digilinja-bench-") as folder:
        port = _free_port()
        given = {
            "PATH": os.environ["PATH"],
            "DIGILINJA_DATA_DIR": folder,
            "DIGILINJA_PUBLIC_URL": f"http://127.0.0.1:{port}",
            "DIGILINJA_TWILIO_API_URL": "http://127.0.0.1:9",
            "TWILIO_ACCOUNT_SID": SID,
            "TWILIO_AUTH_TOKEN": TOKEN,
        }
        with _postgres_in(Path(folder)):
            _digilinja(given, "migrate")
            lines = loads(_digilinja(given, "demo-data", "--json"))["lines"]
            settings = Settings.read(given)
            account = Account(SID, TOKEN, given["DIGILINJA_PUBLIC_URL"])
            yield Ground(account, settings, lines[0]["e164"], given, port)


@contextmanager
def served(ground: Ground) -> Iterator[Connection]:
    """The product, as in production."""
    options = ("--port", str(ground.port), "--workers", WORKERS, "--threads", THREADS)
    with _running([_command(), "serve", *options], ground.environment, ground.port):
        yield Connection(ground.port)


@contextmanager
def floors_served(ground: Ground) -> Iterator[Connection]:
    """The floors, in the same kind of server, on a database of the same PostgreSQL."""
    database = embedded.start(ground.settings.data_dir).replace("+psycopg", "")
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("CREATE DATABASE floors")
    floors = embedded.start(ground.settings.data_dir, database="floors").replace("+psycopg", "")
    with psycopg.connect(floors, autocommit=True) as connection:
        connection.execute(TABLES)
    port = _free_port()
    server = ["-m", "gunicorn", "-b", f"127.0.0.1:{port}", "-w", WORKERS, "-k", "gthread", "--threads", THREADS]
    quiet = ["--no-control-socket", "--log-level", "warning", "--keep-alive", "5"]
    command = [sys.executable, *server, *quiet, "tests.benchmarks.floors:application()"]
    with _running(command, {**ground.environment, "DIGILINJA_FLOOR_DATABASE": floors}, port):
        yield Connection(port)


@contextmanager
def _postgres_in(folder: Path) -> Iterator[None]:
    # Stopped here, while its folder is still there: it would stop by itself only at the end of this process.
    embedded.start(folder)
    server = psutil.Process(int((folder / "postgres" / "postmaster.pid").read_text().splitlines()[0]))
    try:
        yield
    finally:
        server.send_signal(SIGINT)
        server.wait(timeout=30)


def _command() -> str:
    return str(Path(sys.executable).with_name("digilinja"))


def _digilinja(environment: Mapping[str, str], *arguments: str) -> str:
    ran = subprocess.run([_command(), *arguments], env=environment, stdout=subprocess.PIPE, check=True, text=True)
    return ran.stdout


@contextmanager
def _running(command: list[str], environment: Mapping[str, str], port: int) -> Iterator[None]:
    # Its log goes where a service manager would put it, and not into the terminal, which is slow.
    log = Path(environment["DIGILINJA_DATA_DIR"], f"log-{port}")
    with log.open("wb") as written:
        process = subprocess.Popen(command, env=environment, stdout=written, stderr=written)
    try:
        _wait_until_it_answers(port, process, log)
        yield
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_until_it_answers(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = monotonic() + 60
    while monotonic() < deadline and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            continue
        return
    raise AssertionError(f"nothing answers on {port}; exit status {process.poll()}\n{log.read_text()}")


def _free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])
