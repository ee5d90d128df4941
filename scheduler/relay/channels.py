"""Where a network's relays are posted; the addresses are secrets, and only their ends are shown."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.relay.words import Terms
from tickets.email_addresses import plain_address
from tickets.relays import ChannelKind, PostTrouble, RelayChannel, RelayTerms, Told
from tickets.store import cipher_of

LONGEST_ADDRESS: Final = 2000


class ChannelRefusal(StrEnum):
    """Why a channel is not taken; the values are in the API."""

    NOT_AN_ADDRESS = "not_an_address"
    NOT_FOUND = "not_found"


@dataclass(frozen=True, slots=True)
class NewChannel:
    """A channel to be added."""

    kind: ChannelKind
    name: str
    address: str
    told: Told


@dataclass(frozen=True, slots=True)
class ChannelCard:
    """A channel as it is listed; `shown_as` is its host, or its mailbox with most of the name left out."""

    id: int
    kind: ChannelKind
    name: str
    shown_as: str
    told: Told
    posted_at: datetime | None
    trouble: PostTrouble | None
    trouble_since: datetime | None


def add_channel(
    session: Session, network_id: int, new: NewChannel, *, now: datetime, actor: str, insecure: bool = False
) -> int | ChannelRefusal:
    """Post relays here from now on; `insecure` lets a test or a demo go without TLS."""
    address = (
        plain_address(new.address) if new.kind is ChannelKind.EMAIL else web_address(new.address, insecure=insecure)
    )
    if address is None:
        return ChannelRefusal.NOT_AN_ADDRESS
    channel = RelayChannel(
        network_id=network_id,
        kind=new.kind,
        name=new.name.strip(),
        address_sealed=cipher_of(session).seal(address),
        told_in=new.told,
        made_by=actor,
        made_at=now,
    )
    session.add(channel)
    session.flush()
    return channel.id


def remove_channel(session: Session, network_id: int, channel_id: int, *, now: datetime) -> bool:
    """Post nothing here any more; False when there is no such channel."""
    mine = (RelayChannel.id == channel_id, RelayChannel.network_id == network_id, RelayChannel.removed_at.is_(None))
    gone = update(RelayChannel).where(*mine).values(removed_at=now).returning(RelayChannel.id)
    return session.execute(gone).first() is not None


def channels_of(session: Session, network_id: int) -> tuple[ChannelCard, ...]:
    """The channels of a network, the oldest first."""
    mine = (RelayChannel.network_id == network_id, RelayChannel.removed_at.is_(None))
    rows = session.scalars(select(RelayChannel).where(*mine).order_by(RelayChannel.id))
    return tuple(_card(session, row) for row in rows)


def set_terms(session: Session, network_id: int, terms: Terms) -> None:
    """The network's own terms from now on."""
    values = {"unclaimed_days": terms.unclaimed_days, "claimed_days": terms.claimed_days}
    kept = insert(RelayTerms).values(network_id=network_id, **values)
    session.execute(kept.on_conflict_do_update(index_elements=["network_id"], set_=values))


def web_address(typed: str, *, insecure: bool = False) -> str | None:
    """An address that can be posted to; None where it is none."""
    url = typed.strip()
    try:
        parts = urlsplit(url)
        known = parts.scheme == "https" or (insecure and parts.scheme == "http")
        good = known and bool(parts.hostname) and parts.port != 0 and not parts.username and url.isprintable()
    except ValueError:
        return None
    return url if good and " " not in url and len(url) <= LONGEST_ADDRESS else None


def _card(session: Session, row: RelayChannel) -> ChannelCard:
    address = cipher_of(session).open(row.address_sealed)
    return ChannelCard(
        id=row.id,
        kind=row.kind,
        name=row.name,
        shown_as=_shown_as(row.kind, address),
        told=row.told_in,
        posted_at=row.posted_at,
        trouble=None if row.trouble is None else PostTrouble(row.trouble),
        trouble_since=row.trouble_since,
    )


def _shown_as(kind: ChannelKind, address: str) -> str:
    if kind is ChannelKind.TEAMS:
        return urlsplit(address).hostname or ""
    name, _, host = address.partition("@")
    return f"{name[:1]}…@{host}"
