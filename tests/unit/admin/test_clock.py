"""The clock of a demo: where it starts, how fast it runs, and that two processes agree on it."""

from datetime import UTC, datetime, timedelta

import pytest

from admin.clock import RunningClock, SystemClock

REAL = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)


def test_a_clock_starts_where_it_is_told_and_runs_at_the_pace_of_the_day() -> None:
    clock = RunningClock.parse("2026-11-24T09:57:00+02:00", real_now=REAL)
    assert clock == RunningClock(datetime(2026, 11, 24, 7, 57, tzinfo=UTC), 1.0, REAL)


def test_a_clock_that_runs_thirty_times_as_fast_shows_an_hour_after_two_minutes() -> None:
    two_minutes_ago = datetime.now(UTC) - timedelta(minutes=2)
    clock = RunningClock.parse("2026-11-24T09:00:00+02:00@30", real_now=two_minutes_ago)
    shown = clock.now() - datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
    assert timedelta(0) <= shown < timedelta(minutes=10)


def test_another_process_that_is_given_the_clock_as_text_agrees_on_it() -> None:
    clock = RunningClock.parse("2026-11-24T09:57:00.250+02:00@29.5", real_now=REAL)
    assert RunningClock.parse(str(clock), real_now=datetime.now(UTC)) == clock


def test_the_clock_of_this_machine_knows_its_zone() -> None:
    assert SystemClock().now().utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-11-24T09:57:00",
        "2026-11-24T09:57:00+02:00@fast",
        "2026-11-24T09:57:00+02:00@0",
        "2026-11-24T09:57:00+02:00@-1",
        "2026-11-24T09:57:00+02:00@nan",
        "2026-11-24T09:57:00+02:00@1@2026-11-22T10:00:00+00:00@1",
    ],
)
def test_a_clock_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        RunningClock.parse(text, real_now=REAL)
