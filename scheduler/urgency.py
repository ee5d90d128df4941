"""Tickets with the most urgent first, a page at a time; and a board with a column for each state.

First whatever is to be done by a moment, the nearest moment first; then what nobody has, the oldest first; then what has an
owner or a time; closed ones last, the newest first. Each of these is a list by index, walked only where a page reaches it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final, Self, TypeAlias

from sqlalchemy import ColumnElement, Row, Select, and_, func, null, select, true, tuple_, union_all
from sqlalchemy.orm import Session

from scheduler.finding import PLANS, Wanted, Within, conditions, find
from scheduler.records import LIVE, Callback
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus

_S = TicketStatus
DUE: Final = "due"
TIMED: Final = "timed"
# The order of the lists: those with a deadline, then by status, then those with a promised time; closed ones follow.
LISTS: Final = (DUE, _S.WITH_COORDINATOR, _S.OPEN, _S.UNFINISHED, _S.AWAITING_OUTCOME, _S.WITH_OWNER, TIMED)
COLUMNS: Final = (
    _S.WITH_COORDINATOR,
    _S.OPEN,
    _S.UNFINISHED,
    _S.AWAITING_OUTCOME,
    _S.WITH_OWNER,
    _S.PROMISED,
    _S.CALLING,
)
LARGEST: Final = 2**63 - 1
_IS_TIMED: Final = Ticket.status.in_([_S.PROMISED, _S.CALLING])
_KEY: Final = Ticket.id.expression
Walk: TypeAlias = Select[*tuple[Any, ...]]  # of a ticket's number and the moment that counts


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ends: in which list, at which moment, at which ticket; of closed ones the code of the last."""

    list: str
    at: datetime | None = None
    id: int = 0
    code: str | None = None

    def __str__(self) -> str:
        """As an address carries it."""
        rest = self.code if self.list == _S.CLOSED else f"{self.id}~{'' if self.at is None else self.at.isoformat()}"
        return f"{self.list}~{rest}"

    @classmethod
    def read(cls, cursor: str) -> Self | None:
        """The place that an address names; None where it names none."""
        name, _, rest = cursor.partition("~")
        if name == _S.CLOSED:
            return cls(name, code=rest)
        number, _, moment = rest.partition("~")
        try:
            at, known = datetime.fromisoformat(moment) if moment else None, int(number)
        except ValueError:
            return None
        fits = name in LISTS and 0 <= known <= LARGEST and (at is not None) == (name in (DUE, TIMED))
        return cls(name, at, known) if fits and (at is None or at.tzinfo is not None) else None


@dataclass(frozen=True, slots=True)
class Urgent:
    """Some tickets, the most urgent first, and the cursor of the next page."""

    tickets: tuple[Ticket, ...]
    next: str | None


@dataclass(frozen=True, slots=True)
class Column:
    """The tickets of a state: how many there are, as far as we count, and the most urgent of them."""

    status: TicketStatus
    count: int
    tickets: tuple[Ticket, ...]


def most_urgent(
    session: Session, within: Within, wanted: Wanted, *, limit: int, now: datetime, after: str | None = None
) -> Urgent | None:
    """The tickets after this cursor; None when it is none."""
    place = None if after is None else Place.read(after)
    if after is not None and place is None:
        return None
    found = _places(session, within, wanted, place, limit + 1, now)
    tickets = _tickets(session, within, [one.id for one in found[:limit]])
    if len(found) > limit:
        return Urgent(tickets, str(found[limit - 1]))
    if wanted.open or wanted.status not in (None, _S.CLOSED):
        return Urgent(tickets, None)
    return _with_closed(session, within, wanted, tickets, place, limit, now)


def columns(
    session: Session, within: Within, wanted: Wanted, *, counted: int, shown: int, now: datetime
) -> tuple[Column, ...]:
    """A column for each open state, with its most urgent tickets; `counted` is as far as we count, and one more is "more"."""
    found = {
        status: _places(session, within, replace(wanted, status=status), None, counted + 1, now) for status in COLUMNS
    }
    ids = [one.id for places in found.values() for one in places[:shown]]
    tickets = {ticket.id: ticket for ticket in _tickets(session, within, ids)}
    return tuple(
        Column(status, len(places), tuple(tickets[one.id] for one in places[:shown] if one.id in tickets))
        for status, places in found.items()
    )


