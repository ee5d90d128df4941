"""Who may have which place, and why not. Pure: `now` is an argument, and what is asked about has been read already.

The page, the API and the phone ask the same function for what they list and for what they write.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Final

from scheduler.slots import HELSINKI, Span
from tickets.vocabulary import HelperKind
from voice_prompts.language import Language

# The daily rest of the Working Hours Act (872/2019). It does not bind volunteers; it is what nobody objects to.
USUAL_REST: Final = timedelta(hours=11)
# A place that is left with a day to go can still be filled: the rota is looked at, and waited for, once a day.
DROP_AHEAD: Final = timedelta(hours=24)
# Whoever waits for a place has said yes beforehand, but has to hear of it and to set out.
WAITED_AHEAD: Final = timedelta(hours=2)
WEEK: Final = timedelta(days=7)
_MOMENT: Final = timedelta(microseconds=1)


class Refusal(StrEnum):
    """Why a person cannot have, leave, swap or wait for a place; the values are in the API."""

    NOT_FOUND = "not_found"
    NOT_PUBLISHED = "not_published"
    CANCELLED = "cancelled"
    BEGUN = "begun"
    ENDED = "ended"
    INACTIVE = "inactive"
    RULES_NOT_ACCEPTED = "rules_not_accepted"
    BADGE_EXPIRES = "badge_expires"
    WRONG_ORGANISATION = "wrong_organisation"
    WRONG_KIND = "wrong_kind"
    WRONG_LANGUAGE = "wrong_language"
    OVERLAPS = "overlaps"
    FULL = "full"
    TOO_LITTLE_REST = "too_little_rest"
    MOST_PER_WEEK = "most_per_week"
    SAID_CANNOT = "said_cannot"
    BUSY = "busy"
    TOO_LATE = "too_late"  # to leave a place by oneself
    NOT_HELD = "not_held"
    NOT_OFFERED = "not_offered"  # or taken by somebody else meanwhile
    NOT_FULL = "not_full"  # nothing to wait for: there is a place
    NOT_WAITING = "not_waiting"


# What a coordinator may set aside who has asked the helper: wishes and agreements, never papers, language or the law.
OVERRIDABLE: Final = frozenset(
    {Refusal.FULL, Refusal.TOO_LITTLE_REST, Refusal.MOST_PER_WEEK, Refusal.SAID_CANNOT, Refusal.BUSY}
)
# What a coordinator need not ask anybody about: a draft is planned, and somebody steps in while a shift goes on.
COORDINATORS: Final = frozenset({Refusal.NOT_PUBLISHED, Refusal.BEGUN})


@dataclass(frozen=True, slots=True)
class ShiftTerms:
    """What a shift asks of whoever takes a place in it, and how many have."""

    id: int
    during: Span
    published: bool
    cancelled: bool
    needed: int
    most: int
    held: int
    organisation: int | None = None
    language: Language | None = None
    kind: HelperKind | None = None

    @property
    def free(self) -> int:
        """The places that nobody holds."""
        return max(0, self.most - self.held)

    @property
    def missing(self) -> int:
        """How many more are needed."""
        return max(0, self.needed - self.held)


@dataclass(frozen=True, slots=True)
class HelperTerms:
    """A helper as the rota's rules see them; `held` are their places nearby, in no order."""

    id: int
    organisation: int
    languages: frozenset[Language]
    kind: HelperKind
    active: bool = True
    rules_accepted: bool = True
    badge_expires_on: date | None = None
    wished_per_week: int | None = None
    most_per_week: int | None = None
    rest: timedelta | None = None
    held: tuple[Span, ...] = ()
    cannot: tuple[Span, ...] = ()
    busy: tuple[Span, ...] = ()
    rules_due_on: date | None = None  # from this day on, unless they accept the newest rules before it


def refusals(shift: ShiftTerms, helper: HelperTerms, *, now: datetime) -> tuple[Refusal, ...]:
    """Everything that keeps this helper from a place in this shift, the weightiest first; nothing: they may take it."""
    return tuple(refusal for refusal, stands in _RULES if stands(shift, helper, now))


def first_refusal(shift: ShiftTerms, helper: HelperTerms, *, now: datetime) -> Refusal | None:
    """The weightiest of what keeps this helper from a place in this shift."""
    return next((refusal for refusal, stands in _RULES if stands(shift, helper, now)), None)


def _rules_not_accepted(shift: ShiftTerms, helper: HelperTerms, _now: datetime) -> bool:
    due = helper.rules_due_on
    return not helper.rules_accepted or (due is not None and due <= local_day(shift.during.ends - _MOMENT))


def _badge_expires(shift: ShiftTerms, helper: HelperTerms, _now: datetime) -> bool:
    return helper.badge_expires_on is not None and helper.badge_expires_on < local_day(shift.during.ends - _MOMENT)


