"""Who belongs together: a network, its organisations, its lines, its helpers."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language


class Network(Base):
    """The tenant: nothing crosses it. `boundaries` are its changes to the default matrix, {kind: {topic: stance}}."""

    __tablename__ = "network"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(unique=True)
    boundaries: Mapped[Json] = mapped_column(default=dict)
    created_at: Mapped[datetime]


class Organisation(Base):
    """A municipality, service centre or association; municipality codes in `serves` are its own, in `agreed` by agreement."""

    __tablename__ = "organisation"
    __table_args__ = (UniqueConstraint("network_id", "name"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    name: Mapped[str]
    serves: Mapped[list[str]]
    agreed: Mapped[list[str]] = mapped_column(default=list)
    boundaries: Mapped[Json] = mapped_column(default=dict)


class Line(Base):
    """One phone number; without a municipality it asks the caller for one."""

    __tablename__ = "line"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    e164: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    first_language: Mapped[Language]
    municipality: Mapped[str | None]
    active: Mapped[bool] = mapped_column(default=True)


class Helper(Base):
    """A person who rings back; name and number are sealed. No badge date means that none is asked for."""

    __tablename__ = "helper"
    __table_args__ = (UniqueConstraint("network_id", "phone_index"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int] = mapped_column(ForeignKey("organisation.id"), index=True)
    name_sealed: Mapped[str]
    phone_sealed: Mapped[str]
    phone_index: Mapped[bytes]
    languages: Mapped[list[str]]
    kind: Mapped[HelperKind]
    badge_expires_on: Mapped[date | None]
    rules_accepted: Mapped[bool] = mapped_column(default=False)
    active: Mapped[bool] = mapped_column(default=True)
    created_at: Mapped[datetime]
