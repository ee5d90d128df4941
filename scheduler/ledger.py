"""Promises as they are written: the lock on a slot, and one statement each for booking, moving and cancelling.

Every statement also moves the ticket and writes its event, so that no promise stands without its trace.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.matching import Need
from scheduler.notices import about
from scheduler.pools import Pools, look, mark_of
from scheduler.records import CallbackState, those_that_may_become
from scheduler.slots import Grid, Span, grid_ceil, on_open_day
from tickets.store import cipher_of
from tickets.vocabulary import BOOKABLE, EventKind, Topic
from voice_prompts.language import Language

ASKING: Final = 0  # the key of a need that is not a callback yet


@dataclass(frozen=True, slots=True)
class Wish:
    """What a time must suit: nothing that overlaps another promise of that caller; the ticket's present time counts as free."""

    network_id: int
    language: Language
    topic: Topic | None
    municipality: str | None
    caller_index: bytes | None = None
    ticket_id: int | None = None

    @property
    def need(self) -> Need:
        """What it asks of a helper."""
        return Need(ASKING, self.language, self.topic, self.municipality)


@dataclass(frozen=True, slots=True)
class Promise:
    """A time that a caller has, and the code by which they know us."""

    callback_id: int
    ticket_id: int
    starts_at: datetime
    code: str
    language: Language


@dataclass(frozen=True, slots=True)
class Hold:
    """A slot under our lock, and what may be promised there."""

    slot_id: int
    ticket_id: int
    span: Span
    wish: Wish
    pools: Pools


@dataclass(frozen=True, slots=True)
class Written:
    """A promise that has been written down."""

    promise: Promise
    can_text: bool
    next_try: int
    let_go: bool = False  # a place that had been held for this caller is free for somebody else
    wanted_at: datetime | None = None  # the start given up for it, if somebody there has lost their helper


def hold_for_ticket(
    session: Session, ticket_id: int, starts_at: datetime, wish: Wish | None, *, now: datetime, grid: Grid
) -> Hold | None:
    """Lock the slot for a promise to this ticket; None when there is no such ticket. Two statements."""
    values = {"ticket": ticket_id, "callback": None}
    return _hold(session, values, starts_at, wish, now, grid)


def hold_for_move(
    session: Session, callback_id: int, starts_at: datetime, wish: Wish | None, *, now: datetime, grid: Grid
) -> Hold | None:
    """Lock the slot to which this callback shall move; its old time counts as free. Two statements."""
    values = {"ticket": None, "callback": callback_id}
    return _hold(session, values, starts_at, wish, now, grid)


def admitted(hold: Hold, *, now: datetime, grid: Grid) -> bool:
    """Whether the slot can still be promised: the rota has somebody, and the time has not come too near while we spoke."""
    start = hold.span.begins
    return (
        start == grid_ceil(start, grid)
        and start >= now + grid.notice / 2
        and on_open_day(start, grid)
        and hold.pools.admits(start, hold.wish.need, grid)
    )


_HOLD = text("""
WITH t AS (
    SELECT id, network_id, language, topic, municipality, caller_index FROM ticket
    WHERE id = coalesce(CAST(:ticket AS bigint), (SELECT ticket_id FROM callback WHERE id = CAST(:callback AS bigint)))
), s AS (
    INSERT INTO slot (network_id, starts_at)
    SELECT DISTINCT network_id, at FROM t, unnest(ARRAY[CAST(:starts_at AS timestamptz),
        (SELECT starts_at FROM callback WHERE id = CAST(:callback AS bigint))]) AS at WHERE at IS NOT NULL ORDER BY at
    ON CONFLICT (network_id, starts_at) DO UPDATE SET starts_at = excluded.starts_at
    RETURNING id, starts_at
)
SELECT s.id AS slot_id, t.id AS ticket_id, t.network_id, t.language, t.topic, t.municipality, t.caller_index,
    pg_advisory_xact_lock(hashtextextended(encode(t.caller_index, 'hex'), t.network_id))
FROM s, t WHERE s.starts_at = :starts_at
""")


