"""Who rings: chosen shortly before, for all promises of the slot together, and anew when somebody cannot."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.assignment import Costs, choose, help_given
from scheduler.coordination import miss
from scheduler.jobs import enqueue
from scheduler.matching import Need, OnDuty
from scheduler.notices import ring
from scheduler.picture import first_kept_first
from scheduler.pools import Live, Pools, look
from scheduler.records import CallbackState
from scheduler.slots import Grid, Span
from tickets.vocabulary import EventKind

FAIRNESS_SPAN: Final = timedelta(days=28)
# Who declined one promise of a slot is rung about another only when nobody else can keep it.
UNWILLING: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Target:
    network_id: int
    starts_at: datetime
    state: CallbackState
    tries: int


def choose_helper(session: Session, callback_id: int, *, now: datetime, grid: Grid) -> int | None:
    """The helper for this promise, chosen with all others of its slot for the least cost.

    Who is on the phone already stays so; who declined is not asked again. None when nobody can take it, and then the
    promise is missed, the coordinator has the ticket and the caller is told; or when it is no longer to be kept.
    """
    target = _lock(session, callback_id)
    if target is None or target.state is CallbackState.TALKING:
        return None
    span = Span(target.starts_at, target.starts_at + timedelta(minutes=1))
    pools = look(session, target.network_id, span, grid, now=now)
    chosen = _assign(session, pools, target, callback_id, now)
    helper = chosen[callback_id]
    _write_choice(session, chosen, callback_id, now)
    if helper is None:
        miss(session, callback_id, "no_helper", now=now, grid=grid)
    return helper


def next_helper(session: Session, callback_id: int, *, now: datetime, grid: Grid) -> int | None:
    """Another helper, rung at once, after one declined or did not answer; None, and it is missed, when there is nobody."""
    helper = choose_helper(session, callback_id, now=now, grid=grid)
    if helper is not None:
        tries = session.execute(text("SELECT tries FROM callback WHERE id = :id"), {"id": callback_id}).scalar_one()
        enqueue(session, ring(callback_id, tries + 1, at=now, helper_id=helper))
    return helper


_LOCK = text("""
SELECT c.network_id, c.starts_at, c.state, c.tries FROM callback c JOIN slot s ON s.id = c.slot_id
WHERE c.id = :id AND c.state IN ('promised', 'ringing', 'talking', 'deficit') FOR UPDATE OF s
""")


def _lock(session: Session, callback_id: int) -> _Target | None:
    row = session.execute(_LOCK, {"id": callback_id}).first()
    return None if row is None else _Target(row.network_id, row.starts_at, CallbackState(row.state), row.tries)


def _assign(session: Session, pools: Pools, target: _Target, callback_id: int, now: datetime) -> dict[int, int | None]:
    promised = pools.live.get(target.starts_at, ())
    pinned = {live.helper for live in promised if live.pinned and live.callback_id != callback_id}
    pool = [helper for helper in pools.on_duty.get(target.starts_at, ()) if helper.helper not in pinned]
    needs = [live.need for live in first_kept_first(promised) if live.callback_id == callback_id or not live.pinned]
    held = {live.callback_id for live in promised if live.state is CallbackState.OFFERED}
    costs = _costs(session, pools, promised, target.network_id, now)
    unwilling = {helper for live in promised for helper in live.need.barred}

    def price(need: Need, helper: OnDuty) -> int:
        return costs.of(need, helper) + (UNWILLING if helper.helper in unwilling else 0)

    chosen = choose(needs, pool, pools.rules, price)
    # A place held for an answer is left its helper, but nobody is chosen for it.
    return {need.key: chosen.get(need.key) for need in needs if need.key not in held}


_FACTS = text("""
SELECT ARRAY(
    SELECT ARRAY[p.helper_id, sum(extract(epoch FROM upper(p.during) - lower(p.during)) / 60 / s.call_minutes)::bigint]
    FROM place p JOIN shift s ON s.id = p.shift_id WHERE p.network_id = :network AND p.state = 'held'
        AND lower(p.during) >= :since AND lower(p.during) < :now GROUP BY p.helper_id
) AS offered, ARRAY(
    SELECT ARRAY[a.helper_id, count(DISTINCT a.callback_id)] FROM attempt a JOIN callback c ON c.id = a.callback_id
    WHERE c.network_id = :network AND c.starts_at >= :since AND a.taken_at IS NOT NULL GROUP BY a.helper_id
) AS used, ARRAY(
    SELECT DISTINCT ARRAY[c.id, a.helper_id] FROM callback c JOIN ticket t ON t.id = c.ticket_id
    JOIN ticket u ON u.id = t.id OR (u.network_id = t.network_id AND u.caller_index = t.caller_index)
    JOIN callback b ON b.ticket_id = u.id JOIN attempt a ON a.callback_id = b.id AND a.taken_at IS NOT NULL
    WHERE c.id = ANY(:callbacks)
) AS knows, (
    SELECT json_agg(json_build_array(organisation_id, municipality, talks)) FROM (
        SELECT h.organisation_id, c.municipality, count(DISTINCT c.id) AS talks
        FROM callback c JOIN attempt a ON a.callback_id = c.id AND a.taken_at IS NOT NULL JOIN helper h ON h.id = a.helper_id
        WHERE c.network_id = :network AND c.starts_at >= :since AND c.municipality IS NOT NULL GROUP BY 1, 2
    ) AS helped
) AS helped
""")


def _costs(session: Session, pools: Pools, promised: tuple[Live, ...], network_id: int, now: datetime) -> Costs:
    row = session.execute(
        _FACTS,
        {
            "network": network_id,
            "since": now - FAIRNESS_SPAN,
            "now": now,
            "callbacks": [live.callback_id for live in promised],
        },
    ).one()
    used: dict[int, int] = dict(row.used)
    unused = {helper: max(0, starts - used.get(helper, 0)) for helper, starts in row.offered}
    knows = frozenset((callback, helper) for callback, helper in row.knows)
    return Costs(pools.rules, unused, knows, help_given(map(tuple, row.helped or ()), pools.rules))


_WRITE = text("""
WITH chosen AS (
    SELECT new.callback, new.helper, old.state AS was
    FROM unnest(CAST(:callbacks AS bigint[]), CAST(:helpers AS bigint[])) AS new(callback, helper)
    JOIN callback old ON old.id = new.callback
), c AS (
    UPDATE callback SET assigned_helper_id = helper,
        state = CASE WHEN state = 'deficit' AND helper IS NOT NULL THEN 'promised' ELSE state END
    FROM chosen WHERE id = callback AND assigned_helper_id IS DISTINCT FROM helper
    RETURNING id, ticket_id, helper, was
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT ticket_id, :now, :covered, 'line', jsonb_build_object('callback', id) FROM c
WHERE was = 'deficit' AND helper IS NOT NULL
UNION ALL
SELECT ticket_id, :now, :event, 'line', jsonb_build_object('callback', id, 'helper', helper) FROM c
WHERE id = :target AND helper IS NOT NULL
""")


def _write_choice(session: Session, chosen: dict[int, int | None], callback_id: int, now: datetime) -> None:
    # All at once, also who is left with nobody: no helper may stand at two promises, not even for a moment.
    lists = {"callbacks": list(chosen.keys()), "helpers": list(chosen.values())}
    events = {"event": EventKind.HELPER_CHOSEN, "covered": EventKind.COVERED}
    session.execute(_WRITE, {**lists, **events, "now": now, "target": callback_id})
