"""A mailbox the whole way, by the worker: read, made a ticket, answered; and the commands that set it up."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

import pytest
from aiosmtpd.controller import Controller
from click.testing import CliRunner, Result
from flask.testing import FlaskClient
from sqlalchemy import text

from admin.cli import main
from admin.demo.data import DemoData
from admin.parts import Parts
from admin.settings import Settings
from admin.worker import worker
from tests.integration.imap_server import ImapServer
from tests.integration.post import BOX, WRITER, letter
from tests.integration.smtp_server import Received, port_of

Command = Callable[..., Result]


# The whole way, by the worker.


@dataclass
class Line:
    """The product's own worker, with a mailbox and a mail server of this machine."""

    parts: Parts
    settings: Settings
    imap: ImapServer
    received: Received

    def works(self, beats: int = 6) -> None:
        hands = replace(worker(self.parts), reconcile_every=None)
        for _ in range(beats):
            hands.beat()

    def again(self) -> None:
        """The next minute's reading, now."""
        with self.parts.sessions.begin() as session:
            session.execute(
                text("UPDATE job SET state = 'waiting', run_at = :now WHERE kind = 'read_mailbox'"),
                {"now": self.parts.clock.now()},
            )
        self.works()

    def tickets(self) -> list[tuple[object, ...]]:
        with self.parts.sessions() as session:
            rows = session.execute(text("SELECT code, status FROM ticket WHERE channel = 'sahkoposti' ORDER BY id"))
            return [tuple(row) for row in rows]


@pytest.fixture
def digilinja(environment: dict[str, str]) -> Command:
    """Runs `digilinja mailbox` in the environment of the test."""

    def run(*arguments: str) -> Result:
        env = {**environment, "DIGILINJA_CLOCK": "2026-11-24T09:10:00+02:00"}
        return CliRunner().invoke(main, ("mailbox", *arguments), env=env)

    return run


def added(digilinja: Command, imap: ImapServer, demo: DemoData, **other: str) -> Result:
    told = {"host": "127.0.0.1", "port": str(imap.port), "user": imap.user, "password": imap.password, **other}
    options = [piece for name, value in told.items() for piece in (f"--{name}", value)]
    return digilinja("add", BOX, "--line", demo.lines[0].e164, *options)


@pytest.fixture
def settings(environment: dict[str, str], smtp: Controller, now: datetime) -> Settings:
    """The settings of a line that sends its mail to this machine."""
    clock = f"{now.isoformat()}@1@{datetime.now(UTC).isoformat()}"
    url = f"smtp://127.0.0.1:{port_of(smtp)}"
    return Settings.read(
        {
            **environment,
            "DIGILINJA_CLOCK": clock,
            "DIGILINJA_SMTP_URL": url,
            "DIGILINJA_MAIL_FROM": "digituki@example.fi",
        }
    )


@pytest.fixture
def line(
    parts: Parts, settings: Settings, imap: ImapServer, received: Received, digilinja: Command, demo: DemoData
) -> Line:
    """A line with a mailbox."""
    assert added(digilinja, imap, demo).exit_code == 0
    return Line(parts, settings, imap, received)


def test_a_letter_goes_the_whole_way_and_so_does_the_answer_to_our_answer(line: Line) -> None:
    line.imap.arrives(letter())
    line.works()
    ((code, status),) = line.tickets()
    assert status == "with_coordinator"
    assert line.imap.unread == []
    ((to, answer),) = line.received.letters
    assert to == [WRITER]
    assert "http://127.0.0.1:8000/time/" in str(answer.get_payload(decode=True))
    line.imap.arrives(letter("Kiitos!", message_id="<2@x.fi>", **{"In-Reply-To": answer["Message-ID"]}))
    line.again()
    assert line.tickets() == [(code, status)]
    assert len(line.received.letters) == 2


def test_a_line_that_goes_dead_between_the_ticket_and_the_mailbox_makes_nothing_twice(line: Line) -> None:
    line.imap.arrives(letter())
    line.imap.dies_before = "UID STORE"
    line.works()
    assert len(line.tickets()) == 1
    assert len(line.imap.unread) == 1
    line.imap.dies_before = None
    line.again()
    assert len(line.tickets()) == 1
    assert len(line.received.letters) == 1
    assert line.imap.unread == []


def test_the_link_in_the_answer_leads_to_a_page_that_asks_for_a_number(line: Line, client: FlaskClient) -> None:
    line.imap.arrives(letter())
    line.works()
    payload = line.received.letters[0][1].get_payload(decode=True)
    assert isinstance(payload, bytes)
    link = next(word for word in payload.decode().split() if word.startswith("http"))
    page = client.get(link.removeprefix("http://127.0.0.1:8000"))
    assert page.status_code == 200
    assert 'name="number"' in page.text


# The commands.


def test_a_mailbox_is_set_up_tried_shown_and_removed(digilinja: Command, imap: ImapServer, demo: DemoData) -> None:
    said = added(digilinja, imap, demo)
    assert said.exit_code == 0, said.output
    assert imap.password not in said.output
    assert BOX in digilinja("list").stdout
    assert "nothing unread" in digilinja("try", "1").stdout
    imap.arrives(letter())
    assert "something unread" in digilinja("try", "1").stdout
    assert imap.unread
    assert "read already" in added(digilinja, imap, demo).output
    assert digilinja("remove", "1").exit_code == 0
    assert BOX not in digilinja("list").stdout
    assert "digilinja mailbox list" in digilinja("remove", "1").output
    assert "digilinja mailbox list" in digilinja("try", "1").output


def test_each_mistake_is_one_line_and_sets_up_nothing(digilinja: Command, imap: ImapServer, demo: DemoData) -> None:
    wrong = {
        "refuses the user or the password": {"password": "wrong"},
        "no such folder": {"folder": "Saapuneet"},
        "cannot be reached": {"port": "1"},
    }
    for told, change in wrong.items():
        said = added(digilinja, imap, demo, **change)
        assert told in said.output
        assert said.exit_code == 1
    assert "name one of the lines" in digilinja("add", BOX, "--host", "127.0.0.1", "--password", "x").output
    assert "is not an address" in digilinja("add", "digituki", "--host", "127.0.0.1", "--password", "x").output
    assert BOX not in digilinja("list").stdout
