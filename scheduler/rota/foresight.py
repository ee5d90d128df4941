"""What would come of it if somebody left a place, or came to one: seen before anything is done. Pure but for the reading.

One look at the time in question answers for every helper and every shift that somebody might think of.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy.orm import Session

from scheduler.matching import OnDuty, at_risk
from scheduler.picture import Pools, first_kept_first
from scheduler.pools import look
from scheduler.rota.closures import ClosureCard, closures_of
from scheduler.rota.effects import coming_starts
from scheduler.rota.listing import ShiftCard
from scheduler.rota.rules import HelperTerms, local_day
from scheduler.slots import Grid, Span
from voice_prompts.language import Language


class Turn(StrEnum):
    """What changes for callers, or for a shift, the weightiest first."""

    NOBODY_KEEPS = "nobody_keeps"  # a promise that somebody could keep before
    NO_SPEAKER = "no_speaker"  # nobody there speaks the language any more
    SHORT = "short"  # a shift has fewer than it needs
    SOMEBODY_KEEPS = "somebody_keeps"
    SPEAKER = "speaker"
    FILLED = "filled"


BREAKS = frozenset({Turn.NOBODY_KEEPS, Turn.NO_SPEAKER, Turn.SHORT})


@dataclass(frozen=True, slots=True)
class Consequence:
    """One thing that would be different: when, in which language, and how many promises or people it is about."""

    turn: Turn
    starts: tuple[datetime, ...]
    language: Language | None = None
    count: int = 0

    @property
    def breaks(self) -> bool:
        """Whether it is for the worse."""
        return self.turn in BREAKS


@dataclass(frozen=True, slots=True)
class Seat:
    """Somebody in a shift, now or in thought."""

    shift: ShiftCard
    helper: HelperTerms


@dataclass(frozen=True, slots=True)
class Foresight:
    """A stretch of time as it stands, to think changes over in."""

    pools: Pools
    closures: tuple[ClosureCard, ...]
    now: datetime

    def of(self, *, leaves: Seat | None = None, comes: Seat | None = None) -> tuple[Consequence, ...]:
        """What would come of it, the weightiest first; nothing: nobody would notice."""
        turned = [*self._promises(leaves, comes), *self._speakers(leaves, comes), *_shortness(leaves, comes)]
        return tuple(sorted(turned, key=lambda one: list(Turn).index(one.turn)))

    def _promises(self, leaves: Seat | None, comes: Seat | None) -> Iterator[Consequence]:
        lost: list[datetime] = []
        kept: list[datetime] = []
        for start in self._starts(leaves, comes):
            needs = [live.need for live in first_kept_first(self.pools.live.get(start, ())) if not live.pinned]
            before = frozenset(at_risk(needs, self._pool(start), self.pools.rules))
            after = frozenset(at_risk(needs, self._pool(start, leaves, comes), self.pools.rules))
            lost += [start] * len(after - before)
            kept += [start] * len(before - after)
        for turn, starts in ((Turn.NOBODY_KEEPS, lost), (Turn.SOMEBODY_KEEPS, kept)):
            if starts:
                yield Consequence(turn, tuple(dict.fromkeys(starts)), count=len(starts))

    def _speakers(self, leaves: Seat | None, comes: Seat | None) -> Iterator[Consequence]:
        for language in Language:
            lost: list[datetime] = []
            found: list[datetime] = []
            for start in self._starts(leaves, comes):
                before = _speaks(self._pool(start), language)
                after = _speaks(self._pool(start, leaves, comes), language)
                if before is not after:
                    (lost if before else found).append(start)
            for turn, starts in ((Turn.NO_SPEAKER, lost), (Turn.SPEAKER, found)):
                if starts:
                    yield Consequence(turn, tuple(starts), language)

    def _starts(self, *seats: Seat | None) -> list[datetime]:
        return sorted({start for seat in seats if seat is not None for start in _starts_of(seat.shift, self.now)})

    def _pool(self, start: datetime, leaves: Seat | None = None, comes: Seat | None = None) -> tuple[OnDuty, ...]:
        there = self.pools.free(start)
        if leaves is not None and start in _starts_of(leaves.shift, self.now):
            there = tuple(one for one in there if one.helper != leaves.helper.id)
        if comes is None or start not in _starts_of(comes.shift, self.now) or self._shut(start, comes):
            return there
        return (*there, _on_duty(comes, start))

    def _shut(self, start: datetime, seat: Seat) -> bool:
        whose = (None, seat.helper.organisation, seat.shift.terms.organisation_id)
        return any(
            one.organisation_id in whose and one.during.begins <= start < one.during.ends for one in self.closures
        )


def foresee(
    session: Session, network_id: int, shifts: Collection[ShiftCard], *, now: datetime, grid: Grid
) -> Foresight:
    """Look at the time of these shifts; two statements."""
    spans = [shift.terms.during for shift in shifts]
    span = Span(min(span.begins for span in spans), max(span.ends for span in spans))
    pools = look(session, network_id, span, grid, now=now)
    return Foresight(pools, closures_of(session, network_id, span), now)


def _starts_of(shift: ShiftCard, now: datetime) -> Sequence[datetime]:
    """The coming starts that callers can be promised; a draft has none."""
    if not shift.published or shift.cancelled:
        return ()
    return coming_starts(shift.terms.during, shift.phase, shift.call_minutes, now)


def _on_duty(seat: Seat, start: datetime) -> OnDuty:
    helper, day = seat.helper, local_day(start)
    badge = helper.badge_expires_on is None or day <= helper.badge_expires_on
    rules = helper.rules_accepted and (helper.rules_due_on is None or day < helper.rules_due_on)
    valid = helper.active and badge and rules
    return OnDuty(helper.id, helper.organisation, helper.languages, helper.kind, valid, seat.shift.call_minutes)


def _speaks(pool: Iterable[OnDuty], language: Language) -> bool:
    return any(language in one.languages and one.valid for one in pool)


def _shortness(leaves: Seat | None, comes: Seat | None) -> Iterator[Consequence]:
    if leaves is not None and comes is not None and leaves.shift.id == comes.shift.id:
        return
    if leaves is not None and len(leaves.shift.places) <= leaves.shift.terms.needed:
        begins = leaves.shift.terms.during.begins
        yield Consequence(Turn.SHORT, (begins,), count=leaves.shift.missing + 1)
    if comes is not None and comes.shift.missing:
        yield Consequence(Turn.FILLED, (comes.shift.terms.during.begins,), count=comes.shift.missing)
