"""What a caller asks to hear of the directory is looked up here, and texted by a job."""

from collections.abc import Iterable
from datetime import datetime
from itertools import chain, zip_longest
from typing import Final

from sqlalchemy.orm import Session

from ivr.journal import LiveCall
from ivr.nearby_script import FindNearby, TextNearby
from scheduler.directions import Texted, text_directions
from tickets.near import Near, Whereabouts
from tickets.nearby import nearest_points, next_gatherings
from tickets.ticket import Ticket

MOST_TOLD: Final = 4  # in one call
LOOKED_AT: Final = 50


def see_to_nearby(session: Session, call: LiveCall, effect: FindNearby | TextNearby, now: datetime) -> object:
    """Do what the script asks for."""
    match effect:
        case FindNearby():
            return _nearby(session, call.network_id, effect, now)
        case TextNearby(ticket_id, kind, near_id):
            texted = text_directions(session, ticket_id, kind, near_id, asked_in=call.call_sid, now=now)
            return texted is Texted.TEXTED


def _nearby(session: Session, network_id: int, wish: FindNearby, now: datetime) -> tuple[Near, ...]:
    """The nearest place, the next stop, the next place, and so on, as far as the caller can get there or ring."""
    here = wish.here
    if here.code is None and wish.ticket_id is not None:
        here = Whereabouts(None, session.get_one(Ticket, wish.ticket_id).municipality)
    where = (session, network_id, here, wish.language)
    points = _reached(nearest_points(*where, limit=LOOKED_AT))
    stops = _reached(next_gatherings(*where, now=now, limit=LOOKED_AT))
    by_turns = chain.from_iterable(zip_longest(points, stops))
    return tuple(near for near in by_turns if near is not None)[:MOST_TOLD]


def _reached(found: Iterable[Near]) -> list[Near]:
    return [near for near in found if near.within_reach]
