"""A form that the same browser sends again shortly after: one matter, to which what is new is added.

That it is the sender's own is shown by the word that their browser keeps, never by the number that they type: whoever else
types it gets a ticket of its own and learns of none.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin.public.form import Request
from admin.public.seals import BOOKING_LIFE
from scheduler.cases import Doing
from scheduler.records import LIVE, Callback
from scheduler.refining import Refinement, refine
from scheduler.slots import Grid
from tickets.contents import add_note
from tickets.network import Line
from tickets.store import cipher_of
from tickets.ticket import Note, Ticket
from tickets.vocabulary import Channel, TicketStatus

CALLER: Final = "caller"
WITHIN: Final = BOOKING_LIFE  # as long as the page of the booking opens without its code
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:browser, 0))")


def browser_mark(session: Session, word: str) -> str:
    """A browser as its tickets name it, from the word that it keeps."""
    return cipher_of(session).index_of(f"browser {word}").hex()[:16]


def one_at_a_time(session: Session, browser: str) -> None:
    """Of two tabs that send at once the second waits, and finds what the first has made."""
    session.execute(_ONE_AT_A_TIME, {"browser": f"form {browser}"})


def standing_of(session: Session, asked: Request, line: Line, browser: str, *, now: datetime) -> Ticket | None:
    """The open ticket that this browser has just made about the same for the same number."""
    found = select(Ticket).where(
        Ticket.line_id == line.id,
        Ticket.caller_index == cipher_of(session).index_of(asked.number),
        Ticket.channel == Channel.FORM,
        Ticket.language == asked.language,
        Ticket.topic == asked.topic,
        Ticket.status != TicketStatus.CLOSED,
        Ticket.created_at > now - WITHIN,
        Ticket.intake_key.like(of_browser(browser)),
    )
    return session.scalars(found.order_by(Ticket.id.desc()).limit(1)).first()


def promised_from(session: Session, ticket: Ticket, browser: str) -> frozenset[int]:
    """The live promises of this ticket's caller that were asked for in this browser: what its user knows of them."""
    if ticket.caller_index is None:
        return frozenset()
    mine = select(Callback.id).join(Ticket, Ticket.id == Callback.ticket_id)
    of_caller = Ticket.network_id == ticket.network_id, Ticket.caller_index == ticket.caller_index
    return frozenset(
        session.scalars(mine.where(*of_caller, Callback.state.in_(LIVE), Ticket.intake_key.like(of_browser(browser))))
    )


def number_typed(session: Session, ticket_id: int, browser: str, *, now: datetime) -> str | None:
    """The number that will be rung, for a while and in the browser in which it was typed: a slip of a digit is seen."""
    own = Ticket.id == ticket_id, Ticket.intake_key.like(of_browser(browser)), Ticket.created_at > now - WITHIN
    sealed = session.scalar(select(Ticket.caller_sealed).where(*own))
    return None if sealed is None else cipher_of(session).open(sealed)


def add_what_is_new(session: Session, ticket: Ticket, asked: Request, *, now: datetime, grid: Grid) -> None:
    """What this sending tells besides is kept: choices on the ticket, other words as a note. Told twice, it is kept once."""
    told, doing = _told(asked), Doing(now, CALLER, grid)
    if refine(session, ticket, told, doing) is not None:  # nobody could keep the time in that municipality
        refine(session, ticket, replace(told, named=told.named - {"municipality"}), doing)
    cipher = cipher_of(session)
    if asked.name is not None:
        ticket.name_sealed = cipher.seal(asked.name)
    if asked.email is not None:
        ticket.email_sealed, ticket.email_index = cipher.seal(asked.email), cipher.index_of(asked.email.casefold())
    if asked.text is not None and asked.text not in _written(session, ticket):
        add_note(session, ticket, asked.text, now=now, actor=CALLER)


def _told(asked: Request) -> Refinement:
    told = Refinement(
        frozenset(),
        municipality=asked.municipality,
        device=asked.device,
        on_behalf=asked.on_behalf,
        access_needs=asked.access_needs,
        wished_form=asked.wished_form,
        heard_of_us=asked.heard_of_us,
    )
    names = ("municipality", "device", "on_behalf", "access_needs", "wished_form", "heard_of_us")
    return replace(told, named=frozenset(name for name in names if getattr(told, name)))


def _written(session: Session, ticket: Ticket) -> frozenset[str]:
    cipher = cipher_of(session)
    notes = select(Note.text_sealed).where(Note.ticket_id == ticket.id, Note.author == CALLER)
    return frozenset(cipher.open(one) for one in (ticket.text_sealed, *session.scalars(notes)) if one is not None)


def of_browser(browser: str) -> str:
    """How the tickets of a browser's forms are found."""
    return f"form:%:{browser}:%"
