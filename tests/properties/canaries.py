"""A caller whose every free field sings: what they say, write, key in and are called can be looked for afterwards.

`plant` brings them in by the ways that callers really come; `sung` names what of them is found in something that left the
house, however it was spelled on the way. For whatever must not carry a caller out: relays, cards, mail, webhooks, files.
"""

import html
import json
import re
from base64 import b64decode
from binascii import Error as NotBase64
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import count
from quopri import decodestring
from urllib.parse import unquote_plus

from hypothesis import strategies as st
from sqlalchemy import update
from sqlalchemy.orm import Session

from tickets.intake import Matter, TicketRef, open_ticket
from tickets.recordings import keep_sound, note_recording
from tickets.store import cipher_of
from tickets.ticket import Note, Ticket
from tickets.vocabulary import AccessNeed, Channel, Device, HeardOfUs, HelpForm, Topic
from voice_prompts.language import Language
from voice_prompts.speech import spoken_number, written_number

FI, SV = Language.FI, Language.SV
_KEYS = count(1)
_LETTERS = "bcdfghjkmnpqvwxz"
_ROUND_IT = "aeåäö \"'<>&{}[]\\/%=,;:|*_`\n\t\u0301\u200bА漢"


@dataclass(frozen=True, slots=True)
class Canaries:
    """What only this caller said, wrote, keyed in or is called."""

    name: str
    phone: str  # E.164
    email: str
    words: str  # told in a form or a message
    spoken: str  # in the recording
    noted: str  # what somebody wrote down about them
    postcode: str
    tokens: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Planted:
    """A ticket with its canaries."""

    ticket: TicketRef
    canaries: Canaries


_token = st.text(_LETTERS, min_size=8, max_size=12).map(lambda drawn: f"zq{drawn}xz")
_round = st.text(_ROUND_IT, max_size=6)
_tail = st.integers(2_000_000, 9_999_999).map(str).filter(lambda digits: len(set(digits)) >= 5)


@st.composite
def canaries(draw: st.DrawFn) -> Canaries:
    """Canaries with everything around them that could break a format."""
    name, mail, words, spoken, noted = draw(st.lists(_token, min_size=5, max_size=5, unique=True))

    def within(token: str) -> str:
        return f"{draw(_round)}{token}{draw(_round)}"

    return Canaries(
        name=within(name.title()),
        phone=f"+35840{draw(_tail)}",
        email=f"{mail}@example.org",
        words=within(words),
        spoken=spoken,
        noted=within(noted),
        postcode=draw(st.sampled_from(["20101", "21611", "25701", "33721"])),
        tokens=(name, mail, words, spoken, noted),
    )


@st.composite
def matters(draw: st.DrawFn) -> Matter:
    """What can be told besides, all of it by codes; whose it is comes with `plant`."""
    return Matter(
        network_id=0,
        line_id=None,
        channel=draw(st.sampled_from(Channel)),
        language=draw(st.sampled_from(Language)),
        caller=None,
        key="",
        topic=draw(st.none() | st.sampled_from(Topic)),
        municipality=draw(st.none() | st.sampled_from(["853", "680", "445", "734", "182", "837"])),
        topics=tuple(draw(st.lists(st.sampled_from(Topic), max_size=3, unique=True))),
        device=draw(st.none() | st.sampled_from(Device)),
        on_behalf=draw(st.none() | st.booleans()),
        access_needs=tuple(draw(st.lists(st.sampled_from(AccessNeed), max_size=3, unique=True))),
        wished_form=draw(st.none() | st.sampled_from(HelpForm)),
        heard_of_us=draw(st.none() | st.sampled_from(HeardOfUs)),
    )


def plant(
    session: Session,
    network_id: int,
    matter: Matter,
    sings: Canaries,
    *,
    now: datetime,
    line_id: int | None = None,
    non_disclosure: bool = False,
) -> Planted:
    """The matter as it comes in from this caller, with their message, and with what somebody noted about them."""
    number = next(_KEYS)
    sid = f"RE{number:032}"
    note_recording(session, f"CA{number}", sid, turn=1, duration_s=12, now=now)
    told = replace(
        matter,
        network_id=network_id,
        line_id=line_id,
        caller=sings.phone,
        key=f"canary:{number}",
        name=sings.name,
        email=sings.email,
        text=f"{sings.words} {sings.phone} {written_number(sings.phone)} {sings.postcode}",
        recordings=(sid,),
        another=True,
    )
    ticket = open_ticket(session, told, now=now)
    _tell_besides(session, ticket, sid, sings, now)
    session.execute(update(Ticket).where(Ticket.id == ticket.id).values(non_disclosure=non_disclosure))
    return Planted(ticket, sings)


def _tell_besides(session: Session, ticket: TicketRef, sid: str, sings: Canaries, now: datetime) -> None:
    assert keep_sound(session, sid, sings.spoken.encode(), "audio/wav")
    cipher = cipher_of(session)
    sealed = cipher.seal(f"{sings.noted} {sings.name} {sings.phone} {sings.email}")
    session.add(Note(ticket_id=ticket.id, author="person:1", text_sealed=sealed, written_at=now))
    session.flush()


def sung(planted: Planted, *sent: str | bytes) -> set[str]:
    """What of this caller, or of the ticket's code, is found in what was sent, in whatever spelling."""
    found: set[str] = set()
    for one in sent:
        for reading in _readings(one if isinstance(one, str) else one.decode("utf-8", "replace")):
            found |= _found(planted, reading)
    return found


def sung_besides_the_code(planted: Planted, *sent: str | bytes) -> set[str]:
    """The same where the ticket's own code may be told."""
    return sung(planted, *sent) - {planted.ticket.code}


def _found(planted: Planted, text: str) -> set[str]:
    sings, low = planted.canaries, text.casefold()
    letters = re.sub(r"[^a-z]", "", low)
    tail = sings.phone[-7:]
    found = {token for token in sings.tokens if token in letters}
    found |= {tail for run in _digit_runs(text) if tail in run}
    found |= {said for said in _said(sings.phone) if said.casefold() in low}
    found |= {sings.postcode} & set(re.findall(r"(?<!\d)\d{5}(?!\d)", text))
    return found | ({planted.ticket.code} if planted.ticket.code.casefold() in low else set())


def _said(phone: str) -> Iterator[str]:
    for language in Language:
        spoken = spoken_number(phone, language)
        yield from (spoken, spoken.replace(",", ""))


def _digit_runs(text: str) -> list[str]:
    return [re.sub(r"\D", "", run) for run in re.findall(r"\d[\d\s\-().\u2013\u00a0]*", text)]


def _readings(text: str) -> Iterator[str]:
    """What was sent as it stands, and as its escapes are read by whoever gets it."""
    yield text
    yield html.unescape(text)
    yield unquote_plus(text)
    yield decodestring(text.encode()).decode("utf-8", "replace")
    with suppress(ValueError):
        yield json.dumps(json.loads(text), ensure_ascii=False)
    for packed in re.findall(r"[A-Za-z0-9+/=_-]{16,}", text):
        try:
            yield b64decode(packed + "=" * (-len(packed) % 4), altchars=None).decode("utf-8", "ignore")
        except (NotBase64, ValueError):
            continue
