"""Tickets as lists show them: with their promise and their attempts, without anybody's name or number."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.finding import Wanted, Within, find
from scheduler.records import Attempt, Callback, CallbackState
from scheduler.sight import open_municipality
from tickets.ticket import Ticket
from tickets.vocabulary import AttemptResult


@dataclass(frozen=True, slots=True)
class AttemptLine:
    """One try at keeping a promise."""

    number: int
    began_at: datetime
    ended_at: datetime | None
    result: AttemptResult | None


@dataclass(frozen=True, slots=True)
class CallbackLine:
    """The newest promise of a ticket."""

    starts_at: datetime
    state: CallbackState


@dataclass(frozen=True, slots=True)
class TicketLine:
    """A ticket with what was promised and tried; attempts oldest first."""

    ticket: Ticket
    callback: CallbackLine | None
    attempts: tuple[AttemptLine, ...]

    @property
    def municipality(self) -> str | None:
        """Its code, as a list may show it."""
        return open_municipality(self.ticket)


@dataclass(frozen=True, slots=True)
class Page:
    """Some tickets, newest first, and the code after which the next page begins."""

    lines: tuple[TicketLine, ...]
    next: str | None


def page_of_tickets(
    session: Session, within: Within, wanted: Wanted, *, limit: int, now: datetime, cursor: str | None = None
) -> Page | None:
    """Tickets, newest first, after the one whose code is `cursor`; None if there is no such ticket."""
    found = find(session, within, wanted, limit=limit, now=now, after=cursor)
    return None if found is None else Page(with_promises(session, found.tickets), found.next)


def with_promises(session: Session, tickets: Sequence[Ticket]) -> tuple[TicketLine, ...]:
    """These tickets with their newest promise and all their attempts; two queries, however many there are."""
    callbacks = session.scalars(
        select(Callback).where(Callback.ticket_id.in_([ticket.id for ticket in tickets])).order_by(Callback.id)
    ).all()
    newest = {callback.ticket_id: callback for callback in callbacks}
    attempts = _attempts_by_ticket(session, callbacks)
    return tuple(
        TicketLine(
            ticket,
            CallbackLine(newest[ticket.id].starts_at, newest[ticket.id].state) if ticket.id in newest else None,
            tuple(attempts[ticket.id]),
        )
        for ticket in tickets
    )


def _attempts_by_ticket(session: Session, callbacks: Iterable[Callback]) -> dict[int, list[AttemptLine]]:
    ticket_of = {callback.id: callback.ticket_id for callback in callbacks}
    rows = session.scalars(select(Attempt).where(Attempt.callback_id.in_(ticket_of)).order_by(Attempt.id))
    found: dict[int, list[AttemptLine]] = defaultdict(list)
    for row in rows:
        line = AttemptLine(row.number, row.intended_at, row.ended_at, row.result)
        found[ticket_of[row.callback_id]].append(line)
    return found
