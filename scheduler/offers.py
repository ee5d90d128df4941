"""A freed time, offered to whoever has waited longest: a place kept free for an answer, which lapses by itself.

The hold is written as a promise is, under the slot's lock; it takes a helper's capacity and leaves the slot to others.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.coordination import needs_coordinator
from scheduler.errands import Errand
from scheduler.grids import grid_of_callback
from scheduler.hours import first_in, later_in, reaching
from scheduler.jobs import NewJob, enqueue
from scheduler.ledger import Hold, Promise, Written, admitted, hold_for_move, hold_for_ticket, terms_of
from scheduler.notices import Template, about, saved
from scheduler.notices import text as text_caller
from scheduler.promises import new_code, offer, see_to_it, wish_of
from scheduler.records import CallbackState
from scheduler.slots import Grid
from scheduler.waiting import InLine, note_freed
from tickets.store import cipher_of
from tickets.vocabulary import BOOKABLE, EventKind
from voice_prompts.language import Language

HELD_FOR: Final = timedelta(hours=2)  # of the hours in which the caller can be reached
LEAST: Final = timedelta(minutes=20)  # to answer; a time that leaves less is not offered
RING_AGAIN: Final = timedelta(minutes=35)
RINGS: Final = 3
MOST_OFFERS: Final = 3  # that come to nothing, before a person sees to it
_BOOKABLE = [status.value for status in BOOKABLE]


def offer_time(session: Session, one: InLine, *, now: datetime, grid: Grid) -> bool:
    """Keep the first time free that suits, and say so to the caller; False when there is none. Never one that came to nothing."""
    wish, tried = wish_of(session, one.ticket_id), _tried(session, one.ticket_id)
    told = first_in(reaching(grid, can_text=one.can_text), now, grid)
    after = told + LEAST + grid.notice - timedelta.resolution
    while wish is not None and (starts_at := offer(session, wish, after=after, now=now, grid=grid)) is not None:
        hold = (
            None if starts_at in tried else hold_for_ticket(session, one.ticket_id, starts_at, wish, now=now, grid=grid)
        )
        if hold is not None and admitted(hold, now=now, grid=grid):
            until = later_in(reaching(grid, can_text=one.can_text), told, HELD_FOR, grid)
            return _hold(session, hold, one, told, min(until, starts_at - grid.notice), now)
        after = starts_at
    return False


def take_offer(
    session: Session, callback_id: int, starts_at: datetime, *, now: datetime, grid: Grid, heard: bool = True
) -> Promise | None:
    """The caller takes what was offered: it is promised, if it can still be kept; taken twice, it is the same promise.

    None when the offer is over. Four statements.
    """
    hold = hold_for_move(session, callback_id, starts_at, None, now=now, grid=grid)
    if hold is None or not admitted(hold, now=now, grid=grid):
        return None
    return _take(session, callback_id, hold, now, grid, heard=heard)


def lapse(session: Session, callback_id: int, why: str, *, now: datetime, grid: Grid) -> bool:
    """An offer comes to nothing: the time is the next one's, the caller waits on; False when it was over already.

    `why` is a short code. After the third in vain the coordinator sees to the caller, who is told that we ring.
    """
    values = {"id": callback_id, "about": about(callback_id), "now": now, "why": why, "most": MOST_OFFERS}
    row = session.execute(_LAPSE, values | {"event": EventKind.LAPSED}).first()
    if row is None:
        return False
    if row.given_up:
        needs_coordinator(session, row.ticket_id, "offers_lapsed", now=now, grid=grid)
        if row.can_text:
            enqueue(session, saved(row.ticket_id, now=now))
    note_freed(session, row.network_id, now=now)
    return True


def lapse_overdue(session: Session, *, now: datetime) -> None:
    """Holds whose time to answer is over, and of which no job has thought."""
    overdue = text("SELECT id FROM callback WHERE state = 'offered' AND held_until <= :now")
    for callback_id in session.scalars(overdue, {"now": now}).all():
        lapse(session, callback_id, "unanswered", now=now, grid=grid_of_callback(session, callback_id))


_OFFERS = text("""
SELECT c.id, c.ticket_id, c.starts_at, c.code_sealed, c.language
FROM callback c JOIN ticket t ON t.id = c.ticket_id
WHERE t.network_id = :network AND t.caller_index = :index AND c.state = 'offered' AND c.held_until > :now
ORDER BY c.id DESC
""")


def offers_to(session: Session, network_id: int, caller_index: bytes, *, now: datetime) -> tuple[Promise, ...]:
    """The times that are kept free for a caller's answer, the newest offer first; they are no promises yet."""
    rows = session.execute(_OFFERS, {"network": network_id, "index": caller_index, "now": now})
    cipher = cipher_of(session)
    return tuple(
        Promise(row.id, row.ticket_id, row.starts_at, cipher.open(row.code_sealed), Language(row.language))
        for row in rows
    )


_HOLD = text("""
WITH w AS (
    UPDATE waiting SET state = 'offered', times_offered = times_offered + 1 FROM ticket t
    WHERE waiting.ticket_id = :ticket AND waiting.state = 'waiting' AND t.id = :ticket AND t.status = ANY(:bookable)
    RETURNING waiting.ticket_id, waiting.network_id
), c AS (
    INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, caller_mark,
        code_sealed, state, booked_at, held_until, times_moved, tries)
    SELECT ticket_id, :slot, network_id, :starts_at, tstzrange(:starts_at, :ends_at), :language, :topic, :municipality,
        :mark, :code, 'offered', :now, :until, 0, 0 FROM w
    RETURNING id, ticket_id
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'line',
        jsonb_build_object('callback', id, 'starts_at', CAST(:starts_at AS timestamptz)) FROM c
)
SELECT id FROM c
""")


