"""At the desk: a matter is logged for somebody who rings or comes, and solved, given a time, or handed on while they wait."""

from dataclasses import astuple, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from scheduler.cases import CaseRefusal, Doing
from scheduler.closing import close_ticket
from scheduler.coordination import needs_coordinator
from scheduler.errands import Errand, first_time_for
from scheduler.jobs import cancel_jobs, enqueue
from scheduler.outcomes import Ending
from scheduler.promises import Promise, book, live_promises
from scheduler.refining import Refinement, refine
from scheduler.sight import sees, ticket_for
from scheduler.waiting import Standing, join_line
from scheduler.willing import see_to_willing
from tickets.intake import Matter, open_ticket
from tickets.network import Line
from tickets.rights import Right
from tickets.store import cipher_of
from tickets.ticket import Ticket, TicketAccess
from tickets.tokens import Bearer, actor_of
from tickets.view_log import Seen, note_view
from tickets.vocabulary import BOOKABLE, AccessNeed, Channel, Device, HeardOfUs, HelpForm, TicketStatus, Topic
from voice_prompts.language import Language

CHOOSES_WITHIN: Final = timedelta(minutes=30)  # then the first time is the one
DESK: Final = "desk"


class Then(StrEnum):
    """What becomes of a matter that was logged; the values are in the API."""

    SOLVED = "solved"
    TIME = "time"
    WAITS = "waits"
    COORDINATOR = "coordinator"


class DeskRefusal(StrEnum):
    """Why the desk could not do it; the values are in the API."""

    NO_LINE = "no_line"
    NO_NUMBER = "no_number"  # so nobody can be rung
    NO_SUCH_TICKET = "no_such_ticket"
    NO_OUTCOME = "no_outcome"
    TIME_GONE = "time_gone"
    HAS_A_TIME = "has_a_time"
    NOT_NOW = "not_now"  # as the ticket stands


@dataclass(frozen=True, slots=True)
class Told:
    """What is written down of a matter; `number` in E.164, `municipality` a code, `line` a number of the network's.

    `key` names this telling of it. `same_person_as` is the code of a ticket: its person is meant, and is not shown.
    """

    key: str
    language: Language
    number: str | None = None
    same_person_as: str | None = None
    line: str | None = None
    name: str | None = None
    email: str | None = None
    topic: Topic | None = None
    topics: tuple[Topic, ...] = ()
    device: Device | None = None
    e_service: str | None = None
    on_behalf: bool | None = None
    access_needs: tuple[AccessNeed, ...] = ()
    wished_form: HelpForm | None = None
    heard_of_us: HeardOfUs | None = None
    municipality: str | None = None
    non_disclosure: bool = False
    training_need: bool = False
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """The ticket of a matter, and how it stands now."""

    ticket_id: int
    code: str
    status: TicketStatus


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """Something of the same person that is open: how it stands, and the time that was promised."""

    code: str
    status: TicketStatus
    topic: Topic | None
    starts_at: datetime | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class OpenMatters:
    """What a number has open: what whoever asks may see, and how many besides."""

    seen: tuple[OpenMatter, ...]
    elsewhere: int


Refusal = DeskRefusal | CaseRefusal


def log_matter(
    session: Session, who: Bearer, told: Told, then: Then, ending: Ending | None, doing: Doing
) -> Logged | Refusal:
    """Write the matter down as a ticket of its own, and do with it what is wanted; told again, it is the same ticket.

    Where a refusal is answered, nothing may be kept: whoever asked rolls back.
    """
    person = _of_same_person(session, who, told, doing)
    line_id = _line(session, who.network_id, told)
    if person is None or line_id is None:
        return DeskRefusal.NO_SUCH_TICKET if person is None else DeskRefusal.NO_LINE
    if then in (Then.TIME, Then.WAITS) and person.number is None:
        return DeskRefusal.NO_NUMBER
    matter = _matter(session, who, person, line_id, doing)
    session.execute(_ONE_AT_A_TIME, {"key": matter.key})
    known = session.scalar(select(Ticket).where(Ticket.intake_key == matter.key))
    if known is not None:
        return Logged(known.id, known.code, known.status)
    ticket = session.get_one(Ticket, open_ticket(session, matter, now=doing.now).id)
    _belongs_to_the_desk(session, who, ticket, doing.now)
    refusal = _refine(session, ticket, person, doing) or _go_on(session, ticket, then, ending, doing)
    session.refresh(ticket)
    return refusal or Logged(ticket.id, ticket.code, ticket.status)


# Of two presses of one button the second waits, and finds what the first has made.
_ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def book_time(
    session: Session, ticket: Ticket, starts_at: datetime, doing: Doing, *, heard: bool = True
) -> Promise | DeskRefusal:
    """Promise the time; `heard`: the code is for the caller's ears, now, else they are texted or rung. Asked for twice, it is one promise."""
    if ticket.caller_index is None:
        return DeskRefusal.NO_NUMBER
    promises = live_promises(session, ticket.network_id, ticket.caller_index)
    own = next((promise for promise in promises if promise.ticket_id == ticket.id), None)
    if own is not None:
        return own if own.starts_at == starts_at else DeskRefusal.HAS_A_TIME
    if ticket.status not in BOOKABLE:
        return DeskRefusal.NOT_NOW
    promise = book(session, ticket.id, None, starts_at, **doing.by, grid=doing.grid, heard=heard)
    if promise is None:
        return DeskRefusal.TIME_GONE
    _no_longer_chosen_for(session, ticket.id)
    return promise


