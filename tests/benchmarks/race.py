"""Many callers at once for the last place of a slot, from several processes: who gets it, and what the others hear.

Every caller has a ticket of their own and has been offered that very place; all press 1 at the same moment. Each process
serves its callers by so many hands, as a web worker does by its threads; with as many hands as callers, each has a
connection of their own. A turn that meets a lock for too long is begun anew, as the webhook does (ivr/webhooks.py).

`python -m tests.benchmarks.race` is one of the processes: told the line and its hands, then for each heat its callers in,
"ready" out, "go" in, and out what they were told.
"""

import json
import subprocess
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from threading import Barrier, BoundedSemaphore
from time import monotonic
from typing import TypeVar

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session, sessionmaker

from scheduler.promises import Wish, book, offer, wish_of
from scheduler.slots import Grid
from tickets.intake import Matter, open_ticket
from tickets.store import Cipher, make_engine, make_session_factory
from tickets.vocabulary import Channel, Topic
from voice_prompts.language import Language

READY, GO = "ready", "go"
CONTENDED = frozenset({"40001", "40P01", "55P03"})  # what the webhook begins a turn anew for, and how often
TRIES = 3
ROOT = Path(__file__).parents[2]
GRID = Grid()
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Line:
    """Where they ring, and by which keys it seals; `now` is one moment for all."""

    url: str
    data_key: str
    index_key: str
    network: int
    line: int
    now: str

    def sessions(self, hands: int) -> sessionmaker[Session]:
        """Sessions for so many hands."""
        engine = make_engine(self.url, pool_size=hands)
        return make_session_factory(engine, Cipher([self.data_key], self.index_key.encode()))

    @property
    def at(self) -> datetime:
        """Now."""
        return datetime.fromisoformat(self.now)


@dataclass(frozen=True, slots=True)
class Told:
    """What one caller was told: the place first offered, whether it was theirs, the time offered instead; seconds it took."""

    first: str | None
    booked: bool
    then: str | None
    error: str | None
    pressed: float
    heard: float


class Race:
    """Processes at the start; each heat is run by all of them."""

    def __init__(self, processes: Sequence["subprocess.Popen[str]"]) -> None:
        self._processes = processes

    def heat(self, callers: Sequence[str]) -> list[Told]:
        """All these callers (E.164) at once; what each was told."""
        for number, process in enumerate(self._processes):
            _tell(process, json.dumps(callers[number :: len(self._processes)]))
        for process in self._processes:
            assert _hear(process) == READY, "a process did not come to the start"
        for process in self._processes:
            _tell(process, GO)
        return [Told(**told) for process in self._processes for told in json.loads(_hear(process))]


@contextmanager
def racing(line: Line, *, processes: int, hands: int) -> Iterator[Race]:
    """So many processes with so many hands each, until the races are over."""
    with ExitStack() as stack:
        yield Race([stack.enter_context(_process(line, hands)) for _ in range(processes)])


def main() -> None:
    """One process of the race."""
    asked = json.loads(sys.stdin.readline())
    line, hands = Line(**asked["line"]), asked["hands"]
    sessions, free_hands = line.sessions(hands), BoundedSemaphore(hands)
    for callers in map(json.loads, sys.stdin):
        _say(json.dumps([asdict(told) for told in _heat(line, callers, sessions, free_hands)]))


def _heat(
    line: Line, callers: list[str], sessions: sessionmaker[Session], free_hands: BoundedSemaphore
) -> Iterable[Told]:
    at_the_start = Barrier(len(callers), action=_wait_for_go)

    def ring(caller: str) -> Told:
        with free_hands:
            wish = _turn(sessions, lambda session: _ticket(session, line, caller))
            first = _turn(sessions, lambda session: _offer(session, wish, line))
        at_the_start.wait()
        return _press_one(sessions, free_hands, wish, first, line)

    with ThreadPoolExecutor(len(callers)) as telephones:
        return list(telephones.map(ring, callers))


@contextmanager
def _process(line: Line, hands: int) -> Iterator["subprocess.Popen[str]"]:
    command = [sys.executable, "-m", "tests.benchmarks.race"]
    process = subprocess.Popen(command, cwd=ROOT, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    try:
        _tell(process, json.dumps({"line": asdict(line), "hands": hands}))
        yield process
    finally:
        process.kill()
        process.communicate()


def _tell(process: "subprocess.Popen[str]", words: str) -> None:
    assert process.stdin is not None
    process.stdin.write(f"{words}\n")
    process.stdin.flush()


def _hear(process: "subprocess.Popen[str]") -> str:
    assert process.stdout is not None
    return process.stdout.readline().rstrip()


def _say(words: str) -> None:
    sys.stdout.write(f"{words}\n")
    sys.stdout.flush()


def _wait_for_go() -> None:
    _say(READY)
    assert sys.stdin.readline().rstrip() == GO


def _press_one(
    sessions: sessionmaker[Session], free_hands: BoundedSemaphore, wish: Wish, first: datetime | None, line: Line
) -> Told:
    pressed, booked, then, error = monotonic(), False, None, None
    try:
        with free_hands:
            booked = first is not None and _turn(sessions, lambda session: _book(session, wish, first, line))
            if not booked:
                then = _turn(sessions, lambda session: _offer(session, wish, line))
    except Exception as unforeseen:
        error = f"{type(unforeseen).__name__}: {unforeseen}".splitlines()[0]
    return Told(_iso(first), booked, _iso(then), error, pressed, monotonic())


def _turn(sessions: sessionmaker[Session], take: Callable[[Session], T]) -> T:
    for _ in range(TRIES - 1):
        try:
            with sessions.begin() as session:
                return take(session)
        except OperationalError as error:
            if getattr(error.orig, "sqlstate", None) not in CONTENDED:
                raise
    with sessions.begin() as session:
        return take(session)


def _ticket(session: Session, line: Line, caller: str) -> Wish:
    key = f"call:CA{caller}:{line.now}"
    matter = Matter(line.network, line.line, Channel.PHONE, Language.FI, caller, key, Topic.PUHELIN)
    wish = wish_of(session, open_ticket(session, matter, now=line.at).id)
    assert wish is not None
    return wish


def _offer(session: Session, wish: Wish, line: Line) -> datetime | None:
    return offer(session, wish, after=None, now=line.at, grid=GRID)


def _book(session: Session, wish: Wish, start: datetime, line: Line) -> bool:
    assert wish.ticket_id is not None
    return book(session, wish.ticket_id, None, start, now=line.at, grid=GRID) is not None


def _iso(moment: datetime | None) -> str | None:
    return None if moment is None else moment.isoformat()


if __name__ == "__main__":
    main()
