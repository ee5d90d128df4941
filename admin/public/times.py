"""The time of a ticket that came in writing, promised by the engine that the phone uses."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import String, select, text
from sqlalchemy.orm import Session

from scheduler.records import LIVE, Callback, CallbackState
from tickets.phone_numbers import takes_texts
from tickets.store import cipher_of
from tickets.ticket import TicketEvent
from tickets.vocabulary import EventKind

ON_THE_PAGE: Final = "caller:page"  # who booked: whoever was handed the seal, not somebody who rang from the number


@dataclass(frozen=True, slots=True)
class Booked:
    """The time that was promised to whoever sent the form, and the code that we say first."""

    starts_at: datetime
    code: str
    live: bool


def has_a_time(session: Session, ticket_id: int) -> bool:
    """Whether a ticket's caller waits for a promised call."""
    promised = [state for state in LIVE if state is not CallbackState.OFFERED]
    live = select(Callback.id).where(Callback.ticket_id == ticket_id, Callback.state.in_(promised))
    return session.scalar(live) is not None


def booked_here(session: Session, ticket_id: int) -> int | None:
    """The live promise that was chosen on the page, so that a button pressed twice is answered as it was at first."""
    here = select(TicketEvent.id).where(
        TicketEvent.ticket_id == ticket_id,
        TicketEvent.kind == EventKind.PROMISED,
        TicketEvent.actor == ON_THE_PAGE,
        TicketEvent.details["callback"].astext == Callback.id.cast(String),
    )
    return session.scalar(
        select(Callback.id).where(Callback.ticket_id == ticket_id, Callback.state.in_(LIVE), here.exists())
    )


def booked(session: Session, callback_id: int) -> Booked | None:
    """A promise, for those only who were handed its seal: it shows the code."""
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    code = cipher_of(session).open(callback.code_sealed)
    return Booked(callback.starts_at, code, live=callback.state in LIVE)


_LEARN = text("""
UPDATE ticket SET caller_sealed = :sealed, caller_index = :index, can_text = :can_text,
    matter = concat_ws('-', nullif(matter, ''), id), updated_at = :now
WHERE id = :ticket AND caller_index IS NULL AND status <> 'closed'
""")


def learn_number(session: Session, ticket_id: int, e164: str, *, now: datetime) -> None:
    """Who wrote without a number tells it now; one that is known already stays, whoever has the link."""
    # The running name keeps it apart from what this number asked for before: it was another matter.
    session.execute(_LEARN, {**number_columns(session, e164), "ticket": ticket_id, "now": now})


def number_columns(session: Session, e164: str) -> Mapping[str, object]:
    """A number as a ticket keeps it."""
    cipher = cipher_of(session)
    return {"sealed": cipher.seal(e164), "index": cipher.index_of(e164), "can_text": takes_texts(e164)}
