"""Accounts that organisations give their people, and whose they are here."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id


class OutsideAccount(Base):
    """An account at an organisation's sign-in (OpenID Connect), bound to a person when it first brought them in.

    `subject_index` is the keyed hash of the number that the issuer never gives to anybody else; an address may change hands.
    """

    __tablename__ = "outside_account"
    __table_args__ = (
        UniqueConstraint("issuer", "person_id"),
        Index("ix_outside_account_subject", "issuer", "subject_index"),
    )

    id: Mapped[Id]
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    issuer: Mapped[str]
    subject_index: Mapped[bytes]
    bound_at: Mapped[datetime]
