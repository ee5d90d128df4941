"""A network's common rules, version by version, and who has accepted which."""

from datetime import date, datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, append_only


class NetworkRules(Base):
    """One version of the rules that a network has agreed on. Its text never changes: other words are another version.

    `required_from`: from this day on, nobody takes a call who has not accepted this version or a later one; None asks for
    nothing. `published_by` is an actor, such as `person:4`.
    """

    __tablename__ = "network_rules"
    __table_args__ = (UniqueConstraint("network_id", "version"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    version: Mapped[int]
    text_fi: Mapped[str]
    text_sv: Mapped[str | None]
    required_from: Mapped[date | None]
    published_at: Mapped[datetime]
    published_by: Mapped[str]


class RulesAcceptance(Base):
    """Somebody's word that they keep to one version of the rules; once given, it stands in the log."""

    __tablename__ = "rules_acceptance"
    __table_args__ = (UniqueConstraint("rules_id", "person_id"),)

    id: Mapped[Id]
    rules_id: Mapped[int] = mapped_column(ForeignKey(NetworkRules.id))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    accepted_at: Mapped[datetime]


append_only(RulesAcceptance.__table__)
