"""Who somebody may be who has shown that an address or an account is theirs: in each network in which they work."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from tickets.network import Helper, Network
from tickets.people import Person
from tickets.vocabulary import Role


@dataclass(frozen=True, slots=True)
class Known:
    """Somebody, in one of the networks in which they work."""

    person_id: int
    network_id: int
    network: str
    role: Role


def people_at(session: Session, address_index: bytes) -> Sequence[Known]:
    """Whose number or address of e-mail this is."""
    return known_where(
        session,
        or_(
            Person.email_index == address_index,
            Person.phone_index == address_index,
            Helper.phone_index == address_index,
        ),
    )


def known_where(session: Session, theirs: ColumnElement[bool]) -> Sequence[Known]:
    """The people of whom this holds, and who have not left."""
    rows = session.execute(
        select(Person.id, Network.id, Network.name, Person.role)
        .join(Network, Network.id == Person.network_id)
        .outerjoin(Helper, Helper.id == Person.helper_id)
        .where(theirs, Person.active)
        .order_by(Network.name, Person.id)
    )
    return [Known(*row) for row in rows]
