"""The rota as it is shown: shifts with who is in them, what is open, and who waits."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.slots import Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Terms:
    """What a shift asks for, as far as it can be changed: when, how many, and who."""

    during: Span
    needed: int
    most: int
    organisation_id: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None


@dataclass(frozen=True, slots=True)
class PlaceCard:
    """Who is in a place, and how it stands with them."""

    id: int
    helper_id: int
    confirmed: bool
    swap_offered: bool
    overridden: bool
    batch_id: int | None


@dataclass(frozen=True, slots=True)
class ShiftCard:
    """A shift as a screen shows it; `waiting` are the helpers who would take a place, in the order of asking."""

    id: int
    terms: Terms
    phase: int
    call_minutes: int
    published: bool
    cancelled: bool
    version: int
    batch_id: int | None
    template_shift_id: int | None
    template_day: date | None
    places: tuple[PlaceCard, ...]
    waiting: tuple[int, ...]

    @property
    def free(self) -> int:
        """The places that nobody holds."""
        return max(0, self.terms.most - len(self.places))

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.terms.needed - len(self.places))


_SHIFTS = """
SELECT s.id, s.organisation_id, lower(s.during) AS begins, upper(s.during) AS ends, s.phase, s.call_minutes, s.needed,
    s.most, s.language, s.kind, s.published_at IS NOT NULL AS published, s.cancelled_at IS NOT NULL AS cancelled,
    s.version, s.batch_id, s.template_shift_id, s.template_day,
    (SELECT json_agg(json_build_array(p.id, p.helper_id, p.confirmed_at IS NOT NULL, p.swap_offered_at IS NOT NULL,
        p.overridden, p.batch_id) ORDER BY p.taken_at, p.id)
        FROM place p WHERE p.shift_id = s.id AND p.state = 'held') AS places,
    ARRAY(SELECT w.helper_id FROM shift_wait w WHERE w.shift_id = s.id AND w.state = 'waiting'
        ORDER BY w.asked_at, w.id) AS waiting
FROM shift s
"""
_OF_SPAN = text(f"""{_SHIFTS}
WHERE s.network_id = :network AND s.during && tstzrange(:begins, :ends)
    AND (s.cancelled_at IS NULL OR :cancelled) AND (s.published_at IS NOT NULL OR :drafts)
    AND (CAST(:organisation AS bigint) IS NULL OR s.organisation_id IS NULL OR s.organisation_id = :organisation)
    AND (CAST(:helper AS bigint) IS NULL
        OR EXISTS (SELECT FROM place p WHERE p.shift_id = s.id AND p.helper_id = :helper AND p.state = 'held'))
ORDER BY lower(s.during), upper(s.during), s.id
""")
_OF_IDS = text(f"{_SHIFTS} WHERE s.network_id = :network AND s.id = ANY(:ids) ORDER BY s.id")
_LOCK = text("SELECT FROM shift WHERE network_id = :network AND id = ANY(:ids) ORDER BY id FOR NO KEY UPDATE")
_ONE = text(f"{_SHIFTS} WHERE s.network_id = :network AND s.id = :id")


def rota_of(
    session: Session,
    network_id: int,
    span: Span,
    *,
    organisation_id: int | None = None,
    helper_id: int | None = None,
    drafts: bool = True,
    cancelled: bool = False,
) -> tuple[ShiftCard, ...]:
    """The shifts of a network that touch a span, the earliest first; one statement.

    Of one organisation: its own and the pooled ones. Of one helper: those in which they have a place.
    """
    values = {"network": network_id, "begins": span.begins, "ends": span.ends, "drafts": drafts}
    values |= {"cancelled": cancelled, "organisation": organisation_id, "helper": helper_id}
    return tuple(_card(row) for row in session.execute(_OF_SPAN, values))


_COMING = text("""
SELECT lower(during) FROM shift
WHERE network_id = :network AND during && tstzrange(:now, NULL) AND cancelled_at IS NULL
    AND (CAST(:organisation AS bigint) IS NULL OR organisation_id IS NULL OR organisation_id = :organisation)
ORDER BY lower(during) LIMIT 1
""")


def next_begins(session: Session, network_id: int, *, now: datetime, organisation_id: int | None) -> datetime | None:
    """When the first shift begins that is not over, drafts too; None: there is none."""
    found = session.scalar(_COMING, {"network": network_id, "now": now, "organisation": organisation_id})
    return None if found is None else _utc(found)


def shift_card(session: Session, network_id: int, shift_id: int) -> ShiftCard | None:
    """One shift of this network."""
    row = session.execute(_ONE, {"network": network_id, "id": shift_id}).first()
    return None if row is None else _card(row)


def shifts_by_id(session: Session, network_id: int, ids: Sequence[int]) -> tuple[ShiftCard, ...]:
    """These shifts of the network, in the order of their ids."""
    return tuple(_card(row) for row in session.execute(_OF_IDS, {"network": network_id, "ids": list(ids)}))


def locked_shifts(session: Session, network_id: int, ids: Sequence[int]) -> tuple[ShiftCard, ...]:
    """The same, held until the end: nobody takes a place in them meanwhile."""
    # Locked by a statement of its own, so that the places are read when the lock is ours.
    session.execute(_LOCK, {"network": network_id, "ids": list(ids)})
    return shifts_by_id(session, network_id, ids)


def _card(row: Row[Any]) -> ShiftCard:
    return ShiftCard(
        row.id,
        Terms(
            Span(_utc(row.begins), _utc(row.ends)),
            row.needed,
            row.most,
            row.organisation_id,
            None if row.language is None else Language(row.language),
            None if row.kind is None else HelperKind(row.kind),
        ),
        row.phase,
        row.call_minutes,
        row.published,
        row.cancelled,
        row.version,
        row.batch_id,
        row.template_shift_id,
        row.template_day,
        tuple(PlaceCard(*values) for values in row.places or ()),
        tuple(row.waiting),
    )


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)
