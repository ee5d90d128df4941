"""When a network, or one organisation of it, rings nobody: closed and opened again, and what that does to promises."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.effects import Effect, Held, coming_starts, hold_starts, lock_rota, settle, settle_added
from scheduler.rota.listing import rota_of
from scheduler.rota.shifts import ShiftRefusal, foreign
from scheduler.slots import Grid, Span

LONGEST_CLOSURE: Final = timedelta(days=366)


@dataclass(frozen=True, slots=True)
class NewClosure:
    """A span, also of a few hours, in which the network rings nobody, or only one organisation does not."""

    during: Span
    reason: str
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class ClosureCard:
    """A closure as it stands, or as it stood until it was lifted."""

    id: int
    during: Span
    reason: str
    organisation_id: int | None
    lifted: bool


@dataclass(frozen=True, slots=True)
class Closed:
    """A closure that was made or lifted, and what that did to promises."""

    closure_id: int
    effect: Effect


def close(
    session: Session, network_id: int, new: NewClosure, *, now: datetime, grid: Grid, actor: str
) -> Closed | ShiftRefusal:
    """Nobody is rung in this span; helpers keep their places, and whom nobody else can ring then is in deficit.

    A call that began before it is finished.
    """
    if (refusal := _refusal(session, network_id, new, now)) is not None:
        return refusal
    lock_rota(session, network_id)
    held = _hold(session, network_id, new.during, now)
    during = {"begins": new.during.begins, "ends": new.during.ends}
    values = {"network": network_id, "organisation": new.organisation_id, "reason": new.reason, "now": now}
    closure_id: int = session.scalars(_CLOSE, values | during).one()
    note_change(session, network_id, ChangeKind.CLOSED, About(), actor=actor, now=now, closure=closure_id)
    return Closed(closure_id, settle(session, held, now=now, grid=grid))


_CLOSE = text("""
INSERT INTO closure (network_id, organisation_id, during, reason, made_at)
VALUES (:network, :organisation, tstzrange(:begins, :ends), :reason, :now) RETURNING id
""")


def reopen(
    session: Session, network_id: int, closure_id: int, *, now: datetime, grid: Grid, actor: str
) -> Closed | ShiftRefusal:
    """The closure is lifted, and what it had left without a helper is matched anew."""
    lock_rota(session, network_id)
    row = session.execute(_ONE, {"network": network_id, "id": closure_id}).first()
    if row is None:
        return ShiftRefusal.NOT_FOUND
    closure = _card(row)
    if closure.lifted:
        return ShiftRefusal.ALREADY_DONE
    held = _hold(session, network_id, closure.during, now)
    session.execute(text("UPDATE closure SET lifted_at = :now WHERE id = :id"), {"id": closure_id, "now": now})
    note_change(session, network_id, ChangeKind.REOPENED, About(), actor=actor, now=now, closure=closure_id)
    return Closed(closure_id, settle_added(session, held, now=now, grid=grid))


def closures_of(session: Session, network_id: int, span: Span, *, lifted: bool = False) -> tuple[ClosureCard, ...]:
    """The closures that touch a span, the earliest first; the lifted ones too, if asked for."""
    values = {"network": network_id, "begins": span.begins, "ends": span.ends, "lifted": lifted}
    return tuple(_card(row) for row in session.execute(_OF_SPAN, values))


def closure_card(session: Session, network_id: int, closure_id: int) -> ClosureCard | None:
    """One closure of this network."""
    row = session.execute(_ONE, {"network": network_id, "id": closure_id}).first()
    return None if row is None else _card(row)


_COLUMNS = """
SELECT id, organisation_id, lower(during) AS begins, upper(during) AS ends, reason, lifted_at IS NOT NULL AS lifted
FROM closure WHERE network_id = :network
"""
_ONE = text(f"{_COLUMNS} AND id = :id")
_OF_SPAN = text(f"""{_COLUMNS} AND during && tstzrange(:begins, :ends) AND (:lifted OR lifted_at IS NULL)
ORDER BY lower(during), id
""")


def _refusal(session: Session, network_id: int, new: NewClosure, now: datetime) -> ShiftRefusal | None:
    length = new.during.ends - new.during.begins
    if length <= timedelta(0):
        return ShiftRefusal.NO_LENGTH
    if length > LONGEST_CLOSURE:
        return ShiftRefusal.TOO_LONG
    if new.during.ends <= now:
        return ShiftRefusal.ENDED
    return foreign(session, network_id, new.organisation_id)


def _hold(session: Session, network_id: int, during: Span, now: datetime) -> Held:
    starts = {
        start
        for shift in rota_of(session, network_id, during, drafts=False)
        for start in coming_starts(shift.terms.during, shift.phase, shift.call_minutes, now)
        if during.begins <= start < during.ends
    }
    return hold_starts(session, network_id, starts)


def _card(row: Row[Any]) -> ClosureCard:
    during = Span(row.begins.astimezone(UTC), row.ends.astimezone(UTC))
    return ClosureCard(row.id, during, row.reason, row.organisation_id, row.lifted)
