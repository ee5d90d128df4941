"""The promise: offer a time, book it, move it, give it back.

Whoever adds a promise to a slot, or takes a helper from it, holds the slot's row. So what was found admissible under the
lock still is when it is written.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.coverage import recheck
from scheduler.jobs import NewJob, enqueue
from scheduler.ledger import (
    Hold,
    Promise,
    Wish,
    Written,
    admitted,
    hold_for_move,
    hold_for_ticket,
    write_booking,
    write_cancellation,
    write_move,
)
from scheduler.notices import Template, keep_promise, reminders, tell
from scheduler.notices import text as text_caller
from scheduler.pools import Pools, look, mark_of
from scheduler.protection import Reserve
from scheduler.slots import Grid, Span, may_offer, next_within_hours, windows
from scheduler.waiting import note_freed
from tickets.codes import callback_code
from tickets.store import cipher_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

TOLD_AHEAD: Final = timedelta(minutes=30)  # a call that only tells a time must be over well before it

__all__ = ["Promise", "Wish", "book", "cancel", "live_promises", "move", "offer", "offerable", "wish_of"]


def offer(session: Session, wish: Wish, *, after: datetime | None, now: datetime, grid: Grid) -> datetime | None:
    """The first start later than `after`, and not without notice, that the rota can keep; at most three statements.

    What is kept for those who will ring in Swedish is offered to others only where they would get no time at all.
    """
    first_kept = None
    for start, is_kept in offerable(session, wish, after=after, now=now, grid=grid):
        if not is_kept:
            return start
        first_kept = first_kept or start
    return first_kept  # whoever has rung comes before those who may never ring


def offerable(
    session: Session,
    wish: Wish,
    *,
    after: datetime | None,
    now: datetime,
    grid: Grid,
    known: Collection[int] | None = None,
) -> Iterator[tuple[datetime, bool]]:
    """Every start that the rota can keep, the nearest first, and whether it is kept for those who will ring in Swedish.

    Of the caller's other promises only those that are `known` are left room for; None means all. At most three statements.
    """
    for seen in _looks(session, wish, after, now, grid):
        pools = seen if known is None else replace(seen, own=tuple(one for one in seen.own if one.callback_id in known))
        reserve = Reserve(pools, now=now, grid=grid)
        for start in pools.on_duty:
            if may_offer(start, now, grid, pools.closed_days) and pools.admits(start, wish.need, grid):
                yield start, not reserve.spares(start, wish.need)


def book(
    session: Session,
    ticket_id: int,
    wish: Wish | None,
    starts_at: datetime,
    *,
    now: datetime,
    grid: Grid,
    heard: bool = True,
    actor: str = "caller",
) -> Promise | None:
    """Promise the time to a ticket without one; None when it was lost meanwhile. Four statements.

    Without a wish, the ticket's own is meant. `heard`: the caller is told on the phone; else they are texted or rung.
    """
    hold = hold_for_ticket(session, ticket_id, starts_at, wish, now=now, grid=grid)
    if hold is None or not admitted(hold, now=now, grid=grid):
        return None
    written = write_booking(session, hold, new_code(session, hold), now=now, actor=actor)
    if written is None:
        return None
    see_to_it(session, written, Template.BOOKED, heard=heard, now=now, grid=grid)
    if written.let_go:
        note_freed(session, hold.wish.network_id, now=now)
    return written.promise


def move(
    session: Session,
    callback_id: int,
    wish: Wish | None,
    starts_at: datetime,
    *,
    now: datetime,
    grid: Grid,
    heard: bool = True,
    actor: str = "caller",
) -> Promise | None:
    """Promise another time under the same code; None, and the old one stays, when it was lost. Five statements."""
    hold = hold_for_move(session, callback_id, starts_at, wish, now=now, grid=grid)
    if hold is None or not admitted(hold, now=now, grid=grid):
        return None
    written = write_move(session, hold, callback_id, now=now, actor=actor)
    if written is None:
        return None
    see_to_it(session, written, Template.MOVED, heard=heard, now=now, grid=grid)
    _free(session, hold.wish.network_id, written.wanted_at, now=now, grid=grid)
    return written.promise


@dataclass(frozen=True, slots=True)
class Later:
    """A time to be found in place of one that came to nothing: not before `earliest`, told under `template`.

    `heard`: whoever takes no texts need not be rung to be told of it.
    """

    earliest: datetime
    template: Template
    actor: str
    tried: int | None = None  # tries used up by now; None leaves them
    heard: bool = True


def move_to_next(session: Session, callback_id: int, later: Later, *, now: datetime, grid: Grid) -> Promise | None:
    """Promise the first time that will do in place of this one; None, and the old one stays, when there is none."""
    wish = _wish(session, None, callback_id)
    after = later.earliest - timedelta(microseconds=1)
    while wish is not None and (starts_at := offer(session, wish, after=after, now=now, grid=grid)) is not None:
        hold = hold_for_move(session, callback_id, starts_at, wish, now=now, grid=grid)
        if hold is not None and admitted(hold, now=now, grid=grid):
            written = write_move(session, hold, callback_id, now=now, actor=later.actor, tries=later.tried)
            if written is None:
                return None
            see_to_it(session, written, later.template, heard=later.heard, now=now, grid=grid)
            _free(session, wish.network_id, written.wanted_at, now=now, grid=grid)
            return written.promise
        after = starts_at
    return None


def cancel(
    session: Session,
    callback_id: int,
    *,
    now: datetime,
    grid: Grid,
    actor: str = "caller",
    told: Template | None = Template.CANCELLED,
) -> bool:
    """Give the time back and close the ticket as cancelled; False when there was nothing left to cancel.

    `told` is what the caller is texted; None where they know already.
    """
    cancelled = write_cancellation(session, callback_id, now=now, actor=actor)
    if cancelled is None:
        return False
    if cancelled.can_text and told is not None:
        enqueue(session, text_caller(callback_id, told, at=now))
    _free(session, cancelled.network_id, cancelled.wanted_at, now=now, grid=grid)
    return True


def wish_of(session: Session, ticket_id: int) -> Wish | None:
    """What a time for this ticket must suit; None when there is no such ticket."""
    return _wish(session, ticket_id, None)


_ASKED_ANEW = text("""
SELECT EXISTS (
    SELECT FROM ticket t JOIN ticket other ON other.network_id = t.network_id AND other.caller_index = t.caller_index
        AND other.topic = t.topic AND other.channel = t.channel AND other.id > t.id
    JOIN callback c ON c.ticket_id = other.id AND c.state IN ('promised', 'ringing', 'talking', 'deficit')
    WHERE t.id = :ticket AND t.channel = 'lomake'
)
""")


def has_asked_anew(session: Session, ticket_id: int) -> bool:
    """Whether whoever left this form has sent another about the same since, and has a time."""
    return bool(session.execute(_ASKED_ANEW, {"ticket": ticket_id}).scalar_one())


_PROMISES = text("""
SELECT c.id, c.ticket_id, c.starts_at, c.code_sealed, c.language
FROM callback c JOIN ticket t ON t.id = c.ticket_id
WHERE t.network_id = :network AND t.caller_index = :index AND c.state IN ('promised', 'ringing', 'deficit')
    AND (CAST(:line AS bigint) IS NULL OR t.line_id = CAST(:line AS bigint))
