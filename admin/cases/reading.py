"""One ticket with all that its reader may know of it: what is said in it, what was promised, what happened, what else there was."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.cases.story import Told, story_of, who_did
from admin.ticket_list import TicketLine, with_promises
from admin.wording import spoken_language
from scheduler.history import Texted, other_matters, texts_to
from scheduler.people.names import names_of
from scheduler.records import LIVE, Callback, CallbackState
from scheduler.relay.reading import live_relay_of
from scheduler.sight import NoContact, not_hidden, rights_over, why_no_contact
from scheduler.waiting import Standing, standing
from tickets.contents import Said, Where, notes_of, told_in
from tickets.e_services import e_services_of
from tickets.given import GivenMaterial, materials_given
from tickets.holds import Hold, holds_of
from tickets.identity_codes import Secret, find
from tickets.network import Organisation
from tickets.relays import Relay
from tickets.rights import Right
from tickets.ticket import Recording, Ticket, TicketAccess
from tickets.timeline import latest_of
from tickets.tokens import Bearer
from tickets.vocabulary import RecordingState

A_PAGE: Final = 20  # of what happened, and of the notes
Marked = tuple[tuple[str, Secret | None], ...]


@dataclass(frozen=True, slots=True)
class Words:
    """A text of the ticket in pieces, those marked that should not stand there; by whom and when it was written."""

    pieces: Marked
    by: str | None = None
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Spoken:
    """A message of the caller's: whether it can be heard, and what it says, if somebody or something wrote it down."""

    id: int
    at: datetime
    duration_s: int | None
    state: RecordingState
    words: Words | None
    by_machine: bool


@dataclass(frozen=True, slots=True)
class Contents:
    """What is said in the ticket; `found`: something in it should be taken out."""

    text: Words | None
    messages: Sequence[Spoken]
    notes: Sequence[Words]
    found: bool


@dataclass(frozen=True, slots=True)
class Promised:
    """The promise that stands: which, when, how it stands, and who is to keep it, once that is known."""

    id: int
    starts_at: datetime
    state: CallbackState
    helper: str | None


@dataclass(frozen=True, slots=True)
class Belongs:
    """Whose it is: the organisation, those that see it besides, the person; None and nothing where the reader may not know."""

    organisation: str | None
    others: Mapping[int, str]
    owner: str | None


@dataclass(frozen=True, slots=True)
class Upto:
    """Before which event and which note a page of them begins; None: with the newest."""

    event: int | None = None
    note: int | None = None


FROM_THE_NEWEST: Final = Upto()


@dataclass(frozen=True, slots=True)
class Case:
    """A ticket as its page shows it."""

    ticket: Ticket
    line: TicketLine
    may: frozenset[Right]
    is_mine: bool
    no_contact: NoContact | None
    said: Contents
    belongs: Belongs
    e_service: str | None
    promised: Promised | None
    standing: Standing | None
    relay: Relay | None
    hold: Hold | None
    materials: Sequence[GivenMaterial]
    texts: Sequence[Texted]
    story: Sequence[Told]
    others: Sequence[Ticket]
    upto: Upto
    older: Upto


def case_of(session: Session, who: Bearer, ticket: Ticket, *, now: datetime, upto: Upto = FROM_THE_NEWEST) -> Case:
    """Everything of it that they may read, of long lists a page; some twenty questions by index, however much there is."""
    may = rights_over(session, who, ticket, now=now)
    events = latest_of(session, ticket.id, most=A_PAGE + 1, before=upto.event)
    notes = notes_of(session, ticket, most=A_PAGE + 1, before=upto.note)
    return Case(
        ticket=ticket,
        line=with_promises(session, [ticket])[0],
        may=may,
        is_mine=who.person_id is not None and ticket.owner_person_id == who.person_id,
        no_contact=why_no_contact(session, who, ticket, now=now),
        said=_said(session, ticket, notes[:A_PAGE]),
        belongs=_belongs(session, ticket, who),
        e_service=_e_service(session, ticket),
        promised=promised_for(session, ticket),
        standing=standing(session, ticket.id),
        relay=live_relay_of(session, ticket.id) if Right.PUBLISH_RELAY in may else None,
        hold=_hold(session, ticket, now) if Right.HOLD_TICKETS in may else None,
        materials=materials_given(session, ticket.id),
        texts=texts_to(session, ticket.id),
        story=story_of(session, who.network_id, events[:A_PAGE], whole=not_hidden(ticket, who)),
        others=other_matters(session, who, ticket, now=now),
        upto=upto,
        older=Upto(_older([one.id for one in events]), _older([one.id or 0 for one in notes])),
    )


