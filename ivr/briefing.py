"""What a call that keeps a promise is about, gathered from the store for its script."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.helper_script import News, Task
from scheduler.letters import LINE_OF_TICKET
from scheduler.records import Attempt, Callback
from tickets.network import Helper, Line
from tickets.store import cipher_of
from tickets.ticket import Recording, Ticket
from voice_prompts.language import Language


def task_of_attempt(session: Session, attempt_id: int) -> tuple[Task, int, int] | None:
    """The helper's task, with its network and line; None for an attempt that we do not know."""
    row = session.execute(
        select(Attempt, Callback, Ticket, Helper, Line)
        .join(Callback, Callback.id == Attempt.callback_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .join(Helper, Helper.id == Attempt.helper_id)
        .join(Line, Line.id == LINE_OF_TICKET)
        .where(Attempt.id == attempt_id)
    ).first()
    if row is None or row.Ticket.caller_sealed is None:
        return None
    cipher = cipher_of(session)
    task = Task(
        attempt_id=attempt_id,
        ticket_id=row.Ticket.id,
        starts_at=row.Callback.starts_at,
        code=cipher.open(row.Callback.code_sealed),
        topic=row.Ticket.topic,
        resident_language=row.Ticket.language,
        resident_number=cipher.open(row.Ticket.caller_sealed),
        line_number=row.Line.e164,
        recording_sid=_newest_message(session, row.Ticket.id),
        helper_language=Language(row.Helper.languages[0]),
    )
    return task, row.Ticket.network_id, row.Line.id


def news_of_callback(session: Session, callback_id: int, *, sorry: bool) -> tuple[News, int, int] | None:
    """The time to be told, or that a promise could not be kept; with its network and line."""
    row = session.execute(
        select(Callback, Ticket, Line)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .join(Line, Line.id == LINE_OF_TICKET)
        .where(Callback.id == callback_id)
    ).first()
    if row is None:
        return None
    code = cipher_of(session).open(row.Callback.code_sealed)
    starts_at = None if sorry else row.Callback.starts_at
    return News(starts_at, code, row.Ticket.language), row.Ticket.network_id, row.Line.id


def _newest_message(session: Session, ticket_id: int) -> str | None:
    return session.scalar(
        select(Recording.recording_sid)
        .where(Recording.ticket_id == ticket_id, Recording.discarded.is_(False))
        .order_by(Recording.id.desc())
        .limit(1)
    )
