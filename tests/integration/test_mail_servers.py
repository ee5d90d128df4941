"""A mailbox read by IMAP and letters sent by SMTP, spoken to as servers are."""

import ssl
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from aiosmtpd.controller import Controller
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from admin.mail_settings import SmtpServer
from admin.outside.imap import ImapOffice
from admin.outside.mail import SmtpMail
from scheduler.ports import Email, MailAccount, MailboxError, MailError
from tests.integration.imap_server import ImapServer
from tests.integration.post import BOX, letter
from tests.integration.smtp_server import AnyPort, Received, port_of
from tickets.mailboxes import MailTrouble

NOW = datetime(2026, 11, 24, 7, 10, tzinfo=UTC)
HELLO = Email("maija@example.fi", "Hei", "Älä hätäile.", "<a@example.fi>", "<b@example.fi>", ("<b@example.fi>",), BOX)


def account(imap: ImapServer, **other: str) -> MailAccount:
    return MailAccount(
        **{"host": "127.0.0.1", "port": imap.port, "user": imap.user, "password": imap.password, **other}
    )  # type: ignore[arg-type]


def server_at(
    controller: Controller, *, tls: bool = False, user: str | None = None, word: str | None = None
) -> SmtpServer:
    return SmtpServer("127.0.0.1", port_of(controller), user, word, tls, "Digituki <digituki@example.fi>")


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
    controller = AnyPort(
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
