"""A mailbox read by IMAP and answered by SMTP, spoken to as servers are; and the commands that set it up."""

import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import Message
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session
from click.testing import CliRunner, Result
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from flask.testing import FlaskClient
from sqlalchemy import text

from admin.cli import main
from admin.demo.data import DemoData
from admin.mail_settings import SmtpServer
from admin.outside.imap import ImapOffice
from admin.outside.mail import SmtpMail
from admin.parts import Parts
from admin.settings import Settings
from admin.worker import worker
from scheduler.ports import Email, MailAccount, MailboxError, MailError
from tests.integration.imap_server import ImapServer, serving
from tests.integration.post import BOX, WRITER, letter
from tickets.mailboxes import MailTrouble

Command = Callable[..., Result]
NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
HELLO = Email("maija@example.fi", "Hei", "Älä hätäile.", "<a@example.fi>", "<b@example.fi>", ("<b@example.fi>",), BOX)


@dataclass
class Received:
    """What a mail server of this machine was handed, or how it refuses."""

    letters: list[tuple[list[str], Message]] = field(default_factory=list)
    refuses: str | None = None
    users: list[bytes] = field(default_factory=list)

    async def handle_RCPT(  # noqa: N802 - the server looks for this name
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        if self.refuses is not None:
            return self.refuses
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        assert isinstance(envelope.content, bytes)
        self.letters.append((envelope.rcpt_tos, message_from_bytes(envelope.content)))
        return "250 OK"

    def authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _how: str, given: object
    ) -> AuthResult:
        assert isinstance(given, LoginPassword)
        self.users.append(given.login)
        return AuthResult(success=given.password == b"word")


class _AnyPort(Controller):
    """A server on whichever port is free."""

    def __init__(self, handler: Received, **told: object) -> None:
        super().__init__(handler, port=0, **told)

    def _trigger_server(self) -> None:
        self.port = _port(self)
        super()._trigger_server()


@pytest.fixture
def received() -> Received:
    """Nothing yet."""
    return Received()


@pytest.fixture
def smtp(received: Received) -> Iterator[Controller]:
    """A mail server of this machine."""
    controller = _AnyPort(received, hostname="127.0.0.1")
    controller.start()
    yield controller
    controller.stop()


@pytest.fixture
def imap() -> Iterator[ImapServer]:
    """A mailbox of this machine."""
    with serving(ImapServer()) as server:
        yield server


def account(imap: ImapServer, **other: str) -> MailAccount:
    return MailAccount(
        **{"host": "127.0.0.1", "port": imap.port, "user": imap.user, "password": imap.password, **other}
    )  # type: ignore[arg-type]


def server_at(
    controller: Controller, *, tls: bool = False, user: str | None = None, word: str | None = None
) -> SmtpServer:
    return SmtpServer("127.0.0.1", _port(controller), user, word, tls, "Digituki <digituki@example.fi>")


def _port(controller: Controller) -> int:
    assert controller.server is not None
    return int(controller.server.sockets[0].getsockname()[1])


def post_of(server: SmtpServer, trust: ssl.SSLContext | None = None) -> SmtpMail:
    return SmtpMail(server, lambda: NOW, patience_s=5, trust=trust)


# Out, by SMTP.


def test_a_letter_leaves_as_it_was_meant(smtp: Controller, received: Received) -> None:
    post_of(server_at(smtp)).send(HELLO)
    ((to, message),) = received.letters
    assert to == ["maija@example.fi"]
    assert message["Message-ID"] == "<a@example.fi>"
    assert message["In-Reply-To"] == message["References"] == "<b@example.fi>"
    assert (message["Reply-To"], message["Auto-Submitted"]) == (BOX, "auto-replied")
    assert message["From"] == "Digituki <digituki@example.fi>"
    payload = message.get_payload(decode=True)
    assert isinstance(payload, bytes)
    assert payload.decode().strip() == "Älä hätäile."


@pytest.mark.parametrize(("refuses", "permanent"), [("550 no such person", True), ("451 not now", False)])
def test_whether_it_is_worth_trying_again_is_the_servers_word(
    smtp: Controller, received: Received, refuses: str, permanent: bool
) -> None:
    received.refuses = refuses
    with pytest.raises(MailError) as refusal:
        post_of(server_at(smtp)).send(HELLO)
    assert refusal.value.permanent is permanent


def test_a_server_that_is_away_may_come_back() -> None:
    with pytest.raises(MailError) as refusal:
        post_of(SmtpServer("127.0.0.1", 9, None, None, False, "digituki@example.fi")).send(HELLO)
    assert not refusal.value.permanent


@pytest.mark.parametrize("to", ["maija@example.fi\nBcc: kaikki@example.fi", "maija", ""])
def test_nobody_smuggles_a_header_or_an_address_into_a_letter(smtp: Controller, received: Received, to: str) -> None:
    with pytest.raises(MailError) as refusal:
        post_of(server_at(smtp)).send(Email(to, "Hei", "Hei"))
    assert refusal.value.permanent
    assert received.letters == []


