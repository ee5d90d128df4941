"""A message as it came, read: who writes, what, in which thread; or why it is nothing. Pure, and never at a loss."""

import hashlib
import re
from dataclasses import dataclass
from email import message_from_bytes
from email.parser import BytesHeaderParser
from email.utils import getaddresses
from enum import StrEnum
from typing import Final

from scheduler.mail.parts import Contents, Parsed, contents, header
from scheduler.mail.plain import tidy
from scheduler.ports import Arrived
from tickets.codes import LETTERS

LONGEST_TEXT: Final = 10_000
MOST_REFERRED: Final = 50
LONGEST_ADDRESS: Final = 254  # RFC 5321
POSTMASTERS: Final = frozenset({"mailer-daemon", "postmaster"})
SILENT: Final = frozenset(
    {"noreply", "no-reply", "no_reply", "donotreply", "do-not-reply", "ala-vastaa", "alavastaa", "svara-inte"}
)
MASS: Final = frozenset({"bulk", "list", "junk", "auto_reply"})
LIST_HEADERS: Final = ("List-Id", "List-Unsubscribe", "List-Post", "Feedback-ID", "X-Autoreply", "X-Autorespond")

_ADDRESS: Final = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@(?:[a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63}")
_MESSAGE_ID: Final = re.compile(r"<[!-;=?-~]{3,250}>")
_CODE: Final = re.compile(rf"DL-[{LETTERS}]{{4,6}}(?![{LETTERS}])")


class Nothing(StrEnum):
    """Why a message is no matter of anybody's."""

    MACHINE = "machine"
    NO_SENDER = "no_sender"
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of a person. `name` tells it from every other, also when it has no id of its own.

    `referred` are the ids of the messages that it answers; `code` is the ticket that its subject names. One that is not
    `answerable` was sent from where nobody reads, or asks not to be answered by a machine.
    """

    sender: str
    sender_name: str | None
    subject: str
    text: str
    name: str
    message_id: str | None
    referred: tuple[str, ...]
    code: str | None
    attachments: tuple[str, ...]
    answerable: bool
    whole: bool


def read(arrived: Arrived) -> Heard | Nothing:
    """What a message says; whatever bytes came, never an error."""
    try:
        message = message_from_bytes(arrived.raw) if arrived.whole else BytesHeaderParser().parsebytes(arrived.raw)
        return _read(message, contents(message) if arrived.whole else Contents("", ()), whole=arrived.whole)
    except RecursionError:  # boxes in boxes in boxes: its head says whose it is
        return _read(BytesHeaderParser().parsebytes(arrived.raw), Contents("", ()), whole=False)


def _read(message: Parsed, found: Contents, *, whole: bool) -> Heard | Nothing:
    name, sender = _sender(message)
    if _is_machine(message, sender):
        return Nothing.MACHINE
    if sender is None:
        return Nothing.NO_SENDER
    subject, text = header(message, "Subject"), tidy(found.text)
    if not (subject or text or found.attachments):
        return Nothing.EMPTY
    message_id = next(iter(_ids(header(message, "Message-ID"))), None)
    code = _CODE.search(subject.upper())
    return Heard(
        sender=sender,
        sender_name=name,
        subject=subject,
        text=text[:LONGEST_TEXT],
        name=_name(sender, message_id, header(message, "Date"), subject, text),
        message_id=message_id,
        referred=tuple(_referred(message))[:MOST_REFERRED],
        code=None if code is None else code[0],
        attachments=found.attachments,
        answerable=not _asks_for_silence(message, sender),
        whole=whole and len(text) <= LONGEST_TEXT,
    )


def _sender(message: Parsed) -> tuple[str | None, str | None]:
    """The name and the address of whoever writes; none of what is not an address."""
    for name, address in getaddresses([header(message, "From")]):
        bare = address.strip().lower()
        if _ADDRESS.fullmatch(bare) and len(bare) <= LONGEST_ADDRESS:
            return name.strip() or None, bare
    return None, None


def _is_machine(message: Parsed, sender: str | None) -> bool:
    """Answers by themselves, bounces, lists (RFC 3834, RFC 2919): whoever answered them would never come to an end."""
    automatic = header(message, "Auto-Submitted").partition(";")[0].strip().lower()
    return (
        automatic not in ("", "no")
        or header(message, "Precedence").lower() in MASS
        or any(name in message for name in LIST_HEADERS)
        or ("Return-Path" in message and header(message, "Return-Path") in ("<>", ""))
        or message.get_content_type() == "multipart/report"
        or (sender or "").partition("@")[0] in POSTMASTERS
    )


def _asks_for_silence(message: Parsed, sender: str) -> bool:
    local = sender.partition("@")[0]
    return local in SILENT or header(message, "X-Auto-Response-Suppress").lower() not in ("", "none")


def _referred(message: Parsed) -> dict[str, None]:
    """The ids of the messages that are answered, the nearest first."""
    direct, chain = header(message, "In-Reply-To"), _long_header(message, "References")
    return dict.fromkeys([*_ids(direct), *reversed(_ids(chain))])


def _long_header(message: Parsed, name: str) -> str:
    """A header of which the end counts, however long it is."""
    return " ".join(str(message.get(name, "")).split())[-8000:]


def _ids(text: str) -> list[str]:
    return _MESSAGE_ID.findall(text)


def _name(sender: str, message_id: str | None, *besides: str) -> str:
    """By its id and sender; without an id, by all that it says."""
    told = (sender, message_id) if message_id else (sender, "", *besides)
    return hashlib.sha256("\n".join(told).encode()).hexdigest()[:40]
