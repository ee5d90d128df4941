"""When the caller was not reached: again after ten minutes, then at another time, then the coordinator. Never nothing."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.attempts import end_taken_attempt
from scheduler.coordination import miss
from scheduler.jobs import enqueue
from scheduler.notices import Template, ring
from scheduler.notices import text as text_caller
from scheduler.promises import Later, Promise, move_to_next
from scheduler.slots import Grid
from scheduler.waiting import join_line_of
from tickets.vocabulary import AttemptResult, EventKind

SOON: Final = timedelta(minutes=10)
LATER: Final = timedelta(hours=2)
TRIES: Final = 3


class Next(StrEnum):
    """What happens after a try that did not reach the caller."""

    SAME_HELPER = "same_helper"
    NEW_TIME = "new_time"
    COORDINATOR = "coordinator"


@dataclass(frozen=True, slots=True)
class AfterFailure:
    """What happens now; `tries` are those used up, `at` is when the line rings again."""

    next: Next
    tries: int
    at: datetime | None = None
    promise: Promise | None = None


@dataclass(frozen=True, slots=True)
class _Failed:
    tries: int  # with this one
    ends_at: datetime
    can_text: bool


def after_failure(
    session: Session,
    callback_id: int,
    *,
    now: datetime,
    grid: Grid,
    result: AttemptResult = AttemptResult.EI_VASTANNUT,
) -> AfterFailure | None:
    """The caller did not answer, or the call broke: see to the next try; None when that has been seen to.

    The same helper rings again ten minutes later; the third try is promised anew, two hours later or more, so that
    somebody is there; after it, or when the number is wrong, the coordinator takes over.
    """
    failed = _look(session, callback_id)
    if failed is None:
        return None
    end_taken_attempt(session, callback_id, result, now=now)
    soon = now + SOON
    if failed.tries >= TRIES or result is AttemptResult.VAARA_NUMERO:
        return _give_up(session, callback_id, failed, now, grid)
    if failed.tries == 1 and soon < failed.ends_at:
        return _again_soon(session, callback_id, failed, soon, now)
    return _at_another_time(session, callback_id, failed, now, grid)


def postpone(session: Session, callback_id: int, *, now: datetime, grid: Grid) -> Promise | None:
    """The caller asked for another time when rung, and took none: the first one two hours later or more, same code.

    None when the rota has none; then the coordinator has the ticket, and the caller waits for what comes free. It costs
    no try. The caller is texted or rung.
    """
    end_taken_attempt(session, callback_id, AttemptResult.PYYSI_SIIRTOA, now=now)
    later = Later(now + LATER, template=Template.MOVED, actor="caller", heard=False)
    promise = move_to_next(session, callback_id, later, now=now, grid=grid)
    if promise is None:
        miss(session, callback_id, "no_later_time", now=now, grid=grid, news=Template.SAVED)
        join_line_of(session, callback_id, now=now)
    return promise


# Not locked here: whoever writes locks slots first and promises afterwards, and every statement below looks again.
_FAILED = text("""
SELECT c.tries + 1 AS tries, upper(c.during) AS ends_at, t.can_text
FROM callback c JOIN ticket t ON t.id = c.ticket_id
WHERE c.id = :id AND c.state IN ('ringing', 'talking')
""")


def _look(session: Session, callback_id: int) -> _Failed | None:
    row = session.execute(_FAILED, {"id": callback_id}).first()
    return None if row is None else _Failed(*row)


def _give_up(session: Session, callback_id: int, failed: _Failed, now: datetime, grid: Grid) -> AfterFailure | None:
    missed = miss(session, callback_id, "not_reached", now=now, grid=grid, tries=failed.tries, news=Template.TRIED)
    return AfterFailure(Next.COORDINATOR, failed.tries) if missed else None


_AGAIN = text("""
WITH c AS (
    UPDATE callback SET state = 'promised', tries = :tries
    WHERE id = :id AND state IN ('ringing', 'talking') RETURNING id, ticket_id
), t AS (
    UPDATE ticket SET status = 'promised', updated_at = :now FROM c WHERE ticket.id = c.ticket_id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id, 'at', CAST(:soon AS timestamptz)) FROM c
RETURNING ticket_id
""")


def _again_soon(
    session: Session, callback_id: int, failed: _Failed, soon: datetime, now: datetime
) -> AfterFailure | None:
    values = {"id": callback_id, "tries": failed.tries, "soon": soon, "now": now, "event": EventKind.TRY_AGAIN}
    if session.execute(_AGAIN, values).first() is None:
        return None
    jobs = [ring(callback_id, failed.tries + 1, at=soon)]
    if failed.can_text:
        jobs.append(text_caller(callback_id, Template.TRIED, at=now, number=failed.tries))
    enqueue(session, *jobs)
    return AfterFailure(Next.SAME_HELPER, failed.tries, soon)


def _at_another_time(
    session: Session, callback_id: int, failed: _Failed, now: datetime, grid: Grid
) -> AfterFailure | None:
    later = Later(now + LATER, template=Template.TRIED_AGAIN_AT, actor="line", tried=failed.tries)
    promise = move_to_next(session, callback_id, later, now=now, grid=grid)
    if promise is None:
        return _give_up(session, callback_id, failed, now, grid)
    return AfterFailure(Next.NEW_TIME, failed.tries, promise.starts_at, promise)
