"""What was said in a ticket: the caller's text, the notes, what was written down of spoken messages; opened, and indexed anew."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from tickets.store import cipher_of
from tickets.ticket import Note, Recording, Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, Topic
from tickets.words import e_service_mark, forget_words, marks_in, note_marks, note_words, topic_mark


class Where(StrEnum):
    """Where something was said; the values are in the API."""

    TEXT = "text"
    NOTE = "note"
    MESSAGE = "message"


@dataclass(frozen=True, slots=True)
class Said:
    """One text of a ticket, opened; `id` is the note's or the message's, `by` the actor who wrote it down."""

    where: Where
    id: int | None
    text: str
    by: str | None = None
    at: datetime | None = None


def said_in(session: Session, ticket: Ticket) -> tuple[Said, ...]:
    """Everything that was said in a ticket: the caller's text, then messages, then notes, each the oldest first."""
    return (*told_in(session, ticket), *reversed(notes_of(session, ticket)))


def told_in(session: Session, ticket: Ticket) -> tuple[Said, ...]:
    """What the caller told: the text, then what was written down of messages, the oldest first."""
    opened = cipher_of(session).open
    texts = () if ticket.text_sealed is None else (Said(Where.TEXT, None, opened(ticket.text_sealed)),)
    messages = session.execute(
        select(Recording.id, Recording.transcript_sealed)
        .where(Recording.ticket_id == ticket.id, Recording.transcript_sealed.is_not(None))
        .order_by(Recording.id)
    )
    return (*texts, *(Said(Where.MESSAGE, row.id, opened(row.transcript_sealed)) for row in messages))


def notes_of(
    session: Session, ticket: Ticket, *, most: int | None = None, before: int | None = None
) -> tuple[Said, ...]:
    """What was noted of a ticket, the newest first; `before` is the number of the note before which to begin."""
    opened = cipher_of(session).open
    wanted = select(Note).where(Note.ticket_id == ticket.id)
    wanted = wanted if before is None else wanted.where(Note.id < before)
    notes = session.scalars(wanted.order_by(Note.ticket_id.desc(), Note.id.desc()).limit(most))
    return tuple(Said(Where.NOTE, row.id, opened(row.text_sealed), row.author, row.written_at) for row in notes)


def add_note(session: Session, ticket: Ticket, said: str, *, now: datetime, actor: str) -> int | None:
    """Somebody who worked on the ticket writes something down; the note's id, None where its words have been forgotten."""
    if _is_forgotten(session, ticket):
        return None
    note = Note(ticket_id=ticket.id, author=actor, text_sealed=cipher_of(session).seal(said), written_at=now)
    session.add(note)
    session.flush()
    note_words(session, ticket.network_id, ticket.id, said)
    note_event(session, ticket.id, EventKind.NOTED, actor, now=now, note=note.id)
    return note.id


def write_down_message(
    session: Session, ticket: Ticket, message_id: int, said: str, *, now: datetime, actor: str
) -> bool:
    """What the caller says in a spoken message, for whoever cannot hear it; False when the ticket has no such message."""
    if _is_forgotten(session, ticket):
        return False
    message = session.get(Recording, message_id, populate_existing=True)
    if message is None or message.ticket_id != ticket.id or message.discarded:
        return False
    written_before = message.transcript_sealed is not None
    message.transcript_sealed, message.transcript_by_machine = cipher_of(session).seal(said), False
    session.flush()
    if written_before:
        reindex(session, ticket)
    else:
        note_words(session, ticket.network_id, ticket.id, said)
    note_event(session, ticket.id, EventKind.WRITTEN_DOWN, actor, now=now, message=message_id)
    return True


def _is_forgotten(session: Session, ticket: Ticket) -> bool:
    """Whether its night has been: what is written after it, nothing would forget. The ticket is locked, so it is not now."""
    session.refresh(ticket, attribute_names=("anonymised_at",), with_for_update=True)
    return ticket.anonymised_at is not None


def reindex_after(session: Session, last: int, *, limit: int) -> int | None:
    """Index anew so many tickets of all networks that come after this number; the last one's number, None at the end."""
    tickets = session.scalars(select(Ticket).where(Ticket.id > last).order_by(Ticket.id).limit(limit)).all()
    for ticket in tickets:
        reindex(session, ticket)
    return tickets[-1].id if tickets else None


def reindex(session: Session, ticket: Ticket) -> None:
    """The ticket is found by what is said in it now, and by nothing that was."""
    forget_words(session, ticket.id)
    texts = (said.text for said in said_in(session, ticket))
    topics = {Topic(topic) for topic in (ticket.topic, *ticket.topics) if topic is not None}
    about = {topic_mark(session, ticket.network_id, topic) for topic in topics}
    if ticket.e_service is not None:
        about.add(e_service_mark(session, ticket.network_id, ticket.e_service))
    note_marks(session, ticket.id, marks_in(session, ticket.network_id, *texts) | about)
