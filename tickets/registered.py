"""The registered: whose data it is that somebody asks for, found by number, address or ticket, or as one of our own people."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import ColumnElement, false, or_, select, text
from sqlalchemy.orm import Session

from tickets.network import Helper
from tickets.people import Person
from tickets.store import cipher_of
from tickets.ticket import Ticket
from tickets.traces import CALLS_OF_TICKETS
from voice_prompts.speech import written_number


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose data is meant, in one network: a caller by number (E.164), address or ticket code, or a person of ours.

    By number or address it is every ticket that has it; by a code that ticket alone: two people may share a telephone.
    """

    network_id: int
    phone: str | None = None
    email: str | None = None
    code: str | None = None
    person_id: int | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """What there is of somebody: tickets, persons and helpers by number, and what else holds their words."""

    tickets: tuple[int, ...] = ()
    persons: tuple[int, ...] = ()
    helpers: tuple[int, ...] = ()
    calls: tuple[int, ...] = ()
    views: tuple[int, ...] = ()
    needles: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.tickets or self.persons or self.helpers or self.calls)


def find(session: Session, whose: Whose) -> Found:
    """Everything of theirs, where their keys lead to it and where only their words are."""
    tickets = _tickets(session, whose)
    persons = _persons(session, whose)
    helpers = tuple(person.helper_id for person in persons if person.helper_id is not None)
    needles = frozenset(_needles(session, whose, tickets, persons))
    ids = tuple(ticket.id for ticket in tickets)
    return Found(
        ids,
        tuple(person.id for person in persons),
        helpers,
        tuple(sorted(_calls_of(session, ids) | _calls_with(session, whose.network_id, needles))),
        _views_with(session, whose.network_id, needles | frozenset(_names_of(session, persons))),
        needles,
    )


def codes_of(session: Session, tickets: Collection[int]) -> tuple[str, ...]:
    """The codes of these tickets, the oldest first."""
    return tuple(session.scalars(select(Ticket.code).where(Ticket.id.in_(tickets)).order_by(Ticket.id)))


def _tickets(session: Session, whose: Whose) -> Collection[Ticket]:
    index_of = cipher_of(session).index_of
    ways: list[ColumnElement[bool]] = []
    if whose.phone is not None:
        ways.append(Ticket.caller_index == index_of(whose.phone))
    if whose.email is not None:
        ways.append(Ticket.email_index == index_of(whose.email))
    if whose.code is not None:
        ways.append(Ticket.code == whose.code)
    mine = or_(false(), *ways)
    there = (Ticket.network_id == whose.network_id, Ticket.anonymised_at.is_(None))
    return session.scalars(select(Ticket).where(*there, mine).order_by(Ticket.id)).all()


def _persons(session: Session, whose: Whose) -> Collection[Person]:
    if whose.person_id is None:
        return ()
    mine = (Person.network_id == whose.network_id, Person.id == whose.person_id)
    there = or_(Person.forgotten_at.is_(None), Person.active, Person.left_at > Person.forgotten_at)
    return session.scalars(select(Person).where(*mine, there)).all()


def _names_of(session: Session, persons: Collection[Person]) -> Iterator[str]:
    """What somebody of ours may be called by in a list; in calls our people are told by number."""
    helpers = [session.get_one(Helper, person.helper_id) for person in persons if person.helper_id is not None]
    for sealed in (*(person.name_sealed for person in persons), *(helper.name_sealed for helper in helpers)):
        name = cipher_of(session).open(sealed) if sealed else ""
        if len(name) >= SHORTEST_NEEDLE:
            yield name.casefold()


SHORTEST_NEEDLE: Final = 6  # what is shorter stands in many texts that are somebody else's


def _needles(session: Session, whose: Whose, tickets: Collection[Ticket], persons: Collection[Person]) -> Iterator[str]:
    """Their number in each spelling, their address and name: what is looked for where no key leads."""
    opened = cipher_of(session).open
    helpers = [session.get_one(Helper, person.helper_id) for person in persons if person.helper_id is not None]
    phones = [ticket.caller_sealed for ticket in tickets]
    phones += [*(person.phone_sealed for person in persons), *(helper.phone_sealed for helper in helpers)]
    others = [sealed for one in tickets for sealed in (one.name_sealed, one.email_sealed)]
    others += [person.email_sealed for person in persons]
    for number in {whose.phone, *(opened(sealed) for sealed in phones if sealed)} - {None, ""}:
        yield from spellings(str(number))
    for text_of in {whose.email, *(opened(sealed) for sealed in others if sealed)} - {None, ""}:
        if len(str(text_of)) >= SHORTEST_NEEDLE:
            yield str(text_of).casefold()


def spellings(e164: str) -> frozenset[str]:
    """How a number may stand somewhere: as the operator writes it, as people do, and as it is keyed."""
    written = written_number(e164)
    return frozenset({e164, written, written.replace(" ", ""), e164.removeprefix("+")})


_CALLS = text("SELECT id, facts_sealed FROM call WHERE network_id = :network")
_JOURNALS = text("""
SELECT j.call_id, j.value_sealed FROM journal j JOIN call c ON c.id = j.call_id WHERE c.network_id = :network
""")
_VIEWS = text("SELECT id, said_sealed FROM saved_view WHERE network_id = :network AND said_sealed IS NOT NULL")
_NAMES = text("SELECT id, name FROM saved_view WHERE network_id = :network")


def _calls_of(session: Session, tickets: Collection[int]) -> set[int]:
    return set(session.scalars(text(CALLS_OF_TICKETS), {"ids": list(tickets)}))


def _calls_with(session: Session, network_id: int, needles: Collection[str]) -> set[int]:
    """The calls of the last weeks in which their number came up; nothing but what was sealed in them could tell."""
    network = {"network": network_id}
    sealed = (*session.execute(_CALLS, network), *session.execute(_JOURNALS, network)) if needles else ()
    return _with_needles(session, sealed, needles)


def _views_with(session: Session, network_id: int, needles: Collection[str]) -> tuple[int, ...]:
    """Saved lists that look for them, or that somebody called by their name."""
    network = {"network": network_id}
    looking = _with_needles(session, session.execute(_VIEWS, network), needles)
    called = {row.id for row in session.execute(_NAMES, network) if _holds(row.name, needles)}
    return tuple(sorted(looking | called))


def _with_needles(session: Session, sealed: Iterable[Sequence[Any]], needles: Collection[str]) -> set[int]:
    opened = cipher_of(session).open
    return {row[0] for row in sealed if _holds(opened(row[1]), needles)}


def _holds(said: str, needles: Collection[str]) -> bool:
    return any(needle in said.casefold() for needle in needles)
