"""A case as whoever keeps it reads it: what was told, what came before, how far they may go, where else there is help."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, func, or_, select, true
from sqlalchemy.orm import Session

from scheduler.boundaries import Stance
from scheduler.limits import stances_for
from scheduler.ringing import OwnPromise, RingRefusal, own_promise, why_not_now
from scheduler.sight import leads_to, not_hidden, ways
from tickets.contents import Said, Where, said_in
from tickets.e_services import e_services_of
from tickets.given import materials_given
from tickets.materials import Material, MaterialKind
from tickets.near import Near, Whereabouts
from tickets.nearby import nearest_points, next_gatherings
from tickets.points import REFERRALS
from tickets.rights import Right
from tickets.ticket import Recording, Ticket
from tickets.tokens import Bearer
from tickets.vocabulary import Outcome, RecordingState, TicketStatus, Topic

MOST_EARLIER: Final = 10
MOST_MATERIALS: Final = 8
MOST_POINTS: Final = 4
MOST_TO_REFER_TO: Final = 15


@dataclass(frozen=True, slots=True)
class Message:
    """A spoken message: its sound where it is here, and what was written down of it."""

    id: int
    at: datetime
    seconds: int | None
    has_sound: bool
    transcript: str | None
    by_machine: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another matter of the same caller that they may see."""

    code: str
    at: datetime
    topic: Topic | None
    status: TicketStatus
    outcome: Outcome | None


@dataclass(frozen=True, slots=True)
class Link:
    """Something of the network's library that fits the matter; `given`: the caller has it already."""

    code: str
    title: str
    about: str | None
    url: str
    kind: MaterialKind
    language: str
    given: bool


@dataclass(frozen=True, slots=True)
class CaseView:
    """All that the page of a case shows; `elsewhere` counts the caller's other matters that are not shown."""

    ticket: Ticket
    e_service: str | None
    promise: OwnPromise | None
    why_not_now: RingRefusal | None
    text: str | None
    messages: Sequence[Message]
    notes: Sequence[Said]
    earlier: Sequence[Earlier]
    elsewhere: int
    stances: Sequence[tuple[Topic, Stance]]
    links: Sequence[Link]
    points: Sequence[Near]
    gatherings: Sequence[Near]
    may_see_contact: bool


def case_view(session: Session, who: Bearer, ticket: Ticket, *, now: datetime) -> CaseView:
    """The case put together; a bounded number of statements."""
    said = said_in(session, ticket)
    promise = own_promise(session, ticket.id, who.helper_id, now=now)
    earlier, elsewhere = _earlier(session, who, ticket, now)
    service = None if ticket.e_service is None else e_services_of(session, ticket.network_id).get(ticket.e_service)
    here = (session, ticket.network_id, whereabouts_of(ticket, who), ticket.language)
    return CaseView(
        ticket=ticket,
        e_service=None if service is None else service.name_in(ticket.language),
        promise=promise,
        why_not_now=why_not_now(promise, now=now),
        text=next((one.text for one in said if one.where is Where.TEXT), None),
        messages=list(_messages(session, ticket, said)),
        notes=[one for one in said if one.where is Where.NOTE],
        earlier=earlier,
        elsewhere=elsewhere,
        stances=stances_for(session, who, topics_of(ticket)),
        links=_links(session, ticket),
        points=nearest_points(*here, limit=MOST_POINTS),
        gatherings=next_gatherings(*here, now=now, limit=MOST_POINTS),
        may_see_contact=who.may(Right.SEE_CONTACT) is not None,
    )


def topics_of(ticket: Ticket) -> tuple[Topic, ...]:
    """What the matter is about, its own topic first."""
    own = () if ticket.topic is None else (ticket.topic,)
    return tuple(dict.fromkeys((*own, *map(Topic, ticket.topics))))


def whereabouts_of(ticket: Ticket, who: Bearer) -> Whereabouts:
    """Where the caller lives, as far as this reader may be led to it."""
    return Whereabouts(municipality=ticket.municipality if not_hidden(ticket, who) else None)


def points_to_refer_to(session: Session, who: Bearer, ticket: Ticket) -> tuple[Near, ...]:
    """The nearest places of every kind to which a caller may be sent on."""
    here = whereabouts_of(ticket, who)
    return nearest_points(session, ticket.network_id, here, ticket.language, outcomes=REFERRALS, limit=MOST_TO_REFER_TO)


def _messages(session: Session, ticket: Ticket, said: Sequence[Said]) -> Iterator[Message]:
    written = {one.id: one.text for one in said if one.where is Where.MESSAGE}
    rows = session.scalars(
        select(Recording).where(Recording.ticket_id == ticket.id, Recording.discarded.is_(False)).order_by(Recording.id)
    )
    for row in rows:
        has_sound, text = row.state is RecordingState.STORED, written.get(row.id)
        yield Message(row.id, row.created_at, row.duration_s, has_sound, text, row.transcript_by_machine)


def _earlier(session: Session, who: Bearer, ticket: Ticket, now: datetime) -> tuple[list[Earlier], int]:
    if ticket.caller_index is None:
        return [], 0
    reached = ways(who, Right.READ_TICKETS, now=now)
    others = (
        Ticket.network_id == ticket.network_id,
        Ticket.caller_index == ticket.caller_index,
        Ticket.id != ticket.id,
    )
    seen = true() if reached is None else leads_to(reached)
    rows = session.scalars(select(Ticket).where(*others, seen).order_by(Ticket.id.desc()).limit(MOST_EARLIER))
    shown = [Earlier(row.code, row.created_at, row.topic, row.status, row.outcome) for row in rows]
    total = session.scalar(select(func.count()).select_from(Ticket).where(*others)) or 0
    return shown, total - len(shown)


def _links(session: Session, ticket: Ticket) -> list[Link]:
    topics = topics_of(ticket)
    fits: list[ColumnElement[bool]] = [
        func.array_position(Material.topics, topic.value).is_not(None) for topic in topics
    ]
    if ticket.e_service is not None:
        fits.append(Material.e_service == ticket.e_service)
    if not fits:
        return []
    rows = session.scalars(
        select(Material)
        .where(Material.network_id == ticket.network_id, Material.active, or_(*fits))
        .order_by(
            Material.language != ticket.language, Material.e_service.is_distinct_from(ticket.e_service), Material.code
        )
        .limit(MOST_MATERIALS)
    )
    given = {one.code for one in materials_given(session, ticket.id)}
    return [Link(row.code, row.title, row.about, row.url, row.kind, row.language, row.code in given) for row in rows]
