"""Retention, legal hold and the rights of the registered, for programs."""

from admin.api.mends import mend_of
from admin.api.operations import Asked, Operations, Refused
from admin.api.reach import must_reach_network
from admin.api.rights_shapes import (
    CopyFile,
    CopyIn,
    ErasedOut,
    ErasureOut,
    ErasuresOut,
    FoundOut,
    HoldIn,
    HoldsOut,
    RetentionOut,
    TermIn,
    WhoseIn,
)
from admin.copy_file import written
from scheduler.erasing import EraseRefusal, Refusal, erase
from scheduler.sight import sees, ticket_for
from tickets.copies import copy_of
from tickets.erasures import erasures_of
from tickets.forgetting import count_due
from tickets.holds import HoldRefusal, held, holds_of, place_hold, release_hold
from tickets.registered import Found, Whose, codes_of, find
from tickets.retention import BOUNDS, Kept, set_term, terms_of
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view

MOST_SHOWN = 200
operations = Operations()


@operations.get("/retention", Right.SET_RETENTION)
def retention(asked: Asked) -> RetentionOut:
    """How long what is kept, and how many tickets the coming night would touch."""
    return _terms(asked)


@operations.post("/retention/{kept}", Right.SET_RETENTION)
def keep_so_long(asked: Asked, kept: str, body: TermIn) -> RetentionOut:
    """Choose how long something is kept, or see what that would do."""
    if kept not in list(Kept):
        raise Refused("not_found", f"kept: one of {', '.join(Kept)}", status=404)
    must_reach_network(asked, Right.SET_RETENTION, "kept")
    with asked.session.begin_nested() as attempted:
        if set_term(asked.session, asked.network_id, Kept(kept), body.amount, **asked.by) is not None:
            bounds = BOUNDS[Kept(kept)]
            told = f"amount: {bounds.least} to {bounds.most} {bounds.usual.unit}"
            raise Refused("out_of_bounds", told, status=400)
        asked.session.flush()
        shown = _terms(asked)
        if body.preview:
            attempted.rollback()
    return shown


@operations.get("/holds", Right.HOLD_TICKETS)
def holds(asked: Asked) -> HoldsOut:
    """What is held now, and why."""
    among = sees(asked.holder, Right.HOLD_TICKETS, now=asked.now)
    return HoldsOut(holds=list(holds_of(asked.session, asked.network_id, now=asked.now, among=among)))


@operations.post("/tickets/{code}/hold", Right.HOLD_TICKETS)
def hold_a_ticket(asked: Asked, code: str, body: HoldIn) -> None:
    """Keep a ticket and all that belongs to it until a day, whatever its term."""
    ticket = _ticket(asked, code)
    _unless(place_hold(asked.session, ticket.id, body.reason, body.until, **asked.by))


@operations.delete("/tickets/{code}/hold", Right.HOLD_TICKETS)
def end_a_hold(asked: Asked, code: str) -> None:
    """End a hold before its day."""
    _unless(release_hold(asked.session, _ticket(asked, code).id, **asked.by))


@operations.post("/registered/search", Right.EXPORT_PERSON, Right.ERASE_PERSON)
def what_there_is(asked: Asked, body: WhoseIn) -> FoundOut:
    """What there is of somebody; nothing is shown of it."""
    whose = _whose(asked, body)
    found = find(asked.session, whose)
    must_stay = held(asked.session, found.tickets, now=asked.now)
    note_view(asked.session, asked.holder, Seen.SEARCH, None, now=asked.now)
    return FoundOut(
        tickets=list(codes_of(asked.session, found.tickets)),
        held=list(codes_of(asked.session, must_stay)),
        calls=len(found.calls),
        person=next(iter(found.persons), None),
    )


@operations.post("/registered/copy", Right.EXPORT_PERSON)
def a_copy(asked: Asked, body: CopyIn) -> CopyFile:
    """Everything that is kept of somebody, opened, with their spoken messages; that it was read is in the view log."""
    found = _found(asked, _whose(asked, body))
    for ticket_id in found.tickets or (None,):
        note_view(asked.session, asked.holder, Seen.EXPORT, ticket_id, now=asked.now)
    file = written(copy_of(asked.session, found), body.language, now=asked.now)
    return CopyFile(f"digilinja-{asked.now:%Y-%m-%d}.zip", file)


@operations.post("/registered/erasure", Right.ERASE_PERSON)
def erase_somebody(asked: Asked, body: WhoseIn) -> ErasedOut:
    """Erase everything of somebody; promises are given back first, and what must be kept is refused by name."""
    note_view(asked.session, asked.holder, Seen.SEARCH, None, now=asked.now)
    erased = erase(asked.session, _whose(asked, body), **asked.doing)
    if isinstance(erased, Refusal):
        raise _refused(erased)
    return ErasedOut(number=erased.number, counts=dict(erased.counts), cancelled=erased.cancelled)


@operations.get("/erasures", Right.ERASE_PERSON)
def erasures(asked: Asked) -> ErasuresOut:
    """How much was erased, when and by whom, the newest first; never whose it was."""
    rows = erasures_of(asked.session, asked.network_id, limit=MOST_SHOWN)
    return ErasuresOut(erasures=[ErasureOut.of(row) for row in rows])


def _terms(asked: Asked) -> RetentionOut:
    terms = terms_of(asked.session, asked.network_id)
    return RetentionOut.of(terms, count_due(asked.session, asked.network_id, terms, now=asked.now))


def _ticket(asked: Asked, code: str) -> Ticket:
    ticket = ticket_for(asked.session, asked.holder, code, Right.HOLD_TICKETS, now=asked.now)
    if ticket is None:
        raise Refused("not_found", "code: there is no such ticket", status=404)
    return ticket


def _unless(refusal: HoldRefusal | None) -> None:
    if refusal is not None:
        status = 404 if refusal is HoldRefusal.NOT_FOUND else 409
        raise Refused(refusal, status=status)


def _whose(asked: Asked, body: WhoseIn) -> Whose:
    try:
        return body.within(asked.network_id)
    except ValueError as error:
        raise Refused("not_valid", str(error), status=400) from error


def _found(asked: Asked, whose: Whose) -> Found:
    found = find(asked.session, whose)
    if not found:
        raise _refused(Refusal(EraseRefusal.NOBODY))
    return found


def _refused(refusal: Refusal) -> Refused:
    told = ": ".join(filter(None, (", ".join(refusal.tickets), mend_of(refusal.why))))
    return Refused(refusal.why, told, status=404 if refusal.why is EraseRefusal.NOBODY else 409)
