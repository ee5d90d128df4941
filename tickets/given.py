"""What a caller was given to go on with: links and material of the network's library."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ForeignKey, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.materials import Material
from tickets.records import Base
from tickets.ticket import Ticket
from tickets.timeline import note_event
from tickets.vocabulary import EventKind


class MaterialGiven(Base):
    """That a caller was given this about their matter."""

    __tablename__ = "material_given"

    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"), primary_key=True)
    material_id: Mapped[int] = mapped_column(ForeignKey("material.id"), primary_key=True, index=True)
    given_at: Mapped[datetime]


@dataclass(frozen=True, slots=True)
class GivenMaterial:
    """Something of the library, as a ticket shows it."""

    code: str
    title: str
    url: str
    given_at: datetime


def give_material(session: Session, ticket: Ticket, code: str, *, now: datetime, actor: str) -> bool:
    """The caller was given this; twice is once. False when the network has no such material in use."""
    found = select(Material.id).where(
        Material.network_id == ticket.network_id, Material.code == code, Material.active.is_(True)
    )
    material_id = session.scalar(found)
    if material_id is None:
        return False
    given = insert(MaterialGiven).values(ticket_id=ticket.id, material_id=material_id, given_at=now)
    if session.execute(given.on_conflict_do_nothing().returning(MaterialGiven.material_id)).first() is not None:
        note_event(session, ticket.id, EventKind.LINKED, actor, now=now, material=code)
    return True


def materials_given(session: Session, ticket_id: int) -> tuple[GivenMaterial, ...]:
    """What the caller of this ticket was given, in that order."""
    rows = session.execute(
        select(Material.code, Material.title, Material.url, MaterialGiven.given_at)
        .join(MaterialGiven, MaterialGiven.material_id == Material.id)
        .where(MaterialGiven.ticket_id == ticket_id)
        .order_by(MaterialGiven.given_at, Material.code)
    )
    return tuple(GivenMaterial(*row) for row in rows)
