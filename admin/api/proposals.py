"""Autofill for programs: ask who could take which place, look at it, change it, and decide. Coordinators' tokens only."""

from datetime import timedelta
from typing import Final

from pydantic import BaseModel, Field

from admin.api.operations import Asked, Operations, Refused
from admin.api.place_shapes import SpanQuery, Strict
from admin.api.reach import must_reach_network
from admin.api.rota_shapes import Made
from scheduler.errands import filling
from scheduler.jobs import enqueue
from scheduler.rota.effects import Effect
from scheduler.rota.proposing import (
    NotSeated,
    ProposalCard,
    ProposalRefusal,
    accept_proposal,
    begin_proposal,
    change_proposal,
    dismiss_proposal,
    proposal_card,
    proposals_of,
)
from tickets.rights import Right

LONGEST: Final = timedelta(weeks=13)
operations = Operations()


class ProposalsOut(BaseModel):
    """The latest proposals without their places, the newest first."""

    proposals: list[ProposalCard]


class ProposalOut(BaseModel):
    """A proposal with its places, and why others stay open."""

    proposal: ProposalCard


class ProposedPlaceIn(Strict):
    """Somebody to put in, or to leave out."""

    shift: int
    helper: int
    put_in: bool = Field(description="False leaves them out.")


class AcceptedOut(BaseModel):
    """What came of accepting; `batch` undoes it all at once."""

    batch: int | None
    seated: int
    not_seated: list[NotSeated] = Field(description="Who cannot have the place any more, and why.")
    effect: Effect


@operations.get("/rota/proposals", Right.SEE_ROTA)
def proposals(asked: Asked) -> ProposalsOut:
    """The latest proposals."""
    return ProposalsOut(proposals=list(proposals_of(asked.session, asked.network_id)))


@operations.post("/rota/proposals", Right.KEEP_ROTA)
def ask_for_a_proposal(asked: Asked, body: SpanQuery) -> Made:
    """Ask who could take which place in a span; it is worked out within about a minute, and binds nobody."""
    must_reach_network(asked, Right.KEEP_ROTA, "proposal")
    if not timedelta(0) < body.until - body.since <= LONGEST:
        raise Refused("not_a_span", f"until: a proposal is for some time, {LONGEST.days} days at most", status=400)
    proposal = begin_proposal(asked.session, asked.network_id, body.span, **asked.by)
    enqueue(asked.session, filling(proposal, now=asked.now))
    return Made(id=proposal)


@operations.get("/rota/proposals/{proposal}", Right.SEE_ROTA)
def one_proposal(asked: Asked, proposal: int) -> ProposalOut:
    """A proposal with its places, and why others stay open."""
    card = proposal_card(asked.session, asked.network_id, proposal)
    if card is None:
        raise Refused(ProposalRefusal.NOT_FOUND, status=404)
    return ProposalOut(proposal=card)


@operations.patch("/rota/proposals/{proposal}", Right.KEEP_ROTA)
def change_a_proposal(asked: Asked, proposal: int, body: ProposedPlaceIn) -> None:
    """Leave somebody out, or put somebody in, before deciding."""
    must_reach_network(asked, Right.KEEP_ROTA, "proposal")
    _unless(change_proposal(asked.session, asked.network_id, proposal, body.shift, body.helper, put_in=body.put_in))


@operations.post("/rota/proposals/{proposal}/acceptance", Right.KEEP_ROTA)
def accept_a_proposal(asked: Asked, proposal: int) -> AcceptedOut:
    """Give everybody the place that is proposed, if they still may have it."""
    must_reach_network(asked, Right.KEEP_ROTA, "proposal")
    accepted = accept_proposal(asked.session, asked.network_id, proposal, **asked.doing)
    if isinstance(accepted, ProposalRefusal):
        raise _refused(accepted)
    return AcceptedOut(
        batch=accepted.batch_id,
        seated=accepted.seated,
        not_seated=list(accepted.not_seated),
        effect=accepted.effect,
    )


@operations.delete("/rota/proposals/{proposal}", Right.KEEP_ROTA)
def dismiss_a_proposal(asked: Asked, proposal: int) -> None:
    """Let nobody have a place by it."""
    must_reach_network(asked, Right.KEEP_ROTA, "proposal")
    _unless(dismiss_proposal(asked.session, asked.network_id, proposal, **asked.by))


def _unless(refusal: ProposalRefusal | None) -> None:
    if refusal is not None:
        raise _refused(refusal)


def _refused(refusal: ProposalRefusal) -> Refused:
    return Refused(refusal, status=404 if refusal is ProposalRefusal.NOT_FOUND else 409)
