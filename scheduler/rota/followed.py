"""What a followed calendar shows: spans of shifts and how they stand, nothing of any caller, no helper's name."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.records import IS_LIVE
from scheduler.slots import Span
from voice_prompts.language import Language

SHOWN_AFTERWARDS: Final = timedelta(
    days=30
)  # so long is a shift shown that is over, or that nobody has to come to any more


@dataclass(frozen=True, slots=True)
class OwnShift:
    """A helper's place, as their own calendar shows it.

    `promised` is how many callbacks the whole pool has to keep at its starts. `version` grows with every change that a
    calendar must take note of.
    """

    place_id: int
    during: Span
    organisation: str | None
    promised: int
    swap_offered: bool
    confirmed: bool
    cancelled: bool
    version: int
    changed_at: datetime


@dataclass(frozen=True, slots=True)
class RotaShift:
    """A shift as an organisation's calendar shows it; without an organisation it is pooled by the whole network."""

    shift_id: int
    during: Span
    organisation: str | None
    language: Language | None
    needed: int
    most: int
    taken: int
    swaps_offered: int
    cancelled: bool
    version: int
    changed_at: datetime


def own_shifts(session: Session, network_id: int, helper_id: int, *, now: datetime) -> tuple[OwnShift, ...]:
    """A helper's places to come and of the past 30 days; dropped and cancelled ones for 30 days."""
    values = {"network": network_id, "helper": helper_id, "since": now - SHOWN_AFTERWARDS}
    return tuple(_own(row) for row in session.execute(_OWN, values))


def rota_shifts(session: Session, network_id: int, organisation_id: int, *, now: datetime) -> tuple[RotaShift, ...]:
    """The published shifts that an organisation's helpers may take: its own and the pooled ones of its network."""
    values = {"network": network_id, "organisation": organisation_id, "since": now - SHOWN_AFTERWARDS}
    return tuple(_of_rota(row) for row in session.execute(_ROTA, values))


_LAST_EDITED = "(SELECT max(at) FROM rota_change WHERE shift_id = s.id)"
_OWN = text(f"""
SELECT p.id, lower(p.during) AS begins, upper(p.during) AS ends, o.name AS organisation, s.version,
    p.swap_offered_at IS NOT NULL AS swap_offered, p.confirmed_at IS NOT NULL AS confirmed,
    p.state <> 'held' OR s.cancelled_at IS NOT NULL AS cancelled,
    greatest(p.taken_at, p.dropped_at, p.confirmed_at, p.swap_offered_at, s.cancelled_at, {_LAST_EDITED}) AS changed_at,
    (SELECT count(*) FROM callback c WHERE c.network_id = p.network_id AND c.{IS_LIVE} AND lower(p.during) <= c.starts_at
        AND c.starts_at + make_interval(mins => CAST(s.call_minutes AS int)) <= upper(p.during)
        AND mod(floor(extract(epoch FROM c.starts_at) / 60) - s.phase, s.call_minutes) = 0) AS promised
FROM place p JOIN shift s ON s.id = p.shift_id LEFT JOIN organisation o ON o.id = s.organisation_id
WHERE p.helper_id = :helper AND p.network_id = :network AND s.network_id = :network AND s.published_at IS NOT NULL
    AND upper(p.during) > :since
    AND (p.state = 'held' OR p.dropped_at > :since) AND (s.cancelled_at IS NULL OR s.cancelled_at > :since)
ORDER BY begins, p.id
""")  # noqa: S608 - both pieces are ours
_ROTA = text(f"""
SELECT s.id, lower(s.during) AS begins, upper(s.during) AS ends, o.name AS organisation, s.language, s.needed, s.most,
    s.version, s.cancelled_at IS NOT NULL AS cancelled, count(p.id) AS taken, count(p.swap_offered_at) AS swaps_offered,
    greatest(s.published_at, s.cancelled_at, max(p.taken_at), {_LAST_EDITED}) AS changed_at
FROM shift s LEFT JOIN organisation o ON o.id = s.organisation_id
LEFT JOIN place p ON p.shift_id = s.id AND p.state = 'held'
WHERE s.network_id = :network AND (s.organisation_id = :organisation OR s.organisation_id IS NULL)
    AND s.published_at IS NOT NULL AND upper(s.during) > :since AND (s.cancelled_at IS NULL OR s.cancelled_at > :since)
GROUP BY s.id, o.id ORDER BY begins, s.id
""")  # noqa: S608 - the piece is ours


def _own(row: Row[Any]) -> OwnShift:
    return OwnShift(
        row.id,
        Span(row.begins, row.ends),
        row.organisation,
        row.promised,
        row.swap_offered,
        row.confirmed,
        row.cancelled,
        _version(row),
        row.changed_at,
    )


def _of_rota(row: Row[Any]) -> RotaShift:
    return RotaShift(
        row.id,
        Span(row.begins, row.ends),
        row.organisation,
        None if row.language is None else Language(row.language),
        row.needed,
        row.most,
        row.taken,
        row.swaps_offered,
        row.cancelled,
        _version(row),
        row.changed_at,
    )


def _version(row: Row[Any]) -> int:
    # A calendar heeds a cancellation only under a higher number (RFC 5546, 2.1.4).
    return int(row.version) + int(row.cancelled)
