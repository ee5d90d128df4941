"""Tickets found: those that somebody may see, newest first, a page at a time, whatever is asked for.

No question reads the store from end to end. What is asked for is walked in the order of its own index until the page is
full: the rarest of the words and other conditions leads, and each ticket on the way is looked up for the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    exists,
    false,
    func,
    literal,
    or_,
    select,
    text,
    union_all,
)
from sqlalchemy.orm import Session

from scheduler.waiting import Waiting, WaitingState
from tickets.ticket import LISTED_BY, Ticket
from tickets.vocabulary import Channel, Outcome, TicketStatus, Topic
from tickets.words import TicketWord, topic_mark
from voice_prompts.language import Language

Ids = Select[int]
COUNTED: Final = 2000  # rows; whatever has more is common, and which of the common ones leads makes no difference
# A ticket's number is given when its row is written, its moment when the call or form came in: they run this much apart at most.
APART: Final = timedelta(hours=1)
_WAITS: Final = (WaitingState.WAITING, WaitingState.OFFERED)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for; what is None or empty is not asked. `organisation` is the one it belongs to, `owner` a person."""

    status: TicketStatus | None = None
    open: bool = False
    language: Language | None = None
    topic: Topic | None = None
    municipality: str | None = None
    channel: Channel | None = None
    outcome: Outcome | None = None
    organisation: int | None = None
    owner: int | None = None
    ownerless: bool = False
    overdue: bool = False
    waiting: bool = False
    created_from: datetime | None = None
    created_before: datetime | None = None
    said: tuple[frozenset[int], ...] = ()  # tickets.words.words_of what is searched for


@dataclass(frozen=True, slots=True)
class Within:
    """Whose tickets: a network's, of those the ones that `ways` lead to (all, where None), and never another."""

    network_id: int
    ways: tuple[Ids, ...] | None = None
    seen: ColumnElement[bool] | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """Some tickets, newest first, and the code after which the next page begins."""

    tickets: tuple[Ticket, ...]
    next: str | None


def find(
    session: Session, within: Within, wanted: Wanted, *, limit: int, now: datetime, after: str | None = None
) -> Found | None:
    """The tickets after the one whose code is `after`; None when that is none of theirs."""
    session.execute(
        text("SET LOCAL plan_cache_mode = force_custom_plan")
    )  # a rare value wants another plan than a common one
    last = None if after is None else _id_of(session, within, after)
    if after is not None and last is None:
        return None
    query = _query(session, within, wanted, last, limit + 1, now)
    ids = session.scalars(query).all()
    shown = select(Ticket).where(Ticket.id.in_(ids[:limit]), Ticket.network_id == within.network_id)
    if within.seen is not None:
        shown = shown.where(within.seen)
    tickets = tuple(session.scalars(shown.order_by(Ticket.id.desc())))
    return Found(tickets, tickets[-1].code if len(ids) > limit and tickets else None)


def _id_of(session: Session, within: Within, code: str) -> int | None:
    known = select(Ticket.id).where(Ticket.network_id == within.network_id, Ticket.code == code)
    return session.scalar(known if within.seen is None else known.where(within.seen))


def _query(
    session: Session, within: Within, wanted: Wanted, last: int | None, limit: int, now: datetime
) -> CompoundSelect[int] | Ids:
    words = [*wanted.said]
    if wanted.topic is not None:
        words.append(frozenset({topic_mark(session, within.network_id, wanted.topic)}))
    rare = _by_index(within.network_id, wanted, now)
    about = (*rare, *_besides(wanted))
    leads = _leads(session, within.network_id, words, rare)
    walk = _Walk(within.network_id, leads.others, about, *_bounds(session, within.network_id, wanted, last))
    if leads.marks is not None:
        queries = [walk.along_word(mark, within.ways) for mark in sorted(leads.marks)]
    else:
        queries = (
            [walk.along_tickets(way) for way in within.ways] if within.ways is not None else [walk.along_tickets()]
        )
    if len(queries) < 2:
        return queries[0].limit(limit) if queries else select(Ticket.id).where(false())
    together = union_all(*(select(query.limit(limit).subquery()) for query in queries)).subquery()
    return select(together.c.id).distinct().order_by(together.c.id.desc()).limit(limit)


