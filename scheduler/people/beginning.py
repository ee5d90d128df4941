"""A network begins: with its usual settings, and with the people who bring in all the others."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from scheduler.people.persons import Identity, add_person
from scheduler.people.reach import PeopleRefusal
from tickets.directory import add_network
from tickets.network import Network
from tickets.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Begun:
    """A network that has begun, and the numbers of its first people."""

    network_id: int
    administrator: int
    coordinator: int | None


@dataclass(frozen=True, slots=True)
class NotBegun:
    """Why no network begins; `role` says at whom of the first people it fails, None: at the network itself."""

    reason: PeopleRefusal
    role: Role | None = None


def begin_network(
    session: Session, name: str, administrator: Identity, coordinator: Identity | None, *, now: datetime, actor: str
) -> Begun | NotBegun:
    """A network of this name with its first administrator and, if told, its first coordinator; or nothing at all."""
    called = " ".join(name.split())
    if not called:
        return NotBegun(PeopleRefusal.NO_NAME)
    with session.begin_nested() as whole:
        begun = _begun(session, called, {Role.PAAKAYTTAJA: administrator, Role.KOORDINAATTORI: coordinator}, now, actor)
        if isinstance(begun, NotBegun):
            whole.rollback()
    return begun


def _begun(
    session: Session, name: str, first: dict[Role, Identity | None], now: datetime, actor: str
) -> Begun | NotBegun:
    network = _named(session, name, now)
    if network is None:
        return NotBegun(PeopleRefusal.NAME_TAKEN)
    numbers: dict[Role, int] = {}
    for role, new in first.items():
        if new is None:
            continue
        made = add_person(session, network, new, role, who=None, now=now, actor=actor)
        if isinstance(made, PeopleRefusal):
            return NotBegun(made, role)
        numbers[role] = made
    return Begun(network, numbers[Role.PAAKAYTTAJA], numbers.get(Role.KOORDINAATTORI))


def _named(session: Session, name: str, now: datetime) -> int | None:
    """The new network; None where one has that name, also if somebody has begun it at this very moment."""
    if session.scalar(select(Network.id).where(Network.name == name)) is not None:
        return None
    try:
        with session.begin_nested():
            return add_network(session, name, now=now)
    except IntegrityError:
        return None
