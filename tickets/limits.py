"""How often something may be asked for: counted in the database, so that all web processes count together."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base
from tickets.store import cipher_of


class Count(Base):
    """How often one source has asked in one span; the source is a keyed hash, gone after two days."""

    __tablename__ = "count"

    source: Mapped[bytes] = mapped_column(primary_key=True)
    begins: Mapped[datetime] = mapped_column(primary_key=True)
    times: Mapped[int]


_COUNT = text("""
WITH old AS (DELETE FROM count WHERE begins < :forgotten)
INSERT INTO count (source, begins, times) VALUES (:source, :begins, 1)
ON CONFLICT (source, begins) DO UPDATE SET times = count.times + 1 RETURNING times
""")
_KEPT = timedelta(days=2)


def ask_leave(session: Session, source: str, *, most: int, per: timedelta, now: datetime) -> bool:
    """Count one more request of this source, and say whether it is among the `most` that a span of `per` allows."""
    begins = datetime.fromtimestamp(now.timestamp() // per.total_seconds() * per.total_seconds(), UTC)
    values = {"source": cipher_of(session).index_of(source), "begins": begins, "forgotten": now - _KEPT}
    return bool(session.execute(_COUNT, values).scalar_one() <= most)
