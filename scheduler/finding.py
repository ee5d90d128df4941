"""Tickets found: those that somebody may see, newest first, a page at a time, whatever is asked for.

No question reads the store from end to end. Each condition and each word has a list of its tickets in their order: the
database walks those lists side by side until the page is full, or takes a short one and looks its tickets up in the others.
How short a word's list is, it does not know well; we count, and lead by a rare one.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ARRAY,
    BigInteger,
    ColumnElement,
    CompoundSelect,
    Select,
    any_,
    false,
    func,
    literal,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from scheduler.sight import leads_to
from scheduler.waiting import Waiting, WaitingState
from tickets.ticket import LISTED_BY, Ticket
from tickets.vocabulary import Channel, Outcome, TicketStatus, Topic
from tickets.words import TicketWord, e_service_mark, topic_mark
from voice_prompts.language import Language

Ids = Select[int]
FEW: Final = 500  # tickets: so many are sooner looked up one by one than met on the way along other lists
# A ticket's number is given when its row is written, its moment when the call or form came in: they run this much apart at most.
APART: Final = timedelta(hours=1)
# A rare value wants another plan than a common one; and lists that are asked for all day long are in memory, where a look
# somewhere else costs little more than to read on. Of many words only the rarest are worth thinking about.
PLANS: Final = text("""
SELECT set_config('plan_cache_mode', 'force_custom_plan', true), set_config('random_page_cost', '1.1', true),
    set_config('join_collapse_limit', '5', true)
""")
_WAITS: Final = (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; what is None or empty is not asked. `organisation` is the one it belongs to, `owner` a person."""

    status: TicketStatus | None = None
    open: bool = False
    language: Language | None = None
    topic: Topic | None = None
    e_service: str | None = None
    municipality: str | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    organisation: int | None = None
    owner: int | None = None
    ownerless: bool = False
    overdue: bool = False
    dated: bool = False  # with a deadline
    waiting: bool = False
    training_need: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    said: tuple[frozenset[int], ...] = ()  # tickets.words.words_of what is searched for


@dataclass(frozen=True, slots=True)
class Within:
    """Whose tickets: a network's, of those the ones that `ways` lead to (all, where None), and never another."""

    network_id: int
    ways: tuple[Ids, ...] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Some tickets, newest first, and the code after which the next page begins."""

    tickets: tuple[Ticket, ...]
    next: str | None


def find(
    session: Session, within: Within, wanted: Wanted, *, limit: int, now: datetime, after: str | None = None
) -> Found | None:
    """The tickets after the one whose code is `after`; None when that is none of theirs."""
    session.execute(PLANS)
    last = None if after is None else _id_of(session, within, after)
    if after is not None and last is None:
        return None
    query = _query(session, within, wanted, last, limit + 1, now)
    ids = session.scalars(query).all()
    shown = select(Ticket).where(Ticket.id.in_(ids[:limit]), Ticket.network_id == within.network_id)
    tickets = tuple(session.scalars(shown.order_by(Ticket.id.desc())))
    return Found(tickets, tickets[-1].code if len(ids) > limit and tickets else None)


def _id_of(session: Session, within: Within, code: str) -> int | None:
    known = select(Ticket.id).where(Ticket.network_id == within.network_id, Ticket.code == code)
    return session.scalar(known if within.ways is None else known.where(leads_to(within.ways)))


def _query(
    session: Session, within: Within, wanted: Wanted, last: int | None, limit: int, now: datetime
) -> CompoundSelect[int] | Ids:
    key = Ticket.id.expression
    asked = conditions(session, within, wanted, now)
    above, below = _bounds(session, within.network_id, wanted, last)
    asked += [] if above is None else [key > above]
    asked += [] if below is None else [key < below]
    walk = select(key.label("id")).where(Ticket.network_id == within.network_id).order_by(key.desc())
    queries = [walk] if within.ways is None else [walk.where(key.in_(way)) for way in within.ways]
    queries = [query.where(*asked) for query in queries]
    if len(queries) < 2:
        return queries[0].limit(limit) if queries else walk.where(false())
    together = union_all(*(select(query.limit(limit).subquery()) for query in queries)).subquery()
    return select(together.c.id).distinct().order_by(together.c.id.desc()).limit(limit)


def conditions(session: Session, within: Within, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What is asked of a ticket, as conditions on it; between which moments it came is among them, but bounds no walk."""
    words = [*wanted.said]
    if wanted.topic is not None:
        words.append(frozenset({topic_mark(session, within.network_id, wanted.topic)}))
    if wanted.e_service is not None:
        words.append(frozenset({e_service_mark(session, within.network_id, wanted.e_service)}))
    return [*_about(within.network_id, wanted, now), *_in_words(session, within.network_id, words)]


