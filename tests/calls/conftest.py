"""One day of a small network, on a virtual clock: the real line, the real worker, and phones to ring it with."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from io import BytesIO

import pytest
import requests
import structlog
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import Client

from ivr import webhooks
from ivr.addresses import Addresses
from ivr.desk import Desk
from ivr.exchange import Call, Exchange, Phone, Said, VirtualClock, Waiting, WebhookRequest, WebhookResponse
from ivr.exchange.app import make_app
from ivr.reconciliation import ERRANDS
from ivr.twilio_phone import TwilioPhone
from scheduler.jobs import Job, JobState
from scheduler.records import Attempt, Callback
from scheduler.rota import NewShift, add_shift
from scheduler.slots import HELSINKI, Grid, Span, instant_of, phase_of
from scheduler.tasks import TASKS
from scheduler.tools import Tools
from scheduler.worker import Worker
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.ticket import Ticket, TicketEvent
from tickets.vocabulary import HelperKind
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

PUBLIC = "http://line.test"
OPERATOR = "http://exchange.test"
LINE, SWEDISH_LINE = "+358942450100", "+358192450200"
MOBILE, LANDLINE = "+358401112233", "+35822330000"
FI, SV = Language.FI, Language.SV


@dataclass
class Play:
    """A phone call as a scenario tells it: sentences by their keys, keys pressed, words said."""

    call: Call
    day: "Day"

    def hears(self, *keys: str) -> "Play":
        """Let time pass until something is asked (or the call is over); each sentence was heard since the last time."""
        self.call.until_asked()
        heard = self.news()
        for key in keys:
            assert key in heard, f"{key} was not heard, but {heard}: {self.call.said[-4:]}"
        return self

    def news(self) -> list[str]:
        """The keys of the sentences heard since this was last asked."""
        said = [one for one in self.call.news() if isinstance(one, Said)]
        return [self.day.key_of(one) for one in said]

    def presses(self, keys: str) -> "Play":
        """Press keys."""
        self.call.press(keys)
        return self

    def says(self, words: str, seconds: float = 6) -> "Play":
        """Speak after the tone."""
        self.call.speak(words, seconds=seconds)
        return self

    def hangs_up(self) -> "Play":
        """Put the phone down, and let the network notice."""
        self.call.hang_up()
        self.day.passes(seconds=5)
        return self

    def goes_forward(self, until: str = "") -> "Play":
        """Press 1 at every question and speak when asked to, until a sentence is heard or the call is over."""
        while self.call.until_asked() is not None:
            heard = self.news()
            if until and until in heard:
                return self
            if self.call.waiting_for is Waiting.RECORDING:
                self.says("Puhelin ei toimi.")
            elif self.call.waiting_for is Waiting.DIGITS:
                self.presses("1")
            else:
                return self
        return self

    @property
    def keys(self) -> list[str]:
        """Every sentence heard in this call."""
        return [self.day.key_of(one) for one in self.call.said]

    @property
    def languages(self) -> set[str]:
        """The languages in which this call has spoken."""
        return {one.language for one in self.call.said}


class Day:
    """A network of one organisation, two lines and as many helpers as a scenario needs."""

    def __init__(self, sessions: sessionmaker[Session], start: datetime) -> None:
        self.sessions, self.grid, self.catalogue = sessions, Grid(), Catalogue.load()
        self.clock = VirtualClock(start)
        self.addresses = Addresses(PUBLIC, "a secret of the tests")
        self.exchange = Exchange.on(self.clock, self._deliver)
        self.desk = Desk(sessions, self.clock, self.catalogue, self.addresses, ("exchange-token",), self.grid)
        self.app = Flask("line")
        self.app.register_blueprint(webhooks.blueprint(self.desk))
        self.worker = self.another_worker()
        self.clock.add(self)
        self.web_is_up = True
        self._helpers = 0
        self._open_lines(start)

    # What there is.

    def dials(self, number: str = MOBILE, line: str = LINE, **how: object) -> Play:
        """Somebody rings the line."""
        return Play(self.exchange.phone(number).dial(line, **how), self)

    def rings(self, number: str, within: float = 120) -> Play:
        """Somebody's phone rings, and they pick up."""
        call = self.phone(number).until_rung(within=within)
        self.passes(seconds=3)
        return Play(call.answer(), self)

    def phone(self, number: str) -> Phone:
        """A phone."""
        return self.exchange.phone(number)

    def helper(
        self,
        begins: str = "09:30",
        ends: str = "14:30",
        *languages: Language,
        days: int = 0,
        kind: HelperKind = HelperKind.VOLUNTEER,
    ) -> Phone:
        """A helper with one place today (or so many days later), and their phone."""
        self._helpers += 1
        number = f"+35850{self._helpers:07}"
        with self.sessions.begin() as session:
            new = NewHelper(f"Auttaja {self._helpers}", number, languages or (FI,), kind)
            helper = add_helper(session, self.organisation, new, now=self.now)
            during = Span(self.at(begins, days), self.at(ends, days))
            shift = NewShift(during, phase_of(during.begins, self.grid))
            add_shift(session, self.network, shift, now=self.now, helpers=[helper])
        return self.phone(number)

    def tickets(self) -> list[Ticket]:
        """Every ticket, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Ticket).order_by(Ticket.id)))

    def ticket(self) -> Ticket:
        """The only ticket."""
        (only,) = self.tickets()
        return only

    def callbacks(self) -> list[Callback]:
        """Every promise, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Callback).order_by(Callback.id)))

    def callback(self) -> Callback:
        """The newest promise."""
        return self.callbacks()[-1]

    def attempts(self) -> list[Attempt]:
        """Every attempt, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Attempt).order_by(Attempt.id)))

    def events(self) -> list[str]:
        """What happened to all tickets, in order."""
        with self.sessions() as session:
            return [kind.value for kind in session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id))]

    def texts(self, number: str = MOBILE) -> list[str]:
        """The texts that a phone has received."""
        return [text.body for text in self.phone(number).texts]

    def fetch(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Rows, as the database has them."""
        with self.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def key_of(self, said: Said) -> str:
        """The catalogue's key for a sentence that was heard."""
        language = Language(said.language[:2])
        words = " ".join(said.text.split())
        for key in sorted(self.catalogue.keys()):
            if _sounds_like(self.catalogue, language, key, words):
                return key
        raise AssertionError(f"not a sentence of the catalogue: {said.text!r}")

    # Time.

    @property
    def now(self) -> datetime:
        """The present moment."""
        return self.clock.now()

    def at(self, wall: str, days: int = 0) -> datetime:
        """A time of today (or so many days later) by the clock on the wall."""
        return instant_of(self.now.astimezone(HELSINKI).date() + timedelta(days=days), time.fromisoformat(wall))

    def passes(self, **span: float) -> None:
        """Let time pass, with everything that happens in it."""
        self.clock.run_for(timedelta(**span).total_seconds())

    def until(self, moment: datetime) -> None:
        """Let time pass until this moment."""
        self.clock.run_to(moment)

    # The worker, as the clock sees it.

    def next_event_at(self) -> float | None:
        """When the next job is due, in the clock's seconds."""
        with self.sessions() as session:
            due = session.scalar(
                select(Job.run_at).where(Job.state == JobState.WAITING).order_by(Job.run_at).limit(1)
            )
        return None if due is None else max(self.clock.timer(), self.clock.timer() + self.clock.seconds_until(due))

    def run_due(self) -> int:
        """Do the jobs that are due."""
        return self.worker.beat()

    def another_worker(self) -> Worker:
        """A worker of this day's line."""
        with requests.Session() as session:
            session.mount(OPERATOR, WsgiAdapter(make_app(self.exchange)))
            telephony = TwilioPhone(
                account_sid="AC" + "0" * 32, auth_token="exchange-token", api_url=OPERATOR, session=session
            )
        tools = Tools(self.sessions, self.clock, telephony, self.catalogue, self.addresses, self.grid)
        return Worker(tools, {**TASKS, **ERRANDS}, reconcile_every=None)

    def _deliver(self, request: WebhookRequest) -> WebhookResponse:
        if not self.web_is_up:
            raise ConnectionError("the web servers are away")
        path = request.url.removeprefix(PUBLIC)
        answer = Client(self.app).open(
            path,
            method=request.method,
            data=dict(request.form) if request.method == "POST" else None,
            headers=dict(request.headers),
            environ_overrides={"RAW_URI": path},
        )
        return WebhookResponse(answer.status_code, answer.content_type or "", answer.data)

    def _open_lines(self, start: datetime) -> None:
        with self.sessions.begin() as session:
            self.network = add_network(session, "Esimerkkiseutu", now=start)
            add_line(session, self.network, LINE, "Esimerkkiseudun digituki", FI)
            add_line(session, self.network, SWEDISH_LINE, "Exempelnejdens digistöd", SV, municipality="710")
            self.organisation = add_organisation(session, self.network, "Turku", serves=["853", "710"])
        for number in (LINE, SWEDISH_LINE):
            self.exchange.add_line(
                number,
                self.addresses.call,
                fallback_url=self.addresses.fallback,
                status_url=self.addresses.status,
                sms_url=self.addresses.text,
            )


