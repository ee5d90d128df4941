"""A time that is given back is first for whoever was promised the same one and lost their helper."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING

import pytest
from sqlalchemy.orm import Session

from scheduler.promises import cancel, move
from scheduler.rota.places import Answer
from scheduler.slots import Grid
from tests.integration.store.rota import Rota

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

Change = Callable[[Session, "Town", int], object]


def _gives_it_back(session: Session, town: Town, callback: int) -> object:
    return cancel(session, callback, now=town.now, grid=Grid())


def _takes_another(session: Session, town: Town, callback: int) -> object:
    return move(session, callback, None, town.at("12:00", 2), now=town.now, grid=town.grid)


@pytest.mark.parametrize("change", [_gives_it_back, _takes_another])
def test_who_lost_their_helper_gets_the_one_that_another_caller_frees(town: Town, change: Change) -> None:
    one, two = town.helper(), town.helper()
    town.shift("10:00", "13:00", one, days=2)
    town.shift("10:00", "11:00", two, days=2)
    kept, lost = town.promise("10:00", days=2), town.promise("10:00", days=2)
    rota = Rota(town)
    rota.drop(rota.place(two), two)
    assert town.state(lost.callback_id) == "deficit"
    assert rota.does(change, town, kept.callback_id)
    assert town.state(lost.callback_id) == "promised"
    assert town.book("10:00", town.ticket(), days=2) is None, "it is not free for anybody else"


@pytest.mark.parametrize("change", [_gives_it_back, _takes_another])
def test_who_loses_their_helper_while_another_caller_frees_one_has_that(town: Town, change: Change) -> None:
    """Whichever of the two comes first: no promise is given up for one that is not there any more."""
    one, two = town.helper(), town.helper()
    town.shift("10:00", "13:00", one, days=2)
    town.shift("10:00", "11:00", two, days=2)
    kept, other = town.promise("10:00", days=2), town.promise("10:00", days=2)
    rota = Rota(town)
    place = rota.place(two)
    with town.sessions.begin() as giving, ThreadPoolExecutor() as hands:
        assert change(giving, town, kept.callback_id)
        leaving = hands.submit(rota.drop, place, two)
        _until_it_waits_or_is_done(town, leaving)
        giving.commit()
        assert leaving.result(timeout=20).deficits == ()
    assert town.state(other.callback_id) == "promised"


def _until_it_waits_or_is_done(town: Town, leaving: Future[Answer]) -> None:
    waiting = """SELECT pg_sleep(0.01), (SELECT count(*) FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock')"""
    while not leaving.done() and not town.fetch(waiting)[0][1]:
        pass
