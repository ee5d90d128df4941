"""How long what is kept: the network's own terms within what is lawful, else those of the service.

A ticket's terms run from its closing. What is told in `tickets/traces.py` says what each of them takes away.
"""

from calendar import monthrange
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from sqlalchemy import ForeignKey, delete, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Mapped, Session, mapped_column

from tickets.records import Base, words


class Kept(StrEnum):
    """What has a term of its own."""

    AUDIO = "audio"  # the spoken message, after closing
    AUDIO_AT_MOST = "audio_at_most"  # after it was recorded, closed or not
    CONTACT = "contact"  # name, number, address, what we texted and mailed, after closing
    TEXT = "text"  # what was told and noted, after closing; then the ticket is nobody's
    NEVER_REACHED = "never_reached"  # given up before anything was told, or closed as not reached: all of it
    CALLS = "calls"  # what was keyed and heard in a call, after its end
    LETTERS = "letters"  # texts and mails about no ticket, after they were sent
    VIEW_LOG = "view_log"  # who looked at what
    HELPERS = "helpers"  # a helper's and a person's record, after they left


class Unit(StrEnum):
    """What a term is counted in."""

    DAYS = "days"
    MONTHS = "months"


@dataclass(frozen=True, slots=True)
class Term:
    """So many days, or so many months by the calendar."""

    amount: int
    unit: Unit = Unit.DAYS

    def before(self, now: datetime) -> datetime:
        """The moment since which it has passed; the 31st, so many months ago, is that month's last day."""
        if self.unit is Unit.DAYS:
            return now - timedelta(days=self.amount)
        months = now.year * 12 + now.month - 1 - self.amount
        year, month = months // 12, months % 12 + 1
        return now.replace(year=year, month=month, day=min(now.day, monthrange(year, month)[1]))


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a network may choose between, in the unit of the usual term."""

    usual: Term
    least: int
    most: int


def _days(usual: int, least: int, most: int) -> Bounds:
    return Bounds(Term(usual), least, most)


def _months(usual: int, least: int, most: int) -> Bounds:
    return Bounds(Term(usual, Unit.MONTHS), least, most)


# The operator's lists are compared with ours for a week back: what is forgotten sooner would be taken in anew.
SHORTEST_OF_CALLS: Final = 8
BOUNDS: Final[Mapping[Kept, Bounds]] = MappingProxyType(
    {
        Kept.AUDIO: _days(30, 1, 90),
        Kept.AUDIO_AT_MOST: _days(90, 1, 90),
        Kept.CONTACT: _days(30, 1, 90),
        Kept.TEXT: _months(6, 1, 12),
        Kept.NEVER_REACHED: _days(14, SHORTEST_OF_CALLS, 30),
        Kept.CALLS: _days(30, SHORTEST_OF_CALLS, 90),
        Kept.LETTERS: _days(30, SHORTEST_OF_CALLS, 90),
        Kept.VIEW_LOG: _months(24, 12, 60),
        Kept.HELPERS: _months(12, 1, 24),
    }
)


class RetentionRule(Base):
    """A term that a network has chosen for itself, in the unit of the usual one."""

    __tablename__ = "retention_rule"

    network_id: Mapped[int] = mapped_column(ForeignKey("network.id"), primary_key=True)
    kept: Mapped[Kept] = mapped_column(words(Kept), primary_key=True)
    amount: Mapped[int]
    set_at: Mapped[datetime]
    actor: Mapped[str]


class TermRefusal(StrEnum):
    """Why a term cannot be chosen."""

    OUT_OF_BOUNDS = "out_of_bounds"


Terms = Mapping[Kept, Term]


def terms_of(session: Session, network_id: int) -> Terms:
    """All terms of a network, usual or chosen; a choice beyond the bounds counts as the nearest bound."""
    chosen = select(RetentionRule.kept, RetentionRule.amount).where(RetentionRule.network_id == network_id)
    usual = {kept: bounds.usual for kept, bounds in BOUNDS.items()}
    return {**usual, **{kept: _within(kept, amount) for kept, amount in session.execute(chosen)}}


def set_term(
    session: Session, network_id: int, kept: Kept, amount: int | None, *, now: datetime, actor: str
) -> TermRefusal | None:
    """Keep it so long from now on, in the unit of the usual term; without an amount, as long as usual."""
    if amount is None:
        mine = (RetentionRule.network_id == network_id) & (RetentionRule.kept == kept)
        session.execute(delete(RetentionRule).where(mine))
        return None
    if not BOUNDS[kept].least <= amount <= BOUNDS[kept].most:
        return TermRefusal.OUT_OF_BOUNDS
    rule = insert(RetentionRule).values(network_id=network_id, kept=kept, amount=amount, set_at=now, actor=actor)
    changed = {"amount": amount, "set_at": now, "actor": actor}
    session.execute(rule.on_conflict_do_update(index_elements=["network_id", "kept"], set_=changed))
    return None


def _within(kept: Kept, amount: int) -> Term:
    bounds = BOUNDS[kept]
    return Term(min(max(amount, bounds.least), bounds.most), bounds.usual.unit)
