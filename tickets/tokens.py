"""Keys to the API: what is given out is never kept, only its hash."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id
from tickets.vocabulary import Role


class ApiToken(Base):
    """One key: whom it lets in, and until when."""

    __tablename__ = "api_token"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"))
    role: Mapped[Role]
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    revoked_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Bearer:
    """Who holds a key."""

    token_id: int
    network_id: int
    role: Role
    helper_id: int | None


def issue_token(
    session: Session,
    network_id: int,
    role: Role,
    *,
    now: datetime,
    helper_id: int | None = None,
    expires_at: datetime | None = None,
) -> str:
    """A new key, shown this once."""
    token = secrets.token_urlsafe(32)
    session.add(
        ApiToken(
            network_id=network_id,
            helper_id=helper_id,
            role=role,
            token_hash=hash_of(token),
            created_at=now,
            expires_at=expires_at,
        )
    )
    session.flush()
    return token


def verify_token(session: Session, token: str, *, now: datetime) -> Bearer | None:
    """Who holds this key; None when it is unknown, revoked or past its time."""
    held = session.scalars(select(ApiToken).where(ApiToken.token_hash == hash_of(token))).one_or_none()
    if held is None or held.revoked_at is not None or (held.expires_at is not None and held.expires_at <= now):
        return None
    return Bearer(held.id, held.network_id, held.role, held.helper_id)


def revoke_token(session: Session, network_id: int, token_id: int, *, now: datetime) -> None:
    """The key opens nothing from now on."""
    session.execute(
        update(ApiToken)
        .where(ApiToken.id == token_id, ApiToken.network_id == network_id, ApiToken.revoked_at.is_(None))
        .values(revoked_at=now)
    )


def hash_of(token: str) -> bytes:
    """What is kept of a token: 256 random bits cannot be guessed from their hash, so a plain one is enough."""
    return hashlib.sha256(token.encode()).digest()
