"""A helper keeps a promise from their page: the line rings them now, or they ring by their own phone and say how it went.

Whoever presses twice has pressed once. The line's own jobs stay in charge: ringing now brings the job that would ring at the
time forward, and a call by one's own phone is an attempt that is written down and taken before the number is shown.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.attempts import begin_attempt, end_talk, note_caller_rung, take
from scheduler.cases import Doing
from scheduler.coordination import miss
from scheduler.errands import silent_helper
from scheduler.grids import grid_of_callback
from scheduler.jobs import ClaimedJob, enqueue
from scheduler.notices import CHOOSE_AHEAD, about, ring
from scheduler.overdue import is_too_late
from scheduler.records import AttemptState, CallbackState
from scheduler.retries import after_failure, postpone
from scheduler.sight import Contact, NoContact, contact_of
from scheduler.tools import Tools
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.tokens import Bearer
from tickets.vocabulary import AttemptResult

SAYS_WITHIN: Final = timedelta(hours=1)  # after a call by one's own phone


class RingRefusal(StrEnum):
    """Why nobody is rung now; the page has the words."""

    NO_TIME = "no_time"  # none that is theirs to keep
    TOO_EARLY = "too_early"
    TOO_LATE = "too_late"
    ALREADY = "already"  # being rung, or on the phone
    NO_NUMBER = "no_number"
    NOT_GOING_ON = "not_going_on"  # no call of theirs whose end could be told


class Stage(StrEnum):
    """How far a helper has come with a promise of theirs; the page has the words."""

    AHEAD = "ahead"
    DUE = "due"
    ASKED = "asked"  # the line is about to ring them
    HELPER_RUNG = "helper_rung"
    TALKING = "talking"
    OWN_PHONE = "own_phone"
    TALKED = "talked"
    AGAIN = "again"  # the caller was not reached, and is rung once more
    OVER = "over"  # moved, cancelled, missed


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """The latest promise on a ticket that this helper keeps or kept. `rings_at`: when the line rings them by itself."""

    callback_id: int
    state: CallbackState
    starts_at: datetime
    ends_at: datetime
    code: str
    tries: int
    stage: Stage
    result: AttemptResult | None
    rings_at: datetime | None
    attempt_id: int | None
    taken_at: datetime | None


@dataclass(frozen=True, slots=True)
class OwnCall:
    """What a helper needs who rings by their own phone: whom, and the code to be said first."""

    contact: Contact
    code: str


_OWN = text("""
SELECT c.id, c.state, c.starts_at, upper(c.during) AS ends_at, c.code_sealed, c.tries,
    a.id AS attempt, a.state AS attempt_state, a.result, a.taken_at, (
        SELECT min(run_at) FROM job WHERE about = 'callback-' || c.id AND kind = 'ring' AND state = 'waiting'
            AND payload->>'try' = CAST(c.tries + 1 AS text)
    ) AS rings_at, EXISTS (
        SELECT FROM job WHERE key = 'silent_helper\\:callback-' || c.id || '\\:attempt-' || a.id
    ) AS own_phone
FROM callback c LEFT JOIN LATERAL (
    SELECT id, state, result, taken_at FROM attempt WHERE callback_id = c.id AND helper_id = :helper
    ORDER BY id DESC LIMIT 1
) a ON true
WHERE c.ticket_id = :ticket AND c.assigned_helper_id = :helper
ORDER BY c.id DESC LIMIT 1
""")


def own_promise(session: Session, ticket_id: int, helper_id: int | None, *, now: datetime) -> OwnPromise | None:
    """The latest promise on this ticket for which this helper was chosen."""
    row = session.execute(_OWN, {"ticket": ticket_id, "helper": helper_id}).first()
    if row is None:
        return None
    state = CallbackState(row.state)
    attempt = None if row.attempt_state is None else AttemptState(row.attempt_state)
    asked = row.rings_at is None or row.rings_at <= now
    return OwnPromise(
        callback_id=row.id,
        state=state,
        starts_at=row.starts_at,
        ends_at=row.ends_at,
        code=cipher_of(session).open(row.code_sealed),
        tries=row.tries,
        stage=_stage(
            state, attempt, asked=asked, own_phone=row.own_phone, tries=row.tries, due=_due(row.starts_at, now)
        ),
        result=None if row.result is None else AttemptResult(row.result),
        rings_at=row.rings_at,
        attempt_id=row.attempt,
        taken_at=row.taken_at,
    )


def why_not_now(promise: OwnPromise | None, *, now: datetime) -> RingRefusal | None:
    """What stands in the way of ringing now: from ten minutes before the time until the helper's hour is nearly over."""
    match None if promise is None else promise.state:
        case CallbackState.RINGING | CallbackState.TALKING:
            return RingRefusal.ALREADY
        case CallbackState.PROMISED if promise is not None:
            if not _due(promise.starts_at, now):
                return RingRefusal.TOO_EARLY
            over = is_too_late(promise.starts_at, now) or now >= promise.ends_at
            return RingRefusal.TOO_LATE if over else None
        case _:
            return RingRefusal.NO_TIME


def ring_now(session: Session, ticket: Ticket, helper_id: int | None, doing: Doing) -> RingRefusal | None:
    """Ring this helper at once about a promise of theirs, and then the caller; asked twice, it is one call."""
    promise = _held(session, ticket.id, helper_id, doing.now)
    if promise is None or (refusal := why_not_now(promise, now=doing.now)) is not None:
        return RingRefusal.NO_TIME if promise is None else refusal
    if ticket.caller_index is None:
        return RingRefusal.NO_NUMBER
    number = promise.tries + 1
    values = {"about": about(promise.callback_id), "number": number, "now": doing.now}
    if session.execute(_FORWARD, values).first() is None:
        enqueue(session, ring(promise.callback_id, number, at=doing.now))
    return None


