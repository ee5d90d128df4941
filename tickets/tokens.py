"""Keys to the API: what is given out is never kept, only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, ForeignKey, Row, and_, func, or_, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.network import Helper, Network
from tickets.network_hours import HOURS, NetworkHours, hours_in
from tickets.people import Person
from tickets.records import Base, Id
from tickets.rights import Right, Rights, Scope, rights_of
from tickets.vocabulary import HELPER_ROLES, Role

USED_EVERY: Final = timedelta(hours=1)  # how exactly it is known when a key was last used


class ApiToken(Base):
    """One key: whom it lets in, and until when. Without a person or helper it is a program's, and shows nobody's contact.

    `purpose`: what it is for, in the words of whoever made it, such as "Open311 of the service point".
    """

    __tablename__ = "api_token"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[Role]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]
    purpose: Mapped[str] = mapped_column(default="")
    used_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who is signed in or holds a key, and what they may do. Without an organisation they work for the whole network.

    `hours` are those of their network. Without a key they signed in as the person that they are; a program's key belongs to no person.
    """

    token_id: int | None
    network_id: int
    role: Role
    helper_id: int | None
    person_id: int | None
    organisation_id: int | None
    rights: Rights
    hours: NetworkHours
    sign_in_id: int | None = None

    def may(self, right: Right) -> Scope | None:
        """How far they may do this; None when they may not. Of no organisation: "of the organisation" is the network's."""
        scope = self.rights.get(right)
        return Scope.NETWORK if scope is Scope.ORGANISATION and self.organisation_id is None else scope


def issue_token(
    session: Session,
    network_id: int,
    role: Role,
    *,
    now: datetime,
    helper_id: int | None = None,
    person_id: int | None = None,
    expires_at: datetime | None = None,
    purpose: str = "",
) -> str:
    """A new key, shown this once: a person's, a helper's, or a program's."""
    token = secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            network_id=network_id,
            helper_id=helper_id,
            person_id=person_id,
            role=role,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=expires_at,
            purpose=purpose,
        )
    )
    session.flush()
    return token


def verify_token(session: Session, token: str, *, now: datetime) -> Bearer | None:
    """Who holds this key, which is used by that; None when it is unknown, ended or past its time, or its holder has left."""
    who = _bearer(session, ApiToken.token_hash == hash_of(token), now)
    if who is not None:
        _note_use(session, who.token_id, now)
    return who


def bearer_of(session: Session, token_id: int, *, now: datetime) -> Bearer | None:
    """Who holds the key of this number, while it opens anything."""
    return _bearer(session, ApiToken.id == token_id, now)


def bearer_of_person(session: Session, person_id: int) -> Bearer | None:
    """What somebody may do who is known to be this person; None when they have left."""
    row = session.execute(
        select(Network.role_rights, Person, Helper, *HOURS)
        .join(Network, Network.id == Person.network_id)
        .outerjoin(Helper, Helper.id == Person.helper_id)
        .where(Person.id == person_id, Person.active)
    ).one_or_none()
    return None if row is None else _of(None, row.Person.network_id, row.Person.role, row)


# A helper's key is their person's, whose role counts.
HOLDS: Final = or_(
    Person.id == ApiToken.person_id, and_(ApiToken.person_id.is_(None), Person.helper_id == ApiToken.helper_id)
)


def _bearer(session: Session, which: ColumnElement[bool], now: datetime) -> Bearer | None:
    row = session.execute(
        select(ApiToken, Network.role_rights, Person, Helper, *HOURS)
        .join(Network, Network.id == ApiToken.network_id)
        .outerjoin(Person, HOLDS)
        .outerjoin(Helper, Helper.id == func.coalesce(ApiToken.helper_id, Person.helper_id))
        .where(which, ApiToken.revoked_at.is_(None), or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now))
    ).one_or_none()
    if row is None:
        return None
    token, holder = row.ApiToken, row.Person or row.Helper
    if holder is not None and not holder.active:  # who is away for a while still signs in; whoever has left does not
        return None
    role = token.role if row.Person is None else row.Person.role
    return _of(token.id, token.network_id, role, row)


def _of(token_id: int | None, network_id: int, role: Role, row: Row[*tuple[Any, ...]]) -> Bearer:
    person, helper = row.Person, row.Helper
    belongs = person.organisation_id if person else helper.organisation_id if helper else None
    return Bearer(
        token_id,
        network_id,
        role,
        None if helper is None else helper.id,
        None if person is None else person.id,
        belongs,
        rights_of(role, row.role_rights),
        hours=hours_in(row),
    )


def revoke_token(session: Session, network_id: int, token_id: int, *, now: datetime) -> bool:
    """The key opens nothing from now on; False where it opened nothing anyway, or there is none."""
    open_one = (ApiToken.id == token_id, ApiToken.network_id == network_id, ApiToken.revoked_at.is_(None))
    ended = session.execute(
        update(ApiToken).where(*open_one).values(revoked_at=now).returning(ApiToken.id),
        execution_options={"synchronize_session": False},
    )
    return ended.first() is not None


def _note_use(session: Session, token_id: int | None, now: datetime) -> None:
    """When it was last used, written down so seldom, and by one at a time, that no answer waits for another."""
    stale = or_(ApiToken.used_at.is_(None), ApiToken.used_at <= now - USED_EVERY)
    due = select(ApiToken.id).where(ApiToken.id == token_id, stale).with_for_update(skip_locked=True)
    session.execute(
        update(ApiToken).where(ApiToken.id.in_(due)).values(used_at=now),
        execution_options={"synchronize_session": False},
    )


def actor_of(who: Bearer) -> str:
    """How the logs name somebody, by a number and never by a name: a helper, another person, or a program's key."""
    if who.helper_id is not None and who.role in HELPER_ROLES:
        return f"helper:{who.helper_id}"
    return f"coordinator:key-{who.token_id}" if who.person_id is None else f"person:{who.person_id}"


def hash_of(token: str) -> bytes:
    """What is kept of a token: 256 random bits cannot be guessed from their hash, so a plain one is enough."""
    return hashlib.sha256(token.encode()).digest()
