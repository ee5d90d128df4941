"""Doing something with a ticket from its page: done and said, or refused with what was typed and how it stands now."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from flask import abort, redirect, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy.orm import Session

from admin.auth import grid, holder
from admin.once import only_once
from admin.pages import said
from admin.parts import now, transaction
from scheduler.cases import CaseRefusal, Doing
from scheduler.desk import DeskRefusal
from scheduler.relay.words import RelayRefusal
from scheduler.sight import ticket_for
from tickets.holds import HoldRefusal
from tickets.rights import Right
from tickets.ticket import Ticket
from tickets.tokens import actor_of


class PageRefusal(StrEnum):
    """What comes to nothing on the page only."""

    NOTHING_FOUND = "nothing_found"  # to take out
    NOT_GIVEN = "not_given"  # the library has no such material any more
    NO_TEXTS = "takes_no_texts"
    UNKNOWN_PLACE = "unknown_place"


Refusal = CaseRefusal | DeskRefusal | HoldRefusal | RelayRefusal | PageRefusal
KINDS: Final[Mapping[type[StrEnum], str]] = {
    CaseRefusal: "case refusal",
    DeskRefusal: "desk refusal",
    HoldRefusal: "hold refusal",
    RelayRefusal: "relay refusal",
    PageRefusal: "page refusal",
}


class CaseMistake(StrEnum):
    """What is wrong with a field of a ticket's forms; the page has the words."""

    NO_TEXT = "case_no_text"
    TEXT_TOO_LONG = "case_text_too_long"
    NOT_IN_LIST = "case_not_in_list"
    MINUTES = "case_minutes"
    MOMENT = "case_moment"
    PAST = "case_past"
    NO_PERSON = "case_no_person"
    NO_OUTCOME = "case_no_outcome"
    NO_TICKET = "case_no_ticket"
    NO_REASON = "case_no_reason"
    DAY = "case_day"
    TOO_SHORT = "case_too_short"
    MUNICIPALITY = "case_municipality"


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that came in and was not taken: which, what was typed, what is wrong field by field, or why it was refused."""

    form: str
    typed: Mapping[str, str] = field(default_factory=dict)
    lists: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    mistakes: Mapping[str, str] = field(default_factory=dict)
    refusal: Refusal | None = None

    @property
    def status(self) -> int:
        """What the answer says of it."""
        return 422 if self.mistakes else 409


class RefusedError(Exception):
    """Nothing is kept of what was refused."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


Deed = Callable[[Session, Ticket, Doing], Refusal | None]
Again = Callable[[str, Sent], ResponseReturnValue]


def do(code: str, form: str, rights: tuple[Right, ...], deed: Deed, again: Again) -> ResponseReturnValue:
    """Do it to a ticket that one of these rights reaches; refused, the form is shown `again`, and nothing is kept of it.

    A form that says how the ticket was when it was shown (`seen`) is refused where that is no longer so.
    """
    try:
        with transaction() as session:
            ticket = reached(session, code, *rights)
            if request.form.get("seen") not in (None, ticket.updated_at.isoformat()):
                raise RefusedError(CaseRefusal.QUICKER)
            if (refusal := deed(session, ticket, doing())) is not None:
                raise RefusedError(refusal)
            only_once(session, said_of(form), url_for("cases.one", code=code))
            stays = ticket_for(session, holder(), code, Right.READ_TICKETS, now=now()) is not None
    except RefusedError as error:
        return again(code, sent(form, refusal=error.refusal))
    said(said_of(form))
    return redirect(url_for("cases.one", code=code) if stays else url_for("cases.board"), 303)


def said_of(form: str) -> str:
    """The code by which the next page says that a form is done."""
    return f"case_{form.partition('-')[0]}"


def sent(form: str, mistakes: Mapping[str, str | None] | None = None, refusal: Refusal | None = None) -> Sent:
    """What was sent in a form, and what is wrong with it."""
    lists = {name: tuple(several) for name, several in request.form.lists()}
    wrong = {name: str(code) for name, code in (mistakes or {}).items() if code is not None}
    return Sent(form, request.form.to_dict(), lists, wrong, refusal)


def kind_of(refusal: Refusal) -> str:
    """Under which name the refusal has its words."""
    return KINDS[type(refusal)]


def reached(session: Session, code: str, *rights: Right) -> Ticket:
    """The ticket, where one of these rights reaches it; whoever asks does not learn that it is there else."""
    found = (ticket_for(session, holder(), code, right, now=now()) for right in rights)
    return next((ticket for ticket in found if ticket is not None), None) or abort(404)


def doing() -> Doing:
    """Who does it, when, and on which grid."""
    return Doing(now(), actor_of(holder()), grid())