def test_the_password_goes_under_tls_to_a_server_that_is_known(received: Received, tmp_path: Path) -> None:
    ours, certificate = _certificate(tmp_path)
    controller = _AnyPort(
        received, hostname="127.0.0.1", tls_context=ours, require_starttls=True,
        authenticator=received.authenticate, auth_required=True,
    )  # fmt: skip
    controller.start()
    try:
        server = server_at(controller, user="digituki", word="word")
        post_of(server, ssl.create_default_context(cafile=str(certificate))).send(HELLO)
        assert (received.users, len(received.letters)) == ([b"digituki"], 1)
        with pytest.raises(MailError):
            post_of(server).send(HELLO)  # whose certificate nobody vouches for
        assert received.users == [b"digituki"]
    finally:
        controller.stop()


def test_a_server_elsewhere_that_offers_no_tls_is_told_nothing(
    smtp: Controller, received: Received, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("admin.outside.mail.ON_THIS_MACHINE", frozenset())
    with pytest.raises(MailError):
        post_of(server_at(smtp, user="digituki", word="word")).send(HELLO)
    assert (received.users, received.letters) == ([], [])


def _certificate(folder: Path) -> tuple[ssl.SSLContext, Path]:
    """A server's certificate for this machine, and the file by which it is trusted."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "127.0.0.1")])
    here = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    begins = datetime.now(UTC) - timedelta(days=1)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(1)
        .not_valid_before(begins).not_valid_after(begins + timedelta(days=9)).add_extension(here, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True).sign(key, hashes.SHA256())
    )  # fmt: skip
    certificate, secret = folder / "certificate.pem", folder / "key.pem"
    certificate.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    plain = serialization.NoEncryption()
    secret.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.TraditionalOpenSSL, plain)
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, secret)
    return context, certificate


# In, by IMAP.


def test_letters_are_read_the_oldest_first_and_stay_unread_until_they_are_put_away(imap: ImapServer) -> None:
    first, second = imap.arrives(letter("Yksi")), imap.arrives(letter("Kaksi"))
    with ImapOffice().open(account(imap)) as mailbox:
        assert mailbox.unread(10) == (str(first), str(second))
        assert mailbox.unread(1) == (str(first),)
        arrived = mailbox.read(str(first))
        assert arrived is not None
        assert arrived.raw == letter("Yksi")
        assert arrived.whole
        assert imap.unread == [first, second]
        mailbox.put_away(str(first))
        assert imap.unread == [second]
    assert imap.said[-1] == "LOGOUT"
    assert "EXPUNGE" not in imap.said


@pytest.mark.parametrize("knows_move", [True, False])
def test_where_a_folder_is_named_what_was_read_is_moved_there(imap: ImapServer, knows_move: bool) -> None:
    imap.knows_move = knows_move
    number = imap.arrives(letter())
    with ImapOffice().open(account(imap, done_folder="Luetut")) as mailbox:
        mailbox.put_away(str(number))
    assert list(imap.folders["INBOX"].messages) == []
    assert list(imap.folders["Luetut"].messages) == [number]


def test_of_a_letter_of_many_megabytes_only_the_head_is_fetched(imap: ImapServer) -> None:
    imap.claims_size = 9 * 1024 * 1024
    number = imap.arrives(letter("Iso"))
    with ImapOffice().open(account(imap)) as mailbox:
        arrived = mailbox.read(str(number))
    assert arrived is not None
    assert not arrived.whole
    assert b"Iso" not in arrived.raw
    assert imap.said.count("UID FETCH") == 1


def test_a_letter_that_somebody_else_has_taken_away_is_gone(imap: ImapServer) -> None:
    with ImapOffice().open(account(imap)) as mailbox:
        assert mailbox.read("7") is None


@pytest.mark.parametrize(
    ("changes", "trouble"),
    [
        ({"password": "wrong"}, MailTrouble.LOG_IN_REFUSED),
        ({"folder": "Saapuneet"}, MailTrouble.NO_FOLDER),
    ],
)
def test_what_hinders_is_told_apart(imap: ImapServer, changes: dict[str, str], trouble: MailTrouble) -> None:
    with pytest.raises(MailboxError) as refusal, ImapOffice().open(account(imap, **changes)):
        pass
    assert refusal.value.trouble is trouble


@pytest.mark.parametrize("command", ["CAPABILITY", "LOGIN", "SELECT", "UID SEARCH", "UID FETCH", "UID STORE"])
def test_a_line_that_goes_dead_at_any_word_is_a_server_that_is_away(imap: ImapServer, command: str) -> None:
    number = imap.arrives(letter())
    imap.dies_before = command
    with pytest.raises(MailboxError) as refusal:
        _read_all(account(imap))
    assert refusal.value.trouble is MailTrouble.UNREACHABLE
    assert imap.unread == [number]


def _read_all(known: MailAccount) -> None:
    with ImapOffice().open(known) as mailbox:
        for one in mailbox.unread(5):
            mailbox.read(one)
            mailbox.put_away(one)


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
    url = f"smtp://127.0.0.1:{_port(smtp)}"
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
