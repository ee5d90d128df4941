"""A place on its way: what is thought over, what is worth asking about first, and the way back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from admin.api.operations import Asked
from admin.api.reach import confined_to, must_reach_helper
from admin.people.reading import number_of
from admin.rota.people import People
from scheduler.rota.foresight import Consequence, Turn
from scheduler.rota.holding import PlaceRef, place_ref
from scheduler.rota.listing import ShiftCard, shift_card
from scheduler.rota.moving import Move
from scheduler.rota.records import Place
from scheduler.rota.rules import WEEK
from scheduler.rota.targets import Target, Thought, think_over
from scheduler.slots import Span
from tickets.rights import Right

DOT: Final = "."


@dataclass(frozen=True, slots=True)
class LastMove:
    """A place that has just been moved: where it is, where and whose it was, and what would be whole again if it went back."""

    place: PlaceRef
    shift: ShiftCard
    was: ShiftCard
    was_helper: int
    lost: tuple[Consequence, ...] = ()

    @property
    def too_many(self) -> bool:
        """Whether more are in the shift than it has places."""
        return len(self.shift.places) > self.shift.terms.most


def held_place(asked: Asked, place_id: int) -> PlaceRef | None:
    """A place of this network that somebody holds and whose helper they may see to."""
    place = place_ref(asked.session, place_id)
    if place is None or place.network_id != asked.network_id:
        return None
    must_reach_helper(asked, place.helper_id)
    return place


def shift_of_left(asked: Asked, place_id: int) -> int | None:
    """The shift in which somebody held a place that nobody holds any more."""
    place = asked.session.get(Place, place_id)
    return None if place is None or place.network_id != asked.network_id else place.shift_id


def thought_of(asked: Asked, place: PlaceRef, people: People) -> Thought | None:
    """Whose it could be and where its helper could go, from the week before to the week after, as far as they reach."""
    around = Span(_not_before(asked.now, place.during.begins), place.during.ends + WEEK)
    found = think_over(asked.session, asked.network_id, place, around, now=asked.now, grid=asked.grid)
    if found is None:
        return None
    others = tuple(one for one in found.others if one.helper_id in people.helpers)
    own = confined_to(asked, Right.KEEP_ROTA)
    return Thought(found.place, found.shift, found.without, others, _within(found.elsewhere, own))


def worth_asking(thought: Thought, move: Move) -> Target | None:
    """The target of a move that would break something or set a wish aside, and nobody has said that they know."""
    target = _target(thought, move.shift_id, move.helper_id)
    return target if target is not None and not move.override and (target.breaks or target.stands) else None


def address_of_move(place_id: int, was: PlaceRef) -> str:
    """How the next page is told of a move, so that it can offer the way back."""
    return DOT.join(map(str, (place_id, was.shift_id, was.helper_id)))


def last_move(asked: Asked, people: People, told: str | None) -> LastMove | None:
    """The move that the address of a page tells of, if the place still stands as it was left."""
    numbers = [number_of(part) for part in (told or "").split(DOT)]
    if len(numbers) != len(("place", "shift", "helper")) or None in numbers:
        return None
    place_id, shift_id, helper_id = (one or 0 for one in numbers)
    place, was = place_ref(asked.session, place_id), shift_card(asked.session, asked.network_id, shift_id)
    if place is None or place.network_id != asked.network_id or was is None:
        return None
    shift = shift_card(asked.session, asked.network_id, place.shift_id)
    if shift is None or not {place.helper_id, helper_id} <= people.helpers.keys():
        return None
    return LastMove(place, shift, was, helper_id, _lost(asked, place, people, (shift_id, helper_id)))


def _lost(asked: Asked, place: PlaceRef, people: People, back: tuple[int, int]) -> tuple[Consequence, ...]:
    """The promises that nobody can keep since a place was moved: going back, it would have somebody for them."""
    thought = thought_of(asked, place, people) if place.during.ends > asked.now else None
    target = None if thought is None else _target(thought, *back)
    return () if target is None else tuple(turn for turn in target.turns if turn.turn is Turn.SOMEBODY_KEEPS)


def _target(thought: Thought, shift_id: int, helper_id: int) -> Target | None:
    targets = (*thought.others, *thought.elsewhere)
    return next((one for one in targets if (one.shift.id, one.helper_id) == (shift_id, helper_id)), None)


def _within(targets: Iterable[Target], organisation_id: int | None) -> tuple[Target, ...]:
    return tuple(
        one for one in targets if organisation_id is None or one.shift.terms.organisation_id in (None, organisation_id)
    )


def _not_before(now: datetime, begins: datetime) -> datetime:
    return max(now, begins - WEEK)
