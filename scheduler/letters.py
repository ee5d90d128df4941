"""What is written to a caller: the sentence, the language, the number it goes to."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduler.records import Callback
from tickets.network import Line
from tickets.store import cipher_of
from tickets.ticket import Ticket
from voice_prompts.catalogue import Catalogue
from voice_prompts.speech import written_number, written_time

# A matter that came by another way than the phone is answered from the network's first line.
LINE_OF_TICKET = func.coalesce(
    Ticket.line_id,
    select(func.min(Line.id))
    .where(Line.network_id == Ticket.network_id, Line.active)
    .correlate(Ticket)
    .scalar_subquery(),
)


@dataclass(frozen=True, slots=True)
class Letter:
    """A text as it will be read; `body` is empty where nothing is to be written."""

    ticket_id: int
    line_id: int
    line_number: str
    phone: str
    can_text: bool
    template: str
    body: str


def letter_of(session: Session, payload: Mapping[str, Any], catalogue: Catalogue) -> Letter | None:
    """The letter of a job; None when there is no number to write to."""
    found = _callback(session, payload) or _ticket(session, payload)
    if found is None or found[1].caller_sealed is None:
        return None
    callback, ticket, line = found
    template = str(payload.get("template", ""))
    return Letter(
        ticket.id,
        line.id,
        line.e164,
        cipher_of(session).open(ticket.caller_sealed or ""),
        ticket.can_text,
        template,
        _body(session, template, callback, ticket, line, catalogue) if template else "",
    )


def _body(
    session: Session,
    template: str,
    callback: Callback | None,
    ticket: Ticket,
    line: Line,
    catalogue: Catalogue,
) -> str:
    words = {"line": written_number(line.e164)}
    if callback is not None:
        words["time"] = written_time(callback.starts_at, ticket.language)
        words["code"] = cipher_of(session).open(callback.code_sealed)
    key = f"sms.{template}"
    needed = catalogue.placeholders(key)
    chosen = {name: word for name, word in words.items() if name in needed}
    return catalogue.text(ticket.language, key, **chosen)


def _callback(session: Session, payload: Mapping[str, Any]) -> tuple[Callback | None, Ticket, Line] | None:
    if "callback" not in payload:
        return None
    row = session.execute(
        select(Callback, Ticket, Line)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .join(Line, Line.id == LINE_OF_TICKET)
        .where(Callback.id == payload["callback"])
    ).first()
    return None if row is None else (row.Callback, row.Ticket, row.Line)


def _ticket(session: Session, payload: Mapping[str, Any]) -> tuple[Callback | None, Ticket, Line] | None:
    row = session.execute(
        select(Ticket, Line).join(Line, Line.id == LINE_OF_TICKET).where(Ticket.id == payload.get("ticket"))
    ).first()
    return None if row is None else (None, row.Ticket, row.Line)
