"""What a call that keeps a promise is about, gathered from the store for its script."""

from sqlalchemy.orm import Session

from ivr.effects import HeldPromise
from ivr.helper_script import News, Task
from ivr.offer_script import Changed, Offered
from scheduler.briefing import Brief, brief
from scheduler.records import LIVE, Attempt
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
        helper_language=helper.languages[0],
        recordings=known.recordings,
    )
    return task, known.network_id, known.line.id


def news_of_callback(session: Session, callback_id: int, *, sorry: bool) -> tuple[News, int, int] | None:
    """The time to be told, or that a promise could not be kept; with its network and line."""
    known = brief(session, callback_id)
    if known is None or known.line is None:
        return None
    news = News(None if sorry else known.starts_at, known.code, known.language)
    return news, known.network_id, known.line.id


def offered_of_callback(session: Session, callback_id: int) -> tuple[Offered, int, int] | None:
    """The time that is kept free for somebody who waits; with its network and line."""
    known = brief(session, callback_id)
    if known is None or known.line is None or known.caller is None:
        return None
    return Offered(_held(known), known.language, known.caller), known.network_id, known.line.id


def changed_of_callback(session: Session, callback_id: int) -> tuple[Changed, int, int] | None:
    """The time in place of one that cannot be kept, or that there is none yet; with its network and line."""
    known = brief(session, callback_id)
    if known is None or known.line is None or known.caller is None:
        return None
    instead = _held(known) if known.state in LIVE and known.instead_of else None
    before = known.instead_of if instead and known.instead_of else known.starts_at
    changed = Changed(before, known.code, instead, known.language, known.caller)
    return changed, known.network_id, known.line.id


def _held(known: Brief) -> HeldPromise:
    return HeldPromise(known.callback_id, known.ticket_id, known.starts_at, known.code)
