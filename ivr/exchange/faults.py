"""Faults on demand: what may go wrong between the exchange and the product, made to go wrong."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a webhook is about."""

    VOICE = "voice"  # the first request of a call, and redirects
    ACTION = "action"  # what came of Gather, Record or Dial
    SCREEN = "screen"  # the URL of a dialled Number, before the two are bridged
    FALLBACK = "fallback"
    STATUS = "status"
    RECORDING = "recording"
    TRANSCRIPTION = "transcription"
    MEDIA = "media"  # the sound of a Play
    SMS = "sms"
    SMS_STATUS = "sms-status"


TOLD_ONLY = frozenset({Kind.STATUS, Kind.RECORDING, Kind.TRANSCRIPTION, Kind.SMS_STATUS, Kind.SMS})


class Fault(StrEnum):
    """How a webhook goes wrong."""

    DUPLICATE = "duplicate"  # delivered twice; the second answer goes nowhere
    DELAY = "delay"  # delivered `seconds` late
    REORDER = "reorder"  # delivered after the next one of its kind
    DROP = "drop"  # no connection: the product never sees it
    TIME_OUT = "time-out"  # delivered, but the answer is given up after 15 s
    FAIL = "fail"  # answered with `status` on the way; the product never sees it


class RestFault(StrEnum):
    """How a REST request goes wrong."""

    REFUSE = "refuse"  # answered with `status` and `code`; nothing done
    LOSE_ANSWER = "lose-answer"  # done, but the connection breaks before the answer
    FAIL_AFTER = "fail-after"  # done, but answered with `status`


@dataclass(slots=True)
class _Count:
    """Which of the matching ones are hit: from the nth on, so many of them (None: all)."""

    nth: int
    times: int | None
    seen: int = 0

    def hits(self) -> bool:
        self.seen += 1
        last = None if self.times is None else self.nth + self.times - 1
        return self.seen >= self.nth and (last is None or self.seen <= last)


@dataclass(slots=True)
class WebhookRule:
    """One fault for the webhooks that match."""

    fault: Fault
    kind: Kind | None
    url_part: str
    count: _Count
    seconds: float
    status: int

    def matches(self, kind: Kind, url: str) -> bool:
        """Whether this webhook is of the kind and goes where the rule looks."""
        return (self.kind is None or self.kind == kind) and self.url_part in url


@dataclass(slots=True)
class RestRule:
    """One fault for the REST requests that match."""

    fault: RestFault
    method: str
    path_part: str
    count: _Count
    status: int
    code: int

    def matches(self, method: str, path: str) -> bool:
        """Whether this request is of the method and goes where the rule looks."""
        return self.method == method and self.path_part in path


class Faults:
    """The faults asked for; none to begin with."""

    def __init__(self) -> None:
        self._webhooks: list[WebhookRule] = []
        self._rest: list[RestRule] = []

    def webhook(
        self,
        fault: Fault,
        *,
        kind: Kind | None = None,
        url: str = "",
        nth: int = 1,
        times: int | None = 1,
        seconds: float = 5.0,
        status: int = 500,
    ) -> None:
        """Let the nth matching webhook (and so many from it on; None: all) go wrong like this."""
        if fault is Fault.REORDER and kind not in TOLD_ONLY:
            raise ValueError("only webhooks that no call waits for can be reordered; name their kind")
        self._webhooks.append(WebhookRule(fault, kind, url, _Count(nth, times), seconds, status))

    def rest(
        self,
        fault: RestFault,
        *,
        method: str = "POST",
        path: str = "",
        nth: int = 1,
        times: int | None = 1,
        status: int = 500,
        code: int = 20500,
    ) -> None:
        """Let the nth matching REST request (and so many from it on; None: all) go wrong like this."""
        self._rest.append(RestRule(fault, method, path, _Count(nth, times), status, code))

    def clear(self) -> None:
        """From here on everything goes right."""
        self._webhooks.clear()
        self._rest.clear()

    def for_webhook(self, kind: Kind, url: str) -> WebhookRule | None:
        """The fault that this webhook meets, if any; counts it."""
        hit = [rule for rule in self._webhooks if rule.matches(kind, url) and rule.count.hits()]
        return hit[0] if hit else None

    def for_rest(self, method: str, path: str) -> RestRule | None:
        """The fault that this REST request meets, if any; counts it."""
        hit = [rule for rule in self._rest if rule.matches(method, path) and rule.count.hits()]
        return hit[0] if hit else None
