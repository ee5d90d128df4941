"""Tickets as a list or as a board by state: filtered in the address, found by words, the most urgent first."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Final
from urllib.parse import urlencode

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import select
from sqlalchemy.orm import Session

from admin.auth import holder, signed_in
from admin.cases.blueprint import MOST_AT_ONCE, cases
from admin.cases.filters import ListMistake, Sort, Sought, Typed, Whose, municipality_typed, read
from admin.cases.typed import plain
from admin.parts import now, transaction
from admin.ticket_list import TicketLine, with_promises
from admin.wording import spoken_language
from scheduler.finding import Wanted, Within, find
from scheduler.people.names import names_of
from scheduler.sight import open_organisation, ticket_for, ways
from scheduler.urgency import COLUMNS, columns, most_urgent
from tickets.e_services import e_services_of
from tickets.network import Organisation
from tickets.rights import Right
from tickets.saved_views import View, views_of
from tickets.ticket import Ticket
from tickets.view_log import Seen, note_view
from tickets.vocabulary import Channel, Outcome, TicketStatus, Topic
from tickets.words import words_of
from voice_prompts.language import Language

CODE: Final = re.compile(r"(?:DL-?)?([2-9A-HJKMNP-Z]{5})", re.IGNORECASE)
IN_A_COLUMN: Final = 8
STATES: Final = (*COLUMNS, TicketStatus.CLOSED)
CHOICES: Final = {"topic": Topic, "language": Language, "channel": Channel, "outcome": Outcome, "owner": Whose}


@dataclass(frozen=True, slots=True)
class Listed:
    """A ticket of the list, and what its owner and organisation are called, as far as the reader may know."""

    line: TicketLine
    owner: str | None
    organisation: str | None


@dataclass(frozen=True, slots=True)
class Shown:
    """A page of the list, or the columns of the board; `next` is the cursor of the next page."""

    rows: tuple[Listed, ...] = ()
    next: str | None = None
    columns: tuple[tuple[TicketStatus, int, tuple[Listed, ...]], ...] = ()


@dataclass(frozen=True, slots=True)
class Choices:
    """What may be chosen in the form, and the lists that were saved."""

    organisations: Mapping[int, str]
    e_services: Mapping[str, str]
    views: tuple[View, ...]


@cases.get("/tickets")
@signed_in(Right.LIST_TICKETS, Right.READ_TICKETS)
def board() -> ResponseReturnValue:
    """Show what is looked for; a ticket's code leads straight to it."""
    code = _code_of(request.args.get("q", ""))
    if code is not None and "HX-Request" not in request.headers:
        return redirect(url_for(".one", code=code))
    sought = read(Typed.sent(request.args), me=holder().person_id)
    return page_of(sought, code=code)


def page_of(sought: Sought, *, code: str | None = None, name: str = "") -> ResponseReturnValue:
    """The page of a list; `code` is the ticket whose code was typed, `name` what the list was to be saved by."""
    as_board = request.values.get("view") == "board"
    with transaction() as session:
        choices = _choices(session)
        sought = _with_words(session, _of_known_service(sought, choices))
        shown = Shown() if sought.mistakes else _shown(session, sought, choices, as_board=as_board)
    typed = replace(sought.typed, municipality=_municipality(sought.typed))
    page = render_template(
        "cases/board.html",
        sought=sought,
        typed=typed,
        shown=shown,
        choices=choices,
        lists=CHOICES,
        code=code,
        as_board=as_board,
        name=name,
        moment=now(),
        address_of=address_of,
        blank=Typed(),
        statuses=STATES,
        most=MOST_AT_ONCE,
        may=holder().may,
        rights=Right,
    )
    return page, 422 if sought.mistakes else 200


def address_of(typed: Typed, **more: str) -> str:
    """Where this list is, and with `after` its next page."""
    asked = {**typed.address, **more}
    return url_for(".board") + (f"?{urlencode(asked)}" if asked else "")


