"""What was typed into the form of a mailbox, and whether it opens; a password is taken, and never shown."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from werkzeug.datastructures import MultiDict

from admin.mailbox_trial import something_waits
from admin.outside.guard import NotOutside, outside_of
from admin.parts import parts
from admin.people.doing import FORM
from admin.people.reading import Fields, as_typed
from scheduler.mail.boxes import BoxCard
from scheduler.ports import MailAccount, MailboxError
from tickets.email_addresses import plain_address
from tickets.mailboxes import MailTrouble

LONGEST: Final = 200
LAST_PORT: Final = 65535
BESIDE: Final[Mapping[MailTrouble, str]] = {
    MailTrouble.UNREACHABLE: "host",
    MailTrouble.LOG_IN_REFUSED: "password",
    MailTrouble.NO_FOLDER: "folder",
}
_HOST: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")


@dataclass(frozen=True, slots=True)
class Asked:
    """A mailbox as somebody wants it read."""

    line: int
    address: str
    account: MailAccount


def asked_in(fields: Fields, *, new: bool = False, known: MailAccount | None = None) -> Asked:
    """What was typed; an empty password is the one that is known, for the same user at the same server only."""
    address = _address(fields) if new else ""
    host, port = fields.text("host", LONGEST, needed=True), fields.number("port", 1, LAST_PORT)
    if host and not _HOST.fullmatch(host):
        fields.mistakes["host"] = "mailbox_no_host"
    if port is None:
        fields.mistakes.setdefault("port", "people_no_number")
    user = fields.text("user", LONGEST) or address or (known.user if known else "")
    folder, done_folder = fields.text("folder", LONGEST, needed=True), fields.text("done_folder", LONGEST) or None
    account = MailAccount(host, port or 0, user, fields.sent.get("password", "")[:LONGEST], folder, done_folder)
    if not account.password and known and (known.host, known.port, known.user) == (host, port, user):
        account = MailAccount(host, port or 0, user, known.password, folder, done_folder)
    if not account.password:
        fields.mistakes["password"] = "people_empty" if new else "mailbox_password_again"
    return Asked(fields.row("line") or 0, address, account)


def trouble_with(account: MailAccount) -> dict[str, str]:
    """Why it cannot be read, beside its field; it is opened once. A server inside our own network is the operator's to add."""
    way_out = outside_of(loopback=parts().settings.loopback)
    if way_out.refuses(f"https://{account.host}:{account.port}") is NotOutside.NOT_PUBLIC:
        return {"host": "mailbox_not_public"}
    try:
        something_waits(account)
    except MailboxError as error:
        return beside(error.trouble)
    return {}


def beside(trouble: MailTrouble) -> dict[str, str]:
    """Beside which field a trouble is told."""
    return {BESIDE.get(trouble, FORM): f"mailbox_{trouble}"}


def as_form(card: BoxCard) -> MultiDict[str, str]:
    """A mailbox as its form shows it before anybody has typed."""
    names = ("host", "port", "user", "folder", "done_folder")
    return as_typed({**{name: getattr(card, name) for name in names}, "line": card.line_id})


def _address(fields: Fields) -> str:
    typed = fields.text("address", LONGEST, needed=True)
    plain = plain_address(typed) if typed else None
    if typed and plain is None:
        fields.mistakes.setdefault("address", "mailbox_no_address")
    return plain or ""