class WsgiAdapter(requests.adapters.BaseAdapter):
    """Lets the REST client talk to the exchange without a network between."""

    def __init__(self, app: object) -> None:
        super().__init__()
        self._client = Client(app)

    def send(self, request: requests.PreparedRequest, **_: object) -> requests.Response:
        """One request, answered at once."""
        answer = self._client.open(
            request.path_url,
            base_url=OPERATOR,
            method=request.method,
            data=request.body,
            headers=dict(request.headers),
        )
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.raw = BytesIO(answer.data)
        response.url = request.url
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close."""


@pytest.fixture(autouse=True)
def _plain_logs() -> None:
    structlog.configure(processors=[structlog.processors.format_exc_info, structlog.processors.LogfmtRenderer()])


@pytest.fixture
def day(sessions: sessionmaker[Session]) -> Iterator[Day]:
    """Tuesday 24 November 2026, nine in the morning; afterwards the operator has nothing to complain of."""
    day = Day(sessions, instant_of(datetime(2026, 11, 24).date(), time(9), HELSINKI).astimezone(HELSINKI))
    yield day
    assert not day.exchange.errors
    assert not day.fetch("SELECT key, last_error FROM job WHERE last_error <> 'TelephonyError'")


def _sounds_like(catalogue: Catalogue, language: Language, key: str, words: str) -> bool:
    if key.startswith(("sms.", "topic.", "language.")):
        return False
    blanks = {name: f"\x00{name}\x00" for name in catalogue.placeholders(key)}
    for again in (False, True):
        parts = catalogue.spoken(language, key, again=again, **blanks)
        pattern = re.sub(r"\x00\w+\x00", "(.+)", re.escape(" ".join(parts)).replace("\\\x00", "\x00"))
        if re.fullmatch(pattern, words):
            return True
    return False
