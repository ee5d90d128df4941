"""When a network rings back: by the clock on the wall, how soon at the earliest, how many working days ahead."""

from dataclasses import dataclass
from datetime import datetime, time
from enum import StrEnum
from typing import Any, Final

from sqlalchemy import Row, select
from sqlalchemy.orm import Session

from tickets.network import Network
from tickets.people_log import About, PeopleChangeKind, note_people

QUARTER: Final = 15  # minutes; hours begin and end on it
USUAL_CALL: Final = 60  # minutes; a day has room for one
SHORTEST_NOTICE: Final = 15  # minutes: the helper is chosen ten minutes before
LONGEST_NOTICE: Final = 24 * 60
MOST_DAYS: Final = 30


@dataclass(frozen=True, slots=True)
class NetworkHours:
    """What a network keeps of its time; as here where nobody has said otherwise."""

    opens: time = time(9)
    closes: time = time(15)
    notice_minutes: int = 30
    working_days: int = 10


class HoursRefusal(StrEnum):
    """Why the hours stay as they are; the pages have the words."""

    OFF_QUARTER = "off_quarter"
    TOO_SHORT = "too_short"  # no call fits between opening and closing
    BAD_NOTICE = "bad_notice"
    BAD_WINDOW = "bad_window"
    CHANGED_MEANWHILE = "changed_meanwhile"


HOURS: Final = (Network.opens, Network.closes, Network.notice_minutes, Network.working_days)


def hours_of(session: Session, network_id: int) -> NetworkHours:
    """The hours of a network, as they are now."""
    return hours_in(session.execute(select(*HOURS).where(Network.id == network_id)).one())


def hours_in(row: Row[*tuple[Any, ...]] | Network) -> NetworkHours:
    """The hours in a row that was asked for `HOURS`, whatever else it tells."""
    return NetworkHours(row.opens, row.closes, row.notice_minutes, row.working_days)


def write_hours(
    session: Session,
    network_id: int,
    after: NetworkHours,
    *,
    seen: NetworkHours | None = None,
    now: datetime,
    actor: str,
) -> NetworkHours | HoursRefusal:
    """Let them be so from now on; how they were before. `seen`: as somebody began with; of the same, nothing is noted."""
    query = select(Network).where(Network.id == network_id).with_for_update(key_share=True)
    row = session.scalars(query, execution_options={"populate_existing": True}).one()
    before = hours_in(row)
    if seen is not None and seen != before:
        return HoursRefusal.CHANGED_MEANWHILE
    if (refusal := why_not_kept(after)) is not None:
        return refusal
    fields = [name for name in after.__slots__ if getattr(before, name) != getattr(after, name)]
    for name in fields:
        setattr(row, name, getattr(after, name))
    session.flush()
    if fields:
        kind = PeopleChangeKind.SETTINGS_CHANGED
        note_people(session, network_id, kind, About(), actor=actor, now=now, fields=fields)
    return before


def why_not_kept(hours: NetworkHours) -> HoursRefusal | None:
    """What is wrong with such hours, if anything."""
    if any(wall.second or wall.microsecond or wall.minute % QUARTER for wall in (hours.opens, hours.closes)):
        return HoursRefusal.OFF_QUARTER
    if _minutes(hours.closes) - _minutes(hours.opens) < USUAL_CALL:
        return HoursRefusal.TOO_SHORT
    if not SHORTEST_NOTICE <= hours.notice_minutes <= LONGEST_NOTICE:
        return HoursRefusal.BAD_NOTICE
    return None if 1 <= hours.working_days <= MOST_DAYS else HoursRefusal.BAD_WINDOW


def _minutes(wall: time) -> int:
    return wall.hour * 60 + wall.minute
