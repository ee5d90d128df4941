"""When a pool changes: what can be matched anew is, silently; what cannot becomes a deficit."""

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.deficits import note_deficits
from scheduler.matching import at_risk, may_take
from scheduler.picture import first_kept_first
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
    promised = [live for start in starts for live in pools.live.get(start, ())]
    without = {key for start in starts for key in _without_helper(pools, start)}
    lost = [live for live in promised if live.callback_id in without]
    lacking = _those(lost, CallbackState.PROMISED)
    covered = _those([live for live in promised if live.callback_id not in without], CallbackState.DEFICIT)
    deficits = lacking + _those(lost, CallbackState.DEFICIT)
    _forget_who_left(session, pools, promised)
    _mark(session, lacking, CallbackState.DEFICIT, EventKind.DEFICIT, now)
    _mark(session, covered, CallbackState.PROMISED, EventKind.COVERED, now)
    _let_go(session, _those(lost, CallbackState.OFFERED), now)
    if lacking:
        note_deficits(session, network_id, [live.callback_id for live in lacking], now=now, grid=grid)
    if not deficits:
        note_freed(session, network_id, now=now)
    return tuple(live.callback_id for live in deficits)


def _those(promised: Iterable[Live], state: CallbackState) -> list[Live]:
    return [live for live in promised if live.state is state]


def _without_helper(pools: Pools, start: datetime) -> tuple[int, ...]:
    needs = [live.need for live in first_kept_first(pools.live.get(start, ())) if not live.pinned]
    return at_risk(needs, pools.free(start), pools.rules)


def _forget_who_left(session: Session, pools: Pools, promised: Sequence[Live]) -> None:
    """Who was chosen already and cannot do it any more is not rung; the line chooses anew when the time comes."""
    left = [
        live.callback_id
        for live in promised
        if live.state is CallbackState.PROMISED and live.helper is not None and live.helper not in _takers(pools, live)
    ]
    if left:
        session.execute(text("UPDATE callback SET assigned_helper_id = NULL WHERE id = ANY(:ids)"), {"ids": left})


def _takers(pools: Pools, live: Live) -> frozenset[int]:
    on_duty = pools.on_duty.get(live.starts_at, ())
    return frozenset(helper.helper for helper in on_duty if may_take(helper, live.need, pools.rules))


_LET_GO = text("""
UPDATE callback SET state = 'lapsed', ended_at = :now WHERE id = ANY(:ids) AND state = 'offered'
""")


def _let_go(session: Session, held: Sequence[Live], now: datetime) -> None:
    """A place that was held for an answer and is not there any more; nobody was promised it."""
    if held:
        session.execute(_LET_GO, {"ids": [live.callback_id for live in held], "now": now})


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
