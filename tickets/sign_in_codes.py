"""Codes by which somebody shows that a number or an address is theirs.

The code itself is kept nowhere: a row holds a random seed, and the code is the seed's keyed hash, cut to six digits. It is
made where it is sent, and made again where it is compared. Nothing tells an address that is known from one that is not: every
request has its row, and only the worker looks for whom to send it to.
"""

import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.known_people import Known, people_at
from tickets.limits import ask_leave
from tickets.records import Base, Id, words
from tickets.store import cipher_of
from tickets.tokens import Bearer, bearer_of_person
from voice_prompts.language import Written

DIGITS: Final = 6
GOOD_FOR: Final = timedelta(minutes=10)
MOST_TRIES: Final = 3
# For one address from one connection: so few that whoever plays there uses up their own requests, not those of its owner.
MOST_AN_HOUR: Final = 5
MOST_A_DAY: Final = 10
# For one address from everywhere: so few that its owner's phone is no plaything, and that guessing leads nowhere.
MOST_OF_ALL_AN_HOUR: Final = 30
MOST_OF_ALL_A_DAY: Final = 60
MOST_OF_A_NETWORK: Final = 60  # an hour; an office or a library asks from one address for many


class SignInCode(Base):
    """One code: for which address, in which language it was asked for, how often it was tried.

    `sent_at`: somebody has this address, and it was sent. `proved_at`: it was typed right; `used_at`: somebody came in by it.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[Id]
    address_sealed: Mapped[str]
    address_index: Mapped[bytes] = mapped_column(index=True)
    seed: Mapped[bytes]
    language: Mapped[Written] = mapped_column(words(Written))
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]


class CodeTrouble(StrEnum):
    """Why a code lets nobody in."""

    WRONG = "code_wrong"
    TOO_OLD = "code_too_old"
    TRIED_TOO_OFTEN = "code_tried_too_often"
    USED = "code_used"


def may_ask(session: Session, address: str, network_address: str, *, now: datetime) -> bool:
    """Whether one more code may be sent to this address, and asked for from this address of the internet."""
    hour, day = timedelta(hours=1), timedelta(days=1)
    limits = (
        (f"sign-in from {network_address}", MOST_OF_A_NETWORK, hour),
        (f"sign-in {address} this hour from {network_address}", MOST_AN_HOUR, hour),
        (f"sign-in {address} this day from {network_address}", MOST_A_DAY, day),
        (f"sign-in {address} this hour", MOST_OF_ALL_AN_HOUR, hour),
        (f"sign-in {address} this day", MOST_OF_ALL_A_DAY, day),
    )
    # What one connection is refused is not counted for the address: that would keep its owner out as well.
    return all(ask_leave(session, source, most=most, per=per, now=now) for source, most, per in limits)


def new_code(session: Session, address: str, language: Written, *, now: datetime) -> int:
    """A code for an address in its one spelling, whosever it is; its number."""
    cipher = cipher_of(session)
    code = SignInCode(
        address_sealed=cipher.seal(address),
        address_index=cipher.index_of(address),
        seed=secrets.token_bytes(16),
        language=language,
        created_at=now,
        expires_at=now + GOOD_FOR,
    )
    session.add(code)
    session.flush()
    return code.id


def address_of(session: Session, code_id: int) -> str | None:
    """The address for which a code was asked; None where it is forgotten."""
    code = session.get(SignInCode, code_id)
    return None if code is None else cipher_of(session).open(code.address_sealed)


def digits_of(session: Session, code: SignInCode) -> str:
    """The six digits themselves."""
    keyed = cipher_of(session).index_of(f"sign-in code {code.id} {code.seed.hex()}")
    return f"{int.from_bytes(keyed) % 10**DIGITS:0{DIGITS}}"


def prove(session: Session, code_id: int, typed: str, *, now: datetime) -> Sequence[Known] | CodeTrouble:
    """Somebody typed these digits: who they may be, or why the code does not let them in. A wrong one counts."""
    code = _locked(session, code_id)
    if code is None or (trouble := _trouble(code, now)) is CodeTrouble.TOO_OLD:
        return CodeTrouble.TOO_OLD
    if trouble is not None:
        return trouble
    right = hmac.compare_digest(digits_of(session, code).encode(), typed.encode())
    known = people_at(session, code.address_index) if right and code.sent_at is not None else ()
    if not known:
        code.tries += 1
        return CodeTrouble.TRIED_TOO_OFTEN if code.tries >= MOST_TRIES else CodeTrouble.WRONG
    code.proved_at = now
    return known


def come_in_by(session: Session, code_id: int, person_id: int, *, now: datetime) -> Bearer | CodeTrouble:
    """Come in as one of those whose address the code has proved; a code lets in once."""
    code = _locked(session, code_id)
    if code is None or code.proved_at is None:
        return CodeTrouble.TOO_OLD
    if (trouble := _trouble(code, now)) is not None:
        return trouble
    may_be = {one.person_id for one in people_at(session, code.address_index)}
    who = bearer_of_person(session, person_id) if person_id in may_be else None
    if who is None:
        return CodeTrouble.WRONG
    code.used_at = now
    return who


def _locked(session: Session, code_id: int) -> SignInCode | None:
    return session.get(SignInCode, code_id, with_for_update=True, populate_existing=True)


def _trouble(code: SignInCode, now: datetime) -> CodeTrouble | None:
    if code.used_at is not None:
        return CodeTrouble.USED
    if code.expires_at <= now:
        return CodeTrouble.TOO_OLD
    return CodeTrouble.TRIED_TOO_OFTEN if code.tries >= MOST_TRIES else None
