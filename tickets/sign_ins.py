"""Who is signed in, and where: what the browser holds is never kept, only its hash."""

import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, words
from tickets.tokens import Bearer, bearer_of, bearer_of_person, hash_of

UNUSED_FOR: Final = timedelta(hours=12)
UNUSED_ON_OWN_PHONE: Final = timedelta(days=30)
SEEN_EVERY: Final = timedelta(minutes=5)  # how exactly it is known when somebody was last there
LONGEST_DEVICE: Final = 60


class How(StrEnum):
    """By what somebody showed who they are."""

    CODE = "code"
    ORGANISATION = "organisation"  # the sign-in of the organisation that they work for
    KEY = "key"
    DEMO = "demo"


class SignIn(Base):
    """Somebody signed in on one device, until nobody has used it for a while. By a key it opens no more than the key.

    `remembered`: on a phone of their own, where it lasts longer. `device` in few words, such as "Chrome, Android".
    """

    __tablename__ = "sign_in"
    __table_args__ = (CheckConstraint("num_nonnulls(person_id, token_id) > 0", name="whose"),)

    id: Mapped[Id]
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    token_id: Mapped[int | None] = mapped_column(ForeignKey("api_token.id", ondelete="CASCADE"), index=True)
    how: Mapped[How] = mapped_column(words(How))
    secret_hash: Mapped[bytes] = mapped_column(unique=True)
    device: Mapped[str]
    remembered: Mapped[bool]
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A sign-in as its owner sees it."""

    id: int
    how: How
    device: str
    remembered: bool
    created_at: datetime
    seen_at: datetime


def begin_sign_in(
    session: Session, who: Bearer, how: How, *, device: str, remembered: bool = False, now: datetime
) -> str:
    """Somebody has shown who they are: what their browser is to hold, shown this once.

    Only whoever rings back is remembered: their phone is their own, while a desk is everybody's.
    """
    secret = secrets.token_urlsafe(32)
    kept = remembered and who.helper_id is not None
    session.add(
        SignIn(
            person_id=who.person_id,
            token_id=who.token_id,
            how=how,
            secret_hash=hash_of(secret),
            device=device[:LONGEST_DEVICE],
            remembered=kept,
            created_at=now,
            seen_at=now,
            expires_at=now + _lasts(kept),
        )
    )
    session.flush()
    return secret


def who_is_signed_in(session: Session, secret: str, *, now: datetime, uses: bool = True) -> Bearer | None:
    """Who holds this, with the rights they have now; None when it has ended, or they have left.

    `uses`: somebody is there, so it goes on; a page that looks for news by itself does not keep it alive.
    """
    row = session.scalars(
        select(SignIn).where(SignIn.secret_hash == hash_of(secret), SignIn.ended_at.is_(None), SignIn.expires_at > now)
    ).one_or_none()
    if row is None:
        return None
    who = _whose(session, row, now)
    if who is not None and uses and now - row.seen_at >= SEEN_EVERY:
        row.seen_at, row.expires_at = now, now + _lasts(row.remembered)
    return None if who is None else replace(who, sign_in_id=row.id)


def sign_ins_of(session: Session, who: Bearer, *, now: datetime) -> Sequence[SignedIn]:
    """Where somebody is signed in, the one that was used last first."""
    rows = session.scalars(
        select(SignIn).where(_mine(who), *_open(now)).order_by(SignIn.seen_at.desc(), SignIn.id.desc()).limit(50)
    )
    return [SignedIn(row.id, row.how, row.device, row.remembered, row.created_at, row.seen_at) for row in rows]


def end_sign_in(session: Session, who: Bearer, sign_in_id: int, *, now: datetime) -> bool:
    """One of their own opens nothing from now on; False where there is no such one any more."""
    return _end(session, _mine(who) & (SignIn.id == sign_in_id), now) > 0


def end_sign_in_by(session: Session, secret: str, *, now: datetime) -> None:
    """What a browser holds opens nothing from now on."""
    _end(session, SignIn.secret_hash == hash_of(secret), now)


def end_other_sign_ins(session: Session, who: Bearer, *, now: datetime) -> int:
    """All of their own but the one they ask by; how many that were."""
    return _end(session, _mine(who) & (SignIn.id != who.sign_in_id), now)


def end_sign_ins(session: Session, person_id: int, *, now: datetime) -> int:
    """Somebody is signed in nowhere any more; how many that were."""
    return _end(session, SignIn.person_id == person_id, now)


def _whose(session: Session, row: SignIn, now: datetime) -> Bearer | None:
    if row.token_id is not None:
        return bearer_of(session, row.token_id, now=now)
    return None if row.person_id is None else bearer_of_person(session, row.person_id)


def _lasts(remembered: bool) -> timedelta:
    return UNUSED_ON_OWN_PHONE if remembered else UNUSED_FOR


def _mine(who: Bearer) -> ColumnElement[bool]:
    return SignIn.token_id == who.token_id if who.person_id is None else SignIn.person_id == who.person_id


def _open(now: datetime) -> tuple[ColumnElement[bool], ...]:
    return SignIn.ended_at.is_(None), SignIn.expires_at > now


def _end(session: Session, which: ColumnElement[bool], now: datetime) -> int:
    ended = session.execute(
        update(SignIn).where(which, *_open(now)).values(ended_at=now).returning(SignIn.id),
        execution_options={"synchronize_session": False},
    )
    return len(ended.all())
