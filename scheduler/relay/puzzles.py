"""Members' own puzzles: a question to the network in the words of whoever works on it, without anybody's person in it."""

import re
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final

import phonenumbers
from sqlalchemy.orm import Session

from scheduler.relay.reading import card_of
from scheduler.relay.words import RelayCard, RelayRefusal
from tickets.anonymised import Shown, as_kept
from tickets.codes import relay_number
from tickets.identity_codes import find
from tickets.relays import Relay, RelayState
from tickets.store import cipher_of
from tickets.tokens import Bearer

LONGEST: Final = 400


class Personal(StrEnum):
    """What in a text could be somebody's; the values are in the API."""

    NUMBER = "number"
    EMAIL = "email"
    IDENTITY_CODE = "identity_code"
    ADDRESS = "address"
    NAME = "name"


@dataclass(frozen=True, slots=True)
class Puzzle:
    """A question to the network: codes, as for a case, and a few words by the one who asks."""

    shown: Shown
    words: str


_EMAIL: Final = re.compile(r"\S@\S|\(at\)|\[at\]", re.IGNORECASE)
_DIGITS: Final = re.compile(r"\d(?:[\s\-./()]*\d){4,}")  # five digits on end are a number, a postcode or a code
_STREET: Final = re.compile(
    r"\w+(?:katu|tie|kuja|polku|raitti|kaari|gatan|vägen|gränden|stigen)\w*\s+\d", re.IGNORECASE
)
_CAPITALISED: Final = re.compile(r"[A-ZÅÄÖ][a-zåäöéü]+(?:[- ][A-ZÅÄÖ][a-zåäöéü]+)+")
_TITLED: Final = re.compile(r"\b(?:herra|rouva|neiti|hra|rva|herr|fru|fröken)\s+[A-ZÅÄÖ]", re.IGNORECASE)
# Two capitals on end that are nobody's name.
_PRODUCTS: Final = frozenset(
    [
        "adobe",
        "android",
        "apple",
        "app",
        "chrome",
        "chromebook",
        "classroom",
        "digi",
        "edge",
        "excel",
        "explorer",
        "facebook",
        "firefox",
        "galaxy",
        "gmail",
        "google",
        "huawei",
        "instagram",
        "internet",
        "iphone",
        "kela",
        "kelan",
        "kanta",
        "lens",
        "mac",
        "maps",
        "messenger",
        "meet",
        "microsoft",
        "mobile",
        "mobilepay",
        "nokia",
        "norton",
        "office",
        "oma",
        "omakanta",
        "one",
        "onedrive",
        "outlook",
        "pay",
        "photos",
        "play",
        "playstore",
        "posti",
        "posten",
        "samsung",
        "signal",
        "skype",
        "smart",
        "spotify",
        "store",
        "suomi",
        "suomen",
        "finlands",
        "teams",
        "telia",
        "elisa",
        "dna",
        "tv",
        "vero",
        "verohallinto",
        "whatsapp",
        "wifi",
        "windows",
        "word",
        "xiaomi",
        "yle",
        "youtube",
        "zoom",
        "fpa",
        "dvv",
    ]
)


def personal_in(words: str) -> Personal | None:
    """What in these words could lead to a person; None where nothing does. It sees patterns, not meaning: read them too."""
    if find(words):
        return Personal.IDENTITY_CODE
    if _EMAIL.search(words):
        return Personal.EMAIL
    if _DIGITS.search(words) or any(phonenumbers.PhoneNumberMatcher(words, "FI")):
        return Personal.NUMBER
    if _STREET.search(words):
        return Personal.ADDRESS
    return Personal.NAME if _TITLED.search(words) or _is_named(words) else None


def ask(
    session: Session, who: Bearer, puzzle: Puzzle, *, now: datetime, actor: str
) -> RelayCard | RelayRefusal | Personal:
    """A question to be looked at before it is published; refused when the words could lead to a person."""
    if who.person_id is None:
        return RelayRefusal.NOT_A_PERSON
    if (found := personal_in(puzzle.words)) is not None:
        return found
    relay = Relay(
        network_id=who.network_id,
        number=relay_number(),
        state=RelayState.DRAFT,
        shown=as_kept(puzzle.shown),
        text_sealed=cipher_of(session).seal(puzzle.words.strip()),
        asked_by=who.person_id,
        made_by=actor,
        made_at=now,
    )
    session.add(relay)
    session.flush()
    return card_of(session, relay)


def _is_named(words: str) -> bool:
    """Whether two capitalised words stand together of which neither is a product's."""
    return any(
        not _PRODUCTS & {part.casefold() for part in re.split("[- ]", match[0])}
        for match in _CAPITALISED.finditer(words)
    )