def ring_by_own_phone(session: Session, who: Bearer, ticket: Ticket, doing: Doing) -> OwnCall | RingRefusal | NoContact:
    """The helper rings the caller by their own phone: written down and theirs, before the number is shown and logged.

    Whoever is at it already is shown the same again. Says the helper nothing for an hour, the coordinator has the ticket.
    """
    promise = _held(session, ticket.id, who.helper_id, doing.now)
    begun = promise is not None and promise.stage is Stage.OWN_PHONE
    refusal = RingRefusal.NO_TIME if promise is None else why_not_now(promise, now=doing.now)
    if promise is None or who.helper_id is None or (refusal is not None and not begun):
        return refusal or RingRefusal.NO_TIME
    contact = contact_of(session, who, ticket, now=doing.now)
    if isinstance(contact, NoContact):
        return contact
    if contact.phone is None:
        return RingRefusal.NO_NUMBER
    if not begun and not _take(session, promise, who.helper_id, doing):
        return RingRefusal.ALREADY
    return OwnCall(contact, promise.code)


def own_call_ended(
    session: Session, ticket: Ticket, helper_id: int | None, result: AttemptResult, doing: Doing
) -> RingRefusal | None:
    """What came of a call by one's own phone: they talked, or the caller is rung again as after any try. Told twice, once."""
    promise = _held(session, ticket.id, helper_id, doing.now)
    if promise is None or promise.stage is not Stage.OWN_PHONE or result not in ENDS:
        return RingRefusal.NOT_GOING_ON
    if result in _RANG and promise.taken_at is not None:
        note_caller_rung(session, promise.callback_id, now=promise.taken_at)
    match result:
        case AttemptResult.VASTASI:
            end_talk(session, promise.callback_id, now=doing.now)
        case AttemptResult.PYYSI_SIIRTOA:
            postpone(session, promise.callback_id, now=doing.now, grid=doing.grid)
        case _:
            after_failure(session, promise.callback_id, now=doing.now, grid=doing.grid, result=result)
    session.refresh(ticket)
    return None


def note_silent_helper(tools: Tools, job: ClaimedJob) -> None:
    """Nobody has said how a call by somebody's own phone went: a person finds out, and the caller is told nothing."""
    with tools.sessions.begin() as session:
        if session.execute(_STILL_TAKEN, {"attempt": job.payload["attempt"]}).first() is not None:
            callback_id = job.payload["callback"]
            grid = grid_of_callback(session, callback_id)
            miss(session, callback_id, "helper_silent", now=tools.clock.now(), grid=grid, news=None)


ENDS: Final = (
    AttemptResult.VASTASI,
    AttemptResult.EI_VASTANNUT,
    AttemptResult.VARATTU,
    AttemptResult.VASTAAJA,
    AttemptResult.PYYSI_SIIRTOA,
    AttemptResult.VAARA_NUMERO,
    AttemptResult.KATKESI,
)
_RANG: Final = frozenset(ENDS) - {AttemptResult.VARATTU, AttemptResult.VAARA_NUMERO}
_FORWARD = text("""
UPDATE job SET run_at = least(run_at, :now) WHERE about = :about AND kind = 'ring' AND state = 'waiting'
    AND payload->>'try' = CAST(:number AS text)
RETURNING id
""")
_STILL_TAKEN = text("SELECT id FROM attempt WHERE id = :attempt AND state = 'taken'")
_LOCK = text("""
SELECT id FROM callback WHERE ticket_id = :ticket AND assigned_helper_id = :helper
    AND state IN ('promised', 'ringing', 'talking') FOR UPDATE
""")


def _held(session: Session, ticket_id: int, helper_id: int | None, now: datetime) -> OwnPromise | None:
    """The same under its lock, so that of two presses the second sees what the first has done."""
    session.execute(_LOCK, {"ticket": ticket_id, "helper": helper_id})
    return own_promise(session, ticket_id, helper_id, now=now)


def _take(session: Session, promise: OwnPromise, helper_id: int, doing: Doing) -> bool:
    attempt = begin_attempt(session, promise.callback_id, promise.tries + 1, helper_id, now=doing.now)
    if attempt is None or not take(session, promise.callback_id, attempt.id, helper_id, now=doing.now):
        return False
    at = max(promise.ends_at, doing.now + SAYS_WITHIN)
    enqueue(session, silent_helper(promise.callback_id, attempt.id, at=at))
    return True


def _due(starts_at: datetime, now: datetime) -> bool:
    return now >= starts_at - CHOOSE_AHEAD


def _stage(
    state: CallbackState, attempt: AttemptState | None, *, asked: bool, own_phone: bool, tries: int, due: bool
) -> Stage:
    match state:
        case CallbackState.KEPT:
            return Stage.TALKED
        case CallbackState.TALKING:
            return Stage.OWN_PHONE if own_phone and attempt is AttemptState.TAKEN else Stage.TALKING
        case CallbackState.RINGING:
            return Stage.ASKED if attempt in (None, AttemptState.ENDED) else Stage.HELPER_RUNG
        case CallbackState.PROMISED if due:
            return Stage.ASKED if asked else Stage.AGAIN if tries else Stage.DUE
        case CallbackState.PROMISED:
            return Stage.AHEAD
        case _:
            return Stage.OVER
