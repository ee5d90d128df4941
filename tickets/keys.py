"""New data keys: everything sealed is sealed again with the newest, so that the old ones can be thrown away."""

from typing import Final

from sqlalchemy import Column, Table, select, text, tuple_, update
from sqlalchemy.orm import Session

from tickets.records import RESEALING, Base
from tickets.store import Cipher, cipher_of

BATCH: Final = 200
SEALED: Final = "_sealed"  # how the name of every sealed column ends


def rotate(session: Session) -> int:
    """Seal every sealed value anew with the first key of the session's cipher; how many rows that were.

    Raises SealBrokenError when a value opens with none of the keys. The index by which numbers are found hangs on the
    installation's secret, not on the data keys, and stays.
    """
    session.execute(text(f"SET LOCAL {RESEALING} = 'on'"))
    cipher = cipher_of(session)
    return sum(_renew_table(session, table, cipher) for table in Base.metadata.sorted_tables if sealed_columns(table))


def sealed_columns(table: Table) -> list[Column[str | bytes | None]]:
    """The columns of a table that hold what is personal."""
    return [column for column in table.columns if column.name.endswith(SEALED)]


def _renew_table(session: Session, table: Table, cipher: Cipher) -> int:
    keys, columns = list(table.primary_key.columns), sealed_columns(table)
    query = select(*keys, *columns).order_by(*keys).limit(BATCH)
    rows = session.execute(query).all()
    renewed = 0
    while rows:
        for row in rows:
            sealed = {column.name: _renew(cipher, getattr(row, column.name)) for column in columns}
            mine = [key == getattr(row, key.name) for key in keys]
            session.execute(update(table).where(*mine).values(sealed))
        renewed += len(rows)
        last = tuple(getattr(rows[-1], key.name) for key in keys)
        rows = session.execute(query.where(tuple_(*keys) > last)).all()
    return renewed


def _renew(cipher: Cipher, sealed: str | bytes | None) -> str | bytes | None:
    if sealed is None:
        return None
    return cipher.renew(sealed) if isinstance(sealed, str) else cipher.renew_media(sealed)
