"""Everybody who signs in: one role, in one organisation or in the whole network."""

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words
from tickets.vocabulary import PageLanguage, Role


class Person(Base):
    """Somebody who signs in. One who also rings back is a helper too; their name and number are then the helper's.

    Without an organisation they work for the network. `commitment_signed_on`: the day on which they signed that what they
    come to know stays with them (Julkisuuslaki 23 §); before it they see nobody's contact. `page_language`: the one they
    chose for the pages; None while they have chosen none.
    """

    __tablename__ = "person"
    __table_args__ = (
        CheckConstraint("num_nonnulls(helper_id, name_sealed) = 1", name="name"),
        CheckConstraint("(email_sealed IS NULL) = (email_index IS NULL)", name="email"),
        CheckConstraint("(phone_sealed IS NULL) = (phone_index IS NULL)", name="phone"),
        Index("uq_person_email", "network_id", "email_index", unique=True, postgresql_where=text("active")),
        Index("uq_person_phone", "network_id", "phone_index", unique=True, postgresql_where=text("active")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), unique=True)
    role: Mapped[Role]
    name_sealed: Mapped[str | None]
    email_sealed: Mapped[str | None]
    email_index: Mapped[bytes | None]
    phone_sealed: Mapped[str | None]
    phone_index: Mapped[bytes | None]
    commitment_signed_on: Mapped[date | None]
    page_language: Mapped[PageLanguage | None] = mapped_column(words(PageLanguage))
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    forgotten_at: Mapped[datetime | None]
