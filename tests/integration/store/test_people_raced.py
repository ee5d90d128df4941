"""Somebody leaves while callers book and they themselves take another place: in no order does anything hang on them."""

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier

import pytest
from sqlalchemy.orm import Session

from scheduler.people import touching
from scheduler.people.leaving import Left, leave
from scheduler.people.rules import NewRules, RulesChanged, publish_rules
from scheduler.rota.effects import Held
from scheduler.rota.places import take_place
from tests.integration.store.conftest import Town

Step = Callable[[Session], object]


def at_once(town: Town, steps: list[Step]) -> list[object]:
    """Each in a transaction of its own, all begun at the same moment."""
    ready = Barrier(len(steps))

    def one(step: Step) -> object:
        ready.wait()
        with town.sessions.begin() as session:
            return step(session)

    with ThreadPoolExecutor(len(steps)) as hands:
        return list(hands.map(one, steps))


@pytest.mark.parametrize("_round", range(6))
def test_nothing_hangs_on_a_helper_who_left_meanwhile(town: Town, _round: int) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    free = town.shift("13:00", "15:00", days=1)
    ((person,),) = town.fetch("SELECT id FROM person WHERE helper_id = :h", h=helper)
    assert isinstance(person, int)
    tickets = [town.ticket() for _ in range(2)]
    by = {"now": town.now, "grid": town.grid}

    def goes(session: Session) -> object:
        return leave(session, town.network, person, who=None, actor="line", **by)  # type: ignore[arg-type]

    def takes(session: Session) -> object:
        return take_place(session, town.network, free, helper, actor=f"helper:{helper}", **by)  # type: ignore[arg-type]

    def books(wall: str, ticket: int) -> Step:
        return lambda _session: town.book(wall, ticket)

    left, *_ = at_once(town, [goes, takes, books("10:00", tickets[0]), books("11:00", tickets[1])])
    assert isinstance(left, Left)
    assert town.fetch("SELECT id FROM place WHERE state = 'held'") == []
    assert town.fetch("SELECT id FROM callback WHERE state NOT IN ('deficit')") == []


def test_rules_that_are_asked_for_while_callers_book_leave_no_promise_uncounted(town: Town) -> None:
    town.shift("10:00", "12:00", town.helper())
    tickets = [town.ticket() for _ in range(2)]

    def asks(session: Session) -> object:
        new = NewRules("Säännöt", required_from=town.now.date())
        return publish_rules(session, town.network, new, who=None, now=town.now, grid=town.grid, actor="line")

    def books(wall: str, ticket: int) -> Step:
        return lambda _session: town.book(wall, ticket)

    published, *_ = at_once(town, [asks, books("10:00", tickets[0]), books("11:00", tickets[1])])
    assert isinstance(published, RulesChanged)
    assert town.fetch("SELECT id FROM callback WHERE state <> 'deficit'") == []


def test_a_place_that_is_taken_between_the_look_and_the_lock_is_held_too(
    town: Town, session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    helper = town.helper()
    town.shift("10:00", "12:00", helper)
    late = town.shift("13:00", "15:00", days=1)
    really, taken = touching.hold_starts, list[object]()

    def hold(rows: Session, network: int, starts: Iterable[datetime]) -> Held:
        if not taken:
            by = {"now": town.now, "grid": town.grid, "actor": f"helper:{helper}"}
            with town.sessions.begin() as other:
                taken.append(take_place(other, town.network, late, helper, **by).place_id)  # type: ignore[arg-type]
        return really(rows, network, starts)

    monkeypatch.setattr(touching, "hold_starts", hold)
    held = touching.hold_duty(session, town.network, [helper], now=town.now)
    assert taken
    assert set(held.starts) == {town.at("10:00"), town.at("11:00"), town.at("13:00", 1), town.at("14:00", 1)}
