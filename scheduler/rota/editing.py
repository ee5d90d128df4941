"""Shifts that are changed or cancelled, by whichever way the wish came in; whom and what that touches."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime

from sqlalchemy import text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change, note_changes
from scheduler.rota.effects import NO_EFFECT, Effect, coming_starts, hold_helpers, hold_starts, lock_rota, settle
from scheduler.rota.listing import PlaceCard, ShiftCard, Terms, locked_shifts, shift_card, shifts_by_id
from scheduler.rota.news import places_lost, shift_moved
from scheduler.rota.records import Shift
from scheduler.rota.rules import Refusal, overlaps
from scheduler.rota.shifts import ShiftRefusal, why_not
from scheduler.rota.terms import helper_terms
from scheduler.rota.waits import fill_from_waiting
from scheduler.slots import Grid


@dataclass(frozen=True, slots=True)
class Edit:
    """What a shift shall ask for; `expected_version` is what was read before it was thought over.

    `override` lets there be fewer places than are held.
    """

    terms: Terms
    expected_version: int
    override: bool = False


@dataclass(frozen=True, slots=True)
class LostPlace:
    """A helper who holds a place no more, and why."""

    place_id: int
    shift_id: int
    helper_id: int
    why: Refusal


@dataclass(frozen=True, slots=True)
class Edited:
    """A changed or cancelled shift: its version now, who lost a place by it, and what that did to promises."""

    shift_id: int
    version: int
    lost: tuple[LostPlace, ...] = ()
    effect: Effect = NO_EFFECT


def edit_shift(
    session: Session, network_id: int, shift_id: int, edit: Edit, *, now: datetime, grid: Grid, actor: str
) -> Edited | ShiftRefusal:
    """The shift asks for something else from now on.

    Its phase stays, so no promise within both spans moves. Places follow its span; whoever can hold theirs no more loses
    it.
    """
    lock_rota(session, network_id)
    terms, shift = edit.terms, shift_card(session, network_id, shift_id)
    refusal = _cannot_be(shift, edit.expected_version, now)
    if shift is None or refusal is not None:
        return refusal or ShiftRefusal.NOT_FOUND
    if (refusal := why_not(session, network_id, terms, shift.call_minutes)) is not None:
        return refusal
    if terms == shift.terms:
        return Edited(shift_id, shift.version)
    held = hold_starts(session, network_id, starts_in([shift, replace(shift, terms=terms)], now))
    (shift,) = locked_shifts(session, network_id, [shift_id])
    losing = _who_loses(session, network_id, shift, terms)
    if len(shift.places) - len(losing) > terms.most and not edit.override:
        return ShiftRefusal.TOO_MANY_HELD
    let_go(session, network_id, losing, actor=actor, now=now)  # first: who stays follows the span, and overlaps nobody
    _write(session, shift, terms)
    _note_edit(session, network_id, shift, terms, actor=actor, now=now, held=len(shift.places) - len(losing))
    _tell(session, network_id, shift, terms, losing, now=now, grid=grid)
    return Edited(shift_id, shift.version + 1, losing, settle(session, held, now=now, grid=grid))


def cancel_shift(
    session: Session,
    network_id: int,
    shift_id: int,
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    expected_version: int | None = None,
) -> Edited | ShiftRefusal:
    """The shift does not take place; everybody in it is free again."""
    lock_rota(session, network_id)
    shift = shift_card(session, network_id, shift_id)
    refusal = _cannot_be(shift, expected_version, now)
    if shift is None or refusal is not None:
        return refusal or ShiftRefusal.NOT_FOUND
    held = hold_starts(session, network_id, starts_in([shift], now))
    lost = call_off(session, network_id, [shift], now=now, grid=grid, actor=actor)
    return Edited(shift_id, shift.version + 1, lost, settle(session, held, now=now, grid=grid))


def call_off(
    session: Session,
    network_id: int,
    shifts: Collection[ShiftCard],
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    batch_id: int | None = None,
) -> tuple[LostPlace, ...]:
    """These shifts do not take place; who lost a place. The rota and the slots are ours already, and rechecked afterwards."""
    ids = [shift.id for shift in shifts]
    lost = tuple(
        LostPlace(place.id, shift.id, place.helper_id, Refusal.CANCELLED)
        for shift in locked_shifts(session, network_id, ids)
        for place in shift.places
    )
    session.execute(_CANCEL, {"ids": ids, "now": now})
    let_go(session, network_id, lost, actor=actor, now=now, batch_id=batch_id)
    _end_waits(session, network_id, ids, actor=actor, now=now)
    _tell_lost(session, shifts, lost, now=now, grid=grid)
    abouts = [About(shift_id=key, batch_id=batch_id) for key in ids]
    note_changes(session, network_id, ChangeKind.SHIFT_CANCELLED, abouts, actor=actor, now=now)
    return lost


def take_back(
    session: Session,
    network_id: int,
    losing: Collection[LostPlace],
    *,
    now: datetime,
    grid: Grid,
    actor: str,
    batch_id: int | None = None,
) -> tuple[LostPlace, ...]:
    """These places in shifts that stay are free again; whoever waits for one gets it. The slots are ours already."""
    let_go(session, network_id, losing, actor=actor, now=now, batch_id=batch_id)
    shifts = shifts_by_id(session, network_id, sorted({place.shift_id for place in losing}))
    _tell_lost(session, shifts, losing, now=now, grid=grid)
    fill_from_waiting(session, network_id, [shift.id for shift in shifts if shift.published], now=now, grid=grid)
    return tuple(losing)


_CANCEL = text("UPDATE shift SET cancelled_at = :now, version = version + 1 WHERE id = ANY(:ids)")


def starts_in(shifts: Iterable[ShiftCard], now: datetime) -> set[datetime]:
    """The coming starts of these shifts; a draft has none that anybody was promised."""
    return {
        start
        for shift in shifts
        if shift.published
        for start in coming_starts(shift.terms.during, shift.phase, shift.call_minutes, now)
    }


def let_go(
    session: Session,
    network_id: int,
    losing: Collection[LostPlace],
    *,
    actor: str,
    now: datetime,
    batch_id: int | None = None,
) -> None:
    """These places are held no more; the slots are ours already."""
    session.execute(_LET_GO, {"ids": [lost.place_id for lost in losing], "now": now})
    for why in {lost.why for lost in losing}:
        abouts = [About(lost.shift_id, lost.place_id, lost.helper_id, batch_id) for lost in losing if lost.why is why]
        note_changes(session, network_id, ChangeKind.PLACE_DROPPED, abouts, actor=actor, now=now, why=why.value)


_LET_GO = text("UPDATE place SET state = 'dropped', dropped_at = :now WHERE id = ANY(:ids) AND state = 'held'")


def _tell(
    session: Session,
    network_id: int,
    shift: ShiftCard,
    terms: Terms,
    losing: Collection[LostPlace],
    *,
    now: datetime,
    grid: Grid,
) -> None:
    """Whoever holds a place hears of other hours, whoever lost one of that; whoever waits gets what came free."""
    _tell_lost(session, [shift], losing, now=now, grid=grid)
    if terms.during != shift.terms.during:
        shift_moved(session, shift.id, now=now, grid=grid)
    if shift.published and (
        losing or terms.most > shift.terms.most
    ):  # nobody waits for a draft, and its slots are not ours
        fill_from_waiting(session, network_id, [shift.id], now=now, grid=grid)


def _end_waits(session: Session, network_id: int, shifts: Sequence[int], *, actor: str, now: datetime) -> None:
    """Whoever waited for a place in these shifts waits for nothing."""
    ended = session.execute(_END_WAITS, {"shifts": shifts}).all()
    abouts = [About(shift_id=row.shift_id, helper_id=row.helper_id) for row in ended]
    note_changes(session, network_id, ChangeKind.WAIT_ENDED, abouts, actor=actor, now=now)


_END_WAITS = text("""
UPDATE shift_wait SET state = 'left' WHERE shift_id = ANY(:shifts) AND state = 'waiting' RETURNING shift_id, helper_id
""")


def _tell_lost(
    session: Session, shifts: Collection[ShiftCard], lost: Collection[LostPlace], *, now: datetime, grid: Grid
) -> None:
    """Of a draft nobody has been told anything."""
    seen = {shift.id for shift in shifts if shift.published}
    places_lost(session, [place.place_id for place in lost if place.shift_id in seen], now=now, grid=grid)


def _cannot_be(shift: ShiftCard | None, expected_version: int | None, now: datetime) -> ShiftRefusal | None:
    if shift is None:
        return ShiftRefusal.NOT_FOUND
    if shift.cancelled:
        return ShiftRefusal.CANCELLED
    if shift.terms.during.ends <= now:
        return ShiftRefusal.ENDED
    if expected_version not in (None, shift.version):
        return ShiftRefusal.STALE
    return None


def _who_loses(session: Session, network_id: int, shift: ShiftCard, terms: Terms) -> tuple[LostPlace, ...]:
    """Only what the edit changes can cost a place: whoever was let in on other grounds stays in."""
    by_helper = {place.helper_id: place for place in shift.places}
    hold_helpers(
        session, network_id, {*by_helper, *shift.waiting}
    )  # who waits may get what comes free: all in one order
    before, lost = shift.terms, []
    for helper in helper_terms(session, network_id, terms.during, tuple(by_helper)):
        others = [span for span in helper.held if span != before.during]
        reasons = {
            Refusal.WRONG_ORGANISATION: terms.organisation_id
            not in (None, before.organisation_id, helper.organisation),
            Refusal.WRONG_KIND: terms.kind not in (None, before.kind, helper.kind),
            Refusal.WRONG_LANGUAGE: terms.language not in (None, before.language, *helper.languages),
            Refusal.OVERLAPS: any(overlaps(terms.during, other) for other in others),
        }
        lost += [_lost(by_helper[helper.id], shift, why) for why, so in reasons.items() if so][:1]
    return tuple(lost)


def _lost(place: PlaceCard, shift: ShiftCard, why: Refusal) -> LostPlace:
    return LostPlace(place.id, shift.id, place.helper_id, why)


def _write(session: Session, shift: ShiftCard, terms: Terms) -> None:
    during = Range(terms.during.begins, terms.during.ends)
    columns: dict[str, object] = asdict(terms) | {"during": during, "version": shift.version + 1}
    unsynced = {"synchronize_session": False}
    session.execute(update(Shift).where(Shift.id == shift.id).values(**columns), execution_options=unsynced)
    session.execute(_FOLLOW, {"shift": shift.id})


# Who said that they come meant the hours that they knew.
_FOLLOW = text("""
UPDATE place SET during = s.during, confirmed_at = CASE WHEN place.during = s.during THEN confirmed_at END FROM shift s WHERE s.id = :shift AND place.shift_id = s.id AND place.state = 'held'
""")


def _note_edit(
    session: Session, network_id: int, shift: ShiftCard, terms: Terms, *, actor: str, now: datetime, held: int
) -> None:
    """What is different now, and what it was; `held` where more places are held than there should be."""
    was, will_be = _words_of(shift.terms), _words_of(terms)
    details = {key: value for key, value in will_be.items() if was[key] != value}
    details |= {f"was_{key}": was[key] for key in details}
    if held > terms.most:
        details["held"] = held
    note_change(session, network_id, ChangeKind.SHIFT_EDITED, About(shift.id), actor=actor, now=now, **details)


def _words_of(terms: Terms) -> dict[str, str | int | None]:
    return {
        "begins": terms.during.begins.isoformat(),
        "ends": terms.during.ends.isoformat(),
        "needed": terms.needed,
        "most": terms.most,
        "organisation": terms.organisation_id,
        "language": terms.language,
        "kind": terms.kind,
    }
