"""The time as the line sees it: the real one, or one that a demo starts elsewhere and runs faster."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, Self

LARGEST_SPEED = 10_000
EARLIEST: Final = datetime(2000, 1, 1, tzinfo=UTC)  # of what anybody may ask about: a calendar ends
LATEST: Final = datetime(2200, 1, 1, tzinfo=UTC)


class SystemClock:
    """The time of this machine."""

    def now(self) -> datetime:
        """The present moment, aware, in UTC."""
        return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class RunningClock:
    """A clock that showed `start` at the real moment `real_start` and runs `speed` times as fast."""

    start: datetime
    speed: float
    real_start: datetime

    def now(self) -> datetime:
        """The moment it shows, aware, in UTC."""
        return self.shows(datetime.now(UTC))

    def shows(self, real: datetime) -> datetime:
        """What it shows at a moment of the real time."""
        return self.start + (real - self.real_start) * self.speed

    @classmethod
    def parse(cls, text: str, *, real_now: datetime) -> Self:
        """Read `<start>[@<speed>[@<real start>]]`, ISO 8601 with an offset; ValueError says what is wrong."""
        parts = text.strip().split("@")
        if len(parts) > 3:
            raise ValueError(f"{text!r} has more than start, speed and real start")
        start, speed, real_start = (*parts, "", "")[:3]
        return cls(
            start=aware(start),
            speed=_speed(speed) if speed else 1.0,
            real_start=aware(real_start) if real_start else real_now,
        )

    def __str__(self) -> str:
        """The same clock in the form that `parse` reads, so that another process agrees."""
        return f"{self.start.isoformat()}@{self.speed:g}@{self.real_start.isoformat()}"


def aware(text: str) -> datetime:
    """A moment written in ISO 8601 with its offset, in UTC; ValueError if the offset is missing."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no offset, such as +02:00")
    return moment.astimezone(UTC)


def within_reach(text: str) -> datetime:
    """A moment that somebody sent us, as `aware` reads it; ValueError if the line is not about such times."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None or not EARLIEST <= moment <= LATEST:
        raise ValueError(f"{text!r} is no time between the years {EARLIEST.year} and {LATEST.year}")
    return moment.astimezone(UTC)


def _speed(text: str) -> float:
    speed = float(text)
    if not 0 < speed <= LARGEST_SPEED:
        raise ValueError(f"a speed is above 0 and at most {LARGEST_SPEED}, not {text}")
    return speed
