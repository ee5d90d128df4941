"""The pages in a real browser: our application in this process, on the demo's network, with nobody at the telephone.

It is ten past nine on Tuesday 24 November 2026. Who opens a page is signed in already; how one signs in is a story of its own.
"""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from threading import Thread

from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page
from sqlalchemy import select
from werkzeug.serving import WSGIRequestHandler, make_server

from admin.app import build
from admin.auth import SIGN_IN
from admin.clock import RunningClock
from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from admin.settings import Settings
from tests.browser.posted import note_what_is_posted
from tests.integration.snapshot import demo_in
from tickets.network import Network
from tickets.people import Person
from tickets.sign_ins import How, begin_sign_in
from tickets.tokens import bearer_of_person
from tickets.vocabulary import HelperKind, Role

KINDS = {Role.OPASTAJA: HelperKind.VOLUNTEER, Role.DIGITUKIJA: HelperKind.STAFF}
TALL = 900
# A refused form or a page that is not there is told by its page; the browser's own line about it is no complaint.
EXPECTED = re.compile(r"^Failed to load resource: .* status of 4\d\d")


class Office:
    """The network at work, and browsers of its people."""

    def __init__(self, app: Flask, address: str, browser: Browser, now: datetime) -> None:
        self.app, self.address, self.now = app, address, now
        self.complaints: list[str] = []
        self.contexts: list[BrowserContext] = []
        self._browser = browser
        self.demo: DemoData = demo_in(self.parts, now)
        with self.parts.sessions() as session:
            self.network: int = session.scalars(select(Network.id)).one()

    @property
    def parts(self) -> Parts:
        parts = self.app.extensions[PARTS]
        assert isinstance(parts, Parts)
        return parts

    def page(
        self, who: Role | str | None = None, language: str = "fi", *, width: int = 1280, dark: bool = False
    ) -> Page:
        """A browser of somebody: of a role, of a name, or of a resident; it complains of any script or rule that fails."""
        context = self._browser.new_context(
            base_url=self.address,
            viewport={"width": width, "height": TALL},
            color_scheme="dark" if dark else "light",
            locale={"fi": "fi-FI", "sv": "sv-FI"}.get(language, "en-GB"),
            reduced_motion="reduce",
        )
        self.contexts.append(context)
        cookies = {"lang": language} | ({} if who is None else {"digilinja": cookie_of(self.app, self.person(who))})
        context.add_cookies([{"name": name, "value": value, "url": self.address} for name, value in cookies.items()])
        context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        context.on("console", self._hear)
        context.set_default_timeout(60_000)
        return context.new_page()

    def person(self, who: Role | str) -> int:
        """The number of whoever of the demo has this role, or this name."""
        if who in KINDS:
            who = next(one.name for one in self.demo.helpers if one.kind is KINDS[Role(who)])
        desks = {person.name: person.id for person in self.demo.people}
        if isinstance(who, Role):
            return next(person.id for person in self.demo.people if person.role is who)
        if who in desks:
            return desks[who]
        helper = next(one.id for one in self.demo.helpers if one.name == who)
        with self.parts.sessions() as session:
            return session.scalars(select(Person.id).where(Person.helper_id == helper)).one()

    def _hear(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not EXPECTED.match(message.text):
            self.complaints.append(message.text)


def cookie_of(app: Flask, person: int) -> str:
    """What the browser of this person holds once they have signed in."""
    parts = app.extensions[PARTS]
    with parts.sessions.begin() as session:
        bearer = bearer_of_person(session, person)
        assert bearer is not None, person
        secret = begin_sign_in(session, bearer, How.DEMO, device="", now=parts.clock.now())
    signer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(signer.dumps({SIGN_IN: secret, "_permanent": True}))


@contextmanager
def opened(
    browser: Browser, database: str, folder: Path, now: datetime, *, port: int = 0, **more: str
) -> Iterator[Office]:
    """An office of its own, until whoever asked for it is done; it must end without a complaint of any browser.

    `more` are settings, by their names without DIGILINJA_.
    """
    app = build(_settings(database, folder, now, more))
    note_what_is_posted(app)
    server = make_server("127.0.0.1", port, app, threaded=True, request_handler=_Answer)
    server.daemon_threads = False  # a page that asks by itself may have asked as it was closed: closing waits for it
    Thread(target=server.serve_forever, daemon=True).start()
    office = Office(app, f"http://127.0.0.1:{server.server_port}", browser, now)
    try:
        yield office
        assert office.complaints == []
    finally:
        for context in office.contexts:
            context.close()
        server.shutdown()
        server.server_close()
        office.parts.engine.dispose()


class _Answer(WSGIRequestHandler):
    timeout = 30  # seconds of a browser's silence, such as on a connection opened in advance and never used


def _settings(database: str, folder: Path, now: datetime, more: Mapping[str, str]) -> Settings:
    return Settings.read(
        {
            "DIGILINJA_DATABASE_URL": database,
            "DIGILINJA_DATA_DIR": str(folder),
            "DIGILINJA_PUBLIC_URL": "http://127.0.0.1:8000",
            "DIGILINJA_TWILIO_API_URL": "http://127.0.0.1:9",
            "DIGILINJA_SECRET_KEY": "s" * 32,
            "DIGILINJA_DATA_KEYS": "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc=",
            "DIGILINJA_CLOCK": str(RunningClock(now, 1.0, datetime.now(now.tzinfo))),
            "DIGILINJA_DEMO": "yes",
            "TWILIO_ACCOUNT_SID": "AC" + "0" * 32,
            "TWILIO_AUTH_TOKEN": "token",
            **{f"DIGILINJA_{name}": value for name, value in more.items()},
        }
    )
