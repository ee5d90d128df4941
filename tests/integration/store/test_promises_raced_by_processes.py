"""The last place of a slot, and sixty callers who press 1 for it at the same moment, from four processes."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from tests.benchmarks.race import Line, racing

if TYPE_CHECKING:
    from tests.integration.store.conftest import Town

CALLERS, PROCESSES, HANDS, ROUNDS = 60, 4, 8, 3
DATA_KEY, INDEX_KEY = "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc=", "an index key for tests"


def test_exactly_one_gets_the_last_place_and_all_others_are_offered_the_next_time(town: Town) -> None:
    town.shift("10:00", "15:00", *(town.helper() for _ in range(3)))
    url = town.sessions.kw["bind"].url.render_as_string(hide_password=False)
    line = Line(url, DATA_KEY, INDEX_KEY, town.network, town.line, town.now.isoformat())
    with racing(line, processes=PROCESSES, hands=HANDS) as race:
        for hour in range(10, 10 + ROUNDS):
            last, following = town.at(f"{hour}:00").isoformat(), town.at(f"{hour + 1}:00").isoformat()
            town.promise(f"{hour}:00")
            town.promise(f"{hour}:00")
            told = race.heat([f"+35846{hour:02}{number:05}" for number in range(CALLERS)])
            assert Counter((one.first, one.booked, one.then, one.error) for one in told) == {
                (last, True, None, None): 1,
                (last, False, following, None): CALLERS - 1,
            }
    assert town.fetch("SELECT count(*) FROM callback GROUP BY starts_at") == [(3,)] * ROUNDS
