"""What helpers are texted about their places, as jobs: a new one, one that moved or is lost, and a reminder.

A reminder is for the place as it was when it was planned: it carries the shift's version, so that an edit plans another
one, and each goes out at most once.
"""

from collections.abc import Collection, Iterable
from datetime import datetime, time, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.errands import Errand
from scheduler.jobs import NewJob, enqueue
from scheduler.notices import EVENING, JobKind
from scheduler.slots import DAY, Grid, instant_of

# Nobody is texted in the night, when it is no hurry: the shift's day has not begun.
WAKES: Final = time(8)
SLEEPS: Final = time(21)
# Whoever takes a place so shortly before the reminder has it in mind.
FRESH: Final = timedelta(hours=1)


class HelperNews(StrEnum):
    """Which text to a helper; the words are `sms.<value>` in voice_prompts."""

    REMINDER = "helper_reminder"
    PLACED = "helper_placed"  # from the waiting list
    GIVEN = "helper_given"  # by a coordinator
    MOVED = "helper_moved"
    LOST = "helper_lost"
    SWAP_TAKEN = "helper_swap_taken"  # somebody comes in their stead
    SWAP_YOURS = "helper_swap_yours"
    # What was asked for from a phone that showed the helper's number: so that its owner knows.
    CONFIRMED = "helper_confirmed"
    DROPPED = "helper_dropped"
    SWAP_SOUGHT = "helper_swap_sought"
    TOOK = "helper_took"
    NOT_TAKEN = "helper_not_taken"


# What is true only as long as the place is theirs.
OF_HELD: Final = frozenset(HelperNews) - {HelperNews.LOST, HelperNews.SWAP_TAKEN, HelperNews.DROPPED}


def about_place(place_id: int) -> str:
    """How job keys name a place."""
    return f"place-{place_id}"


def tell_helper(
    session: Session, place_id: int, news: HelperNews, *, now: datetime, grid: Grid, version: int | None = None
) -> None:
    """Text the helper of a place, by day; once for each place and news, or for each `version` of the shift."""
    suffix = "" if version is None else f":v{version}"
    key = f"{JobKind.TEXT}:{about_place(place_id)}:{news}{suffix}"
    payload = {"template": news.value, "place": place_id}
    enqueue(session, NewJob(JobKind.TEXT, key, _by_day(now, grid), payload))


def plan_reminders(session: Session, places: Iterable[tuple[int, datetime, int]], *, now: datetime, grid: Grid) -> None:
    """Look at places again the evening before, to remind their helpers; not where that evening has come already.

    Of each: its id, when it begins, and the version of its shift. Whoever changes drafts plans none.
    """
    planned = [(key, version, _evening_before(begins, grid)) for key, begins, version in places]
    enqueue(session, *(_reminding(key, version, at=at) for key, version, at in planned if now <= at - FRESH))


def shift_moved(session: Session, shift_id: int, *, now: datetime, grid: Grid) -> None:
    """A shift begins at another time than it did: whoever holds a place in it is told, and reminded anew."""
    places = session.execute(_HELD, {"shift": shift_id, "now": now}).all()
    for place in places:
        tell_helper(session, place.id, HelperNews.MOVED, now=now, grid=grid, version=place.version)
    plan_reminders(session, [(place.id, place.begins, place.version) for place in places], now=now, grid=grid)


def places_lost(session: Session, places: Collection[int], *, now: datetime, grid: Grid) -> None:
    """These places, no longer held, were taken away by a change of the rota: their helpers are told."""
    for place_id in places:
        tell_helper(session, place_id, HelperNews.LOST, now=now, grid=grid)


def remind(session: Session, place_id: int, version: int, *, now: datetime, grid: Grid) -> bool:
    """The evening has come: text the helper, if the place is still theirs; an edited shift is looked at in its own time."""
    place = session.execute(_STILL_HELD, {"place": place_id}).first()
    if place is None or now >= _evening_before(place.begins, grid, SLEEPS):
        return False
    if place.version != version:
        enqueue(session, _reminding(place_id, place.version, at=max(now, _evening_before(place.begins, grid))))
        return False
    tell_helper(session, place_id, HelperNews.REMINDER, now=now, grid=grid, version=version)
    return True


_REMINDED = text("""
SELECT p.id FROM message m JOIN place p ON p.id = CAST(substring(m.key from 'place-([0-9]+)') AS bigint)
WHERE m.helper_id = :helper AND m.template = :template AND p.helper_id = :helper AND p.state = 'held'
    AND lower(p.during) > :now
ORDER BY m.created_at DESC, m.id DESC LIMIT 1
""")


def reminded_place(session: Session, helper_id: int, *, now: datetime) -> int | None:
    """The coming place about which a helper was last reminded, for that is what a reply is about."""
    values = {"helper": helper_id, "template": HelperNews.REMINDER, "now": now}
    found: int | None = session.scalar(_REMINDED, values)
    return found


_HELD = text("""
SELECT p.id, lower(p.during) AS begins, s.version FROM place p JOIN shift s ON s.id = p.shift_id
WHERE s.id = :shift AND p.state = 'held' AND upper(p.during) > :now AND s.published_at IS NOT NULL ORDER BY p.id
""")
_STILL_HELD = text("""
SELECT lower(p.during) AS begins, s.version FROM place p JOIN shift s ON s.id = p.shift_id
WHERE p.id = :place AND p.state = 'held' AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
""")


def _reminding(place_id: int, version: int, *, at: datetime) -> NewJob:
    key = f"{Errand.REMIND}:{about_place(place_id)}:v{version}"
    return NewJob(Errand.REMIND, key, at, {"place": place_id, "version": version})


def _evening_before(begins: datetime, grid: Grid, wall: time = EVENING) -> datetime:
    return instant_of(begins.astimezone(grid.tz).date() - DAY, wall, grid.tz)


def _by_day(now: datetime, grid: Grid) -> datetime:
    local = now.astimezone(grid.tz)
    if WAKES <= local.time() < SLEEPS:
        return now
    day = local.date() if local.time() < WAKES else local.date() + DAY
    return instant_of(day, WAKES, grid.tz)
