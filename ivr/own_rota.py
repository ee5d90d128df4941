"""What a helper who rings from their own phone asks for is looked up and written down here; a turn never does more."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy.orm import Session

from ivr.own_effects import (
    HowItCame,
    NextShift,
    OpenPlaces,
    OpenShift,
    OpenSwaps,
    OwnEffect,
    OwnShift,
    WishAboutPlace,
    WishToTake,
)
from scheduler.coordination import needs_coordinator
from scheduler.jobs import NewJob, enqueue
from scheduler.rota.by_phone import about_place_wish, how_it_came, take_wish
from scheduler.rota.openings import Opening, open_places, open_swaps
from scheduler.rota.places import places_of
from scheduler.rota.rules import may_drop
from scheduler.slots import Grid

HELPER_ASKS: Final = "helper_asks"  # why the coordinator has the ticket


@dataclass(frozen=True, slots=True)
class OwnRota:
    """A helper's own rota, in one turn of one call."""

    session: Session
    network_id: int
    helper_id: int
    call_sid: str
    now: datetime

    def see_to(self, effect: OwnEffect) -> object:
        """Do what the script asks for."""
        match effect:
            case NextShift():
                return self._next_shift()
            case OpenPlaces():
                return _told(open_places(self.session, self.network_id, self.helper_id, now=self.now))
            case OpenSwaps():
                return _told(open_swaps(self.session, self.network_id, self.helper_id, now=self.now))
            case WishAboutPlace(wish, place_id):
                return self._write(about_place_wish(wish, place_id, self.helper_id, self.call_sid, now=self.now))
            case WishToTake(OpenShift(shift_id, _, swap)):
                told = (self.network_id, shift_id, self.helper_id, self.call_sid)
                return self._write(take_wish(*told, now=self.now, swap_place_id=swap))
            case HowItCame(wish_key):
                return how_it_came(self.session, wish_key)

    def hand_over(self, ticket_id: int, grid: Grid) -> bool:
        """What a helper asks for is the coordinator's, and no caller's time is spent on it."""
        return needs_coordinator(self.session, ticket_id, HELPER_ASKS, now=self.now, grid=grid)

    def _next_shift(self) -> OwnShift | None:
        coming = (
            place for place in places_of(self.session, self.helper_id, since=self.now) if place.during.begins > self.now
        )
        return next(
            (
                OwnShift(
                    place.id, place.during.begins, place.confirmed, place.swap_offered, may_drop(place.during, self.now)
                )
                for place in coming
                if place.network_id == self.network_id
            ),
            None,
        )

    def _write(self, wish: NewJob) -> str:
        enqueue(self.session, wish)
        return wish.key


def _told(openings: Sequence[Opening]) -> tuple[OpenShift, ...]:
    return tuple(OpenShift(one.shift_id, one.during.begins, one.swap_place_id) for one in openings)
