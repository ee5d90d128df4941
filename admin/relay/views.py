"""The relay as members of the network see it: what may be taken, and the button that takes it."""

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.parts import now, transaction
from admin.relay.words import facts
from admin.wording import page_language
from scheduler.relay.claiming import Claimed, claim
from scheduler.relay.partners import partner_of
from scheduler.relay.reading import card_of, relay_row, relays_of
from scheduler.relay.words import RelayCard, RelayRefusal
from tickets.relays import Relay
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import actor_of

MOST_AT_ONCE = 50
relay = Blueprint("relay", __name__)


@relay.get("/admin/relay")
@signed_in(Right.READ_RELAY)
def cases() -> ResponseReturnValue:
    """Show what may be taken, and what the reader has taken or asked."""
    who, before = holder(), request.args.get("before", type=int)
    with transaction() as session:
        page = relays_of(session, who.network_id, limit=MOST_AT_ONCE, before=before)
        own = None if who.person_id is None else relays_of(session, who.network_id, limit=10, person_id=who.person_id)
    mine = () if own is None else own.cards
    return render_template("relay/cases.html", page=page, mine=mine, facts=_facts)


@relay.get("/relay/<number>")
@signed_in(Right.READ_RELAY)
def case(number: str) -> ResponseReturnValue:
    """Show one of them, over or not; cards and letters lead here."""
    return _shown(number)


@relay.post("/relay/<number>")
@signed_in(Right.CLAIM_RELAY)
def take(number: str) -> ResponseReturnValue:
    """Take it, and say whose it is now or why it could not be taken."""
    who = holder()
    with transaction() as session:
        taken = claim(session, who, number, now=now(), actor=actor_of(who))
    return _shown(number, taken)


def _shown(number: str, taken: Claimed | RelayRefusal | None = None) -> ResponseReturnValue:
    with transaction() as session:
        row = relay_row(session, holder().network_id, number)
        if row is None or row.published_at is None:
            abort(404)
        card, partner = card_of(session, row), partner_of(session, holder(), row)
        ticket = _own_ticket(session, row)
    refusal = taken if isinstance(taken, RelayRefusal) else None
    page = render_template(
        "relay/case.html",
        card=card,
        facts=_facts,
        partner=partner,
        refusal=refusal,
        ticket=ticket,
        is_taken=isinstance(taken, Claimed),
        may_take=holder().may(Right.CLAIM_RELAY) is not None,
    )
    return page, 200 if refusal is None else 409


def _own_ticket(session: Session, row: Relay) -> str | None:
    """The ticket's code, for whoever took the case and has it still."""
    person = holder().person_id
    ticket = None if row.ticket_id is None or person is None else session.get(Ticket, row.ticket_id)
    return ticket.code if ticket is not None and row.claimed_by == person == ticket.owner_person_id else None


def _facts(card: RelayCard) -> list[tuple[str, str]]:
    return list(facts(page_language(), card))
