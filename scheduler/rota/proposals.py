"""What autofill proposes, as rows, until a person has decided about it."""

from datetime import datetime
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, ForeignKey, UniqueConstraint
from sqlalchemy.dialects.postgresql import Range
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, Json, words
from voice_prompts.language import Language


class ProposalState(StrEnum):
    """Whether a proposal is there yet, and whether somebody has decided about it."""

    SOUGHT = "sought"
    FAILED = "failed"
    OPEN = "open"
    ACCEPTED = "accepted"
    DISMISSED = "dismissed"


class Proposal(Base):
    """Who could take which place over some weeks; nobody has a place by it before a person accepts."""

    __tablename__ = "proposal"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    during: Mapped[Range[datetime]]
    state: Mapped[ProposalState] = mapped_column(words(ProposalState))
    made_at: Mapped[datetime]
    actor: Mapped[str]
    figures: Mapped[Json]
    decided_at: Mapped[datetime | None]
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rota_batch.id"))


class ProposedPlace(Base):
    """One helper proposed for one shift; `left_out` when the person who decides takes them away."""

    __tablename__ = "proposed_place"
    __table_args__ = (UniqueConstraint("proposal_id", "shift_id", "helper_id"),)

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"))
    left_out: Mapped[bool] = mapped_column(default=False)
    by_hand: Mapped[bool] = mapped_column(default=False)


class ProposedGap(Base):
    """A place that the proposal leaves open, and why; `helpers` are those whom the reason is about."""

    __tablename__ = "proposed_gap"

    id: Mapped[Id]
    proposal_id: Mapped[int] = mapped_column(ForeignKey("proposal.id"), index=True)
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    missing: Mapped[int]
    reason: Mapped[str]
    helpers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    language: Mapped[Language | None]
    municipalities: Mapped[list[str]]
