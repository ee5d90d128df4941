"""A time that was promised, changed by somebody who works on the ticket: moved, or given back."""

from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from scheduler.cases import Doing, as_it_is
from scheduler.closing import reopen
from scheduler.desk import DeskRefusal
from scheduler.notices import Template
from scheduler.promises import Promise, cancel, live_promises, move
from scheduler.records import Callback, CallbackState
from tickets.ticket import Ticket

STANDS: Final = (CallbackState.PROMISED, CallbackState.DEFICIT)


def move_time(
    session: Session, ticket: Ticket, callback_id: int, starts_at: datetime, doing: Doing, *, heard: bool
) -> Promise | DeskRefusal:
    """Another time instead of this one, under the same code; asked for twice, it is one move."""
    own = _promise_of(session, ticket)
    if own is not None and own.starts_at == starts_at:
        return own
    if own is None or own.callback_id != callback_id or not _stands(session, callback_id):
        return DeskRefusal.NOT_NOW
    moved = move(session, callback_id, None, starts_at, **doing.by, grid=doing.grid, heard=heard)
    return DeskRefusal.TIME_GONE if moved is None else moved


def cancel_time(
    session: Session, ticket: Ticket, callback_id: int, doing: Doing, *, heard: bool, goes_on: bool
) -> DeskRefusal | None:
    """Give the time back; the matter ends with it, unless it `goes_on`: then it is open, and nobody's."""
    own = _promise_of(session, ticket)
    if own is None or own.callback_id != callback_id or not _stands(session, callback_id):
        return DeskRefusal.NOT_NOW
    told = None if heard else Template.CANCELLED
    if not cancel(session, callback_id, **doing.by, grid=doing.grid, told=told):
        return DeskRefusal.NOT_NOW
    as_it_is(session, ticket)
    return DeskRefusal.NOT_NOW if goes_on and reopen(session, ticket, doing) is not None else None


def _promise_of(session: Session, ticket: Ticket) -> Promise | None:
    if ticket.caller_index is None:
        return None
    promises = live_promises(session, ticket.network_id, ticket.caller_index)
    return next((promise for promise in promises if promise.ticket_id == ticket.id), None)


def _stands(session: Session, callback_id: int) -> bool:
    """Nobody is rung about it yet."""
    callback = session.get(Callback, callback_id, populate_existing=True)
    return callback is not None and callback.state in STANDS
