"""The network's notice board: what its people tell one another."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id


class BoardPost(Base):
    """One notice; `author` is an actor. It stands above the others until `pinned_until`, that day included."""

    __tablename__ = "board_post"
    __table_args__ = (
        Index("ix_board_post_newest", "network_id", text("id DESC"), postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author: Mapped[str]
    title: Mapped[str]
    text: Mapped[str]
    pinned_until: Mapped[date | None]
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
