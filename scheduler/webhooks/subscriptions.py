"""Who is told: programs at addresses of their own, each with its secret, and how they are doing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit

from sqlalchemy import ColumnElement, func, select, text, update
from sqlalchemy.orm import Session

from scheduler.alerts import AlertKind, resolve_alert
from scheduler.jobs import enqueue
from scheduler.relay.channels import web_address
from scheduler.webhooks.errands import delivering
from scheduler.webhooks.signing import new_secret
from tickets.store import cipher_of
from tickets.ticket import TicketEvent
from tickets.vocabulary import EventKind
from tickets.webhooks import DeliveryState, Stopped, Webhook, WebhookDelivery

MOST: Final = 20  # to a network


class WebhookRefusal(StrEnum):
    """Why a subscription is not made or changed; the values are in the API."""

    NOT_AN_ADDRESS = "not_an_address"
    TOO_MANY = "too_many"
    NOT_FOUND = "not_found"
    NOT_STOPPED = "not_stopped"


@dataclass(frozen=True, slots=True)
class Subscribed:
    """A new subscription; its secret is shown this once."""

    id: int
    secret: str


@dataclass(frozen=True, slots=True)
class WebhookCard:
    """A subscription as it is listed; `waiting` is how many events are on their way."""

    id: int
    host: str
    events: tuple[EventKind, ...]
    made_at: datetime
    delivered_at: datetime | None
    waiting: int
    trouble: str | None
    stopped: Stopped | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class DeliveryCard:
    """One event on its way, or there; `id` is what its receiver knows it by."""

    id: str
    state: DeliveryState
    tries: int
    trouble: str | None
    made_at: datetime
    settled_at: datetime | None


def subscribe(
    session: Session,
    network_id: int,
    address: str,
    events: tuple[EventKind, ...],
    *,
    now: datetime,
    actor: str,
    insecure: bool = False,
) -> Subscribed | WebhookRefusal:
    """Tell this address from now on, of these events or of all; `insecure` lets a test or a demo go without TLS."""
    url = web_address(address, insecure=insecure)
    if url is None:
        return WebhookRefusal.NOT_AN_ADDRESS
    if len(webhooks_of(session, network_id)) >= MOST:
        return WebhookRefusal.TOO_MANY
    secret, newest = new_secret(), session.scalar(select(func.max(TicketEvent.id))) or 0
    webhook = Webhook(
        network_id=network_id,
        address_sealed=cipher_of(session).seal(url),
        secret_sealed=cipher_of(session).seal(secret),
        events=sorted(dict.fromkeys(events)),
        told_from=newest,
        cursor=newest,
        horizon=newest,
        horizon_xid=0,
        made_by=actor,
        made_at=now,
    )
    session.add(webhook)
    session.flush()
    return Subscribed(webhook.id, secret)


def unsubscribe(session: Session, network_id: int, webhook_id: int, *, now: datetime) -> bool:
    """Tell it nothing more; False when there is no such subscription."""
    gone = update(Webhook).where(*_mine(network_id, webhook_id)).values(removed_at=now).returning(Webhook.id)
    return session.execute(gone).first() is not None


def resume(session: Session, network_id: int, webhook_id: int, *, now: datetime) -> WebhookRefusal | None:
    """Tell it again, from where it was left: what waits is tried at once, and what it missed is written down by and by."""
    row = session.scalars(select(Webhook).where(*_mine(network_id, webhook_id)).with_for_update()).one_or_none()
    if row is None:
        return WebhookRefusal.NOT_FOUND
    if row.stopped is None:
        return WebhookRefusal.NOT_STOPPED
    resolve_alert(session, AlertKind.WEBHOOK, about(webhook_id, row.stopped_at), now=now)
    row.stopped = row.stopped_at = row.trouble = None
    left = (WebhookDelivery.webhook_id == webhook_id, WebhookDelivery.state != DeliveryState.DELIVERED)
    again = update(WebhookDelivery).where(*left).values(state=DeliveryState.WAITING, tries=0, settled_at=None)
    for delivery in session.scalars(again.returning(WebhookDelivery.id)).all():
        enqueue(session, delivering(delivery, 1, at=now, since=now))
    return None


def webhooks_of(session: Session, network_id: int) -> tuple[WebhookCard, ...]:
    """The subscriptions of a network, the oldest first."""
    waiting = text("SELECT webhook_id, count(*) FROM webhook_delivery WHERE state = 'waiting' GROUP BY webhook_id")
    counts = {int(key): int(count) for key, count in session.execute(waiting)}
    rows = session.scalars(select(Webhook).where(Webhook.network_id == network_id, _IS_THERE).order_by(Webhook.id))
    return tuple(_card(session, row, counts.get(row.id, 0)) for row in rows)


def deliveries_of(session: Session, network_id: int, webhook_id: int, *, most: int = 100) -> tuple[DeliveryCard, ...]:
    """What a program has been told lately, the newest first."""
    query = select(WebhookDelivery).join(Webhook, Webhook.id == WebhookDelivery.webhook_id)
    query = query.where(*_mine(network_id, webhook_id)).order_by(WebhookDelivery.id.desc()).limit(most)
    return tuple(
        DeliveryCard(message_id(row), row.state, row.tries, row.trouble, row.made_at, row.settled_at)
        for row in session.scalars(query)
    )


@dataclass(frozen=True, slots=True)
class Key:
    """Where a program is, and the secret that signs what it is told."""

    address: str
    secret: str


def key_of(session: Session, network_id: int, webhook_id: int) -> Key | None:
    """The address and the secret of a subscription, opened; for posting to it, and for nothing else."""
    row = session.scalars(select(Webhook).where(*_mine(network_id, webhook_id))).one_or_none()
    opened = cipher_of(session).open
    return None if row is None else Key(opened(row.address_sealed), opened(row.secret_sealed))


def about(webhook_id: int, stopped_at: datetime | None) -> str:
    """What the alert of a program that was stopped then is about."""
    return f"webhook-{webhook_id}:{stopped_at:%Y%m%dT%H%M%S}"


def message_id(delivery: WebhookDelivery) -> str:
    """What the receiver knows a message by, the same in each try."""
    return f"evt_{delivery.webhook_id}_{delivery.event_id}"


_IS_THERE = Webhook.removed_at.is_(None)


def _mine(network_id: int, webhook_id: int) -> tuple[ColumnElement[bool], ...]:
    return Webhook.id == webhook_id, Webhook.network_id == network_id, _IS_THERE


def _card(session: Session, row: Webhook, waiting: int) -> WebhookCard:
    return WebhookCard(
        id=row.id,
        host=urlsplit(cipher_of(session).open(row.address_sealed)).hostname or "",
        events=tuple(EventKind(kind) for kind in row.events),
        made_at=row.made_at,
        delivered_at=row.delivered_at,
        waiting=waiting,
        trouble=row.trouble,
        stopped=row.stopped,
        stopped_at=row.stopped_at,
    )
