"""What a message is made of: headers and texts as a person reads them, whatever a mailer has made of them. Pure."""

import codecs
from binascii import Error as NotBase64
from collections.abc import Iterator
from dataclasses import dataclass
from email.errors import HeaderParseError, MessageError
from email.header import decode_header
from email.message import Message
from typing import Final, TypeAlias

from scheduler.mail.plain import of_html

Parsed: TypeAlias = "Message[str, str]"
LONGEST_HEADER: Final = 500
LONGEST_NAME: Final = 80
MOST_NAMES: Final = 10
MOST_TEXTS: Final = 3
# What no letter is written in; some of these can be made to take very long.
NO_LETTERS: Final = frozenset({"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape"})
SIGNATURES: Final = frozenset(
    {"application/pgp-signature", "application/pkcs7-signature", "application/x-pkcs7-signature"}
)


@dataclass(frozen=True, slots=True)
class Contents:
    """What was written, and the names of what was sent along with it."""

    text: str
    attachments: tuple[str, ...]


def header(message: Parsed, name: str) -> str:
    """A header as a person reads it, on one line; empty where there is none."""
    found = next((str(value) for key, value in message.raw_items() if key.lower() == name.lower()), "")
    raw = _decoded(found.encode("utf-8", "surrogateescape"), "utf-8")
    try:
        pieces = decode_header(raw)
    except (HeaderParseError, NotBase64, ValueError):
        pieces = [(raw, None)]
    text = "".join(piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces)
    return " ".join("".join(letter if letter.isprintable() else " " for letter in text).split())[:LONGEST_HEADER]


def contents(message: Parsed) -> Contents:
    """The text of a message: its plain parts, else its HTML ones as text; and what it brought along."""
    plain, html, names = list[str](), list[str](), list[str]()
    for part in _leaves(message):
        kind = part.get_content_type()
        if kind in SIGNATURES or _is_embedded(part):
            continue
        if kind not in ("text/plain", "text/html") or _is_attached(part):
            names.append(_name(part) or kind)
        elif kind == "text/plain":
            plain.append(_text(part))
        else:
            html.append(_text(part))
    written = "\n".join(plain)
    if not written.strip():
        written = "\n".join(map(of_html, html[:MOST_TEXTS]))
    return Contents(written, tuple(names[:MOST_NAMES]))


def _leaves(message: Parsed) -> Iterator[Parsed]:
    """The parts that hold something, in order; a whole message inside is one thing that was attached."""
    waiting: list[Parsed] = [message]
    while waiting:
        part = waiting.pop()
        if part.get_content_maintype() != "multipart":
            yield part
        elif part.is_multipart() and isinstance(inside := part.get_payload(), list):
            waiting.extend(piece for piece in reversed(inside) if isinstance(piece, Message))


def _is_attached(part: Parsed) -> bool:
    return part.get_content_disposition() == "attachment" or bool(_name(part))


def _is_embedded(part: Parsed) -> bool:
    """A picture of the letter's own, such as the logo below a signature."""
    return (
        part.get_content_maintype() == "image"
        and part.get_content_disposition() != "attachment"
        and "content-id" in part
    )


def _name(part: Parsed) -> str:
    try:
        raw = part.get_filename() or ""
    except (MessageError, ValueError, TypeError, LookupError):
        return ""
    inner = Message()
    inner["name"] = "".join(raw.splitlines())
    return header(inner, "name")[:LONGEST_NAME]


def _text(part: Parsed) -> str:
    try:
        charset = part.get_content_charset()
        payload = part.get_payload(decode=True)
    except (ValueError, TypeError, LookupError):  # it claims to be written in what nothing is written in
        charset = None
        del part["Content-Type"]
        payload = part.get_payload(decode=True)
    return _decoded(payload if isinstance(payload, bytes) else b"", charset)


def _decoded(raw: bytes, charset: str | None) -> str:
    """The text in the charset that it claims, else in the one that it turns out to be in; never a broken half of a letter."""
    for candidate in (charset or "utf-8", "utf-8"):
        try:
            known = codecs.lookup(candidate)
            if known.name.replace("_", "-") not in NO_LETTERS:
                return raw.decode(known.name).encode("utf-8", "replace").decode()
        except (LookupError, ValueError, UnicodeError):
            continue
    return raw.decode("cp1252", "replace")
