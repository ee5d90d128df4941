"""1 or 2, texted in answer to a time that we offered, or to one that took another's place."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.notices import Template
from scheduler.offers import lapse, take_offer
from scheduler.ports import OperatorText
from scheduler.promises import Later, move_to_next
from scheduler.records import CallbackState
from scheduler.retries import LATER
from scheduler.slots import Grid
from tickets.directory import LineCard
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

YES, NO = "1", "2"
REMEMBERED: Final = timedelta(days=3)  # later, a bare figure answers nothing of ours


class Reply(StrEnum):
    """What is texted back at once; the words are `sms.<value>`. A promise or another time is told by a text of its own."""

    OVER = "offer_over"
    REFUSED = "offer_refused"
    NO_OTHER = "no_other_time"
    THANKS = "feedback_thanks"
    SORRY = "feedback_sorry"


@dataclass(frozen=True, slots=True)
class Answered:
    """A text that was an answer; `at` is the time that stands."""

    reply: Reply | None
    at: datetime


@dataclass(frozen=True, slots=True)
class _Asked:
    callback_id: int
    template: Template
    state: CallbackState
    starts_at: datetime


def take_answer(
    session: Session,
    told: OperatorText,
    network_id: int,
    caller_index: bytes,
    *,
    is_new: bool,
    now: datetime,
    grid: Grid,
) -> Answered | None:
    """The answer to what we asked this caller last; nothing where it is no answer, or we asked nothing."""
    key = told.body.strip().rstrip(".!")
    if key not in (YES, NO) or (asked := _asked(session, network_id, caller_index, now)) is None:
        return None
    if not is_new:  # it has done its work, and only what we said was lost
        return Answered(None, asked.starts_at)
    if asked.template is Template.OFFERED:
        return Answered(_to_offer(session, asked, key, now, grid), asked.starts_at)
    return Answered(_to_change(session, asked, key, now, grid), asked.starts_at)


def awaits_answer(session: Session, network_id: int, caller_index: bytes, *, now: datetime) -> bool:
    """Whether this caller was offered a time of late and has none of it: then thanks may mean yes, and somebody reads them."""
    asked = _asked(session, network_id, caller_index, now)
    return asked is not None and asked.state in (CallbackState.OFFERED, CallbackState.LAPSED)


def written_answer(catalogue: Catalogue, answered: Answered, language: Language, line: LineCard) -> str | None:
    """What is texted back to an answer, if anything."""
    if answered.reply is None:
        return None
    key = f"sms.{answered.reply}"
    known = {"line": written_number(line.e164), "time": written_time(answered.at, language)}
    return catalogue.text(language, key, **{name: known[name] for name in catalogue.placeholders(key)})


_ASKED = text("""
SELECT c.id, m.template, c.state, c.starts_at
FROM ticket t JOIN message m ON m.ticket_id = t.id JOIN job j ON j.key = m.key
JOIN callback c ON c.id = (j.payload ->> 'callback')::bigint
WHERE t.network_id = :network AND t.caller_index = :index AND t.status <> 'closed' AND m.template = ANY(:asking)
    AND m.created_at > :since AND (c.state = 'offered' OR NOT EXISTS (
        SELECT FROM ticket u JOIN message f ON f.ticket_id = u.id
        WHERE u.network_id = :network AND u.caller_index = :index AND f.template = :later AND f.id > m.id
    ))
ORDER BY m.id DESC LIMIT 1
""")
_ASKING = [Template.OFFERED.value, Template.REPLACED.value]


def _asked(session: Session, network_id: int, caller_index: bytes, now: datetime) -> _Asked | None:
    values = {"network": network_id, "index": caller_index, "asking": _ASKING, "since": now - REMEMBERED}
    values["later"] = Template.FEEDBACK
    row = session.execute(_ASKED, values).first()
    return None if row is None else _Asked(row.id, Template(row.template), CallbackState(row.state), row.starts_at)


def _to_offer(session: Session, asked: _Asked, key: str, now: datetime, grid: Grid) -> Reply | None:
    if key == NO:
        return Reply.REFUSED if lapse(session, asked.callback_id, "refused", now=now, grid=grid) else None
    promise = take_offer(session, asked.callback_id, asked.starts_at, now=now, grid=grid, heard=False)
    return None if promise is not None else Reply.OVER


def _to_change(session: Session, asked: _Asked, key: str, now: datetime, grid: Grid) -> Reply | None:
    """The new time does not suit: a later one, told by a text of its own."""
    if key == YES or asked.state is not CallbackState.PROMISED:
        return None
    later = Later(max(now, asked.starts_at) + LATER, template=Template.REPLACED, actor="caller")
    promise = move_to_next(session, asked.callback_id, later, now=now, grid=grid)
    return None if promise is not None else Reply.NO_OTHER
