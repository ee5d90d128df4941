"""Working on a ticket: whose it is and until when, which organisations see it, back to the queue.

Each change is one conditional statement: of two who do the same at once, one has done it and the other is told so.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypedDict

from sqlalchemy import delete, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.coordination import deadline as usual_deadline
from scheduler.slots import Grid
from scheduler.waiting import hold_offer, leave_line
from tickets.network import Helper, Network, Organisation
from tickets.people import Person
from tickets.rights import Right, rights_of
from tickets.ticket import Ticket, TicketAccess
from tickets.timeline import note_event
from tickets.vocabulary import EventKind, TicketStatus, those_that_may_become


class CaseRefusal(StrEnum):
    """Why a ticket was not changed; the values are in the API."""

    CLOSED = "closed"
    NOT_CLOSED = "not_closed"
    NOT_NOW = "not_now"  # as it stands
    QUICKER = "quicker"  # somebody else changed it at the same moment
    ALREADY = "already"
    ANONYMISED = "anonymised"
    ON_THE_PHONE = "on_the_phone"
    HAS_A_TIME = "has_a_time"
    TIME_CANNOT_BE_KEPT = "time_cannot_be_kept"
    PAST = "past"  # a deadline
    NO_SUCH_PERSON = "no_such_person"
    MAY_NOT_WORK = "may_not_work"  # on tickets
    NO_SUCH_ORGANISATION = "no_such_organisation"
    BELONGS_THERE = "belongs_there"
    NOT_GIVEN = "not_given"
    NO_SUCH_POINT = "no_such_point"
    NO_SUCH_TICKET = "no_such_ticket"
    DUPLICATE_ITSELF = "duplicate_itself"
    NO_SUCH_MUNICIPALITY = "no_such_municipality"
    NO_SUCH_E_SERVICE = "no_such_e_service"


class By(TypedDict):
    """When, and by whom."""

    now: datetime
    actor: str


@dataclass(frozen=True, slots=True)
class Doing:
    """Who changes a ticket (an actor, such as `person:4`), when, and on which grid promises stand."""

    now: datetime
    actor: str
    grid: Grid

    @property
    def by(self) -> By:
        """When and by whom, as statements name it."""
        return {"now": self.now, "actor": self.actor}


def as_it_is(session: Session, ticket: Ticket) -> Ticket:
    """The ticket as the database has it now."""
    session.refresh(ticket)
    return ticket


def refusal_of(ticket: Ticket) -> CaseRefusal:
    """Why a change of its status came to nothing."""
    return CaseRefusal.CLOSED if ticket.status is TicketStatus.CLOSED else CaseRefusal.NOT_NOW


# A ticket with a time keeps its status; with nobody's time before it, it is its owner's to see to.
_OWN = text("""
WITH t AS (
    UPDATE ticket SET owner_person_id = :person, deadline = :deadline, updated_at = :now,
        status = CASE WHEN status = ANY(:taking) THEN 'with_owner' ELSE status END
    WHERE id = :id AND status <> 'closed' AND owner_person_id IS NOT DISTINCT FROM CAST(:was AS bigint)
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details)
SELECT id, :now, :event, :actor, jsonb_build_object('person', CAST(:person AS bigint), 'deadline',
    CAST(:deadline AS timestamptz)) FROM t
