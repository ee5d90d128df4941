"""Helpers' own calendars, read every few hours: when they are busy they are not asked to come."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from zlib import crc32

from sqlalchemy import delete, func, insert, select, text, true, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind
from scheduler.errands import Errand
from scheduler.jobs import ClaimedJob, NewJob, cancel_jobs, enqueue
from scheduler.rota.busy_times import CalendarTrouble, CalendarUnreadableError, busy_times
from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.wishes import Availability, BusyCalendar, Says
from scheduler.slots import MINUTE, Span
from scheduler.tools import Tools
from tickets.network import Helper
from tickets.store import cipher_of

Fetch = Callable[[str], bytes]
EVERY: Final = timedelta(hours=4)
JITTER_MINUTES: Final = 60  # so that the calendars that were added together are not read together for ever
LONGEST_ADDRESS: Final = 2000


class CalendarRefusal(StrEnum):
    """Why a helper's calendar is not taken."""

    NO_SUCH_HELPER = "no_such_helper"
    NOT_AN_ADDRESS = "not_an_address"


@dataclass(frozen=True, slots=True)
class AddedCalendar:
    """The calendar that is read from now on, or why none is."""

    calendar_id: int | None
    refusal: CalendarRefusal | None = None


@dataclass(frozen=True, slots=True)
class CalendarCard:
    """A helper's own calendar: when it was last read whole, and why it could not be read since."""

    id: int
    helper_id: int
    added_at: datetime
    read_at: datetime | None
    trouble: CalendarTrouble | None
    spans: int


@dataclass(frozen=True, slots=True)
class Clash:
    """A place that is held by somebody who is busy then, by their own calendar; they keep it until a person decides."""

    place_id: int
    shift_id: int
    helper_id: int
    during: Span


def add_calendar(
    session: Session, network_id: int, helper_id: int, address: str, *, actor: str, now: datetime
) -> AddedCalendar:
    """Read this calendar from now on, instead of the one before; its address is kept sealed."""
    url = _https(address)
    if url is None:
        return AddedCalendar(None, CalendarRefusal.NOT_AN_ADDRESS)
    mine = (Helper.id == helper_id, Helper.network_id == network_id, Helper.active)
    if session.scalar(select(Helper.id).where(*mine).with_for_update(key_share=True)) is None:
        return AddedCalendar(None, CalendarRefusal.NO_SUCH_HELPER)
    _forget(session, network_id, helper_id, now)
    calendar = BusyCalendar(helper_id=helper_id, url_sealed=cipher_of(session).seal(url), added_at=now)
    session.add(calendar)
    session.flush()
    enqueue(session, reading(calendar.id, 1, at=now))
    about = About(helper_id=helper_id)
    note_change(session, network_id, ChangeKind.CALENDAR_ADDED, about, actor=actor, now=now, calendar=calendar.id)
    return AddedCalendar(calendar.id)


def remove_calendar(session: Session, network_id: int, helper_id: int, *, actor: str, now: datetime) -> bool:
    """Read the helper's calendar no more, and forget what it said; False when they have none in this network."""
    mine = (Helper.id == helper_id, Helper.network_id == network_id)
    if session.scalar(select(Helper.id).where(*mine).with_for_update(key_share=True)) is None:
        return False
    if not _forget(session, network_id, helper_id, now):
        return False
    about = About(helper_id=helper_id)
    note_change(session, network_id, ChangeKind.CALENDAR_REMOVED, about, actor=actor, now=now)
    return True


def calendars_of(session: Session, network_id: int, helper_id: int | None = None) -> tuple[CalendarCard, ...]:
    """The calendars that are read for the helpers of a network, or for one of them."""
    rows = session.execute(
        select(BusyCalendar, func.count(Availability.id))
        .join(Helper, Helper.id == BusyCalendar.helper_id)
        .outerjoin(Availability, Availability.calendar_id == BusyCalendar.id)
        .where(Helper.network_id == network_id, true() if helper_id is None else Helper.id == helper_id)
        .group_by(BusyCalendar.id)
        .order_by(BusyCalendar.id)
    )
    return tuple(
        CalendarCard(row.id, row.helper_id, row.added_at, row.read_at, _trouble(row.failed), spans)
        for row, spans in rows
    )


def clashes(session: Session, network_id: int, *, now: datetime, calendar_id: int | None = None) -> tuple[Clash, ...]:
    """The coming places whose holders are busy then by their own calendars, the nearest first."""
    rows = session.execute(_CLASHES, {"network": network_id, "calendar": calendar_id, "now": now})
    return tuple(Clash(row.id, row.shift_id, row.helper_id, Span(row.begins, row.ends)) for row in rows)


def reading(calendar_id: int, number: int, *, at: datetime) -> NewJob:
    """Read a calendar for the so-manieth time."""
    key = f"{Errand.READ_CALENDAR}:calendar-{calendar_id}:{number}"
    return NewJob(Errand.READ_CALENDAR, key, at, {"calendar": calendar_id, "number": number})


def read_calendar(fetch: Fetch, tools: Tools, job: ClaimedJob) -> None:
    """Fetch a helper's calendar and take over when they are busy; one that cannot be read leaves what it said before."""
    calendar_id, number, now = job.payload["calendar"], job.payload["number"], tools.clock.now()
    with tools.sessions.begin() as session:
        sealed = session.scalar(select(BusyCalendar.url_sealed).where(BusyCalendar.id == calendar_id))
        if sealed is None:
            return
        url = cipher_of(session).open(sealed)
        # The next reading is written down first: whatever this one comes to, there is a next one.
        enqueue(session, reading(calendar_id, number + 1, at=_next_reading(calendar_id, number, now)))
    try:
        spans = busy_times(fetch(url), now)
    except CalendarUnreadableError as error:
        with tools.sessions.begin() as session:
            note_trouble(session, calendar_id, error.trouble)
    else:
        with tools.sessions.begin() as session:
            take_busy_times(session, calendar_id, spans, now=now)