@dataclass(frozen=True, slots=True)
class _Walk:
    """What is asked of each ticket on the way."""

    network_id: int
    words: tuple[frozenset[int], ...]
    about: tuple[ColumnElement[bool], ...]
    above: int | None
    below: int | None

    def along_tickets(self, way: Ids | None = None) -> Ids:
        """Along the tickets themselves; with a way, those that it leads to."""
        key = Ticket.id.expression
        query = select(key.label("id")).where(Ticket.network_id == self.network_id, *self.about, *self._asked(key))
        return (query if way is None else query.where(key.in_(way))).order_by(key.desc())

    def along_word(self, mark: int, ways: tuple[Ids, ...] | None) -> Ids:
        """Along the tickets with this mark; of those, the ones that any of the ways leads to."""
        key = TicketWord.ticket_id.expression
        query = select(key.label("id")).where(
            TicketWord.network_id == self.network_id, TicketWord.word == mark, *self._asked(key)
        )
        if self.about:
            query = query.join(Ticket, Ticket.id == key).where(Ticket.network_id == self.network_id, *self.about)
        if ways is not None:
            reached = (way.where(way.selected_columns[0] == key).correlate(TicketWord) for way in ways)
            query = query.where(or_(false(), *(one.exists() for one in reached)))
        return query.order_by(key.desc())

    def _asked(self, key: ColumnElement[int]) -> list[ColumnElement[bool]]:
        asked = [_has(self.network_id, marks, key) for marks in self.words]
        asked += [] if self.above is None else [key > self.above]
        return asked + ([] if self.below is None else [key < self.below])


def _has(network_id: int, marks: frozenset[int], key: ColumnElement[int]) -> ColumnElement[bool]:
    word = TicketWord.__table__.alias()
    return exists(
        select(literal(1)).where(
            word.c.network_id == network_id, word.c.word.in_(sorted(marks)), word.c.ticket_id == key
        )
    )


@dataclass(frozen=True, slots=True)
class _Leads:
    """The marks of the word that leads, as far as any ticket has them (None: no word does), and the words that do not."""

    marks: frozenset[int] | None
    others: tuple[frozenset[int], ...]


def _leads(
    session: Session, network_id: int, words: Sequence[frozenset[int]], about: Sequence[ColumnElement[bool]]
) -> _Leads:
    """The rarest word leads, unless a condition on the tickets themselves is rarer."""
    if not words:
        return _Leads(None, ())
    marks, one = sorted(frozenset().union(*words)), literal(1)
    counted = [select(one).where(TicketWord.network_id == network_id, TicketWord.word == mark) for mark in marks]
    counted += [select(one).select_from(Ticket).where(Ticket.network_id == network_id, each) for each in about]
    counts = [select(func.count()).select_from(query.limit(COUNTED).subquery()).scalar_subquery() for query in counted]
    row = tuple(session.execute(select(*counts)).one())
    many = dict(zip(marks, row, strict=False))
    rarest = min(words, key=lambda word: sum(many[mark] for mark in word))
    others = tuple(word for word in words if word is not rarest)
    if row[len(marks) :] and min(row[len(marks) :]) < sum(many[mark] for mark in rarest):
        return _Leads(None, tuple(words))
    return _Leads(frozenset(mark for mark in rarest if many[mark]), others)


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


def _by_index(network_id: int, wanted: Wanted, now: datetime) -> list[ColumnElement[bool]]:
    """What is asked and may be rare: each has an index that finds it."""
    asked = [
        getattr(Ticket, column) == getattr(wanted, name)
        for name, column in LISTED_BY.items()
        if getattr(wanted, name) is not None
    ]
    if wanted.open:
        asked.append(Ticket.status != TicketStatus.CLOSED)
    if wanted.owner is not None:
        asked.append(Ticket.owner_person_id == wanted.owner)
    if wanted.overdue:
        asked.append(Ticket.deadline < now)
    if wanted.waiting:
        waits = select(Waiting.ticket_id).where(Waiting.network_id == network_id, Waiting.state.in_(_WAITS))
        asked.append(Ticket.id.in_(waits))
    return asked


def _besides(wanted: Wanted) -> list[ColumnElement[bool]]:
    """What most tickets are, or what the numbers between which we walk say nearly."""
    asked: list[ColumnElement[bool]] = []
    if wanted.municipality is not None:
        asked.append(Ticket.non_disclosure.is_(False))  # who is found by their town is known to live there
    if wanted.ownerless:
        asked.append(Ticket.owner_person_id.is_(None))
    if wanted.created_from is not None:
        asked.append(Ticket.created_at >= wanted.created_from)
    if wanted.created_before is not None:
        asked.append(Ticket.created_at < wanted.created_before)
    return asked
