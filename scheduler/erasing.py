"""Erasing what is somebody's, everywhere, because they ask for it: all of it or, with a reason, nothing."""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.errands import forgetting
from scheduler.forgetting import forget_sounds_outside
from scheduler.jobs import enqueue
from scheduler.promises import cancel
from scheduler.records import LIVE, Callback, CallbackState
from scheduler.relay.publishing import take_back
from scheduler.slots import Grid
from tickets.erasures import mark_of, note_erasure
from tickets.forgetting import forget_helpers, forget_persons, forget_tickets
from tickets.holds import held
from tickets.network import Helper, Network
from tickets.people import Person
from tickets.records import FORGETTING
from tickets.registered import Found, Whose, codes_of, find
from tickets.retention import Kept
from tickets.store import cipher_of
from tickets.ticket import Ticket

TALKING: Final = (CallbackState.RINGING, CallbackState.TALKING)


class EraseRefusal(StrEnum):
    """Why nothing has been erased; the values are in the API."""

    NOBODY = "nobody"
    HELD = "held"
    ON_THE_PHONE = "on_the_phone"
    STILL_WITH_US = "still_with_us"
    ALERTED = "alerted"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why nothing has been erased, and the tickets (by code) on account of which."""

    why: EraseRefusal
    tickets: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Erased:
    """What has been erased: rows by table, and how many promises were given back. Its number is in the register."""

    number: int
    counts: Mapping[str, int]
    cancelled: int


def erase(session: Session, whose: Whose, *, now: datetime, grid: Grid, actor: str) -> Erased | Refusal:
    """Erase everything of theirs; refused, nothing has been changed. Promises are given back first.

    What was counted stays counted, without anything that leads to them; that it was erased is in the register.
    """
    with session.begin_nested() as attempted:
        found = find(session, whose)
        refusal = _reason_against(session, found, now)
        cancelled = 0 if refusal else _give_back(session, found, now, grid, actor)
        if refusal is None:
            _lock(session, found.tickets)
            refusal = _reason_against(session, found, now)  # a hold or a call may have come meanwhile
        if refusal is None:
            return _erase(session, whose, found, cancelled, now, actor)
        attempted.rollback()
    return refusal


def _reason_against(session: Session, found: Found, now: datetime) -> Refusal | None:
    if not found:
        return Refusal(EraseRefusal.NOBODY)
    if holds := held(session, found.tickets, now=now):
        return Refusal(EraseRefusal.HELD, codes_of(session, holds))
    if talking := _talking(session, found):
        return Refusal(EraseRefusal.ON_THE_PHONE, codes_of(session, talking))
    if _on_a_call(session, found, now):
        return Refusal(EraseRefusal.ON_THE_PHONE)
    return _reason_of_person(session, found)


def _reason_of_person(session: Session, found: Found) -> Refusal | None:
    persons = select(Person.id).where(Person.id.in_(found.persons), Person.active)
    helpers = select(Helper.id).where(Helper.id.in_(found.helpers), Helper.active)
    if session.scalar(persons.union_all(helpers).limit(1)) is not None:
        return Refusal(EraseRefusal.STILL_WITH_US)
    alerted = session.scalars(select(Network.alert_phone_sealed).where(Network.alert_phone_sealed.is_not(None)))
    if found.persons and any(cipher_of(session).open(str(sealed)) in found.needles for sealed in alerted):
        return Refusal(EraseRefusal.ALERTED)
    return None


def _talking(session: Session, found: Found) -> Collection[int]:
    going_on = select(Callback.ticket_id).where(Callback.ticket_id.in_(found.tickets), Callback.state.in_(TALKING))
    return frozenset(session.scalars(going_on))


# Nobody tells us of a resident's leg that it is over: it is with its attempt.
_LINE_OPEN: Final = text("""
SELECT c.id FROM call c LEFT JOIN attempt a ON a.id = c.attempt_id
WHERE c.id = ANY(:calls) AND c.ended_at IS NULL AND coalesce(a.state <> 'ended', true)
    AND c.started_at > CAST(:now AS timestamptz) - interval '6 hours'
