"""A caller texts us: PERU or AVBOKA gives the time back, 1 or 2 answers what we texted, thanks are thanks, anything else is
a request.

Each text is taken once, whether the operator hands it over (once or twice) or the reconciliation finds it there.
"""

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from ivr.answers import Answered, awaits_answer, take_answer, written_answer
from ivr.feedback import take_feedback
from ivr.helper_texts import take_reply
from ivr.numbers import judge_caller
from scheduler.grids import grid_with
from scheduler.jobs import enqueue
from scheduler.notices import saved
from scheduler.outbox import Message
from scheduler.ports import OperatorText
from scheduler.promises import Promise, cancel, live_promises
from scheduler.records import Callback
from scheduler.slots import Grid
from scheduler.waiting import join_line
from tickets.directory import LineCard, line_of
from tickets.intake import Matter, open_ticket
from tickets.line_wording import catalogue_of
from tickets.records import Base
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import Channel
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language
from voice_prompts.speech import written_number

# The operator heeds these itself, and answers them.
OPERATORS_OWN = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "UNSTOP"})


class HeardText(Base):
    """A text that has been taken; of what it said nothing is kept here."""

    __tablename__ = "heard_text"

    message_sid: Mapped[str] = mapped_column(primary_key=True)
    heard_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class _Taken:
    """What became of a text: a request's ticket, a time given back, no time to give back, or an answer to an offer."""

    line: LineCard
    language: Language
    request: int | None = None
    nothing_to_cancel: bool = False
    answered: Answered | None = None


def take_text(session: Session, catalogue: Catalogue, told: OperatorText, *, now: datetime) -> str | None:
    """What is answered to a text; nothing where the answer comes by itself, or there is no line."""
    taken = _take(session, catalogue, told, now)
    if taken is None:
        return None
    own = catalogue_of(session, catalogue, taken.line.id, taken.line.wording_version)
    if taken.answered is not None:
        return written_answer(own, taken.answered, taken.language, taken.line)
    if not (taken.request or taken.nothing_to_cancel):
        return None
    key = "sms.received" if taken.request else "sms.cancel_unknown"
    return own.text(taken.language, key, line=written_number(taken.line.e164))


def take_late_text(session: Session, catalogue: Catalogue, told: OperatorText, *, now: datetime) -> None:
    """A text that was not handed over when it came: the caller is told by a text of our own that it is a request."""
    taken = _take(session, catalogue, told, now)
    if taken is not None and taken.request is not None:
        enqueue(session, saved(taken.request, now=told.sent_at))  # so late, it waits for the morning


def heard_texts(session: Session, message_sids: Collection[str]) -> frozenset[str]:
    """Which of these texts have been taken."""
    return frozenset(session.scalars(select(HeardText.message_sid).where(HeardText.message_sid.in_(message_sids))))


def _take(session: Session, catalogue: Catalogue, told: OperatorText, now: datetime) -> _Taken | None:
    line = line_of(session, told.called)
    caller = judge_caller(told.caller).e164
    if line is None or caller is None or told.body.strip().upper() in OPERATORS_OWN:
        return None
    is_new = _note(session, told.message_sid, now)
    index = cipher_of(session).index_of(caller)
    language = _language_of(session, line, index)
    grid = grid_with(line.hours)
    answered = _answer(session, catalogue, line, told, caller, is_new=is_new, now=now, grid=grid)
    if answered is not None:
        return _Taken(line, language, answered=answered)
    if not _wants_to_cancel(catalogue, told.body):
        request = _save_request(session, line, caller, language, told, now)
        if not live_promises(session, line.network_id, index, line_id=line.id):
            join_line(session, request, now=now)  # the first time that suits is offered by text, and taken by one
        return _Taken(line, language, request=request)
    held = _held_when_sent(session, line, index, told.sent_at)
    meant = _meant(session, held, told.body)
    if is_new and meant is not None:
        cancel(session, meant.callback_id, now=now, grid=grid)
    return _Taken(line, language, nothing_to_cancel=is_new and meant is None)


def _answer(
    session: Session,
    catalogue: Catalogue,
    line: LineCard,
    told: OperatorText,
    caller: str,
    *,
    is_new: bool,
    now: datetime,
    grid: Grid,
) -> Answered | None:
    """What it answers of ours, if anything: an offer, news of a shift, whether it was any help; or it thanks us."""
    index = cipher_of(session).index_of(caller)
    answered = take_answer(session, told, line.network_id, index, is_new=is_new, now=now, grid=grid)
    if answered is None and take_reply(session, told, line.network_id, caller, now=now):
        answered = Answered(None, now)
    if answered is None:
        answered = take_feedback(session, told, line.network_id, index, now=now, grid=grid)
    if (
        answered is None
        and catalogue.is_thanks(told.body)
        and not awaits_answer(session, line.network_id, index, now=now)
    ):
        answered = Answered(None, now)
    return answered


def _note(session: Session, message_sid: str, now: datetime) -> bool:
    noted = insert(HeardText).values(message_sid=message_sid, heard_at=now).on_conflict_do_nothing()
    return session.scalar(noted.returning(HeardText.message_sid)) is not None


def _wants_to_cancel(catalogue: Catalogue, body: str) -> bool:
    words = re.findall(r"\w+", body.upper())
    known = {word for language in Language for word in catalogue.cancel_words(language)}
    return bool(words) and words[0] in known


def _held_when_sent(session: Session, line: LineCard, caller_index: bytes, sent_at: datetime) -> list[Promise]:
    # A text found late must not give back a time that was booked after it.
    held = live_promises(session, line.network_id, caller_index, line_id=line.id)
    newer = select(Callback.id).where(
        Callback.id.in_([promise.callback_id for promise in held]), Callback.booked_at > sent_at
    )
    later = set(session.scalars(newer))
    return [promise for promise in held if promise.callback_id not in later]


def _meant(session: Session, held: Sequence[Promise], body: str) -> Promise | None:
    """The time with the code that was texted, else the one that our newest text was about."""
    for promise in held:
        if promise.code in body:
            return promise
    told = session.scalar(
        select(Message.ticket_id)
        .where(Message.ticket_id.in_([promise.ticket_id for promise in held]))
        .order_by(Message.id.desc())
        .limit(1)
    )
    named = next((promise for promise in held if promise.ticket_id == told), None)
    return named or next(iter(held), None)


def _save_request(
    session: Session, line: LineCard, caller: str, language: Language, told: OperatorText, now: datetime
) -> int:
    matter = Matter(
        line.network_id,
        line.id,
        Channel.TEXT,
        language,
        caller,
        key=f"text:{told.message_sid}",
        text=told.body,
    )
    return open_ticket(session, matter, now=now).id


def _language_of(session: Session, line: LineCard, caller_index: bytes) -> Language:
    """The language of this caller's newest matter, else the line's own."""
    known = session.scalar(
        select(Ticket.language)
        .where(Ticket.network_id == line.network_id, Ticket.caller_index == caller_index)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return known or line.first_language