def _in_words(session: Session, network_id: int, words: Sequence[frozenset[int]]) -> list[ColumnElement[bool]]:
    """That each of these words is in it; of a rare one the tickets are read first, and only they are looked up."""
    many = _counted(session, network_id, frozenset[int]().union(*words))
    found = sorted(([mark for mark in word if many[mark]] for word in words), key=lambda word: _sum(many, word))
    if not all(found):
        return [false()]
    key = Ticket.id.expression
    lists = [
        select(TicketWord.ticket_id).where(TicketWord.network_id == network_id, TicketWord.word.in_(sorted(word)))
        for word in found
    ]
    if found and _sum(many, found[0]) < FEW:
        few = func.array(lists.pop(0).scalar_subquery(), type_=ARRAY(BigInteger))
        return [key == any_(few), *(key.in_(tickets) for tickets in lists)]
    return [key.in_(tickets) for tickets in lists]


def _sum(many: Mapping[int, int], word: Iterable[int]) -> int:
    return sum(many[mark] for mark in word)


def _counted(session: Session, network_id: int, marks: frozenset[int]) -> dict[int, int]:
    """How many tickets have each of these marks, as far as we count."""
    if not marks:
        return {}
    of = {
        mark: select(literal(1)).where(TicketWord.network_id == network_id, TicketWord.word == mark) for mark in marks
    }
    counts = (select(func.count()).select_from(query.limit(FEW).subquery()).scalar_subquery() for query in of.values())
    return dict(zip(of, session.execute(select(*counts)).one(), strict=True))


def _bounds(session: Session, network_id: int, wanted: Wanted, last: int | None) -> tuple[int | None, int | None]:
    """Between which numbers the page must lie: tickets come in the order of time, or nearly."""
    within = Ticket.network_id == network_id
    above: int | None = None
    if wanted.created_from is not None:
        older = select(Ticket.id).where(within, Ticket.created_at < wanted.created_from - APART)
        above = session.scalar(older.order_by(Ticket.created_at.desc()).limit(1))
    if wanted.created_before is not None:
        newer = select(Ticket.id).where(within, Ticket.created_at >= wanted.created_before + APART)
        first = session.scalar(newer.order_by(Ticket.created_at).limit(1))
        last = min((number for number in (first, last) if number is not None), default=None)
    return above, last


def _about(network_id: int, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    asked: list[ColumnElement[bool]] = [
        getattr(Ticket, column) == getattr(wanted, name)
        for name, column in LISTED_BY.items()
        if getattr(wanted, name) is not None
    ]
    asked += [condition for is_asked, condition in _simple(wanted, now) if is_asked]
    if wanted.waiting:
        waits = select(Waiting.ticket_id).where(Waiting.network_id == network_id, Waiting.state.in_(_WAITS))
        asked.append(Ticket.id.in_(waits))
    if wanted.municipality is not None or wanted.organisation is not None:
        asked.append(
            Ticket.non_disclosure.is_(False)
        )  # who is found by their town, or who serves it, is known to live there
    if wanted.created_from is not None:
        asked.append(Ticket.created_at >= wanted.created_from)
    if wanted.created_before is not None:
        asked.append(Ticket.created_at < wanted.created_before)
    return asked


def _simple(wanted: Wanted, now: datetime) -> tuple[tuple[bool, ColumnElement[bool]], ...]:
    """What is asked with a yes, and what it asks."""
    return (
        (wanted.open, Ticket.status != TicketStatus.CLOSED),
        (wanted.owner is not None, Ticket.owner_person_id == wanted.owner),
        (wanted.ownerless, Ticket.owner_person_id.is_(None)),
        (wanted.overdue, Ticket.deadline < now),
        (wanted.dated, Ticket.deadline.is_not(None)),
        (wanted.training_need, Ticket.training_need.expression),
    )
