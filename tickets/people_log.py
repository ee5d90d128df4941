"""What was changed about people, organisations, what they may do, lines and settings: only ever added to, without names or numbers."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from sqlalchemy import ForeignKey, Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, Id, Json, append_only, words


class PeopleChangeKind(StrEnum):
    """What was changed; the values are in the API."""

    ADDED = "added"
    EDITED = "edited"
    ROLE_GIVEN = "role_given"
    COMMITMENT_SIGNED = "commitment_signed"
    LEFT = "left"
    CAME_BACK = "came_back"
    HELPER_CHANGED = "helper_changed"
    ORGANISATION_ADDED = "organisation_added"
    ORGANISATION_CHANGED = "organisation_changed"
    BOUNDARIES_CHANGED = "boundaries_changed"
    RIGHTS_CHANGED = "rights_changed"
    RULES_PUBLISHED = "rules_published"
    RULES_CHANGED = "rules_changed"
    RULES_ACCEPTED = "rules_accepted"
    LINE_CHANGED = "line_changed"
    SETTINGS_CHANGED = "settings_changed"
    BULLETIN_ON = "bulletin_on"
    BULLETIN_OFF = "bulletin_off"
    LINE_OPENED = "line_opened"
    BULLETIN_MOVED = "bulletin_moved"
    MAILBOX_ADDED = "mailbox_added"
    MAILBOX_CHANGED = "mailbox_changed"
    MAILBOX_REMOVED = "mailbox_removed"
    SIGN_INS_ENDED = "sign_ins_ended"
    KEY_MADE = "key_made"
    KEY_ENDED = "key_ended"
    ACCOUNT_BOUND = "account_bound"
    ACCOUNT_FORGOTTEN = "account_forgotten"
    INDICATOR_CHANGED = "indicator_changed"
    INDICATOR_REMOVED = "indicator_removed"


class PeopleChange(Base):
    """One change: of whom or what, by which actor."""

    __tablename__ = "people_change"
    __table_args__ = (Index("ix_people_change_newest", "network_id", text("id DESC")),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[PeopleChangeKind] = mapped_column(words(PeopleChangeKind))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    details: Mapped[Json]


append_only(PeopleChange.__table__)


Detail: TypeAlias = str | int | bool | Sequence[str] | None


@dataclass(frozen=True, slots=True)
class About:
    """Whom or what a change is about."""

    person_id: int | None = None
    organisation_id: int | None = None


def note_people(
    session: Session,
    network_id: int,
    kind: PeopleChangeKind,
    about: About,
    /,
    *,
    actor: str,
    now: datetime,
    **details: Detail,
) -> None:
    """Write down one change; `details` are numbers, codes and days, never what names somebody."""
    row = PeopleChange(network_id=network_id, at=now, actor=actor, kind=kind, details=details)
    row.person_id, row.organisation_id = about.person_id, about.organisation_id
    session.add(row)
    session.flush()


@dataclass(frozen=True, slots=True)
class Changed:
    """One line of the log of people."""

    id: int
    at: datetime
    actor: str
    kind: PeopleChangeKind
    person_id: int | None
    organisation_id: int | None
    details: Json


def changes_of(
    session: Session,
    network_id: int,
    *,
    person_id: int | None = None,
    organisation_id: int | None = None,
    before: int | None = None,
    limit: int = 100,
) -> tuple[Changed, ...]:
    """What was changed, the newest first: about one person or organisation, older than the change `before`."""
    wanted = select(PeopleChange).where(PeopleChange.network_id == network_id)
    if person_id is not None:
        wanted = wanted.where(PeopleChange.person_id == person_id)
    if organisation_id is not None:
        wanted = wanted.where(PeopleChange.organisation_id == organisation_id)
    if before is not None:
        wanted = wanted.where(PeopleChange.id < before)
    rows = session.scalars(wanted.order_by(PeopleChange.id.desc()).limit(limit))
    return tuple(
        Changed(row.id, row.at, row.actor, row.kind, row.person_id, row.organisation_id, row.details) for row in rows
    )
