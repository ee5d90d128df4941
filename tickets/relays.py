"""What is told to the whole network: cases without their people, members' own puzzles, and where both are posted."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, words


class RelayState(StrEnum):
    """Where a relay stands; the values are in the API."""

    DRAFT = "draft"
    OPEN = "open"
    CLAIMED = "claimed"
    WITHDRAWN = "withdrawn"


RELAY_MOVES: Final[Mapping[RelayState, frozenset[RelayState]]] = {
    RelayState.DRAFT: frozenset({RelayState.OPEN, RelayState.WITHDRAWN}),
    RelayState.OPEN: frozenset({RelayState.CLAIMED, RelayState.WITHDRAWN}),
    RelayState.CLAIMED: frozenset(),
    RelayState.WITHDRAWN: frozenset(),
}


class ChannelKind(StrEnum):
    """By what way a relay is posted."""

    TEAMS = "teams"
    EMAIL = "email"


class Told(StrEnum):
    """In which language a channel is told."""

    FI = "fi"
    SV = "sv"
    BOTH = "both"


class Occasion(StrEnum):
    """What a post says: that there is something to take, or that it is over."""

    OPENED = "opened"
    CLOSED = "closed"


class PostState(StrEnum):
    """How far a post has come. `skipped`: it was over before it was posted."""

    SENDING = "sending"
    SENT = "sent"
    SKIPPED = "skipped"
    FAILED = "failed"


class PostTrouble(StrEnum):
    """Why a channel takes nothing; the values are in the API."""

    NOT_AN_ADDRESS = "not_an_address"
    NOT_HTTPS = "not_https"
    NOT_PUBLIC = "not_public"
    UNREACHABLE = "unreachable"
    TOO_SLOW = "too_slow"
    MOVED = "moved"
    REFUSED = "refused"
    MAIL_REFUSED = "mail_refused"
    MAIL_AWAY = "mail_away"  # no mail server, or it is away


class Relay(Base):
    """A case as the whole network may see it, or, without a ticket, a member's puzzle.

    `shown` holds codes only, frozen when somebody previewed it (tickets/anonymised.py); what staff typed for a puzzle is
    sealed. `number` is what people name it by; it says nothing of the ticket's code. One relay of a ticket lives at a time.
    """

    __tablename__ = "relay"
    __table_args__ = (
        Index(
            "uq_relay_live",
            "ticket_id",
            unique=True,
            postgresql_where=text("ticket_id IS NOT NULL AND state IN ('draft', 'open')"),
        ),
        Index("ix_relay_newest", "network_id", "state", text("id DESC")),
        Index("ix_relay_claimed_by", "claimed_by", postgresql_where=text("claimed_by IS NOT NULL")),
        Index("ix_relay_asked_by", "asked_by", postgresql_where=text("asked_by IS NOT NULL")),
        Index("ix_relay_ticket", "ticket_id", postgresql_where=text("ticket_id IS NOT NULL")),
        CheckConstraint("ticket_id IS NULL OR text_sealed IS NULL", name="words"),
        CheckConstraint("(state = 'claimed') = (claimed_by IS NOT NULL)", name="claimed"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    number: Mapped[str] = mapped_column(unique=True)
    ticket_id: Mapped[int | None] = mapped_column(ForeignKey("ticket.id"))
    state: Mapped[RelayState] = mapped_column(words(RelayState))
    shown: Mapped[Json]
    text_sealed: Mapped[str | None]
    asked_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    published_by: Mapped[str | None]
    published_at: Mapped[datetime | None]
    claimed_by: Mapped[int | None] = mapped_column(ForeignKey("person.id"))
    claimed_at: Mapped[datetime | None]
    withdrawn_by: Mapped[str | None]
    withdrawn_at: Mapped[datetime | None]


class RelayChannel(Base):
    """Where relays are posted: a Teams workflow's address, which is a secret, or a mailbox. `trouble` since it was last well."""

    __tablename__ = "relay_channel"
    __table_args__ = (CheckConstraint("(trouble IS NULL) = (trouble_since IS NULL)", name="trouble"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    kind: Mapped[ChannelKind] = mapped_column(words(ChannelKind))
    name: Mapped[str]
    address_sealed: Mapped[str]
    told_in: Mapped[Told] = mapped_column(words(Told))
    trouble: Mapped[str | None]
    trouble_since: Mapped[datetime | None]
    posted_at: Mapped[datetime | None]
    made_by: Mapped[str]
    made_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class RelayPost(Base):
    """One post of a relay to one channel, written down before it goes, so that none is meant twice."""

    __tablename__ = "relay_post"
    __table_args__ = (UniqueConstraint("relay_id", "channel_id", "occasion"),)

    id: Mapped[Id]
    relay_id: Mapped[int] = mapped_column(ForeignKey("relay.id"))
    channel_id: Mapped[int] = mapped_column(ForeignKey("relay_channel.id"), index=True)
    occasion: Mapped[Occasion] = mapped_column(words(Occasion))
    state: Mapped[PostState] = mapped_column(words(PostState))
    trouble: Mapped[str | None]
    at: Mapped[datetime]


class RelayTerms(Base):
    """A network's own terms: days until the coordinator hears of an unclaimed case, and days that whoever takes one has."""

    __tablename__ = "relay_terms"
    __table_args__ = (
        CheckConstraint("unclaimed_days BETWEEN 1 AND 60", name="unclaimed"),
        CheckConstraint("claimed_days BETWEEN 1 AND 60", name="claimed"),
    )

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    unclaimed_days: Mapped[int]
    claimed_days: Mapped[int]
