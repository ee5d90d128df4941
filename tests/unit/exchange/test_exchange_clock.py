"""A test's day: the exchange and the product's jobs on one virtual clock."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from ivr.exchange import VirtualClock

HELSINKI = ZoneInfo("Europe/Helsinki")


class Jobs:
    """A job runner with one job an hour."""

    def __init__(self, clock, *, works=True):
        self.ran, self._clock, self._works = [], clock, works
        self._next = 3600.0

    def next_event_at(self):
        return self._next

    def run_due(self):
        if not self._works or self._clock.timer() < self._next:
            return 0
        self.ran.append(self._clock.now())
        self._next += 3600.0
        return 1


def test_jobs_run_between_the_events_of_a_call(world):
    jobs = Jobs(world.clock)
    world.clock.add(jobs)
    world.answers("/call", "<Say>Hei</Say><Pause length='600'/>" * 13)
    world.caller.dial(world.line.number).until_over(within=9000)
    assert [at.hour for at in jobs.ran] == [11, 12]


def test_the_clock_stands_still_unless_it_is_moved(world):
    before = world.clock.now()
    world.caller.dial(world.line.number)
    assert world.clock.now() == before


def test_an_hour_over_the_autumn_clock_change_is_an_hour():
    clock = VirtualClock(datetime(2026, 10, 25, 2, 30, tzinfo=HELSINKI))
    clock.run_for(3 * 3600)
    assert clock.now() == datetime(2026, 10, 25, 4, 30, tzinfo=HELSINKI)
    assert clock.now().utcoffset() == timedelta(hours=2)


def test_waiting_in_vain_takes_the_whole_time(world):
    assert world.clock.run_until(lambda: False, within=90) is False
    assert world.clock.timer() == 90


def test_a_source_that_never_runs_what_is_due_is_found_out():
    clock = VirtualClock(datetime(2026, 11, 24, 10, 0, tzinfo=HELSINKI))
    clock.add(Jobs(clock, works=False))
    with pytest.raises(RuntimeError, match="no source runs it"):
        clock.run_for(7200)


def test_a_phone_that_never_rings_is_an_assertion(world):
    with pytest.raises(AssertionError, match="was not rung within 60 s"):
        world.helper.until_rung(within=60)


def test_a_clock_without_a_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        VirtualClock(datetime.fromisoformat("2026-11-24T10:00"))
