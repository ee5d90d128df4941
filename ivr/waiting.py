"""What the line does for who waits for a time: puts them in the line, takes or refuses what is kept free for them."""

from datetime import datetime

from sqlalchemy.orm import Session

from ivr.effects import HeldPromise, JoinLine, Place, RefuseOffer, TakeOffer
from scheduler.offers import lapse, offers_to, take_offer
from scheduler.openings import next_opening
from scheduler.promises import Promise
from scheduler.slots import Grid
from scheduler.waiting import join_line, standing
from scheduler.willing import see_to_willing

ForWaiting = JoinLine | TakeOffer | RefuseOffer


def see_to_waiting(session: Session, effect: ForWaiting, now: datetime, grid: Grid) -> object:
    """Do what a script asks for somebody who waits."""
    match effect:
        case JoinLine(ticket_id):
            if see_to_willing(session, ticket_id, now=now, grid=grid):
                return None
            joined = join_line(session, ticket_id, now=now)
            return (
                None if joined is None else Place(joined.before, next_opening(session, ticket_id, now=now, grid=grid))
            )
        case TakeOffer(callback_id, starts_at):
            return told_of(take_offer(session, callback_id, starts_at, now=now, grid=grid))
        case RefuseOffer(callback_id):
            return lapse(session, callback_id, "refused", now=now, grid=grid)


def offered_to(session: Session, network_id: int, caller_index: bytes, now: datetime) -> HeldPromise | None:
    """The time that is kept free for a caller's answer, the newest."""
    return told_of(next(iter(offers_to(session, network_id, caller_index, now=now)), None))


def place_of(session: Session, ticket_id: int) -> Place | None:
    """Where a request stands in the line, if it waits."""
    found = standing(session, ticket_id)
    return None if found is None else Place(found.before)


def told_of(promise: Promise | None) -> HeldPromise | None:
    """A promise as the scripts know it."""
    if promise is None:
        return None
    return HeldPromise(promise.callback_id, promise.ticket_id, promise.starts_at, promise.code)
