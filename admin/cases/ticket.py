"""One ticket: read, and worked on from its page."""

from dataclasses import replace
from datetime import datetime
from typing import Final

from flask import render_template, request
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import cases
from admin.cases.doing import CaseMistake, PageRefusal, Sent, do, doing, kind_of, reached, sent
from admin.cases.reading import Case, Upto, case_of
from admin.cases.typed import moment_typed, plain
from admin.parts import now, transaction
from admin.people.choosing import Choice, choice_of
from admin.people.reading import number_of
from admin.told import told_now
from scheduler import cases as working
from scheduler import closing
from scheduler.cases import CaseRefusal, Doing
from scheduler.outcomes import Ending
from scheduler.people.names import workers_for
from scheduler.refining import Refinement, refine
from scheduler.sight import Contact, NoContact, contact_of, ticket_for
from tickets.contents import add_note, write_down_message
from tickets.network import Organisation
from tickets.redaction import redact
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view
from tickets.vocabulary import DidThemselves, Outcome

LONGEST_TEXT: Final = 20_000
SHORTEST_PASSAGE: Final = 3
MOST_MINUTES: Final = 24 * 60
WORKS: Final = (Right.WORK_TICKETS,)
ENDS: Final = (Right.ASSIGN_TICKETS, Right.WORK_TICKETS)


@cases.get("/tickets/<code>")
@signed_in(Right.READ_TICKETS)
def one(code: str) -> ResponseReturnValue:
    """Show a ticket with all that is said in it; the look is written down."""
    return shown(code)


@cases.post("/tickets/<code>/contact")
@signed_in(Right.READ_TICKETS)
def contact(code: str) -> ResponseReturnValue:
    """Show whose matter it is, or why not; the look is written down."""
    with transaction() as session:
        found = contact_of(session, holder(), reached(session, code, Right.READ_TICKETS), now=now())
    return shown(code, contact=found)


def shown(
    code: str, came: Sent | None = None, *, contact: Contact | NoContact | None = None, status: int | None = None
) -> ResponseReturnValue:
    """The ticket's page; with a form that was not taken, as it was typed."""
    with transaction() as session:
        ticket = reached(session, code, Right.READ_TICKETS)
        note_view(session, holder(), Seen.TICKET, ticket.id, now=now())
        case = case_of(session, holder(), ticket, now=now(), upto=_upto())
        workers = _workers(session, case, came)
        organisations = _could_see(session, case) if Right.ASSIGN_TICKETS in case.may else {}
        told = told_now(session, ticket)
    page = render_template(
        "cases/one.html",
        case=case,
        ticket=ticket,
        came=came,
        kind_of=kind_of,
        contact=contact,
        shows_contact=isinstance(contact, Contact),
        asks_contact=holder().may(Right.SEE_CONTACT) is not None,
        workers=workers,
        organisations=organisations,
        told=told,
        moment=now(),
        rights=Right,
        me=holder().person_id,
        lists={"outcome": Outcome, "did_themselves": DidThemselves},
    )
    return page, status or (200 if came is None else came.status)


