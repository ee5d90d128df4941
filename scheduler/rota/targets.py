"""Where a place could go, and who could come to a shift: each with what stands in the way and what would come of it."""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from scheduler.rota.foresight import Consequence, Seat, Turn, foresee
from scheduler.rota.holding import PlaceRef
from scheduler.rota.listing import ShiftCard, rota_of, shift_card
from scheduler.rota.moving import standing_in_the_way
from scheduler.rota.rules import COORDINATORS, OVERRIDABLE, HelperTerms, Refusal, beyond_wish
from scheduler.rota.terms import helper_terms
from scheduler.slots import Grid, Span


@dataclass(frozen=True, slots=True)
class Target:
    """A helper for a shift: what stands in the way, and what would come of it; `beyond_wish`: more than they wished for."""

    shift: ShiftCard
    helper_id: int
    stands: tuple[Refusal, ...]
    turns: tuple[Consequence, ...] = ()
    beyond_wish: bool = False

    @property
    def barred(self) -> bool:
        """Whether not even a coordinator can do it."""
        return any(refusal not in OVERRIDABLE for refusal in self.stands)

    @property
    def breaks(self) -> bool:
        """Whether something would be worse than before."""
        return any(turn.breaks for turn in self.turns)

    @property
    def grave(self) -> bool:
        """Whether somebody would be too many in a shift, or a promise would have nobody to keep it."""
        return Refusal.FULL in self.stands or any(turn.turn is Turn.NOBODY_KEEPS for turn in self.turns)

    @property
    def weight(self) -> tuple[bool, bool, bool, bool, int]:
        """What may be done without a second thought comes first, and of that what mends most."""
        mends = sum(not turn.breaks for turn in self.turns)
        return self.barred, bool(self.stands), self.breaks, self.beyond_wish, -mends


@dataclass(frozen=True, slots=True)
class Thought:
    """A place that somebody thinks of moving: where it is, what leaving it would do, whose it could be, where it could go."""

    place: PlaceRef
    shift: ShiftCard
    without: tuple[Consequence, ...]
    others: tuple[Target, ...]
    elsewhere: tuple[Target, ...]


def think_over(
    session: Session, network_id: int, place: PlaceRef, around: Span, *, now: datetime, grid: Grid
) -> Thought | None:
    """Whose a place could be, and to which shifts that touch `around` its helper could go. A bounded number of statements."""
    shift = shift_card(session, network_id, place.shift_id)
    if shift is None:
        return None
    shifts = [one for one in rota_of(session, network_id, around) if one.terms.during.ends > now and one.id != shift.id]
    span = _around([shift, *shifts])
    known = {helper.id: helper for helper in helper_terms(session, network_id, span)}
    if place.helper_id not in known:
        return None
    seen, leaves = (
        foresee(session, network_id, [shift, *shifts], now=now, grid=grid),
        Seat(shift, known[place.helper_id]),
    )

    def target(there: ShiftCard, helper: HelperTerms) -> Target:
        standing = standing_in_the_way(there, helper, leaves=place, now=now)
        return _target(there, helper, standing, lambda: seen.of(leaves=leaves, comes=Seat(there, helper)))

    in_it = {one.helper_id for one in shift.places}
    others = [target(shift, helper) for helper in known.values() if helper.active and helper.id not in in_it]
    elsewhere = [target(there, leaves.helper) for there in shifts if not _holds(there, place.helper_id)]
    return Thought(place, shift, seen.of(leaves=leaves), _ordered(others), _ordered(elsewhere))


def could_come(session: Session, network_id: int, shift: ShiftCard, *, now: datetime, grid: Grid) -> tuple[Target, ...]:
    """Who could have one more place in a shift; a bounded number of statements."""
    seen = foresee(session, network_id, [shift], now=now, grid=grid)
    in_it = {place.helper_id for place in shift.places}
    helpers = [
        one for one in helper_terms(session, network_id, shift.terms.during) if one.active and one.id not in in_it
    ]

    def target(helper: HelperTerms) -> Target:
        standing = standing_in_the_way(shift, helper, leaves=None, now=now)
        return _target(shift, helper, standing, lambda: seen.of(comes=Seat(shift, helper)))

    return _ordered(target(helper) for helper in helpers)


def _target(
    there: ShiftCard,
    helper: HelperTerms,
    standing: Iterable[Refusal],
    turns: Callable[[], tuple[Consequence, ...]],
) -> Target:
    """What would come of it is looked at only where it can be done."""
    stands = tuple(refusal for refusal in standing if refusal not in COORDINATORS)
    can_be = all(refusal in OVERRIDABLE for refusal in stands)
    return Target(there, helper.id, stands, turns() if can_be else (), beyond_wish(there.terms.during, helper))


def _ordered(targets: Iterable[Target]) -> tuple[Target, ...]:
    return tuple(sorted(targets, key=lambda one: (*one.weight, one.shift.terms.during.begins, one.helper_id)))


def _holds(shift: ShiftCard, helper_id: int) -> bool:
    return any(place.helper_id == helper_id for place in shift.places)


def _around(shifts: Collection[ShiftCard]) -> Span:
    spans = [shift.terms.during for shift in shifts]
    return Span(min(span.begins for span in spans), max(span.ends for span in spans))
