"""What was typed into a form, as it can be kept."""

from collections.abc import Mapping
from datetime import date, datetime

from admin.clock import EARLIEST, LATEST
from scheduler.slots import HELSINKI


def plain(given: Mapping[str, str], name: str) -> str:
    """A field as it was typed, without blanks around it and without what no text can hold."""
    return given.get(name, "").replace("\0", "").strip()


def moment_typed(typed: str) -> datetime | None:
    """A moment of the clock on the wall, as a browser sends it; None where it is none that the line is about."""
    try:
        moment = datetime.fromisoformat(typed)
        local = moment.replace(tzinfo=HELSINKI) if moment.tzinfo is None else moment
        return local if EARLIEST <= local <= LATEST else None
    except (ValueError, OverflowError):
        return None


def day_typed(typed: str) -> date | None:
    """A day as a browser sends it; None where it is none that the line is about."""
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        return None
    return day if EARLIEST.year <= day.year < LATEST.year else None