@cases.post("/tickets/<code>/notes")
@signed_in(Right.WORK_TICKETS)
def note(code: str) -> ResponseReturnValue:
    """Write something down."""
    text = plain(request.form, "text")
    if (wrong := _wrong_text(text)) is not None:
        return shown(code, sent("note", {"text": wrong}))

    def write(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        noted = add_note(session, ticket, text, **doing.by)
        return None if noted is not None else CaseRefusal.ANONYMISED

    return do(code, "note", WORKS, write, shown)


@cases.post("/tickets/<code>/messages/<int:message>")
@signed_in(Right.WORK_TICKETS)
def transcript(code: str, message: int) -> ResponseReturnValue:
    """Write down what a spoken message says."""
    text, form = plain(request.form, "text"), f"transcript-{message}"
    if (wrong := _wrong_text(text)) is not None:
        return shown(code, sent(form, {"text": wrong}))

    def write(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        return None if write_down_message(session, ticket, message, text, **doing.by) else CaseRefusal.NOT_NOW

    return do(code, form, WORKS, write, shown)


@cases.post("/tickets/<code>/redaction")
@signed_in(Right.WORK_TICKETS)
def redaction(code: str) -> ResponseReturnValue:
    """Take out what should not stand there, and a passage, for good."""
    passage = plain(request.form, "passage")
    if passage and len(passage) < SHORTEST_PASSAGE:
        return shown(code, sent("redaction", {"passage": CaseMistake.TOO_SHORT}))

    def take_out(session: Session, ticket: Ticket, doing: Doing) -> PageRefusal | None:
        taken = redact(session, ticket, passage=passage or None, **doing.by)
        return None if taken else PageRefusal.NOTHING_FOUND

    return do(code, "redaction", WORKS, take_out, shown)


@cases.post("/tickets/<code>/owner")
@signed_in(Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def owner(code: str) -> ResponseReturnValue:
    """Name who sees to it and by when; who may not assign may take a ticket that nobody has."""
    if "look" in request.form:
        return shown(code, sent("owner"), status=200)
    person, typed = request.form.get("person", type=int) or holder().person_id, plain(request.form, "deadline")
    by = moment_typed(typed)
    mistakes = {
        "person": CaseMistake.NO_PERSON if person is None else None,
        "deadline": _wrong_moment(typed, by),
    }
    if any(mistakes.values()) or person is None:
        return shown(code, sent("owner", mistakes))

    def name(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        assigning = ticket_for(session, holder(), code, Right.ASSIGN_TICKETS, now=doing.now) is not None
        mine = person == holder().person_id and ticket.owner_person_id in (None, person)
        if not assigning and not mine:
            return CaseRefusal.QUICKER if person == holder().person_id else CaseRefusal.MAY_NOT_WORK
        return working.give_owner(session, ticket, person, doing, by=by)

    return do(code, "owner", ENDS, name, shown)


@cases.post("/tickets/<code>/return")
@signed_in(Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def give_back(code: str) -> ResponseReturnValue:
    """Give it back to the queue: nobody has it any more."""
    return do(code, "return", ENDS, working.return_to_queue, shown)


@cases.post("/tickets/<code>/closing")
@signed_in(Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def close(code: str) -> ResponseReturnValue:
    """Close it with its outcome; a time that was promised is given back."""
    minutes, same = plain(request.form, "minutes"), plain(request.form, "duplicate_of").upper()
    outcome = next((known for known in Outcome if known == request.form.get("outcome")), None)
    themselves = next((known for known in DidThemselves if known == request.form.get("did_themselves")), None)
    took = number_of(minutes, most=MOST_MINUTES)
    mistakes = {
        "outcome": CaseMistake.NO_OUTCOME if outcome is None else None,
        "minutes": CaseMistake.MINUTES if minutes and took is None else None,
        "duplicate_of": CaseMistake.NO_TICKET if outcome is Outcome.KAKSOISKAPPALE and not same else None,
    }
    if any(mistakes.values()) or outcome is None:
        return shown(code, sent("close", mistakes))
    ending = Ending(outcome, themselves, took)

    def end(session: Session, ticket: Ticket, doing: Doing) -> CaseRefusal | None:
        needs = Refinement(frozenset({"training_need"}), training_need="training_need" in request.form)
        return refine(session, ticket, needs, doing) or _closed(session, ticket, ending, same, doing)

    return do(code, "close", ENDS, end, shown)


@cases.post("/tickets/<code>/reopening")
@signed_in(Right.WORK_TICKETS, Right.ASSIGN_TICKETS)
def open_again(code: str) -> ResponseReturnValue:
    """Open a closed ticket again."""
    return do(code, "reopen", ENDS, closing.reopen, shown)


def _closed(session: Session, ticket: Ticket, ending: Ending, same: str, doing: Doing) -> CaseRefusal | None:
    if ending.outcome is Outcome.KAKSOISKAPPALE:
        rights = (Right.LIST_TICKETS, Right.READ_TICKETS)
        found = (ticket_for(session, holder(), same, right, now=doing.now) for right in rights)
        other = next((one for one in found if one is not None), None)
        if other is None:
            return CaseRefusal.NO_SUCH_TICKET
        ending = replace(ending, duplicate_of=other.id)
    return closing.close_ticket(session, ticket, ending, doing)


def _upto() -> Upto:
    return Upto(*(number_of(request.args.get(name)) for name in ("events", "notes")))


def _workers(session: Session, case: Case, came: Sent | None) -> Choice:
    """Who could see to it; of many, those who fit the name that was typed, and whoever has it or was chosen."""
    if Right.ASSIGN_TICKETS not in case.may:
        return Choice({})
    typed = came.typed if came is not None and came.form == "owner" else {}
    kept = typed.get("person"), case.ticket.owner_person_id
    return choice_of(workers_for(session, holder()), typed.get("person_sought", ""), *kept)


def _could_see(session: Session, case: Case) -> dict[int, str]:
    """The organisations that do not see it yet, or to which it does not belong."""
    of = select(Organisation.id, Organisation.name).where(Organisation.network_id == case.ticket.network_id)
    every = dict(session.execute(of.order_by(Organisation.name)).all())
    return {number: name for number, name in every.items() if number != case.ticket.owner_organisation_id}


def _wrong_text(text: str) -> CaseMistake | None:
    if not text:
        return CaseMistake.NO_TEXT
    return CaseMistake.TEXT_TOO_LONG if len(text) > LONGEST_TEXT else None


def _wrong_moment(typed: str, moment: datetime | None) -> CaseMistake | None:
    if typed and moment is None:
        return CaseMistake.MOMENT
    return CaseMistake.PAST if moment is not None and moment <= doing().now else None
