"""What the line must know to keep one promise: whom to ring, from which number, with which code and message."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.records import CallbackState
from tickets.store import Cipher, cipher_of
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class ChosenHelper:
    """The helper who is to ring back; the number is for the operator's ears only."""

    id: int
    phone: str
    languages: tuple[Language, ...]


@dataclass(frozen=True, slots=True)
class OwnLine:
    """The line whose number both sides see; the network's first, when the matter came by another way than the phone."""

    id: int
    e164: str
    wording_version: int = 0


@dataclass(frozen=True, slots=True)
class Brief:
    """One promise, opened. `caller` is None when no number is known."""

    callback_id: int
    ticket_id: int
    ticket_code: str
    ticket_status: TicketStatus
    network_id: int
    line: OwnLine | None
    state: CallbackState
    starts_at: datetime
    ends_at: datetime
    code: str
    language: Language
    topic: Topic | None
    tries: int
    caller: str | None
    can_text: bool
    helper: ChosenHelper | None
    recordings: tuple[str, ...]  # of the newest message, part by part
    held_until: datetime | None
    instead_of: datetime | None  # the time that it replaces


_BRIEF = text("""
SELECT c.id, t.id AS ticket_id, t.code, t.status, t.network_id, l.id AS line_id, l.e164, l.wording_version, c.state, c.starts_at,
    upper(c.during) AS ends_at,
    c.code_sealed, t.language, t.topic, c.tries, t.caller_sealed, t.can_text,
    h.id AS helper_id, h.phone_sealed, h.languages, (
        SELECT array_agg(recording_sid ORDER BY r.id) FROM recording r
        WHERE r.ticket_id = t.id AND NOT r.discarded AND r.state <> 'absent'
        GROUP BY r.call_sid
        ORDER BY max(r.id) DESC LIMIT 1
    ) AS recordings, c.held_until, (
        SELECT b.starts_at FROM callback b WHERE b.ticket_id = t.id AND b.id < c.id AND b.state = 'moved'
        ORDER BY b.id DESC LIMIT 1
    ) AS instead_of
FROM callback c JOIN ticket t ON t.id = c.ticket_id
LEFT JOIN line l ON l.id = coalesce(
    t.line_id, (SELECT min(id) FROM line WHERE network_id = t.network_id AND active)
)
LEFT JOIN helper h ON h.id = c.assigned_helper_id
WHERE c.id = :id
""")


def brief(session: Session, callback_id: int) -> Brief | None:
    """Everything about one promise; None when there is no such callback. One statement."""
    row = session.execute(_BRIEF, {"id": callback_id}).first()
    if row is None:
        return None
    return _open(row, cipher_of(session))


def _open(row: Row[Any], cipher: Cipher) -> Brief:
    return Brief(
        callback_id=row.id,
        ticket_id=row.ticket_id,
        ticket_code=row.code,
        ticket_status=TicketStatus(row.status),
        network_id=row.network_id,
        line=None if row.line_id is None else OwnLine(row.line_id, row.e164, row.wording_version),
        state=CallbackState(row.state),
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        code=cipher.open(row.code_sealed),
        language=Language(row.language),
        topic=Topic(row.topic) if row.topic else None,
        tries=row.tries,
        caller=None if row.caller_sealed is None else cipher.open(row.caller_sealed),
        can_text=row.can_text,
        helper=_helper(row, cipher),
        recordings=tuple(row.recordings or ()),
        held_until=row.held_until,
        instead_of=row.instead_of,
    )


def _helper(row: Row[Any], cipher: Cipher) -> ChosenHelper | None:
    if row.helper_id is None:
        return None
    return ChosenHelper(row.helper_id, cipher.open(row.phone_sealed), tuple(Language(code) for code in row.languages))
