"""The promises as rows, with the schema's own backstops."""

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum
from typing import Final

from sqlalchemy import CheckConstraint, ColumnClause, ForeignKey, Index, UniqueConstraint, literal_column, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from tickets.records import Base, Id, values_of, words
from tickets.vocabulary import AttemptResult, Topic
from voice_prompts.language import Language


class CallbackState(StrEnum):
    """Where a promise stands; the values are in the API."""

    OFFERED = "offered"
    PROMISED = "promised"
    RINGING = "ringing"
    TALKING = "talking"
    DEFICIT = "deficit"
    KEPT = "kept"
    MISSED = "missed"
    CANCELLED = "cancelled"
    MOVED = "moved"
    LAPSED = "lapsed"


_S = CallbackState
CALLBACK_MOVES: Final[Mapping[CallbackState, frozenset[CallbackState]]] = {
    _S.OFFERED: frozenset({_S.PROMISED, _S.LAPSED, _S.CANCELLED}),
    _S.PROMISED: frozenset({_S.RINGING, _S.DEFICIT, _S.MISSED, _S.CANCELLED, _S.MOVED}),
    _S.RINGING: frozenset({_S.PROMISED, _S.TALKING, _S.MISSED, _S.CANCELLED, _S.MOVED}),
    _S.TALKING: frozenset({_S.PROMISED, _S.KEPT, _S.MISSED, _S.MOVED}),
    _S.DEFICIT: frozenset({_S.PROMISED, _S.MISSED, _S.CANCELLED, _S.MOVED}),
    _S.KEPT: frozenset(),
    _S.MISSED: frozenset(),
    _S.CANCELLED: frozenset(),
    _S.MOVED: frozenset(),
    _S.LAPSED: frozenset(),
}
LIVE: Final = (_S.OFFERED, _S.PROMISED, _S.RINGING, _S.TALKING, _S.DEFICIT)
IS_LIVE: Final = f"state IN ({values_of(LIVE)})"


def those_that_may_become(state: CallbackState) -> tuple[CallbackState, ...]:
    """The states from which a promise may go to this one."""
    return tuple(source for source, targets in CALLBACK_MOVES.items() if state in targets)


class AttemptState(StrEnum):
    """How far one try has come: written down, the helper's phone rings, the helper pressed 1, over."""

    INTENDED = "intended"
    RINGING = "ringing"
    TAKEN = "taken"
    ENDED = "ended"


def alone(column: str) -> tuple[ColumnClause[object], str]:
    """A column in an exclusion constraint; a range of one number, where `&&` means "the same" and needs no extension."""
    return literal_column(f"int8range({column}, {column}, '[]')"), "&&"


class Slot(Base):
    """A start on a network's grid; its row is the lock of all promises at that start."""

    __tablename__ = "slot"
    __table_args__ = (UniqueConstraint("network_id", "starts_at"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    starts_at: Mapped[datetime]


class Callback(Base):
    """The promise: this ticket at this slot. What it needs is kept as it was promised; the helper is chosen late.

    `tries` counts those that the caller did not answer, also at earlier slots. `caller_mark` is the head of the caller's
    index, so that the schema itself can refuse two promises to one caller at once. `held_until` is set on an offer to
    someone who waits: a place kept free for the answer, which lapses by itself.
    """

    __tablename__ = "callback"
    __table_args__ = (
        Index("uq_callback_live_per_ticket", "ticket_id", unique=True, postgresql_where=text(IS_LIVE)),
        Index("ix_callback_live", "network_id", "starts_at", postgresql_where=text(IS_LIVE)),
        Index("ix_callback_ticket", "ticket_id"),
        Index("ix_callback_helper", "assigned_helper_id", postgresql_where=text("assigned_helper_id IS NOT NULL")),
        # Checked at the end of each statement: a new choice may swap the helpers of two promises.
        ExcludeConstraint(
            alone("assigned_helper_id"),
            ("during", "&&"),
            name="ex_callback_one_per_helper",
            where=text(f"assigned_helper_id IS NOT NULL AND {IS_LIVE}"),
            deferrable=True,
            initially="IMMEDIATE",
        ),
        ExcludeConstraint(
            alone("network_id"),
            alone("caller_mark"),
            ("during", "&&"),
            name="ex_callback_one_per_caller",
            where=text(f"caller_mark IS NOT NULL AND {IS_LIVE}"),
        ),
        CheckConstraint("lower(during) = starts_at", name="during"),
        CheckConstraint("state <> 'offered' OR held_until IS NOT NULL", name="held_until"),
    )

    id: Mapped[Id]
    ticket_id: Mapped[int] = mapped_column(ForeignKey("ticket.id"))
    slot_id: Mapped[int] = mapped_column(ForeignKey("slot.id"), index=True)
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    starts_at: Mapped[datetime]
    during: Mapped[Range[datetime]]
    language: Mapped[Language]
    topic: Mapped[Topic | None]
    municipality: Mapped[str | None]
    caller_mark: Mapped[int | None]
    code_sealed: Mapped[str]
    state: Mapped[CallbackState] = mapped_column(words(CallbackState))
    assigned_helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"))
    booked_at: Mapped[datetime]
    held_until: Mapped[datetime | None]
    caller_rung_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    times_moved: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)


class Attempt(Base):
    """One try at keeping a promise with one helper. `number` counts the caller's tries; written before anyone is rung."""

    __tablename__ = "attempt"
    __table_args__ = (
        UniqueConstraint("callback_id", "number", "helper_id"),
        CheckConstraint("(state = 'ended') = (ended_at IS NOT NULL)", name="ended_at"),
        # Of two helpers who press 1 at once, one takes it.
        Index("uq_attempt_taken", "callback_id", unique=True, postgresql_where=text("state = 'taken'")),
    )

    id: Mapped[Id]
    callback_id: Mapped[int] = mapped_column(ForeignKey("callback.id"))
    number: Mapped[int]
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"), index=True)
    state: Mapped[AttemptState] = mapped_column(words(AttemptState))
    call_sid: Mapped[str | None] = mapped_column(unique=True)
    result: Mapped[AttemptResult | None]
    intended_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
