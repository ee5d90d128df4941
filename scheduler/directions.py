"""Where to go, as a text to a caller: one place of the directory, or the next day of a gathering."""

import unicodedata
from collections.abc import Iterator
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy.orm import Session

from scheduler.jobs import NewJob, enqueue
from scheduler.notices import JobKind, Template
from tickets.municipalities import by_code
from tickets.near import Near, NearKind
from tickets.nearby import near_with
from tickets.records import Json
from tickets.ticket import Ticket
from voice_prompts.checks import LONGEST_DETAILS, segments_of
from voice_prompts.language import Language
from voice_prompts.speech import written_number, written_time

_DOUBLE: Final = frozenset("^{}\\[~]|\u20ac")
_PLAIN: Final = str.maketrans({"\u2013": "-", "\u2014": "-", "\u2019": "'", "\u201d": '"', "\u00a0": " "})


class Texted(StrEnum):
    """Whether a text with directions is on its way; the values are in the API."""

    TEXTED = "texted"
    NO_TEXTS = "takes_no_texts"
    UNKNOWN = "unknown_place"


def text_directions(
    session: Session, ticket_id: int, kind: NearKind, near_id: int, *, asked_in: str, now: datetime
) -> Texted:
    """Text the caller of a ticket where to go.

    `asked_in` is what it was asked in, such as a call, so that it is one text however often that comes.
    """
    ticket = session.get_one(Ticket, ticket_id)
    if near_with(session, ticket.network_id, kind, near_id, ticket.language) is None:
        return Texted.UNKNOWN
    if ticket.caller_sealed is None or not ticket.can_text:
        return Texted.NO_TEXTS
    key = f"{JobKind.TEXT}:ticket-{ticket_id}:{Template.NEARBY}:{kind}-{near_id}:{asked_in}"
    payload = {"template": Template.NEARBY.value, "ticket": ticket_id, kind.value: near_id}
    enqueue(session, NewJob(JobKind.TEXT, key, now, payload))
    return Texted.TEXTED


def directions(session: Session, ticket: Ticket, payload: Json) -> str | None:
    """What such a text says of the place; None when it is in use no more, or the day has been called off."""
    kind = next(kind for kind in NearKind if kind in payload)
    near = near_with(session, ticket.network_id, kind, payload[kind], ticket.language)
    return None if near is None else details_of(near, ticket.language)


def details_of(near: Near, language: Language) -> str:
    """The most important first; what a text has no room for is left out."""
    told = ""
    for piece in filter(None, map(_plain, _pieces(near, language))):
        longer = f"{told}, {piece}" if told else piece[: LONGEST_DETAILS // 2]
        told = longer if _room(longer) <= LONGEST_DETAILS else told
    return told


def _pieces(near: Near, language: Language) -> Iterator[str]:
    yield near.name.text
    if near.starts_at is not None:
        yield written_time(near.starts_at, language)
    if near.place is not None:
        yield near.place.text
    if near.address is not None:
        town = by_code(near.municipality) if near.municipality else None
        yield near.address.text if town is None else f"{near.address.text}, {town.name_in(language)}"
    if near.phone is not None:
        yield written_number(near.phone)
    if near.hours is not None:
        yield near.hours.text
    if near.web is not None:
        yield near.web


def _plain(text: str) -> str:
    """In letters that every telephone has: others would make the message dearer."""
    return "".join(map(_plain_letter, " ".join(text.split()).translate(_PLAIN))).strip()


def _plain_letter(letter: str) -> str:
    """The letter, or the one below its accent, or nothing."""
    bare = unicodedata.normalize("NFKD", letter)[:1]
    return next((one for one in (letter, bare) if one and segments_of(one)), "")


def _room(text: str) -> int:
    """What a text takes; some letters take two places."""
    return len(text) + sum(letter in _DOUBLE for letter in text)
