"""The product as it runs, on a clean database: its settings, its pages, the demo's network in it, the mail servers by it."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from flask import Flask
from flask.testing import FlaskClient

from admin.app import build
from admin.clock import RunningClock
from admin.demo.data import DemoData
from admin.parts import PARTS, Parts
from admin.settings import Settings
from tests.integration.case_room import Reader, Room
from tests.integration.day_desk import Desk
from tests.integration.imap_server import ImapServer, serving
from tests.integration.smtp_server import AnyPort, Received
from tests.integration.snapshot import demo_in
from tests.integration.way_in import Clock
from tickets.vocabulary import Role

ACCOUNT = "AC" + "0" * 32


@pytest.fixture
def environment(database: str, tmp_path: Path) -> dict[str, str]:
    """The environment of a process of ours, whose clock stands at ten past nine on Tuesday 24 November 2026."""
    return {
        "DIGILINJA_DATABASE_URL": database,
        "DIGILINJA_DATA_DIR": str(tmp_path / "var"),
        "DIGILINJA_PUBLIC_URL": "http://127.0.0.1:8000",
        "DIGILINJA_TWILIO_API_URL": "http://127.0.0.1:9",
        "TWILIO_ACCOUNT_SID": ACCOUNT,
        "TWILIO_AUTH_TOKEN": "token",
        "DIGILINJA_SECRET_KEY": "s" * 32,
        "DIGILINJA_DATA_KEYS": "3v9Nq0mZ7yQy1mJrC2YwVgPq3cXo5b6lJk8sTzR0aBc=",
    }


@pytest.fixture
def settings(environment: dict[str, str], now: datetime) -> Settings:
    """The settings of that process."""
    return Settings.read({**environment, "DIGILINJA_CLOCK": str(RunningClock(now, 1.0, datetime.now(now.tzinfo)))})


@pytest.fixture
def app(settings: Settings) -> Iterator[Flask]:
    """The web application."""
    app = build(settings)
    yield app
    app.extensions[PARTS].engine.dispose()


@pytest.fixture
def parts(app: Flask) -> Parts:
    """What its pages stand on."""
    parts = app.extensions[PARTS]
    assert isinstance(parts, Parts)
    return parts


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser, or a program."""
    return app.test_client()


@pytest.fixture
def demo(parts: Parts, now: datetime) -> DemoData:
    """The demo's network, put in."""
    return demo_in(parts, now)


@pytest.fixture
def clock(app: Flask, now: datetime) -> Clock:
    """The clock of all its pages, set by hand."""
    clock = Clock(now)
    app.extensions[PARTS] = replace(app.extensions[PARTS], clock=clock)
    return clock


@pytest.fixture
def room(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Room:
    """The demo's network, for tickets to be put in."""
    return Room(app, parts, now)


@pytest.fixture
def coordinator(room: Room) -> Reader:
    """Who works for the whole network."""
    return room.reader(Role.KOORDINAATTORI)


@pytest.fixture
def desk(app: Flask, parts: Parts, demo: DemoData, now: datetime) -> Desk:
    """A day at the desk."""
    return Desk(app, parts, now)


@pytest.fixture
def received() -> Received:
    """What the mail server was handed: nothing yet."""
    return Received()


@pytest.fixture
def smtp(received: Received) -> Iterator[Controller]:
    """A mail server of this machine."""
    controller = AnyPort(received, hostname="127.0.0.1")
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """A mailbox of this machine."""
    with serving(ImapServer()) as server:
        yield server
