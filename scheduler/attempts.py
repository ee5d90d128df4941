"""Keeping the promise: the try is written down before anyone is rung, one helper takes it, and how it ended is kept."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.outcomes import Ending, write_ending
from scheduler.records import AttemptState
from scheduler.slots import Grid
from tickets.vocabulary import AttemptResult, EventKind, Outcome, TicketStatus


@dataclass(frozen=True, slots=True)
class AttemptRef:
    """One try with one helper. Without a `call_sid` nobody knows yet whether the helper was rung."""

    id: int
    callback_id: int
    number: int
    helper_id: int
    state: AttemptState
    call_sid: str | None
    intended_at: datetime


_BEGIN = text("""
WITH c AS (
    UPDATE callback SET state = 'ringing'
    WHERE id = :callback AND state IN ('promised', 'ringing') AND assigned_helper_id = :helper AND tries + 1 = :number
    RETURNING id, ticket_id
), t AS (
    UPDATE ticket SET status = 'calling', updated_at = :now FROM c
    WHERE ticket.id = c.ticket_id AND status = 'promised'
), a AS (
    INSERT INTO attempt (callback_id, number, helper_id, state, intended_at)
    SELECT id, :number, :helper, 'intended', :now FROM c
    ON CONFLICT (callback_id, number, helper_id) DO UPDATE SET number = excluded.number
    RETURNING id, callback_id, number, helper_id, state, call_sid, intended_at, xmax = 0 AS is_new
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT c.ticket_id, :now, :event, 'line', jsonb_build_object('attempt', a.id, 'try', a.number, 'helper', a.helper_id)
    FROM c, a WHERE a.is_new
)
SELECT id, callback_id, number, helper_id, state, call_sid, intended_at FROM a WHERE state <> 'ended'
""")


def begin_attempt(
    session: Session, callback_id: int, number: int, helper_id: int, *, now: datetime
) -> AttemptRef | None:
    """Write down that this helper is about to be rung; again, it is the same attempt, so look before ringing twice.

    None when there is nothing to ring about: the promise was moved or cancelled, this try is over, or another helper
    has been chosen meanwhile.
    """
    row = session.execute(
        _BEGIN,
        {
            "callback": callback_id,
            "number": number,
            "helper": helper_id,
            "now": now,
            "event": EventKind.ATTEMPT_BEGUN,
        },
    ).first()
    if row is None:
        return None
    return AttemptRef(
        row.id, row.callback_id, row.number, row.helper_id, AttemptState(row.state), row.call_sid, row.intended_at
    )


def note_ringing(session: Session, attempt_id: int, call_sid: str) -> None:
    """The operator rings the helper; this is the call."""
    session.execute(
        text("""
        UPDATE attempt SET call_sid = :sid, state = CASE state WHEN 'intended' THEN 'ringing' ELSE state END
        WHERE id = :id AND call_sid IS NULL
        """),
        {"sid": call_sid, "id": attempt_id},
    )


_TAKE = text("""
WITH won AS (
    UPDATE callback SET state = 'talking', assigned_helper_id = :helper
    WHERE id = :callback AND state = 'ringing' AND EXISTS (
        SELECT FROM attempt WHERE id = :attempt AND callback_id = :callback AND helper_id = :helper
            AND state IN ('intended', 'ringing')
    )
    RETURNING id, ticket_id
), a AS (
    UPDATE attempt SET state = 'taken', taken_at = :now FROM won WHERE attempt.id = :attempt
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'helper', jsonb_build_object('attempt', CAST(:attempt AS bigint)) FROM won
)
SELECT EXISTS (SELECT FROM won) OR EXISTS (
    SELECT FROM attempt WHERE id = :attempt AND callback_id = :callback AND helper_id = :helper AND state = 'taken'
)
""")


def take(session: Session, callback_id: int, attempt_id: int, helper_id: int, *, now: datetime) -> bool:
    """The helper pressed 1: theirs if nobody was quicker and it is still to be kept; pressed twice, it stays theirs."""
    ids = {"callback": callback_id, "attempt": attempt_id, "helper": helper_id}
    return bool(session.execute(_TAKE, {**ids, "now": now, "event": EventKind.TAKEN}).scalar_one())


def note_caller_rung(session: Session, callback_id: int, *, now: datetime) -> None:
    """The caller's phone rings: with this the promise is kept in time, or not. The first time counts."""
    session.execute(
        text("UPDATE callback SET caller_rung_at = :now WHERE id = :id AND caller_rung_at IS NULL"),
        {"now": now, "id": callback_id},
    )


_RESULT = text("""
WITH a AS (
    UPDATE attempt SET state = 'ended', result = :result, ended_at = :now
    WHERE state <> 'ended' AND (id = :attempt OR (callback_id = :taken_of AND state = 'taken'))
    RETURNING id, callback_id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT c.ticket_id, :now, :event, 'line', jsonb_build_object('attempt', a.id, 'result', CAST(:result AS text))
FROM a JOIN callback c ON c.id = a.callback_id
RETURNING ticket_id
""")


def record_attempt_result(session: Session, attempt_id: int, result: AttemptResult, *, now: datetime) -> bool:
    """How this try ended; False when that was known already, and the first word stands."""
    values = {"attempt": attempt_id, "taken_of": None, "result": result, "now": now}
    return session.execute(_RESULT, values | {"event": EventKind.ATTEMPT_ENDED}).first() is not None


def end_taken_attempt(session: Session, callback_id: int, result: AttemptResult, *, now: datetime) -> None:
    """The helper who took this promise is done with it; whatever was said before about how it ended stands."""
    values = {"attempt": None, "taken_of": callback_id, "result": result, "now": now}
    session.execute(_RESULT, values | {"event": EventKind.ATTEMPT_ENDED})


_END_TALK = text("""
WITH c AS (
    UPDATE callback SET state = 'kept', ended_at = :now WHERE id = :callback AND state = 'talking'
    RETURNING id, ticket_id
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE about = 'callback-' || c.id AND state = 'waiting'
), t AS (
    UPDATE ticket SET status = 'awaiting_outcome', updated_at = :now FROM c
    WHERE ticket.id = c.ticket_id AND status = 'calling'
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id) FROM c
RETURNING ticket_id
""")


def end_talk(session: Session, callback_id: int, *, now: datetime) -> bool:
    """They have talked: the promise is kept, and the ticket waits for its outcome; False when that was known."""
    end_taken_attempt(session, callback_id, AttemptResult.VASTASI, now=now)
    values = {"callback": callback_id, "now": now, "event": EventKind.TALK_ENDED}
    return session.execute(_END_TALK, values).first() is not None


def close(session: Session, callback_id: int, outcome: Outcome, *, now: datetime, grid: Grid) -> bool:
    """The helper says how it went; False when somebody else has dealt with the ticket meanwhile. Three statements.

    A matter that needs more stays open: the coordinator has it until it gets another time.
    """
    end_talk(session, callback_id, now=now)
    awaited = {TicketStatus.AWAITING_OUTCOME, TicketStatus.CALLING, TicketStatus.WITH_COORDINATOR}
    ending = Ending(outcome)
    return write_ending(session, ending, now=now, grid=grid, actor="helper", callback_id=callback_id, only_from=awaited)
