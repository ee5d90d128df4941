"""What the database knows of a stretch of time: rules, helpers on duty, live promises – read in one statement."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduler.boundaries import DEFAULT, with_changes
from scheduler.matching import Need, OnDuty, Rules
from scheduler.picture import Live, Own, Pools
from scheduler.records import LIVE, CallbackState
from scheduler.slots import MINUTE, Grid, Span, days_within, starts_of
from tickets.municipalities import by_code, in_region
from tickets.records import values_of
from tickets.vocabulary import HelperKind, Topic
from voice_prompts.language import Language

_Closures = Mapping[int | None, tuple[Span, ...]]  # organisation, or None for all → when


__all__ = ["Live", "Own", "Pools", "look", "mark_of"]

_HOLDS = f"c.state IN ({values_of(LIVE)}) AND (c.state <> 'offered' OR c.held_until > :now)"  # a hold ends by itself
_LOOK = text(f"""
SELECT n.boundaries, n.call_minutes,
(SELECT json_agg(json_build_array(o.id, o.serves, o.agreed, o.boundaries))
    FROM organisation o WHERE o.network_id = n.id) AS organisations,
(SELECT json_agg(json_build_array(l.organisation_id, extract(epoch FROM lower(l.during)), extract(epoch FROM upper(l.during))))
    FROM closure l WHERE l.network_id = n.id AND l.lifted_at IS NULL 
        AND upper(l.during) > least(:begins, CAST(:now AS timestamptz)) - interval '1 day') AS closures,
(SELECT json_agg(json_build_array(h.id, h.organisation_id, h.languages, h.kind, h.rules_accepted, h.badge_expires_on))
    FROM helper h WHERE h.network_id = n.id AND h.active) AS helpers,
(SELECT json_agg(json_build_array(p.helper_id, extract(epoch FROM lower(p.during)), extract(epoch FROM upper(p.during)),
        s.phase, s.call_minutes, s.organisation_id))
    FROM place p JOIN shift s ON s.id = p.shift_id
    WHERE p.network_id = n.id AND p.state = 'held' AND s.published_at IS NOT NULL AND s.cancelled_at IS NULL
        AND upper(p.during) > :begins AND lower(p.during) < :ends) AS places,
(SELECT json_agg(json_build_array(c.id, extract(epoch FROM c.starts_at), c.state, c.assigned_helper_id,
        extract(epoch FROM c.booked_at), c.times_moved, c.language, c.topic, c.municipality,
        extract(epoch FROM upper(c.during) - lower(c.during)) / 60, ARRAY(SELECT a.helper_id FROM attempt a
            WHERE a.callback_id = c.id AND a.result IN ('AUTTAJA_KIELTAYTYI', 'AUTTAJA_EI_VASTANNUT'))) ORDER BY c.id)
    FROM callback c WHERE c.network_id = n.id AND {_HOLDS} AND c.starts_at >= :begins AND c.starts_at < :ends
        AND c.ticket_id <> :ticket) AS live,
(SELECT json_agg(json_build_array(c.id, extract(epoch FROM lower(c.during)), extract(epoch FROM upper(c.during)),
        c.code_sealed))
    FROM callback c WHERE c.network_id = n.id AND {_HOLDS} AND c.caller_mark = :mark AND c.ticket_id <> :ticket) AS own
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
        _rules(row.boundaries, row.organisations or ()),
        {Topic(topic): minutes for topic, minutes in row.call_minutes.items()},
        _on_duty(row.places or (), row.helpers or (), closed, span, grid),
        {start: tuple(one for one in live if one.starts_at == start) for start in {one.starts_at for one in live}},
        tuple(Own(key, Span(_moment(begins), _moment(ends)), code) for key, begins, ends, code in row.own or ()),
        days_within(closed.get(None, ()), grid),
    )


def mark_of(caller_index: bytes | None) -> int | None:
    """The head of a caller's index, as a number that an exclusion constraint can compare."""
    return None if caller_index is None else int.from_bytes(caller_index[:8], "big", signed=True)


def _rules(network: Mapping[str, Any], organisations: Iterable[list[Any]]) -> Rules:
    shared = with_changes(DEFAULT, network)
    serves: dict[int, frozenset[str]] = {}
    own: dict[int, frozenset[str]] = {}
    region: dict[int, frozenset[str]] = {}
    boundaries = {}
    for key, served, agreed, changes in organisations:
        serves[key] = frozenset(served) | frozenset(agreed) if served else frozenset()
        own[key] = frozenset(served)
        places = [place for code in served if (place := by_code(code))]
        region[key] = frozenset[str]().union(*(in_region(place.region.code) for place in places))
        boundaries[key] = with_changes(shared, changes)
    return Rules(serves, own, region, boundaries)


def _closures(rows: Iterable[list[Any]]) -> _Closures:
    closed: dict[int | None, tuple[Span, ...]] = {}
    for organisation, begins, ends in rows:
        closed[organisation] = (*closed.get(organisation, ()), Span(_moment(begins), _moment(ends)))
    return closed


def _on_duty(
    places: Iterable[list[Any]], helpers: Iterable[list[Any]], closed: _Closures, span: Span, grid: Grid
) -> dict[datetime, tuple[OnDuty, ...]]:
    papers = {values[0]: _papers(*values) for values in helpers}
    pools: dict[datetime, list[OnDuty]] = {}
    for key, begins, ends, phase, minutes, organisation in places:
        if key not in papers:
            continue
        helper = papers[key].in_seats_of(minutes)
        shut = [one for whose in {None, organisation, helper.valid.organisation} for one in closed.get(whose, ())]
        for start in starts_of(Span(_moment(begins), _moment(ends)), phase, minutes * MINUTE):
            if span.begins <= start < span.ends and not any(one.begins <= start < one.ends for one in shut):
                pools.setdefault(start, []).append(helper.on(start.astimezone(grid.tz).date()))
    return {start: tuple(pools[start]) for start in sorted(pools)}


@dataclass(frozen=True, slots=True)
class _Papers:
    valid: OnDuty
    expired: OnDuty
    last_day: date

    def in_seats_of(self, minutes: int) -> "_Papers":
        if minutes == self.valid.minutes:
            return self
        return _Papers(replace(self.valid, minutes=minutes), replace(self.expired, minutes=minutes), self.last_day)

    def on(self, day: date) -> OnDuty:
        return self.valid if day <= self.last_day else self.expired


def _papers(
    key: int, organisation: int, languages: list[str], kind: str, rules_accepted: bool, badge_expires_on: str | None
) -> _Papers:
    helper = OnDuty(
        key, organisation, frozenset(Language(code) for code in languages), HelperKind(kind), rules_accepted
    )
    last_day = date.max if badge_expires_on is None else date.fromisoformat(badge_expires_on)
    return _Papers(helper, replace(helper, valid=False), last_day)


def _live(
    key: int, starts: float, state: str, helper: int | None, booked_at: float, times_moved: int, *asks: Any
) -> Live:
    language, topic, municipality, minutes, barred = asks
    need = Need(key, Language(language), Topic(topic) if topic else None, municipality, frozenset(barred), int(minutes))
    return Live(key, _moment(starts), CallbackState(state), helper, _moment(booked_at), times_moved, need)


def _moment(epoch: float) -> datetime:
    return datetime.fromtimestamp(epoch, UTC)
