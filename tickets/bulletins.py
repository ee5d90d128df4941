"""Bulletins: one short sentence in each language that every caller of a line, or of all lines, hears before all else.

It goes on at once and off by itself; another one in its place ends it. What was said stays written, with who said it.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ColumnElement, ForeignKey, Index, or_, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.network import Line, Network
from tickets.people_log import About, PeopleChangeKind, note_people
from tickets.records import Base, Id
from voice_prompts.bulletin import BulletinWords

LONGEST_ON: Final = timedelta(days=14)  # what holds for longer is no news; the line's own words say it
HEARD_AGAIN: Final = 20  # earlier ones that the page shows


class BulletinRefusal(StrEnum):
    """Why a bulletin does not go on, or off; the values are in the API."""

    NOT_FOUND = "not_found"
    NO_SUCH_LINE = "no_such_line"
    FAULTY = "faulty"  # the voice cannot say it right
    SAME_WORDS = "same_words"  # one of the two is in the wrong language
    NOT_AHEAD = "not_ahead"
    TOO_LONG_ON = "too_long_on"
    CHANGED_MEANWHILE = "changed_meanwhile"
    OVER = "over"


class Bulletin(Base):
    """What is, or was, said on a line; without a line on all of the network. `ended_at`: when it was taken off, or replaced."""

    __tablename__ = "bulletin"
    __table_args__ = (
        Index(
            "uq_bulletin_on",
            "network_id",
            "line_id",
            unique=True,
            postgresql_nulls_not_distinct=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
        CheckConstraint("ends_at > begins_at", name="span"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    line_id: Mapped[int | None] = mapped_column(ForeignKey("line.id"))
    text_fi: Mapped[str]
    text_sv: Mapped[str]
    begins_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    put_on_by: Mapped[str]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[str | None]


@dataclass(frozen=True, slots=True)
class BulletinCard:
    """A bulletin that is on, or was."""

    id: int
    line_id: int | None
    words: BulletinWords
    begins_at: datetime
    ends_at: datetime
    put_on_by: str
    ended_at: datetime | None


def heard_on(session: Session, network_id: int, line_id: int, *, now: datetime) -> tuple[BulletinWords, ...]:
    """What a caller of this line hears now: first that of all lines, then the line's own. One statement."""
    there = or_(Bulletin.line_id.is_(None), Bulletin.line_id == line_id)
    rows = session.scalars(
        select(Bulletin).where(*_on(network_id, now), there).order_by(Bulletin.line_id.nulls_first())
    )
    return tuple(_words_of(row) for row in rows)


def on_now(session: Session, network_id: int, *, now: datetime) -> tuple[BulletinCard, ...]:
    """The bulletins that are on, that of all lines first."""
    rows = session.scalars(select(Bulletin).where(*_on(network_id, now)).order_by(Bulletin.line_id.nulls_first()))
    return tuple(_card(row) for row in rows)


def earlier(session: Session, network_id: int, *, now: datetime, limit: int = HEARD_AGAIN) -> tuple[BulletinCard, ...]:
    """Those that are over, the newest first."""
    over = or_(Bulletin.ended_at.is_not(None), Bulletin.ends_at <= now)
    query = select(Bulletin).where(Bulletin.network_id == network_id, over)
    return tuple(_card(row) for row in session.scalars(query.order_by(Bulletin.id.desc()).limit(limit)))


