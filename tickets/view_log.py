"""Who has seen what of a caller: written with every look, kept for two years, read by the data protection officer."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.people import Person
from tickets.records import Base, Id, append_only, words
from tickets.ticket import Ticket
from tickets.tokens import Bearer


class Seen(StrEnum):
    """What was looked at."""

    TICKET = "ticket"  # what was told, and the notes
    MESSAGE = "message"
    CONTACT = "contact"
    SEARCH = "search"
    EXPORT = "export"


class View(Base):
    """One look; of a search, no ticket is named."""

    __tablename__ = "view_log"
    __table_args__ = (Index("ix_view_log_newest", "network_id", text("id DESC")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    at: Mapped[datetime]
    token_id: Mapped[int | None]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), index=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"), index=True)
    seen: Mapped[Seen] = mapped_column(words(Seen))


append_only(View.__table__)


def note_view(session: Session, who: Bearer, seen: Seen, ticket_id: int | None, *, now: datetime) -> None:
    """Write down a look before what was looked at is shown."""
    session.add(
        View(
            network_id=who.network_id,
            at=now,
            token_id=who.token_id,
            person_id=who.person_id,
            helper_id=who.helper_id,
            ticket_id=ticket_id,
            seen=seen,
        )
    )
    session.flush()


@dataclass(frozen=True, slots=True)
class Look:
    """One line of the view log; who has neither person nor helper was a program, known by its key's number."""

    id: int
    at: datetime
    seen: Seen
    ticket_code: str | None
    person_id: int | None
    helper_id: int | None
    token_id: int | None


def views_of(
    session: Session,
    network_id: int,
    *,
    ticket: str | None = None,
    person_id: int | None = None,
    since: datetime | None = None,
    until: datetime | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[Look, ...]:
    """Who has looked at what, the newest first: at one ticket (a code), by one person, `since` a moment and before `until`,
    older than the look `before`."""
    wanted = (
        select(View, Ticket.code).outerjoin(Ticket, Ticket.id == View.ticket_id).where(View.network_id == network_id)
    )
    if ticket is not None:
        wanted = wanted.where(View.ticket_id == select(Ticket.id).where(Ticket.code == ticket).scalar_subquery())
    if person_id is not None:
        theirs = select(Person.helper_id).where(Person.id == person_id).scalar_subquery()
        wanted = wanted.where(or_(View.person_id == person_id, View.helper_id == theirs))
    if before is not None:
        wanted = wanted.where(View.id < before)
    if since is not None:
        wanted = wanted.where(View.id >= _first_since(session, network_id, since))
    if until is not None:
        wanted = wanted.where(View.id < _first_since(session, network_id, until))
    rows = session.execute(wanted.order_by(View.id.desc()).limit(limit))
    return tuple(
        Look(view.id, view.at, view.seen, code, view.person_id, view.helper_id, view.token_id) for view, code in rows
    )


def _first_since(session: Session, network_id: int, moment: datetime) -> int:
    """The number of the first look at or after a moment. They come in the order of time, so halving finds it: the log has no
    index by time, and is long."""
    within = View.network_id == network_id
    low, high = 0, (session.scalar(select(func.max(View.id)).where(within)) or 0) + 1
    while low < high:
        middle = (low + high) // 2
        nearest = select(View.id, View.at).where(within, View.id >= middle).order_by(View.id).limit(1)
        row = session.execute(nearest).first()
        if row is not None and row.at < moment:
            low = row.id + 1
        else:
            high = middle
    return low
