"""`digilinja demo`: everything on this machine, from an empty folder to ringing phones."""

import secrets
import signal
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click

from admin import run_file
from admin.clock import RunningClock
from admin.demo.at_exchange import introduce
from admin.demo.processes import Heartbeat, Part, Processes
from admin.demo.store import prepare
from admin.demo.welcome import welcome
from admin.errors import AdminError
from admin.parts import Parts, assemble
from admin.ports import require_free
from admin.settings import Settings
from admin.shared_clock import NAME as CLOCK_FILE
from admin.shared_clock import SharedClock

WATCH_EVERY_S: Final = 1.0


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for; without a clock, the demo runs in real time. Calls go `pace` times as fast as people talk."""

    port: int
    exchange_port: int
    clock: RunningClock | None
    pace: float

    @property
    def web(self) -> str:
        """Where the pages are, and the webhooks."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def exchange(self) -> str:
        """Where the exchange and its phones are."""
        return f"http://127.0.0.1:{self.exchange_port}"

    @property
    def parts(self) -> tuple[Part, ...]:
        """The processes, in the order in which they are started."""
        exchange = ("exchange", "--port", str(self.exchange_port), "--pace", str(self.pace))
        return (
            Part("exchange", exchange, f"{self.exchange}/phone"),
            Part("web", ("serve", "--port", str(self.port)), f"{self.web}/readyz"),
            Part("worker", ("work",)),
        )


@dataclass(frozen=True, slots=True)
class Ready:
    """A demo with its database, about to start."""

    plan: Plan
    parts: Parts
    own: Mapping[str, str]
    new: bool


def run(plan: Plan, environment: Mapping[str, str]) -> None:
    """Start everything, say where it is, and stop it all on Ctrl-C."""
    require_free(plan.port, "--port")
    require_free(plan.exchange_port, "--exchange-port")
    ready = _prepared(plan, environment)
    data_dir = ready.parts.settings.data_dir
    run_file.note(data_dir, run_file.this_run(ready.own, real_time=plan.clock is None))
    processes = Processes({**ready.own, "DIGILINJA_DATA_DIR": str(data_dir)}, data_dir / "log")
    try:
        _start(ready, processes)
    finally:
        processes.stop()
        ready.parts.engine.dispose()


def _prepared(plan: Plan, environment: Mapping[str, str]) -> Ready:
    own = _own_settings(plan)
    settings = Settings.read({**environment, **own})
    anew = _begins_anew(plan, settings.data_dir)
    click.echo("Preparing the database ...")
    parts = assemble(settings)
    new = prepare(parts, anew=anew)
    # The clock begins to run now that the rota is there; what came before took no time of the demo's.
    shared = _begin_the_clock(plan, settings.data_dir)
    started = parts if plan.clock is None else replace(parts, settings=replace(settings, clock=shared), clock=shared)
    return Ready(plan, started, {**own, "DIGILINJA_CLOCK": str(shared)}, new)


def _begin_the_clock(plan: Plan, data_dir: Path) -> SharedClock:
    """The clock of all the demo's processes, which the page of a telephone may hurry."""
    now = datetime.now(UTC)
    first = RunningClock(now, 1.0, now) if plan.clock is None else replace(plan.clock, real_start=now)
    return SharedClock.begin(data_dir / CLOCK_FILE, first)


def _start(ready: Ready, processes: Processes) -> None:
    with stopped_by_signals() as stop:
        click.echo("Starting the exchange, the web and the worker ...")
        processes.start(*ready.plan.parts)
        introduce(ready.parts, ready.plan.exchange)
        click.echo(welcome(ready.parts, ready.plan.web, ready.plan.exchange, new=ready.new))
        heartbeat = Heartbeat(f"{ready.plan.web}/readyz")
        while not stop.wait(WATCH_EVERY_S):
            processes.check()
            heartbeat.check()
        click.echo("Stopping ...")


def _own_settings(plan: Plan) -> Mapping[str, str]:
    """What the demo sets for all its processes: an account that only its own exchange knows, and the clock."""
    own = {
        "TWILIO_ACCOUNT_SID": f"AC{secrets.token_hex(16)}",
        "TWILIO_AUTH_TOKEN": secrets.token_hex(16),
        "DIGILINJA_TWILIO_API_URL": plan.exchange,
        "DIGILINJA_PUBLIC_URL": plan.web,
        "DIGILINJA_ALLOW_LOOPBACK": "yes",
        "DIGILINJA_DEMO": "yes",
    }
    return own if plan.clock is None else {**own, "DIGILINJA_CLOCK": str(plan.clock)}


def _begins_anew(plan: Plan, data_dir: Path) -> bool:
    """A demo at another time has no use for what an earlier one left, nor has one after it."""
    last = run_file.last_run(data_dir)
    if last is not None and last.going_on:
        raise AdminError(f"A demo runs already in {data_dir} (process {last.pid}): stop it, or set DIGILINJA_DATA_DIR")
    return plan.clock is not None or (last is not None and not (last.real_time and _ran_with_the_world(data_dir)))


def _ran_with_the_world(data_dir: Path) -> bool:
    try:
        return not SharedClock.at(data_dir / CLOCK_FILE).hurried
    except ValueError:
        return True  # a demo of before there was such a clock


@contextmanager
def stopped_by_signals() -> Iterator[threading.Event]:
    """An event that Ctrl-C and a polite kill set."""
    stop = threading.Event()
    before = {name: signal.signal(name, lambda *_: stop.set()) for name in (signal.SIGINT, signal.SIGTERM)}
    yield stop
    for name, handler in before.items():
        signal.signal(name, handler)