""")


def _on_a_call(session: Session, found: Found, now: datetime) -> bool:
    """They have rung the line and have not hung up; whose end nobody told us cannot be talking all day."""
    return session.execute(_LINE_OPEN, {"calls": list(found.calls), "now": now}).first() is not None


_RELAYS: Final = text("SELECT id FROM relay WHERE ticket_id = ANY(:tickets) AND state IN ('draft', 'open')")


def _give_back(session: Session, found: Found, now: datetime, grid: Grid, actor: str) -> int:
    live = select(Callback.id).where(Callback.ticket_id.in_(found.tickets), Callback.state.in_(LIVE))
    for relay in session.scalars(_RELAYS, {"tickets": list(found.tickets)}).all():
        take_back(session, relay, now=now, actor=actor)
    given_back = [cancel(session, one, now=now, actor=actor, grid=grid) for one in session.scalars(live).all()]
    return sum(given_back)


def _lock(session: Session, tickets: Collection[int]) -> None:
    session.execute(select(Ticket.id).where(Ticket.id.in_(tickets)).order_by(Ticket.id).with_for_update())


def _erase(session: Session, whose: Whose, found: Found, cancelled: int, now: datetime, actor: str) -> Erased:
    marks = tuple(_marks(session, found))
    forget_sounds_outside(session, found.tickets, now=now)
    of_no_ticket = session.scalars(_OF_NO_TICKET, {"calls": list(found.calls)}).all()
    enqueue(session, *(forgetting(sid, now=now) for sid in of_no_ticket))
    counts = _forget_words(session, found, now)
    counts |= _forget_jobs(session, found)
    if found.tickets:
        counts |= forget_tickets(session, found.tickets, Kept.TEXT, now=now, actor=actor)
    if found.persons:
        counts |= forget_persons(session, found.persons, now=now)
        counts |= forget_helpers(session, found.helpers, now=now)
    told = {table: count for table, count in sorted(counts.items()) if count}
    return Erased(note_erasure(session, whose.network_id, told, marks, now=now, actor=actor), told, cancelled)


def _marks(session: Session, found: Found) -> Iterator[bytes]:
    cipher = cipher_of(session)
    for ticket in session.scalars(select(Ticket).where(Ticket.id.in_(found.tickets))):
        yield mark_of(cipher, "ticket", ticket.code, ticket.created_at)
    for person in session.scalars(select(Person).where(Person.id.in_(found.persons))):
        yield mark_of(cipher, "person", str(person.id), person.created_at)


_IN_CALLS: Final = "call_sid IN (SELECT call_sid FROM call WHERE id = ANY(:calls))"
_OF_NO_TICKET: Final = text(f"""
SELECT recording_sid FROM recording WHERE ticket_id IS NULL AND state IN ('stored', 'announced') AND {_IN_CALLS} ORDER BY id
""")  # noqa: S608 - nothing in it comes from outside
_WORDS: Final[Mapping[str, str]] = {
    "journal": "DELETE FROM journal WHERE call_id = ANY(:calls)",
    "call": "UPDATE call SET facts_sealed = :nothing, ended_at = coalesce(ended_at, :now) WHERE id = ANY(:calls)",
    "saved_view": "DELETE FROM saved_view WHERE id = ANY(:views)",
    "transcript_piece": f"DELETE FROM transcript_piece WHERE {_IN_CALLS}",  # noqa: S608
    "recording": f"""UPDATE recording SET state = 'erased', media_sealed = NULL, media_type = NULL, transcript_sealed = NULL,
        discarded = true WHERE ticket_id IS NULL AND state IN ('stored', 'announced') AND {_IN_CALLS}""",  # noqa: S608
}


def _forget_words(session: Session, found: Found, now: datetime) -> Counter[str]:
    """What only holds their words: calls in which their number came up, messages of no ticket in them, lists that look for them."""
    given = {
        "calls": list(found.calls),
        "views": list(found.views),
        "now": now,
        "nothing": cipher_of(session).seal("null"),
    }
    session.execute(text(f"SET LOCAL {FORGETTING} = 'on'"))
    counts = Counter[str]()
    for table, statement in _WORDS.items():
        named = {name: value for name, value in given.items() if f":{name}" in statement}
        counts[table] = len(session.execute(text(f"{statement} RETURNING 1"), named).all())
    session.execute(text(f"SET LOCAL {FORGETTING} = 'off'"))
    return counts


# A job's key and payload name tickets and calls by number; what the operator is still to forget stays to be done.
_JOBS: Final = text("""
DELETE FROM job WHERE kind <> 'forget' AND state <> 'running' AND (
    about = ANY(SELECT 'ticket-' || id FROM unnest(CAST(:tickets AS bigint[])) AS t (id))
    OR about = ANY(SELECT 'callback-' || id FROM callback WHERE ticket_id = ANY(:tickets))
    OR about = ANY(SELECT 'recording-' || recording_sid FROM recording WHERE ticket_id = ANY(:tickets))
) RETURNING 1
""")


def _forget_jobs(session: Session, found: Found) -> Counter[str]:
    return Counter(job=len(session.execute(_JOBS, {"tickets": list(found.tickets)}).all()))
