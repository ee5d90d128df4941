"""A clock that is hurried while everybody looks at it: all see the same, and nobody sees it go back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from admin.clock import RunningClock
from admin.errors import SettingsError
from admin.settings import Settings
from admin.shared_clock import SETTLES_IN, SharedClock

REAL = datetime(2026, 11, 22, 10, 0, tzinfo=UTC)
START = datetime(2026, 11, 24, 7, 0, tzinfo=UTC)
MOMENT = timedelta(milliseconds=1)


class World:
    """The real time, which a test lets pass."""

    def __init__(self) -> None:
        self.real = REAL

    def now(self) -> datetime:
        return self.real


@pytest.fixture
def world() -> World:
    return World()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    SharedClock.begin(tmp_path / "clock", RunningClock(START, 30.0, REAL))
    return tmp_path / "clock"


def test_two_processes_see_a_leap_at_the_same_moment(world: World, path: Path) -> None:
    here, there = SharedClock(path, world.now), SharedClock(path, world.now)
    assert there.now() == START
    here.leap(3600)
    world.real = REAL + SETTLES_IN - MOMENT
    assert here.now() == there.now() < START + timedelta(minutes=1)
    world.real = REAL + SETTLES_IN
    assert here.now() == there.now() == START + SETTLES_IN * 30 + timedelta(hours=1)


def test_another_speed_goes_on_from_the_present_moment(world: World, path: Path) -> None:
    here, there = SharedClock(path, world.now), SharedClock(path, world.now)
    world.real = REAL + timedelta(seconds=10)
    here.run_at(1)
    assert there.speed == 1
    world.real += SETTLES_IN + timedelta(seconds=60)
    assert there.now() == START + timedelta(seconds=10 * 30) + SETTLES_IN * 30 + timedelta(seconds=60)


def test_the_time_never_goes_back_however_it_is_turned(world: World, path: Path) -> None:
    clock, before = SharedClock(path, world.now), START
    for step in range(400):
        if step % 7 == 0:
            clock.run_at((1, 60, 10)[step % 3])
        if step % 11 == 0:
            clock.leap(300)
        world.real += timedelta(milliseconds=40)
        assert clock.now() >= before
        before = clock.now()
    with pytest.raises(ValueError, match="back"):
        clock.leap(-1)


def test_a_process_is_led_to_the_clock_by_its_setting(path: Path, tmp_path: Path) -> None:
    environment = {"DIGILINJA_DATA_DIR": str(tmp_path), "DIGILINJA_CLOCK": str(SharedClock(path))}
    clock = Settings.read(environment).clock
    assert isinstance(clock, SharedClock)
    assert not clock.hurried
    clock.leap(60)
    again = Settings.read(environment).clock
    assert isinstance(again, SharedClock)
    assert again.hurried


@pytest.mark.parametrize("written", [None, "", "tomorrow\n"])
def test_a_clock_that_is_not_there_or_no_clock_is_told_in_one_line(tmp_path: Path, written: str | None) -> None:
    if written is not None:
        (tmp_path / "clock").write_text(written, encoding="utf-8")
    wrong = {"DIGILINJA_DATA_DIR": str(tmp_path), "DIGILINJA_CLOCK": f"file:{tmp_path / 'clock'}"}
    with pytest.raises(SettingsError, match="DIGILINJA_CLOCK"):
        Settings.read(wrong)


def test_beside_a_real_line_it_is_refused_like_any_false_clock(path: Path, tmp_path: Path) -> None:
    real = {
        "DIGILINJA_DATA_DIR": str(tmp_path),
        "DIGILINJA_CLOCK": str(SharedClock(path)),
        "TWILIO_ACCOUNT_SID": f"AC{'1' * 32}",
        "TWILIO_AUTH_TOKEN": "token",
    }
    with pytest.raises(SettingsError, match="DIGILINJA_CLOCK"):
        Settings.read(real)
