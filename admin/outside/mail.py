"""The way out for e-mail: one mail server, spoken to by SMTP."""

import smtplib
import ssl
from collections.abc import Callable
from datetime import datetime
from email.errors import MessageError
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from typing import Final

from certifi import where

from admin.mail_settings import SmtpServer
from scheduler.ports import Email, MailError

PATIENCE_S: Final = 20.0  # for each word of the server; a job may take five minutes in all
ON_THIS_MACHINE: Final = frozenset({"127.0.0.1", "::1", "localhost"})  # where nobody listens between us


class SmtpMail:
    """A mail server that takes what we send; never a password, and never a letter, in the clear over a network."""

    def __init__(
        self,
        server: SmtpServer,
        now: Callable[[], datetime],
        *,
        patience_s: float = PATIENCE_S,
        trust: ssl.SSLContext | None = None,
    ) -> None:
        self._server = server
        self._now = now
        self._patience_s = patience_s
        self._trust = trust or ssl.create_default_context(cafile=where())

    def send(self, email: Email) -> None:
        """Hand a message over to the mail server; raises MailError."""
        message = written(email, self._server.sender, self._now())
        try:
            with self._connected() as line:
                line.send_message(message)
        except smtplib.SMTPRecipientsRefused as error:
            codes = [code for code, _ in error.recipients.values()]
            raise MailError("the server does not take this address", permanent=min(codes) >= 500) from error
        except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
            permanent = error.smtp_code >= 500
            raise MailError("the server refused the message", permanent=permanent, code=error.smtp_code) from error
        except smtplib.SMTPNotSupportedError as error:
            raise MailError("the server cannot take such an address or log-in", permanent=True) from error
        except (smtplib.SMTPException, OSError) as error:  # a wrong password too: somebody will mend it
            raise MailError(f"the mail server is away: {type(error).__name__}", permanent=False) from error

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        line = (
            smtplib.SMTP_SSL(server.host, server.port, timeout=self._patience_s, context=self._trust)
            if server.tls
            else smtplib.SMTP(server.host, server.port, timeout=self._patience_s)
        )
        try:
            self._greet(line)
        except BaseException:
            line.close()
            raise
        return line

    def _greet(self, line: smtplib.SMTP) -> None:
        server = self._server
        line.ehlo()
        if not server.tls and (line.has_extn("starttls") or server.host not in ON_THIS_MACHINE):
            line.starttls(context=self._trust)
            line.ehlo()
        if server.user is not None and server.password is not None:
            line.login(server.user, server.password)


def written(email: Email, sender: str, now: datetime) -> EmailMessage:
    """The message as it goes out; raises MailError where an address or a subject is none that can be written."""
    message = EmailMessage(SMTP)
    answering = email.in_reply_to is not None
    headers = {
        "From": sender,
        "To": email.to,
        "Subject": email.subject,
        "Date": format_datetime(now),
        "Message-ID": email.message_id,
        "In-Reply-To": email.in_reply_to,
        "References": " ".join(email.references) or None,
        "Reply-To": email.reply_to,
        "Auto-Submitted": "auto-replied" if answering else "auto-generated",  # no machine need answer (RFC 3834)
    }
    try:
        for name, value in headers.items():
            if value is not None:
                message[name] = value
    except (ValueError, IndexError, MessageError) as error:
        raise MailError("a header cannot be written", permanent=True) from error
    if "@" not in parseaddr(email.to)[1]:
        raise MailError("that is no address", permanent=True)
    message.set_content(email.text)
    return message
