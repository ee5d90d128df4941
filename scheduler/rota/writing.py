"""Shifts and their first places as they are written, many at once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final, cast

from sqlalchemy import Table, insert, text
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_changes
from scheduler.rota.listing import Terms
from scheduler.rota.news import plan_reminders
from scheduler.rota.records import Shift
from scheduler.slots import MINUTE, Grid, Span, grid_ceil, phase_of
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

FIRST_VERSION: Final = 1
_SHIFT: Final = cast(Table, Shift.__table__)  # as a table, not as objects: thousands at once


@dataclass(frozen=True, slots=True)
class NewShift:
    """A shift to be; `phase` says which grid starts its places hold, `call_minutes` how long each is.

    Without a phase, the first is the first grid start in it: one that begins at five past is offered from all the same.
    """

    during: Span
    phase: int | None = None
    needed: int = 1
    most: int = 1
    organisation_id: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None
    call_minutes: int = 60

    @property
    def terms(self) -> Terms:
        """What it asks for."""
        return Terms(self.during, self.needed, self.most, self.organisation_id, self.language, self.kind)

    @property
    def held_phase(self) -> int:
        """The phase that it will have."""
        if self.phase is not None:
            return self.phase
        first = grid_ceil(self.during.begins, Grid())  # the quarters of the hour are those of every network
        return phase_of(first, self.call_minutes * MINUTE)


@dataclass(frozen=True, slots=True)
class ToWrite:
    """A shift to be, who has places in it from the start, and what it comes from: a template's day, or another shift."""

    new: NewShift
    helpers: tuple[int, ...] = ()
    template_shift_id: int | None = None
    template_day: date | None = None
    copied_from_id: int | None = None


@dataclass(frozen=True, slots=True)
class Stamp:
    """Who writes, when, in which batch, and whether helpers see it at once."""

    actor: str
    now: datetime
    grid: Grid
    published: bool = True
    batch_id: int | None = None


def write_shifts(session: Session, network_id: int, shifts: Sequence[ToWrite], stamp: Stamp) -> tuple[int, ...]:
    """The rows of shifts, places and changes; the shifts' ids, in order. The caller has held and checked everything."""
    if not shifts:
        return ()
    rows = [_columns(network_id, shift, stamp) for shift in shifts]
    new = insert(_SHIFT).returning(_SHIFT.c.id, sort_by_parameter_order=True)
    ids = tuple(session.connection().scalars(new, rows))
    added = [About(shift_id=key, batch_id=stamp.batch_id) for key in ids]
    note_changes(session, network_id, ChangeKind.SHIFT_ADDED, added, actor=stamp.actor, now=stamp.now)
    pairs = [(key, helper) for key, shift in zip(ids, shifts, strict=True) for helper in shift.helpers]
    if pairs:
        fill_places(session, network_id, pairs, stamp)
    return ids


_FILL = text("""
WITH made AS (
    INSERT INTO place (network_id, shift_id, helper_id, during, state, taken_at, batch_id)
    SELECT s.network_id, s.id, new.helper, s.during, 'held', :now, :batch
    FROM unnest(CAST(:shifts AS bigint[]), CAST(:helpers AS bigint[])) WITH ORDINALITY AS new(shift, helper, number)
    JOIN shift s ON s.id = new.shift ORDER BY new.number
    RETURNING id, shift_id, helper_id, lower(during) AS begins
)
SELECT made.*, s.version, s.published_at IS NOT NULL AS published FROM made JOIN shift s ON s.id = made.shift_id
ORDER BY made.id
""")


def fill_places(session: Session, network_id: int, pairs: Sequence[tuple[int, int]], stamp: Stamp) -> tuple[int, ...]:
    """Places for these helpers in these shifts (shift, helper); those that helpers see, which are not a draft's.

    The caller has held and checked everything.
    """
    shifts, helpers = [list(side) for side in zip(*pairs, strict=True)]
    values = {"shifts": shifts, "helpers": helpers, "now": stamp.now, "batch": stamp.batch_id}
    places = session.execute(_FILL, values).all()
    given = [About(place.shift_id, place.id, place.helper_id, stamp.batch_id) for place in places]
    note_changes(session, network_id, ChangeKind.PLACE_GIVEN, given, actor=stamp.actor, now=stamp.now)
    seen = [(place.id, place.begins, place.version) for place in places if place.published]
    plan_reminders(session, seen, now=stamp.now, grid=stamp.grid)
    return tuple(key for key, _begins, _version in seen)


def _columns(network_id: int, shift: ToWrite, stamp: Stamp) -> dict[str, object]:
    new = shift.new
    return {
        "network_id": network_id,
        "organisation_id": new.organisation_id,
        "during": Range(new.during.begins, new.during.ends),
        "phase": new.held_phase,
        "call_minutes": new.call_minutes,
        "needed": new.needed,
        "most": max(new.most, len(shift.helpers)),
        "language": new.language,
        "kind": new.kind,
        "published_at": stamp.now if stamp.published else None,
        "batch_id": stamp.batch_id,
        "template_shift_id": shift.template_shift_id,
        "template_day": shift.template_day,
        "copied_from_id": shift.copied_from_id,
    }