def _hold(
    session: Session, ids: dict[str, int | None], starts_at: datetime, wish: Wish | None, now: datetime, grid: Grid
) -> Hold | None:
    # The caller is locked too: two calls of one caller must not book two times that overlap.
    row = session.execute(_HOLD, {**ids, "starts_at": starts_at}).first()
    if row is None:
        return None
    topic = Topic(row.topic) if row.topic else None
    wish = wish or Wish(
        row.network_id, Language(row.language), topic, row.municipality, row.caller_index, row.ticket_id
    )
    pools = look(
        session,
        row.network_id,
        Span(starts_at, starts_at + timedelta(minutes=1)),
        grid,
        now=now,
        mark=mark_of(row.caller_index),
        ticket=row.ticket_id,
    )
    span = Span(starts_at, starts_at + pools.length(wish.topic, grid))
    return Hold(row.slot_id, row.ticket_id, span, wish, pools)


# A place held for this ticket is given back with it, and so is one held for this caller whose time to answer is over.
_GONE = """
    UPDATE callback h SET state = 'lapsed', ended_at = :now FROM {whose} AS whose
    WHERE h.state = 'offered' AND h.network_id = whose.network_id AND (h.ticket_id = whose.{ticket}
        OR (h.caller_mark = :mark AND h.held_until <= :now AND h.during && tstzrange(:starts_at, :ends_at)))
    RETURNING h.id
"""
_BOOK = text(f"""
WITH t AS (
    UPDATE ticket SET status = 'promised', deadline = NULL, updated_at = :now
    WHERE id = :ticket AND status = ANY(:bookable)
    RETURNING id, network_id, can_text
), gone AS ({_GONE.format(whose="t", ticket="id")}), c AS (
    INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, caller_mark,
        code_sealed, state, booked_at, times_moved, tries)
    SELECT id, :slot, network_id, :starts_at, tstzrange(:starts_at, :ends_at), :language, :topic, :municipality, :mark,
        :code, 'promised', :now, 0, 0 FROM t WHERE (SELECT count(*) FROM gone) >= 0
    RETURNING id
), w AS (
    UPDATE waiting SET state = 'booked', ended_at = :now FROM t
    WHERE waiting.ticket_id = t.id AND waiting.state IN ('waiting', 'offered')
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT t.id, :now, :event, :actor, jsonb_build_object('callback', c.id, 'starts_at', CAST(:starts_at AS timestamptz))
    FROM t, c
)
SELECT c.id, t.can_text, EXISTS (SELECT FROM gone) AS let_go FROM t, c
""")  # noqa: S608 - nothing in it comes from outside


def write_booking(session: Session, hold: Hold, code: str, *, now: datetime, actor: str) -> Written | None:
    """The promise itself; None when the ticket has one already or is closed. One statement."""
    row = session.execute(
        _BOOK,
        {
            **terms_of(hold, now),
            "ticket": hold.ticket_id,
            "code": cipher_of(session).seal(code),
            "bookable": [status.value for status in BOOKABLE],
            "event": EventKind.PROMISED,
            "actor": actor,
        },
    ).first()
    if row is None:
        return None
    promise = Promise(row.id, hold.ticket_id, hold.span.begins, code, hold.wish.language)
    return Written(promise, row.can_text, next_try=1, let_go=row.let_go)


_WANTED = """CASE WHEN EXISTS (
    SELECT FROM callback d WHERE d.network_id = {left}.network_id AND d.starts_at = {left}.starts_at AND d.state = 'deficit'
        AND d.id <> :id) THEN {left}.starts_at END AS wanted_at"""
