"""What a helper may be proposed for: each hard rule by itself, so that what shuts somebody out can be told. Pure."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from scheduler.autofill.asked import Helper, Shift, Spoken
from scheduler.autofill.proposed import Reason
from scheduler.slots import MINUTE, Span

Week = tuple[int, int]


def shut_out(helper: Helper, shift: Shift, places: Iterable[Span], tz: ZoneInfo) -> Reason | None:
    """The first rule that keeps a helper who has these places out of another one in this shift; None when none does."""
    return never(helper, shift) or _beside(helper, shift, tuple(places), tz)


def never(helper: Helper, shift: Shift) -> Reason | None:
    """The first rule that keeps the helper out of this shift whatever else they do; None when none does."""
    if shift.organisation not in (None, helper.organisation) or shift.kind not in (None, helper.kind):
        return Reason.NOBODY_FITS
    if shift.language is not None and shift.language not in helper.languages:
        return Reason.NO_SPEAKER
    if helper.papers_until is not None and helper.papers_until < shift.during.ends:
        return Reason.NO_PAPERS
    return None if _is_free(helper, shift.during) else Reason.NOT_FREE


def likes(helper: Helper, span: Span) -> bool:
    """Whether the time suits what the helper has said that they can; who has said nothing likes all times."""
    return not helper.can or _within(span, helper.can)


def answers(helper: Helper, spoken: Spoken) -> bool:
    """Whether callers from the municipality find this helper to speak their language."""
    serves = not helper.serves or spoken.municipality in helper.serves
    return serves and spoken.language in helper.languages


def too_near(one: Span, other: Span, rest: timedelta) -> bool:
    """Whether less than `rest` lies between the two, or they meet."""
    return one.begins < other.ends + rest and other.begins < one.ends + rest


def hardly_before(one: Span, begins: datetime, calm: timedelta) -> bool:
    """Whether the span ends before `begins`, but not by `calm`."""
    return one.ends <= begins < one.ends + calm


def minutes(span: Span) -> int:
    """Its length; a moment counts as a minute."""
    return max(1, (span.ends - span.begins) // MINUTE)


def week_of(span: Span, tz: ZoneInfo) -> Week:
    """The week, by the calendar on the wall, to which a place counts: the one in which it begins."""
    year, week, _ = span.begins.astimezone(tz).date().isocalendar()
    return year, week


def _beside(helper: Helper, shift: Shift, places: tuple[Span, ...], tz: ZoneInfo) -> Reason | None:
    if any(too_near(shift.during, place, timedelta(0)) for place in places):
        return Reason.ON_DUTY
    if any(too_near(shift.during, place, helper.rest) for place in places):
        return Reason.RESTING
    week = week_of(shift.during, tz)
    in_week = sum(week_of(place, tz) == week for place in places)
    return Reason.AT_MOST if helper.most_per_week is not None and in_week >= helper.most_per_week else None


def _is_free(helper: Helper, span: Span) -> bool:
    if helper.only_when_can and not _within(span, helper.can):
        return False
    return not any(too_near(span, away, timedelta(0)) for away in (*helper.cannot, *helper.busy))


def _within(span: Span, times: Iterable[Span]) -> bool:
    # Times that touch are one: nine to noon and noon to three are nine to three.
    reached = span.begins
    for free in sorted(times, key=lambda free: free.begins):
        if free.begins <= reached:
            reached = max(reached, free.ends)
    return reached >= span.ends
