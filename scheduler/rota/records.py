"""The rota as rows: shifts and places, where they come from, who waits for one, and every change ever made to them."""

from datetime import date, datetime, time
from enum import StrEnum

from sqlalchemy import ARRAY, BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ExcludeConstraint, Range
from sqlalchemy.orm import Mapped, mapped_column

from scheduler.records import alone
from tickets.records import Base, Id, Json, append_only, words
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

_BOUNDED = "NOT isempty(during) AND NOT lower_inf(during) AND NOT upper_inf(during)"


class PlaceState(StrEnum):
    """Whether a helper holds a place or has left it."""

    HELD = "held"
    DROPPED = "dropped"


class WaitState(StrEnum):
    """How a helper's waiting for a full shift stands."""

    WAITING = "waiting"
    PLACED = "placed"
    LEFT = "left"


class BatchKind(StrEnum):
    """How many shifts or places came about at once."""

    PUBLISH = "publish"
    COPY = "copy"
    IMPORT = "import"
    AUTOFILL = "autofill"


class Batch(Base):
    """Changes made at once, so that they can be undone at once."""

    __tablename__ = "rota_batch"

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), index=True)
    kind: Mapped[BatchKind] = mapped_column(words(BatchKind))
    made_at: Mapped[datetime]
    actor: Mapped[str]
    undone_at: Mapped[datetime | None]


class Template(Base):
    """A week as it usually is, under a name; one that was removed stays for what was published from it."""

    __tablename__ = "template"
    __table_args__ = (
        Index("uq_template_name", "network_id", "name", unique=True, postgresql_where=text("removed_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    name: Mapped[str]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


class TemplateShift(Base):
    """A shift that comes again: days by `rrule` (RFC 5545) from `first_day` on, hours by the clock on the wall.

    `helpers` usually hold its places and get them when it is published.
    """

    __tablename__ = "template_shift"
    __table_args__ = (CheckConstraint("0 <= needed AND needed <= most", name="places"),)

    id: Mapped[Id]
    template_id: Mapped[int] = mapped_column(ForeignKey("template.id"), index=True)
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    rrule: Mapped[str]
    first_day: Mapped[date]
    begins: Mapped[time]
    ends: Mapped[time]
    call_minutes: Mapped[int]
    needed: Mapped[int]
    most: Mapped[int]
    language: Mapped[Language | None]
    kind: Mapped[HelperKind | None]
    helpers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    removed_at: Mapped[datetime | None]


class TemplateException(Base):
    """A day on which a template's shift is left out."""

    __tablename__ = "template_exception"

    template_shift_id: Mapped[int] = mapped_column(ForeignKey("template_shift.id"), primary_key=True)
    day: Mapped[date] = mapped_column(primary_key=True)


class Closure(Base):
    """A span in which the network, or one organisation of it, rings nobody: a holiday of its own, a training afternoon."""

    __tablename__ = "closure"
    __table_args__ = (
        CheckConstraint(_BOUNDED, name="during"),
        Index("ix_closure_standing", "network_id", text("upper(during)"), postgresql_where=text("lifted_at IS NULL")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    during: Mapped[Range[datetime]]
    reason: Mapped[str]
    made_at: Mapped[datetime]
    lifted_at: Mapped[datetime | None]


class Shift(Base):
    """A span of the rota with places to fill; without an organisation it is pooled by the whole network.

    `phase` (minutes past the cycle of `call_minutes`) says which grid starts its places hold; neither ever changes, so
    that a shift whose ends are edited moves no promise. `version` counts edits. `template_day` is the day for which a
    template's shift, or a copy of another, stands; an undone one stands for none.
    """

    __tablename__ = "shift"
    __table_args__ = (
        CheckConstraint(_BOUNDED, name="during"),
        CheckConstraint("0 <= needed AND needed <= most", name="places"),
        CheckConstraint("0 < call_minutes AND 0 <= phase AND phase < call_minutes", name="starts"),
        # A template's shift comes once a day, however often the week is published.
        UniqueConstraint("template_shift_id", "template_day"),
        # And what is copied to another week is copied there once.
        UniqueConstraint("copied_from_id", "template_day"),
        Index("ix_shift_network_during", "network_id", "during"),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    organisation_id: Mapped[int | None] = mapped_column(ForeignKey("organisation.id"))
    during: Mapped[Range[datetime]]
    phase: Mapped[int]
    call_minutes: Mapped[int] = mapped_column(server_default="60")
    needed: Mapped[int]
    most: Mapped[int]
    language: Mapped[Language | None]
    kind: Mapped[HelperKind | None]
    published_at: Mapped[datetime | None]
    cancelled_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(server_default="1")
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rota_batch.id"), index=True)
    template_shift_id: Mapped[int | None] = mapped_column(ForeignKey("template_shift.id"))
    template_day: Mapped[date | None]
    copied_from_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"))


class Place(Base):
    """A helper's place in a shift; nobody holds two at a time.

    `swap_offered_at` is set while its holder would rather not come and asks for a taker. `overridden` marks a place given
    by a coordinator beyond what the rules of the rota allow.
    """

    __tablename__ = "place"
    __table_args__ = (
        ExcludeConstraint(
            alone("helper_id"), ("during", "&&"), name="ex_place_one_at_a_time", where=text("state = 'held'")
        ),
        CheckConstraint(_BOUNDED, name="during"),
        Index("ix_place_held", "network_id", text("upper(during)"), postgresql_where=text("state = 'held'")),
        Index("ix_place_of_helper", "helper_id", text("upper(during)"), postgresql_where=text("state = 'held'")),
    )

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"), index=True)
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"))
    during: Mapped[Range[datetime]]
    state: Mapped[PlaceState] = mapped_column(words(PlaceState))
    taken_at: Mapped[datetime]
    dropped_at: Mapped[datetime | None]
    confirmed_at: Mapped[datetime | None]
    swap_offered_at: Mapped[datetime | None]
    overridden: Mapped[bool] = mapped_column(server_default=text("false"))
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rota_batch.id"), index=True)


class ShiftWait(Base):
    """A helper who would take a place in a full shift, in the order of asking; `skipped` is why they were last passed over."""

    __tablename__ = "shift_wait"
    __table_args__ = (
        Index("uq_shift_wait_once", "shift_id", "helper_id", unique=True, postgresql_where=text("state = 'waiting'")),
    )

    id: Mapped[Id]
    shift_id: Mapped[int] = mapped_column(ForeignKey("shift.id"))
    helper_id: Mapped[int] = mapped_column(ForeignKey("helper.id"), index=True)
    asked_at: Mapped[datetime]
    state: Mapped[WaitState] = mapped_column(words(WaitState))
    skipped: Mapped[str | None]


class Change(Base):
    """What was changed in the rota, when and by whom: one row for each change, never rewritten."""

    __tablename__ = "rota_change"
    __table_args__ = (Index("ix_rota_change_network_at", "network_id", "at"),)

    id: Mapped[Id]
    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"))
    at: Mapped[datetime]
    actor: Mapped[str]
    kind: Mapped[str]
    shift_id: Mapped[int | None] = mapped_column(ForeignKey("shift.id"), index=True)
    place_id: Mapped[int | None] = mapped_column(ForeignKey("place.id"))
    helper_id: Mapped[int | None] = mapped_column(ForeignKey("helper.id"), index=True)
    batch_id: Mapped[int | None] = mapped_column(ForeignKey("rota_batch.id"))
    details: Mapped[Json]


append_only(Change.__table__)
