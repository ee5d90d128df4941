"""Letters as they come, and an office that hands them out without a network."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP

from scheduler.ports import Arrived, Email, MailAccount, MailError

WRITER = "maija.meikalainen@example.fi"
BOX = "digituki@example.fi"


def letter(
    text: str = "Hei, puhelimeni ei toimi. Voisitteko auttaa?",
    *,
    subject: str = "Apua puhelimeen",
    sender: str = f"Maija Meikäläinen <{WRITER}>",
    message_id: str | None = "<1@example.fi>",
    html: str | None = None,
    attachments: tuple[str, ...] = (),
    **headers: str,
) -> bytes:
    """A letter of a person; `headers` have _ for -."""
    message = EmailMessage(SMTP)
    message["From"], message["To"], message["Subject"] = sender, BOX, subject
    if message_id is not None:
        message["Message-ID"] = message_id
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content(text)
    if html is not None:
        message.add_alternative(html, subtype="html")
    for name in attachments:
        message.add_attachment(b"\x89PNG", maintype="image", subtype="png", filename=name)
    return message.as_bytes()


@dataclass
class Outgoing:
    """A mail server that takes everything, or fails as it is told to."""

    sent: list[Email] = field(default_factory=list)
    fails: MailError | None = None

    def send(self, email: Email) -> None:
        if self.fails is not None:
            raise self.fails
        self.sent.append(email)


@dataclass
class Office:
    """One mailbox, open to whoever asks."""

    letters: dict[str, bytes] = field(default_factory=dict)
    done: list[str] = field(default_factory=list)
    opened_by: list[MailAccount] = field(default_factory=list)

    def arrives(self, raw: bytes) -> None:
        self.letters[str(len(self.letters) + len(self.done) + 1)] = raw

    @contextmanager
    def open(self, account: MailAccount) -> Iterator["Office"]:
        self.opened_by.append(account)
        yield self

    def unread(self, most: int) -> tuple[str, ...]:
        return tuple(self.letters)[:most]

    def read(self, number: str) -> Arrived | None:
        raw = self.letters.get(number)
        return None if raw is None else Arrived(raw, whole=True)

    def put_away(self, number: str) -> None:
        self.done.append(number)
        del self.letters[number]