ORDER BY c.starts_at
""")


def live_promises(
    session: Session, network_id: int, caller_index: bytes, *, line_id: int | None = None
) -> tuple[Promise, ...]:
    """The times that a caller has, the nearest first; of one line, if given."""
    rows = session.execute(_PROMISES, {"network": network_id, "index": caller_index, "line": line_id})
    cipher = cipher_of(session)
    return tuple(
        Promise(row.id, row.ticket_id, row.starts_at, cipher.open(row.code_sealed), Language(row.language))
        for row in rows
    )


def new_code(session: Session, hold: Hold) -> str:
    """A code for a new promise, unlike those that this caller has."""
    cipher = cipher_of(session)
    return callback_code({cipher.open(own.code_sealed) for own in hold.pools.own})


def see_to_it(
    session: Session, written: Written, template: Template, *, heard: bool, now: datetime, grid: Grid
) -> None:
    """What follows from a promise: its helper, its call, its reminder, and that the caller knows of it. One statement."""
    key, starts_at = written.promise.callback_id, written.promise.starts_at
    news = _news(written, template, heard=heard, now=now, grid=grid)
    reminder = reminders(key, starts_at, now=now, grid=grid) if written.can_text else ()
    enqueue(session, *keep_promise(key, starts_at, written.next_try, now=now), *news, *reminder)


def _free(session: Session, network_id: int, wanted_at: datetime | None, *, now: datetime, grid: Grid) -> None:
    """A time that was given back is first for whoever was promised it and lost their helper, then for who waits."""
    if wanted_at is not None:
        recheck(session, network_id, [wanted_at], now=now, grid=grid)
    note_freed(session, network_id, now=now)


def _looks(session: Session, wish: Wish, after: datetime | None, now: datetime, grid: Grid) -> Iterator[Pools]:
    """One stretch of time after another; the first tells which days are closed, and that moves the end of the last."""
    mark, closed = mark_of(wish.caller_index), frozenset[date]()
    spans = windows(now, grid, after=after)
    for number, span in enumerate(spans):
        further = windows(now, grid, closed, after=after) if closed else spans
        ends = further[-1].ends if number == len(spans) - 1 else span.ends
        pools = look(session, wish.network_id, Span(span.begins, ends), grid, now=now, mark=mark, ticket=wish.ticket_id)
        closed = pools.closed_days
        yield pools


_WISH = text("""
SELECT id, network_id, language, topic, municipality, caller_index FROM ticket
WHERE id = coalesce(CAST(:ticket AS bigint), (SELECT ticket_id FROM callback WHERE id = CAST(:callback AS bigint)))
""")


def _wish(session: Session, ticket_id: int | None, callback_id: int | None) -> Wish | None:
    row = session.execute(_WISH, {"ticket": ticket_id, "callback": callback_id}).first()
    if row is None:
        return None
    topic = Topic(row.topic) if row.topic else None
    return Wish(row.network_id, Language(row.language), topic, row.municipality, row.caller_index, row.id)


def _news(written: Written, template: Template, *, heard: bool, now: datetime, grid: Grid) -> tuple[NewJob, ...]:
    if heard and not written.can_text:
        return ()
    if not written.can_text and next_within_hours(now, grid) > written.promise.starts_at - TOLD_AHEAD:
        return ()  # the callback itself is the first decent moment to ring
    return (tell(written.promise.callback_id, template, can_text=written.can_text, grid=grid, now=now),)
