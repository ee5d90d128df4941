"""What passes between the exchange and the product: webhooks and their answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class WebhookRequest:
    """A request as the product gets it; for GET the parameters stand in the URL."""

    method: str
    url: str
    form: Mapping[str, str]
    headers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class WebhookResponse:
    """The product's answer; header names in lower case."""

    status: int
    content_type: str
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Lost:
    """No answer came: the connection failed or took too long."""

    reason: str
    connected: bool = False


Deliver = Callable[[WebhookRequest], WebhookResponse]
Take = Callable[[WebhookResponse | Lost], None]
