"""A number that was mistyped on the form: mended on the page, or by sending the form again from the same browser."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from admin.public.again import WITHIN, number_typed, of_browser
from admin.public.booking import sealed
from admin.public.form import Request
from admin.public.times import ON_THE_PAGE, booked, booked_here, number_columns
from scheduler.records import LIVE
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class TimeBefore:
    """A time under a number that may have been mistyped, and the right to cancel it."""

    number: str
    starts_at: datetime
    booking: str


_MEND = text("""
WITH t AS (
    UPDATE ticket SET caller_sealed = :sealed, caller_index = :index, can_text = :can_text, updated_at = :now,
        matter = concat_ws('-', nullif(matter, ''), id)
    WHERE id = :ticket AND status = 'open' AND caller_index <> :index
        AND intake_key LIKE :own AND created_at > :since
        AND NOT EXISTS (SELECT FROM callback c WHERE c.ticket_id = ticket.id AND c.state = ANY(:live))
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, :actor, jsonb_build_object('fields', jsonb_build_array('number')) FROM t
""")


def mend_number(session: Session, ticket_id: int, e164: str, browser: str, *, now: datetime) -> None:
    """Whoever mistyped their number gives the right one in the same browser, as long as nobody has promised to ring it."""
    own = {"own": of_browser(browser), "since": now - WITHIN, "live": list(LIVE)}
    event = {"event": EventKind.REFINED, "actor": ON_THE_PAGE, "now": now, "ticket": ticket_id}
    session.execute(_MEND, {**number_columns(session, e164), **own, **event})


def mistyped(session: Session, earlier_id: int, asked: Request, browser: str, *, now: datetime) -> bool:
    """Whether this browser's last form asked for the same in the same words, and its number was this one but for a slip."""
    ticket, typed = session.get(Ticket, earlier_id), number_typed(session, earlier_id, browser, now=now)
    if ticket is None or typed is None or typed == asked.number:
        return False
    words = _opened(session, ticket.text_sealed), _opened(session, ticket.name_sealed)
    same = (ticket.language, ticket.topic, *words) == (asked.language, asked.topic, asked.text, asked.name)
    return same and is_slip(typed, asked.number)


def is_slip(one: str, other: str) -> bool:
    """Whether one number is the other with two digits mistyped or swapped at most, or with one left out or too many."""
    shorter, longer = sorted((one, other), key=len)
    if len(shorter) == len(longer):
        return sum(a != b for a, b in zip(one, other, strict=True)) <= 2
    return any(longer[:at] + longer[at + 1 :] == shorter for at in range(len(longer)))


def _opened(session: Session, sealed_words: str | None) -> str | None:
    return None if sealed_words is None else cipher_of(session).open(sealed_words)


def time_before(session: Session, earlier_id: int, browser: str, *, now: datetime) -> TimeBefore | None:
    """The time that this browser chose for its form before; None once it is over."""
    callback_id, typed = booked_here(session, earlier_id), number_typed(session, earlier_id, browser, now=now)
    promise = None if callback_id is None else booked(session, callback_id)
    return None if promise is None or typed is None else TimeBefore(typed, promise.starts_at, sealed(earlier_id))