def note_trouble(session: Session, calendar_id: int, trouble: CalendarTrouble) -> None:
    """The calendar could not be read; what it said before stands."""
    session.execute(update(BusyCalendar).where(BusyCalendar.id == calendar_id).values(failed=trouble.value))


def take_busy_times(session: Session, calendar_id: int, spans: Collection[Span], *, now: datetime) -> None:
    """What the calendar says from now on, instead of what it said; a held place that it clashes with is reported."""
    whose = session.execute(_HOLD, {"calendar": calendar_id}).first()
    if whose is None:
        return  # removed meanwhile
    session.execute(update(BusyCalendar).where(BusyCalendar.id == calendar_id).values(read_at=now, failed=None))
    said = {(row.begins, row.ends) for row in session.execute(_SAID, {"calendar": calendar_id})}
    says = {(span.begins, span.ends) for span in spans}
    if said != says:
        _replace(session, calendar_id, whose.helper_id, says)
        counts = {"added": len(says - said), "removed": len(said - says)}
        about = About(helper_id=whose.helper_id)
        note_change(session, whose.network_id, ChangeKind.AVAILABILITY_SET, about, actor="calendar", now=now, **counts)
    _report(session, whose.network_id, whose.helper_id, calendar_id, now)


_HOLD = text("""
SELECT b.helper_id, h.network_id FROM busy_calendar b JOIN helper h ON h.id = b.helper_id
WHERE b.id = :calendar FOR UPDATE OF b
""")
_SAID = text("SELECT lower(during) AS begins, upper(during) AS ends FROM availability WHERE calendar_id = :calendar")
_CLASHING = """
SELECT p.id, p.network_id, p.shift_id, p.helper_id, lower(p.during) AS begins, upper(p.during) AS ends, s.version
FROM place p JOIN shift s ON s.id = p.shift_id AND s.cancelled_at IS NULL
WHERE p.network_id = :network AND p.state = 'held' AND upper(p.during) > :now AND EXISTS (
    SELECT 1 FROM availability a WHERE a.helper_id = p.helper_id AND a.says = 'busy' AND a.during && p.during
        AND (CAST(:calendar AS bigint) IS NULL OR a.calendar_id = :calendar))
"""
_CLASHES = text(f"{_CLASHING} ORDER BY begins, p.id")
# Once for each place and version of its shift, however often the calendar is read; again when it was over and is back.
_REPORT = text(f"""
INSERT INTO alert (network_id, key, kind, at, shift_id, details)
SELECT network_id, concat_ws('\\:', CAST(:kind AS text), 'place-' || id, version), :kind, :now, shift_id,
    jsonb_build_object('place', id, 'helper', helper_id)
FROM ({_CLASHING}) AS clash
ON CONFLICT (key) DO UPDATE SET at = excluded.at, resolved_at = NULL, seen_at = NULL, seen_by = NULL
WHERE alert.resolved_at IS NOT NULL
""")  # noqa: S608 - the piece is ours
_OVER = text(f"""
UPDATE alert SET resolved_at = :now
WHERE network_id = :network AND kind = :kind AND resolved_at IS NULL AND CAST(details->>'helper' AS bigint) = :helper
    AND CAST(details->>'place' AS bigint) NOT IN (SELECT id FROM ({_CLASHING}) AS clash)
""")  # noqa: S608 - the piece is ours


def _report(session: Session, network_id: int, helper_id: int, calendar_id: int, now: datetime) -> None:
    values = {"network": network_id, "calendar": calendar_id, "kind": AlertKind.BUSY, "now": now}
    session.execute(_REPORT, values)
    session.execute(_OVER, {**values, "helper": helper_id})


def _https(address: str) -> str | None:
    """The address as it is fetched; None for what is none, or would be fetched in the open."""
    scheme, _, rest = address.strip().partition("://")
    if scheme.lower() not in ("https", "webcal", "webcals") or len(rest) > LONGEST_ADDRESS:
        return None
    try:
        parts = urlsplit(f"https://{rest}")
        good = bool(parts.hostname) and parts.port != 0 and "@" not in parts.netloc
    except ValueError:
        return None
    return parts.geturl() if good and rest.isascii() and rest.isprintable() and " " not in rest else None


def _forget(session: Session, network_id: int, helper_id: int, now: datetime) -> bool:
    calendar_id = session.scalar(select(BusyCalendar.id).where(BusyCalendar.helper_id == helper_id).with_for_update())
    if calendar_id is None:
        return False
    session.execute(delete(Availability).where(Availability.calendar_id == calendar_id))
    session.execute(delete(BusyCalendar).where(BusyCalendar.id == calendar_id))
    _report(session, network_id, helper_id, calendar_id, now)
    cancel_jobs(session, f"calendar-{calendar_id}")
    return True


def _replace(session: Session, calendar_id: int, helper_id: int, says: Collection[tuple[datetime, datetime]]) -> None:
    session.execute(delete(Availability).where(Availability.calendar_id == calendar_id))
    whose = {"helper_id": helper_id, "calendar_id": calendar_id, "says": Says.BUSY}
    rows = [{**whose, "during": Range(begins, ends)} for begins, ends in sorted(says)]
    if rows:
        session.execute(insert(Availability), rows)


def _next_reading(calendar_id: int, number: int, now: datetime) -> datetime:
    return now + EVERY + crc32(f"{calendar_id}:{number}".encode()) % JITTER_MINUTES * MINUTE


def _trouble(failed: str | None) -> CalendarTrouble | None:
    return None if failed is None else CalendarTrouble(failed)
