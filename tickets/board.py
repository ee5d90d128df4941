"""The network's notice board: what its people tell one another."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, ForeignKey, Index, and_, func, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.network import Helper
from tickets.people import Person
from tickets.records import Base, Id
from tickets.store import cipher_of


class BoardPost(Base):
    """One notice, sealed: what people tell one another may touch somebody. `author` is an actor. It stands above the others until `pinned_until`, that day included."""

    __tablename__ = "board_post"
    __table_args__ = (
        Index("ix_board_post_newest", "network_id", text("id DESC"), postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    author: Mapped[str]
    title_sealed: Mapped[str]
    text_sealed: Mapped[str]
    pinned_until: Mapped[date | None]
    posted_at: Mapped[datetime]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]


@dataclass(frozen=True, slots=True)
class Notice:
    """What a notice says."""

    title: str
    text: str
    pinned_until: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeCard:
    """A notice as it hangs on the board; `name` is its author's, none where a program or the line's keeper put it up."""

    id: int
    notice: Notice
    person_id: int | None
    name: str | None
    posted_at: datetime
    edited_at: datetime | None


def put_up(
    session: Session, network_id: int, notice: Notice, *, person_id: int | None, now: datetime, actor: str
) -> int:
    """Hang a notice on the board; its id."""
    post = BoardPost(network_id=network_id, person_id=person_id, author=actor, posted_at=now)
    _write(session, post, notice)
    session.add(post)
    session.flush()
    return post.id


def reword(session: Session, post: BoardPost, notice: Notice, *, now: datetime) -> None:
    """Let a notice say something else; that it was changed is seen."""
    _write(session, post, notice)
    post.edited_at = now


def take_down(post: BoardPost, *, now: datetime) -> None:
    """Nobody reads it any more."""
    post.removed_at = now


def post_of(session: Session, network_id: int, post_id: int) -> BoardPost | None:
    """A notice that hangs on this network's board."""
    post = session.get(BoardPost, post_id)
    return post if post is not None and post.network_id == network_id and post.removed_at is None else None


def notice_of(session: Session, post: BoardPost) -> Notice:
    """What a notice says, opened."""
    return _card(session, post, None).notice


def pinned_on(session: Session, network_id: int, today: date) -> tuple[NoticeCard, ...]:
    """What stands above the others on this day, the newest first."""
    return _cards(session, network_id, BoardPost.pinned_until >= today)


def board_of(
    session: Session, network_id: int, today: date, *, before: int | None = None, limit: int = 50
) -> tuple[NoticeCard, ...]:
    """The notices that are not pinned, the newest first: those older than the one whose id is `before`."""
    loose = or_(BoardPost.pinned_until.is_(None), BoardPost.pinned_until < today)
    older = loose if before is None else and_(loose, BoardPost.id < before)
    return _cards(session, network_id, older, limit)


def _cards(
    session: Session, network_id: int, which: ColumnElement[bool], limit: int | None = None
) -> tuple[NoticeCard, ...]:
    rows = session.execute(
        select(BoardPost, func.coalesce(Person.name_sealed, Helper.name_sealed))
        .outerjoin(Person, Person.id == BoardPost.person_id)
        .outerjoin(Helper, Helper.id == Person.helper_id)
        .where(BoardPost.network_id == network_id, BoardPost.removed_at.is_(None), which)
        .order_by(BoardPost.id.desc())
        .limit(limit)
    )
    return tuple(_card(session, post, name) for post, name in rows)


def _write(session: Session, post: BoardPost, notice: Notice) -> None:
    seal = cipher_of(session).seal
    post.title_sealed, post.text_sealed = seal(notice.title), seal(notice.text)
    post.pinned_until = notice.pinned_until


def _card(session: Session, post: BoardPost, name: str | None) -> NoticeCard:
    opened = cipher_of(session).open
    notice = Notice(opened(post.title_sealed), opened(post.text_sealed), post.pinned_until)
    author = None if name is None else opened(name)
    return NoticeCard(post.id, notice, post.person_id, author, post.posted_at, post.edited_at)
