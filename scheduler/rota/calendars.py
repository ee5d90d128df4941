"""Calendars that are followed: secret addresses of a helper's own places and of an organisation's rota."""

import secrets
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from scheduler.rota.changes import About, ChangeKind, note_change
from scheduler.rota.wishes import CalendarFeed
from tickets.network import Helper, Organisation
from tickets.tokens import hash_of
from voice_prompts.language import Language


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose shifts a feed shows: one helper's own, or those of an organisation."""

    helper_id: int | None = None
    organisation_id: int | None = None


@dataclass(frozen=True, slots=True)
class Feed:
    """A feed that can be followed; `language` is the helper's own, None for an organisation's."""

    id: int
    network_id: int
    whose: Whose
    created_at: datetime
    language: Language | None


@dataclass(frozen=True, slots=True)
class OpenedFeed:
    """A new feed and its token, which is shown this once: only its hash is kept."""

    feed_id: int
    token: str


def open_feed(session: Session, network_id: int, whose: Whose, *, actor: str, now: datetime) -> OpenedFeed | None:
    """Open a feed; None when this network has no such helper at work, or no such organisation."""
    if not _is_here(session, network_id, whose):
        return None
    token = secrets.token_urlsafe(32)
    feed = CalendarFeed(
        network_id=network_id,
        helper_id=whose.helper_id,
        organisation_id=whose.organisation_id,
        token_hash=hash_of(token),
        created_at=now,
    )
    session.add(feed)
    session.flush()
    about = About(helper_id=whose.helper_id)
    note_change(session, network_id, ChangeKind.FEED_OPENED, about, actor=actor, now=now, feed=feed.id)
    return OpenedFeed(feed.id, token)


def renew_feed(session: Session, network_id: int, feed_id: int, *, actor: str, now: datetime) -> OpenedFeed | None:
    """Close a feed whose address got about, and open one like it; None when there is none open by that number."""
    closed = _close(session, network_id, feed_id, actor, now)
    return None if closed is None else open_feed(session, network_id, closed, actor=actor, now=now)


def revoke_feed(session: Session, network_id: int, feed_id: int, *, actor: str, now: datetime) -> bool:
    """The address shows nothing from now on; False when the network has no feed open by that number."""
    return _close(session, network_id, feed_id, actor, now) is not None


def feed_with(session: Session, token: str) -> Feed | None:
    """The feed that this token opens; an unknown, a revoked and a leaver's token are told apart by nothing, not even time."""
    rows = session.execute(_OPEN_FEEDS.where(CalendarFeed.token_hash == hash_of(token)))
    return next((_feed(row.CalendarFeed, row.languages) for row in rows), None)


def feeds_of(session: Session, network_id: int) -> tuple[Feed, ...]:
    """The feeds of a network that can be followed now, oldest first."""
    rows = session.execute(_OPEN_FEEDS.where(CalendarFeed.network_id == network_id).order_by(CalendarFeed.id))
    return tuple(_feed(row.CalendarFeed, row.languages) for row in rows)


def feed_of(session: Session, network_id: int, helper_id: int) -> Feed | None:
    """The newest feed of a helper's own places that can be followed now."""
    mine = (CalendarFeed.network_id == network_id, CalendarFeed.helper_id == helper_id)
    rows = session.execute(_OPEN_FEEDS.where(*mine).order_by(CalendarFeed.id.desc()).limit(1))
    return next((_feed(row.CalendarFeed, row.languages) for row in rows), None)


_OPEN_FEEDS = (
    select(CalendarFeed, Helper.languages)
    .outerjoin(Helper, Helper.id == CalendarFeed.helper_id)
    .where(CalendarFeed.revoked_at.is_(None), or_(CalendarFeed.helper_id.is_(None), Helper.active))
)


def _is_here(session: Session, network_id: int, whose: Whose) -> bool:
    if whose.helper_id is not None:
        mine = (Helper.id == whose.helper_id, Helper.network_id == network_id, Helper.active)
        return session.scalar(select(Helper.id).where(*mine)) is not None
    ours = (Organisation.id == whose.organisation_id, Organisation.network_id == network_id)
    return session.scalar(select(Organisation.id).where(*ours)) is not None


def _close(session: Session, network_id: int, feed_id: int, actor: str, now: datetime) -> Whose | None:
    row = session.execute(
        update(CalendarFeed)
        .where(CalendarFeed.id == feed_id, CalendarFeed.network_id == network_id, CalendarFeed.revoked_at.is_(None))
        .values(revoked_at=now)
        .returning(CalendarFeed.helper_id, CalendarFeed.organisation_id),
        execution_options={"synchronize_session": False},
    ).first()
    if row is None:
        return None
    about = About(helper_id=row.helper_id)
    note_change(session, network_id, ChangeKind.FEED_REVOKED, about, actor=actor, now=now, feed=feed_id)
    return Whose(row.helper_id, row.organisation_id)


def _feed(row: CalendarFeed, languages: list[str] | None) -> Feed:
    language = Language(languages[0]) if languages else None
    return Feed(row.id, row.network_id, Whose(row.helper_id, row.organisation_id), row.created_at, language)