def wait_for_time(session: Session, ticket: Ticket, doing: Doing) -> Standing | DeskRefusal:
    """There is no time that suits: the caller waits for one, first come, first served in their language."""
    standing = join_line(session, ticket.id, now=doing.now)
    if standing is None:
        return DeskRefusal.NO_NUMBER if ticket.caller_index is None else DeskRefusal.NOT_NOW
    _no_longer_chosen_for(session, ticket.id)
    return standing


_OPEN = text("""
SELECT t.id, t.code, t.status, t.topic, t.created_at, c.starts_at FROM ticket t LEFT JOIN callback c
    ON c.ticket_id = t.id AND c.state IN ('promised', 'ringing', 'talking', 'deficit')
WHERE t.network_id = :network AND t.caller_index = :index AND t.status <> 'closed' ORDER BY t.id DESC
""")


def open_matters(session: Session, who: Bearer, number: str, *, now: datetime) -> OpenMatters:
    """What this number has open, so that nobody logs it twice; the look is written down."""
    note_view(session, who, Seen.SEARCH, None, now=now)
    index = cipher_of(session).index_of(number)
    rows = session.execute(_OPEN, {"network": who.network_id, "index": index}).all()
    reached = select(Ticket.id).where(Ticket.id.in_([row.id for row in rows]), sees(who, Right.LOG_MATTERS, now=now))
    own = frozenset(session.scalars(reached))
    seen = (
        OpenMatter(
            row.code, TicketStatus(row.status), Topic(row.topic) if row.topic else None, row.starts_at, row.created_at
        )
        for row in rows
        if row.id in own
    )
    return OpenMatters(tuple(seen), len(rows) - len(own))


def _of_same_person(session: Session, who: Bearer, told: Told, doing: Doing) -> Told | None:
    """What was told, with number, name and address of the ticket that is named; None where there is none to be seen."""
    if told.same_person_as is None:
        return told
    other = ticket_for(session, who, told.same_person_as, Right.LOG_MATTERS, now=doing.now)
    if other is None:
        return None
    opened = cipher_of(session).open
    number, name, email = (
        None if sealed is None else opened(sealed)
        for sealed in (other.caller_sealed, other.name_sealed, other.email_sealed)
    )
    hidden = told.non_disclosure or other.non_disclosure
    return replace(told, number=number, name=name, email=email, non_disclosure=hidden)


def _line(session: Session, network_id: int, told: Told) -> int | None:
    """The line that is named, else the first that opens in the caller's language, else the first."""
    lines = select(Line.id).where(Line.network_id == network_id, Line.active)
    if told.line is not None:
        lines = lines.where(Line.e164 == told.line)
    return session.scalar(lines.order_by(Line.first_language != told.language, Line.id).limit(1))


def _matter(session: Session, who: Bearer, told: Told, line_id: int, doing: Doing) -> Matter:
    mark = cipher_of(session).index_of(repr(astuple(told))).hex()[:16]
    return Matter(
        network_id=who.network_id,
        line_id=line_id,
        channel=Channel.DESK,
        language=told.language,
        caller=told.number,
        key=f"{DESK}:{actor_of(who)}:{told.key}:{mark}",
        topic=told.topic or next(iter(told.topics), None),
        municipality=told.municipality,
        text=told.text,
        another=True,  # several matters of one person stay several
        name=told.name,
        email=told.email,
        topics=told.topics,
        device=told.device,
        on_behalf=told.on_behalf,
        access_needs=told.access_needs,
        wished_form=told.wished_form,
        heard_of_us=told.heard_of_us,
        actor=doing.actor,
    )


def _belongs_to_the_desk(session: Session, who: Bearer, ticket: Ticket, now: datetime) -> None:
    """Whoever logged it sees it, whichever organisation serves the caller's municipality."""
    if who.organisation_id is None:
        return
    access = insert(TicketAccess).values(ticket_id=ticket.id, organisation_id=who.organisation_id, given_at=now)
    session.execute(access.on_conflict_do_nothing())
    if ticket.owner_organisation_id is None:
        ticket.owner_organisation_id = who.organisation_id
        session.flush()


def _refine(session: Session, ticket: Ticket, told: Told, doing: Doing) -> CaseRefusal | None:
    besides = Refinement(
        named=frozenset({"e_service", "non_disclosure", "training_need"}),
        e_service=told.e_service,
        non_disclosure=told.non_disclosure,
        training_need=told.training_need,
    )
    return refine(session, ticket, besides, doing)


def _go_on(session: Session, ticket: Ticket, then: Then, ending: Ending | None, doing: Doing) -> Refusal | None:
    now, grid = doing.now, doing.grid
    match then:
        case Then.SOLVED if ending is None:
            return DeskRefusal.NO_OUTCOME
        case Then.SOLVED:
            assert ending is not None
            return close_ticket(session, ticket, ending, doing)
        case Then.COORDINATOR:
            needs_coordinator(session, ticket.id, DESK, now=now, grid=grid)
        case Then.WAITS:
            join_line(session, ticket.id, now=now)
        case Then.TIME if not see_to_willing(session, ticket.id, now=now, grid=grid):
            enqueue(session, first_time_for(ticket.id, DESK, now=now + CHOOSES_WITHIN))
    return None


def _no_longer_chosen_for(session: Session, ticket_id: int) -> None:
    """The line need not choose the first time by itself."""
    cancel_jobs(session, f"ticket-{ticket_id}", kinds=[Errand.FIRST_TIME])
