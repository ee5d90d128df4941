"""Autofill and the people who decide: a proposal is kept until somebody accepts or dismisses it, and binds nobody before.

Working one out takes up to a minute, so it happens outside any transaction: asked for, worked out, kept.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, insert, select, text, update
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.dialects.postgresql import insert as insert_once
from sqlalchemy.orm import Session

from scheduler.autofill import Gap, Reason
from scheduler.autofill import Proposal as WorkedOut
from scheduler.rota.batches import open_batch
from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.editing import starts_in
from scheduler.rota.effects import NO_EFFECT, Effect, hold_helpers, hold_starts, lock_rota, settle_added
from scheduler.rota.listing import locked_shifts, shifts_by_id
from scheduler.rota.news import HelperNews, tell_helper
from scheduler.rota.proposals import Proposal, ProposalState, ProposedGap, ProposedPlace
from scheduler.rota.records import BatchKind
from scheduler.rota.rules import COORDINATORS, HelperTerms, Refusal, ShiftTerms, refusals
from scheduler.rota.terms import helper_terms, shifts_in
from scheduler.rota.writing import Stamp, fill_places
from scheduler.slots import Grid, Span
from voice_prompts.language import Language


class ProposalRefusal(StrEnum):
    """Why nothing can be done with a proposal; the values are in the API."""

    NOT_FOUND = "not_found"
    NOT_OPEN = "not_open"  # decided about before, not worked out yet, or not to be worked out
    NOT_OF_THIS_SPAN = "not_of_this_span"


@dataclass(frozen=True, slots=True)
class Proposed:
    """One helper for one shift; `by_hand`: put in by the person who decides, who may also leave one out."""

    shift_id: int
    helper_id: int
    left_out: bool
    by_hand: bool


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """A proposal as it stands. `figures` say how far each aim was reached, or what was in the way."""

    id: int
    during: Span
    state: ProposalState
    made_at: datetime
    figures: Mapping[str, Any]
    batch_id: int | None
    places: tuple[Proposed, ...] = ()
    gaps: tuple[Gap, ...] = ()


@dataclass(frozen=True, slots=True)
class NotSeated:
    """Somebody proposed who cannot have the place any more, and why."""

    shift_id: int
    helper_id: int
    why: Refusal


@dataclass(frozen=True, slots=True)
class Accepted:
    """What came of accepting: so many places in one batch, who could not have theirs any more, and what it did to promises."""

    batch_id: int | None
    seated: int
    not_seated: tuple[NotSeated, ...]
    effect: Effect = NO_EFFECT


def begin_proposal(session: Session, network_id: int, span: Span, *, now: datetime, actor: str) -> int:
    """A proposal is asked for; its id, under which it will be found."""
    new = {"network_id": network_id, "during": Range(span.begins, span.ends), "made_at": now, "actor": actor}
    sought = insert(Proposal).values(**new, state=ProposalState.SOUGHT, figures={}).returning(Proposal.id)
    proposal_id = session.scalars(sought).one()
    note_change(session, network_id, ChangeKind.PROPOSAL_MADE, About(), actor=actor, now=now, proposal=proposal_id)
    return proposal_id


def keep_proposal(session: Session, proposal_id: int, worked_out: WorkedOut) -> bool:
    """What has been worked out, for a person to decide about; False when somebody dismissed it meanwhile."""
    figures = {
        "status": worked_out.status,
        "aims": {one.aim.value: {"value": one.value, "bound": one.bound} for one in worked_out.reached},
    }
    if not _becomes(session, proposal_id, ProposalState.SOUGHT, state=ProposalState.OPEN, figures=figures):
        return False
    rows = [{"proposal_id": proposal_id, "shift_id": one.shift, "helper_id": one.helper} for one in worked_out.places]
    if rows:
        session.execute(insert(ProposedPlace), rows)
    gaps = [_gap_row(proposal_id, gap) for gap in worked_out.gaps]
    if gaps:
        session.execute(insert(ProposedGap), gaps)
    return True


def give_up_proposal(session: Session, proposal_id: int, trouble: str) -> None:
    """It cannot be worked out; why."""
    _becomes(session, proposal_id, ProposalState.SOUGHT, state=ProposalState.FAILED, figures={"trouble": trouble})


def change_proposal(
    session: Session, network_id: int, proposal_id: int, shift_id: int, helper_id: int, *, put_in: bool
) -> ProposalRefusal | None:
    """The person who decides leaves somebody out, or puts somebody in. None when it is done."""
    card = proposal_card(session, network_id, proposal_id, hold=True)
    if card is None or card.state is not ProposalState.OPEN:
        return ProposalRefusal.NOT_FOUND if card is None else ProposalRefusal.NOT_OPEN
    if shift_id not in {shift.id for shift in shifts_in(session, network_id, card.during)}:
        return ProposalRefusal.NOT_OF_THIS_SPAN
    if not any(helper.id == helper_id for helper in helper_terms(session, network_id, card.during, [helper_id])):
        return ProposalRefusal.NOT_FOUND
    new = insert_once(ProposedPlace).values(
        proposal_id=proposal_id, shift_id=shift_id, helper_id=helper_id, left_out=not put_in, by_hand=put_in
    )
    of_it = [ProposedPlace.proposal_id, ProposedPlace.shift_id, ProposedPlace.helper_id]
    session.execute(new.on_conflict_do_update(index_elements=of_it, set_={"left_out": not put_in}))
    return None


def accept_proposal(
    session: Session, network_id: int, proposal_id: int, *, now: datetime, grid: Grid, actor: str
) -> Accepted | ProposalRefusal:
    """Everybody who is proposed, and still may, has the place, all in one batch; the others are named."""
    lock_rota(session, network_id)
    card = proposal_card(session, network_id, proposal_id, hold=True)
    if card is None or card.state is not ProposalState.OPEN:
        return ProposalRefusal.NOT_FOUND if card is None else ProposalRefusal.NOT_OPEN
    wanted = [place for place in card.places if not place.left_out]
    ids = sorted({place.shift_id for place in wanted})
    held = hold_starts(session, network_id, starts_in(shifts_by_id(session, network_id, ids), now))
    locked_shifts(session, network_id, ids)
    helpers = {place.helper_id for place in wanted}
    hold_helpers(session, network_id, helpers)
    shifts = {shift.id: shift for shift in shifts_in(session, network_id, card.during)}
    known = {helper.id: helper for helper in helper_terms(session, network_id, card.during, helpers)}
    seated, not_seated = _seat(wanted, shifts, known, now)
    batch_id = open_batch(session, network_id, BatchKind.AUTOFILL, actor=actor, now=now) if seated else None
    if seated:
        for place in fill_places(session, network_id, seated, Stamp(actor, now, grid, batch_id=batch_id)):
            tell_helper(session, place, HelperNews.GIVEN, now=now, grid=grid)
    decided = {"state": ProposalState.ACCEPTED, "decided_at": now, "batch_id": batch_id}
    _becomes(session, proposal_id, ProposalState.OPEN, **decided)
    about = About(batch_id=batch_id)
    note_change(session, network_id, ChangeKind.PROPOSAL_ACCEPTED, about, actor=actor, now=now, proposal=proposal_id)
    return Accepted(batch_id, len(seated), not_seated, settle_added(session, held, now=now, grid=grid))


def dismiss_proposal(
    session: Session, network_id: int, proposal_id: int, *, now: datetime, actor: str
) -> ProposalRefusal | None:
    """Nobody takes a place by it. None when it is done."""
    card = proposal_card(session, network_id, proposal_id, hold=True)
    if card is None:
        return ProposalRefusal.NOT_FOUND
    if card.state in (ProposalState.ACCEPTED, ProposalState.DISMISSED):
        return ProposalRefusal.NOT_OPEN
    _becomes(session, proposal_id, card.state, state=ProposalState.DISMISSED, decided_at=now)
    note_change(session, network_id, ChangeKind.PROPOSAL_DISMISSED, About(), actor=actor, now=now, proposal=proposal_id)
    return None


_PROPOSAL = """
SELECT id, lower(during) AS begins, upper(during) AS ends, state, made_at, figures, batch_id FROM proposal
WHERE network_id = :network
"""
_ONE = text(f"{_PROPOSAL} AND id = :id")
_ONE_HELD = text(f"{_PROPOSAL} AND id = :id FOR NO KEY UPDATE")
_LATEST = text(f"{_PROPOSAL} ORDER BY id DESC LIMIT 20")
_PLACES = text("""
SELECT p.shift_id, p.helper_id, p.left_out, p.by_hand FROM proposed_place p JOIN shift s ON s.id = p.shift_id
WHERE p.proposal_id = :id ORDER BY lower(s.during), p.shift_id, p.helper_id
""")


def proposal_card(session: Session, network_id: int, proposal_id: int, *, hold: bool = False) -> ProposalCard | None:
    """One proposal of the network with all that it proposes; `hold` it while deciding."""
    statement = _ONE_HELD if hold else _ONE
    row = session.execute(statement, {"network": network_id, "id": proposal_id}).first()
    if row is None:
        return None
    places = tuple(Proposed(*place) for place in session.execute(_PLACES, {"id": proposal_id}))
    found = session.scalars(select(ProposedGap).where(ProposedGap.proposal_id == proposal_id).order_by(ProposedGap.id))
    return replace(_card(row), places=places, gaps=tuple(_gap(gap) for gap in found))


def proposals_of(session: Session, network_id: int) -> tuple[ProposalCard, ...]:
    """The latest proposals of a network without their places, the newest first."""
    return tuple(_card(row) for row in session.execute(_LATEST, {"network": network_id}))


def _seat(
    wanted: Sequence[Proposed], shifts: Mapping[int, ShiftTerms], known: dict[int, HelperTerms], now: datetime
) -> tuple[list[tuple[int, int]], tuple[NotSeated, ...]]:
    """Who still may have the place, each beside those before; the rules are the rota's own, and nothing is set aside."""
    taken = dict(shifts)
    seated: list[tuple[int, int]] = []
    not_seated: list[NotSeated] = []
    for place in wanted:
        shift, helper = taken.get(place.shift_id), known.get(place.helper_id)
        why = Refusal.NOT_FOUND if shift is None or helper is None else _why_not(shift, helper, now)
        if shift is None or helper is None or why is not None:
            not_seated.append(NotSeated(place.shift_id, place.helper_id, why or Refusal.NOT_FOUND))
            continue
        seated.append((place.shift_id, place.helper_id))
        taken[shift.id] = replace(shift, held=shift.held + 1)
        known[helper.id] = replace(helper, held=(*helper.held, shift.during))
    return seated, tuple(not_seated)


