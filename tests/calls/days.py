"""One day of a small network, on a virtual clock: the real line, the real worker, and phones to ring it with."""

from datetime import UTC, datetime, time, timedelta
from io import BytesIO
from typing import Self

import psycopg
import requests
from flask import Flask
from sqlalchemy import or_, select, text
from sqlalchemy.orm import Session, sessionmaker
from werkzeug.test import Client

from ivr import webhooks
from ivr.addresses import Addresses
from ivr.desk import Desk
from ivr.exchange import Exchange, Phone, VirtualClock, WebhookRequest, WebhookResponse
from ivr.exchange.app import make_app
from ivr.exchange.rest.faulty import AnswerLostError
from ivr.line_voices import LineVoices
from ivr.reconciliation import ERRANDS
from ivr.twilio_phone import TwilioPhone
from scheduler.errands import Errand, reconciling
from scheduler.jobs import Job, JobState, enqueue
from scheduler.ports import Transcriber
from scheduler.records import Attempt, Callback
from scheduler.rota.shifts import NewShift, add_shift
from scheduler.sign_in_codes import send_code
from scheduler.slots import HELSINKI, Grid, Span, instant_of, phase_of
from scheduler.tasks import TASKS
from scheduler.tools import Tools
from scheduler.worker import Worker
from tests.calls.phones import Play
from tickets.directory import NewHelper, add_helper, add_line, add_network, add_organisation
from tickets.intake import Matter, open_ticket
from tickets.ticket import Recording, Ticket, TicketEvent
from tickets.vocabulary import Channel, HelperKind, Topic
from voice_prompts.catalogue import Catalogue
from voice_prompts.language import Language

PUBLIC = "http://line.test"
OPERATOR = "http://exchange.test"
NEXT_JOB = """SELECT least((SELECT min(run_at) FROM job WHERE state = 'waiting'),
    (SELECT min(lease_until) FROM job WHERE state = 'running'))"""
LINE, SWEDISH_LINE = "+358942450100", "+358192450200"
MOBILE, LANDLINE = "+358401112233", "+35822330000"
FI, SV = Language.FI, Language.SV
TOKEN = "exchange-token"


