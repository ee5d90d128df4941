"""A helper's day: the calls that are theirs, what they have not told yet, the one thing to do now."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scheduler.notices import CHOOSE_AHEAD
from scheduler.records import IS_LIVE, LIVE, Callback, CallbackState, Slot
from scheduler.rota.holding import PlaceRef, places_of
from scheduler.sight import REMAINS_OWN
from scheduler.slots import DAY, HELSINKI, MINUTE
from tickets.network import Helper
from tickets.records import values_of
from tickets.ticket import Ticket
from tickets.vocabulary import TicketStatus, Topic
from voice_prompts.language import Language

SHOWN: Final = (*LIVE, CallbackState.KEPT, CallbackState.MISSED)
AT_IT: Final = (CallbackState.RINGING, CallbackState.TALKING)
# As the index has them, so that it is used.
IS_LIVE_CALLBACK: Final = f"callback.{IS_LIVE}"
IS_PROMISED: Final = f"callback.state IN ({values_of((CallbackState.PROMISED, CallbackState.DEFICIT))})"
MOST: Final = 20
TOLD_AHEAD: Final = timedelta(days=30)  # that papers run out
CONFIRMED_AHEAD: Final = timedelta(hours=36)


class Now(StrEnum):
    """The one thing that a helper does now, the most urgent first."""

    CALL = "call"
    RING = "ring"
    OUTCOME = "outcome"
    CASE = "case"
    CONFIRM = "confirm"
    RULES = "rules"


@dataclass(frozen=True, slots=True)
class DayCall:
    """A promise of today that is theirs; `minutes` from now, below nought when its time has come."""

    code: str
    starts_at: datetime
    state: CallbackState
    status: TicketStatus
    topic: Topic | None
    language: Language
    minutes: int

    @property
    def at_it(self) -> bool:
        """Whether it is being rung or talked."""
        return self.state in AT_IT

    @property
    def due(self) -> bool:
        """Whether it may be rung now."""
        return self.state is CallbackState.PROMISED and self.minutes <= CHOOSE_AHEAD // MINUTE


@dataclass(frozen=True, slots=True)
class OwnCase:
    """A case that waits for their word: how a call went, or one that they took, by its deadline."""

    code: str
    topic: Topic | None
    language: Language
    status: TicketStatus
    since: datetime
    deadline: datetime | None


@dataclass(frozen=True, slots=True)
class Papers:
    """When their badge and their acceptance of the rules run out, as far as they soon do."""

    badge_until: date | None
    rules_due_on: date | None
    rules_missing: bool


@dataclass(frozen=True, slots=True)
class Day:
    """All that today's page shows. `coming` are the promises of their shift for which nobody is chosen yet, `next_at` the first."""

    calls: Sequence[DayCall]
    untold: Sequence[OwnCase]
    cases: Sequence[OwnCase]
    shifts: Sequence[PlaceRef]
    coming: int
    next_at: datetime | None
    papers: Papers
    now: datetime

    @property
    def call(self) -> DayCall | None:
        """The call to see to first: the one that is going on, else the one that is due."""
        return next((one for one in self.calls if one.at_it), None) or next(
            (one for one in self.calls if one.due), None
        )

    @property
    def to_confirm(self) -> PlaceRef | None:
        """The next shift, if it is near and they have not said that they come."""
        near = (place for place in self.shifts if self.now < place.during.begins <= self.now + CONFIRMED_AHEAD)
        return next((place for place in near if not place.confirmed and not place.swap_offered), None)

    @property
    def task(self) -> Now | None:
        """The one thing to do now."""
        told = (
            (Now.CALL, self.call is not None and self.call.at_it),
            (Now.RING, self.call is not None),
            (Now.OUTCOME, bool(self.untold)),
            (Now.RULES, self.papers.rules_missing),
            (Now.CASE, bool(self.cases)),
            (Now.CONFIRM, self.to_confirm is not None),
        )
        return next((task for task, is_so in told if is_so), None)


