"""What helpers and coordinators do with places, one committed transaction each; and what stands afterwards."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Barrier
from typing import TYPE_CHECKING, Concatenate, ParamSpec, TypeVar

from sqlalchemy.orm import Session

from scheduler.rota.availability import Heard, Stated, say
from scheduler.rota.places import (
    Answer,
    confirm_place,
    drop_place,
    give_place,
    places_of,
    release_place,
    take_place,
)
from scheduler.rota.swaps import offer_swap, take_swap, withdraw_swap
from scheduler.rota.waits import ask_to_wait, fill_from_waiting, leave_wait
from scheduler.rota.wishes import Says
from scheduler.slots import Span

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

T = TypeVar("T")
P = ParamSpec("P")
COORDINATOR = "coordinator:7"


@dataclass
class Rota:
    """A town's rota; `now` may pass."""

    town: Town

    def does(self, deed: Callable[Concatenate[Session, P], T], *args: P.args, **how: P.kwargs) -> T:
        """One thing that a person does, in a transaction of its own."""
        with self.town.sessions.begin() as session:
            return deed(session, *args, **how)

    def take(self, shift: int, helper: int, now: datetime | None = None) -> Answer:
        """The helper takes a place."""
        how = {"now": now or self.town.now, "grid": self.town.grid}
        return self.does(take_place, self.town.network, shift, helper, actor=f"helper:{helper}", **how)

    def give(self, shift: int, helper: int, *, override: bool = False, now: datetime | None = None) -> Answer:
        """The coordinator gives a place."""
        how = {"now": now or self.town.now, "grid": self.town.grid, "override": override}
        return self.does(give_place, self.town.network, shift, helper, actor=COORDINATOR, **how)

    def drop(self, place: int, helper: int, now: datetime | None = None) -> Answer:
        """The helper leaves a place."""
        return self.does(drop_place, place, now=now or self.town.now, grid=self.town.grid, helper_id=helper)

    def release(self, place: int) -> Answer:
        """The coordinator takes a helper out of a place."""
        how = {"now": self.town.now, "grid": self.town.grid, "actor": COORDINATOR}
        return self.does(release_place, self.town.network, place, **how)

    def confirm(self, place: int, helper: int) -> Answer:
        """The helper says that they come."""
        return self.does(confirm_place, place, helper, now=self.town.now)

    def offer(self, place: int, helper: int, now: datetime | None = None) -> Answer:
        """The helper offers a place for swap."""
        return self.does(offer_swap, place, helper, now=now or self.town.now, grid=self.town.grid)

    def withdraw(self, place: int, helper: int) -> Answer:
        """The helper comes after all."""
        return self.does(withdraw_swap, place, helper, now=self.town.now)

    def swap(self, place: int, taker: int) -> Answer:
        """Another helper takes a place that is offered."""
        how = {"now": self.town.now, "grid": self.town.grid, "actor": f"helper:{taker}"}
        return self.does(take_swap, self.town.network, place, taker, **how)

    def wait(self, shift: int, helper: int, after: timedelta = timedelta()) -> Answer:
        """The helper asks for a place in a full shift."""
        return self.does(ask_to_wait, self.town.network, shift, helper, now=self.town.now + after)

    def leave(self, shift: int, helper: int) -> Answer:
        """The helper waits no more."""
        return self.does(leave_wait, self.town.network, shift, helper, now=self.town.now)

    def fill(self, *shifts: int) -> tuple[int, ...]:
        """Places have come free: whoever waits gets them."""
        return self.does(fill_from_waiting, self.town.network, shifts, now=self.town.now, grid=self.town.grid)

    def says(self, helper: int, says: Says, begins: datetime, ends: datetime) -> Heard:
        """The helper says something of their time."""
        stated = Stated(says, Span(begins, ends))
        return self.does(say, self.town.network, helper, stated, now=self.town.now)

    def place(self, helper: int) -> int:
        """The only place that a helper holds."""
        with self.town.sessions() as session:
            (place,) = places_of(session, helper, since=self.town.now)
        return place.id

    def who(self, shift: int) -> list[object]:
        """Who holds a place in a shift."""
        held = "SELECT helper_id FROM place WHERE shift_id = :shift AND state = 'held' ORDER BY id"
        return [helper for (helper,) in self.town.fetch(held, shift=shift)]

    def changes(self) -> list[tuple[object, ...]]:
        """What has been written down about places, in order, and by whom."""
        return self.town.fetch("""SELECT kind, actor, helper_id FROM rota_change
            WHERE kind NOT LIKE 'shift%' AND (kind, actor) <> ('place_given', 'line') ORDER BY id""")

    def texts(self) -> dict[str, datetime]:
        """The texts about places that are to go out, and when."""
        return {key: at for key, at in self.town.jobs().items() if key.startswith("text:place-")}


def at_once(acts: list[Callable[[], T]]) -> list[T]:
    """Everyone starts at the same moment; what came of it, in order."""
    start = Barrier(len(acts))

    def act(number: int) -> T:
        start.wait()
        return acts[number]()

    with ThreadPoolExecutor(len(acts)) as hands:
        return list(hands.map(act, range(len(acts))))


def until_somebody_waits(town: Town) -> None:
    """Go on when another transaction waits for a lock."""
    waiting = """SELECT pg_sleep(0.01), (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock') AS waiting"""
    while not town.fetch(waiting)[0][1]:
        pass
