"""Lists that people come back to: a name, and what to look for. One's own, or shared by the network."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, ForeignKey, Index, delete, false, or_, select, text, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, Json
from tickets.store import cipher_of

MOST: Final = 100  # of one person, or shared by one network


class ViewRefusal(StrEnum):
    """Why a list is not called otherwise."""

    NO_SUCH_VIEW = "no_such_view"
    NAME_TAKEN = "name_taken"


class SavedView(Base):
    """A list by name. Without a person it is shared. What is searched for may name somebody, so it is sealed."""

    __tablename__ = "saved_view"
    __table_args__ = (Index("uq_saved_view", "network_id", text("coalesce(person_id, 0)"), "name", unique=True),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    name: Mapped[str]
    filters: Mapped[Json]
    said_sealed: Mapped[str | None]
    saved_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class View:
    """A saved list; `filters` as the API writes them, `said` what is searched for."""

    id: int
    name: str
    shared: bool
    filters: Mapping[str, str]
    said: str | None


def views_of(session: Session, network_id: int, person_id: int | None) -> tuple[View, ...]:
    """One's own and the shared ones, by name."""
    query = select(SavedView).where(SavedView.network_id == network_id, _open_to(person_id))
    cipher = cipher_of(session)
    return tuple(
        View(
            row.id,
            row.name,
            row.person_id is None,
            row.filters,
            None if row.said_sealed is None else cipher.open(row.said_sealed),
        )
        for row in session.scalars(query.order_by(SavedView.name, SavedView.id))
    )


def save_view(
    session: Session,
    network_id: int,
    person_id: int | None,
    name: str,
    filters: Mapping[str, str],
    said: str | None,
    *,
    now: datetime,
) -> int | None:
    """Keep a list under a name, instead of the one that had it; its id, None when there are too many already."""
    kept = [view for view in views_of(session, network_id, person_id) if view.shared == (person_id is None)]
    if len(kept) >= MOST and name not in {view.name for view in kept}:
        return None
    said_sealed = None if said is None else cipher_of(session).seal(said)
    values = {"filters": dict(filters), "said_sealed": said_sealed, "saved_at": now}
    saved = insert(SavedView).values(network_id=network_id, person_id=person_id, name=name, **values)
    again = saved.on_conflict_do_update(
        index_elements=["network_id", text("coalesce(person_id, 0)"), "name"],
        set_=values,
    )
    return session.scalars(again.returning(SavedView.id)).one()


def rename_view(
    session: Session, network_id: int, view_id: int, person_id: int | None, name: str, *, shared_too: bool
) -> ViewRefusal | None:
    """Call a list of one's own otherwise, or a shared one if one may."""
    mine = _keeps(person_id, shared_too=shared_too)
    renamed = update(SavedView).where(SavedView.id == view_id, SavedView.network_id == network_id, mine)
    try:
        with session.begin_nested():
            done = session.execute(renamed.values(name=name).returning(SavedView.id)).first() is not None
    except IntegrityError:
        return ViewRefusal.NAME_TAKEN
    return None if done else ViewRefusal.NO_SUCH_VIEW


def drop_view(session: Session, network_id: int, view_id: int, person_id: int | None, *, shared_too: bool) -> bool:
    """Forget a list of one's own, or a shared one if one may; False when there is no such list."""
    mine = _keeps(person_id, shared_too=shared_too)
    dropped = delete(SavedView).where(SavedView.id == view_id, SavedView.network_id == network_id, mine)
    return session.execute(dropped.returning(SavedView.id)).first() is not None


def _keeps(person_id: int | None, *, shared_too: bool) -> ColumnElement[bool]:
    own = false() if person_id is None else SavedView.person_id == person_id
    return or_(own, SavedView.person_id.is_(None)) if shared_too else own


def _open_to(person_id: int | None) -> ColumnElement[bool]:
    shared = SavedView.person_id.is_(None)
    return shared if person_id is None else or_(shared, SavedView.person_id == person_id)