def _hold(session: Session, hold: Hold, one: InLine, told: datetime, until: datetime, now: datetime) -> bool:
    code = cipher_of(session).seal(new_code(session, hold))
    values = {**terms_of(hold, now), "ticket": hold.ticket_id, "code": code, "until": until, "bookable": _BOOKABLE}
    callback_id = session.scalar(_HOLD, {**values, "event": EventKind.OFFERED})
    if callback_id is None:
        return False
    if one.can_text:
        telling = [text_caller(callback_id, Template.OFFERED, at=told)]
    else:
        telling = list(offer_calls(callback_id, told, until))
    lapses = NewJob(Errand.LAPSE, f"{Errand.LAPSE}:{about(callback_id)}", until, {"callback": callback_id})
    enqueue(session, *telling, lapses)
    return True


def ring_instead(session: Session, callback_id: int, *, now: datetime, grid: Grid) -> None:
    """The text with an offer did not arrive: it is told by a call, as long as the time is held."""
    until = session.scalar(text("SELECT held_until FROM callback WHERE id = :id"), {"id": callback_id})
    if until is not None:
        enqueue(session, *offer_calls(callback_id, first_in(reaching(grid, can_text=False), now, grid), until))


def offer_calls(callback_id: int, first: datetime, until: datetime) -> Iterator[NewJob]:
    """The calls that tell an offer to whoever takes no texts: as long as it is held, three times at most."""
    for number in range(RINGS):
        at = first + number * RING_AGAIN
        if at < until:
            key = f"{Errand.OFFER_CALL}:{about(callback_id)}:{number + 1}"
            yield NewJob(Errand.OFFER_CALL, key, at, {"callback": callback_id})


_TAKE = text("""
WITH c AS (
    UPDATE callback SET state = 'promised', booked_at = :now FROM ticket t
    WHERE callback.id = :id AND callback.state = 'offered' AND callback.starts_at = :starts_at
        AND t.id = callback.ticket_id AND t.status = ANY(:bookable)
    RETURNING callback.id, callback.ticket_id
), t AS (
    UPDATE ticket SET status = 'promised', deadline = NULL, updated_at = :now FROM c WHERE ticket.id = c.ticket_id
), w AS (
    UPDATE waiting SET state = 'booked', ended_at = :now FROM c
    WHERE waiting.ticket_id = c.ticket_id AND waiting.state = 'offered'
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE about = :about AND state = 'waiting'
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'caller',
        jsonb_build_object('callback', id, 'starts_at', CAST(:starts_at AS timestamptz)) FROM c
)
SELECT b.code_sealed, b.language, t.can_text, EXISTS (SELECT FROM c) AS is_new
FROM callback b JOIN ticket t ON t.id = b.ticket_id
WHERE b.id = :id AND (EXISTS (SELECT FROM c) OR b.state IN ('promised', 'ringing'))
""")


def _take(session: Session, callback_id: int, hold: Hold, now: datetime, grid: Grid, *, heard: bool) -> Promise | None:
    starts_at = hold.span.begins
    values = {"id": callback_id, "about": about(callback_id), "starts_at": starts_at, "now": now}
    row = session.execute(_TAKE, {**values, "bookable": _BOOKABLE, "event": EventKind.PROMISED}).first()
    if row is None:
        return None
    code = cipher_of(session).open(row.code_sealed)
    promise = Promise(callback_id, hold.ticket_id, starts_at, code, Language(row.language))
    if row.is_new:
        written = Written(promise, row.can_text, next_try=1)
        see_to_it(session, written, Template.BOOKED, heard=heard, now=now, grid=grid)
    return promise


_LAPSE = text("""
WITH c AS (
    UPDATE callback SET state = 'lapsed', ended_at = :now WHERE id = :id AND state = 'offered'
    RETURNING id, ticket_id, network_id
), w AS (
    UPDATE waiting SET state = CASE WHEN times_offered < :most THEN 'waiting' ELSE 'left' END,
        ended_at = CASE WHEN times_offered < :most THEN NULL ELSE CAST(:now AS timestamptz) END
    FROM c WHERE waiting.ticket_id = c.ticket_id AND waiting.state = 'offered'
    RETURNING waiting.ticket_id, waiting.state
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE about = :about AND state = 'waiting'
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id, 'reason', CAST(:why AS text)) FROM c
)
SELECT c.network_id, c.ticket_id, t.can_text, EXISTS (SELECT FROM w WHERE w.state = 'left') AS given_up
FROM c JOIN ticket t ON t.id = c.ticket_id
""")


def _tried(session: Session, ticket_id: int) -> frozenset[datetime]:
    """The starts that were offered for this ticket in vain: they are the next one's."""
    lapsed = text("SELECT starts_at FROM callback WHERE ticket_id = :ticket AND state = :lapsed")
    return frozenset(session.scalars(lapsed, {"ticket": ticket_id, "lapsed": CallbackState.LAPSED}))