class Day:
    """A network of one organisation, two lines and as many helpers as a scenario needs."""

    BOTH = (FI, SV)

    def __init__(self, sessions: sessionmaker[Session], start: datetime) -> None:
        self.sessions, self.grid, self.catalogue = sessions, Grid(), Catalogue.load()
        self.clock = VirtualClock(start)
        self.addresses = Addresses(PUBLIC, "a secret of the tests")
        self.exchange = Exchange.on(self.clock, self._deliver, auth_token=TOKEN)
        self.desk = Desk(
            sessions,
            self.clock,
            self.catalogue,
            self.addresses,
            (TOKEN,),
            LineVoices(sessions, self.catalogue),
        )
        self.transcriber: Transcriber | None = None
        self.web = self.web_on(sessions)
        self.worker = self.another_worker()
        self.clock.add(self)
        self.web_is_up = self.worker_is_up = True
        self.forgiven: set[int] = set()  # the operator's codes that this scenario means to provoke
        self.replies: list[tuple[WebhookRequest, WebhookResponse]] = []
        self._helpers = 0
        # The clock asks at each of its steps what is due, so this has a connection of its own.
        url = sessions.kw["bind"].url.set(drivername="postgresql").render_as_string(hide_password=False)
        self._look = psycopg.connect(url, autocommit=True)
        self._open_lines(start)

    def __enter__(self) -> Self:
        """A day that ends with the test."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing happens any more."""
        self._look.close()

    # What there is.

    def dials(self, number: str = MOBILE, line: str = LINE, **how: object) -> Play:
        """Somebody rings the line."""
        return Play(self.exchange.phone(number).dial(line, **how), self)

    def rings(self, number: str, within: float = 120) -> Play:
        """Somebody's phone rings, and they pick up."""
        call = self.phone(number).until_rung(within=within)
        while not call.rings_here:  # an earlier ringing that nobody took
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
        minutes: int = 60,
    ) -> Phone:
        """A helper with one place today (or so many days later) for calls of that length, and their phone."""
        self._helpers += 1
        number = f"+35850{self._helpers:07}"
        with self.sessions.begin() as session:
            new = NewHelper(f"Auttaja {self._helpers}", number, languages or (FI,), kind)
            helper = add_helper(session, self.organisation, new, now=self.now)
            during = Span(self.at(begins, days), self.at(ends, days))
            phase = phase_of(during.begins, timedelta(minutes=minutes))
            shift = NewShift(during, phase, call_minutes=minutes)
            add_shift(session, self.network, shift, now=self.now, helpers=[helper], grid=Grid())
        return self.phone(number)

    def promise(self, number: str = MOBILE) -> Callback:
        """Somebody rings, presses 1 everywhere, and has a time."""
        call = self.dials(number).goes_forward()
        assert "booked" in call.keys, call.keys
        return self.callback()

    def request(self, language: Language = FI) -> int:
        """Somebody else's request, which waits for nothing; its ticket."""
        other, key = "+358407654321", "form:other"
        matter = Matter(self.network, None, Channel.FORM, language, other, key=key, topic=Topic.PUHELIN)
        with self.sessions.begin() as session:
            return open_ticket(session, matter, now=self.now).id

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

    def results(self) -> list[str | None]:
        """How every attempt ended."""
        return [attempt.result for attempt in self.attempts()]

    def recordings(self) -> list[Recording]:
        """Every message, oldest first."""
        with self.sessions() as session:
            return list(session.scalars(select(Recording).order_by(Recording.id)))

    def events(self) -> list[str]:
        """What happened to all tickets, in order."""
        with self.sessions() as session:
            return [kind.value for kind in session.scalars(select(TicketEvent.kind).order_by(TicketEvent.id))]

    def texts(self, number: str = MOBILE) -> list[str]:
        """The texts that a phone has received."""
        return [text.body for text in self.phone(number).texts]

    def templates(self) -> list[str]:
        """Which texts were written, in order."""
        return [str(template) for (template,) in self.fetch("SELECT template FROM message ORDER BY id")]

    def told(self) -> list[str]:
        """Which texts were written to callers, in order."""
        return [template for template in self.templates() if not template.startswith("helper_")]

    def fetch(self, statement: str, **values: object) -> list[tuple[object, ...]]:
        """Rows, as the database has them."""
        with self.sessions() as session:
            return [tuple(row) for row in session.execute(text(statement), values)]

    def rings_of(self, phone: Phone) -> int:
        """How many times a phone was rung by us."""
        return sum(call.leg.direction != "inbound" for call in phone.calls)

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

    def reconciles(self) -> None:
        """Compare the operator's lists with ours, now."""
        with self.sessions.begin() as session:
            enqueue(session, reconciling(int(self.clock.timer() * 1000), now=self.now))
        self.passes(seconds=10)

    # The worker, as the clock sees it.

    def next_event_at(self) -> float | None:
        """When the next job is due, or a dead worker's lease runs out, in the clock's seconds."""
        if not self.worker_is_up:
            return None
        (due,) = self._look.execute(NEXT_JOB).fetchone() or (None,)
        return None if due is None else self.clock.timer() + max(0.0, self.clock.seconds_until(due))

    def run_due(self) -> int:
        """Do the jobs that are due; where there are none, which is mostly so, the worker is not woken to find none."""
        at = self.next_event_at()
        if at is None or at > self.clock.timer():
            return 0
        return self.worker.beat() + self.worker.slow_beat()

    def jobs_left(self) -> list[tuple[object, ...]]:
        """Jobs that are due and not done."""
        with self.sessions() as session:
            due = or_(Job.state == JobState.RUNNING, (Job.state == JobState.WAITING) & (Job.run_at <= self.now))
            return [tuple(row) for row in session.execute(select(Job.key, Job.state).where(due))]

    def another_worker(self) -> Worker:
        """A worker of this day's line."""
        with requests.Session() as session:
            session.mount(OPERATOR, WsgiAdapter(make_app(self.exchange)))
            telephony = TwilioPhone(account_sid="AC" + "0" * 32, auth_token=TOKEN, api_url=OPERATOR, session=session)
        tools = Tools(
            self.sessions,
            self.clock,
            telephony,
            self.catalogue,
            self.addresses,
            transcriber=self.transcriber,
        )
        return Worker(tools, {**TASKS, **ERRANDS, Errand.SIGN_IN_CODE: send_code}, reconcile_every=None)

    # The web servers, as the operator sees them.

    def writes_down(self, transcriber: Transcriber, *, along: bool = False) -> None:
        """From now on somebody writes down messages; `along`: the operator, while they are spoken."""
        self.transcriber = transcriber
        self.web, self.worker = self.web_on(self.sessions, along=along), self.another_worker()

    def web_on(self, sessions: sessionmaker[Session], *, along: bool = False) -> Flask:
        """The line's webhooks on some database."""
        app = Flask("line")
        desk = Desk(
            sessions,
            self.clock,
            self.catalogue,
            self.addresses,
            (TOKEN,),
            LineVoices(sessions, self.catalogue),
            along,
        )
        app.register_blueprint(webhooks.blueprint(desk))
        return app

    def post(self, path: str, form: dict[str, str], headers: dict[str, str] | None = None) -> WebhookResponse:
        """A request as it is, without the exchange's doing."""
        answer = Client(self.web).post(path, data=form, headers=headers, environ_overrides={"RAW_URI": path})
        return WebhookResponse(answer.status_code, answer.content_type or "", answer.data)

    def get(self, path: str) -> WebhookResponse:
        """Somebody asks for a page."""
        answer = Client(self.web).get(path, environ_overrides={"RAW_URI": path})
        return WebhookResponse(answer.status_code, answer.content_type or "", answer.data)

    def _deliver(self, request: WebhookRequest) -> WebhookResponse:
        if not self.web_is_up:
            raise ConnectionError("the web servers are away")
        path = request.url.removeprefix(PUBLIC)
        answer = Client(self.web).open(
            path,
            method=request.method,
            data=dict(request.form) if request.method == "POST" else None,
            headers=dict(request.headers),
            environ_overrides={"RAW_URI": path},
        )
        reply = WebhookResponse(answer.status_code, answer.content_type or "", answer.data)
        self.replies.append((request, reply))
        return reply

    def _open_lines(self, start: datetime) -> None:
        with self.sessions.begin() as session:
            self.network = add_network(session, "Esimerkkiseutu", now=start)
            add_line(session, self.network, LINE, "Esimerkkiseudun digituki", FI, other_name="Exempelnejdens digistöd")
            add_line(
                session,
                self.network,
                SWEDISH_LINE,
                "Exempelnejdens digistöd",
                SV,
                municipality="710",
                other_name="Esimerkkiseudun digituki",
            )
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
        """One request, answered at once; or done, and its answer lost on the way."""
        try:
            answer = self._client.open(
                request.path_url,
                base_url=OPERATOR,
                method=request.method,
                data=request.body,
                headers=dict(request.headers),
            )
        except AnswerLostError as lost:
            raise requests.ConnectionError(str(lost)) from lost
        response = requests.Response()
        response.status_code = answer.status_code
        response.headers.update(answer.headers)
        response.raw = BytesIO(answer.data)
        response.url = request.url
        response.request = request
        return response

    def close(self) -> None:
        """Nothing to close."""


def tuesday_morning() -> datetime:
    """Tuesday 24 November 2026, nine in the morning in Helsinki."""
    return instant_of(datetime(2026, 11, 24, tzinfo=UTC).date(), time(9), HELSINKI).astimezone(HELSINKI)
