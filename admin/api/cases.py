"""One ticket, for programs: what is said in it, and all that is done with it."""

from collections.abc import Mapping
from typing import Final

from admin.api.case_detail import detail_of
from admin.api.case_shapes import (
    CloseIn,
    ContactOut,
    EventOut,
    GiveIn,
    MaterialGivenIn,
    NoteIn,
    OwnerIn,
    Redacted,
    RedactIn,
    ReferIn,
    RefineIn,
    TicketDetail,
    Timeline,
)
from admin.api.operations import Asked, Operations, Refused
from admin.api.rota_shapes import Made
from admin.api.shapes import TicketOut
from admin.ticket_list import with_promises
from scheduler import cases, closing
from scheduler.cases import CaseRefusal, Doing
from scheduler.refining import refine
from scheduler.sight import NoContact, contact_of, not_hidden, ticket_for
from tickets.contents import add_note, write_down_message
from tickets.given import give_material
from tickets.redaction import redact
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.timeline import timeline_of
from tickets.view_log import Seen, note_view

operations = Operations()


@operations.get("/tickets/{code}", Right.READ_TICKETS)
def one_ticket(asked: Asked, code: str) -> TicketDetail:
    """A ticket with all that is said in it; the look is written down."""
    ticket = _ticket(asked, code, Right.READ_TICKETS)
    note_view(asked.session, asked.holder, Seen.TICKET, ticket.id, now=asked.now)
    return detail_of(asked.session, ticket, asked.holder)


@operations.get("/tickets/{code}/timeline", Right.READ_TICKETS)
def timeline(asked: Asked, code: str) -> Timeline:
    """What happened to a ticket, oldest first."""
    ticket = _ticket(asked, code, Right.READ_TICKETS)
    whole = not_hidden(ticket, asked.holder)
    return Timeline(events=[EventOut.of(one, whole=whole) for one in timeline_of(asked.session, ticket.id)])


@operations.get("/tickets/{code}/contact", Right.SEE_CONTACT)
def contact(asked: Asked, code: str) -> ContactOut:
    """Whose matter it is, for whoever has it as their own case and is bound to secrecy; the look is written down."""
    found = contact_of(
        asked.session, asked.holder, _ticket(asked, code, Right.READ_TICKETS, Right.SEE_CONTACT), now=asked.now
    )
    if isinstance(found, NoContact):
        raise Refused(found, _NO_CONTACT[found], status=403)
    return ContactOut.of(found)


@operations.patch("/tickets/{code}", Right.WORK_TICKETS)
def refine_a_ticket(asked: Asked, code: str, body: RefineIn) -> TicketDetail:
    """Refine what is known of a matter; a promised time that could then not be kept stands in the way."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    _done(refine(asked.session, ticket, body.refinement, _doing(asked)))
    note_view(asked.session, asked.holder, Seen.TICKET, ticket.id, now=asked.now)
    return detail_of(asked.session, ticket, asked.holder)


@operations.post("/tickets/{code}/notes", Right.WORK_TICKETS)
def write_a_note(asked: Asked, code: str, body: NoteIn) -> Made:
    """Write something down on a ticket."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    noted = add_note(asked.session, ticket, body.text, **asked.by)
    if noted is None:  # its night has been: what is written now, nothing would forget
        raise Refused(CaseRefusal.ANONYMISED)
    return Made(id=noted)


