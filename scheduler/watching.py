"""The day as a coordinator watches it: which promises are due and which are late, how the day has gone. Nobody's name or number."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from scheduler.counting import IN_TIME
from scheduler.finding import Within
from scheduler.notices import CHOOSE_AHEAD
from scheduler.records import IS_LIVE, Callback, CallbackState, Slot
from scheduler.sight import leads_to, open_municipality
from scheduler.slots import Span
from tickets.ticket import Ticket
from tickets.vocabulary import Topic
from voice_prompts.language import Language

_S = CallbackState
WATCHED: Final = (_S.PROMISED, _S.RINGING, _S.TALKING)
AHEAD: Final = timedelta(hours=4)


class Pace(StrEnum):
    """How a promise stands to its time; the pages have the words."""

    BROKEN = "broken"  # the caller's phone ought to have rung by now
    DUE = "due"
    TALKING = "talking"
    SOON = "soon"  # its helper is being chosen
    LATER = "later"


URGENCY: Final = (Pace.BROKEN, Pace.DUE, Pace.TALKING, Pace.SOON, Pace.LATER)


@dataclass(frozen=True, slots=True)
class Watched:
    """A promise of the next hours; its helper where one has been chosen. `municipality` is a code, as a list may show it."""

    callback_id: int
    code: str
    starts_at: datetime
    state: CallbackState
    language: Language
    topic: Topic | None
    municipality: str | None
    helper_id: int | None
    pace: Pace


@dataclass(frozen=True, slots=True)
class DayFigures:
    """A day so far, in numbers: promises kept and missed, those still to come, and matters that came in."""

    kept: int
    missed: int
    to_come: int
    came_in: int


def pace_of(state: CallbackState, starts_at: datetime, rung_at: datetime | None, now: datetime) -> Pace:
    """How a promise stands at this moment. Pure."""
    if state is _S.TALKING:
        return Pace.TALKING
    if rung_at is None and now > starts_at + IN_TIME:
        return Pace.BROKEN
    if state is _S.RINGING or now >= starts_at:
        return Pace.DUE
    return Pace.SOON if starts_at - now <= CHOOSE_AHEAD else Pace.LATER


def promises_ahead(
    session: Session, within: Within, *, now: datetime, ahead: timedelta = AHEAD, most: int = 30
) -> tuple[Watched, ...]:
    """The promises that are due, late or come within so long, the most urgent first; one walk along the live ones.

    Of more than `most` the nearest. Those that nobody can keep are not among them: they are `deficits_of`.
    """
    found = select(Callback, Ticket).join(Ticket, Ticket.id == Callback.ticket_id)
    found = found.where(
        text(f"callback.{IS_LIVE}"),
        Callback.network_id == within.network_id,
        Callback.state.in_(WATCHED),
        Callback.starts_at < now + ahead,
    )
    if within.ways is not None:
        found = found.where(leads_to(within.ways))
    rows = session.execute(found.order_by(Callback.starts_at, Callback.id).limit(most))
    watched = [_watched(callback, ticket, now) for callback, ticket in rows]
    return tuple(sorted(watched, key=lambda one: (URGENCY.index(one.pace), one.starts_at)))


def figures_of(session: Session, promises: Within, matters: Within, day: Span) -> DayFigures:
    """A day in numbers, by its starts and by what came in; of the promises and the matters that somebody may see."""
    of_day = select(Callback.state, func.count()).join(Slot, Slot.id == Callback.slot_id)
    of_day = of_day.where(
        Slot.network_id == promises.network_id, Slot.starts_at >= day.begins, Slot.starts_at < day.ends
    )
    if promises.ways is not None:
        of_day = of_day.join(Ticket, Ticket.id == Callback.ticket_id).where(leads_to(promises.ways))
    by_state = {row.state: int(row[1]) for row in session.execute(of_day.group_by(Callback.state))}
    came_in = select(func.count()).where(
        Ticket.network_id == matters.network_id, Ticket.created_at >= day.begins, Ticket.created_at < day.ends
    )
    if matters.ways is not None:
        came_in = came_in.where(leads_to(matters.ways))
    return DayFigures(
        by_state.get(_S.KEPT, 0),
        by_state.get(_S.MISSED, 0),
        sum(by_state.get(state, 0) for state in (*WATCHED, _S.DEFICIT)),
        session.scalar(came_in) or 0,
    )


def _watched(callback: Callback, ticket: Ticket, now: datetime) -> Watched:
    return Watched(
        callback.id,
        ticket.code,
        callback.starts_at,
        callback.state,
        callback.language,
        callback.topic,
        open_municipality(ticket),
        callback.assigned_helper_id,
        pace_of(callback.state, callback.starts_at, callback.caller_rung_at, now),
    )