def _e_service(session: Session, ticket: Ticket) -> str | None:
    """What it is called, where the network still knows it."""
    service = e_services_of(session, ticket.network_id).get(ticket.e_service or "")
    return ticket.e_service if service is None else service.name_in(spoken_language())


def _hold(session: Session, ticket: Ticket, now: datetime) -> Hold | None:
    found = holds_of(session, ticket.network_id, now=now, among=Ticket.id == ticket.id)
    return next(iter(found), None)


def _older(ids: Sequence[int]) -> int | None:
    """Before which number the next page begins, where there is one."""
    return ids[A_PAGE - 1] if len(ids) > A_PAGE else None


def _said(session: Session, ticket: Ticket, written: Sequence[Said]) -> Contents:
    said = (*told_in(session, ticket), *written)
    names = names_of(session, ticket.network_id, (one.by for one in said if one.by))
    text = next((_words(one, names) for one in said if one.where is Where.TEXT), None)
    heard = {one.id: _words(one, names) for one in said if one.where is Where.MESSAGE}
    rows = session.scalars(
        select(Recording).where(Recording.ticket_id == ticket.id, Recording.discarded.is_(False)).order_by(Recording.id)
    )
    messages = tuple(
        Spoken(row.id, row.created_at, row.duration_s, row.state, heard.get(row.id), row.transcript_by_machine)
        for row in rows
    )
    notes = tuple(_words(one, names) for one in said if one.where is Where.NOTE)
    return Contents(text, messages, notes, any(find(one.text) for one in said))


def _words(said: Said, names: Mapping[str, str]) -> Words:
    return Words(_marked(said.text), None if said.by is None else who_did(said.by, names), said.at)


def _marked(text: str) -> Marked:
    """The text in pieces; an identity code, a card or account number is a piece of its own."""
    pieces: list[tuple[str, Secret | None]] = []
    upto = 0
    for one in find(text):
        pieces += [(text[upto : one.begins], None), (text[one.begins : one.ends], one.kind)]
        upto = one.ends
    return tuple(piece for piece in (*pieces, (text[upto:], None)) if piece[0])


def _belongs(session: Session, ticket: Ticket, who: Bearer) -> Belongs:
    owner = f"person:{ticket.owner_person_id}"
    name = None if ticket.owner_person_id is None else who_did(owner, names_of(session, who.network_id, [owner]))
    if not not_hidden(ticket, who):
        return Belongs(None, {}, name)
    sees = select(TicketAccess.organisation_id).where(TicketAccess.ticket_id == ticket.id)
    rows = session.execute(
        select(Organisation.id, Organisation.name)
        .where(Organisation.id.in_(sees) | (Organisation.id == ticket.owner_organisation_id))
        .order_by(Organisation.name)
    )
    seen = {row.id: row.name for row in rows}
    own = seen.pop(ticket.owner_organisation_id or 0, None)
    return Belongs(own, seen, name)


def promised_for(session: Session, ticket: Ticket) -> Promised | None:
    """The promise that stands for a ticket, and who is to keep it."""
    live = [state for state in LIVE if state is not CallbackState.OFFERED]
    row = session.scalars(
        select(Callback).where(Callback.ticket_id == ticket.id, Callback.state.in_(live))
    ).one_or_none()
    if row is None:
        return None
    helper = f"helper:{row.assigned_helper_id}"
    named = {} if row.assigned_helper_id is None else names_of(session, ticket.network_id, [helper])
    return Promised(row.id, row.starts_at, row.state, named.get(helper))