_MOVE = text(f"""
WITH old AS (
    UPDATE callback SET state = 'moved', ended_at = :now WHERE id = :id AND state = ANY(:movable)
    RETURNING ticket_id, network_id, starts_at, code_sealed, times_moved, tries
), gone AS ({_GONE.format(whose="old", ticket="ticket_id")}), c AS (
    INSERT INTO callback (ticket_id, slot_id, network_id, starts_at, during, language, topic, municipality, caller_mark,
        code_sealed, state, booked_at, times_moved, tries)
    SELECT ticket_id, :slot, network_id, :starts_at, tstzrange(:starts_at, :ends_at), :language, :topic, :municipality, :mark,
        code_sealed, 'promised', :now, times_moved + 1,
        coalesce(CAST(:tries AS bigint), tries) FROM old WHERE (SELECT count(*) FROM gone) >= 0
    RETURNING id, ticket_id, code_sealed, tries
), t AS (
    UPDATE ticket SET status = 'promised', updated_at = :now FROM old WHERE ticket.id = old.ticket_id RETURNING can_text
), j AS (
    UPDATE job SET state = 'cancelled' FROM old WHERE about = :about AND state = 'waiting'
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, :actor,
        jsonb_build_object('callback', id, 'starts_at', CAST(:starts_at AS timestamptz), 'instead_of', CAST(:id AS bigint))
    FROM c
)
SELECT c.id, c.code_sealed, c.tries, t.can_text, {_WANTED.format(left="old")} FROM c, t, old
""")  # noqa: S608 - nothing in it comes from outside


def write_move(
    session: Session, hold: Hold, callback_id: int, *, now: datetime, actor: str, tries: int | None = None
) -> Written | None:
    """The new promise in place of the old one, under the same code; None when the old one has ended. One statement.

    `tries` are those used up by now; without, they stay as they are.
    """
    row = session.execute(
        _MOVE,
        {
            **terms_of(hold, now),
            "id": callback_id,
            "about": about(callback_id),
            "movable": [state.value for state in those_that_may_become(CallbackState.MOVED)],
            "tries": tries,
            "event": EventKind.MOVED,
            "actor": actor,
        },
    ).first()
    if row is None:
        return None
    code = cipher_of(session).open(row.code_sealed)
    promise = Promise(row.id, hold.ticket_id, hold.span.begins, code, hold.wish.language)
    return Written(promise, row.can_text, next_try=row.tries + 1, wanted_at=row.wanted_at)


_LOCK = text("SELECT FROM slot s JOIN callback c ON c.slot_id = s.id WHERE c.id = :id FOR NO KEY UPDATE OF s")
_CANCEL = text(f"""
WITH c AS (
    UPDATE callback SET state = 'cancelled', ended_at = :now WHERE id = :id AND state = ANY(:cancellable)
    RETURNING id, ticket_id, network_id, starts_at
), t AS (
    UPDATE ticket SET status = 'closed', outcome = 'PERUTTU', closed_at = :now, updated_at = :now
    FROM c WHERE ticket.id = c.ticket_id RETURNING can_text
), j AS (
    UPDATE job SET state = 'cancelled' FROM c WHERE about = :about AND state = 'waiting'
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT ticket_id, :now, :event, :actor, jsonb_build_object('callback', id) FROM c
)
SELECT c.network_id, t.can_text, {_WANTED.format(left="c")} FROM c, t
""")  # noqa: S608 - nothing in it comes from outside


@dataclass(frozen=True, slots=True)
class Cancelled:
    """A promise that has been given back."""

    network_id: int
    can_text: bool
    wanted_at: datetime | None


def write_cancellation(session: Session, callback_id: int, *, now: datetime, actor: str) -> Cancelled | None:
    """The promise ends and its ticket closes; None when it had ended before. Two statements, the first holds its slot."""
    session.execute(_LOCK, {"id": callback_id})
    values = {"id": callback_id, "about": about(callback_id), "now": now, "actor": actor}
    cancellable = [state.value for state in those_that_may_become(CallbackState.CANCELLED)]
    row = session.execute(_CANCEL, {**values, "cancellable": cancellable, "event": EventKind.CANCELLED}).first()
    return None if row is None else Cancelled(row.network_id, row.can_text, row.wanted_at)


def terms_of(hold: Hold, now: datetime) -> dict[str, object]:
    """What a promise at this hold says, as the statements that write it name it."""
    return {
        "slot": hold.slot_id,
        "starts_at": hold.span.begins,
        "ends_at": hold.span.ends,
        "language": hold.wish.language,
        "topic": hold.wish.topic,
        "municipality": hold.wish.municipality,
        "mark": mark_of(hold.wish.caller_index),
        "now": now,
    }
