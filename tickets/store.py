"""The way to the database: engine, session, and the seal on what is personal."""

import hashlib
import hmac
from collections.abc import Sequence
from typing import Final, cast

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from sqlalchemy import Engine, create_engine, make_url
from sqlalchemy.orm import Session, sessionmaker

from tickets.errors import SealBrokenError

CIPHER: Final = "cipher"
# Seconds for a connection, a place in the pool, a lock: the operator waits fifteen in all, and then its caller hears us fail.
PATIENCE_S: Final = 4


class Cipher:
    """Seals names, numbers and messages; the first key seals, every key opens.

    `keys` are Fernet keys, newest first. `index_key` makes the index by which a number is found without being read.
    """

    def __init__(self, keys: Sequence[str], index_key: bytes) -> None:
        self._ring = MultiFernet([Fernet(key) for key in keys])
        self._index_key = index_key

    @classmethod
    def from_settings(cls, keys: Sequence[str], secret: str) -> "Cipher":
        """The cipher of this installation: its data keys, and an index key derived from its secret."""
        return cls(keys, hmac.digest(secret.encode(), b"digilinja caller index", hashlib.sha256))

    def seal(self, text: str) -> str:
        """The text as only a holder of a data key can read it."""
        return self._ring.encrypt(text.encode()).decode()

    def open(self, sealed: str) -> str:
        """What was sealed; raises SealBrokenError when no key fits."""
        return self.open_media(sealed.encode()).decode()

    def seal_media(self, media: bytes) -> bytes:
        """A recording as only a holder of a data key can hear it."""
        return self._ring.encrypt(media)

    def open_media(self, sealed: bytes) -> bytes:
        """The recording that was sealed; raises SealBrokenError when no key fits."""
        try:
            return self._ring.decrypt(sealed)
        except InvalidToken as error:
            raise SealBrokenError from error

    def renew(self, sealed: str) -> str:
        """The same content under the newest key."""
        return self.renew_media(sealed.encode()).decode()

    def renew_media(self, sealed: bytes) -> bytes:
        """The same recording under the newest key."""
        try:
            return self._ring.rotate(sealed)
        except InvalidToken as error:
            raise SealBrokenError from error

    def index_of(self, e164: str) -> bytes:
        """The keyed hash under which a number is found; the same number always gives the same 32 bytes."""
        return hmac.digest(self._index_key, e164.encode(), hashlib.sha256)


def make_engine(url: str, *, pool_size: int = 8) -> Engine:
    """An engine on PostgreSQL, by psycopg 3 whatever driver the URL names; every connection speaks UTC."""
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        hide_parameters=True,  # what callers told us does not belong in an error message
        pool_size=pool_size,
        pool_timeout=PATIENCE_S,
        connect_args={
            "connect_timeout": PATIENCE_S,
            "options": "-c timezone=UTC -c lock_timeout=2s -c idle_in_transaction_session_timeout=60s",
        },
    )


def make_session_factory(engine: Engine, cipher: Cipher) -> sessionmaker[Session]:
    """Sessions that know the cipher of this installation."""
    return sessionmaker(engine, expire_on_commit=False, info={CIPHER: cipher})


def cipher_of(session: Session) -> Cipher:
    """The cipher that this session's rows are sealed with."""
    return cast("Cipher", session.info[CIPHER])
