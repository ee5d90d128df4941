"""Where e-mail goes out, as the environment says it."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parseaddr
from typing import Final
from urllib.parse import unquote, urlsplit

from admin.errors import SettingsError
from tickets.email_addresses import plain_address

PORTS: Final = {"smtp": 587, "smtps": 465}
_SHAPE: Final = "write it as smtp://user:password@host:587 (STARTTLS) or smtps://user:password@host:465 (TLS)"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """The mail server, what opens it, and whose name stands on what we send; `tls` from the first word."""

    host: str
    port: int
    user: str | None
    password: str | None
    tls: bool
    sender: str


def smtp_server(env: Mapping[str, str]) -> SmtpServer | None:
    """The server that DIGILINJA_SMTP_URL names; None where none is set and no mail is sent. Raises SettingsError."""
    url, sender = env.get("DIGILINJA_SMTP_URL"), env.get("DIGILINJA_MAIL_FROM")
    if url is None:
        return None
    if sender is None:
        raise SettingsError(
            "DIGILINJA_MAIL_FROM is not set: say whom our e-mail comes from, such as digituki@example.fi"
        )
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise SettingsError(f"DIGILINJA_SMTP_URL is not a mail server: {_SHAPE}") from None
    if parts.scheme not in PORTS or not parts.hostname or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise SettingsError(f"DIGILINJA_SMTP_URL is not a mail server: {_SHAPE}")
    if (parts.username is None) != (parts.password is None):
        raise SettingsError(f"DIGILINJA_SMTP_URL has a user or a password, but not both: {_SHAPE}")
    return SmtpServer(
        host=parts.hostname,
        port=port or PORTS[parts.scheme],
        user=None if parts.username is None else unquote(parts.username),
        password=None if parts.password is None else unquote(parts.password),
        tls=parts.scheme == "smtps",
        sender=_sender(sender),
    )


def _sender(text: str) -> str:
    address = plain_address(parseaddr(text)[1])
    if address is None or not address.isascii():
        raise SettingsError(
            "DIGILINJA_MAIL_FROM is not an address: write digituki@example.fi or Digituki <digituki@example.fi>"
        )
    return text
