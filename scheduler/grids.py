"""Each network's grid, made from the hours that it keeps; and what follows when these change."""

from datetime import datetime, time, timedelta
from typing import Final

from sqlalchemy import ColumnElement, Select, select
from sqlalchemy.orm import Session

from scheduler.records import Callback
from scheduler.rota.records import Place
from scheduler.slots import Grid
from scheduler.waiting import note_freed
from tickets.network import Helper, Network
from tickets.network_hours import HOURS, HoursRefusal, NetworkHours, hours_in, write_hours
from tickets.ticket import Ticket

_WITH_HOURS: Final = select(*HOURS)
_OF_TICKET: Final = _WITH_HOURS.join(Ticket, Ticket.network_id == Network.id)
_OF_CALLBACK: Final = _OF_TICKET.join(Callback, Callback.ticket_id == Ticket.id)
_OF_HELPER: Final = _WITH_HOURS.join(Helper, Helper.network_id == Network.id)
_OF_PLACE: Final = _OF_HELPER.join(Place, Place.helper_id == Helper.id)


def grid_with(hours: NetworkHours) -> Grid:
    """The grid of a network with these hours; starts, usual calls and the zone are the same for all."""
    notice = timedelta(minutes=hours.notice_minutes)
    return Grid(notice=notice, working_days=hours.working_days, opens=hours.opens, closes=hours.closes)


def grid_of(session: Session, network_id: int) -> Grid:
    """The grid of a network, as it is now."""
    return _grid(session, _WITH_HOURS, Network.id == network_id)


def grid_of_ticket(session: Session, ticket_id: int) -> Grid:
    """The grid of the network that a ticket is of."""
    return _grid(session, _OF_TICKET, Ticket.id == ticket_id)


def grid_of_callback(session: Session, callback_id: int) -> Grid:
    """The grid of the network that a promise is of."""
    return _grid(session, _OF_CALLBACK, Callback.id == callback_id)


def grid_of_helper(session: Session, helper_id: int) -> Grid:
    """The grid of the network in which somebody helps."""
    return _grid(session, _OF_HELPER, Helper.id == helper_id)


def grid_of_place(session: Session, place_id: int) -> Grid:
    """The grid of the network in whose rota a place is."""
    return _grid(session, _OF_PLACE, Place.id == place_id)


def change_hours(
    session: Session,
    network_id: int,
    after: NetworkHours,
    *,
    seen: NetworkHours | None = None,
    now: datetime,
    actor: str,
) -> HoursRefusal | None:
    """Let a network ring back at these hours from now on. What is promised stands; who waits may now be offered a time."""
    before = write_hours(session, network_id, after, seen=seen, now=now, actor=actor)
    if isinstance(before, HoursRefusal):
        return before
    if before != after:
        note_freed(session, network_id, now=now)
    return None


def _grid(session: Session, found: Select[time, time, int, int], which: ColumnElement[bool]) -> Grid:
    return grid_with(hours_in(session.execute(found.where(which)).one()))
