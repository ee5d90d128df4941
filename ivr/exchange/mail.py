"""The way of a webhook from the exchange to the product, with its signature and its mishaps."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

from ivr.exchange.faults import Fault, Faults, Kind, WebhookRule
from ivr.exchange.messages import Deliver, Lost, Take, WebhookRequest, WebhookResponse
from ivr.exchange.process import Steps, send
from ivr.exchange.signature import sign
from ivr.exchange.timers import Agenda

CONNECT_SECONDS = 5.0
READ_SECONDS = 15.0
MOST_REDIRECTS = 10

Courier = Callable[[WebhookRequest, Take], None]


@dataclass(frozen=True, slots=True)
class Letter:
    """A webhook to be sent; `token` is the same in every try of it."""

    kind: Kind
    method: str
    url: str
    params: Mapping[str, str]
    token: str = ""
    cookies: str = ""
    call_sid: str = ""


@dataclass(frozen=True, slots=True)
class Posted:
    """One webhook that left the exchange, for tests to look at; `at` in timer seconds."""

    at: float
    kind: Kind
    request: WebhookRequest


def directly(deliver: Deliver) -> Courier:
    """A courier that delivers at once, in the same thread; any exception loses the answer."""

    def courier(request: WebhookRequest, take: Take) -> None:
        take(attempt(deliver, request))

    return courier


def attempt(deliver: Deliver, request: WebhookRequest) -> WebhookResponse | Lost:
    """Deliver once; whatever goes wrong in delivering is a lost answer."""
    try:
        return deliver(request)
    except TimeoutError as error:
        return Lost(f"timed out: {error!r}", connected=True)
    except Exception as error:  # the product broke: as if it had hung up on us
        return Lost(repr(error))


class Mail:
    """Signs letters and sends them through the courier, as far as the faults let it."""

    def __init__(self, auth_token: str, agenda: Agenda, courier: Courier, faults: Faults) -> None:
        self.posted: list[Posted] = []
        self._auth_token = auth_token
        self._agenda = agenda
        self.courier = courier
        self._faults = faults
        self._held: list[tuple[Letter, Take]] = []

    def send(self, letter: Letter, take: Take) -> None:
        """Send a letter; `take` gets the answer, at once or later."""
        rule = self._faults.for_webhook(letter.kind, letter.url)
        if rule is None:
            self._post(letter, take)
        else:
            self._mishandle(rule, letter, take)
        if rule is None or rule.fault is not Fault.REORDER:
            self._release_held(letter.kind)

    def _post(self, letter: Letter, take: Take) -> None:
        request = self._signed(letter)
        self.posted.append(Posted(self._agenda.timer(), letter.kind, request))
        self.courier(request, take)

    def _mishandle(self, rule: WebhookRule, letter: Letter, take: Take) -> None:
        after = self._agenda.after
        match rule.fault:
            case Fault.DUPLICATE:
                after(rule.seconds, lambda: self._post(letter, _ignore))
                self._post(letter, take)
            case Fault.DELAY:
                after(rule.seconds, lambda: self._post(letter, take))
            case Fault.REORDER:
                self._held.append((letter, take))
                after(60.0, lambda: self._release_held(letter.kind))
            case Fault.DROP:
                after(CONNECT_SECONDS, lambda: take(Lost("could not connect")))
            case Fault.TIME_OUT:
                after(READ_SECONDS, lambda: take(Lost("no answer in 15 s", connected=True)))
                self._post(letter, _ignore)
            case Fault.FAIL:
                take(WebhookResponse(rule.status, "text/plain", b""))

    def _release_held(self, kind: Kind) -> None:
        ready = [held for held in self._held if held[0].kind == kind]
        self._held = [held for held in self._held if held[0].kind != kind]
        for letter, take in ready:
            self._post(letter, take)

    def _signed(self, letter: Letter) -> WebhookRequest:
        url, form = letter.url, dict(letter.params)
        if letter.method == "GET":
            url, form = _with_query(url, form), {}
        headers = {
            "X-Twilio-Signature": sign(self._auth_token, url, form),
            "I-Twilio-Idempotency-Token": letter.token,
            "User-Agent": "TwilioProxy/1.1",
            "Accept": "*/*",
        }
        if letter.cookies:
            headers["Cookie"] = letter.cookies
        return WebhookRequest(letter.method, url, form, headers)


def post(letter: Letter) -> Steps[tuple[WebhookResponse | Lost, str]]:
    """Send a letter, once more if it is lost, follow redirects; returns the answer and its URL."""
    url, fragment = urldefrag(letter.url)
    letter = replace(letter, url=url)
    retries = int(dict(parse_qsl(fragment)).get("rc", "1"))
    for _ in range(MOST_REDIRECTS + 1):
        answer = yield from _tried(letter, retries)
        if isinstance(answer, Lost) or answer.status not in (301, 302, 303, 307, 308):
            return answer, letter.url
        # As at Twilio, the request that follows a redirect no longer carries what was entered.
        target = urljoin(letter.url, answer.headers.get("location", ""))
        letter = replace(letter, url=target, method="GET", params=_unentered(letter.params))
    return Lost("too many redirects", connected=True), letter.url


def _tried(letter: Letter, retries: int) -> Steps[WebhookResponse | Lost]:
    answer = yield from send(letter)
    while isinstance(answer, Lost) and retries > 0:
        retries -= 1
        answer = yield from send(letter)
    return answer


def _unentered(params: Mapping[str, str]) -> dict[str, str]:
    return {name: params[name] for name in params if name not in ("Digits", "FinishedOnKey", "msg")}


def _with_query(url: str, form: Mapping[str, str]) -> str:
    if not form:
        return url
    return url + ("&" if urlsplit(url).query else "?") + urlencode(form)


def _ignore(_answer: WebhookResponse | Lost) -> None:
    pass