RETURNING ticket_id
""")
_TAKING: Final = [status.value for status in those_that_may_become(TicketStatus.WITH_OWNER)]


def give_owner(
    session: Session, ticket: Ticket, person_id: int, doing: Doing, *, by: datetime | None = None
) -> CaseRefusal | None:
    """This person sees to it, by the end of the next working day unless another time is named."""
    if (wrong := _may_not_own(session, ticket, person_id)) is not None:
        return wrong
    if by is not None and by <= doing.now:
        return CaseRefusal.PAST
    values = {
        "id": ticket.id,
        "person": person_id,
        "deadline": by or usual_deadline(doing.now, doing.grid),
        "taking": _TAKING,
        "was": ticket.owner_person_id,
        "event": EventKind.ASSIGNED,
    }
    hold_offer(session, ticket.id)
    if session.execute(_OWN, {**values, **doing.by}).first() is not None:
        leave_line(session, ticket.id, now=doing.now)  # whoever has it sees to the time
        as_it_is(session, ticket)
        return None
    return CaseRefusal.CLOSED if as_it_is(session, ticket).status is TicketStatus.CLOSED else CaseRefusal.QUICKER


_RETURN = text("""
WITH t AS (
    UPDATE ticket SET status = CASE WHEN status = ANY(:returning) THEN 'open' ELSE status END,
        owner_person_id = NULL, deadline = NULL, updated_at = :now
    WHERE id = :id AND (status = ANY(:returning) OR (owner_person_id IS NOT NULL AND status IN ('promised', 'calling')))
    RETURNING id
)
INSERT INTO ticket_event (ticket_id, at, kind, actor, details) SELECT id, :now, :event, :actor, '{}' FROM t
RETURNING ticket_id
""")
_RETURNING: Final = [TicketStatus.AWAITING_OUTCOME, TicketStatus.WITH_COORDINATOR, TicketStatus.WITH_OWNER]


def return_to_queue(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
    """Nobody has it any more: whoever works on tickets may take it. A time that was promised stays."""
    values = {"id": ticket.id, "returning": [status.value for status in _RETURNING], "event": EventKind.RETURNED}
    done = session.execute(_RETURN, {**values, **doing.by}).first() is not None
    now_is = as_it_is(session, ticket)
    return None if done else refusal_of(now_is)


def give(
    session: Session, ticket: Ticket, organisation_id: int, doing: Doing, *, belongs: bool = False
) -> CaseRefusal | None:
    """Another organisation sees the ticket too; `belongs`: from now on it is theirs, and the one before sees it still."""
    organisation = session.get(Organisation, organisation_id)
    if organisation is None or organisation.network_id != ticket.network_id:
        return CaseRefusal.NO_SUCH_ORGANISATION
    given = insert(TicketAccess).values(ticket_id=ticket.id, organisation_id=organisation_id, given_at=doing.now)
    new = session.execute(given.on_conflict_do_nothing().returning(TicketAccess.ticket_id)).first() is not None
    moved = belongs and _belongs(session, ticket, organisation_id, doing)
    if not new and not moved:
        return CaseRefusal.ALREADY
    note_event(
        session, ticket.id, EventKind.GIVEN, doing.actor, now=doing.now, organisation=organisation_id, belongs=moved
    )
    return None


def take_back(session: Session, ticket: Ticket, organisation_id: int, doing: Doing) -> CaseRefusal | None:
    """The organisation does not see the ticket any more; the one to which it belongs always does."""
    if as_it_is(session, ticket).owner_organisation_id == organisation_id:
        return CaseRefusal.BELONGS_THERE
    gone = delete(TicketAccess).where(
        TicketAccess.ticket_id == ticket.id, TicketAccess.organisation_id == organisation_id
    )
    if session.execute(gone.returning(TicketAccess.ticket_id)).first() is None:
        return CaseRefusal.NOT_GIVEN
    note_event(session, ticket.id, EventKind.TAKEN_BACK, doing.actor, now=doing.now, organisation=organisation_id)
    return None


_BELONGS = text("""
UPDATE ticket SET owner_organisation_id = :organisation, updated_at = :now
WHERE id = :id AND owner_organisation_id IS DISTINCT FROM :organisation
""")


def _belongs(session: Session, ticket: Ticket, organisation_id: int, doing: Doing) -> bool:
    values = {"id": ticket.id, "organisation": organisation_id, "now": doing.now}
    moved = session.connection().execute(_BELONGS, values).rowcount == 1
    as_it_is(session, ticket)
    return moved


def _may_not_own(session: Session, ticket: Ticket, person_id: int) -> CaseRefusal | None:
    found = (
        select(Person, Network.role_rights, Helper.active)
        .join(Network, Network.id == Person.network_id)
        .outerjoin(Helper, Helper.id == Person.helper_id)
        .where(Person.id == person_id, Person.network_id == ticket.network_id)
        .with_for_update(read=True, of=Person)  # who leaves at this moment has left first, or hands it back
    )
    row = session.execute(found, execution_options={"populate_existing": True}).one_or_none()
    if row is None or not row.Person.active or row.active is False:
        return CaseRefusal.NO_SUCH_PERSON
    may = Right.WORK_TICKETS in rights_of(row.Person.role, row.role_rights)
    return None if may else CaseRefusal.MAY_NOT_WORK
