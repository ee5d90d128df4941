"""What the form makes: a ticket, once, however often it is sent; and one that was sent by mistake is set aside."""

from dataclasses import astuple
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from admin.public.form import Request
from scheduler.errands import Errand, first_time_for
from scheduler.grids import grid_of
from scheduler.jobs import cancel_jobs, enqueue
from scheduler.willing import see_to_willing
from tickets.intake import Matter, TicketRef, open_ticket
from tickets.limits import ask_leave
from tickets.network import Line
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import Channel, EventKind, Outcome

# A household asks a few times a day; an office or a library may send from one address for many.
MOST_OF_A_NUMBER: Final = 5
MOST_OF_AN_ADDRESS: Final = 60
MOST_OF_A_PROGRAM: Final = 600  # it passes on what a whole town asks
CHOOSES_WITHIN: Final = timedelta(minutes=30)  # then the first time is the one
FORM: Final = "form"


def was_sent(session: Session, asked: Request, source: str) -> bool:
    """Whether this very sending has its ticket already: then it asks for nothing new, and needs no leave."""
    return session.scalar(select(Ticket.id).where(Ticket.intake_key == _key_of(session, asked, source))) is not None


def has_leave(session: Session, number: str, address: str, *, now: datetime, hourly: int = MOST_OF_AN_ADDRESS) -> bool:
    """Whether this number and this address may send one more."""
    of_number = ask_leave(session, f"form {number}", most=MOST_OF_A_NUMBER, per=timedelta(days=1), now=now)
    of_address = ask_leave(session, f"form {address}", most=hourly, per=timedelta(hours=1), now=now)
    return of_number and of_address


def keep(
    session: Session, asked: Request, line: Line, source: str, *, now: datetime, chooses: bool = True
) -> TicketRef:
    """The ticket of this sending; `source` names it, such as `form:<seal>:<browser>`. Told again the same, it is the same ticket.

    Who closes the page without choosing, or has none to choose on, gets the first time that the rota can keep; who wants
    to help is rung.
    """
    ticket = open_ticket(session, matter_of(session, asked, line, source), now=now)
    if not see_to_willing(session, ticket.id, now=now, grid=grid_of(session, line.network_id)):
        enqueue(session, first_time_for(ticket.id, FORM, now=now + CHOOSES_WITHIN * chooses))
    return ticket


def matter_of(session: Session, asked: Request, line: Line, source: str) -> Matter:
    """The matter as every way in tells it."""
    return Matter(
        network_id=line.network_id,
        line_id=line.id,
        channel=Channel.FORM,
        language=asked.language,
        caller=asked.number,
        key=_key_of(session, asked, source),
        topic=asked.topic,
        municipality=asked.municipality or line.municipality,
        text=asked.text,
        another=True,  # a stranger who knows a number and its trouble must not come upon its owner's ticket
        name=asked.name,
        email=asked.email,
        device=asked.device,
        on_behalf=asked.on_behalf,
        access_needs=asked.access_needs,
        wished_form=asked.wished_form,
        heard_of_us=asked.heard_of_us,
    )


def _key_of(session: Session, asked: Request, source: str) -> str:
    mark = cipher_of(session).index_of(repr(astuple(asked))).hex()[:16]
    return f"{source}:{mark}"


_SET_ASIDE = text("""
WITH t AS (
    UPDATE ticket SET status = 'closed', outcome = :outcome, closed_at = :now, updated_at = :now
    WHERE id = :ticket AND channel = :channel AND status = 'open'
        AND NOT EXISTS (SELECT FROM callback c WHERE c.ticket_id = ticket.id AND c.state = 'offered')
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, 'caller', jsonb_build_object('outcome', CAST(:outcome AS text), 'instead', CAST(:code AS text))
FROM t
RETURNING ticket_id
""")


def set_aside(session: Session, ticket_id: int, instead: TicketRef, *, now: datetime) -> bool:
    """The sender went back and sent the same form with other words: the first one, if it has no time yet, is over."""
    values = {"ticket": ticket_id, "channel": Channel.FORM, "outcome": Outcome.KAKSOISKAPPALE, "code": instead.code}
    done = session.execute(_SET_ASIDE, {**values, "now": now, "event": EventKind.CLOSED}).first() is not None
    if done:
        no_longer_chosen_for(session, ticket_id)
    return done


def no_longer_chosen_for(session: Session, ticket_id: int) -> None:
    """The line need not choose the first time by itself."""
    cancel_jobs(session, f"ticket-{ticket_id}", kinds=[Errand.FIRST_TIME])
