"""The time of a ticket that came by the form, promised by the engine that the phone uses."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.records import LIVE, Callback, CallbackState
from tickets.store import cipher_of


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


def booked(session: Session, callback_id: int) -> Booked | None:
    """A promise, for those only who were handed its seal: it shows the code."""
    callback = session.get(Callback, callback_id)
    if callback is None:
        return None
    code = cipher_of(session).open(callback.code_sealed)
    return Booked(callback.starts_at, code, live=callback.state in LIVE)
