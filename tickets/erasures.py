"""What has been erased on request: how much, when and by whom, and marks by which it is erased again after a restore."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, Json, append_only
from tickets.store import Cipher


class Erasure(Base):
    """One erasure; `counts` says how many rows of what, and nothing says whose they were."""

    __tablename__ = "erasure"
    __table_args__ = (Index("ix_erasure_newest", "network_id", text("id DESC")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    counts: Mapped[Json]


append_only(Erasure.__table__)


class ErasedMark(Base):
    """A keyed hash of a ticket, helper or person that was erased: an old backup is known by it, and nobody is."""

    __tablename__ = "erased_mark"

    mark: Mapped[bytes] = mapped_column(primary_key=True)
    erased_at: Mapped[datetime] = mapped_column(index=True)


def mark_of(cipher: Cipher, kind: str, name: str, created_at: datetime) -> bytes:
    """The mark of a ticket (by code), helper or person (by number): only whoever has the secret can make it again."""
    return cipher.index_of(f"erased {kind} {name} {created_at.astimezone(UTC).isoformat()}")


def note_erasure(
    session: Session, network_id: int, counts: Mapping[str, int], marks: Collection[bytes], *, now: datetime, actor: str
) -> int:
    """Write down that something was erased, and how to know it again in an old backup; the erasure's number."""
    erasure = Erasure(network_id=network_id, at=now, actor=actor, counts=dict(counts))
    session.add(erasure)
    session.flush()
    remember_marks(session, marks, at=now)
    return erasure.id


def remember_marks(session: Session, marks: Collection[bytes], *, at: datetime) -> None:
    """Keep marks for a year; one that is known stays as it is."""
    if marks:
        rows = [{"mark": mark, "erased_at": at} for mark in sorted(set(marks))]
        session.execute(insert(ErasedMark).values(rows).on_conflict_do_nothing())


def marks_kept(session: Session) -> tuple[tuple[bytes, datetime], ...]:
    """All marks with their time, the oldest first: to be kept apart from the backups."""
    kept = session.execute(
        select(ErasedMark.mark, ErasedMark.erased_at).order_by(ErasedMark.erased_at, ErasedMark.mark)
    )
    return tuple((mark, at) for mark, at in kept)


def erasures_of(session: Session, network_id: int, *, limit: int, before: int | None = None) -> Sequence[Erasure]:
    """What was erased in a network, the newest first; `before` an erasure's number."""
    newest = select(Erasure).where(Erasure.network_id == network_id).order_by(Erasure.id.desc()).limit(limit)
    return session.scalars(newest if before is None else newest.where(Erasure.id < before)).all()
