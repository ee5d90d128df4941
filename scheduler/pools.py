"""What the database knows of a stretch of time: rules, helpers on duty, live promises – read in one statement."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.duty import Calls, Closures, on_duty, rules_of
from scheduler.forecast import HOURS, Forecast
from scheduler.matching import Need
from scheduler.picture import Live, Own, Pools
from scheduler.records import LIVE, CallbackState
from scheduler.slots import Grid, Span, days_within
from tickets.records import values_of
from tickets.vocabulary import Topic
from voice_prompts.language import Language

__all__ = ["Live", "Own", "Pools", "look", "mark_of"]

_starts_at = attrgetter("starts_at")
_HOLDS = f"c.state IN ({values_of(LIVE)}) AND (c.state <> 'offered' OR c.held_until > :now)"  # a hold ends by itself
_LOOK = text(f"""
SELECT CAST(n.boundaries AS text) AS boundaries, n.call_minutes, n.swedish_release_hours,
(SELECT string_agg(concat_ws(' ', d.weekday, d.hour, d.expected), ';' ORDER BY d.weekday, d.hour)
    FROM demand d WHERE d.network_id = n.id AND d.language = 'sv') AS demand,
(SELECT CAST(json_agg(json_build_array(o.id, o.serves, o.agreed, o.boundaries)) AS text)
    FROM organisation o WHERE o.network_id = n.id) AS organisations,
(SELECT json_agg(json_build_array(l.organisation_id, extract(epoch FROM lower(l.during)), extract(epoch FROM upper(l.during))))
    FROM closure l WHERE l.network_id = n.id AND l.lifted_at IS NULL
        AND upper(l.during) > least(:begins, CAST(:now AS timestamptz)) - interval '1 day') AS closures,
(SELECT json_agg(json_build_array(extract(epoch FROM lower(during)), extract(epoch FROM upper(during)), phase, call_minutes,
        organisation_id, papers))
    FROM (
        SELECT p.during, s.phase, s.call_minutes, s.organisation_id, string_agg(concat_ws('|', h.id, h.organisation_id,
            array_to_string(h.languages, ','), h.kind, h.rules_accepted,
            coalesce(CAST(least(h.badge_expires_on, h.rules_due_on - 1) AS text), '')),
            ';' ORDER BY h.id) AS papers
        FROM place p JOIN shift s ON s.id = p.shift_id JOIN helper h ON h.id = p.helper_id AND h.active
        WHERE p.network_id = n.id AND p.state = 'held' AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
            AND upper(p.during) > :begins AND lower(p.during) < :ends
        GROUP BY p.during, s.phase, s.call_minutes, s.organisation_id
    ) AS together) AS duty,
(SELECT json_agg(json_build_array(c.id, extract(epoch FROM c.starts_at), c.state, c.assigned_helper_id,
        extract(epoch FROM c.booked_at), c.times_moved, c.language, c.topic, c.municipality,
        extract(epoch FROM upper(c.during) - lower(c.during)) / 60, ARRAY(SELECT a.helper_id FROM attempt a
            WHERE a.callback_id = c.id AND a.result IN ('AUTTAJA_KIELTAYTYI', 'AUTTAJA_EI_VASTANNUT'))) ORDER BY c.id)
    FROM callback c WHERE c.network_id = n.id AND {_HOLDS} AND c.starts_at >= :begins AND c.starts_at < :ends
        AND c.ticket_id <> :ticket) AS live,
(SELECT json_agg(json_build_array(c.id, extract(epoch FROM lower(c.during)), extract(epoch FROM upper(c.during)),
        c.code_sealed))
    FROM callback c WHERE c.network_id = n.id AND {_HOLDS} AND c.caller_mark = :mark AND c.ticket_id <> :ticket) AS own,
(SELECT json_agg(json_build_array(c.assigned_helper_id, extract(epoch FROM lower(c.during)), extract(epoch FROM upper(c.during))))
    FROM callback c WHERE c.network_id = n.id AND c.state IN ('ringing', 'talking') AND c.assigned_helper_id IS NOT NULL
        AND c.starts_at > CAST(:begins AS timestamptz) - interval '4 hours'
        AND c.starts_at < CAST(:ends AS timestamptz) + interval '4 hours') AS calls
FROM network n WHERE n.id = :network
""")  # noqa: S608 - nothing in it comes from outside


def look(
    session: Session,
    network_id: int,
    span: Span,
    grid: Grid,
    *,
    now: datetime,
    mark: int | None = None,
    ticket: int | None = None,
) -> Pools:
    """Everything that decides what can be promised in `span`, as it stands now; one statement.

    `mark` is that of the caller who asks (mark_of); `ticket` is the one that a time is
    sought for: what it has now counts as free.
    """
    ends = {"begins": span.begins, "ends": span.ends, "now": now}
    row = session.execute(_LOOK, {"network": network_id, **ends, "mark": mark, "ticket": ticket or 0}).one()
    closed = _closures(row.closures or ())
    live = [_live(*values) for values in row.live or ()]
    return Pools(
        rules_of(row.boundaries, row.organisations or "[]"),
        {Topic(topic): minutes for topic, minutes in row.call_minutes.items()},
        on_duty(row.duty or (), closed, _calls(row.calls or ()), span, grid),
        {start: tuple(ones) for start, ones in groupby(sorted(live, key=_starts_at), _starts_at)},
        tuple(Own(key, Span(_moment(begins), _moment(ends)), code) for key, begins, ends, code in row.own or ()),
        closed.get(None, ()),
        days_within(closed.get(None, ()), grid),
        _forecast(row.demand, row.swedish_release_hours),
    )


def mark_of(caller_index: bytes | None) -> int | None:
    """The head of a caller's index, as a number that an exclusion constraint can compare."""
    return None if caller_index is None else int.from_bytes(caller_index[:8], "big", signed=True)


def _closures(rows: Iterable[list[Any]]) -> Closures:
    closed: dict[int | None, tuple[Span, ...]] = {}
    for organisation, begins, ends in rows:
        closed[organisation] = (*closed.get(organisation, ()), Span(_moment(begins), _moment(ends)))
    return closed


def _calls(rows: Iterable[list[Any]]) -> Calls:
    calls: dict[int, tuple[Span, ...]] = {}
    for helper, begins, ends in rows:
        calls[helper] = (*calls.get(helper, ()), Span(_moment(begins), _moment(ends)))
    return calls


@lru_cache(maxsize=64)
def _forecast(demand: str | None, release_hours: int) -> Forecast | None:
    if demand is None:
        return None
    hourly = [0.0] * HOURS
    for weekday, hour, expected in (row.split() for row in demand.split(";")):
        hourly[int(weekday) * 24 + int(hour)] = float(expected)
    return Forecast.of(hourly, timedelta(hours=release_hours))


def _live(
    key: int, starts: float, state: str, helper: int | None, booked_at: float, times_moved: int, *asks: Any
) -> Live:
    language, topic, municipality, minutes, barred = asks
    need = Need(key, Language(language), Topic(topic) if topic else None, municipality, frozenset(barred), int(minutes))
    return Live(key, _moment(starts), CallbackState(state), helper, _moment(booked_at), times_moved, need)


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
