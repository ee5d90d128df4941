"""A case on its way to the network: put together, looked at by a person as it will be read, published, withdrawn."""

from typing import Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import cases
from admin.cases.doing import Sent, do, kind_of, reached, sent
from admin.cases.typed import plain
from admin.parts import address_here, now, transaction
from admin.relay.words import facts
from admin.relay.writer import PostedRelays
from scheduler.cases import Doing
from scheduler.relay.publishing import draft, publish, withdraw
from scheduler.relay.reading import card_of, live_relay_of
from scheduler.relay.words import RelayCard, RelayRefusal
from tickets.relays import Occasion, Told
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import actor_of
from tickets.vocabulary import PageLanguage

ASSIGNS: Final = (Right.ASSIGN_TICKETS,)
READ_IN: Final = (PageLanguage.FI, PageLanguage.SV)


@cases.get("/tickets/<code>/relay")
@signed_in(Right.PUBLISH_RELAY)
def relaying(code: str) -> ResponseReturnValue:
    """Show the draft as it will be read, or how one is made."""
    return _page(code)


@cases.post("/tickets/<code>/relay")
@signed_in(Right.PUBLISH_RELAY)
def put_together(code: str) -> ResponseReturnValue:
    """Put the case together without its person; nothing is posted by it."""
    with transaction() as session:
        reached(session, code, *ASSIGNS)
        made = draft(session, holder(), code, now=now(), actor=actor_of(holder()))
    if isinstance(made, RelayRefusal):
        return _page(code, sent("relay", refusal=made))
    return redirect(url_for(".relaying", code=code), 303)


@cases.post("/tickets/<code>/relay/publication")
@signed_in(Right.PUBLISH_RELAY)
def publication(code: str) -> ResponseReturnValue:
    """Tell the network what was previewed, word for word."""
    number = plain(request.form, "number")

    def tell(session: Session, ticket: Ticket, doing: Doing) -> RelayRefusal | None:
        live = live_relay_of(session, ticket.id)
        if live is None or live.number != number:
            return RelayRefusal.NOT_OPEN
        if live.made_at.isoformat() != request.form.get("made"):
            return RelayRefusal.CHANGED  # put together anew since it was looked at
        answer = publish(session, holder(), number, **doing.by)
        return None if isinstance(answer, RelayCard) else answer

    return do(code, "published", ASSIGNS, tell, _page)


@cases.post("/tickets/<code>/relay/withdrawal")
@signed_in(Right.PUBLISH_RELAY)
def withdrawal(code: str) -> ResponseReturnValue:
    """Let nobody take it any more; a draft is thrown away."""
    number = plain(request.form, "number")

    def take_back(session: Session, ticket: Ticket, doing: Doing) -> RelayRefusal | None:
        live = live_relay_of(session, ticket.id)
        if live is None or live.number != number:
            return RelayRefusal.NOT_OPEN
        return withdraw(session, holder(), number, **doing.by)

    return do(code, "withdrawn", ASSIGNS, take_back, _page)


def _page(code: str, came: Sent | None = None) -> ResponseReturnValue:
    with transaction() as session:
        ticket = reached(session, code, *ASSIGNS)
        live = live_relay_of(session, ticket.id)
        card, made = (None, "") if live is None else (card_of(session, live), live.made_at.isoformat())
    writer = PostedRelays(address_here())
    letter = None if card is None else writer.letter(card, Told.BOTH, Occasion.OPENED)
    read = {} if card is None else {language: list(facts(language, card)) for language in READ_IN}
    page = render_template(
        "cases/relay.html", ticket=ticket, card=card, letter=letter, read=read, made=made, came=came, kind_of=kind_of
    )
    return page, 200 if came is None else came.status
