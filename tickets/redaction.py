"""Taking out of a ticket what should never have been told: for good, and so that no search finds it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from tickets.contents import Said, Where, reindex, said_in
from tickets.identity_codes import TAKEN_OUT, Found, find, without_secrets
from tickets.store import cipher_of
from tickets.ticket import Note, Recording, Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind


@dataclass(frozen=True, slots=True)
class Offered:
    """Something in a ticket that had better be taken out: in which text, and where in it."""

    where: Where
    id: int | None
    found: Found


def offered_for_redaction(said: tuple[Said, ...]) -> tuple[Offered, ...]:
    """Identity codes, card and account numbers among what is said in a ticket."""
    return tuple(Offered(one.where, one.id, found) for one in said for found in find(one.text))


def redact(session: Session, ticket: Ticket, *, now: datetime, actor: str, passage: str | None = None) -> int:
    """Take out every identity code, card and account number, and this passage, wherever they stand; from how many texts."""
    changed = [(said, _without(said.text, passage)) for said in said_in(session, ticket)]
    changed = [(said, text) for said, text in changed if text != said.text]
    for said, text in changed:
        _write(session, ticket, said, cipher_of(session).seal(text))
    if changed:
        session.flush()
        reindex(session, ticket)
        note_event(session, ticket.id, EventKind.REDACTED, actor, now=now, texts=len(changed))
    return len(changed)


def _without(text: str, passage: str | None) -> str:
    kept = text if not passage else text.replace(passage, TAKEN_OUT)
    return without_secrets(kept, TAKEN_OUT)


def _write(session: Session, ticket: Ticket, said: Said, sealed: str) -> None:
    if said.where is Where.TEXT:
        ticket.text_sealed = sealed
    elif said.where is Where.NOTE:
        session.get_one(Note, said.id).text_sealed = sealed
    else:
        session.get_one(Recording, said.id).transcript_sealed = sealed
