"""Codes by which somebody shows that a number or an address is theirs.

The code itself is kept nowhere: a row holds a random seed, and the code is the seed's keyed hash (cut to six digits as in
RFC 4226), made where it is sent and made again where it is compared. Nothing tells an address that is known from one that is
not: every request has its row, and only the worker looks for whom to send it to.
"""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id
from voice_prompts.language import Language


class SignInCode(Base):
    """One code: for which address, in which language it was asked for, how often it was tried.

    `sent_at`: somebody has this address, and it was sent. `proved_at`: it was typed right; `used_at`: somebody came in by it.
    """

    __tablename__ = "sign_in_code"

    id: Mapped[Id]
    address_sealed: Mapped[str]
    address_index: Mapped[bytes] = mapped_column(index=True)
    seed: Mapped[bytes]
    language: Mapped[Language]
    tries: Mapped[int] = mapped_column(default=0)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    proved_at: Mapped[datetime | None]
    used_at: Mapped[datetime | None]
