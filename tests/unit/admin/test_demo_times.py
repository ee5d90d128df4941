"""When a demo begins: as its user writes it."""

from datetime import UTC, datetime

import pytest

from admin.demo.times import demo_clock, read_moment
from scheduler.slots import Grid

SUNDAY = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
TUESDAY_EVENING = datetime(2026, 11, 24, 20, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "real_now", "moment"),
    [
        ("9:57", SUNDAY, datetime(2026, 11, 23, 7, 57, tzinfo=UTC)),
        ("09.57", TUESDAY_EVENING, datetime(2026, 11, 24, 7, 57, tzinfo=UTC)),
        ("2026-11-24T09:57", SUNDAY, datetime(2026, 11, 24, 7, 57, tzinfo=UTC)),
        ("2026-07-01T09:57", SUNDAY, datetime(2026, 7, 1, 6, 57, tzinfo=UTC)),
        ("2026-11-24T09:57:00+02:00", SUNDAY, datetime(2026, 11, 24, 7, 57, tzinfo=UTC)),
    ],
)
def test_a_beginning_is_read_as_a_finn_would_mean_it(text: str, real_now: datetime, moment: datetime) -> None:
    assert read_moment(text, real_now, Grid()) == moment


@pytest.mark.parametrize("text", ["soon", "25:00", "9:75", "2026-13-01"])
def test_a_beginning_that_does_not_exist_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        read_moment(text, SUNDAY, Grid())


def test_a_demo_without_wishes_runs_in_real_time() -> None:
    assert demo_clock(None, None, real_now=SUNDAY, grid=Grid()) is None


def test_a_demo_that_only_runs_faster_begins_now() -> None:
    clock = demo_clock(None, 60, real_now=SUNDAY, grid=Grid())
    assert clock is not None
    assert (clock.start, clock.speed) == (SUNDAY, 60)
