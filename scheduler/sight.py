"""Whose eyes may see what: which tickets a right reaches, and who is shown a caller's name and number.

A case is one's own while one owns the ticket, or is the helper of a promise on it, and for a while after the ticket was
closed or that promise has ended: so long one still writes down how it went. Everything else is somebody else's.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import ColumnElement, Select, SQLColumnExpression, and_, case, false, not_, or_, select, union_all
from sqlalchemy.orm import Session, aliased

from scheduler.records import LIVE, Callback
from scheduler.slots import HELSINKI
from tickets.network import Helper
from tickets.people import Person
from tickets.rights import Right, Scope
from tickets.store import cipher_of
from tickets.ticket import Ticket, TicketAccess
from tickets.tokens import Bearer
from tickets.view_log import Seen, note_view

Ways = tuple[Select[int], ...]  # how one comes to the tickets that one may see: queries for their ids
REMAINS_OWN: Final = timedelta(days=14)  # a case is still one's own so long after its end


class NoContact(StrEnum):
    """Why somebody is not shown whose matter it is; the values are in the API."""

    NO_RIGHT = "no_right"
    A_PROGRAM = "a_program"
    NO_COMMITMENT = "no_commitment"
    BADGE_EXPIRED = "badge_expired"
    NOT_OWN_CASE = "not_own_case"


@dataclass(frozen=True, slots=True)
class Contact:
    """Whose matter it is and how they are reached, opened; `municipality` is a code. What is not known is None."""

    name: str | None
    phone: str | None
    email: str | None
    municipality: str | None


def sees(who: Bearer, right: Right, *, now: datetime) -> ColumnElement[bool]:
    """The tickets that this right of theirs reaches, as a condition on Ticket; each part of it is found by an index."""
    scope = who.may(right)
    if scope is None:
        return false()
    within = Ticket.network_id == who.network_id
    return within if scope is Scope.NETWORK else and_(within, _reached(who, scope, now))


def ways(who: Bearer, right: Right, *, now: datetime) -> Ways | None:
    """How this right of theirs leads to tickets, as queries for their ids, each by an index of its own; None: to all."""
    scope = who.may(right)
    if scope is Scope.NETWORK:
        return None
    return () if scope is None else tuple(_ways(who, scope, now))


def leads_to(ways: Iterable[Select[int]]) -> ColumnElement[bool]:
    """That one of these ways leads to the ticket at hand: looked up for it alone, however far the ways lead."""
    return or_(false(), *(way.where(way.selected_columns[0] == Ticket.id).correlate(Ticket).exists() for way in ways))


def ticket_for(session: Session, who: Bearer, code: str, right: Right, *, now: datetime) -> Ticket | None:
    """The ticket of this code, if this right of theirs reaches it; whoever asks does not learn that it is there else."""
    wanted = select(Ticket).where(Ticket.network_id == who.network_id, Ticket.code == code)
    reached = ways(who, right, now=now)
    return session.scalars(wanted if reached is None else wanted.where(leads_to(reached))).one_or_none()


def rights_over(session: Session, who: Bearer, ticket: Ticket, *, now: datetime) -> frozenset[Right]:
    """All that somebody may do with a ticket of their network; at most two questions, however many rights they have."""
    own = Ticket.id == ticket.id
    reached = {Scope.NETWORK}
    for scope in {*who.rights.values()} - reached:
        if session.scalar(select(Ticket.id).where(own, leads_to(_ways(who, scope, now)))) is not None:
            reached.add(scope)
    return frozenset(right for right in who.rights if who.may(right) in reached)


def contact_of(session: Session, who: Bearer, ticket: Ticket, *, now: datetime) -> Contact | NoContact:
    """Whose matter it is, for whoever has it as their own case and is bound to secrecy; or why they are not shown it.

    Turvakielto needs no exception: nobody but they is shown a contact at all. The look is written down before it is shown.
    """
    if (reason := why_no_contact(session, who, ticket, now=now)) is not None:
        return reason
    note_view(session, who, Seen.CONTACT, ticket.id, now=now)
    opened = cipher_of(session).open
    name, phone, email = (
        None if sealed is None else opened(sealed)
        for sealed in (ticket.name_sealed, ticket.caller_sealed, ticket.email_sealed)
    )
    return Contact(name, phone, email, ticket.municipality)


def why_no_contact(session: Session, who: Bearer, ticket: Ticket, *, now: datetime) -> NoContact | None:
    """Why they would not be shown whose matter it is, before they ask; None: they would be."""
    if who.may(Right.SEE_CONTACT) is None:
        return NoContact.NO_RIGHT
    person = None if who.person_id is None else session.get(Person, who.person_id)
    if person is None:
        return NoContact.A_PROGRAM
    if person.commitment_signed_on is None:
        return NoContact.NO_COMMITMENT
    if _badge_is_over(session, who.helper_id, now.astimezone(HELSINKI).date()):
        return NoContact.BADGE_EXPIRED
    own = select(Ticket.id).where(
        Ticket.id == ticket.id, Ticket.network_id == who.network_id, leads_to(_ways(who, Scope.OWN, now))
    )
    return None if session.scalar(own) is not None else NoContact.NOT_OWN_CASE


def open_municipality(ticket: Ticket) -> str | None:
    """The municipality as it may stand in lists, relays and reports: under turvakielto, none."""
    return None if ticket.non_disclosure else ticket.municipality


def open_place(municipality: SQLColumnExpression[str | None]) -> ColumnElement[str | None]:
    """The same in a question to the database, of a ticket's municipality or of its promise's."""
    return case((not_(Ticket.non_disclosure), municipality))


def open_organisation(ticket: Ticket, who: Bearer | None) -> int | None:
    """The organisation it belongs to: one that serves one town tells it, so under turvakielto only whoever has the ticket."""
    return ticket.owner_organisation_id if not_hidden(ticket, who) else None


def not_hidden(ticket: Ticket, who: Bearer | None) -> bool:
    """Whether they may be told what tells where the caller lives."""
    person = None if who is None else who.person_id
    return not ticket.non_disclosure or (person is not None and ticket.owner_person_id == person)


def _reached(who: Bearer, scope: Scope, now: datetime) -> ColumnElement[bool]:
    found = _ways(who, scope, now)
    return Ticket.id.in_(union_all(*found)) if found else false()


def _ways(who: Bearer, scope: Scope, now: datetime) -> list[Select[int]]:
    found = _own(who, now)
    if scope is Scope.ORGANISATION:
        found.append(select(TicketAccess.ticket_id).where(TicketAccess.organisation_id == who.organisation_id))
    return found


def _own(who: Bearer, now: datetime) -> list[Select[int]]:
    ways: list[Select[int]] = []
    owned = aliased(Ticket)
    if who.person_id is not None:
        still = or_(owned.closed_at.is_(None), owned.closed_at > now - REMAINS_OWN)
        ways.append(select(owned.id).where(owned.owner_person_id == who.person_id, still))
    if who.helper_id is not None:
        lasts = or_(Callback.state.in_(LIVE), Callback.ended_at > now - REMAINS_OWN)
        ways.append(select(Callback.ticket_id).where(Callback.assigned_helper_id == who.helper_id, lasts))
    return ways


def _badge_is_over(session: Session, helper_id: int | None, today: date) -> bool:
    helper = None if helper_id is None else session.get(Helper, helper_id)
    return helper is not None and helper.badge_expires_on is not None and helper.badge_expires_on < today
