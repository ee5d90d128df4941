"""Links and material that can be trusted: who answers for them, and by when somebody looks at them again."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, words


class MaterialKind(StrEnum):
    """What sort of material."""

    LINK = "link"
    GUIDE = "guide"
    VIDEO = "video"
    CHECKLIST = "checklist"


class Material(Base):
    """A link, guide, video or checklist, by an encrypted address; `e_service` is a code of the network's list."""

    __tablename__ = "material"
    __table_args__ = (
        UniqueConstraint("network_id", "code"),
        CheckConstraint("starts_with(url, 'https://')", name="url"),
        Index("ix_material_due", "review_due"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    code: Mapped[str]  # by which a spreadsheet knows it
    kind: Mapped[MaterialKind] = mapped_column(words(MaterialKind))
    title: Mapped[str]
    about: Mapped[str | None]
    url: Mapped[str]
    language: Mapped[str]
    topics: Mapped[list[str]]
    e_service: Mapped[str | None]
    owner_person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    reviewed_on: Mapped[date]
    review_due: Mapped[date]
    active: Mapped[bool] = mapped_column(default=True)
    changed_at: Mapped[datetime]
