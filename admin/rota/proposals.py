"""Autofill: asked for, looked at beside the rota as it is, changed by hand, and taken whole, in part or not at all."""

from datetime import date, time
from importlib.util import find_spec
from typing import Final

from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from admin.api.operations import Refused
from admin.api.proposals import LONGEST
from admin.api.reach import confined_to, must_reach_network
from admin.auth import holder, signed_in
from admin.pages import said
from admin.parts import now, transaction
from admin.people.reading import row_of
from admin.rota.people import people_of
from admin.rota.room import asked, turn_away
from admin.rota.told import RotaSaid
from admin.rota.typed import Mistakes, RotaMistake
from admin.rota.view import day_of
from scheduler.errands import filling
from scheduler.jobs import enqueue
from scheduler.rota.comparing import compared
from scheduler.rota.listing import shifts_by_id
from scheduler.rota.proposals import ProposalState
from scheduler.rota.proposing import (
    Accepted,
    ProposalCard,
    ProposalRefusal,
    accept_proposal,
    begin_proposal,
    change_proposal,
    dismiss_proposal,
    proposal_card,
    proposals_of,
)
from scheduler.rota.rules import WEEK, local_day
from scheduler.slots import DAY, Span, instant_of
from tickets.rights import Right

proposals = Blueprint("rota_proposals", __name__, url_prefix="/admin/rota/proposals")
proposals.register_error_handler(Refused, turn_away)
SOLVER: Final = "highspy"


@proposals.get("")
@signed_in(Right.SEE_ROTA)
def every() -> ResponseReturnValue:
    """Show the latest proposals, and the form that asks for one."""
    first = local_day(now()) + DAY
    return _every_page(first.isoformat(), (first + 4 * WEEK - DAY).isoformat())


@proposals.post("")
@signed_in(Right.KEEP_ROTA)
def ask() -> ResponseReturnValue:
    """Ask who could take which place; it is worked out while the page waits."""
    told = {name: request.form.get(name, "").strip()[:100] for name in ("first", "last")}
    first, last = map(day_of, told.values())
    if mistakes := _mistakes(first, last):
        return _every_page(**told, mistakes=mistakes)
    assert first is not None
    assert last is not None
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "proposal")
        span = Span(max(who.now, instant_of(first, time())), instant_of(last + DAY, time()))
        made = begin_proposal(session, who.network_id, span, **who.by)
        enqueue(session, filling(made, now=who.now))
    return redirect(url_for(".one", proposal_id=made), 303)


@proposals.get("/<int:proposal_id>")
@signed_in(Right.SEE_ROTA)
def one(proposal_id: int) -> ResponseReturnValue:
    """Show a proposal beside the rota as it is."""
    return _one_page(proposal_id)


@proposals.post("/<int:proposal_id>/places")
@signed_in(Right.KEEP_ROTA)
def change(proposal_id: int) -> ResponseReturnValue:
    """Leave somebody out, or put them in again."""
    shift, helper = row_of(request.form.get("shift")), row_of(request.form.get("helper"))
    if shift is None or helper is None:
        abort(400)
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "proposal")
        put_in = "put_in" in request.form
        refusal = change_proposal(session, who.network_id, proposal_id, shift, helper, put_in=put_in)
    if refusal is not None:
        return _one_page(proposal_id, refusal)
    return redirect(url_for(".one", proposal_id=proposal_id, _anchor=f"shift-{shift}"), 303)


@proposals.post("/<int:proposal_id>/acceptance")
@signed_in(Right.KEEP_ROTA)
def accept(proposal_id: int) -> ResponseReturnValue:
    """Give everybody the place that is proposed, if they still may have it; who may not is named."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "proposal")
        accepted = accept_proposal(session, who.network_id, proposal_id, **who.doing)
    if isinstance(accepted, ProposalRefusal):
        return _one_page(proposal_id, accepted)
    if accepted.not_seated or accepted.effect.deficits:
        return _one_page(proposal_id, accepted=accepted)
    said(RotaSaid.PROPOSAL_ACCEPTED)
    return redirect(url_for(".one", proposal_id=proposal_id), 303)


@proposals.post("/<int:proposal_id>/dismissal")
@signed_in(Right.KEEP_ROTA)
def dismiss(proposal_id: int) -> ResponseReturnValue:
    """Let nobody have a place by it."""
    with transaction() as session:
        who = asked(session)
        must_reach_network(who, Right.KEEP_ROTA, "proposal")
        refusal = dismiss_proposal(session, who.network_id, proposal_id, **who.by)
    if refusal is not None:
        return _one_page(proposal_id, refusal)
    said(RotaSaid.PROPOSAL_DISMISSED)
    return redirect(url_for(".every"), 303)


def _mistakes(first: date | None, last: date | None) -> Mistakes:
    wrong: Mistakes = {name: RotaMistake.NOT_A_DAY for name, day in (("first", first), ("last", last)) if day is None}
    if first is not None and last is not None:
        if last < first:
            wrong["last"] = RotaMistake.NO_LENGTH
        elif last - first > LONGEST:
            wrong["last"] = RotaMistake.TOO_LONG
        elif last < local_day(now()):
            wrong["last"] = RotaMistake.ENDED
    return wrong


def _every_page(first: str, last: str, mistakes: Mistakes | None = None) -> ResponseReturnValue:
    with transaction() as session:
        found = proposals_of(session, holder().network_id)
        mine = confined_to(asked(session), Right.KEEP_ROTA) is None and holder().may(Right.KEEP_ROTA) is not None
    told = {"first": first, "last": last, "mistakes": mistakes or {}, "mine": mine, "solver": find_spec(SOLVER)}
    return render_template("rota/proposals.html", proposals=found, **told), 422 if mistakes else 200


def _one_page(
    proposal_id: int, refusal: ProposalRefusal | None = None, accepted: Accepted | None = None
) -> ResponseReturnValue:
    with transaction() as session:
        who = asked(session)
        card = proposal_card(session, who.network_id, proposal_id) or abort(404)
        beside = compared(session, who.network_id, card, now=who.now) if card.state is ProposalState.OPEN else None
        shifts = {shift.id: shift for shift in shifts_by_id(session, who.network_id, _shift_ids(card))}
        mine = confined_to(who, Right.KEEP_ROTA) is None and who.holder.may(Right.KEEP_ROTA) is not None
        people = people_of(who)
    told = {"beside": beside, "shifts": shifts, "people": people, "mine": mine, "now": who.now}
    page = render_template("rota/proposal.html", card=card, refusal=refusal, accepted=accepted, **told)
    return page, 409 if refusal is not None else 200


def _shift_ids(card: ProposalCard) -> list[int]:
    return sorted({*(place.shift_id for place in card.places), *(gap.shift for gap in card.gaps)})
