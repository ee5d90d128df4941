"""What people are called, for colleagues who read what they did: logs know them by number only."""

from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from scheduler.people.cards import reached_people
from tickets.network import Helper, Network
from tickets.people import Person
from tickets.rights import Right, rights_of
from tickets.store import cipher_of
from tickets.tokens import Bearer


def names_of(session: Session, network_id: int, actors: Iterable[str]) -> Mapping[str, str]:
    """The names behind actors such as `person:4` and `helper:2`; whoever is forgotten, and whatever is nobody, has none."""
    asked = {actor for actor in actors if actor.partition(":")[2].isdecimal()}
    persons, helpers = (
        [int(actor.partition(":")[2]) for actor in asked if actor.startswith(f"{kind}:")]
        for kind in ("person", "helper")
    )
    found: dict[str, str] = {}
    if persons:
        rows = session.execute(_persons(network_id).where(Person.id.in_(persons)))
        found |= {f"person:{row.id}": _opened(session, row.own or row.helpers) for row in rows}
    if helpers:
        of = select(Helper.id, Helper.name_sealed).where(Helper.network_id == network_id, Helper.id.in_(helpers))
        found |= {f"helper:{row.id}": _opened(session, row.name_sealed) for row in session.execute(of)}
    return {actor: name for actor, name in found.items() if name}


def everybody(session: Session, network_id: int) -> Mapping[int, str]:
    """All whom the network knows by name, by number: those who left too, until they are forgotten."""
    rows = session.execute(_persons(network_id).where(Person.forgotten_at.is_(None)))
    return _by_name({row.id: _opened(session, row.own or row.helpers) for row in rows})


def workers_for(session: Session, who: Bearer) -> Mapping[int, str]:
    """Those whom somebody may name as the one who sees to a ticket: the people whom they see, and who work on tickets."""
    changes = session.scalar(select(Network.role_rights).where(Network.id == who.network_id))
    rows = session.execute(_persons(who.network_id).where(reached_people(who), Person.active))
    may = {row.id: row for row in rows if Right.WORK_TICKETS in rights_of(row.role, changes)}
    return _by_name({number: _opened(session, row.own or row.helpers) for number, row in may.items()})


def _persons(network_id: int) -> Select[*tuple[Any, ...]]:
    named = select(Person.id, Person.role, Person.name_sealed.label("own"), Helper.name_sealed.label("helpers"))
    return named.outerjoin(Helper, Helper.id == Person.helper_id).where(Person.network_id == network_id)


def _opened(session: Session, sealed: str | None) -> str:
    return "" if not sealed else cipher_of(session).open(sealed)


def _by_name(names: Mapping[int, str]) -> Mapping[int, str]:
    return dict(sorted(names.items(), key=lambda pair: (pair[1].casefold(), pair[0])))
