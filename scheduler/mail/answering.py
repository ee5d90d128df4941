"""Whoever has written is answered: that it arrived, what happens now, how a time is chosen; never what they wrote."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from babel.dates import format_datetime
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduler.jobs import ClaimedJob
from scheduler.mail.taking import SEPARATOR, answer_id
from scheduler.ports import Email, MailError
from scheduler.records import LIVE, Callback, CallbackState
from scheduler.slots import HELSINKI
from scheduler.tools import Tools
from tickets.mailboxes import Came, Mailbox, MailMessage
from tickets.network import Line
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.vocabulary import Channel, EventKind
from voice_prompts.language import Written
from voice_prompts.letters import paragraph, words_of
from voice_prompts.speech import written_number, written_time

Link = Callable[[int, datetime], str]  # a ticket, and when it was written about → where its time is chosen
BETWEEN: Final = "\n\n"
_FIRST: Final = {Came.OPENED: "received", Came.ADDED: "added", Came.REOPENED: "reopened"}
_ENDING: Final = r"\.(?:pdf|png|jpe?g|gif|heic|tiff?|webp|docx?|odt|rtf|txt|xlsx?|ods|pptx?|odp|mp3|m4a|wav|mp4|eml)"
_PLAIN: Final = re.compile(rf"(?!.*\d(?:[ -]?\d){{4}})[\w ()-]{{1,40}}{_ENDING}", re.IGNORECASE)
_ENDS: Final = re.compile(rf"{_ENDING}$", re.IGNORECASE)


def answer(link: Link, tools: Tools, job: ClaimedJob) -> None:
    """Answer a message, once; where no mail can be sent, the timeline says so."""
    message_id = int(job.payload["mail"])
    with tools.sessions() as session:
        email = _answer_of(session, message_id, link)
    if email is None:
        return
    why = "no_mail"
    if tools.mail is not None:
        try:
            tools.mail.send(email)
            why = ""
        except MailError as error:
            if not error.permanent:
                raise
            why = "refused"
    with tools.sessions.begin() as session:
        _note(session, message_id, why, tools.clock.now())


def _answer_of(session: Session, message_id: int, link: Link) -> Email | None:
    """The answer; none where it was sent, or there is no address any more."""
    row = session.execute(
        select(MailMessage, Mailbox, Ticket, Line)
        .join(Mailbox, Mailbox.id == MailMessage.mailbox_id)
        .join(Ticket, Ticket.id == MailMessage.ticket_id)
        .join(Line, Line.id == Mailbox.line_id)
        .where(MailMessage.id == message_id, MailMessage.answered_at.is_(None), Ticket.email_sealed.is_not(None))
    ).first()
    if row is None:
        return None
    message, cipher = row.MailMessage, cipher_of(session)
    letter = _Letter(session, message, row.Ticket, row.Line, link(message.ticket_id, message.arrived_at))
    answered = None if message.message_id_sealed is None else cipher.open(message.message_id_sealed)
    return Email(
        to=cipher.open(row.Ticket.email_sealed or ""),
        subject=letter.paragraph("subject"),
        text=BETWEEN.join(letter.paragraphs()) + "\n",
        message_id=answer_id(session, message.key, row.Mailbox.address),
        in_reply_to=answered,
        references=() if answered is None else (answered,),
        reply_to=row.Mailbox.address,
    )


@dataclass(frozen=True, slots=True)
class _Letter:
    """What is said to whoever wrote, in their language."""

    session: Session
    message: MailMessage
    ticket: Ticket
    line: Line
    link: str

    def paragraphs(self) -> Iterator[str]:
        yield self.paragraph(_FIRST[self.message.came])
        promised = self._promised()
        if promised is not None:
            yield self.paragraph("time_stands", time=_written(promised, self.message.language))
        else:
            yield self.paragraph("choose_time")
            yield self.paragraph("without_page")
        if self.message.refused_sealed is not None:
            names = cipher_of(self.session).open(self.message.refused_sealed).split(SEPARATOR)
            yield self.paragraph("attachments", names=", ".join(dict.fromkeys(map(told_name, names))))
        if not self.message.whole:
            yield self.paragraph("too_large")
        yield self.paragraph("safety")
        yield self.paragraph("goodbye")

    def paragraph(self, key: str, **words: str) -> str:
        known = {"ticket": self.ticket.code, "line": written_number(self.line.e164), "link": self._link(), **words}
        return paragraph(self.message.language, key, **{name: known[name] for name in words_of(key)})

    def _link(self) -> str:
        return f"{self.link}?lang={self.message.language}"

    def _promised(self) -> datetime | None:
        promised = [state for state in LIVE if state is not CallbackState.OFFERED]
        of_ticket = (Callback.ticket_id == self.ticket.id) & Callback.state.in_(promised)
        return self.session.scalar(select(Callback.starts_at).where(of_ticket).limit(1))


def told_name(name: str) -> str:
    """The name of a file, as far as it is only that.

    Anybody may write in somebody's name, and what our answer repeats to them is read as ours: no address and no number.
    """
    if _PLAIN.fullmatch(name):
        return name
    ends = _ENDS.search(name)
    return "…" if ends is None else f"…{ends[0]}"


def _written(moment: datetime, language: Written) -> str:
    if language.spoken is None:
        return format_datetime(moment, "EEE d MMM y, HH:mm", tzinfo=HELSINKI, locale="en")
    return written_time(moment, language.spoken)


def _note(session: Session, message_id: int, why: str, now: datetime) -> None:
    """It is answered, or why not; the names of what had been attached are forgotten with that."""
    done = {"answered_at": now, "refused_sealed": None}
    ticket_id = session.scalar(
        update(MailMessage).where(MailMessage.id == message_id).values(done).returning(MailMessage.ticket_id)
    )
    if ticket_id is None:
        return  # forgotten meanwhile
    kind = EventKind.NOT_TOLD if why else EventKind.ANSWERED
    details = {"why": why} if why else {}
    key = f"answer:mail-{message_id}"
    note_event(session, ticket_id, kind, "line", now=now, key=key, channel=Channel.EMAIL, **details)