def _with_closed(
    session: Session,
    within: Within,
    wanted: Wanted,
    tickets: tuple[Ticket, ...],
    place: Place | None,
    limit: int,
    now: datetime,
) -> Urgent | None:
    """The page filled up with closed ones; where it is full already, the next one begins with them."""
    room, after = limit - len(tickets), None if place is None else place.code or None
    closed = find(session, within, replace(wanted, status=_S.CLOSED), limit=max(room, 1), now=now, after=after)
    if closed is None:
        return None
    if not room:
        return Urgent(tickets, str(Place(_S.CLOSED, code="")) if closed.tickets else None)
    cursor = None if closed.next is None else str(Place(_S.CLOSED, code=closed.next))
    return Urgent((*tickets, *closed.tickets), cursor)


def _places(
    session: Session, within: Within, wanted: Wanted, place: Place | None, limit: int, now: datetime
) -> list[Place]:
    """The first open tickets after this place, list by list."""
    found: list[Place] = []
    if wanted.status is _S.CLOSED or within.ways == () or (place is not None and place.list == _S.CLOSED):
        return found
    session.execute(PLANS)
    asked = conditions(session, within, wanted, now)
    for name in _lists(wanted, place):
        last = place if place is not None and place.list == name else None
        rows = _rows(session, within, _walk(within, name, asked, last), limit - len(found))
        found += [Place(name, row.at, row.id) for row in rows]
        if len(found) >= limit:
            break
    return found


def _lists(wanted: Wanted, place: Place | None) -> Iterator[str]:
    begun = place is None
    timed = wanted.status in (_S.PROMISED, _S.CALLING)
    for name in LISTS:
        begun = begun or (place is not None and place.list == name)
        if begun and (wanted.status in (None, name) or name == DUE or (timed and name == TIMED)):
            yield name


def _walk(within: Within, name: str, asked: list[ColumnElement[bool]], last: Place | None) -> Walk:
    """One of the lists, from this place on."""
    mine = and_(Ticket.network_id == within.network_id, *asked)
    if name == DUE:
        dated = and_(Ticket.status != _S.CLOSED, Ticket.deadline.is_not(None))
        return _from(select(_KEY.label("id"), Ticket.deadline.label("at")).where(mine, dated), Ticket.deadline, last)
    free = and_(mine, Ticket.deadline.is_(None))
    if name != TIMED:
        after = true() if last is None else last.id < _KEY
        return select(_KEY.label("id"), null().label("at")).where(free, Ticket.status == name, after).order_by(_KEY)
    live = and_(Callback.ticket_id == Ticket.id, Callback.network_id == within.network_id, Callback.state.in_(LIVE))
    walk = select(_KEY.label("id"), Callback.starts_at.label("at")).join(Callback, live).where(free, _IS_TIMED)
    return _from(walk, Callback.starts_at, last)


def _from(walk: Walk, moment: Any, last: Place | None) -> Walk:
    after = true() if last is None else and_(moment >= last.at, tuple_(moment, _KEY) > (last.at, last.id))
    return walk.where(after).order_by(moment, _KEY)


def _rows(session: Session, within: Within, walk: Walk, limit: int) -> list[Row[*tuple[Any, ...]]]:
    if within.ways is None:
        return list(session.execute(walk.limit(limit)))
    parts = (select(walk.where(_KEY.in_(way)).limit(limit).subquery()) for way in within.ways)
    every = union_all(*parts).subquery()
    one_each = select(every.c.id, func.min(every.c.at).label("at")).group_by(every.c.id)
    return list(session.execute(one_each.order_by(func.min(every.c.at), every.c.id).limit(limit)))


def _tickets(session: Session, within: Within, ids: list[int]) -> tuple[Ticket, ...]:
    rows = session.scalars(select(Ticket).where(Ticket.id.in_(ids), Ticket.network_id == within.network_id))
    known: Mapping[int, Ticket] = {ticket.id: ticket for ticket in rows}
    return tuple(known[one] for one in ids if one in known)
