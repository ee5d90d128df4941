"""The jobs that a relay brings with it, each under a key that makes it one."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind, resolve_alert
from scheduler.errands import Errand
from scheduler.jobs import NewJob, cancel_jobs, enqueue
from scheduler.relay.reading import terms_of
from tickets.relays import Occasion, Relay, RelayChannel

TO_WITHDRAW: Final = frozenset({Errand.RELAY_UNCLAIMED})


def open_posts(session: Session, relay: Relay, *, now: datetime) -> None:
    """Post it to every channel of the network; and look after it when nobody has taken it for some days."""
    days = terms_of(session, relay.network_id).unclaimed_days
    jobs = [_posting(relay.id, channel, Occasion.OPENED, now=now) for channel in _channels(session, relay.network_id)]
    if relay.ticket_id is not None:
        jobs.append(_unclaimed(relay.id, at=now + timedelta(days=days)))
    enqueue(session, *jobs)


def close_posts(session: Session, relay_id: int, *, now: datetime) -> None:
    """Say in every channel that it is over; nobody needs to look after it any more."""
    relay = session.scalars(select(Relay).where(Relay.id == relay_id)).one()
    resolve_alert(session, AlertKind.RELAY, f"relay-{relay_id}", now=now)
    cancel_jobs(session, f"relay-{relay_id}", kinds=TO_WITHDRAW)
    if relay.published_at is not None:
        channels = _channels(session, relay.network_id)
        enqueue(session, *(_posting(relay_id, channel, Occasion.CLOSED, now=now) for channel in channels))


def _posting(relay_id: int, channel_id: int, occasion: Occasion, *, now: datetime) -> NewJob:
    key = f"{Errand.RELAY_POST}:relay-{relay_id}:channel-{channel_id}:{occasion}"
    return NewJob(Errand.RELAY_POST, key, now, {"relay": relay_id, "channel": channel_id, "occasion": occasion.value})


def _unclaimed(relay_id: int, *, at: datetime) -> NewJob:
    return NewJob(Errand.RELAY_UNCLAIMED, f"{Errand.RELAY_UNCLAIMED}:relay-{relay_id}", at, {"relay": relay_id})


def _channels(session: Session, network_id: int) -> list[int]:
    mine = (RelayChannel.network_id == network_id, RelayChannel.removed_at.is_(None))
    return list(session.scalars(select(RelayChannel.id).where(*mine).order_by(RelayChannel.id)))
