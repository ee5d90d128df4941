"""Who has seen what of a caller: written with every look, kept for two years, read by the data protection officer."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, append_only, words
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
