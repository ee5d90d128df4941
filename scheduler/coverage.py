"""When a pool changes: what can be matched anew is, silently; what cannot becomes a deficit."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.deficits import note_deficits
from scheduler.matching import Plan
from scheduler.pools import Live, Pools, look
from scheduler.records import CallbackState
from scheduler.slots import Grid, Span
from scheduler.waiting import note_freed
from tickets.vocabulary import EventKind

_LOCK = text("""
INSERT INTO slot (network_id, starts_at)
SELECT CAST(:network AS bigint), starts_at FROM unnest(CAST(:starts AS timestamptz[])) AS starts_at ORDER BY starts_at
ON CONFLICT (network_id, starts_at) DO UPDATE SET starts_at = excluded.starts_at
""")


def lock_slots(session: Session, network_id: int, starts: Collection[datetime]) -> None:
    """Hold these slots, also those without a promise yet: before changing who is on duty at them."""
    if starts:
        session.execute(_LOCK, {"network": network_id, "starts": sorted(starts)})


def recheck(
    session: Session, network_id: int, starts: Collection[datetime], *, now: datetime, grid: Grid
) -> tuple[int, ...]:
    """Match the promises at these slots, held by lock_slots, anew; the callbacks that are in deficit afterwards."""
    if not starts:
        return ()
    pools = look(session, network_id, Span(min(starts), max(starts) + timedelta(minutes=1)), grid, now=now)
    lacking, covered, deficits = [], [], []
    for start in starts:
        promised = pools.live.get(start, ())
        without = _without_helper(pools, start, promised)
        deficits += [live.callback_id for live in promised if live.callback_id in without]
        lacking += [live for live in promised if live.callback_id in without and live.state is CallbackState.PROMISED]
        covered += [
            live for live in promised if live.callback_id not in without and live.state is CallbackState.DEFICIT
        ]
    _forget_who_left(session, pools, starts)
    _mark(session, lacking, CallbackState.DEFICIT, EventKind.DEFICIT, now)
    _mark(session, covered, CallbackState.PROMISED, EventKind.COVERED, now)
    if lacking:
        note_deficits(session, network_id, [live.callback_id for live in lacking], now=now)
    if not deficits:
        note_freed(session, network_id, now=now)
    return tuple(deficits)


def _forget_who_left(session: Session, pools: Pools, starts: Collection[datetime]) -> None:
    """Who was chosen already and has left the place is not rung; the line chooses anew when the time comes."""
    left = [
        live.callback_id
        for start in starts
        for live in pools.live.get(start, ())
        if live.state is CallbackState.PROMISED
        and live.helper is not None
        and live.helper not in {helper.helper for helper in pools.on_duty.get(start, ())}
    ]
    if left:
        session.execute(text("UPDATE callback SET assigned_helper_id = NULL WHERE id = ANY(:ids)"), {"ids": left})


def _without_helper(pools: Pools, start: datetime, promised: Sequence[Live]) -> frozenset[int]:
    pinned = {live.helper for live in promised if live.pinned}
    free = [helper for helper in pools.on_duty.get(start, ()) if helper.helper not in pinned]
    plan = Plan(free, pools.rules)
    open_ones = [live for live in promised if not live.pinned]
    return frozenset(live.callback_id for live in open_ones if not plan.place(live.need))


_MARK = text("""
WITH c AS (
    UPDATE callback SET state = :state, assigned_helper_id = NULL WHERE id = ANY(:ids) AND state = :was
    RETURNING id, ticket_id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT ticket_id, :now, :event, 'rota', jsonb_build_object('callback', id) FROM c
""")


def _mark(session: Session, marked: Sequence[Live], state: CallbackState, event: EventKind, now: datetime) -> None:
    if marked:
        values = {"ids": [live.callback_id for live in marked], "was": marked[0].state, "state": state}
        session.execute(_MARK, {**values, "event": event, "now": now})
