"""Accounts that organisations give their people, and whose they are here.

The issuer gives a subject to nobody else ever, so that is what is bound. An address of e-mail may change hands: it only finds
somebody who has no account yet, and only where the issuer says that it has verified it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, Index, UniqueConstraint, and_, delete, false, or_, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.email_addresses import plain_address
from tickets.known_people import Known, known_where
from tickets.people import Person
from tickets.records import Base, Id
from tickets.store import cipher_of


class OutsideAccount(Base):
    """An account at an organisation's sign-in (OpenID Connect), bound to a person when it first brought them in."""

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


@dataclass(frozen=True, slots=True)
class Account:
    """What an issuer told of somebody who signed in there; the address only where it has verified it."""

    issuer: str
    subject: str
    verified_email: str | None


def people_with(session: Session, account: Account) -> Sequence[Known]:
    """Who somebody with this account may be: whose account it is, and whose address, if no account is theirs yet."""
    email = plain_address(account.verified_email or "")
    bound = select(OutsideAccount.id).where(
        OutsideAccount.person_id == Person.id, OutsideAccount.issuer == account.issuer
    )
    is_theirs = bound.where(OutsideAccount.subject_index == _index(session, account)).exists()
    has_none = and_(Person.email_index == cipher_of(session).index_of(email), ~bound.exists()) if email else false()
    return known_where(session, or_(is_theirs, has_none))


def bind(session: Session, account: Account, person_id: int, *, now: datetime) -> bool:
    """From now on the account is this person's; False where another one has been meanwhile."""
    subject = _index(session, account)
    row = {"person_id": person_id, "issuer": account.issuer, "subject_index": subject, "bound_at": now}
    session.execute(insert(OutsideAccount).values(row).on_conflict_do_nothing())
    whose = (OutsideAccount.person_id == person_id, OutsideAccount.issuer == account.issuer)
    return session.scalars(select(OutsideAccount.subject_index).where(*whose)).one() == subject


def bound_since(session: Session, person_id: int) -> datetime | None:
    """When an account of an organisation became theirs; None where they have none."""
    mine = select(OutsideAccount.bound_at).where(OutsideAccount.person_id == person_id)
    return session.scalar(mine.order_by(OutsideAccount.bound_at).limit(1))


def unbind(session: Session, person_id: int) -> None:
    """They have no account any more: their verified address finds them again."""
    session.execute(delete(OutsideAccount).where(OutsideAccount.person_id == person_id))


def _index(session: Session, account: Account) -> bytes:
    return cipher_of(session).index_of(f"subject {account.issuer} {account.subject}")
