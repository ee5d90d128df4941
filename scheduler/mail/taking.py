"""A message becomes a ticket, or belongs to one; taken twice it is one all the same."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind, note_alert
from scheduler.cases import Doing
from scheduler.closing import reopen
from scheduler.coordination import needs_coordinator
from scheduler.errands import Errand
from scheduler.jobs import NewJob, enqueue
from scheduler.mail.boxes import Box
from scheduler.mail.plain import own_words, unsigned
from scheduler.mail.reading import Heard
from scheduler.slots import Grid
from tickets.intake import Matter, open_ticket
from tickets.limits import ask_leave
from tickets.mailboxes import Came, MailMessage
from tickets.store import cipher_of
from tickets.ticket import Note, Ticket
from tickets.timeline import note_event
from tickets.vocabulary import Channel, EventKind
from tickets.words import note_words
from voice_prompts.language import Written
from voice_prompts.letters import language_of

DAY: Final = timedelta(days=1)
REOPENED_WITHIN: Final = timedelta(days=30)  # after that the address is forgotten too
# A person writes a few times a day. More than this is a machine that does not say so, or somebody who wants to drown us.
MOST_MATTERS: Final = 10
MOST_ANSWERS: Final = 15
MOST_MESSAGES: Final = 100
ACTOR: Final = "caller"
BY_MAIL: Final = "by_mail"
SEPARATOR: Final = "\n"


class Taken(StrEnum):
    """What became of a message; one of TOO_MANY lies where it lay, for another day."""

    TAKEN = "taken"
    KNOWN = "known"
    TOO_MANY = "too_many"


@dataclass(frozen=True, slots=True)
class _Thread:
    """The ticket that a message belongs to."""

    id: int
    closed: bool


def take(session: Session, box: Box, heard: Heard, *, now: datetime, grid: Grid) -> Taken:
    """Make the message what it is: a new matter, or a further word about one; and see to it that it is answered, once."""
    # By the network: a letter to its Finnish and its Swedish mailbox at once is one letter.
    key = f"mail:{box.network_id}:{cipher_of(session).index_of(heard.name).hex()[:40]}"
    if session.scalar(select(MailMessage.id).where(MailMessage.key == key)) is not None:
        return Taken.KNOWN
    if not _leave(session, "mail", box, heard, MOST_MESSAGES, now):
        about = f"mailbox-{box.id}:{now.astimezone(UTC):%Y%m%d}"  # the day by which messages are counted
        note_alert(session, box.network_id, AlertKind.MAIL, about, now=now, mailbox=box.id)
        return Taken.TOO_MANY
    thread = _thread(session, box, heard, now) or _last_of_too_many(session, box, heard, now)
    language = language_of(f"{heard.subject} {own_words(heard.text)}") or Written(box.first_language)
    if thread is None:
        ticket_id, came = _open(session, box, heard, key, language, now, grid), Came.OPENED
    else:
        ticket_id, came = thread.id, _add(session, box, thread, heard, key, now, grid)
    message_id = _write(session, box, heard, key, ticket_id, came, language, now)
    _see_to_the_answer(session, box, heard, ticket_id, message_id, now)
    return Taken.TAKEN


_THREAD = text("""
SELECT id, status = 'closed' AS closed FROM ticket t
WHERE network_id = :network AND email_index = :email AND (closed_at IS NULL OR closed_at >= :since) AND (
    code = :code OR id IN (
        SELECT ticket_id FROM mail_message WHERE message_index = ANY(:ids) OR answer_index = ANY(:ids)
    ) OR :any
)
ORDER BY (code = :code) DESC NULLS LAST, id DESC LIMIT 1 FOR UPDATE
""")


def _thread(session: Session, box: Box, heard: Heard, now: datetime, *, whichever: bool = False) -> _Thread | None:
    """The ticket of the same address that the message answers, or names; what others write about it is a matter of theirs."""
    cipher = cipher_of(session)
    values = {
        "network": box.network_id,
        "email": cipher.index_of(heard.sender),
        "since": now - REOPENED_WITHIN,
        "code": heard.code,
        "ids": [cipher.index_of(message_id) for message_id in heard.referred],
        "any": whichever,
    }
    row = session.execute(_THREAD, values).first()
    return None if row is None else _Thread(row.id, row.closed)


def _last_of_too_many(session: Session, box: Box, heard: Heard, now: datetime) -> _Thread | None:
    """Whoever has begun so many matters today goes on with the last of them: nothing is lost, and nobody is drowned."""
    if _leave(session, "mail matter", box, heard, MOST_MATTERS, now):
        return None
    return _thread(session, box, heard, now, whichever=True)


def _open(session: Session, box: Box, heard: Heard, key: str, language: Written, now: datetime, grid: Grid) -> int:
    matter = Matter(
        network_id=box.network_id,
        line_id=box.line_id,
        channel=Channel.EMAIL,
        language=language.spoken or box.first_language,
        caller=None,
        key=key,
        municipality=box.municipality,
        text=SEPARATOR.join(filter(None, (heard.subject, unsigned(heard.text)))),
        name=heard.sender_name,
        email=heard.sender,
    )
    ticket_id = open_ticket(session, matter, now=now).id
    needs_coordinator(session, ticket_id, BY_MAIL, now=now, grid=grid)
    return ticket_id


def _add(session: Session, box: Box, thread: _Thread, heard: Heard, key: str, now: datetime, grid: Grid) -> Came:
    added = own_words(heard.text)
    if added:
        sealed = cipher_of(session).seal(added)
        session.add(Note(ticket_id=thread.id, author=ACTOR, text_sealed=sealed, written_at=now))
        note_words(session, box.network_id, thread.id, added)
    note_event(session, thread.id, EventKind.WROTE_AGAIN, ACTOR, now=now, key=key, channel=Channel.EMAIL)
    ticket = session.get_one(Ticket, thread.id)
    if not thread.closed or reopen(session, ticket, Doing(now, ACTOR, grid)) is not None:
        return Came.ADDED
    needs_coordinator(session, thread.id, BY_MAIL, now=now, grid=grid)
    return Came.REOPENED


def _write(
    session: Session, box: Box, heard: Heard, key: str, ticket_id: int, came: Came, language: Written, now: datetime
) -> int:
    cipher, known = cipher_of(session), heard.message_id
    row = MailMessage(
        mailbox_id=box.id,
        ticket_id=ticket_id,
        key=key,
        came=came,
        language=language,
        message_id_sealed=None if known is None else cipher.seal(known),
        message_index=None if known is None else cipher.index_of(known),
        answer_index=cipher.index_of(answer_id(session, key, box.address)),
        refused_sealed=cipher.seal(SEPARATOR.join(heard.attachments)) if heard.attachments else None,
        whole=heard.whole,
        arrived_at=now,
    )
    session.add(row)
    session.flush()
    return row.id


def answer_id(session: Session, key: str, address: str) -> str:
    """The id of our answer to a message: the same whenever it is sent, and nobody else's to guess."""
    return f"<{cipher_of(session).index_of(f'answer to {key}').hex()[:32]}@{address.partition('@')[2]}>"


def _see_to_the_answer(
    session: Session, box: Box, heard: Heard, ticket_id: int, message_id: int, now: datetime
) -> None:
    """Whoever cannot read an answer, or has had so many that it may be a machine, gets none; the timeline says so."""
    why = None if heard.answerable else "unanswerable"
    if why is None and not _leave(session, "mail answer", box, heard, MOST_ANSWERS, now):
        why = "too_many"
    if why is not None:
        note_event(session, ticket_id, EventKind.NOT_TOLD, "line", now=now, why=why, channel=Channel.EMAIL)
        return
    key = f"{Errand.ANSWER_MAIL}:ticket-{ticket_id}:{message_id}"
    enqueue(session, NewJob(Errand.ANSWER_MAIL, key, now, {"mail": message_id}))


def _leave(session: Session, what: str, box: Box, heard: Heard, most: int, now: datetime) -> bool:
    return ask_leave(session, f"{what} {box.network_id} {heard.sender}", most=most, per=DAY, now=now)
