"""Every way in makes the same ticket: one matter of one caller, once, however often it is told."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from tickets.codes import ticket_code
from tickets.contents import reindex
from tickets.errors import ContendedError
from tickets.phone_numbers import takes_texts
from tickets.store import Cipher, cipher_of
from tickets.ticket import Ticket
from tickets.vocabulary import (
    BOOKED,
    AccessNeed,
    Channel,
    Device,
    EventKind,
    HeardOfUs,
    HelpForm,
    TicketStatus,
    Topic,
)
from tickets.words import marks_in, topic_mark
from voice_prompts.language import Language

LOOKS: Final = 5
MOST_WRITTEN: Final = 20_000  # letters of one matter: ten texts of the longest; of whoever writes for ever, the newest


@dataclass(frozen=True, slots=True)
class Matter:
    """What somebody asks for, as far as it has been told. `caller` is E.164, `municipality` a code.

    `key` names this telling of it, such as `call:CA…:1`; told again under the same key it is the same ticket.
    """

    network_id: int
    line_id: int | None
    channel: Channel
    language: Language
    caller: str | None
    key: str
    topic: Topic | None = None
    municipality: str | None = None
    recordings: tuple[str, ...] = ()  # the operator's names of a spoken message, part by part
    text: str | None = None
    another: bool = False  # the caller said that it is a new matter
    abandoned: bool = False  # hung up or fell silent
    name: str | None = None
    email: str | None = None
    topics: tuple[Topic, ...] = ()  # where more than one was told
    device: Device | None = None
    on_behalf: bool | None = None
    access_needs: tuple[AccessNeed, ...] = ()
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None
    actor: str = "caller"


@dataclass(frozen=True, slots=True)
class TicketRef:
    """A ticket by its id and by the code that people use."""

    id: int
    code: str


def open_ticket(session: Session, matter: Matter, *, now: datetime) -> TicketRef:
    """The ticket of this matter: the one it already has, else a new one.

    A caller who rings again on the same line about what is still open and has no time yet refines that ticket. Who gives
    up before naming a topic adds only "rang again" to what is open, promised or not. Two statements for a call; more for what
    is written to us, and when another call writes the same matter at the same moment. Raises ContendedError if that never
    ends.
    """
    for _ in range(LOOKS):
        known = _look(session, matter)
        told = next((row for row in known if row.told), None)
        if told is not None:
            return TicketRef(told.id, told.code)
        same = _same_matter(known, matter)
        written = _add(session, matter, known, now) if same is None else _refine(session, matter, same, known, now)
        if written is not None:
            if same is not None and matter.text is not None:
                reindex(
                    session, session.get_one(Ticket, written.id, populate_existing=True)
                )  # of the longest, what it said first is gone
            return written
    raise ContendedError(matter.key)


@dataclass(frozen=True, slots=True)
class _Known:
    id: int
    code: str
    status: str
    topic: str | None
    matter: str
    told: bool  # under this very key


_LOOK = text("""
WITH told AS (
    SELECT id FROM ticket WHERE intake_key = :key UNION SELECT ticket_id FROM ticket_event WHERE key = :key
), known AS (
    SELECT id, true AS told FROM told
    UNION ALL
    SELECT id, false FROM ticket
    WHERE line_id = :line AND caller_index = :index AND status <> 'closed' AND id NOT IN (SELECT id FROM told)
)
SELECT t.id, t.code, t.status, t.topic, t.matter, k.told FROM known k JOIN ticket t ON t.id = k.id ORDER BY t.id DESC
""")


def _look(session: Session, matter: Matter) -> Sequence[_Known]:
    index = None if matter.caller is None else cipher_of(session).index_of(matter.caller)
    rows = session.execute(_LOOK, {"key": matter.key, "line": matter.line_id, "index": index})
    return tuple(_Known(*row) for row in rows)


def _same_matter(known: Sequence[_Known], matter: Matter) -> _Known | None:
    if matter.another:
        return None
    waiting = [row for row in known if row.status not in BOOKED]
    if matter.topic is None:
        return next(iter(known if matter.abandoned else waiting), None)
    named = next((row for row in waiting if row.topic == matter.topic), None)
    return named or next((row for row in waiting if row.topic is None), None)


_ADD = text("""
WITH t AS (
    INSERT INTO ticket (network_id, line_id, code, intake_key, matter, channel, status, language, topic, topics, device,
        on_behalf, access_needs, wished_form, heard_of_us, municipality, name_sealed, email_sealed, email_index, caller_sealed,
        caller_index, can_text, text_sealed, owner_organisation_id, created_at, updated_at)
    VALUES (:network, :line, :code, :key, :matter, :channel, :status, :language, :topic, :topics, :device,
        :on_behalf, :access_needs, :wished_form, :heard_of_us, :municipality, :name, :email, :email_index, :caller,
        :index, :can_text, :text, (SELECT min(id) FROM organisation WHERE network_id = :network AND :municipality = ANY(serves)),
        :now, :now)
    ON CONFLICT DO NOTHING RETURNING id, code, owner_organisation_id
), a AS (
    INSERT INTO ticket_access (ticket_id, organisation_id, given_at)
    SELECT id, owner_organisation_id, :now FROM t WHERE owner_organisation_id IS NOT NULL
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
    SELECT id, :now, :event, :actor, jsonb_build_object('channel', CAST(:channel AS text)) FROM t
), w AS (
    INSERT INTO ticket_word (network_id, word, ticket_id)
    SELECT CAST(:network AS bigint), word, t.id FROM t, unnest(CAST(:marks AS bigint[])) AS word ON CONFLICT DO NOTHING
), r AS (
    UPDATE recording SET ticket_id = t.id FROM t WHERE recording_sid = ANY(:recordings)
)
SELECT id, code FROM t
""")


def _add(session: Session, matter: Matter, known: Sequence[_Known], now: datetime) -> TicketRef | None:
    cipher = cipher_of(session)
    caller = matter.caller
    added = session.execute(
        _ADD,
        {
            **_told(session, matter, now),
            "line": matter.line_id,
            "code": ticket_code(),
            "matter": free_name(matter.topic, {row.matter for row in known}),
            "channel": matter.channel,
            "status": TicketStatus.UNFINISHED if matter.abandoned else TicketStatus.OPEN,
            "caller": None if caller is None else cipher.seal(caller),
            "index": None if caller is None else cipher.index_of(caller),
            "can_text": caller is not None and takes_texts(caller),
            "event": EventKind.OPENED,
            **_told_besides(matter, cipher),
        },
    ).first()
    return None if added is None else TicketRef(*added)


_REFINE = text("""
WITH t AS (
    UPDATE ticket SET
        language = :language, topic = coalesce(:topic, topic), municipality = coalesce(:municipality, municipality),
        text_sealed = coalesce(:text, text_sealed), matter = :matter, updated_at = :now,
        name_sealed = coalesce(:name, name_sealed), email_sealed = coalesce(:email, email_sealed),
        email_index = coalesce(:email_index, email_index), device = coalesce(:device, device),
        on_behalf = coalesce(:on_behalf, on_behalf), wished_form = coalesce(:wished_form, wished_form),
        heard_of_us = coalesce(:heard_of_us, heard_of_us),
        topics = coalesce(nullif(CAST(:topics AS text[]), '{}'), topics),
        access_needs = coalesce(nullif(CAST(:access_needs AS text[]), '{}'), access_needs),
        owner_organisation_id = coalesce(owner_organisation_id,
            (SELECT min(id) FROM organisation o WHERE o.network_id = ticket.network_id AND :municipality = ANY(o.serves))),
        status = CASE WHEN status = 'unfinished' AND NOT :abandoned THEN 'open' ELSE status END
    WHERE id = :id AND status = :was
    RETURNING id, code, owner_organisation_id
), a AS (
    INSERT INTO ticket_access (ticket_id, organisation_id, given_at)
    SELECT id, owner_organisation_id, :now FROM t WHERE owner_organisation_id IS NOT NULL ON CONFLICT DO NOTHING
), e AS (
    INSERT INTO ticket_event (ticket_id, at, kind, actor, details, key)
    SELECT id, :now, :event, :actor, '{}', :key FROM t ON CONFLICT (key) DO NOTHING
), w AS (
    INSERT INTO ticket_word (network_id, word, ticket_id)
    SELECT CAST(:network AS bigint), word, t.id FROM t, unnest(CAST(:marks AS bigint[])) AS word ON CONFLICT DO NOTHING
), r AS (
    UPDATE recording SET ticket_id = t.id FROM t WHERE recording_sid = ANY(:recordings)
)
SELECT id, code FROM t
""")


def _refine(session: Session, matter: Matter, same: _Known, known: Sequence[_Known], now: datetime) -> TicketRef | None:
    named_now = matter.topic is not None and same.topic is None
    text_now = None if matter.text is None else _with_what_stood(session, same.id, matter.text)
    taken = {row.matter for row in known if row.id != same.id}
    refined = session.execute(
        _REFINE,
        {
            **_told(session, matter, now),
            "text": text_now,
            "id": same.id,
            "was": same.status,
            "matter": free_name(matter.topic, taken) if named_now else same.matter,
            "abandoned": matter.abandoned,
            "event": EventKind.RANG_AGAIN,
            **_told_besides(matter, cipher_of(session)),
        },
    ).first()
    return None if refined is None else TicketRef(*refined)


def _with_what_stood(session: Session, ticket_id: int, said: str) -> str:
    """What was written before stays, and what is written now comes below it; the ticket is locked until then. Sealed."""
    cipher = cipher_of(session)
    stood = session.scalar(select(Ticket.text_sealed).where(Ticket.id == ticket_id).with_for_update())
    texts = said if stood is None else f"{cipher.open(stood)}\n{said}"
    return cipher.seal(texts[-MOST_WRITTEN:])


def _told(session: Session, matter: Matter, now: datetime) -> dict[str, object]:
    topics = {topic for topic in (matter.topic, *matter.topics) if topic is not None}
    about = {topic_mark(session, matter.network_id, topic) for topic in topics}
    said = frozenset() if matter.text is None else marks_in(session, matter.network_id, matter.text)
    return {
        "network": matter.network_id,
        "marks": sorted(about | said),
        "key": matter.key,
        "language": matter.language,
        "topic": matter.topic,
        "municipality": matter.municipality,
        "text": None if matter.text is None else cipher_of(session).seal(matter.text),
        "recordings": list(matter.recordings),
        "actor": matter.actor,
        "now": now,
    }


def _told_besides(matter: Matter, cipher: Cipher) -> dict[str, object]:
    return {
        "topics": list(matter.topics),
        "device": matter.device,
        "on_behalf": matter.on_behalf,
        "access_needs": list(matter.access_needs),
        "wished_form": matter.wished_form,
        "heard_of_us": matter.heard_of_us,
        "name": None if matter.name is None else cipher.seal(matter.name),
        "email": None if matter.email is None else cipher.seal(matter.email),
        "email_index": None if matter.email is None else cipher.index_of(matter.email.casefold()),
    }


def free_name(topic: Topic | None, taken: Collection[str]) -> str:
    """A name for a matter about this topic, unlike those that are taken."""
    name = topic or ""
    others = (f"{name}-{number}" for number in range(2, len(taken) + 3))
    return next(free for free in (name, *others) if free not in taken)
