"""Webhooks for programs: which addresses are told what happens to tickets, and how they are doing."""

from pydantic import BaseModel, ConfigDict, Field

from admin.api.operations import Asked, Operations, Refused
from admin.outside.guard import NotOutside, outside_of
from admin.parts import parts
from scheduler.webhooks.subscriptions import (
    DeliveryCard,
    WebhookCard,
    WebhookRefusal,
    deliveries_of,
    resume,
    subscribe,
    unsubscribe,
    webhooks_of,
)
from tickets.rights import Right
from tickets.vocabulary import EventKind

operations = Operations()


class WebhookIn(BaseModel):
    """Whom to tell of which events."""

    model_config = ConfigDict(extra="forbid")

    address: str = Field(min_length=1, max_length=2000, description="Shown to nobody afterwards.")
    events: list[EventKind] = Field([], max_length=100, description="Only these; of all of them where it is empty.")


class SubscribedOut(BaseModel):
    """A new subscription. Its secret is shown this once: with it, whoever is told can check the signatures."""

    id: int
    secret: str


class WebhooksOut(BaseModel):
    """The subscriptions of the network; `stopped` says why one is told nothing more."""

    webhooks: list[WebhookCard]


class DeliveriesOut(BaseModel):
    """What a program was told lately, newest first."""

    deliveries: list[DeliveryCard]


@operations.get("/webhooks", Right.KEEP_SETTINGS)
def webhooks(asked: Asked) -> WebhooksOut:
    """Who is told what happens to tickets, and how they are doing."""
    return WebhooksOut(webhooks=list(webhooks_of(asked.session, asked.network_id)))


@operations.post("/webhooks", Right.KEEP_SETTINGS)
def add_a_webhook(asked: Asked, body: WebhookIn) -> SubscribedOut:
    """Tell this address from now on, signed as Standard Webhooks says; the secret is shown this once."""
    if outside_of(loopback=parts().settings.loopback).refuses(body.address.strip()) is NotOutside.NOT_PUBLIC:
        raise Refused("not_public", "address: it leads into a network of one's own; give one of the open internet")
    made = subscribe(
        asked.session,
        asked.network_id,
        body.address,
        tuple(body.events),
        insecure=parts().settings.loopback,
        **asked.by,
    )
    if isinstance(made, WebhookRefusal):
        raise Refused(made)
    return SubscribedOut(id=made.id, secret=made.secret)


@operations.delete("/webhooks/{webhook}", Right.KEEP_SETTINGS)
def remove_a_webhook(asked: Asked, webhook: int) -> None:
    """Tell it nothing more."""
    if not unsubscribe(asked.session, asked.network_id, webhook, now=asked.now):
        raise Refused(WebhookRefusal.NOT_FOUND, status=404)


@operations.post("/webhooks/{webhook}/resumption", Right.KEEP_SETTINGS)
def resume_a_webhook(asked: Asked, webhook: int) -> None:
    """Tell one again that was stopped, from where it was left."""
    refusal = resume(asked.session, asked.network_id, webhook, now=asked.now)
    if refusal is not None:
        raise Refused(refusal, status=404 if refusal is WebhookRefusal.NOT_FOUND else 409)


@operations.get("/webhooks/{webhook}/deliveries", Right.KEEP_SETTINGS)
def deliveries_to_a_webhook(asked: Asked, webhook: int) -> DeliveriesOut:
    """What it was told lately, and what is on its way."""
    if all(card.id != webhook for card in webhooks_of(asked.session, asked.network_id)):
        raise Refused(WebhookRefusal.NOT_FOUND, status=404)
    return DeliveriesOut(deliveries=list(deliveries_of(asked.session, asked.network_id, webhook)))
