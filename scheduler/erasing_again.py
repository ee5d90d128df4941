"""After a restore: what had been erased since the backup was made is erased again, known by its marks alone."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.erasing import Erased, EraseRefusal, Refusal, erase
from scheduler.grids import grid_of
from scheduler.people.leaving import leave
from scheduler.slots import Grid
from tickets.erasures import mark_of
from tickets.people import Person
from tickets.registered import Whose
from tickets.store import cipher_of
from tickets.ticket import Ticket


@dataclass(frozen=True, slots=True)
class ErasedAgain:
    """How many tickets and people were erased again, and which ones could not be, with the reason."""

    tickets: int
    persons: int
    refused: tuple[tuple[str, EraseRefusal], ...]


def erase_again(session: Session, marks: Collection[bytes], *, now: datetime, actor: str) -> ErasedAgain:
    """Erase whatever has one of these marks; what is gone already stays as it is. Done twice, it does nothing more."""
    tickets = persons = 0
    refused: list[tuple[str, EraseRefusal]] = []
    for name, whose in list(_marked(session, frozenset(marks))):
        grid = grid_of(session, whose.network_id)
        if whose.person_id is not None:
            _let_go(session, whose, now, grid, actor)
        answer = erase(session, whose, now=now, grid=grid, actor=actor)
        if isinstance(answer, Refusal):
            refused.append((name, answer.why))
        tickets += isinstance(answer, Erased) and whose.code is not None
        persons += isinstance(answer, Erased) and whose.person_id is not None
    return ErasedAgain(tickets, persons, tuple(refused))


def _marked(session: Session, marks: Collection[bytes]) -> Iterator[tuple[str, Whose]]:
    cipher = cipher_of(session)
    there = select(Ticket.network_id, Ticket.code, Ticket.created_at).where(Ticket.anonymised_at.is_(None))
    for network_id, code, created_at in session.execute(there.order_by(Ticket.id)):
        if mark_of(cipher, "ticket", code, created_at) in marks:
            yield code, Whose(network_id, code=code)
    people = select(Person.network_id, Person.id, Person.created_at).where(Person.forgotten_at.is_(None))
    for network_id, person_id, created_at in session.execute(people.order_by(Person.id)):
        if mark_of(cipher, "person", str(person_id), created_at) in marks:
            yield f"person {person_id}", Whose(network_id, person_id=person_id)


def _let_go(session: Session, whose: Whose, now: datetime, grid: Grid, actor: str) -> None:
    """Somebody who was erased had left; in an old backup they have not yet."""
    assert whose.person_id is not None
    if session.get_one(Person, whose.person_id).active:
        leave(session, whose.network_id, whose.person_id, who=None, now=now, grid=grid, actor=actor)