def _why_not(shift: ShiftTerms, helper: HelperTerms, now: datetime) -> Refusal | None:
    return next((refusal for refusal in refusals(shift, helper, now=now) if refusal not in COORDINATORS), None)


def _becomes(session: Session, proposal_id: int, was: ProposalState, **columns: object) -> bool:
    of_it = (Proposal.id == proposal_id, Proposal.state == was)
    return session.scalar(update(Proposal).where(*of_it).values(**columns).returning(Proposal.id)) is not None


def _gap_row(proposal_id: int, gap: Gap) -> dict[str, object]:
    return {
        "proposal_id": proposal_id,
        "shift_id": gap.shift,
        "missing": gap.missing,
        "reason": gap.reason.value,
        "helpers": list(gap.helpers),
        "language": gap.language,
        "municipalities": list(gap.municipalities),
    }


def _gap(row: ProposedGap) -> Gap:
    language = None if row.language is None else Language(row.language)
    return Gap(row.shift_id, row.missing, Reason(row.reason), tuple(row.helpers), language, tuple(row.municipalities))


def _card(row: Row[Any]) -> ProposalCard:
    during = Span(row.begins.astimezone(UTC), row.ends.astimezone(UTC))
    return ProposalCard(row.id, during, ProposalState(row.state), row.made_at, row.figures, row.batch_id)
