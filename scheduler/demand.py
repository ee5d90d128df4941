"""How many calls for a time an hour of the week brings, by language."""

from datetime import datetime

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base
from voice_prompts.language import Language


class Demand(Base):
    """Calls for a time in a language that an hour of a weekday (0 is Monday, both by Helsinki's clock) brings on average."""

    __tablename__ = "demand"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    language: Mapped[Language] = mapped_column(primary_key=True)
    weekday: Mapped[int] = mapped_column(primary_key=True)
    hour: Mapped[int] = mapped_column(primary_key=True)
    expected: Mapped[float]
    reckoned_at: Mapped[datetime]
