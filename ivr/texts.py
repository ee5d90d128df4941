"""A caller texts us: PERU or AVBOKA gives the time back, anything else is a request."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from ivr.desk import Desk
from ivr.numbers import judge_caller
from scheduler.outbox import Message
from scheduler.promises import Promise, cancel, live_promises
from scheduler.records import Callback, CallbackState
from tickets.directory import LineCard, line_of
from tickets.intake import Matter, open_ticket
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import Channel
from voice_prompts.language import Language
from voice_prompts.speech import written_number

Form = Mapping[str, str]
# The operator heeds these itself, and answers them.
OPERATORS_OWN = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "START", "UNSTOP"})
SAME_TEXT = timedelta(minutes=5)  # within which the operator may hand it over again


def take_text(session: Session, desk: Desk, form: Form) -> str | None:
    """What is answered to a text; nothing where the answer comes by itself, or there is no line."""
    line = line_of(session, form["To"])
    caller = judge_caller(form["From"]).e164
    if line is None or caller is None or form["Body"].strip().upper() in OPERATORS_OWN:
        return None
    index = cipher_of(session).index_of(caller)
    language = _language_of(session, line, index)
    if not _wants_to_cancel(desk, form["Body"]):
        _save_request(session, desk, line, caller, language, form)
        return desk.catalogue.text(language, "sms.received", line=written_number(line.e164))
    held = live_promises(session, line.network_id, index, line_id=line.id)
    meant = _meant(session, held, form["Body"])
    if meant is not None:
        cancel(session, meant.callback_id, now=desk.clock.now())
    elif not _just_cancelled(session, line, index, desk.clock.now()):
        return desk.catalogue.text(language, "sms.cancel_unknown", line=written_number(line.e164))
    return None


def _wants_to_cancel(desk: Desk, body: str) -> bool:
    words = re.findall(r"\w+", body.upper())
    known = {word for language in Language for word in desk.catalogue.cancel_words(language)}
    return bool(words) and words[0] in known


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


def _just_cancelled(session: Session, line: LineCard, caller_index: bytes, now: datetime) -> bool:
    """Whether this text has done its work already, and only its answer was lost."""
    cancelled = (
        select(Callback.id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(
            Ticket.line_id == line.id,
            Ticket.caller_index == caller_index,
            Callback.state == CallbackState.CANCELLED,
            Callback.ended_at > now - SAME_TEXT,
        )
    )
    return session.scalar(select(cancelled.exists())) is True


def _save_request(session: Session, desk: Desk, line: LineCard, caller: str, language: Language, form: Form) -> None:
    matter = Matter(
        line.network_id,
        line.id,
        Channel.TEXT,
        language,
        caller,
        key=f"text:{form['MessageSid']}",
        text=form["Body"],
    )
    open_ticket(session, matter, now=desk.clock.now())


def _language_of(session: Session, line: LineCard, caller_index: bytes) -> Language:
    """The language of this caller's newest matter, else the line's own."""
    known = session.scalar(
        select(Ticket.language)
        .where(Ticket.network_id == line.network_id, Ticket.caller_index == caller_index)
        .order_by(Ticket.id.desc())
        .limit(1)
    )
    return known or line.first_language