@operations.post("/tickets/{code}/messages/{message}/transcript", Right.WORK_TICKETS)
def write_down_a_message(asked: Asked, code: str, message: int, body: NoteIn) -> None:
    """Write down what a spoken message says."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    if not write_down_message(asked.session, ticket, message, body.text, **asked.by):
        raise Refused("no_such_message", "message: this ticket has no such message", status=404)


@operations.post("/tickets/{code}/owner", Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def give_an_owner(asked: Asked, code: str, body: OwnerIn) -> TicketOut:
    """Name who sees to a ticket and by when; who may not assign may take a ticket that nobody has."""
    assigning = ticket_for(asked.session, asked.holder, code, Right.ASSIGN_TICKETS, now=asked.now)
    ticket = assigning or _ticket(asked, code, Right.WORK_TICKETS)
    person = body.person or asked.holder.person_id
    if person is None:
        raise Refused("not_a_person", "person: this key is a program's; name who sees to it", status=400)
    if assigning is None and (person != asked.holder.person_id or ticket.owner_person_id not in (None, person)):
        raise Refused("not_yours_to_assign", "person: you may take what nobody has, and not give it", status=403)
    _done(cases.give_owner(asked.session, ticket, person, _doing(asked), by=body.deadline))
    return _line(asked, ticket)


@operations.post("/tickets/{code}/return", Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def return_to_the_queue(asked: Asked, code: str) -> TicketOut:
    """Give a ticket back to the queue: nobody has it any more."""
    ticket = _ticket(asked, code, Right.ASSIGN_TICKETS, Right.WORK_TICKETS)
    _done(cases.return_to_queue(asked.session, ticket, _doing(asked)))
    return _line(asked, ticket)


@operations.post("/tickets/{code}/organisations", Right.ASSIGN_TICKETS)
def give_to_an_organisation(asked: Asked, code: str, body: GiveIn) -> None:
    """Let another organisation see a ticket, or make it theirs."""
    ticket = _ticket(asked, code, Right.ASSIGN_TICKETS)
    _done(cases.give(asked.session, ticket, body.organisation, _doing(asked), belongs=body.belongs))


@operations.delete("/tickets/{code}/organisations/{organisation}", Right.ASSIGN_TICKETS)
def take_back_from_an_organisation(asked: Asked, code: str, organisation: int) -> None:
    """An organisation sees a ticket no more."""
    ticket = _ticket(asked, code, Right.ASSIGN_TICKETS)
    _done(cases.take_back(asked.session, ticket, organisation, _doing(asked)))


@operations.post("/tickets/{code}/referral", Right.WORK_TICKETS)
def refer_the_caller(asked: Asked, code: str, body: ReferIn) -> TicketOut:
    """Send the caller on to a referral point of the directory."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    _done(closing.refer(asked.session, ticket, body.point, _doing(asked), closes=body.closes))
    return _line(asked, ticket)


@operations.post("/tickets/{code}/materials", Right.WORK_TICKETS)
def give_the_caller_material(asked: Asked, code: str, body: MaterialGivenIn) -> None:
    """Write down that the caller was given something of the library."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    if not give_material(asked.session, ticket, body.material, **asked.by):
        raise Refused("no_such_material", "material: the library has nothing of this code in use", status=404)


@operations.post("/tickets/{code}/closing", Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def close_a_ticket(asked: Asked, code: str, body: CloseIn) -> TicketOut:
    """Close a ticket with its outcome; a time that was promised is given back."""
    ticket = _ticket(asked, code, Right.ASSIGN_TICKETS, Right.WORK_TICKETS)
    same = None
    if body.duplicate_of is not None:
        same = _ticket(asked, body.duplicate_of, Right.LIST_TICKETS, Right.READ_TICKETS).id
    _done(closing.close_ticket(asked.session, ticket, body.ending(same), _doing(asked)))
    return _line(asked, ticket)


@operations.post("/tickets/{code}/reopening", Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def reopen_a_ticket(asked: Asked, code: str) -> TicketOut:
    """Open a closed ticket again."""
    ticket = _ticket(asked, code, Right.ASSIGN_TICKETS, Right.WORK_TICKETS)
    _done(closing.reopen(asked.session, ticket, _doing(asked)))
    return _line(asked, ticket)


@operations.post("/tickets/{code}/redaction", Right.WORK_TICKETS)
def redact_a_ticket(asked: Asked, code: str, body: RedactIn) -> Redacted:
    """Take identity codes, card and account numbers out of all that is said in a ticket, for good."""
    ticket = _ticket(asked, code, Right.WORK_TICKETS)
    return Redacted(texts=redact(asked.session, ticket, passage=body.passage, **asked.by))


def _ticket(asked: Asked, code: str, *rights: Right) -> Ticket:
    found = (ticket_for(asked.session, asked.holder, code, right, now=asked.now) for right in rights)
    ticket = next((one for one in found if one is not None), None)
    if ticket is None:
        raise Refused(CaseRefusal.NO_SUCH_TICKET, f"{code[:40]}: there is no such ticket", status=404)
    return ticket


def _doing(asked: Asked) -> Doing:
    return Doing(asked.now, asked.actor, asked.grid)


def _line(asked: Asked, ticket: Ticket) -> TicketOut:
    return TicketOut.of(with_promises(asked.session, [ticket])[0], asked.holder)


def _done(refusal: CaseRefusal | None) -> None:
    if refusal is not None:
        status = 404 if refusal.startswith("no_such") else 409
        raise Refused(refusal, status=status)


_NO_CONTACT: Final[Mapping[NoContact, str]] = {
    NoContact.NO_RIGHT: "your role is shown nobody's contact",
    NoContact.A_PROGRAM: "a program is shown nobody's contact; sign in as a person",
    NoContact.NO_COMMITMENT: "sign the commitment to secrecy first",
    NoContact.BADGE_EXPIRED: "your badge has expired; renew it first",
    NoContact.NOT_OWN_CASE: "only who has the case is shown the contact; take it, or have it given to you",
}
