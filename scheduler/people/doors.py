"""By what people come in and how that is ended: sign-ins, keys, accounts of organisations. The log of changes tells of each."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from scheduler.people.cards import people_named
from tickets.outside_accounts import Account, bind, bound_since, unbind
from tickets.people import Person
from tickets.people_log import About, Detail, PeopleChangeKind, note_people
from tickets.sign_ins import end_other_sign_ins, end_sign_in, end_sign_ins
from tickets.tokens import HOLDS, ApiToken, Bearer, actor_of, hash_of, issue_token, revoke_token
from tickets.vocabulary import Role

MOST_KEYS: Final = 200
LONGEST_PURPOSE: Final = 100
_KEYS: Final = select(ApiToken, Person.role, Person.organisation_id, Person.id.label("holder")).outerjoin(Person, HOLDS)


@dataclass(frozen=True, slots=True)
class KeyFor:
    """Whose key it is to be, with which role; of nobody: a program's."""

    role: Role
    helper_id: int | None = None
    person_id: int | None = None
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class KeyCard:
    """A key as it stands, by its number; the key itself is kept nowhere. `name` is empty where it is a program's."""

    id: int
    role: Role
    person_id: int | None
    name: str
    purpose: str
    created_at: datetime
    expires_at: datetime | None
    used_at: datetime | None


def make_key(
    session: Session, network_id: int, wanted: KeyFor, *, now: datetime, expires_at: datetime, actor: str
) -> str:
    """A new key, shown this once."""
    token = issue_token(
        session,
        network_id,
        wanted.role,
        now=now,
        helper_id=wanted.helper_id,
        person_id=wanted.person_id,
        expires_at=expires_at,
        purpose=wanted.purpose[:LONGEST_PURPOSE],
    )
    made = key_with(session, network_id, token) or 0
    _note(session, network_id, PeopleChangeKind.KEY_MADE, made, now=now, actor=actor)
    return token


def keys_of(session: Session, network_id: int, *, now: datetime, person_id: int | None = None) -> Sequence[KeyCard]:
    """The keys that open something, of everybody or of one person, the newest first."""
    unspent = or_(ApiToken.expires_at.is_(None), ApiToken.expires_at > now)
    wanted = and_(ApiToken.network_id == network_id, ApiToken.revoked_at.is_(None), unspent)
    if person_id is not None:
        wanted &= Person.id == person_id
    rows = session.execute(_KEYS.where(wanted).order_by(ApiToken.id.desc()).limit(MOST_KEYS)).all()
    names = people_named(session, network_id, {row.holder for row in rows if row.holder is not None})
    return [
        KeyCard(
            row.ApiToken.id,
            row.role or row.ApiToken.role,
            row.holder,
            names.get(row.holder, ""),
            row.ApiToken.purpose,
            row.ApiToken.created_at,
            row.ApiToken.expires_at,
            row.ApiToken.used_at,
        )
        for row in rows
    ]


def key_with(session: Session, network_id: int, token: str) -> int | None:
    """The number of a key that somebody has in their hands; None where the network knows no such key."""
    of = (ApiToken.token_hash == hash_of(token), ApiToken.network_id == network_id)
    return session.scalar(select(ApiToken.id).where(*of))


def end_key(
    session: Session, network_id: int, number: int, *, now: datetime, actor: str, person_id: int | None = None
) -> bool:
    """A key opens nothing from now on, nor does whoever is signed in by it; False where there is no such one any more.

    With `person_id` only one that is theirs.
    """
    of = (ApiToken.id == number, ApiToken.network_id == network_id)
    row = session.execute(_KEYS.where(*of)).one_or_none()
    if row is None or (person_id is not None and row.holder != person_id):
        return False
    ended = revoke_token(session, network_id, number, now=now)
    if ended:
        _note(session, network_id, PeopleChangeKind.KEY_ENDED, number, now=now, actor=actor)
    return ended


def join_account(session: Session, account: Account, person_id: int, *, now: datetime, actor: str) -> bool:
    """An organisation's account brings this person in from now on; False where another one does."""
    before = bound_since(session, person_id)
    if not bind(session, account, person_id, now=now):
        return False
    if before is None:
        _note_about(session, person_id, PeopleChangeKind.ACCOUNT_BOUND, now=now, actor=actor)
    return True


def forget_account(session: Session, person_id: int, *, now: datetime, actor: str) -> None:
    """They have no account of an organisation any more."""
    if bound_since(session, person_id) is not None:
        unbind(session, person_id)
        _note_about(session, person_id, PeopleChangeKind.ACCOUNT_FORGOTTEN, now=now, actor=actor)


def end_all_sign_ins(session: Session, person: Person, *, now: datetime, actor: str) -> int:
    """Somebody is signed in nowhere any more; how many sign-ins that were."""
    ended = end_sign_ins(session, person.id, now=now)
    if ended:
        _note_about(session, person.id, PeopleChangeKind.SIGN_INS_ENDED, now=now, actor=actor, ended=ended)
    return ended


def end_own_sign_in(session: Session, who: Bearer, sign_in_id: int, *, now: datetime) -> bool:
    """One of their own ends; False where there is no such one any more."""
    return _end_own(session, who, lambda: int(end_sign_in(session, who, sign_in_id, now=now)), now) > 0


def end_own_other_sign_ins(session: Session, who: Bearer, *, now: datetime) -> int:
    """All of their own end but the one they ask by; how many that were."""
    return _end_own(session, who, lambda: end_other_sign_ins(session, who, now=now), now)


def _end_own(session: Session, who: Bearer, ending: Callable[[], int], now: datetime) -> int:
    ended = ending()
    if ended and who.person_id is not None:
        kind, actor = PeopleChangeKind.SIGN_INS_ENDED, actor_of(who)
        _note_about(session, who.person_id, kind, now=now, actor=actor, ended=ended)
    return ended


def _note_about(
    session: Session, person_id: int, kind: PeopleChangeKind, *, now: datetime, actor: str, **details: Detail
) -> None:
    person = session.get_one(Person, person_id)
    about = About(person.id, person.organisation_id)
    note_people(session, person.network_id, kind, about, actor=actor, now=now, **details)


def _note(session: Session, network_id: int, kind: PeopleChangeKind, number: int, *, now: datetime, actor: str) -> None:
    key = session.execute(_KEYS.where(ApiToken.id == number)).one()
    about = About(key.holder, key.organisation_id)
    role = key.role or key.ApiToken.role
    note_people(session, network_id, kind, about, actor=actor, now=now, key=number, role=role)
