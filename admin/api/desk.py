"""The desk, for programs: the same use cases as on its page."""

from datetime import datetime
from http import HTTPStatus
from typing import Final

from admin.api.desk_shapes import (
    MatterIn,
    MatterOut,
    NumberIn,
    OpenMattersOut,
    PromiseOut,
    StandingOut,
    TimeIn,
    TimesOut,
    TimesQuery,
)
from admin.api.operations import Asked, Operations, Refused
from scheduler.cases import Doing
from scheduler.desk import (
    DeskRefusal,
    Logged,
    Refusal,
    Then,
    book_time,
    log_matter,
    open_matters,
    wait_for_time,
)
from scheduler.free_times import free_times
from scheduler.promises import Promise
from scheduler.sight import ticket_for
from scheduler.waiting import Standing
from tickets.rights import Right
from tickets.ticket import Ticket

MOST_TIMES: Final = 3

operations = Operations()


@operations.post("/desk/numbers", Right.LOG_MATTERS)
def what_a_number_has_open(asked: Asked, body: NumberIn) -> OpenMattersOut:
    """What somebody who rings or comes has open already, and when they will be rung."""
    return OpenMattersOut.of(open_matters(asked.session, asked.holder, body.number, now=asked.now))


@operations.post("/desk/matters", Right.LOG_MATTERS)
def log_a_matter(asked: Asked, body: MatterIn) -> MatterOut:
    """Log a matter as a ticket of its own; sent twice under one key it is one ticket."""
    ending = None if body.ending is None else body.ending.ending
    logged = log_matter(asked.session, asked.holder, body.told, body.then, ending, doing(asked))
    if not isinstance(logged, Logged):
        raise refused(logged)
    ticket = asked.session.get_one(Ticket, logged.ticket_id)
    times = _times(asked, ticket, TimesQuery(after=None)) if body.then is Then.TIME else []
    return MatterOut(ticket=logged.code, status=logged.status, times=times)


@operations.get("/desk/matters/{code}/times", Right.LOG_MATTERS)
def times_for_a_matter(asked: Asked, code: str, query: TimesQuery) -> TimesOut:
    """The next few times that can be promised."""
    return TimesOut(times=_times(asked, _ticket(asked, code), query))


@operations.post("/desk/matters/{code}/time", Right.LOG_MATTERS)
def promise_a_time(asked: Asked, code: str, body: TimeIn) -> PromiseOut:
    """Promise a time; its four digits are told to the caller now."""
    promise = book_time(asked.session, _ticket(asked, code), body.starts_at, doing(asked))
    if not isinstance(promise, Promise):
        raise refused(promise)
    return PromiseOut.of(promise)


@operations.post("/desk/matters/{code}/waiting", Right.LOG_MATTERS)
def let_a_caller_wait(asked: Asked, code: str) -> StandingOut:
    """No time suits: the caller waits for one that comes free."""
    standing = wait_for_time(asked.session, _ticket(asked, code), doing(asked))
    if not isinstance(standing, Standing):
        raise refused(standing)
    return StandingOut(before=standing.before)


def doing(asked: Asked) -> Doing:
    """Who does it and when, as the desk is told."""
    return Doing(asked.now, asked.actor, asked.grid)


def refused(why: Refusal) -> Refused:
    """What could not be done, as the API says it."""
    missing = why is DeskRefusal.NO_SUCH_TICKET
    return Refused(why, status=HTTPStatus.NOT_FOUND if missing else HTTPStatus.CONFLICT)


def _ticket(asked: Asked, code: str) -> Ticket:
    found = ticket_for(asked.session, asked.holder, code, Right.LOG_MATTERS, now=asked.now)
    if found is None:
        raise refused(DeskRefusal.NO_SUCH_TICKET)
    return found


def _times(asked: Asked, ticket: Ticket, query: TimesQuery) -> list[datetime]:
    free = free_times(asked.session, ticket, after=query.after, now=asked.now, grid=asked.grid)
    return [start for day in free.days for start in day.starts][:MOST_TIMES]
