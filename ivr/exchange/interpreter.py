"""Performing TwiML: fetch a document, do its verbs one after another, go where they lead."""

from __future__ import annotations

from http.cookies import SimpleCookie

from ivr.exchange.audio import perform_prompt
from ivr.exchange.dial import Performers, dial
from ivr.exchange.faults import Kind
from ivr.exchange.gather import gather
from ivr.exchange.leg import Goto, Inline, Leg, MovedError
from ivr.exchange.mail import post
from ivr.exchange.messages import Lost, WebhookResponse
from ivr.exchange.process import Steps, wait
from ivr.exchange.record import record
from ivr.exchange.ssml import Say
from ivr.exchange.transcription import Start, Stop, start, stop
from ivr.exchange.twiml import (
    Dial,
    Gather,
    Hangup,
    Pause,
    Play,
    Record,
    Redirect,
    Reject,
    Verb,
    read_document,
)
from ivr.exchange.values import Apology, CallError, CallOverError, CallStatus, NotInUse

APOLOGY_SECONDS = 4.0
MOST_FETCHES_AT_ONCE = 50
_XML = ("text/xml", "application/xml", "text/html")


def converse(leg: Leg, first: Goto | Inline) -> Steps[None]:
    """The whole of an answered call, whatever happens in it, up to its end."""
    status = CallStatus.COMPLETED
    try:
        here: Goto | Inline | None = first
        while here is not None:
            here = yield from _guarded(leg, here)
    except CallOverError as over:
        status = over.status
    leg.move(status)


def screen(leg: Leg, goto: Goto | Inline) -> Steps[None]:
    """Play a document to a dialled phone; returns when the two may be bridged, else raises CallOverError."""
    try:
        here: Goto | Inline | None = goto
        while here is not None:
            here = yield from _follow(leg, here, screening=True)
    except CallError as error:
        leg.office.alert(error.code, error.message, leg.sid, leg.url)
        raise CallOverError from error


def _guarded(leg: Leg, here: Goto | Inline) -> Steps[Goto | Inline | None]:
    """Follow one document; where it fails go to the fallback, or apologise and end."""
    try:
        return (yield from _follow(leg, here, screening=False))
    except MovedError as moved:
        return moved.goto
    except CallError as error:
        url = here.url if isinstance(here, Goto) else leg.url
        leg.office.alert(error.code, error.message, leg.sid, url)
        in_fallback = isinstance(here, Goto) and here.kind is Kind.FALLBACK
        if leg.fallback is not None and not in_fallback:
            told = (("ErrorCode", str(error.code)), ("ErrorUrl", url))
            return Goto(leg.fallback.url, leg.fallback.method, Kind.FALLBACK, told)
        leg.answer()
        leg.hear(Apology(error.code))
        yield from wait(APOLOGY_SECONDS)
        return None


def _follow(leg: Leg, here: Goto | Inline, *, screening: bool) -> Steps[Goto | Inline | None]:
    verbs = yield from _obtain(leg, here)
    first = not leg.answered
    for verb in verbs:
        if screening and isinstance(verb, Dial | Record | Reject):
            name = type(verb).__name__
            raise CallError(12200, f"<{name}> may not be played to a dialled phone")
        led = yield from _perform(leg, verb, first=first)
        if led is not None:
            return led
        first = False
    return None


def _obtain(leg: Leg, here: Goto | Inline) -> Steps[tuple[Verb, ...]]:
    if isinstance(here, Inline):
        return read_document(here.twiml.encode())
    _count_fetch(leg)
    if not here.url.startswith(("http://", "https://")):
        raise CallError(11100, f"{here.url!r} is not a URL")
    answer, leg.url = yield from post(leg.letter(here))
    return read_document(_accepted(leg, answer).body)


def _count_fetch(leg: Leg) -> None:
    at = leg.office.agenda.timer()
    count = leg.fetched[1] + 1 if leg.fetched[0] == at else 1
    leg.fetched = (at, count)
    if count > MOST_FETCHES_AT_ONCE:
        raise CallError(11215, "the documents lead round in a circle without a word")


def _accepted(leg: Leg, answer: WebhookResponse | Lost) -> WebhookResponse:
    if isinstance(answer, Lost):
        code = 11215 if "redirects" in answer.reason else 11200 if answer.connected else 11205
        raise CallError(code, answer.reason)
    if answer.status >= 400:
        raise CallError(11200, f"status {answer.status}")
    if answer.content_type.partition(";")[0].strip() not in _XML:
        raise CallError(12300, f"content type {answer.content_type!r} is no TwiML")
    cookies = SimpleCookie(answer.headers.get("set-cookie", ""))
    leg.cookies.update({name: morsel.value for name, morsel in cookies.items()})
    return answer


def _perform(leg: Leg, verb: Verb, *, first: bool) -> Steps[Goto | None]:
    if isinstance(verb, Reject):
        _reject(leg, verb)
    silent = isinstance(verb, Redirect | Pause | Hangup | Start | Stop)
    if not (silent or (first and isinstance(verb, Dial) and verb.answer_on_bridge)):
        leg.answer()
    match verb:
        case Say() | Play() | Pause():
            yield from perform_prompt(leg, verb)
            return None
        case Gather():
            return (yield from gather(leg, verb))
        case Record():
            return (yield from record(leg, verb))
        case Dial():
            return (yield from dial(leg, verb, Performers(screen, converse)))
        case Start():
            start(leg, verb)
            return None
        case Stop():
            stop(leg, verb)
            return None
        case Redirect():
            return Goto(leg.absolute(verb.url), verb.method)
        case _:
            raise CallOverError


def _reject(leg: Leg, verb: Reject) -> None:
    if leg.answered:
        raise CallError(12200, "<Reject> after the call was answered")
    leg.hear(NotInUse(verb.reason))
    raise CallOverError(CallStatus.BUSY if verb.reason == "busy" else CallStatus.NO_ANSWER)
