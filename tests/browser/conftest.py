"""A real browser on a real demo: everything that `make demo` starts, on free ports and in a folder of its own."""

import os
import re
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from typing import IO

import pytest
from playwright.sync_api import Browser, BrowserContext, sync_playwright

from tests.browser.hands import keyboard_alone
from tests.browser.lived_in import LivedIn
from tests.browser.office import Office, opened

CHROMIUM = "/usr/bin/chromium"
STARTS_WITHIN_S = 120
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--autoplay-policy=no-user-gesture-required",
    "--use-fake-device-for-media-stream",  # a microphone that hears a beep every second
    "--use-fake-ui-for-media-stream",
]


@dataclass(frozen=True)
class Demo:
    """A demo that runs."""

    web: str
    exchange: str
    data_dir: Path
    said: str

    def command(self, *words: str) -> str:
        """What `digilinja …` prints beside this demo."""
        done = subprocess.run(
            [sys.executable, "-m", "admin", *words],
            env={**os.environ, "DIGILINJA_DATA_DIR": str(self.data_dir)},
            capture_output=True,
            text=True,
            check=True,
        )
        return done.stdout


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Demo]:
    """The demo on Tuesday morning, its clock running thirty times as fast and its voices three times."""
    folder = tmp_path_factory.mktemp("demo")
    web, exchange = _free_port(), _free_port()
    process = subprocess.Popen(
        [
            *(sys.executable, "-m", "admin", "demo", "--at", "2026-11-24T09:00", "--speed", "30", "--pace", "3"),
            *("--port", str(web), "--exchange-port", str(exchange)),
        ],
        env={**os.environ, "DIGILINJA_DATA_DIR": str(folder)},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    try:
        said = _until_ready(process)
        yield Demo(f"http://127.0.0.1:{web}", f"http://127.0.0.1:{exchange}", folder, said)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)
        if process.stdout is not None:
            process.stdout.close()


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Debian's Chromium, as root and without a network."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture(autouse=True)
def hands(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every story is played twice: in Finnish with a mouse, in Swedish by keyboard alone."""
    story = request.node
    if (
        hasattr(story, "callspec")
        and story.callspec.params.get("language") == "sv"
        and not story.get_closest_marker("mouse")
    ):
        keyboard_alone(monkeypatch)


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A browser that knows nothing yet; its tabs share it."""
    context = browser.new_context()
    yield context
    context.close()


@pytest.fixture
def office(browser: Browser, database: str, tmp_path: Path, now: datetime) -> Iterator[Office]:
    """The pages on the demo's network, with browsers of whoever works there."""
    with opened(browser, database, tmp_path, now) as office:
        yield office


@pytest.fixture
def lived(office: Office) -> LivedIn:
    """The same after a day of work: something of everything that a page can show."""
    return LivedIn(office)


def _until_ready(process: subprocess.Popen[str]) -> str:
    lines: Queue[str] = Queue()
    assert process.stdout is not None
    Thread(target=_read, args=(process.stdout, lines), daemon=True).start()
    said = ""
    while not re.search(r"Ctrl-C", said):
        try:
            said += lines.get(timeout=STARTS_WITHIN_S)
        except Empty:
            raise AssertionError(f"the demo did not start: {said}") from None
    return said


def _read(stream: IO[str], lines: Queue[str]) -> None:
    for line in stream:
        lines.put(line)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