def put_on(
    session: Session,
    network_id: int,
    line_id: int | None,
    words: BulletinWords,
    *,
    ends_at: datetime,
    now: datetime,
    actor: str,
    seen: int | None = None,
) -> int | BulletinRefusal:
    """Let callers hear it from now on, in place of what they heard there; `seen`: the one that was on then, 0 for none."""
    words = words.tidy()
    if (refusal := _refusal(session, network_id, line_id, words, ends_at - now)) is not None:
        return refusal
    session.execute(
        select(Network.id).where(Network.id == network_id).with_for_update(key_share=True)
    )  # one after another
    place = Bulletin.line_id.is_(None) if line_id is None else Bulletin.line_id == line_id
    left = session.scalars(
        select(Bulletin).where(Bulletin.network_id == network_id, place, Bulletin.ended_at.is_(None))
    ).one_or_none()
    if seen is not None and seen != (left.id if left is not None and left.ends_at > now else 0):
        return BulletinRefusal.CHANGED_MEANWHILE
    if left is not None:
        _end(left, now, actor)
        session.flush()
    made = Bulletin(network_id=network_id, line_id=line_id, text_fi=words.fi, text_sv=words.sv, begins_at=now)
    made.ends_at, made.put_on_by = ends_at, actor
    session.add(made)
    session.flush()
    kind, about = PeopleChangeKind.BULLETIN_ON, About()
    note_people(session, network_id, kind, about, actor=actor, now=now, bulletin=made.id, line=line_id)
    return made.id


def take_off(
    session: Session, network_id: int, bulletin_id: int, *, now: datetime, actor: str
) -> BulletinRefusal | None:
    """Nobody hears it any more, from the next call on; taken off twice it is off."""
    row = session.get(Bulletin, bulletin_id, with_for_update=True, populate_existing=True)
    if row is None or row.network_id != network_id:
        return BulletinRefusal.NOT_FOUND
    if row.ended_at is None:
        _end(row, now, actor)
        kind, about = PeopleChangeKind.BULLETIN_OFF, About()
        note_people(session, network_id, kind, about, actor=actor, now=now, bulletin=row.id, line=row.line_id)
    return None


def move_end(
    session: Session, network_id: int, bulletin_id: int, ends_at: datetime, *, now: datetime, actor: str
) -> BulletinRefusal | None:
    """Let one that is on go off at another time; what it says, and since when, stays."""
    row = session.get(Bulletin, bulletin_id, with_for_update=True, populate_existing=True)
    if row is None or row.network_id != network_id:
        return BulletinRefusal.NOT_FOUND
    if row.ended_at is not None or row.ends_at <= now:
        return BulletinRefusal.OVER
    if (refusal := _wrong_end(ends_at - now)) is not None:
        return refusal
    row.ends_at = ends_at
    kind, about = PeopleChangeKind.BULLETIN_MOVED, About()
    note_people(session, network_id, kind, about, actor=actor, now=now, bulletin=row.id, line=row.line_id)
    return None


def _refusal(
    session: Session, network_id: int, line_id: int | None, words: BulletinWords, length: timedelta
) -> BulletinRefusal | None:
    line = None if line_id is None else session.get(Line, line_id)
    if line_id is not None and (line is None or line.network_id != network_id):
        return BulletinRefusal.NO_SUCH_LINE
    if words.faults():
        return BulletinRefusal.FAULTY
    if words.fi.casefold() == words.sv.casefold():
        return BulletinRefusal.SAME_WORDS
    return _wrong_end(length)


def _wrong_end(length: timedelta) -> BulletinRefusal | None:
    if length <= timedelta(0):
        return BulletinRefusal.NOT_AHEAD
    return BulletinRefusal.TOO_LONG_ON if length > LONGEST_ON else None


def _end(row: Bulletin, now: datetime, actor: str) -> None:
    """One that had run out by itself ended then."""
    row.ended_at, row.ended_by = min(now, row.ends_at), actor


def _on(network_id: int, now: datetime) -> tuple[ColumnElement[bool], ...]:
    return Bulletin.network_id == network_id, Bulletin.ended_at.is_(None), Bulletin.ends_at > now


def _words_of(row: Bulletin) -> BulletinWords:
    return BulletinWords(row.text_fi, row.text_sv)


def _card(row: Bulletin) -> BulletinCard:
    return BulletinCard(row.id, row.line_id, _words_of(row), row.begins_at, row.ends_at, row.put_on_by, row.ended_at)