def day_of(session: Session, helper: Helper, person_id: int | None, *, now: datetime) -> Day:
    """A helper's day as it stands; a handful of statements, whatever lies behind them."""
    shifts = places_of(session, helper.id, since=now)[:MOST]
    coming, next_at = _coming(session, helper, shifts, now)
    return Day(
        calls=_calls(session, helper, now),
        untold=_untold(session, helper, now),
        cases=() if person_id is None else _cases(session, helper.network_id, person_id),
        shifts=shifts,
        coming=coming,
        next_at=next_at,
        papers=papers_of(helper, now),
        now=now,
    )


def papers_of(helper: Helper, now: datetime) -> Papers:
    """What of their papers runs out soon, or has."""
    today = now.astimezone(HELSINKI).date()
    due, badge = helper.rules_due_on, helper.badge_expires_on
    return Papers(
        badge_until=badge if badge is not None and badge <= today + TOLD_AHEAD else None,
        rules_due_on=due,
        rules_missing=not helper.rules_accepted or (due is not None and due <= today + TOLD_AHEAD),
    )


def _calls(session: Session, helper: Helper, now: datetime) -> Sequence[DayCall]:
    """Today's, and one that hangs over from before midnight: found by their starts, of which a day has few."""
    midnight = now.astimezone(HELSINKI).replace(hour=0, minute=0, second=0, microsecond=0)
    mine = select(Callback, Ticket).join(Ticket, Ticket.id == Callback.ticket_id)
    mine = mine.where(Callback.assigned_helper_id == helper.id).order_by(Callback.starts_at).limit(MOST)
    hanging = mine.where(
        Callback.network_id == helper.network_id, Callback.starts_at < midnight, text(IS_LIVE_CALLBACK)
    )
    today = mine.join(Slot, Slot.id == Callback.slot_id).where(
        Slot.network_id == helper.network_id,
        Slot.starts_at >= midnight,
        Slot.starts_at < midnight + DAY,
        Callback.state.in_(SHOWN),
    )
    rows = [*session.execute(hanging), *session.execute(today)]
    return [
        DayCall(
            row.Ticket.code,
            row.Callback.starts_at,
            row.Callback.state,
            row.Ticket.status,
            row.Ticket.topic,
            row.Ticket.language,
            int((row.Callback.starts_at - now) // MINUTE),
        )
        for row in rows
    ]


def _untold(session: Session, helper: Helper, now: datetime) -> Sequence[OwnCase]:
    rows = session.execute(
        select(Ticket, Callback.ended_at)
        .join(Callback, Callback.ticket_id == Ticket.id)
        .where(
            Ticket.network_id == helper.network_id,
            Ticket.status == TicketStatus.AWAITING_OUTCOME,
            Callback.assigned_helper_id == helper.id,
            Callback.state == CallbackState.KEPT,
            Callback.ended_at > now - REMAINS_OWN,
        )
        .order_by(Callback.ended_at)
        .limit(MOST)
    )
    return [_case(row.Ticket, row.ended_at) for row in rows]


def _cases(session: Session, network_id: int, person_id: int) -> Sequence[OwnCase]:
    mine = select(Ticket).where(
        Ticket.network_id == network_id, Ticket.owner_person_id == person_id, Ticket.status != TicketStatus.CLOSED
    )
    rows = session.scalars(mine.order_by(Ticket.deadline.nulls_last(), Ticket.id).limit(MOST))
    return [_case(ticket, ticket.created_at) for ticket in rows]


def _case(ticket: Ticket, since: datetime) -> OwnCase:
    return OwnCase(ticket.code, ticket.topic, ticket.language, ticket.status, since, ticket.deadline)


def _coming(session: Session, helper: Helper, shifts: Sequence[PlaceRef], now: datetime) -> tuple[int, datetime | None]:
    """What is promised in the shift that goes on or comes today, and whose helper is not chosen yet."""
    today = next((one.during for one in shifts if one.during.begins < now + DAY), None)
    if today is None:
        return 0, None
    row = session.execute(
        select(func.count(), func.min(Callback.starts_at)).where(
            Callback.network_id == helper.network_id,
            text(IS_PROMISED),
            Callback.assigned_helper_id.is_(None),
            Callback.starts_at >= max(now, today.begins),
            Callback.starts_at < today.ends,
        )
    ).one()
    return row[0], row[1]
