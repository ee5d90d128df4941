"""When a helper can and cannot, as they type it: a stretch of days, or weekdays for some weeks. Reads no clock and no database."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from admin.helper.mistakes import HelperMistake
from admin.helper.outcome_form import Fields
from admin.people.reading import number_of, time_of
from scheduler.rota.availability import MOST_A_WEEK, OWN_WORDS, Stated, Wishes
from scheduler.rota.wishes import Says
from scheduler.slots import DAY, HELSINKI, Span, instant_of

LONGEST_WEEKS: Final = 26
LONGEST_REST_H: Final = 168
FARTHEST: Final = timedelta(days=400)
WEEKDAYS: Final = tuple(range(7))  # Monday first
USUAL_WEEKS: Final = 8


@dataclass(frozen=True, slots=True)
class TimeTyped:
    """The fields as they were typed; `clock_from` and `clock_to` empty mean the whole day."""

    says: str = ""
    first: str = ""
    last: str = ""
    clock_from: str = ""
    clock_to: str = ""
    weekdays: tuple[str, ...] = ()
    weeks: str = str(USUAL_WEEKS)


@dataclass(frozen=True, slots=True)
class TimeRead:
    """The form as it came in: what is said of which spans, or the mistakes by field."""

    typed: TimeTyped
    stated: Sequence[Stated] = ()
    mistakes: Mapping[str, HelperMistake] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WishesTyped:
    """How much somebody wants to do, as they typed it: shifts a week, hours of rest."""

    wished: str = ""
    most: str = ""
    rest: str = ""


@dataclass(frozen=True, slots=True)
class WishesRead:
    """The form as it came in: the wishes, or the mistakes by field."""

    typed: WishesTyped
    wishes: Wishes | None = None
    mistakes: Mapping[str, HelperMistake] = field(default_factory=dict)


def read_away(fields: Fields, now: datetime) -> TimeRead:
    """A stretch of days, in which the same hours are meant on each, or the whole of it."""
    typed = _typed(fields)
    first = _day(typed.first)
    last = _day(typed.last) if typed.last else first
    begins, ends = time_of(typed.clock_from), time_of(typed.clock_to)
    mistakes = _mistakes(
        says=_says_wrong(typed),
        first=HelperMistake.BAD_DAY if first is None else _too_far(first, now),
        last=_last_wrong(typed, last, now),
        clock_from=_clock_wrong(typed.clock_from),
        clock_to=_clock_wrong(typed.clock_to),
    )
    if mistakes or first is None or last is None:
        return TimeRead(typed, mistakes=mistakes)
    if last < first:
        return TimeRead(typed, mistakes={"last": HelperMistake.ENDS_FIRST})
    whole = begins is None and ends is None
    days = [first + number * DAY for number in range((last - first).days + 1)]
    spans = [_span(first, None, None, last)] if whole else [_span(day, begins, ends) for day in days]
    return _coming(typed, spans, now)


def read_weekly(fields: Fields, now: datetime) -> TimeRead:
    """The same weekdays and hours for some weeks from today."""
    typed = _typed(fields)
    weeks = number_of(typed.weeks, 1, LONGEST_WEEKS)
    chosen = {number for number in WEEKDAYS if str(number) in typed.weekdays}
    mistakes = _mistakes(
        says=_says_wrong(typed),
        weekdays=None if chosen else HelperMistake.NO_WEEKDAY,
        clock_from=_clock_wrong(typed.clock_from),
        clock_to=_clock_wrong(typed.clock_to),
        weeks=HelperMistake.BAD_WEEKS if weeks is None else None,
    )
    if mistakes or weeks is None:
        return TimeRead(typed, mistakes=mistakes)
    today = now.astimezone(HELSINKI).date()
    days = (today + number * DAY for number in range(7 * weeks))
    clock = time_of(typed.clock_from), time_of(typed.clock_to)
    return _coming(typed, [_span(day, *clock) for day in days if day.weekday() in chosen], now)


def read_wishes(fields: Fields) -> WishesRead:
    """Shifts a week and hours of rest; what is left empty is not said."""
    typed = WishesTyped(*(fields.get(name, "").strip() for name in ("wished", "most", "rest")))
    wished, most = number_of(typed.wished, 0, MOST_A_WEEK), number_of(typed.most, 0, MOST_A_WEEK)
    rest = number_of(typed.rest, 0, LONGEST_REST_H)
    mistakes = _mistakes(
        wished=HelperMistake.BAD_COUNT if typed.wished and wished is None else None,
        most=HelperMistake.BAD_COUNT if typed.most and most is None else None,
        rest=HelperMistake.BAD_REST if typed.rest and rest is None else None,
    )
    if not mistakes and wished is not None and most is not None and most < wished:
        mistakes = {"most": HelperMistake.MOST_BELOW_WISH}
    if mistakes:
        return WishesRead(typed, mistakes=mistakes)
    return WishesRead(typed, Wishes(wished, most, None if rest is None else timedelta(hours=rest)))


def _typed(fields: Fields) -> TimeTyped:
    one = {name: fields.get(name, "").strip() for name in ("says", "first", "last", "clock_from", "clock_to")}
    return TimeTyped(**one, weekdays=tuple(fields.getlist("weekdays")), weeks=fields.get("weeks", "").strip())


def _coming(typed: TimeTyped, spans: Sequence[Span], now: datetime) -> TimeRead:
    if any(span.ends <= span.begins for span in spans):
        return TimeRead(typed, mistakes={"clock_to": HelperMistake.ENDS_FIRST})
    ahead = [Stated(Says(typed.says), Span(max(span.begins, now), span.ends)) for span in spans if span.ends > now]
    return TimeRead(typed, ahead) if ahead else TimeRead(typed, mistakes={"first": HelperMistake.ALL_PAST})


def _span(day: date, begins: time | None, ends: time | None, last: date | None = None) -> Span:
    """From this hour to that one on a day; without hours from midnight to midnight."""
    end = instant_of((last or day) + DAY, time(), HELSINKI) if ends is None else instant_of(day, ends, HELSINKI)
    return Span(instant_of(day, begins or time(), HELSINKI), end)


def _mistakes(**found: HelperMistake | None) -> dict[str, HelperMistake]:
    return {name: wrong for name, wrong in found.items() if wrong is not None}


def _says_wrong(typed: TimeTyped) -> HelperMistake | None:
    return None if typed.says in OWN_WORDS else HelperMistake.NO_SAYING


def _too_far(day: date, now: datetime) -> HelperMistake | None:
    return HelperMistake.TOO_FAR if abs(day - now.astimezone(HELSINKI).date()) > FARTHEST else None


def _last_wrong(typed: TimeTyped, last: date | None, now: datetime) -> HelperMistake | None:
    """What is wrong with the end; one that is left out is the beginning, and told there."""
    if not typed.last:
        return None
    return HelperMistake.BAD_DAY if last is None else _too_far(last, now)


def _clock_wrong(typed: str) -> HelperMistake | None:
    return HelperMistake.BAD_CLOCK if typed and time_of(typed) is None else None


def _day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed) if len(typed) == len("2026-11-24") else None
    except ValueError:
        return None
