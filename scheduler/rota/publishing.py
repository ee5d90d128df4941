"""A stretch of rota from a template, or from another week: seen before it is made, made once, undone at once (rota/batches)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy.orm import Session

from scheduler.rota.batches import open_batch
from scheduler.rota.candidates import Days, from_elsewhere, from_template, from_week
from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.closures import closures_of
from scheduler.rota.effects import (
    NO_EFFECT,
    Effect,
    Held,
    coming_starts,
    foreseen,
    hold_helpers,
    hold_promised,
    lock_rota,
    settle_added,
)
from scheduler.rota.plans import Candidate, PlannedShift, Verdict, plan_days, seated
from scheduler.rota.records import BatchKind
from scheduler.rota.shifts import THE_LINE, ShiftRefusal, why_not
from scheduler.rota.templates import template_card
from scheduler.rota.terms import helper_terms
from scheduler.rota.writing import Stamp, ToWrite, write_shifts
from scheduler.slots import Grid, Span

LONGEST: Final = timedelta(weeks=53)


@dataclass(frozen=True, slots=True)
class Publication:
    """What was made and what was not; without a batch, nothing was. `shifts` are the new ones, in the order of the plan."""

    batch_id: int | None
    plan: tuple[PlannedShift, ...]
    shifts: tuple[int, ...] = ()
    effect: Effect = NO_EFFECT

    @property
    def made(self) -> tuple[PlannedShift, ...]:
        """The shifts of the plan that are new."""
        return tuple(shift for shift in self.plan if shift.verdict is Verdict.MADE)


def publish(
    session: Session,
    network_id: int,
    template_id: int,
    days: Days,
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    draft: bool = False,
) -> Publication | ShiftRefusal:
    """The template's shifts on these days, with their usual helpers who can; what is there already stays as it is."""
    if days.last < days.first:
        return ShiftRefusal.NO_LENGTH
    if days.last - days.first > LONGEST:
        return ShiftRefusal.TOO_LONG
    lock_rota(session, network_id)
    template = template_card(session, network_id, template_id)
    if template is None:
        return ShiftRefusal.NOT_FOUND
    candidates = from_template(session, template, days, grid)
    return _carry_out(session, network_id, candidates, BatchKind.PUBLISH, Stamp(actor, now, grid, not draft))


def preview(
    session: Session, network_id: int, template_id: int, days: Days, *, now: datetime, grid: Grid
) -> Publication | ShiftRefusal:
    """What publishing would make now, what it would leave out and why, and who would be there; nothing is made."""
    seen = foreseen(
        session, lambda: publish(session, network_id, template_id, days, now=now, grid=grid, actor=THE_LINE)
    )
    return replace(seen, batch_id=None, shifts=()) if isinstance(seen, Publication) else seen


def copy_week(
    session: Session,
    network_id: int,
    source: date,
    target: date,
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    draft: bool = False,
) -> Publication:
    """The shifts of one day's week again in another day's, at the same hours on the wall, with who is in them and can."""
    lock_rota(session, network_id)
    candidates = from_week(session, network_id, source, target, grid)
    return _carry_out(session, network_id, candidates, BatchKind.COPY, Stamp(actor, now, grid, not draft))


def preview_copy(
    session: Session, network_id: int, source: date, target: date, *, now: datetime, grid: Grid
) -> Publication:
    """What copying a week would make now; nothing is made."""
    seen = foreseen(session, lambda: copy_week(session, network_id, source, target, now=now, grid=grid, actor=THE_LINE))
    return replace(seen, batch_id=None, shifts=())


def bring_in(
    session: Session,
    network_id: int,
    shifts: Sequence[ToWrite],
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    draft: bool = False,
) -> Publication | ShiftRefusal:
    """Shifts from a file in one batch, all of them or none; what stands in the rota just like one stays as it is."""
    for shift in shifts:
        refusal = why_not(session, network_id, shift.new.terms, shift.new.call_minutes, shift.helpers)
        if refusal is not None:
            return refusal
    lock_rota(session, network_id)
    candidates = from_elsewhere(session, network_id, shifts, grid)
    return _carry_out(session, network_id, candidates, BatchKind.IMPORT, Stamp(actor, now, grid, not draft))


def _carry_out(
    session: Session, network_id: int, candidates: Sequence[Candidate], kind: BatchKind, stamp: Stamp
) -> Publication:
    """Slots and helpers are held before anybody is seated, so that whoever is seated can be."""
    if not candidates:
        return Publication(None, ())
    span = _around(candidates)
    closures = closures_of(session, network_id, span)
    planned = plan_days(candidates, closures, now=stamp.now)
    coming = [shift for shift in planned if shift.verdict is Verdict.MADE]
    held = hold_promised(session, network_id, _starts(coming, stamp))
    helpers = sorted({helper.helper_id for shift in coming for helper in shift.helpers})
    hold_helpers(session, network_id, helpers)
    plan = seated(planned, helper_terms(session, network_id, span, helpers), closures, now=stamp.now)
    writing = [_to_write(shift) for shift in plan if shift.verdict is Verdict.MADE]
    if not writing:
        return Publication(None, plan)
    batch_id = open_batch(session, network_id, kind, actor=stamp.actor, now=stamp.now)
    shifts = write_shifts(session, network_id, writing, replace(stamp, batch_id=batch_id))
    about = About(batch_id=batch_id)
    note_change(session, network_id, ChangeKind.PUBLISHED, about, actor=stamp.actor, now=stamp.now, shifts=len(shifts))
    return Publication(batch_id, plan, shifts, _settled(session, held, stamp))


def _settled(session: Session, held: Held, stamp: Stamp) -> Effect:
    return settle_added(session, held, now=stamp.now, grid=stamp.grid) if stamp.published else NO_EFFECT


def _around(candidates: Sequence[Candidate]) -> Span:
    spans = [candidate.new.during for candidate in candidates]
    return Span(min(span.begins for span in spans), max(span.ends for span in spans))


def _starts(coming: Sequence[PlannedShift], stamp: Stamp) -> set[datetime]:
    if not stamp.published:
        return set()
    news = [shift.new for shift in coming]
    return {start for new in news for start in coming_starts(new.during, new.held_phase, new.call_minutes, stamp.now)}


def _to_write(shift: PlannedShift) -> ToWrite:
    candidate = shift.candidate
    stands_for = candidate.day if candidate.template_shift_id or candidate.copied_from_id else None
    return ToWrite(candidate.new, shift.coming, candidate.template_shift_id, stands_for, candidate.copied_from_id)