def _has_enough(shift: ShiftTerms, helper: HelperTerms, _now: datetime) -> bool:
    return helper.most_per_week is not None and in_week_of(shift.during, helper.held) >= helper.most_per_week


_Rule = Callable[[ShiftTerms, HelperTerms, datetime], bool]
_R = Refusal
_RULES: Final[tuple[tuple[Refusal, _Rule], ...]] = (
    (_R.NOT_PUBLISHED, lambda shift, _helper, _now: not shift.published),
    (_R.CANCELLED, lambda shift, _helper, _now: shift.cancelled),
    (_R.BEGUN, lambda shift, _helper, now: shift.during.begins <= now < shift.during.ends),
    (_R.ENDED, lambda shift, _helper, now: shift.during.ends <= now),
    (_R.INACTIVE, lambda _shift, helper, _now: not helper.active),
    (_R.RULES_NOT_ACCEPTED, _rules_not_accepted),
    (_R.BADGE_EXPIRES, _badge_expires),
    (_R.WRONG_ORGANISATION, lambda shift, helper, _now: shift.organisation not in (None, helper.organisation)),
    (_R.WRONG_KIND, lambda shift, helper, _now: shift.kind not in (None, helper.kind)),
    (_R.WRONG_LANGUAGE, lambda shift, helper, _now: bool(shift.language) and shift.language not in helper.languages),
    (_R.OVERLAPS, lambda shift, helper, _now: any(overlaps(shift.during, held) for held in helper.held)),
    (_R.FULL, lambda shift, _helper, _now: not shift.free),
    (_R.TOO_LITTLE_REST, lambda shift, helper, _now: not rested(shift.during, helper.held, helper.rest)),
    (_R.MOST_PER_WEEK, _has_enough),
    (_R.SAID_CANNOT, lambda shift, helper, _now: any(overlaps(shift.during, span) for span in helper.cannot)),
    (_R.BUSY, lambda shift, helper, _now: any(overlaps(shift.during, span) for span in helper.busy)),
)


def rested(during: Span, held: Iterable[Span], rest: timedelta | None = None) -> bool:
    """Whether a place leaves enough rest before and after the places of other days.

    Rest lies between the last place of a day and the first of the next: places that begin on one day, by the clock in
    Helsinki, may follow each other at once, for a morning and an afternoon are one day's work. It is measured in hours
    that pass, so that the night on which the clock skips one is an hour shorter.
    """
    enough = USUAL_REST if rest is None else rest
    return all(
        _between(during, other) >= enough or local_day(during.begins) == local_day(other.begins) for other in held
    )


def in_week_of(during: Span, held: Iterable[Span]) -> int:
    """How many of these places begin in the same week, Monday to Sunday in Helsinki, as this one."""
    week = week_of(during.begins)
    return sum(week_of(other.begins) == week for other in held)


def beyond_wish(during: Span, helper: HelperTerms) -> bool:
    """Whether the helper has as many places in that week as they wished for; they may take more."""
    return helper.wished_per_week is not None and in_week_of(during, helper.held) >= helper.wished_per_week


def may_drop(during: Span, now: datetime) -> bool:
    """Whether a helper may still leave a place by themselves."""
    return now <= during.begins - DROP_AHEAD


def week_of(at: datetime) -> tuple[int, int]:
    """The year and week, by ISO 8601, on the wall in Helsinki."""
    year, week, _ = local_day(at).isocalendar()
    return year, week


def local_day(at: datetime) -> date:
    """The day on the wall in Helsinki."""
    return at.astimezone(HELSINKI).date()


def overlaps(one: Span, other: Span) -> bool:
    """Whether two spans share a moment; one that begins as the other ends does not."""
    return one.begins < other.ends and other.begins < one.ends


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """The same time in as few spans as it takes, in order; spans that touch become one."""
    joined: list[Span] = []
    for span in sorted((span for span in spans if span.begins < span.ends), key=lambda span: span.begins):
        if joined and span.begins <= joined[-1].ends:
            joined[-1] = Span(joined[-1].begins, max(joined[-1].ends, span.ends))
        else:
            joined.append(span)
    return tuple(joined)


def without(spans: Iterable[Span], hole: Span) -> tuple[Span, ...]:
    """What is left of these spans outside the hole."""
    pieces = (
        piece
        for span in spans
        for piece in (Span(span.begins, min(span.ends, hole.begins)), Span(max(span.begins, hole.ends), span.ends))
    )
    return tuple(piece for piece in pieces if piece.begins < piece.ends)


def beyond_a_coordinator(standing: Collection[Refusal], *, override: bool) -> Refusal | None:
    """What keeps even a coordinator from giving this place; `override`: they set wishes and agreements aside."""
    allowed = COORDINATORS | (OVERRIDABLE if override else frozenset())
    return next((refusal for refusal in standing if refusal not in allowed), None)


def _between(one: Span, other: Span) -> timedelta:
    return other.begins - one.ends if one.begins <= other.begins else one.begins - other.ends