def _code_of(typed: str) -> str | None:
    """The code that was typed, with or without its beginning, where it is that of a ticket they may read."""
    known = CODE.fullmatch(typed.strip())
    if known is None:
        return None
    code = f"DL-{known[1].upper()}"
    with transaction() as session:
        return None if ticket_for(session, holder(), code, Right.READ_TICKETS, now=now()) is None else code


def _of_known_service(sought: Sought, choices: Choices) -> Sought:
    if (sought.wanted.e_service or "") in ("", *choices.e_services):
        return sought
    return replace(sought, mistakes={**sought.mistakes, "e_service": ListMistake.NOT_IN_LIST})


def _with_words(session: Session, sought: Sought) -> Sought:
    """What is looked for with its words; that one searched is written down."""
    said = sought.typed.q
    if not said or sought.mistakes or holder().may(Right.READ_TICKETS) is None:
        return sought
    words = words_of(session, holder().network_id, said)
    if not words:
        return replace(sought, mistakes={"q": ListMistake.NOTHING_TO_FIND})
    note_view(session, holder(), Seen.SEARCH, None, now=now())
    return replace(sought, wanted=replace(sought.wanted, said=words))


def _within(wanted: Wanted) -> Within:
    """What is said in tickets is looked for in those that they may read; a list is of those that they may list."""
    who = holder()
    lists = who.may(Right.LIST_TICKETS) is not None and not wanted.said
    return Within(who.network_id, ways(who, Right.LIST_TICKETS if lists else Right.READ_TICKETS, now=now()))


def _shown(session: Session, sought: Sought, choices: Choices, *, as_board: bool) -> Shown:
    wanted, within = sought.wanted, _within(sought.wanted)
    if as_board:
        found = columns(session, within, wanted, counted=MOST_AT_ONCE, shown=IN_A_COLUMN, now=now())
        told = iter(_told(session, [ticket for column in found for ticket in column.tickets], choices))
        return Shown(columns=tuple((one.status, one.count, tuple(next(told) for _ in one.tickets)) for one in found))
    page = _page(session, sought, within)
    return Shown(_told(session, page[0], choices), page[1])


def _page(session: Session, sought: Sought, within: Within) -> tuple[list[Ticket], str | None]:
    after = plain(request.args, "after") or None
    if sought.typed.order is Sort.NEWEST:
        newest = find(session, within, sought.wanted, limit=MOST_AT_ONCE, now=now(), after=after)
        newest = newest or find(session, within, sought.wanted, limit=MOST_AT_ONCE, now=now())
        return ([], None) if newest is None else (list(newest.tickets), newest.next)
    urgent = most_urgent(session, within, sought.wanted, limit=MOST_AT_ONCE, now=now(), after=after)
    urgent = urgent or most_urgent(session, within, sought.wanted, limit=MOST_AT_ONCE, now=now())
    return ([], None) if urgent is None else (list(urgent.tickets), urgent.next)


def _told(session: Session, tickets: list[Ticket], choices: Choices) -> tuple[Listed, ...]:
    who = holder()
    names = names_of(session, who.network_id, (f"person:{one.owner_person_id}" for one in tickets))
    return tuple(
        Listed(
            line,
            names.get(f"person:{line.ticket.owner_person_id}"),
            choices.organisations.get(open_organisation(line.ticket, who) or 0),
        )
        for line in with_promises(session, tickets)
    )


def _choices(session: Session) -> Choices:
    network_id, language = holder().network_id, spoken_language()
    of = select(Organisation.id, Organisation.name).where(Organisation.network_id == network_id)
    services = {code: one.name_in(language) for code, one in e_services_of(session, network_id).items()}
    return Choices(
        dict(session.execute(of.order_by(Organisation.name)).all()),
        dict(sorted(services.items(), key=lambda pair: pair[1].casefold())),
        views_of(session, network_id, holder().person_id),
    )


def _municipality(typed: Typed) -> str:
    return municipality_typed(typed.municipality, swedish=spoken_language() is Language.SV)
