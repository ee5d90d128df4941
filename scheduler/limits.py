"""How far somebody may go with a topic: the boundary matrix, as their network and their organisation have changed it."""

from collections.abc import Iterable

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduler.boundaries import DEFAULT, Boundaries, Stance, with_changes
from tickets.network import Helper, Network, Organisation
from tickets.tokens import Bearer
from tickets.vocabulary import HelperKind, Role, Topic


def boundaries_for(session: Session, who: Bearer) -> Boundaries:
    """The matrix as it holds where they belong."""
    network = session.scalars(select(Network.boundaries).where(Network.id == who.network_id)).one()
    own = session.scalar(select(Organisation.boundaries).where(Organisation.id == who.organisation_id))
    return with_changes(with_changes(DEFAULT, network), own)


def kind_of(who: Bearer, helper: Helper | None) -> HelperKind:
    """By which row of the matrix they go; who does not ring back goes by their role."""
    if helper is not None:
        return helper.kind
    return HelperKind.VOLUNTEER if who.role is Role.OPASTAJA else HelperKind.STAFF


def stances_for(session: Session, who: Bearer, topics: Iterable[Topic]) -> tuple[tuple[Topic, Stance], ...]:
    """What they may do with each of these topics."""
    helper = None if who.helper_id is None else session.get(Helper, who.helper_id)
    row = boundaries_for(session, who)[kind_of(who, helper)]
    return tuple((topic, row[topic]) for topic in topics)
