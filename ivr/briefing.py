"""What a call that keeps a promise is about, gathered from the store for its script."""

from sqlalchemy.orm import Session

from ivr.helper_script import News, Task
from scheduler.briefing import brief
from scheduler.records import Attempt
from tickets.directory import helper_card


def task_of_attempt(session: Session, attempt_id: int) -> tuple[Task, int, int] | None:
    """The helper's task, with its network and line; None for an attempt that cannot be rung about."""
    attempt = session.get(Attempt, attempt_id)
    known = None if attempt is None else brief(session, attempt.callback_id)
    helper = None if attempt is None else helper_card(session, attempt.helper_id)
    if known is None or helper is None or known.line is None or known.caller is None:
        return None
    task = Task(
        attempt_id=attempt_id,
        callback_id=known.callback_id,
        ticket_id=known.ticket_id,
        starts_at=known.starts_at,
        code=known.code,
        topic=known.topic,
        resident_language=known.language,
        resident_number=known.caller,
        line_number=known.line.e164,
        recording_sid=known.recording_sid,
        helper_language=helper.languages[0],
    )
    return task, known.network_id, known.line.id


def news_of_callback(session: Session, callback_id: int, *, sorry: bool) -> tuple[News, int, int] | None:
    """The time to be told, or that a promise could not be kept; with its network and line."""
    known = brief(session, callback_id)
    if known is None or known.line is None:
        return None
    news = News(None if sorry else known.starts_at, known.code, known.language)
    return news, known.network_id, known.line.id
